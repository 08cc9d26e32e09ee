package apachet

import (
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// FuzzCheck looks for texts that end the program, or are refused nowhere or for nothing.
func FuzzCheck(f *testing.F) {
	for _, text := range []string{
		"<Directory /x>\nOptions +A B\n<Limit GET>\n<Limit PUT>\n</Limit>\n</Limit>\n</Directory>\n",
		"<If a>\n<Else>\nRequire not ip\n</Else>\n</If>\n<RequireAll>\n</RequireAll>\n",
		"<VirtualHost>\n<Proxy a b>\nListen 1 2 3\n</Proxy\n",
		"LoadModule a_module\nLoadFile\nUse a\n<Macro a $b>\nFoo $b\n</Macro>\nUse a <b\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = heading + text
		files := tree.Memory(map[string]string{main: text})
		c, facts := loaded(t, files, main)
		a := apache.LoadAccess(&source.File{Name: "/.htaccess", Text: text}, c, world{files})
		for _, r := range []*Refusal{Check(c, facts), CheckAccess(c, a, Overrides{Classes: httpd.WithAll}, &host.Facts{})} {
			if r != nil && (r.At.File == nil || r.Fault == 0 || r.Message == "" || r.Log == "") {
				t.Errorf("%+v", r)
			}
		}
	})
}
