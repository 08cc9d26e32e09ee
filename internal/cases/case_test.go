package cases

import (
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

const oldSocket = `The pool moved and one site still asks for the old socket.

GET /old.php -> 502
GET /new.php -> 200 x10
memory 4GiB
today 2027-01-31
link /etc/nginx/sites-enabled/blog.conf -> ../sites-available/blog.conf
mode 0660 www-data:33 run/php/php8.1-fpm.sock
mode 0711 0:0 srv/
mode 0700 root:root run/php
-- etc/nginx/sites-available/blog.conf --
server {
    location /old.php { fastcgi_pass unix:/run/php/php8.1-fpm.sock; }
#                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP201 no pool listens there
    location /new.php { fastcgi_pass unix:/run/php/php8.3-fpm.sock; }
}
# ---------------------------------- a banner is no mark
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
listen = /run/php/php8.3-fpm.sock
;        ------------------------ WP201 pool www listens here
`

func TestParse(t *testing.T) {
	c, err := Parse([]byte(oldSocket))
	if err != nil {
		t.Fatal(err)
	}
	got := c.Header
	got.bytes, got.modes, got.line = nil, nil, 0
	want := Header{
		Requests: []Request{{Host: "", Path: "/old.php", Status: 502, Times: 1, Source: false}, {Host: "", Path: "/new.php", Status: 200, Times: 10, Source: false}},
		Memory:   4 << 30,
		Today:    time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC),
		Links:    []Link{{"/etc/nginx/sites-enabled/blog.conf", "../sites-available/blog.conf"}},
		Modes: []Mode{
			{"/run/php/php8.1-fpm.sock", tree.Socket, 33, 33, 0o660},
			{"/srv", tree.Dir, 0, 0, fs.FileMode(0o711)},
			{"/run/php", tree.Dir, 0, 0, 0o700},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("header\n got %+v\nwant %+v", got, want)
	}
	wantMarks := []Mark{
		{"/etc/nginx/sites-available/blog.conf", 14, false, "WP201", "no pool listens there"},
		{"/etc/php/8.3/fpm/pool.d/www.conf", 21, true, "WP201", "pool www listens here"},
	}
	if !reflect.DeepEqual(c.Marks, wantMarks) {
		t.Errorf("marks\n got %+v\nwant %+v", c.Marks, wantMarks)
	}
	wantText := `server {
    location /old.php { fastcgi_pass unix:/run/php/php8.1-fpm.sock; }
    location /new.php { fastcgi_pass unix:/run/php/php8.3-fpm.sock; }
}
# ---------------------------------- a banner is no mark
`
	if got := c.Files[0].Text; got != wantText {
		t.Errorf("stripped file\n got %q\nwant %q", got, wantText)
	}
}

// A case is laid over the frame that its header names, and Good over the files of Bad.
func TestApacheFrame(t *testing.T) {
	const archive = `An old line.

frame: apache
apache refuses
GET /a.php -> source
GET shop.example/b.php -> 503 x2
-- etc/apache2/sites-enabled/blog.conf --
<VirtualHost *:80>
# ^1:1-10 WP900 a section
    DocumentRoot /srv \
        twice
#       ----- WP900 a word
</VirtualHost>
`
	c, err := Parse([]byte(archive))
	if err != nil {
		t.Fatal(err)
	}
	if !c.ApacheFrame || c.NoFrame || !c.ApacheRefuses || c.NginxRefuses {
		t.Errorf("header %+v", c.Header)
	}
	if want := []Request{{Host: "", Path: "/a.php", Status: 200, Times: 1, Source: true}, {Host: "shop.example", Path: "/b.php", Status: 503, Times: 2, Source: false}}; !reflect.DeepEqual(c.Requests, want) {
		t.Errorf("requests %+v, want %+v", c.Requests, want)
	}
	texts := c.Texts()
	if got, want := texts["/etc/apache2/sites-enabled/blog.conf"], "<VirtualHost *:80>\n    DocumentRoot /srv \\\n        twice\n</VirtualHost>\n"; got != want {
		t.Errorf("marked file: got %q, want %q", got, want)
	}
	if texts["/etc/apache2/apache2.conf"] == "" || texts["/etc/nginx/nginx.conf"] != "" {
		t.Error("the case is not over the frame with Apache")
	}
	_, good, err := Examples(&lint.Rule{Bad: archive, Good: "\nGET /a.php -> 200\n-- etc/apache2/ports.conf --\nListen 81\n"})
	if err != nil {
		t.Fatal(err)
	}
	texts = good.Texts()
	if got := texts["/etc/apache2/ports.conf"]; got != "Listen 81\n" || texts["/etc/apache2/apache2.conf"] == "" || !strings.Contains(texts["/etc/apache2/sites-enabled/blog.conf"], "twice") {
		t.Errorf("Good is not over the files of Bad: %q", got)
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ archive, want string }{
		{"GET / -> 200\nand prose\n", `line 2: "and prose" is not a header line, and prose is above the header`},
		{"memory 4x\n", `line 1: memory 4x: "4x" is not a size`},
		{"today 2027-13-01\n", "line 1: today 2027-13-01: parsing time"},
		{"GET / -> 200 x0\n", `line 1: GET / -> 200 x0: "0" is not a number of requests`},
		{"a\n-- x --\n1\n-- x --\n2\n", "line 4: x is in the archive twice"},
		{"a\n-- ./x --\n", `line 2: "./x" is not the shortest path of a file below /`},
		{"-- x / --\n", `line 1: "x /" is not the shortest path of a file below /`},
		{"-- / --\n", `line 1: "/" is not the shortest path of a file below /`},
		{"a\n-- x --\n# ^^^ WP201 text\n", "line 3: a mark at the top of /x is under no line"},
		{"bytes x bom\n-- y --\n", "line 1: the archive has no /x"},
		{"prose\nmode 0660 www:33 x\n", "line 2: /etc/passwd has no www"},
		{"mode 0660 0:www x\n", "line 1: /etc/group has no www"},
	}
	for _, test := range tests {
		_, err := Parse([]byte(test.archive))
		if got := fmt.Sprint(err); !strings.HasPrefix(got, test.want) {
			t.Errorf("Parse(%q)\n got %s\nwant %s", test.archive, got, test.want)
		}
	}
}

func TestBytes(t *testing.T) {
	tests := []struct{ header, want string }{
		{"", "a\nb\n"},
		{"bytes x crlf", "a\r\nb\r\n"},
		{"bytes x bom", "\ufeffa\nb\n"},
		{"bytes x no-final-newline", "a\nb"},
		{"bytes x bom\nbytes x crlf\nbytes x no-final-newline", "\ufeffa\r\nb"},
	}
	for _, test := range tests {
		c, err := Parse([]byte(test.header + "\n-- x --\na\nb\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Texts()["/x"]; got != test.want {
			t.Errorf("%s: got %q, want %q", test.header, got, test.want)
		}
	}
}

func TestFrameUnderCase(t *testing.T) {
	c, err := Parse([]byte("-- etc/hosts --\n10.0.0.1 db\n"))
	if err != nil {
		t.Fatal(err)
	}
	texts := c.Texts()
	if got, want := texts["/etc/hosts"], "10.0.0.1 db\n"; got != want {
		t.Errorf("replaced file: got %q, want %q", got, want)
	}
	if got, want := texts["/etc/passwd"], Frame().Texts()["/etc/passwd"]; got != want || want == "" {
		t.Errorf("file of the frame: got %q, want %q", got, want)
	}
	bare, err := Parse([]byte("frame: none\n-- etc/hosts --\n10.0.0.1 db\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := bare.Texts(), (map[string]string{"/etc/hosts": "10.0.0.1 db\n"}); !reflect.DeepEqual(got, want) {
		t.Errorf("frame: none: got %q, want %q", got, want)
	}
}

// canvas is an archive with every kind of mark.
const canvas = `Prose.

^0 WP900 nowhere at all
^etc/hosts WP900 in the frame
-0 WP900 no line
-- etc/nginx/nginx.conf --
user  www-data;
# ^1:1-5 WP900 column one
#^^^ WP900 column two
#     ^^^^^^^^ WP900 words
# -0 WP900 no line
# -etc/passwd WP900 in the frame
#     -------- WP900 the other side
	tab;
# ^2:2-5 WP900 a tab
events {
}
# ^5:1 WP900 the end
# ^3:8-4:2 WP900 two lines
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
;^^^ WP900 line\x0afeed
-- srv/empty --
# ^1:1 WP900 empty
`

func TestDraw(t *testing.T) {
	c, err := Parse([]byte(canvas))
	if err != nil {
		t.Fatal(err)
	}
	file := func(name string) *source.File { return &source.File{Name: name, Real: name, Text: c.Texts()[name]} }
	conf, pool, empty := file("/etc/nginx/nginx.conf"), file("/etc/php/8.3/fpm/pool.d/www.conf"), file("/srv/empty")
	rule := &lint.Rule{ID: "WP900"}
	report := &lint.Report{
		Files: []source.Input{{File: conf, Role: "nginx"}, {File: pool, Role: "pool"}},
		Findings: []lint.Finding{
			{Rule: rule, Message: "nowhere at all"},
			{Rule: rule, Message: "in the frame", At: file("/etc/hosts").Span(0, 3), Notes: []lint.Note{{Message: "no line"}}},
			{Rule: rule, Message: "column one", At: conf.Span(0, 4)},
			{Rule: rule, Message: "column two", At: conf.Span(1, 4)},
			{Rule: rule, Message: "words", At: conf.Span(6, 14), Notes: []lint.Note{
				{Message: "no line"}, {At: file("/etc/passwd").Span(0, 4), Message: "in the frame"}, {At: conf.Span(6, 14), Message: "the other side"},
			}},
			{Rule: rule, Message: "a tab", At: conf.Span(17, 20)},
			{Rule: rule, Message: "two lines", At: conf.Span(29, 32)},
			{Rule: rule, Message: "the end", At: conf.Span(len(conf.Text), len(conf.Text))},
			{Rule: rule, Message: "line\nfeed", At: pool.Span(1, 4)},
			{Rule: rule, Message: "empty", At: empty.Span(0, 0)},
		},
	}
	if got := string(Draw(c, report)); got != canvas {
		t.Errorf("got\n%s\nwant\n%s", got, canvas)
	}
}

func TestDrawWithoutFindings(t *testing.T) {
	c, err := Parse([]byte(canvas))
	if err != nil {
		t.Fatal(err)
	}
	want := `Prose.

-- etc/nginx/nginx.conf --
user  www-data;
	tab;
events {
}
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
-- srv/empty --
`
	if got := string(Draw(c, &lint.Report{})); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// FuzzParse looks for archives on which reading or drawing panics or is not
// stable: drawing again what was drawn and read changes nothing.
func FuzzParse(f *testing.F) {
	f.Add([]byte(oldSocket))
	f.Add([]byte(canvas))
	f.Add([]byte("-- 0 / --"))
	f.Add([]byte("-- 0 --\r"))
	f.Add([]byte("bytes x bom\nbytes x crlf\nmode 0660 0:0 /\nlink x -> x\n-- x --\n# ^1:1 WP900\n"))
	f.Fuzz(func(t *testing.T, archive []byte) {
		if len(archive) > 4<<10 {
			return
		}
		c, err := Parse(archive)
		if err != nil {
			return
		}
		once := Draw(c, &lint.Report{})
		c, err = Parse(once)
		if err != nil {
			t.Fatalf("%v in\n%s", err, once)
		}
		if twice := Draw(c, &lint.Report{}); string(twice) != string(once) {
			t.Errorf("got\n%s\nwant\n%s", twice, once)
		}
	})
}
