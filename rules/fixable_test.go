package rules_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	. "github.com/wp502lint/wp502lint/rules"
)

// Fixable is true of the examples and the cases: a rule that is has a finding
// with a safe fix, and no other rule has one.
func TestFixable(t *testing.T) {
	fixed := map[*lint.Rule]string{}
	note := func(name string, c *cases.Case) {
		for _, f := range cases.Lint(c, All).Findings {
			if slices.ContainsFunc(f.Fixes, func(x lint.Fix) bool { return x.Safe }) {
				fixed[f.Rule] = name
			}
		}
	}
	for _, r := range All {
		bad, _ := examples(t, r)
		note(r.ID, bad)
	}
	names, err := filepath.Glob("../testdata/configs/*/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		note(name, parse(t, string(text)))
	}
	for _, r := range Explained() {
		if in, ok := fixed[r]; ok != r.Fixable {
			t.Errorf("%s (%s) is fixable: %t, but the cases say %t (%s)", r.ID, r.Name, r.Fixable, ok, in)
		}
	}
}

// TestHandlerFixes has the fix of each case about a handler: none replaces the line of a macro.
func TestHandlerFixes(t *testing.T) {
	for name, want := range map[string]string{
		"php-source-sent/spaces":   `"proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost"`,
		"php-source-sent/variable": `"proxy:unix:${SOCKET}|fcgi://localhost"`,
		"php-source-sent/macro":    "",
		"handler-not-read/macro":   "",
	} {
		text, err := os.ReadFile("../testdata/configs/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, f := range cases.Lint(parse(t, string(text)), All).Findings {
			for _, x := range f.Fixes {
				if x.Safe && (f.Rule == PHPSourceSent || f.Rule == HandlerNotRead) {
					got = x.Edits[0].New
				}
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestMovedSettings has what is said of each case with a refused line of a .htaccess file: the line
// of Apache and where a setting of PHP belongs.
func TestMovedSettings(t *testing.T) {
	const unknown = "', perhaps misspelled or defined by a module not included in the server configuration"
	for name, want := range map[string][2]string{
		"htaccess-php-value":        {"Invalid command 'php_value" + unknown, "take the line out, and write upload_max_filesize = 64M in /var/www/blog/.user.ini"},
		"htaccess-php-flag":         {"Invalid command 'PHP_Flag" + unknown, `take the line out, and write display_errors = "on" in /var/www/blog/.user.ini`},
		"htaccess-php-admin-value":  {"Invalid command 'php_admin_value" + unknown, "take the line out, and write php_admin_value[open_basedir] = /var/www in the pool"},
		"htaccess-misspelt":         {"Invalid command 'DirectoryIndx" + unknown, ""},
		"htaccess-options":          {"Options not allowed here", ""},
		"htaccess-server-directive": {"ServerName not allowed here", ""},
	} {
		text, err := os.ReadFile("../testdata/configs/handler-not-read/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		var got [2]string
		for _, f := range cases.Lint(parse(t, string(text)), All).Findings {
			if f.Rule == HandlerNotRead && len(f.Log) > 0 {
				got[0] = f.Log[0]
				for _, x := range f.Fixes {
					got[1] = x.Title
				}
			}
		}
		if want[0] = "[client ADDRESS] /var/www/blog/.htaccess: " + want[0]; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
