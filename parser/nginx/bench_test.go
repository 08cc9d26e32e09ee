package nginx

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// hosting returns a configuration of n sites in one file, as control panels write it.
func hosting(n int) string {
	var b strings.Builder
	b.WriteString("user www-data;\nevents { worker_connections 1024; }\nhttp {\n")
	for i := range n {
		fmt.Fprintf(&b, `    # site %[1]d
    server {
        listen 80;
        listen [::]:80;
        server_name site%[1]d.example.org www.site%[1]d.example.org;
        root /var/www/site%[1]d/public;
        index index.php index.html;
        access_log /var/log/nginx/site%[1]d.access.log combined;
        add_header Content-Security-Policy "default-src 'self'; img-src *";
        location / { try_files $uri $uri/ /index.php?$args; }
        location ~ \.php$ {
            include snippets/fastcgi-php.conf; # Debian's
            fastcgi_pass unix:/run/php/site%[1]d.sock;
            fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
            fastcgi_read_timeout 60s;
        }
        location ~* "\.(?:jpe?g|png|css|js){1}$" { expires 30d; log_not_found off; }
    }
`, i)
	}
	b.WriteString("}\n")
	return b.String()
}

func TestAllocations(t *testing.T) {
	src := &source.File{Name: "/etc/nginx/nginx.conf", Text: hosting(1)}
	f := Parse(src)
	if len(f.Problems) > 0 {
		t.Fatal(dumpProblems(f))
	}
	parsing := testing.AllocsPerRun(100, func() { Parse(src) }) / float64(f.Count())
	if parsing > 0.3 {
		t.Errorf("parsing a file with one site costs %.2f allocations a directive, want at most 0.3", parsing)
	}
	many := &source.File{Name: "/etc/nginx/nginx.conf", Text: hosting(100)}
	large := Parse(many)
	parsing = testing.AllocsPerRun(10, func() { Parse(many) }) / float64(large.Count())
	if parsing > 0.01 {
		t.Errorf("parsing a file with 100 sites costs %.3f allocations a directive, want at most 0.01", parsing)
	}
	bytes := 0
	walking := testing.AllocsPerRun(10, func() {
		for d := range large.All() {
			bytes += len(d.Name())
			for _, w := range d.Args() {
				bytes += len(w.Span().Text())
			}
			for c := range d.Children() {
				bytes += c.NumArgs()
			}
		}
	}) / float64(large.Count())
	if walking > 0.1 {
		t.Errorf("walking costs %.2f allocations a directive, want at most 0.1", walking)
	}
}

func BenchmarkParse(b *testing.B) {
	for _, sites := range []int{1, 100, 10000} {
		src := &source.File{Name: "/etc/nginx/nginx.conf", Text: hosting(sites)}
		b.Run(fmt.Sprintf("sites=%d", sites), func(b *testing.B) {
			b.SetBytes(int64(len(src.Text)))
			b.ReportAllocs()
			for b.Loop() {
				Parse(src)
			}
		})
	}
}

func BenchmarkWalk(b *testing.B) {
	f := parse(hosting(1000))
	b.SetBytes(int64(len(f.Source.Text)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for d := range f.All() {
			n += len(d.Name()) + d.NumArgs()
		}
	}
}
