package nginx_test

import (
	"fmt"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

func ExampleParse() {
	src := &source.File{Name: "/etc/nginx/nginx.conf", Text: `http {
    server {
        server_name example.org;
        location ~ \.php$ {
            fastcgi_pass "unix:/run/php.sock"
        }
    }
}
`}
	f := nginx.Parse(src)
	for _, p := range f.Problems {
		fmt.Printf("%d: %s\n", p.At.Begin().Line, p.Message)
	}
	for d := range f.All() {
		if d.Name() == "fastcgi_pass" {
			at := d.Arg(0).Span().Begin()
			fmt.Printf("%d:%d %s in %q\n", at.Line, at.Column, d.Arg(0), d.Path())
		}
	}
	// Output:
	// 6: unexpected "}"
	// 5:26 unix:/run/php.sock in ["http" "server example.org" "location ~ \\.php$"]
}
