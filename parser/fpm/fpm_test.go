package fpm

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// files are the files of one test by name. An include lists them, separated by spaces.
type files map[string]string

// load reads the file "main".
func load(texts files) *Config {
	made := map[string]*File{}
	for name, text := range texts {
		made[name] = Parse(&source.File{Name: name, Text: text})
	}
	return Load([]*File{made["main"]}, func(pattern string, at source.Span) (found []*File, problem *source.Problem) {
		for _, name := range strings.Fields(pattern) {
			if made[name] == nil {
				return found, &source.Problem{At: at, Kind: source.Include, Message: "no file " + name}
			}
			found = append(found, made[name])
		}
		return found, nil
	})
}

// show formats a configuration, with "-" before a line without effect.
func show(c *Config) string {
	var out []string
	for _, s := range append([]*Section{c.Global}, c.Pools...) {
		out = append(out, fmt.Sprintf("[%s] x%d", s.Name, len(s.Headers)))
		for _, e := range s.Entries {
			line := e.Key()
			if e.Indexed() {
				line += "[" + e.Index() + "]"
			}
			if !e.Bare() {
				line += "=" + e.Value().Text
			}
			if e.Lost {
				line = "-" + line
			}
			out = append(out, line)
		}
	}
	for _, p := range c.Problems {
		out = append(out, fmt.Sprintf("! %s at %s:%d", p.Message, p.At.File.Name, p.At.Begin().Line))
	}
	if !c.Complete {
		out = append(out, "incomplete")
	}
	return strings.Join(out, "\n")
}

