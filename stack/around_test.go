package stack

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

func TestAround(t *testing.T) {
	files := map[string]string{
		"/etc/nginx/nginx.conf":            "events {}\nhttp {\n  server {\n    listen 80;\n    server_name a b;\n    location /x { deny all; }\n  }\n  gzip on;\n}\n# the end\n",
		"/etc/php/8.3/fpm/php-fpm.conf":    "; first\n[global]\npid = x\ninclude = /etc/php/8.3/fpm/pool.d/*.conf\n",
		"/etc/php/8.3/fpm/pool.d/a.conf":   "[a]\n[b]\nlisten = 9000\ninclude = /etc/php/8.3/fpm/part\nenv[A] = 'x'\n[c]\ninclude = /etc/php/8.3/fpm/part\n",
		"/etc/php/8.3/fpm/part":            "pm = static\n",
		"/etc/php/8.3/fpm/php.ini":         "[PHP]\nmemory_limit = 64M\n",
		"/etc/php/8.3/fpm/conf.d/20-x.ini": "zend_extension=xdebug\n",
	}
	s := linked(files)
	tests := []struct{ file, text, want string }{
		{"nginx.conf", "events", "[] [events]"},
		{"nginx.conf", "http", "[] [http]"},
		{"nginx.conf", "server {", "[http] [server]"},
		{"nginx.conf", "80", "[http server a] [listen 80]"},
		{"nginx.conf", "b;", "[http server a] [server_name a b]"},
		{"nginx.conf", "all", "[http server a location /x] [deny all]"},
		{"nginx.conf", "}\n  }", "[http server a] [location /x]"},
		{"nginx.conf", "}\n  gzip", "[http] [server]"},
		{"nginx.conf", "gzip", "[http] [gzip on]"},
		{"nginx.conf", "# the", "[] []"},
		{"php-fpm.conf", "first", "[] []"},
		{"php-fpm.conf", "global", "[] [global]"},
		{"php-fpm.conf", "x\n", "[global] [pid  x]"},
		{"a.conf", "a]", "[] [a]"},
		{"a.conf", "b]", "[] [b]"},
		{"a.conf", "9000", "[b] [listen  9000]"},
		{"a.conf", "'x'", "[b] [env A x]"},
		{"part", "static", "[b] [pm  static]"}, // and not [c], which includes it as well
		{"php.ini", "64M", "[] [memory_limit  64M]"},
		{"20-x.ini", "xdebug", "[] [zend_extension  xdebug]"},
	}
	for _, test := range tests {
		for _, f := range s.Files {
			if !strings.HasSuffix(f.Path, "/"+test.file) {
				continue
			}
			at := strings.Index(f.Text, test.text)
			blocks, words := s.Around(f.Span(at, at+1))
			if got := fmt.Sprint(blocks, words); got != test.want {
				t.Errorf("%s at %q: got %s, want %s", test.file, test.text, got, test.want)
			}
		}
	}
	for _, at := range []source.Span{{}, (&source.File{Text: "x"}).Span(0, 1)} {
		if blocks, words := s.Around(at); blocks != nil || words != nil {
			t.Errorf("%v: got %q, %q", at, blocks, words)
		}
	}
}

// A secret is not among the words.
func TestAroundSecret(t *testing.T) {
	s := linked(map[string]string{
		"/etc/nginx/nginx.conf":          "http {\n  if ($arg_key = hunter2) { set $db_pwd 'hun\\'ter'; }\n  proxy_pass http://u:hunter2@h/x;\n}\n",
		"/etc/php/8.3/fpm/php-fpm.conf":  "include = /etc/php/8.3/fpm/pool.d/*.conf\n",
		"/etc/php/8.3/fpm/pool.d/a.conf": "[a]\nlisten = 9000\npm = static\nenv[A_KEY] = 'hunter2'\nA_KEY hunter3\n",
		"/etc/php/8.3/fpm/php.ini":       "memory_limit = 64M\nlog_errors = 1\nauth.secret = \"hunter2\"\n",
	})
	for _, test := range []struct{ file, text, want string }{
		{"nginx.conf", "ter'", "[http if ($arg_key = …)] [set $db_pwd …]"},
		{"nginx.conf", "h/x", "[http] [proxy_pass http://…@h/x]"},
		{"a.conf", "hunter2", "[a] [env A_KEY …]"},
		{"a.conf", "hunter3", "[a] [A_KEY …  ]"},
		{"php.ini", "hunter2", "[] [auth.secret  …]"},
	} {
		for _, f := range s.Files {
			if f.File == nil || path.Base(f.Path) != test.file {
				continue
			}
			at := strings.Index(f.Text, test.text)
			blocks, words := s.Around(f.Span(at, at+1))
			if got := fmt.Sprint(blocks, words); got != test.want {
				t.Errorf("%s at %q: got %s, want %s", test.file, test.text, got, test.want)
			}
		}
	}
}

// aliases is an Apache with two servers, of which each has n names in one line.
func aliases(n int) *Stack {
	var line strings.Builder
	for i := range n {
		fmt.Fprintf(&line, " a%d.example", i)
	}
	server := "<VirtualHost *:80>\nServerAlias" + line.String() + "\nServerName %s\n</VirtualHost>\n"
	return linked(map[string]string{"/etc/apache2/apache2.conf": "Listen 80\n" + fmt.Sprintf(server, "a") + fmt.Sprintf(server, "b")})
}

// TestAroundShares has several places of one line: the words and names are made once, so that what
// is made of them is made once too.
func TestAroundShares(t *testing.T) {
	s := aliases(3)
	f := s.Files[0].File
	at := strings.LastIndex(f.Text, "a0.example")
	blocks, words := s.Around(f.Span(at, at+10))
	if got := fmt.Sprint(blocks, words); got != "[<VirtualHost b] [ServerAlias a0.example a1.example a2.example]" {
		t.Error(got)
	}
	again, same := s.Around(f.Span(at+11, at+21))
	if &again[0] != &blocks[0] || &same[0] != &words[0] {
		t.Error("a place of the same line has other slices")
	}
	first := strings.Index(f.Text, "a0.example")
	if others, _ := s.Around(f.Span(first, first+10)); fmt.Sprint(others) != "[<VirtualHost a]" {
		t.Error(others)
	}
}

func BenchmarkAround(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		s := aliases(n)
		f := s.Files[0].File
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				for at := strings.LastIndex(f.Text, " a0.example"); f.Text[at] == ' '; {
					end := at + 1 + strings.IndexAny(f.Text[at+1:], " \n")
					s.Around(f.Span(at+1, end))
					at = end
				}
			}
		})
	}
}
