package nginxt

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// TestCheck shows what Check says about small configurations. The rules' cases
// show the rest.
func TestCheck(t *testing.T) {
	for _, test := range []struct {
		name, http string
		want       string // fault, name and place of each refusal
	}{
		{"nothing", "server { listen 80; }", ""},
		{"an unknown directive", "sever_tokens off;", "1 sever_tokens at sever_tokens near server_tokens"},
		{"a directive in the wrong block", "listen 80;", "2 listen at listen"},
		{"too few arguments", "root;", "3 root at root"},
		{"a body where none belongs", "gzip on { }", "5 gzip at gzip on"},
		{"a wrong value", "gzip maybe;", "6 gzip at maybe"},
		{"twice", "keepalive_timeout 5s; keepalive_timeout 6s;", "7 keepalive_timeout at keepalive_timeout 6s"},
		{"an expression", "server { location ~ ( { } }", "9 location at ("},
		{"a parameter of a server", "upstream u { server a:1 wieght=2; }", "11 server at wieght=2 near weight"},
		{"a zone that is missing", "server { limit_req zone=a; }", "12 limit_req at zone=a"},
		{"a variable that is missing", "server { return 200 $non; }", "13 return at $non"},
		{"what a version lacks", "server { http2 on; }", "15 http2 at http2"},
		{"a host without an address", "server { listen nowhere:80; }", "14 listen at nowhere:80"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := check("events {} http { " + test.http + " }")
			if got := show(r.Refused); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestWritten(t *testing.T) {
	r := check("pid /run/nginx.pid; error_log stderr; events {} http { access_log /var/log/a.log; proxy_temp_path /var/tmp/p; access_log /var/log/$host.log; }")
	var got []string
	for _, w := range r.Written {
		got = append(got, fmt.Sprint(w.Name, " ", w.Path, " ", w.Dir))
	}
	want := []string{"access_log /var/log/a.log false", "pid /run/nginx.pid false", "proxy_temp_path /var/tmp/p true"}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// check judges a main file for nginx 1.22. No host has an address.
func check(text string) Result {
	f := nginx.Parse(&source.File{Name: "/etc/nginx/nginx.conf", Text: text})
	files := []*nginx.File{f}
	config := &parser.Nginx{Main: f, Files: files, Includes: make([][]int32, 1)}
	return Check(config, NewVariables(config), "1.22", func(string) bool { return true })
}

func show(refused []Refusal) string {
	var lines []string
	for _, r := range refused {
		line := fmt.Sprint(r.Fault, " ", r.Name, " at ", r.At.Text())
		if r.Near != nil {
			line += " near " + strings.Join(r.Near, " ")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
