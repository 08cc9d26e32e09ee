package apache

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// ispconfig is how ISPConfig handles PHP, shortened.
const ispconfig = `<VirtualHost *:80>
<IfModule mod_fastcgi.c>
Action php-fcgi /x
</IfModule>
<IfModule mod_proxy_fcgi.c>
SetHandler proxy
</IfModule>
<IfModule !mod_proxy_fcgi.c>
SetHandler other
</IfModule>
</VirtualHost>
`

func TestLoadLoose(t *testing.T) {
	for text, want := range map[string]string{
		ispconfig: "virtualhost [*:80] { action [php-fcgi] [/x] maybe; sethandler [proxy] }",
		"<IfModule !mod_php8.c>\nA\n</IfModule>\n<IfModule mod_ssl.c>\nB\n</IfModule>\n<IfModule !mod_ssl.c>\nC\n</IfModule>": "a maybe; b; c maybe",
		"LoadModule a_module a.so\n<IfModule !mod_a.c>\nA\n</IfModule>\n<IfModule a_module>\nB\n</IfModule>":                  "loadmodule [a_module] [a.so]; b",
		"Use v a\nUndefMacro v\nA": "use [v] [a]; undefmacro [v]; a",
	} {
		c := LoadLoose([]*source.File{{Name: "/sites/a.conf", Text: text}}, newDisk(nil))
		if got := dump(c.Directives); got != want || len(c.Problems) > 0 {
			t.Errorf("got  %s\nwant %s\n%s", got, want, dumpProblems(c.Problems))
		}
	}
	c := LoadLoose([]*source.File{{Name: "/a", Text: "Define A b\n"}, {Name: "/b", Text: "C ${A}\n</D>\n"}}, newDisk(nil))
	if got := dump(c.Directives); got != "define [A] [b]; c [b]" || dumpProblems(c.Problems) != "/b:2:1 (2) </D> without matching <D> section" || c.Main != nil {
		t.Errorf("%s\n%s", got, dumpProblems(c.Problems))
	}
}

func TestLoadAccess(t *testing.T) {
	c := load("LoadModule rewrite_module m.so\n", nil)
	for _, row := range [][3]string{
		{"<IfModule mod_rewrite.c>\nRewriteEngine On\n</IfModule>\n<IfModule x>\nA\n</IfModule>", "rewriteengine [On]", ""},
		{"Include x\nDefine A b\nA ${A}", "include [x]; define [A] [b]; a [${A}]?A", "/srv/.htaccess:1:1 (1) Include not allowed here\n/srv/.htaccess:2:1 (2) Define not allowed here"},
		{"A " + strings.Repeat("b", maxAccessLine-3) + "\n", "a [" + strings.Repeat("b", maxAccessLine-3) + "]", ""},
		{"A " + strings.Repeat("b", maxAccessLine-2), "a [" + strings.Repeat("b", maxAccessLine-2) + "]", ""},
		{"A\n#" + strings.Repeat("b", maxAccessLine-1) + "\nB", "a", "/srv/.htaccess:2:1 (2) Line too long"},
		{"A\n#" + strings.Repeat("b", maxAccessLine), "a", "/srv/.htaccess:2:1 (2) Line too long"},
		{"#" + strings.Repeat("b", 4000) + "\\\n" + strings.Repeat("b", 4191) + "\nB", "", "/srv/.htaccess:2:1 (2) Line too long"},
		{"<Files x>\n", "files [x] {  }", "/srv/.htaccess:1:1 (1) <Files> was not closed"},
	} {
		a := LoadAccess(&source.File{Name: "/srv/.htaccess", Text: row[0]}, c, newDisk(nil))
		if got := dump(a.Directives); got != row[1] {
			t.Errorf("got  %s\nwant %s", got, row[1])
		}
		if got := dumpProblems(a.Problems); got != row[2] {
			t.Errorf("problems: got\n%s\nwant\n%s", got, row[2])
		}
		if c.Access["/srv"] != a || a.File.Parsed == nil {
			t.Error("it is not kept")
		}
	}
}

// What is below a ServerRoot on Windows is read where the files have it.
func TestWindowsRoot(t *testing.T) {
	for _, text := range []string{
		"Define R \"c:/Apache24\"\nServerRoot \"${R}\"\nInclude conf/extra/v.conf", "ServerRoot C:\\Apache24\nInclude conf\\extra\\v.conf",
		"ServerRoot C:/Apache24/\nInclude c:/apache24/conf/extra/v.conf", "ServerRoot C:/Apache24\nIncludeOptional conf/extra/*.conf", "ServerRoot C:/Apache24\nInclude conf/extra",
	} {
		d := newDisk(map[string]string{"/etc/apache2/conf/extra/v.conf": "Listen 81\n"})
		d.partial = true
		c := Load(&source.File{Name: main, Text: text}, d)
		if last := c.Directives[len(c.Directives)-1]; last.Name != "listen" || len(c.Unread) != 1 || c.Unread[0].Why != OnWindows || len(c.Problems) > 0 {
			t.Errorf("%q: unread %v, %s\n%s", text, c.Unread, dump(c.Directives), dumpProblems(c.Problems))
		}
	}
}

// TestUnread has what is not known for certain, and is therefore not refused.
func TestUnread(t *testing.T) {
	for text, want := range map[string]string{
		"Include ${A}/x\nLoadModule a_module a.so":       "${A} is not known",
		"Include c:/a/*.conf":                            "the path c:/a/*.conf is one on Windows",
		"Include a/x\nServerRoot C:/a\nServerRoot C:/b":  "/etc/apache2/a/x is not among the files; " + OnWindows,
		"Define R C:/a\nServerRoot ${R}\nInclude conf/x": OnWindows + "; the path C:/a/conf/x is one on Windows",
		"ServerRoot C:/a\nInclude D:/a/x.conf":           OnWindows + "; the path D:/a/x.conf is one on Windows",
		"ServerRoot C:/a\nInclude c:/ab":                 OnWindows + "; the path c:/ab is one on Windows",
		"Include gone/x.conf":                            "/etc/apache2/gone/x.conf is not among the files",
		"Include gone/*.conf":                            "/etc/apache2/gone is not among the files",
		"ServerRoot ${R}\nInclude x":                     "the ServerRoot that it is relative to is not known",
		"<IfFile /gone>\nInclude ${B}\n</IfFile>":        "${B} is not known",
		"<IfDefine ${V}>\nDefine A:b\n</IfDefine>\nInclude ${A}\n<IfFile gone>\nUse x\nServerRoot\n</IfFile>": "${V} is not known; ${A} is not known; whether gone exists is not known",
	} {
		d := newDisk(nil)
		d.partial = true
		c := Load(&source.File{Name: main, Text: text}, d)
		var got []string
		for _, what := range c.Unread {
			got = append(got, what.Why)
		}
		if strings.Join(got, "; ") != want || len(c.Problems) > 0 {
			t.Errorf("%q: unread %q, want %s\n%s", text, got, want, dumpProblems(c.Problems))
		}
	}
	c := load("Include ${A}\n<IfModule x>\nA\n</IfModule>\n<IfModule !x>\nB\n</IfModule>\nUse v", nil)
	if got := dump(c.Directives); got != "include [${A}]?A; a maybe; b maybe; use [v]" {
		t.Error(got)
	}
}