var loadTests = []struct {
	name  string
	files files
	want  string
}{
	{"text before a section is global", files{"main": "daemonize = 0\n[www]\npm = static\n"},
		"[global] x0\ndaemonize=0\n[www] x1\npm=static"},
	{"names and keys in any case", files{"main": "[GLOBAL]\nPID = /p\n[www]\nPM.Max_Children = 5\n[WWW]\npm.max_children = 6\n"},
		"[global] x1\npid=/p\n[www] x2\n-pm.max_children=5\npm.max_children=6"},
	{"quoted names are the same pool", files{"main": "[www]\na = 1\n[\"www\"]\nb = 2\n[ www]\nc = 3\n"},
		"[global] x0\n[www] x2\na=1\nb=2\n[ www] x1\nc=3"},
	{"pools merge across files", files{"main": "include = a b\n", "a": "[www]\nlisten = /a\n", "b": "[www]\nlisten = /b\n"},
		"[global] x0\ninclude=a b\n[www] x2\n-listen=/a\nlisten=/b"},
	{"an include leaves its section open", files{"main": "include = a\ndaemonize = 0\n[global]\npid = /p\n", "a": "[www]\nlisten = /a\n"},
		"[global] x1\ninclude=a\npid=/p\n[www] x1\nlisten=/a\ndaemonize=0"},
	{"a fragment goes on with the pool", files{"main": "[www]\na = 1\ninclude = f\nb = 2\n", "f": "x = 1\n"},
		"[global] x0\n[www] x1\na=1\ninclude=f\nx=1\nb=2"},
	{"a file twice", files{"main": "include = f f\n[w]\ninclude = f\n", "f": "a = 1\n(\n"},
		"[global] x0\ninclude=f f\n-a=1\na=1\n[w] x1\ninclude=f\na=1\n! syntax error, unexpected '(' at f:2"},
	{"only the lower case name includes", files{"main": "Include = f\n", "f": "a = 1\n"},
		"[global] x0\ninclude=f"},
	{"no include in an index", files{"main": "[w]\ninclude[x] = f\n", "f": "a = 1\n"},
		"[global] x0\n[w] x1\ninclude[x]=f"},
	{"nothing matches", files{"main": "include = \"\"\n"}, "[global] x0\ninclude="},
	{"missing file", files{"main": "include = f\n[w]\na = 1\n"},
		"[global] x0\ninclude=f\n[w] x1\na=1\n! no file f at main:1\nincomplete"},
	{"five files deep", files{"main": "include = a\n", "a": "include = b\n", "b": "include = c\n", "c": "include = d\n", "d": "x = 1\n"},
		"[global] x0\ninclude=a\ninclude=b\ninclude=c\ninclude=d\nx=1"},
	{"six files deep", files{"main": "include = a\n", "a": "include = b\n", "b": "include = c\n", "c": "include = d\n", "d": "include = e\n", "e": "x = 1\n"},
		"[global] x0\ninclude=a\ninclude=b\ninclude=c\ninclude=d\ninclude=e\n! failed to include more than 5 files recursively at d:1\nincomplete"},
	{"a file that includes itself", files{"main": "include = main\na = 1\n"},
		"[global] x0\ninclude=main\ninclude=main\ninclude=main\ninclude=main\ninclude=main\n" +
			"-a=1\n-a=1\n-a=1\n-a=1\na=1\n! failed to include more than 5 files recursively at main:1\nincomplete"},
	{"an include that is not known", files{"main": "include = ${DIR}/x\n"},
		"[global] x0\ninclude=${DIR}/x\n! the files of this include are not known: value of ${DIR} at main:1\nincomplete"},
	{"includes wait for the end of the line", files{"main": "include = a\rb = 1\n", "a": "[www]\n"},
		"[global] x0\ninclude=a\nb=1\n[www] x1"},
	{"two includes on a line", files{"main": "include = a\rinclude = b\n", "a": "x = 1\n", "b": "y = 1\n"},
		"[global] x0\ninclude=a\ninclude=b\nx=1\n! two includes at the same time at main:1\nincomplete"},
	{"a syntax error costs its line", files{"main": "[w]\na = b=c\nd = 1\n"},
		"[global] x0\n[w] x1\nd=1\n! syntax error, unexpected '=' at main:2"},
	{"a line of a template", files{"main": "include = f\n", "f": "{% if x %}\n[w]\n"},
		"[global] x0\ninclude=f\n[w] x1\n! a template mark produces lines that are not known at f:1\nincomplete"},
	{"a header that a template opens", files{"main": "[w]\npm = a\n[[x]]\nuser = b\npm = c\nuser = d\n[v]\npm = e\n@@X@@\npid = f\npm = g\n"},
		"[global] x0\n[w] x1\npm=a\nuser=b\n[v] x1\npm=e\n! a template mark produces lines that are not known at main:3\nincomplete"},
	{"pools in doubled brackets", files{"main": "[[www]]\npm = a\n[[shop]]\nlisten = /run/shop.sock\n"},
		"[global] x0\n[[www] x1\n]\npm=a\n[[shop] x1\n]\nlisten=/run/shop.sock"},
	{"a name in doubled brackets that nothing else has", files{"main": "[[first]]\npm = a\n"},
		"[global] x0\n! a template mark produces lines that are not known at main:1\nincomplete"},
	{"a foreign file is not read", files{"main": "include = f\n", "f": "root:x:0\n"},
		"[global] x0\ninclude=f\n! not a PHP-FPM configuration at f:1\nincomplete"},
	{"who counts", files{"main": "[w]\npm = a\npm = b\nphp_value[x] = 1\nphp_flag[x] = on\nphp_value[X] = 2\nphp_admin_value[x] = 3\n" +
		"env[A] = 1\nenv[A] = 2\naccess.suppress_path[] = /a\naccess.suppress_path[] = /b\npm\n"},
		"[global] x0\n[w] x1\n-pm=a\npm=b\nphp_value[x]=1\n-php_flag[x]=1\nphp_value[X]=2\nphp_admin_value[x]=3\n" +
			"env[A]=1\n-env[A]=2\naccess.suppress_path[]=/a\naccess.suppress_path[]=/b\npm"},
	{"empty", files{"main": ""}, "[global] x0"},
}

