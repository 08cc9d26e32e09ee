package systemd

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

func file(name, text string) *source.File { return &source.File{Name: name, Real: name, Text: text} }

// told is the part of an entry that a test compares, with its place in the text.
type told struct{ Section, Key, Value, At string }

func tell(list []Entry) (out []told) {
	for _, e := range list {
		out = append(out, told{e.Section, e.Key, e.Value, e.At.Text()})
	}
	return out
}

func TestLoad(t *testing.T) {
	u := Load("php8.3-fpm.service", []*source.File{
		file("a", "# comment\n[Unit]\nDescription = PHP \n\n[Service]\nExecStart=/usr/sbin/php-fpm8.3 \\\n; inside\n  --nodaemonize \\\n  -y /etc/x.conf\nPrivateTmp=yes\nnonsense\n=\n[Service"),
		file("b", "[Service]\r\nPrivateTmp = false\r\nRuntimeDirectory=\r\nEnvironment=A=B"),
	})
	want := []told{
		{"Unit", "Description", "PHP", "PHP"},
		{"Service", "ExecStart", "/usr/sbin/php-fpm8.3 --nodaemonize -y /etc/x.conf", "/usr/sbin/php-fpm8.3 \\\n; inside\n  --nodaemonize \\\n  -y /etc/x.conf"},
		{"Service", "PrivateTmp", "yes", "yes"},
		{"Service", "", "", ""},
		{"Service", "PrivateTmp", "false", "false"},
		{"Service", "RuntimeDirectory", "", ""},
		{"Service", "Environment", "A=B", "A=B"},
	}
	if got := tell(u.Entries); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if e, ok := u.Get("Service", "PrivateTmp"); !ok || e.Value != "false" || e.At.File.Name != "b" {
		t.Errorf("PrivateTmp = %+v, %t, want false of b", e, ok)
	}
	if _, ok := u.Get("Unit", "PrivateTmp"); ok {
		t.Error("PrivateTmp is in [Unit]")
	}
}

func TestAll(t *testing.T) {
	u := Load("x", []*source.File{file("a", "[Service]\nRuntimeDirectory=a\nRuntimeDirectory=\nRuntimeDirectory=b c\nRuntimeDirectory=d\n")})
	want := []told{{"Service", "RuntimeDirectory", "b c", "b c"}, {"Service", "RuntimeDirectory", "d", "d"}}
	if got := tell(u.All("Service", "RuntimeDirectory")); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestValues(t *testing.T) {
	for text, want := range map[string]int64{"1024": 1024, "1K": 1 << 10, "512M": 512 << 20, "2G": 2 << 30, "1T": 1 << 40, "5B": 5,
		"infinity": -1, "50%": -1, "": -1, "-1": -1, "9999999999999T": -1, "K": -1} {
		got, ok := Size(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("Size(%q) = %d, want %d", text, got, want)
		}
	}
	for text, want := range map[string][2]bool{"yes": {true, true}, "TRUE": {true, true}, "1": {true, true}, "off": {false, true}, "No": {false, true}, "disconnected": {}, "": {}} {
		if b, ok := Bool(text); [2]bool{b, ok} != want {
			t.Errorf("Bool(%q) = %t, %t, want %v", text, b, ok, want)
		}
	}
}

func TestTmpfiles(t *testing.T) {
	var got []string
	for _, d := range Tmpfiles(file("a", "# d /no\nd /run/php 0755 www-data www-data - -\n  D! /var/run/a//b\nf /run/file\nd\nq %t/q -\ndx\n")) {
		got = append(got, d.Path+" "+d.At.Text())
	}
	want := []string{"/run/php /run/php", "/run/a/b /var/run/a//b", "/run/q %t/q"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("[Service]\nA=b\\\n#c\nd\n")
	f.Add("a=\\\n\\\n=")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 8<<10 {
			return
		}
		in := file("a", text)
		entries := Load("x", []*source.File{in}).Entries
		if len(entries) > len(text) {
			t.Errorf("%q: %d entries", text, len(entries))
		}
		for _, e := range entries {
			if e.At.Start > e.At.End || int(e.At.End) > len(text) {
				t.Errorf("%q: entry %+v lies outside the text", text, e)
			}
		}
		for _, d := range Tmpfiles(in) {
			if int(d.At.End) > len(text) {
				t.Errorf("%q: directory %+v lies outside the text", text, d)
			}
		}
	})
}

func TestParseCommand(t *testing.T) {
	for line, want := range map[string]string{
		"/usr/sbin/php-fpm8.3 -F":                  "/usr/sbin/php-fpm8.3 [-F] false",
		"-@/usr/sbin/nginx nginx -g 'daemon off;'": "/usr/sbin/nginx [-g daemon off;] false",
		"+/usr/bin/php-fpm":                        "/usr/bin/php-fpm [] true",
		"":                                         " [] false",
		`/bin/sh -c "php-fpm -y /etc/a b.conf"  "" -x`: "/bin/sh [-c php-fpm -y /etc/a b.conf  -x] false",
	} {
		c := ParseCommand(line)
		if got := fmt.Sprintf("%s %v %v", c.Program, c.Args, c.Full); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}

func TestTemplate(t *testing.T) {
	template, instance, ok := Template("php-fpm@8.3.service")
	if template != "php-fpm@.service" || instance != "8.3" || !ok {
		t.Errorf("%s, %s, %v", template, instance, ok)
	}
	for _, name := range []string{"php-fpm@.service", "php-fpm.service"} {
		if _, _, ok := Template(name); ok {
			t.Errorf("%s is an instance", name)
		}
	}
	u := Load("php-fpm@8.3.service", []*source.File{{Text: "[Service]\nExecStart=/usr/sbin/php-fpm%i -y /etc/%p/%i.conf # %n 5%%\n"}})
	if e, _ := u.Get("Service", "ExecStart"); e.Value != "/usr/sbin/php-fpm8.3 -y /etc/php-fpm/8.3.conf # php-fpm@8.3.service 5%" {
		t.Error(e.Value)
	}
}
