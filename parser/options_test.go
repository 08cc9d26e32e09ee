package parser

import (
	"reflect"
	"strings"
	"testing"
)

func TestFPMOptions(t *testing.T) {
	for line, want := range map[string]FPMOptions{
		"":                                    {},
		"-y /a.conf -p /b -c /c":              {Config: "/a.conf", Prefix: "/b", PHPIni: "/c"},
		"--fpm-config=/a.conf --prefix /b":    {Config: "/a.conf", Prefix: "/b"},
		"-y/a.conf -d a=1 -db=2 --define=c":   {Config: "/a.conf", Defined: []string{"a", "b", "c"}},
		"-R -F -n":                            {Root: true, Foreground: true, NoIni: true},
		"-FR":                                 {Root: true, Foreground: true},
		"--allow-to-run-as-root --daemonize":  {Root: true, Background: true},
		"--nodaemonize --no-php-ini":          {Foreground: true, NoIni: true},
		"-tt":                                 {Ends: true},
		"--test":                              {Ends: true},
		"-g/run/RFnt.pid -g /RFnt --pid=RFnt": {},
		"-d -R":                               {Defined: []string{"-R"}},
	} {
		if got := ParseFPMOptions(strings.Fields(line)); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, want %+v", line, got, want)
		}
	}
}

func TestFPMOptionsMain(t *testing.T) {
	for line, want := range map[string]string{"": "", "-p /b/": "/b/etc/php-fpm.conf", "-p b": "", "-p /b -y c": "c"} {
		if o := ParseFPMOptions(strings.Fields(line)); o.Main() != want {
			t.Errorf("%q: %q, want %q", line, o.Main(), want)
		}
	}
}

func TestApacheOptions(t *testing.T) {
	for line, want := range map[string]ApacheOptions{
		"-k start": {}, "start": {}, "-X -e debug -E /log -n name": {},
		"-d /srv -f web.conf -D SSL -DFOO": {Config: "web.conf", Root: "/srv", Defined: []string{"SSL", "FOO"}},
		"-f/a.conf -c t -C v":              {Config: "/a.conf"},
		"-k stop":                          {Ends: true},
		"-k graceful":                      {},
		"-t -D DUMP_VHOSTS":                {Defined: []string{"DUMP_VHOSTS"}, Ends: true},
		"-V":                               {Ends: true},
		"-D":                               {},
	} {
		if got := ParseApacheOptions(strings.Fields(line)); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, want %+v", line, got, want)
		}
	}
	for line, want := range map[string]string{"": "", "-f /a": "/a", "-d /srv -f a": "/srv/a", "-f a": "a", "-d /srv -f /a": "/a"} {
		if o := ParseApacheOptions(strings.Fields(line)); o.Main() != want {
			t.Errorf("%q: %q, want %q", line, o.Main(), want)
		}
	}
}

func TestNginxOptions(t *testing.T) {
	for line, want := range map[string]NginxOptions{
		"-c /a -p /b -g daemon": {Config: "/a", Prefix: "/b", Global: "daemon"},
		"-c/a -gx":              {Config: "/a", Global: "x"},
		"-s reload":             {Ends: true},
		"-q -t":                 {Ends: true},
		"-q":                    {},
	} {
		if got := ParseNginxOptions(strings.Fields(line)); got != want {
			t.Errorf("%q: %+v, want %+v", line, got, want)
		}
	}
}
