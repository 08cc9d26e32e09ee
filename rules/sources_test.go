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
	"nginx.org", "www.php.net", "github.com", "xdebug.org", "www.freedesktop.org", "man7.org", "docs.docker.com",
	"kubernetes.io", "developers.cloudflare.com",
}

// A rule names a few pages, each once, of manuals and of no blog; of GitHub only the source of
// PHP.
func TestSources(t *testing.T) {
	for _, rule := range Explained() {
		if n := len(rule.Sources); n > 3 {
			t.Errorf("%s names %d pages, want 3 at most", rule.ID, n)
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
