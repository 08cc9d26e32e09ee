package apache

import (
	"strings"
	"testing"
)

const macroModule = "LoadModule macro_module m.so\n"

// files are those of TestActing.
var files = map[string]string{
	"/etc/apache2/a.conf": "A", "/etc/apache2/b.conf": "B", "/etc/apache2/.c.conf": "C", "/etc/apache2/d/x.conf~": "X", "/etc/apache2/d/.y": "Y",
	"/etc/apache2/d/e/z": "Z", "/etc/apache2/l.conf": "@link gone", "/etc/apache2/self.conf": "Include self.conf", "/etc/apache2/open.conf": "<Directory />",
	"/etc/apache2/s/1/v.conf": "V", "/etc/apache2/s/2": "@link 1", "/etc/apache2/guard.conf": "<IfDefine !G>\nDefine G\nInclude guard.conf\n</IfDefine>\nG",
}

// actings are configurations, what is read of them, and the problems: line and column of what
// is to be edited, and the line that Apache reports.
var actings = []struct{ name, text, want, problems string }{
	{"include", "Include b.conf", "include [b.conf]; b", ""},
	{"include sorted", "Include [ab].conf", "include [[ab].conf]; a; b", ""},
	{"no dotfiles", "Include *.conf-\nB", "include [*.conf-]; b", "1:9 (1) Include/IncludeOptional: No matches for the wildcard '*.conf-' in '/etc/apache2', failing"},
	{"directory", "Include d", "include [d]; y; z; x", ""},
	{"links in the middle are not followed", "Include s/*/v.conf", "include [s/*/v.conf]; v", ""},
	{"missing", "Include x", "include [x]", "1:9 (1) Could not open configuration file /etc/apache2/x: No such file or directory"},
	{"missing optional", "IncludeOptional x", "includeoptional [x]", ""},
	{"dangling", "Include l.*", "include [l.*]", "1:9 (1) Could not open configuration file /etc/apache2/l.conf: No such file or directory"},
	{"dangling optional", "IncludeOptional l.*", "includeoptional [l.*]", ""},
	{"missing directory", "Include x/*", "include [x/*]", "1:9 (1) Include/IncludeOptional: Could not open directory /etc/apache2/x: No such file or directory"},
	{"two paths", "Include a.conf b.conf", "include [a.conf] [b.conf]", "1:1 (1) Include takes one argument, Name(s) of the config file(s) to be included; fails if the wildcard does not match at least one file"},
	{"loop", "Include self.conf", "include [self.conf]" + strings.Repeat("; include [self.conf]", 128), "1:9 (1) Exceeded maximum include depth of 128, There appears to be a recursion."},
	{"guarded loop", "Include guard.conf", "include [guard.conf]; define [G]; include [guard.conf]; g; g", ""},
	{"open in an include", "<VirtualHost *>\nInclude open.conf\n</VirtualHost>", "virtualhost [*] { include [open.conf]; directory [/] {  } }", "1:1 (1) <Directory> was not closed"},
	{"server root", "ServerRoot /etc/apache2/d\nInclude e", "serverroot [/etc/apache2/d]; include [e]; z", ""},
	{"no server root", "ServerRoot /x", "serverroot [/x]", "1:12 (1) ServerRoot must be a valid directory"},
	{"windows", "ServerRoot c:/a\nInclude conf/x", "serverroot [c:/a]; include [conf/x]", ""},

	{"variable", "Define A \"b c\"\nX ${A} ${a}d \"${A}\"", "define [A] [b c]; x [b] [c] [b] [cd] [b c]", ""},
	{"unknown variable", "X a${B}c ${", "x [a${B}c]?B [${]", ""},
	{"one pass", "Define A ${B}\nDefine B c\nX ${A}", "define [A] [${B}]?B; define [B] [c]; x [${B}]", ""},
	{"no value", "Define A\nX ${A}", "define [A]; x [${A}]?A", ""},
	{"undefined", "Define A b\nUnDefine A\nX ${A}\n<IfDefine A>\nY\n</IfDefine>", "define [A] [b]; undefine [A]; x [${A}]?A", ""},
	{"colon", "Define A:b c", "define [A:b] [c]", "1:8 (1) Variable name must not contain ':'"},
	{"three words", "Define A b c", "define [A] [b] [c]", "1:1 (1) Define takes 1-2 arguments, Define a variable, optionally to a value.  Same as passing -D to the command line."},

	{"module", "<IfModule mod_a.c>\nA\n</IfModule>\nLoadModule a_module a.so\n<IfModule a_module>\nB\n</IfModule>\n<IfModule !mod_a.c>\nC\n</IfModule>", "loadmodule [a_module] [a.so]; b", ""},
	{"compiled in", "<IfModule mod_so.c>\nA\n</IfModule>", "a", ""},
	{"case", "LoadModule a_module a.so\n<IfModule A_module>\nA\n</IfModule>", "loadmodule [a_module] [a.so]", ""},
	{"file", "<IfFile a.conf>\nA\n</IfFile>\n<IfFile x>\nB\n</IfFile>\n<IfFile !/x>\nC\n</IfFile>", "a; c", ""},
	{"version", "<IfVersion >= 2.4>\nA\n</IfVersion>\n<IfVersion 2.2>\nB\n</IfVersion>\n<IfVersion !< 2.4.71>\nC\n</IfVersion>\n<IfVersion = /^2/>\nD\n</IfVersion>", "a; c; d", ""},
	{"bad version", "<IfVersion = x>\n</IfVersion>", "", "1:1 (1) " + badVersion},
	{"directive", "<IfDirective include>\nA\n</IfDirective>\n<IfDirective Foo>\nB\n</IfDirective>\n<IfSection <Directory>\nC\n</IfSection>\n<IfSection VirtualHost>\nD\n</IfSection>\nLoadModule jk_module x.so\n<IfDirective Foo>\nE\n</IfDirective>", "a; d; loadmodule [jk_module] [x.so]; e maybe", ""},
	{"skipped", "<IfModule x>\n<A>\nB\n</IfModule>\n", "", "4:1 (1) Expected </A> but saw </IfModule>"},
	{"nothing after an end is read", "<IfModule mod_so.c>\nA\n</IfModule > x\nB", "a; b", "3:1 (3) </IfModule without matching <IfModule section"},
	{"open at the end", "<IfModule mod_so.c>\nA\n", "a", ""},
	{"no address of a proxy", "<Proxy>\n</Proxy>\n<ProxyMatch>\n</ProxyMatch>\n<Proxy a\n</Proxy>", "proxy {  }; proxymatch {  }; proxy [a] {  }", "5:1 (5) <Proxy> directive missing closing '>'"},
	{"no word", "<IfModule>\nA\n</IfModule>\n", "a maybe", "1:1 (1) <IfModule> directive requires additional arguments"},
	{"error without a text", "Error \"\"", "error []", "1:1 (1) The Error directive was used with an empty message."},
	{"error", "Error \"a b\"\n</A>", "error [a b]", "2:1 (2) </A> without matching <A> section\n1:1 (1) a b"},

	{"macro", macroModule + "<Macro V $a @b>\nA $a x$a @b\n</Macro>\nUse v 1 \"2 \\\"3\"", "loadmodule [macro_module] [m.so]; macro [V] [$a] [@b] {  }; use [v] [1] [2 \"3]; a [1] [x1] [2 \"3]", ""},
	{"macro not defined", macroModule + "Use v", "loadmodule [macro_module] [m.so]; use [v]", "2:1 (2) no macro defined before Use"},
	{"macro of itself", macroModule + "<Macro v>\nUse v\n</Macro>\nUse v", "loadmodule [macro_module] [m.so]; macro [v] {  }; use [v]; use [v]", "5:1 (5) recursive use of macro 'v' is invalid"},
	{"arguments", macroModule + "<Macro v $a>\nA\n</Macro>\nUse v", "loadmodule [macro_module] [m.so]; macro [v] [$a] {  }; use [v]", "5:1 (5) macro 'v' (defined on line 2 of \"/etc/apache2/apache2.conf\") used with 0 arguments instead of 1"},
	{"macro without an end", macroModule + "<Macro v>\nA", "loadmodule [macro_module] [m.so]; macro [v] {  }", "2:1 (2) macro 'v' (defined on line 2 of \"/etc/apache2/apache2.conf\") contents error: expected token not found: </Macro>"},
	{"argument without a name", macroModule + "<Macro v a \">\nA\n</Macro>\nUse v 1 2", "loadmodule [macro_module] [m.so]; macro [v] [a] [] {  }; use [v] [1] [2]", "2:1 (2) macro 'v' (defined on line 2 of \"/etc/apache2/apache2.conf\"): empty argument #2 name"},
	{"section over a macro", macroModule + "<Macro v>\n<A>\n</Macro>\nUse v\nB\n</A>\n", "loadmodule [macro_module] [m.so]; macro [v] {  }; use [v]; a { b }", ""},
	{"last line after a macro", macroModule + "<Macro v>\nA\n</Macro>\nUse v\nB", "loadmodule [macro_module] [m.so]; macro [v] {  }; use [v]; a", ""},
	{"documentation", "=pod\n\nA\n=cut\nLoadModule perl_module x.so\n=pod\n</x>\n=cut\nB", "=pod; a; =cut; loadmodule [perl_module] [x.so]; =pod; b", ""},
	{"perl", "<Perl>\n<x\n}\n</Perl>\nA", "perl {  }; a", ""},
}

func TestActing(t *testing.T) {
	for _, row := range actings {
		t.Run(row.name, func(t *testing.T) {
			c := load(row.text, files)
			if got := dump(c.Directives); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
			got := dumpProblems(c.Problems)
			for name := range files {
				got = strings.ReplaceAll(got, name+":1:", "1:")
			}
			if got = strings.ReplaceAll(got, main+":", ""); got != row.problems {
				t.Errorf("problems: got\n%s\nwant\n%s", got, row.problems)
			}
		})
	}
}
