package apachet

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
)

// certificate is one of the key, and otherKey another one.
var certificate, key, otherKey = pair()

func pair() (certificate, key, other string) {
	var keys []string
	for seed := range byte(2) {
		private := ed25519.NewKeyFromSeed(append(make([]byte, ed25519.SeedSize-1), seed))
		der, err := x509.MarshalPKCS8PrivateKey(private)
		if err != nil {
			panic(err)
		}
		keys = append(keys, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
		if seed == 0 {
			template := &x509.Certificate{SerialNumber: big.NewInt(1)}
			if der, err = x509.CreateCertificate(nil, template, template, private.Public(), private); err != nil {
				panic(err)
			}
			certificate = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
		}
	}
	return certificate, keys[0], keys[1]
}

// machine is what is on the machine of the tests of files.
var machine = map[string]string{
	"/srv/www/index.html":        "",
	"/srv/file":                  "a",
	"/srv/link":                  "../other/place",
	"/etc/passwd":                "root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\nwww-data:x:33:33::/:/bin/false\n",
	"/etc/group":                 "root:x:0:\nwww-data:x:33:\n",
	"/etc/hosts":                 "127.0.0.1 localhost\n",
	"/etc/nsswitch.conf":         "passwd: files\ngroup: files\nhosts: files\n",
	"/etc/apache2/logs/a":        "",
	"/etc/apache2/mime.types":    "",
	"/usr/bin/program":           "",
	"/usr/bin/other":             "",
	"/usr/lib/apache2/modules/a": "",
	"/usr/lib/os-release":        "ID=debian\n",
	"/var/lib/dpkg/status":       "",
	"/etc/ssl/c.pem":             certificate,
	"/etc/ssl/k.pem":             key,
	"/etc/ssl/other.pem":         otherKey,
	"/etc/ssl/text.pem":          "-----BEGIN NOTHING-----\nAAAA\n-----END NOTHING-----\n",
	"/etc/ssl/removed.pem":       "REMOVED\n",
	"/etc/ssl/dir/a":             "",
	"/usr/share/doc/a":           "",
}

// fileHead loads modules, and says in its first lines what a start needs.
const fileHead = "Listen 80\nErrorLog logs/error.log\nUser www-data\nGroup www-data\n"

func fileModules(names string) string {
	var b strings.Builder
	for name := range strings.FieldsSeq("mpm_event authz_core " + names) {
		b.WriteString("LoadModule " + name + "_module /usr/lib/apache2/modules/mod_" + name + ".so\n")
	}
	return b.String()
}

// fileRow is lines after the heading, and what Check says: "" for nothing, and with a * before
// what only a start finds.
type fileRow struct{ modules, text, want string }

func checkFiles(t *testing.T, rows []fileRow) {
	t.Helper()
	for _, row := range rows {
		head := fileModules(row.modules)
		files := map[string]string{}
		for name, text := range machine {
			files[name] = text
		}
		for name := range strings.FieldsSeq("mpm_event authz_core " + row.modules) {
			files["/usr/lib/apache2/modules/mod_"+name+".so"] = ""
		}
		text := head + fileHead + row.text + "\n"
		r := checked(t, text, files)
		got := say(r, strings.Count(head+fileHead, "\n"))
		if r != nil && r.Start {
			got = "*" + got
		}
		if got != row.want {
			t.Errorf("%s:\ngot  %s\nwant %s", row.text, got, row.want)
		}
	}
}

func TestFiles(t *testing.T) {
	checkFiles(t, []fileRow{
		{"", "DocumentRoot /srv/www", ""},
		{"", "DocumentRoot /srv/none", `1 6 DocumentRoot names "/srv/none", which is not an existing directory`},
		{"", "DocumentRoot /srv/file", `1 6 DocumentRoot names "/srv/file", which is not an existing directory`},
		{"", "DocumentRoot /srv/link", ""},
		{"", "DocumentRoot {{ root }}/none", ""},
		{"", "DocumentRoot /run/none", ""},
		{"", "<VirtualHost *:80>\nDocumentRoot /srv/none\n</VirtualHost>", ""},
		{"", "ErrorLog /srv/www/e", ""},
		{"", "ErrorLog /srv/none/e", `1 6 the directory "/srv/none" of ErrorLog does not exist`},
		{"", "ErrorLog /srv/link/e", ""},
		{"", "ErrorLog syslog:local1", ""},
		{"", "ErrorLog none/e", `1 6 the directory "/etc/apache2/none" of ErrorLog does not exist`},
		{"", "ErrorLog $APACHE_LOG_DIR/e", `1 6 the directory "/etc/apache2/$APACHE_LOG_DIR" of ErrorLog does not exist`},
		{"", "ErrorLog ${APACHE_LOG_DIR/e", `1 6 the directory "/etc/apache2/${APACHE_LOG_DIR" of ErrorLog does not exist`},
		{"", "ErrorLog $LOG_DIR/e", ""},
		{"", "<VirtualHost *:80>\nErrorLog /srv/none/e\n</VirtualHost>", `2 6 the directory "/srv/none" of ErrorLog does not exist`},
		{"", "CustomLog /srv/www/a b", ""},
		{"", "CustomLog /srv/none/a b", `1 6 the directory "/srv/none" of CustomLog does not exist`},
		{"", "CoreDumpDirectory /srv/www", ""},
		{"", "CoreDumpDirectory /srv/none", `1 6 CoreDumpDirectory names "/srv/none", which is not an existing directory`},
		{"", "LoadFile /usr/bin/program", ""},
		{"", "LoadFile /usr/bin/program /usr/bin/none", `1 6 LoadFile names "/usr/bin/none", which does not exist`},
		{"", "DefaultRuntimeDir logs", ""},
		{"", "DefaultRuntimeDir none", `1 6 DefaultRuntimeDir names "none", which is not an existing directory`},
		{"", "Mutex file:/srv/www", ""},
		{"", "Mutex file:/srv/none", `1 6 Mutex names "/srv/none", which is not an existing directory`},
		{"rewrite", "RewriteMap a txt:/srv/file", ""},
		{"rewrite", "RewriteMap a prg:/srv/none", `1 6 RewriteMap names "/srv/none", which does not exist`},
		{"fcgid", `FcgidWrapper "/usr/bin/program -x" .php`, ""},
		{"fcgid", "FcgidWrapper /usr/bin/none .php", `1 6 FcgidWrapper names "/usr/bin/none", which does not exist`},
		{"fcgid", "FCGIWrapper /usr/bin/none .php", `1 6 FCGIWrapper names "/usr/bin/none", which does not exist`},
		{"fcgid", "FcgidWrapper /usr/bin/program php", `1 5 FcgidWrapper takes a suffix such as .php, not "php"`},
		{"fcgid", "FcgidWrapper /usr/bin/program .php x", `1 5 FcgidWrapper takes virtual after the suffix, not "x"`},
		{"suexec", "SuexecUserGroup #33 #33", `1 6 SuexecUserGroup needs /usr/lib/apache2/suexec, which does not exist`},
		{"suexec", "<VirtualHost *:80>\nSuexecUserGroup www-data www-data\n</VirtualHost>", `2 6 SuexecUserGroup needs /usr/lib/apache2/suexec, which does not exist`},
		{"suexec", "<IfModule mod_none.c>\nSuexecUserGroup #33 #33\n</IfModule>", ""},
		{"ssl", "SSLCertificateFile /etc/ssl/c.pem", ""},
		{"ssl", "SSLCertificateFile /etc/ssl/none.pem", `1 6 SSLCertificateFile names "/etc/ssl/none.pem", which is not an existing file`},
		{"ssl", "SSLCertificateFile /etc/ssl/dir", `1 6 SSLCertificateFile names "/etc/ssl/dir", which is not an existing file`},
		{"ssl", "SSLCACertificatePath /etc/ssl/dir", ""},
		{"ssl", "SSLCACertificatePath /etc/ssl/c.pem", `1 6 SSLCACertificatePath names "/etc/ssl/c.pem", which is not an existing directory`},
		{"ssl", "SSLCertificateFile pkcs11:none", ""},
	})
}

// Debian's package makes no directory for the log that is the default.
func TestDefaultLog(t *testing.T) {
	const want = `-1 6 no ErrorLog line outside of <VirtualHost>, so the error log is logs/error_log, and the directory "/etc/apache2/logs" does not exist`
	for _, row := range []struct {
		text string
		made bool
		want string
	}{
		{"User www-data\n", false, want},
		{"<VirtualHost *:80>\nErrorLog /srv/www/e\n</VirtualHost>\n", false, want},
		{"User www-data\n", true, ""},
		{"ErrorLog syslog\n", false, ""},
		{"ServerRoot /srv\n", false, ""},
		{"{% for a in b %}\nUser www-data\n", false, ""},
	} {
		files := map[string]string{"/usr/lib/apache2/modules/mod_mpm_event.so": "", "/usr/lib/apache2/modules/mod_authz_core.so": ""}
		for name, text := range machine {
			if row.made || name != "/etc/apache2/logs/a" {
				files[name] = text
			}
		}
		if got := say(checked(t, fileModules("")+"Listen 80\n"+row.text, files), 2); got != row.want {
			t.Errorf("%q, made %t:\ngot  %s\nwant %s", row.text, row.made, got, row.want)
		}
	}
}

func TestAccounts(t *testing.T) {
	checkFiles(t, []fileRow{
		{"", "User www-data", ""},
		{"", "User #33", ""},
		{"", "User none", `1 6 the account "none" of User does not exist`},
		{"", "User root", "1 6 Apache refuses to run as root"},
		{"", "User toor", "1 6 Apache refuses to run as root"},
		{"", "User #0", "1 6 Apache refuses to run as root"},
		{"", "User {{ name }}", ""},
		{"", "Group root", ""},
		{"", "Group #9", ""},
		{"", "Group none", `1 6 the group "none" of Group does not exist`},
	})
	// What is left of a variable is not an account of any machine.
	for text, want := range map[string]string{
		"User $APACHE_RUN_USER\nGroup www-data\n":  `2 6 the account "$APACHE_RUN_USER" of User does not exist`,
		"User ${APACHE_RUN_USER\nGroup www-data\n": `2 6 the account "${APACHE_RUN_USER" of User does not exist`,
		"User a\nGroup %{APACHE_RUN_GROUP}e\n":     `3 6 the group "%{APACHE_RUN_GROUP}e" of Group does not exist`,
		"User $RUN_USER\nGroup {{ group }}\n":      "",
	} {
		if got := say(checked(t, fileModules("")+"Listen 80\n"+text, nil), 2); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
	if r := checked(t, fileModules("")+"Listen 80\nUser none\nGroup none\n", nil); r != nil {
		t.Errorf("without etc/passwd: %s", r.Message)
	}
}
