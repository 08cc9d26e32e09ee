package engine_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/tree"
)

// Lint texts in memory, as a browser has them.
func Example() {
	e, err := engine.Open(engine.Options{})
	if err != nil {
		log.Fatal(err)
	}
	result := e.Lint(map[string]string{
		"/etc/nginx/nginx.conf": `
user www-data;
error_log /var/log/nginx/error.log;
events {}
http {
    server {
        location ~ \.php$ {
            fastcgi_param SCRIPT_FILENAME /srv$fastcgi_script_name;
            fastcgi_pass unix:/run/php/php8.1-fpm.sock;
        }
    }
}
`,
		"/etc/php/8.3/fpm/php-fpm.conf": `
[global]
emergency_restart_threshold = 10
emergency_restart_interval = 1m
process_control_timeout = 10s
[www]
user = www-data
listen = /run/php/php8.3-fpm.sock
pm = ondemand
pm.max_children = 5
`,
	})
	fmt.Println("verdict:", result.Verdict)
	for _, f := range result.Findings {
		at := f.At.Begin()
		fmt.Printf("%s:%d:%d: %s: %s [%s]\n", f.At.File.Name, at.Line, at.Column, f.Severity(), f.Message, f.Rule.ID)
	}

	// Output:
	// verdict: 502
	// /etc/nginx/nginx.conf:9:26: error: no pool listens on /run/php/php8.1-fpm.sock [WP201]
}

// Lint a directory that holds the root file system of a host, and write a report in one
// of the formats of package report.
func ExampleOpen() {
	root, err := tree.New("../testdata/configs/demo")
	if err != nil {
		log.Fatal(err)
	}
	e, err := engine.Open(engine.Options{Tree: root, Paths: []string{"/etc"}})
	if err != nil {
		log.Fatal(err)
	}
	result := e.Lint(nil)
	if err := report.Text(os.Stdout, result.Report, report.Options{Quiet: true}); err != nil {
		log.Fatal(err)
	}

	// Output:
	// /etc/nginx/sites-enabled/shop.conf:12:22: error: no pool listens on /run/php/php8.1-fpm-shop.sock [WP201 socket-mismatch]
	// /etc/php/8.3/fpm/pool.d/news.conf:1:2: error: pool news is defined in two files, and PHP-FPM merges them: nothing listens on /run/php/php8.3-fpm-events.sock [WP209 pool-name-collision]
	// /etc/php/8.3/fpm/conf.d/20-xdebug.ini:2:18: warning: PHP-FPM loads Xdebug in mode profile [WP103 xdebug-loaded]
	// /etc/php/8.3/fpm/php-fpm.conf:1:2: note: PHP-FPM does not restart when workers keep crashing: emergency_restart_threshold is not set [WP101 emergency-restart-missing]
}

// Lint repeatedly, as an editor does, with the texts of its buffers in place of the
// files.
func ExampleEngine_Lint() {
	root, err := tree.New("../testdata/configs/demo")
	if err != nil {
		log.Fatal(err)
	}
	e, err := engine.Open(engine.Options{Tree: root, Only: []*lint.Rule{rules.SocketMismatch}})
	if err != nil {
		log.Fatal(err)
	}
	const shop = "/etc/nginx/sites-available/shop.conf" // sites-enabled has a link to it
	saved, err := root.Open(shop)
	if err != nil {
		log.Fatal(err)
	}
	buffers := map[string]string{}
	fmt.Println("as saved:", len(e.Lint(buffers).Findings))
	buffers[shop] = strings.ReplaceAll(saved.Content, "php8.1", "php8.3")
	fmt.Println("as typed:", len(e.Lint(buffers).Findings))

	// Output:
	// as saved: 1
	// as typed: 0
}

// Make the safe fixes. Nothing is written; the new texts are in Changes.
func ExampleEngine_Mend() {
	e, err := engine.Open(engine.Options{Tree: tree.Memory(map[string]string{
		"/etc/nginx/nginx.conf":            "events {}\nhttp { include sites/*.conf; }\n",
		"/etc/nginx/sites/shop.conf":       "server { location ~ \\.php$ { fastcgi_pass unix:/run/php/php8.1-fpm.sock; } }\n",
		"/etc/php/8.3/fpm/php-fpm.conf":    "[global]\ninclude = /etc/php/8.3/fpm/pool.d/*.conf\n",
		"/etc/php/8.3/fpm/pool.d/www.conf": "[www]\nuser = www-data\nlisten = /run/php/php8.3-fpm.sock\npm = ondemand\npm.max_children = 5\n",
	}), Only: []*lint.Rule{rules.SocketMismatch}})
	if err != nil {
		log.Fatal(err)
	}
	mended := e.Mend(e.Lint(nil))
	for _, c := range mended.Changes {
		fmt.Print(c.Before.Real, ":\n-", c.Before.Text, "+", c.After.Text)
	}
	fmt.Println("findings left:", len(mended.After.Findings))

	// Output:
	// /etc/nginx/sites/shop.conf:
	// -server { location ~ \.php$ { fastcgi_pass unix:/run/php/php8.1-fpm.sock; } }
	// +server { location ~ \.php$ { fastcgi_pass unix:/run/php/php8.3-fpm.sock; } }
	// findings left: 0
}

func ExampleExplain() {
	page, ok := engine.Explain("socket-mismatch")
	title, _, _ := strings.Cut(page, "\n")
	fmt.Println(title, ok)

	// Output:
	// # WP201: socket-mismatch true
}
