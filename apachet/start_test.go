package apachet

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/tree"
)

func TestStart(t *testing.T) {
	const balancer = "<Proxy balancer://a>\nBalancerMember fcgi://127.0.0.1:9000\n</Proxy>"
	checkFiles(t, []fileRow{
		{"", `ErrorLog "|/usr/bin/program x"`, ""},
		{"", `ErrorLog "|/usr/bin/none x"`, `*1 6 the program "/usr/bin/none" of ErrorLog does not exist`},
		{"", "ErrorLog |none", ""},
		{"", `CustomLog "||/usr/bin/program x" common`, ""},
		{"", `CustomLog "||/usr/bin/none x" common`, `*1 6 the program "/usr/bin/none" of CustomLog does not exist`},
		{"", "PidFile /srv/www/pid", ""},
		{"", "PidFile /srv/none/pid", `*1 6 the directory "/srv/none" of PidFile does not exist`},
		{"", "PidFile none/pid", ""},
		{"", "DefaultRuntimeDir logs\nPidFile none/pid", `*2 6 the directory "/etc/apache2/logs/none" of PidFile does not exist`},
		{"", "PidFile /srv/www", `*1 6 "/srv/www" is a directory, but PidFile needs a file`},
		{"", "ErrorLog /srv", `*1 6 "/srv" is a directory, but ErrorLog needs a file`},
		{"", "ErrorLog logs", `*1 6 "logs" is a directory, but ErrorLog needs a file`},
		{"", "ErrorLog syslog", ""},
		{"", "<VirtualHost *:80>\nCustomLog /srv/www common\n</VirtualHost>", `*2 6 "/srv/www" is a directory, but CustomLog needs a file`},
		{"", "TransferLog logs/", `*1 6 "logs/" is a directory, but TransferLog needs a file`},
		{"mime", "TypesConfig /srv/file", ""},
		{"mime", "", ""},
		{"mime", "TypesConfig /srv/none", `*1 6 TypesConfig names "/srv/none", which does not exist`},
		{"proxy slotmem_shm proxy_balancer lbmethod_byrequests", balancer, ""},
		{"proxy slotmem_shm proxy_balancer", "", ""},
		{"proxy proxy_balancer lbmethod_byrequests", balancer, "*-5 4 mod_proxy_balancer needs mod_slotmem_shm, which no LoadModule line loads (a2enmod slotmem_shm)"},
		{"proxy slotmem_shm proxy_balancer", balancer, "*-4 4 a balancer without lbmethod= needs mod_lbmethod_byrequests, which no LoadModule line loads (a2enmod lbmethod_byrequests)"},
		{"ssl", "SSLEngine on\nSSLCertificateFile /etc/ssl/c.pem\nSSLCertificateKeyFile /etc/ssl/k.pem", ""},
		{"ssl", "SSLEngine off\nSSLCertificateFile /etc/ssl/c.pem\nSSLCertificateKeyFile /etc/ssl/other.pem", ""},
		{"ssl", "SSLEngine on\nSSLCertificateFile /etc/ssl/c.pem\nSSLCertificateKeyFile /etc/ssl/other.pem", `*3 6 the key in "/etc/ssl/other.pem" is not that of the certificate`},
		{"ssl", "SSLEngine on\nSSLCertificateFile /etc/ssl/c.pem\nSSLCertificateKeyFile /etc/ssl/removed.pem", ""},
		{"ssl", "SSLEngine on\nSSLCertificateFile /etc/ssl/c.pem", `*2 6 the file "/etc/ssl/c.pem" holds no private key`},
		{"ssl", "SSLEngine on\nSSLCertificateFile /etc/ssl/text.pem", `*2 6 the file "/etc/ssl/text.pem" holds no certificate`},
		{"ssl", "<VirtualHost *:443>\nSSLEngine on\n</VirtualHost>", "*2 6 SSLEngine is on, and no SSLCertificateFile names a certificate"},
		{"ssl", "SSLCertificateFile /etc/ssl/c.pem\nSSLCertificateKeyFile /etc/ssl/k.pem\n<VirtualHost *:443>\nSSLEngine on\n</VirtualHost>", ""},
		{"md ssl", "<VirtualHost *:443>\nSSLEngine on\n</VirtualHost>", ""},
	})
}

// What apache2 -t refuses comes before what the start refuses, whichever is first in the file.
func TestOrder(t *testing.T) {
	checkFiles(t, []fileRow{
		{"", "PidFile /srv/none/pid\nTimeout 3\nServerName a:b", `3 5 the port "b" of ServerName is not a number from 1 to 65535`},
		{"", "ErrorLog /srv/none/e\nServerName a:b", `2 5 the port "b" of ServerName is not a number from 1 to 65535`},
		{"", "ServerName a:b\nLoadFile /usr/bin/none", `2 6 LoadFile names "/usr/bin/none", which does not exist`},
		{"", "PidFile /srv/none/pid\nListen 127.0.0.1:80", "*2 7 Listen 127.0.0.1:80 and another Listen claim one address"},
	})
}

// The real server takes or refuses these pairs of Listen at the start, one after the other on
// one port (measured on Apache 2.4 and Linux).
func TestListen(t *testing.T) {
	for text, refuses := range map[string]bool{
		"8 127.0.0.1:8":                    true,
		"127.0.0.1:8 8":                    true,
		"8 0.0.0.0:8":                      false,
		"0.0.0.0:8 8":                      true,
		"8 [::]:8":                         false,
		"[::]:8 8":                         false,
		"[::1]:8 8":                        false,
		"8 [::1]:8":                        true,
		"[::]:8 127.0.0.1:8":               true,
		"127.0.0.1:8 [::]:8":               true,
		"[::]:8 0.0.0.0:8":                 false,
		"0.0.0.0:8 [::]:8":                 false,
		"0.0.0.0:8 127.0.0.1:9 [::]:8":     true,
		"0.0.0.0:8 [::1]:8":                false,
		"0.0.0.0:8 127.0.0.1:8":            true,
		"127.0.0.1:8 127.0.0.2:8":          false,
		"127.0.0.1:8 127.1:8":              true,
		"[::ffff:127.0.0.1]:8 127.0.0.1:8": true,
		"8 9 127.0.0.1:7":                  false,
	} {
		lines := fileModules("")
		for word := range strings.FieldsSeq(text) {
			lines += "Listen " + word + "\n"
		}
		if r := checked(t, lines, nil); (r != nil) != refuses || r != nil && (r.Fault != Listen || !r.Start || len(r.Notes) != 1) {
			t.Errorf("%s: %+v", text, r)
		}
	}
	for text, want := range map[string]string{
		fileModules(""): "1 7 no Listen line says where Apache listens",
		"Listen 80\n":   "",
		"Timeout 3\n":   "", // modules may be loaded elsewhere
	} {
		if got := say(Check(loaded(t, tree.Memory(map[string]string{main: text}), main)), 0); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// Loose files need not be of one server, and without facts no file is missing.
func TestListenOfLooseFiles(t *testing.T) {
	files := tree.Memory(map[string]string{"/a.conf": "Listen 80\nListen 80\nListen a.invalid:81\nDocumentRoot /none\n"})
	f, err := files.File("/a.conf")
	if err != nil {
		t.Fatal(err)
	}
	c := apache.Load(f, world{files})
	if got := say(Check(c, nil), 0); got != `2 7 a second Listen for 80` {
		t.Errorf("with a main file: %s", got)
	}
	c.Main = nil
	if got := say(Check(c, nil), 0); got != `3 5 cannot resolve host "a.invalid" of Listen` {
		t.Errorf("without one: %s", got)
	}
}
