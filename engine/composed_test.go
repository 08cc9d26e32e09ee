package engine

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

// composedProject is a project with the files of a container, whose image brings the
// main files.
var composedProject = map[string]string{
	"/Dockerfile":             "FROM example/web:1\nCOPY docker/nginx/app.conf /etc/nginx/conf.d/\n",
	"/docker/nginx/app.conf":  "server {\n    listen 80;\n    location ~ \\.php$ {\n        fastcgi_param DB_PASSWORD hunter2hunter2;\n        fastcgi_pass 127.0.0.1:9001;\n    }\n}\n",
	"/docker/php/www.conf":    "[www]\nuser = www-data\nlisten = 127.0.0.1:9000\npm = dynamic\npm.max_children = 5\npm.start_servers = 9\npm.min_spare_servers = 1\npm.max_spare_servers = 3\n",
	"/docker/php/worker.conf": "[worker]\nuser = www-data\n; wp502lint:ignore WP302 -- later\npm = ondemand\n",
}

func composed(t *testing.T, project *tree.Tree) *lint.Report {
	t.Helper()
	dockerfile, err := project.File("/Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	c := tree.NewComposition()
	c.Name("example/web:1", dockerfile.Span(5, 18))
	image := func(name, text string) {
		c.Put(name, source.Text{String: text}, "example/web:1", tree.Owner{})
	}
	image("/etc/nginx/nginx.conf", "events {}\nhttp {\n    include /etc/nginx/conf.d/*.conf;\n}\n")
	image("/usr/local/etc/php-fpm.conf", "[global]\npm.max_children = 5\ninclude = etc/php-fpm.d/*.conf\n")
	c.Copy("/etc/nginx/conf.d/", project, "/docker/nginx/app.conf", tree.CopyOptions{Into: true})
	c.Mount("/usr/local/etc/php-fpm.d", project, "/docker/php", "")
	view := c.Tree()
	configs := parser.ReadProject(view, []string{"/etc/nginx/nginx.conf"}, []string{"/usr/local/etc/php-fpm.conf"}, nil)
	ignores := lint.Comments(configs.Files, rules.All)
	return lint.Run(stack.Link(configs, host.Collect(view, host.Overrides{})), rules.All, ignores...)
}

// places finds the paths of places in every format.
var places = regexp.MustCompile(`(?:"(?:file|at|uri|path)": "(?:file://)?|file=|classname=")(/[^",]*)`)

// What a report says about a container is said where a person edits it: no place in it is
// outside the project, and a file of the image is only named.
func TestComposed(t *testing.T) {
	r := composed(t, tree.Memory(composedProject))
	for _, name := range report.Names() {
		var out bytes.Buffer
		if err := report.Formats[name](&out, r, report.Options{Verbose: true}); err != nil {
			t.Fatal(err)
		}
		got := out.String()
		if strings.Contains(got, "hunter2") {
			t.Errorf("%s shows a secret", name)
		}
		if !strings.Contains(got, "the file is example/web:1:/usr/local/etc/php-fpm.conf") {
			t.Errorf("%s does not name the file of the image", name)
		}
		found := places.FindAllStringSubmatch(got, -1)
		for _, place := range found {
			if _, ok := composedProject[place[1]]; !ok {
				t.Errorf("%s has a place outside the project: %s", name, place[1])
			}
		}
		if name != "text" && len(found) == 0 {
			t.Errorf("%s has no places", name)
		}
		if name == "text" {
			checkText(t, got)
		}
	}
}

func checkText(t *testing.T, got string) {
	t.Helper()
	for _, want := range []string{
		"/Dockerfile:1:6: error: pm.max_children belongs in a pool, and PHP-FPM refuses it in [global] [WP302 unknown-entry]\n" +
			"  |\n1 | FROM example/web:1\n  |      ^^^^^^^^^^^^^\n  = note: the file is example/web:1:/usr/local/etc/php-fpm.conf\n",
		"/docker/php/www.conf:6:20: error: pm.start_servers is 9, more than pm.max_spare_servers, which is 3 [WP304 pm-arithmetic]\n" +
			"  |\n6 | pm.start_servers = 9\n  |                    ^\n  = note: /docker/php/www.conf:8:24: pm.max_spare_servers is 3\n",
		"/docker/php/worker.conf:3:1: note: unknown-entry finds nothing here",
		"\n/docker/nginx/app.conf: nginx\n/docker/php/worker.conf: pool\n/docker/php/www.conf: pool\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("text has no\n%s\nbut\n%s", want, got)
		}
	}
}

// A fix changes the file of the project, and another look at the container shows it.
func TestComposedFix(t *testing.T) {
	project := tree.Memory(composedProject)
	texts := map[string]string{}
	before := composed(t, project)
	for f, text := range fix.Apply(before.Findings) {
		texts[f.Real] = text
	}
	if len(texts) != 1 || texts["/docker/php/worker.conf"] != "[worker]\nuser = www-data\npm = ondemand\n" {
		t.Fatalf("texts: %q", texts)
	}
	if after := composed(t, tree.Overlay(project, texts)); !better(after, before) {
		t.Error("the fix changes nothing")
	}
}