func TestLoad(t *testing.T) {
	for _, tt := range loadTests {
		if got := show(load(tt.files)); got != tt.want {
			t.Errorf("%s:\n got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// A file that is not here may open a pool: what follows its include, and what a file
// starts with that another file includes, may belong to that pool.
func TestUnknownSection(t *testing.T) {
	main := Parse(&source.File{Name: "main", Text: "include = gone\npm = static\nlog_level = error\nfoo = 1\n[global]\nuser = a\n"})
	part := Parse(&source.File{Name: "part", Text: "php_value[a] = 1\nlog_limit = 1\n[www]\npm = static\ninclude = gone\nuser = b\n"})
	gone := func(_ string, at source.Span) ([]*File, *source.Problem) {
		return nil, &source.Problem{At: at, Kind: source.Unreadable, Message: "gone"}
	}
	lost := func(string, source.Span) ([]*File, *source.Problem) { return nil, nil }
	for _, test := range []struct {
		name string
		got  *Config
		want string
	}{
		{"after an include", Load([]*File{main}, gone), "[global] x1\ninclude=gone\nlog_level=error\nfoo=1\nuser=a\n! gone at main:1\nincomplete"},
		{"after an include of no file", Load([]*File{main}, lost), "[global] x1\ninclude=gone\npm=static\nlog_level=error\nfoo=1\nuser=a"},
		{"at the start", LoadPools([]*File{part}, gone), "[global] x0\nlog_limit=1\n[www] x1\npm=static\ninclude=gone\nuser=b\n! gone at part:5\nincomplete"},
		{"at the start of a main file", Load([]*File{part}, lost), "[global] x0\nphp_value[a]=1\nlog_limit=1\n[www] x1\npm=static\ninclude=gone\nuser=b"},
	} {
		if got := show(test.got); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

// TestLongSection compares the two ways to find lines without effect.
func TestLongSection(t *testing.T) {
	text := "[w]\npm = a\npm\nenv[A] = 1\nphp_value[x] = 1\naccess.suppress_path[] = /a\ninclude = \n"
	text += text + "php_flag[x] = on\nenv[B] = 1\n"
	c := load(files{"main": text})
	s := c.Pools[0]
	short := append([]Entry(nil), s.Entries...)
	for i := range s.Entries {
		s.Entries[i].Lost = s.Entries[i].Lost && s.Entries[i].ranked()
	}
	s.settleMany()
	if !reflect.DeepEqual(s.Entries, short) {
		t.Errorf("a long section has\n%v\na short one\n%v", s.Entries, short)
	}
}

// TestBounds includes files in a way that grows without limit.
func TestBounds(t *testing.T) {
	many := strings.Repeat("include = a a a a a a a a a a\n", 10)
	c := load(files{"main": many, "a": many})
	last := c.Problems[len(c.Problems)-1]
	if want := "the configuration includes more than 100000 files and the rest was not read"; last.Message != want {
		t.Errorf("got %q, want %q", last.Message, want)
	}
	if len(c.Files) != 2 {
		t.Errorf("%d files, want 2", len(c.Files))
	}
}

// A name in doubled brackets is looked for in the values of the file, all of which it takes to
// find that none has it: only so many names are.
func TestManyDoubled(t *testing.T) {
	unknown := strings.Repeat("[[first]]\npm = a\n", maxDoubled-1)
	for text, want := range map[string]bool{
		unknown: false, unknown + "[[shop]]\nlisten = /run/shop.sock\n": true,
		unknown + "[[first]]\npm = a\n[[shop]]\nlisten = /run/shop.sock\n": false, unknown + "[[first]]\npm = a\n[[www]]\npm = a\n": true,
	} {
		if got := doubled(&source.File{Name: "/pool.conf", Text: text}); got != want {
			t.Errorf("after %d names: got %t, want %t", strings.Count(text, "[["), got, want)
		}
	}
}

func shown(e *Entry) string {
	if e == nil {
		return "none"
	}
	return e.Key() + " " + e.Value().Text
}

func TestLookups(t *testing.T) {
	c := load(files{"main": "include = f\n[www]\npm = a\nPM = b\npm\nphp_flag[x] = on\nphp_value[x] = 2\naccess.suppress_path[] = /a\nslowlog = /log/$pool.$pool\n", "f": "[global]\npid = /p\n"})
	pool := c.Pools[0]
	var got []string
	for _, key := range []string{"pm", "listen", "php_flag"} {
		got = append(got, key+" "+shown(pool.Last(servers.FPMKeyOf(key))))
	}
	for _, key := range []string{"php_value", "php_flag", "php_admin_value", "access.suppress_path"} {
		for _, index := range []string{"", "x"} {
			got = append(got, key+"["+index+"] "+shown(pool.First(servers.FPMKeyOf(key), index)))
		}
	}
	got = append(got, pool.Pool(pool.Last(servers.KeySlowlog).Value().Text), c.Global.Pool("$pool"),
		pool.At().Text(), fmt.Sprint(c.Global.At().File.Name, c.Global.At().Begin()))
	want := []string{
		"pm pm b", "listen none", "php_flag none",
		"php_value[] none", "php_value[x] php_flag 1",
		"php_flag[] none", "php_flag[x] php_flag 1",
		"php_admin_value[] none", "php_admin_value[x] none",
		"access.suppress_path[] access.suppress_path /a", "access.suppress_path[x] none",
		"/log/www.www", "$pool", "www", "f{1 2}",
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
	if at := load(files{"main": "[www]\n"}).Global.At(); at.File.Name != "main" || at.Start != 0 || at.End != 0 {
		t.Errorf("a [global] nobody wrote is at %v, want the first byte of main", at)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("include = a\n[www]\npm = x\n", "[global]\ninclude = main\n")
	f.Add("[a]\nenv[x] = 1\rinclude = a\n", "(\n")
	f.Add("#\n<%\rx\n", "#\n{{ a }}\rx")
	f.Fuzz(func(t *testing.T, text, other string) {
		if len(text)+len(other) > 8<<10 {
			return
		}
		c := load(files{"main": text, "a": other})
		spans := []source.Span{c.Global.At()}
		for _, s := range append([]*Section{c.Global}, c.Pools...) {
			spans = append(spans, s.Headers...)
			for _, e := range s.Entries {
				spans = append(spans, e.KeyAt(), e.IndexAt(), e.Value().At)
			}
		}
		for _, p := range c.Problems {
			spans = append(spans, p.At)
		}
		for _, s := range spans {
			if s.File != nil && (s.Start < 0 || s.Start > s.End || int(s.End) > len(s.File.Text)) {
				t.Errorf("%q, %q: span %d-%d is outside", text, other, s.Start, s.End)
			}
		}
	})
}

func TestLoadTogether(t *testing.T) {
	a := Parse(&source.File{Name: "/a.conf", Text: "[www]\nlisten = 1\n"})
	b := Parse(&source.File{Name: "/b.conf", Text: "user = b\n[WWW]\nlisten = 2\n[b]\nlisten = 3\n"})
	c := Load([]*File{a, b}, nil)
	if len(c.Files) != 2 || c.Main != a.Source || len(c.Pools) != 2 {
		t.Fatalf("got %d files, main %s, %d pools", len(c.Files), c.Main.Name, len(c.Pools))
	}
	for key, want := range map[servers.FPMKey]string{servers.KeyListen: "2", servers.KeyUser: "b"} {
		if got, _ := c.Pools[0].Text(key).Known(); got != want {
			t.Errorf("%s of the merged pool is %q, want %q: the open section goes on in the next file", key, got, want)
		}
	}
}

// TestSharedFile loads a pool file for two masters: the second of them adds lines to the
// pool, which the first does not see.
func TestSharedFile(t *testing.T) {
	parse := func(name, text string) *File { return Parse(&source.File{Name: name, Text: text}) }
	pool := parse("/www.conf", "[www]\nlisten = 1\nlisten = 2\n")
	var got []string
	for _, more := range []string{"", "[WWW]\nlisten = 3\n"} {
		c := Load([]*File{parse("/main.conf", "include = *"), pool, parse("/more.conf", more)}, func(string, source.Span) ([]*File, *source.Problem) { return nil, nil })
		if len(c.Pools) != 1 {
			t.Fatalf("%d pools", len(c.Pools))
		}
		var lost []bool
		for _, e := range c.Pools[0].Entries {
			lost = append(lost, e.Lost)
		}
		got = append(got, fmt.Sprint(c.Pools[0].Last(servers.KeyListen).Value().Text, lost, len(c.Pools[0].Headers)))
	}
	if want := []string{"2[true false] 1", "3[true true false] 2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestLastOfMany finds lines of a section with more of them than fit in a byte.
func TestLastOfMany(t *testing.T) {
	text := "[www]\nlisten = first\nuser = only\n" + strings.Repeat("env[A] = 1\n", 300) + "listen = last\n" + strings.Repeat("env[B] = 1\n", 300)
	c := Load([]*File{Parse(&source.File{Name: "/www.conf", Text: text})}, nil)
	pool := c.Pools[0]
	for key, want := range map[servers.FPMKey]string{servers.KeyListen: "last", servers.KeyUser: "only"} {
		if got := pool.Last(key).Value().Text; got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if e := pool.Last(servers.KeyGroup); e != nil {
		t.Errorf("group is %q, and it is not set", e.Value().Text)
	}
}
