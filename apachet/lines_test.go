package apachet

import (
	"slices"
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/tree"
)

// A refusal has the lines that Apache writes about it (written by Apache 2.4).
func TestLines(t *testing.T) {
	const load = "LoadModule mpm_event_module modules/mod_mpm_event.so\nListen 80\n"
	for _, test := range []struct {
		text string
		want []string
	}{
		{load + "Foo a", []string{"AH00526: Syntax error on line 3 of /m.conf:", "Invalid command 'Foo', perhaps misspelled or defined by a module not included in the server configuration"}},
		{load + "SetHandler \\\na b", []string{"AH00526: Syntax error on line 4 of /m.conf:", "SetHandler takes one argument"}},
		{load + "\u00a0SetHandler a", []string{"AH00526: Syntax error on line 3 of /m.conf:", `Invalid command '\xc2\xa0SetHandler', perhaps misspelled or defined by a module not included in the server configuration`}},
		{load + "<Files a>\n</Directory>", []string{"Syntax error on line 4 of /m.conf: Expected </Files> but saw </Directory>"}},
		{load + "<Files a>", []string{"Syntax error on line 3 of /m.conf: /m.conf:3: <Files> was not closed."}},
		{load + "Include none.conf", []string{"Syntax error on line 3 of /m.conf: Could not open configuration file /etc/apache2/none.conf: No such file or directory"}},
		{load + load, []string{"AH00526: Syntax error on line 4 of /m.conf:", "Cannot define multiple Listeners on the same IP:port"}},
		{load + "LoadModule mpm_worker_module modules/mod_mpm_worker.so", []string{"AH00534: apache2: Configuration error: More than one MPM loaded."}},
		{load + "User nosuch$x", []string{"AH00543: apache2: bad user name nosuch$x"}},
		{load + "Group %{x}", []string{"AH00544: apache2: bad group name %{x}"}},
		{load + "Listen _default_:80", []string{"AH00526: Syntax error on line 3 of /m.conf:", "Listen setup failed"}},
		{load + "User root", []string{"AH00526: Syntax error on line 3 of /m.conf:", `Error:\tApache has not been designed to serve pages while`}},
		{"LoadModule mpm_event_module modules/mod_mpm_event.so", []string{"no listening sockets available, shutting down"}},
	} {
		files := tree.Memory(map[string]string{"/m.conf": test.text})
		main, _ := files.File("/m.conf")
		r := Check(apache.Load(main, world{files}), &host.Facts{})
		if r == nil {
			t.Errorf("%q is not refused", test.text)
		} else if got := r.Lines(); !slices.Equal(got, test.want) {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
}
