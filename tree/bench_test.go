package tree

import (
	"fmt"
	"os"
	"testing"
)

// sites is a hosting tree: n small files, reached through links.
func sites(b *testing.B, n int) (dir string, names []string) {
	files := map[string]string{}
	for i := range n {
		files[fmt.Sprintf("etc/nginx/sites-available/s%d", i)] = fmt.Sprintf("server { server_name s%d.example; listen 80; root /srv/s%d; }\n", i, i)
		files[fmt.Sprintf("etc/nginx/sites-enabled/s%d", i)] = fmt.Sprintf("-> ../sites-available/s%d", i)
	}
	for i := range n {
		names = append(names, fmt.Sprintf("s%d", i))
	}
	return build(b, files), names
}

func BenchmarkOpen(b *testing.B) {
	dir, names := sites(b, 1000)
	for _, c := range []string{"available", "enabled"} {
		b.Run("tree-"+c, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				tr := open(b, dir)
				if c == "enabled" {
					if _, err := tr.Glob("/etc/nginx/sites-enabled/*"); err != nil {
						b.Fatal(err)
					}
				}
				for _, name := range names {
					if _, err := tr.Open("/etc/nginx/sites-" + c + "/" + name); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
		b.Run("os-"+c, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, name := range names {
					if _, err := os.ReadFile(dir + "/etc/nginx/sites-" + c + "/" + name); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
