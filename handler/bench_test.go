package handler

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

// hosting returns a configuration with many virtual hosts, each with its own document root and
// pool, and with sections for all document roots in the main server.
func hosting(n int) *apache.Config {
	var text strings.Builder
	text.WriteString(modulesText + serverText)
	for i := range n {
		fmt.Fprintf(&text, "<Directory /srv/%d/www>\n\tAllowOverride All\n\tRequire all granted\n</Directory>\n", i)
	}
	for i := range n {
		pool := fmt.Sprintf("p%d", i)
		fmt.Fprintf(&text, "<VirtualHost *:80>\n\tServerName s%d.test\n\tServerAlias www.s%d.test *.s%d.example\n\tDocumentRoot /srv/%d/www\n\t<Directory /srv/%d/www/uploads>\n\t\tSetHandler None\n\t</Directory>\n%s%s</VirtualHost>\n",
			i, i, i, i, i, proxy("unix:/run/"+pool+".sock|fcgi://"+pool, "ProxySet timeout=30"), strings.Replace(handled(pool), "localhost", pool, 1))
	}
	return apache.Load(&source.File{Name: "/etc/apache2/apache2.conf", Text: text.String()}, world{})
}

func BenchmarkNew(b *testing.B) {
	for _, n := range []int{100, 1000, 4000} {
		c := hosting(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := New(c, Options{}); len(got.Servers) != n+1 || len(got.Servers[n].Passes) != 1 {
					b.Fatalf("got %d servers, and %+v", len(got.Servers), got.Servers[len(got.Servers)-1])
				}
			}
		})
	}
}

// Sections of the main server apply to every virtual host; too many of both are not followed.
func TestTooMany(t *testing.T) {
	c := hosting(2000)
	for i := range 2000 {
		more := apache.Load(&source.File{Name: fmt.Sprintf("/etc/apache2/%d.conf", i), Text: fmt.Sprintf("<LocationMatch ^/a%d/>\nSetHandler None\n</LocationMatch>\n", i)}, world{})
		c.Directives = append(c.Directives, more.Directives...)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	servers := New(c, Options{}).Servers
	if p := servers[1].Passes[0]; p.End != Proxied {
		t.Errorf("got %s for the first virtual host", showPass(p))
	}
	if p := servers[2000].Passes[0]; p.Why != tooMany {
		t.Errorf("got %s for the last virtual host", showPass(p))
	}
	runtime.GOMAXPROCS(1)
	for i, s := range New(c, Options{}).Servers {
		if got, want := showPass(servers[i].Passes[0]), showPass(s.Passes[0]); got != want {
			t.Fatalf("got %s for virtual host %d beside others, want %s", got, i, want)
		}
	}
}

func FuzzNew(f *testing.F) {
	f.Add(modulesText+serverText+handled("a"), handled("b"))
	f.Add(modulesText+serverText+"ProxyPassMatch ^/(.*\\.php)$ unix:/run/a.sock|fcgi://localhost/$1 enablereuse=on\nRewriteEngine On\nRewriteRule ^/(.*) balancer://b/$1%{HTTP_HOST} [P,NC]\n", "AddHandler x .php\nRemoveHandler .php\n")
	f.Add("<VirtualHost *:80 [::1]:443>\nServerAlias *.a\n<Proxy balancer://x>\nBalancerMember http://a:1 status=+H-D\n</Proxy>\nAliasMatch ^/(.*)$ /$1\nListen 80\n</VirtualHost>\n<If true>\nSetHandler proxy:unix:\n</If>\n", "Redirect 301 /\n")
	f.Fuzz(func(t *testing.T, text, access string) {
		w := world{"/www/x.php", "/www/app/x.php"}
		c := apache.Load(&source.File{Name: "/etc/apache2/apache2.conf", Text: text}, w)
		apache.LoadAccess(&source.File{Name: "/www/app/.htaccess", Text: access}, c, w)
		for _, s := range New(c, Options{Files: w}).Servers {
			for _, p := range s.Passes {
				switch {
				case p.At.IsZero() || p.Header.IsZero():
					t.Fatalf("%+v is nowhere", p)
				case (p.End == Unknown) != (p.Why != ""):
					t.Fatalf("why %q of end %d", p.Why, p.End)
				case (p.End == Answered) != (p.Status != 0):
					t.Fatalf("status %d of end %d", p.Status, p.End)
				case (p.End == Sent || p.End == Answered) != (p.Cause != NoCause) && !(p.End == Unknown && p.Cause == Nothing):
					t.Fatalf("cause %d of end %d", p.Cause, p.End)
				}
			}
		}
	})
}
