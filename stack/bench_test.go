package stack

import (
	"fmt"
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
)

// hosting is a Debian host with n sites, each with a pool of its own.
func hosting(n int) map[string]string {
	files := debianHost("", "listen = 9000")
	files["/etc/nginx/nginx.conf"] = "events {}\nhttp {\n    include /etc/nginx/sites-enabled/*;\n}\n"
	files["/etc/nginx/snippets/php.conf"] = "fastcgi_index index.php;\nfastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;\nfastcgi_param QUERY_STRING $query_string;\n"
	for i := range n {
		files[fmt.Sprintf("/etc/nginx/sites-enabled/s%d", i)] = fmt.Sprintf(`server {
    listen 80;
    server_name s%[1]d.example www.s%[1]d.example;
    root /srv/s%[1]d;
    location / { try_files $uri $uri/ /index.php?$args; }
    location ~ \.php$ {
        include snippets/php.conf;
        fastcgi_pass unix:/run/php/s%[1]d.sock;
    }
}
`, i)
		files[fmt.Sprintf("/etc/php/8.3/fpm/pool.d/s%d.conf", i)] = fmt.Sprintf("[s%[1]d]\nuser = s%[1]d\nlisten = /run/php/s%[1]d.sock\nlisten.owner = www-data\npm = ondemand\npm.max_children = 5\n", i)
	}
	return files
}

func BenchmarkLink(b *testing.B) {
	t := plantTree(hosting(1000))
	configs, facts := parser.Read(t, []string{"/"}), host.Collect(t, host.Overrides{})
	b.ReportAllocs()
	for b.Loop() {
		if s := Link(configs, facts); len(s.Gateways) != 1000 || len(s.Pools) != 1001 {
			b.Fatal(len(s.Gateways), len(s.Pools))
		}
	}
}

func BenchmarkNear(b *testing.B) {
	s := linked(hosting(200))
	lost := &Peer{Endpoint: netaddr.UnixEndpoint("/run/php/x100.sock")}
	b.ReportAllocs()
	for b.Loop() {
		new(Near).To(&Gateway{Machine: s.Machines[0], Protocol: FastCGI}, lost)
	}
}

func BenchmarkAround(b *testing.B) {
	s := linked(hosting(1000))
	b.ReportAllocs()
	for b.Loop() {
		for _, g := range s.Gateways {
			if _, words := s.Around(g.At); len(words) != 2 {
				b.Fatal(words)
			}
		}
	}
}
