package ini

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/source"
)

// marks are the secrets of a text, for Masked.
type marks []source.Span

func (m marks) Secrets() []source.Span { return m }

func masked(text string, mode Mode) string {
	f := &source.File{Name: "/a", Text: text}
	Parse(f, mode)
	f.Parsed = marks(Secrets(f, mode, func(key, index string) bool { return secret.Name(index) || index == "" && secret.Name(key) }))
	return f.Span(0, len(text)).Masked()
}

func TestSecrets(t *testing.T) {
	for _, c := range []struct {
		mode       Mode
		text, want string
	}{
		{LineMode, "env[DB_PASS] = a ; b\nenv[X] = c", "env[DB_PASS] = …\nenv[X] = c"},
		{LineMode, "env [ DB_PASS ]= 'a b'", "env [ DB_PASS ]= …"},
		{LineMode, "env[DB_PASS] a", "env[DB_PASS] …"},
		{LineMode, "env[DB_PASS = a", "env[DB_PASS = …"},
		{LineMode, "\ufeffDB_PASS = a\nDB_PASS b\nDB_PASS: c", "\ufeffDB_PASS = …\nDB_PASS …\nDB_PASS: …"},
		{LineMode, ";env[A_KEY] = a\n; # A_KEY = b\n; Authors are many", ";env[A_KEY] = …\n; # A_KEY = …\n; Authors are many"},
		{LineMode, "; set the password = a", "; set the password = …"},
		{LineMode, "env[A_KEY] = \"a\nb==\nc\"\nlisten = d", "env[A_KEY] = …\nlisten = d"},
		{LineMode, "env[A_KEY] = \"a\nlisten = b\nenv[C] = d", "env[A_KEY] = …\nlisten = b\nenv[C] = d"},
		{LineMode, "env[A_KEY] = $A_KEY", "env[A_KEY] = $A_KEY"},
		{LineMode, "env[A_KEY] = $aKey", "env[A_KEY] = …"},
		{LineMode, "[DB_PASS=a]\n[DB_PASS=b", "[DB_PASS=…]\n[DB_PASS=…"},
		{LineMode, "php_value[session.cookie_path] = /a", "php_value[session.cookie_path] = /a"},
		{LineMode, "php_value[session.save_path] = \"tcp://h:1?auth[pass]=a&auth=b&x=c\"", "php_value[session.save_path] = \"tcp://h:1?auth[pass]=…&auth=…&x=c\""},
		{LineMode, "env[X] = redis://:a@h", "env[X] = redis://…@h"},
		{FileMode, "a.token = \"b\nlisten = c\nd\"\ne = f", "a.token = …\ne = f"},
		{FileMode, "a = 'user=b;pwd=c;d'", "a = 'user=b;pwd=…;d'"},
	} {
		if got := masked(c.text, c.mode); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.text, got, c.want)
		}
	}
}

func FuzzSecrets(f *testing.F) {
	f.Add("; x\n", "\nlisten = a")
	f.Add("env[A_KEY] = \"a\n", "\"")
	f.Add("env[A_KEY] = ${\"", "}")
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(before)+len(after) > maxInput {
			return
		}
		text := before + "\nenv[A_KEY] = hunter2\n" + after
		for _, mode := range []Mode{LineMode, FileMode} {
			if got := masked(text, mode); strings.Count(got, "hunter2") > strings.Count(before+after, "hunter2") {
				t.Errorf("%q shows the secret: %q", text, got)
			}
		}
	})
}
