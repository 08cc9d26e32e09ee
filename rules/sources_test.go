package rules_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	. "github.com/wp502lint/wp502lint/rules"
)

// manuals are the sites on which the makers of the servers document or publish them.
var manuals = []string{
	"nginx.org", "httpd.apache.org", "www.php.net", "github.com", "xdebug.org", "www.freedesktop.org", "man7.org", "docs.docker.com",
	"kubernetes.io", "developers.cloudflare.com",
}

// A rule names a few pages, each once, of manuals and of no blog; of GitHub only the source of
// PHP. One that names both nginx's manual and Apache's has a page more.
func TestSources(t *testing.T) {
	for _, rule := range Explained() {
		most := 3
		if strings.Contains(strings.Join(rule.Sources, " "), "//nginx.org/") && strings.Contains(strings.Join(rule.Sources, " "), "//httpd.apache.org/") {
			most = 4
		}
		if n := len(rule.Sources); n > most {
			t.Errorf("%s names %d pages, want %d at most", rule.ID, n, most)
		}
		for i, source := range rule.Sources {
			at, err := url.Parse(source)
			if err != nil || !slices.Contains(manuals, at.Host) {
				t.Errorf("%s: %s is of no manual (%v)", rule.ID, source, err)
			} else if at.Host == "github.com" && !strings.HasPrefix(at.Path, "/php/php-src/blob/") {
				t.Errorf("%s: %s is not the source of a server", rule.ID, source)
			}
			if slices.Index(rule.Sources, source) != i {
				t.Errorf("%s names %s twice", rule.ID, source)
			}
		}
	}
}
