package tree

import (
	"fmt"
	"os"
	"testing"

	"github.com/wp502lint/wp502lint/source"
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

// A checkout of 20,000 files costs nothing until it is looked at.
func BenchmarkCompose(b *testing.B) {
	files := map[string]string{}
	for i := range 20_000 {
		files[fmt.Sprintf("/wp/%d/%d/%d.php", i/1000, i/20, i)] = "<?php"
	}
	project := Memory(files)
	b.ReportAllocs()
	for b.Loop() {
		c := NewComposition()
		c.Put("/var/www/html/wp-config.php", source.Text{String: "<?php"}, "", Owner{})
		c.Copy("/var/www/html", project, "/wp", CopyOptions{Owner: &Owner{Known: true}})
		c.Put("/var/www/html/0/0/new.php", source.Text{String: "<?php"}, "", Owner{})
		c.Chown("/var/www/html", 33, 33, true)
		if _, err := c.Tree().Stat("/var/www/html/19/999/19999.php"); err != nil {
			b.Fatal(err)
		}
	}
}
