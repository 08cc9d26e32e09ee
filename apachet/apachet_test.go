package apachet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

const main = "/etc/apache2/apache2.conf"

// heading loads what most configurations of the tests need, in one line less than it has.
const heading = "LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\n" +
	"LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so\n" +
	"LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so\n"

const headingLines = 3

// say words a refusal as LINE FAULT MESSAGE; lines are those after the heading.
func say(r *Refusal, before int) string {
	if r == nil {
		return ""
	}
	at := r.At.File.LineAt(int(r.At.Start)) - before
	text := fmt.Sprintf("%d %d %s", at, r.Fault, r.Message)
	if !r.Line.IsZero() {
		text += fmt.Sprintf(" (line %d)", r.Line.File.LineAt(int(r.Line.Start))-before)
	}
	return text
}

// checked returns what Check says about a main file. Most have no Listen, which is not what
// they are about.
func checked(t *testing.T, text string, files map[string]string) *Refusal {
	t.Helper()
	all := map[string]string{main: text}
	for name, text := range files {
		all[name] = text
	}
	r := Check(loaded(t, tree.Memory(all), main))
	if r != nil && r.Fault == Listen && !strings.Contains(text, "Listen") {
		return nil
	}
	return r
}

func TestDirectives(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"SetHandler a", ""},
		{"<VirtualHost *:80>\nServerAlias a\nSetHandler a\n</VirtualHost>", ""},
		{"Foo a", `1 3 unknown directive "Foo"`},
		{"SetHandlr a", `1 3 unknown directive "SetHandlr"; did you mean SetHandler?`},
		{"<FilesMach a>\n</FilesMach>", `1 3 unknown directive "<FilesMach"; did you mean FilesMatch?`},
		{"Directory /x", `1 3 unknown directive "Directory"`},
		{"RewriteEngine on", "1 3 RewriteEngine needs mod_rewrite, which no LoadModule line loads (a2enmod rewrite)"},
		{"SecRuleEngine on", "1 3 SecRuleEngine needs mod_security2, which no LoadModule line loads (a2enmod security2)"},
		{"SecNewThing on", "1 3 SecNewThing needs mod_security2, which no LoadModule line loads (a2enmod security2)"},
		{"Foo \\\n a", `1 3 unknown directive "Foo" (line 2)`},
		{"SetHandler a b", "1 5 SetHandler takes one argument, and 2 are given"},
		{"SetHandler", "1 5 SetHandler takes one argument, and none is given"},
		{`SetHandler ""`, "1 5 SetHandler takes one argument, and one is empty"},
		{"KeepAlive yes", `1 5 KeepAlive must be On or Off, not "yes"`},
		{"KeepAlive On Off", ""},
		{"ErrorDocument 404", "1 5 ErrorDocument takes two arguments, and one is given"},
		{"LoadFile", "1 5 LoadFile requires at least one argument, and none is given"},
		{"Listen 80 http x", "1 5 Listen requires 1 or 2 arguments, and 3 are given"},
		{"<Directory /x>\nRequire ip 1.2.3.4\n</Directory>", "2 3 Require ip needs mod_authz_host, which no LoadModule line loads (a2enmod authz_host)"},
		{"<Directory /x>\nRequire al granted\n</Directory>", `2 5 unknown word "al" after Require`},
		{"<Directory /x>\nRequire not all denied\n</Directory>", "2 5 Require not has no effect inside <RequireAny>"},
		{"<Directory /x>\n<RequireAll>\nRequire all granted\nRequire not all denied\n</RequireAll>\n</Directory>", ""},
		{"<Directory /x>\n<RequireAll>\n</RequireAll>\n</Directory>", "2 5 <RequireAll> contains no Require"},
		{"<Directory /x>\n<RequireNone>\nRequire all granted\n</RequireNone>\n</Directory>", "2 5 <RequireNone> has no effect inside <RequireAny>"},
		{"AllowOverride All", "1 5 AllowOverride is not allowed outside of sections; it belongs inside <Directory>, <Location> or <Files>"},
		{"Require all granted", "1 5 Require is not allowed outside of sections; it belongs inside <Directory>, <Location> or <Files>"},
		{"<Directory /x>\nServerAlias a\n</Directory>", "2 5 ServerAlias is not allowed inside <Directory>; it belongs outside of sections or in <VirtualHost>"},
		{"<VirtualHost *:80>\nListen 80\n</VirtualHost>", "2 5 Listen cannot occur within <VirtualHost> section"},
		{"<VirtualHost *:80>\n<VirtualHost *:81>\n</VirtualHost>\n</VirtualHost>", "2 5 <VirtualHost> cannot occur within <VirtualHost> section"},
		{"<Location /x>\n<Files a>\n</Files>\n</Location>", "2 5 <Files> cannot occur within <Location> section"},
		{"<Directory /x>\n<Limit GET>\n<If true>\n</If>\n</Limit>\n</Directory>", "3 5 <If> cannot occur within <Limit> or <LimitExcept> section"},
		{"<Directory /x>\n<Limit TRACE>\n</Limit>\n</Directory>", "2 5 TRACE cannot be controlled by <Limit>, see TraceEnable"},
		{"<Directory /x>\n<Limit GET>\n<Limit GET>\n</Limit>\n</Limit>\n</Directory>", "3 5 <Limit> directive specifies methods already excluded"},
		{"<Directory /x>\n<Limit GET>\n<Limit PUT>\n</Limit>\n</Limit>\n</Directory>", "3 5 <Limit> directive excludes all methods"},
	} {
		if got := say(checked(t, heading+row.text+"\n", nil), headingLines); got != row.want {
			t.Errorf("%q: got  %s\nwant %s", row.text, got, row.want)
		}
	}
}

func TestSections(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"<Directory /x\n</Directory>", "1 1 <Directory> directive missing closing '>'"},
		{"<Directory>\n</Directory>", "1 1 <Directory> directive requires additional arguments"},
		{"<Directory /x /y>\n</Directory>", "1 1 <Directory> takes one argument, and 2 are given"},
		{"<Directory /x /y>\nFoo a\n</Directory>", `2 3 unknown directive "Foo"`},
		{"<Location ~ /x>\n</Location>", ""},
		{"<Proxy fcgi://a timeout=3>\n</Proxy>", ""},
		{"<ProxyMatch a b>\n</ProxyMatch>", "1 1 <ProxyMatch> takes one argument, and 2 are given"},
		{"<Directory /x>\n<RequireAll a>\n</RequireAll>\n</Directory>", "2 1 <RequireAll> directive doesn't take additional arguments"},
		{"<Directory /x>\n<RequireAll>\nSetHandler a\n</RequireAll>\n</Directory>", "3 5 SetHandler is not allowed inside <RequireAll>; it belongs inside <Directory>, <Location> or <Files>"},
		{"<Else>\n</Else>", "1 1 <Else> has no <If> before it"},
		{"<If true>\n</If>\n<ElseIf true>\n</ElseIf>\n<Else>\n</Else>", ""},
		{"<If true>\n</If>\n<Else>\n</Else>\n<Else>\n</Else>", "5 1 <Else> has no <If> before it"},
		{"<If true>\n</If>\n<VirtualHost *:80>\n<Else>\n</Else>\n</VirtualHost>", "4 1 <Else> has no <If> before it"},
		{"<Files a>\n</Directory>", "2 1 expected </Files> but saw </Directory>"},
		{"Foo a\n<Files a>\n</Directory>", "3 1 expected </Files> but saw </Directory>"},
		{"# a \\\n<Files a>\nSetHandler a\n</Files>", "1 1 </Files> without matching <Files> section; a backslash joins it to the line before (line 4)"},
		{"<Files a>\nSetHandler a \\\n</Files>", "2 1 <Files> was not closed; a backslash joins it to the line before (line 1)"},
		{"<Files a>\n<If true>\nSetHandler a \\\n</If>\n</Files>", "3 1 expected </If> but saw </Files>; a backslash joins it to the line before (line 5)"},
		{"< Files a >\n</Files>", "1 1 expected </> but saw </Files>; a section has no blank after < (line 2)"},
		{"ServerAlias \\\n# a\nb", `1 3 unknown directive "b"; a comment ends the line that it continues (line 3)`},
		{"Include none.conf\nFoo a", "1 2 could not open configuration file /etc/apache2/none.conf: No such file or directory"},
		{"<IfModule mod_none.c>\nFoo a\n</IfModule>", ""},
	} {
		if got := say(checked(t, heading+row.text+"\n", nil), headingLines); got != row.want {
			t.Errorf("%q: got  %s\nwant %s", row.text, got, row.want)
		}
	}
}

func TestWords(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"Options Indexes FollowSymLinks", ""},
		{"Options +Indexes -MultiViews", ""},
		{"Options None +Indexes", ""},
		{"Options Indexes +MultiViews", "Options has words with + or - and words without"},
		{"Options +Indexes MultiViews", "Options has words with + or - and words without"},
		{"Options FollowSymlink", `unknown option "FollowSymlink"; did you mean FollowSymLinks?`},
		{"Options Indexes All", "Options All is not the first word"},
		{"Options -None", "Options None takes no + or -"},
		{"AllowOverride None", ""},
		{"AllowOverride FileInfo Options=Indexes,Bad Nonfatal=Bad", ""},
		{"AllowOverride Nonfatal", "Nonfatal needs =Override, =Unknown or =All"},
		{"AllowOverride FileInfos", `unknown word "FileInfos" in AllowOverride; did you mean FileInfo?`},
		{"AllowOverrideList None Options", "AllowOverrideList has None and other words"},
	} {
		want := row.want
		if want != "" {
			want = "2 5 " + want
		}
		if got := say(checked(t, heading+"<Directory /x>\n"+row.text+"\n</Directory>\n", nil), headingLines); got != want {
			t.Errorf("%s: got  %s\nwant %s", row.text, got, want)
		}
	}
}

func TestModules(t *testing.T) {
	const (
		dir   = " /usr/lib/apache2/modules/"
		event = "LoadModule mpm_event_module" + dir + "mod_mpm_event.so\n"
	)
	for _, row := range []struct{ text, want string }{
		{event, ""},
		{event + event, ""},
		{event + "LoadModule proxy_module" + dir + "mod_proxy.so\nLoadModule proxy_fcgi_module" + dir + "mod_proxy_fcgi.so\n", ""},
		{"LoadModule proxy_module" + dir + "mod_proxy.so\n", "1 4 no LoadModule line loads an MPM, such as mpm_event"},
		{event + "LoadModule mpm_prefork_module" + dir + "mod_mpm_prefork.so\nFoo\n", "2 4 a second MPM, mpm_prefork, is loaded"},
		{event + "LoadModule php_module" + dir + "libphp8.2.so\nFoo\n", "2 4 mod_php needs mpm_prefork, and mpm_event is loaded"},
		{event + "LoadModule php_module" + dir + "libphp-zts.so\n", ""},
		{"LoadModule mpm_prefork_module" + dir + "mod_mpm_prefork.so\nLoadModule php_module" + dir + "libphp8.2.so\nphp_value a b\n", ""},
		{event + "LoadModule proxy_fcgi_module" + dir + "mod_proxy_fcgi.so\nLoadModule proxy_module" + dir + "mod_proxy.so\n",
			"2 4 mod_proxy_fcgi needs mod_proxy, which no LoadModule line before it loads"},
		{event + "LoadModule log_config_module" + dir + "mod_log_config.so\n", "2 4 mod_log_config is compiled into this Apache and cannot be loaded again"},
		{event + "LoadModule rewrite_module" + dir + "mod_alias.so\n", `2 4 "mod_alias.so" holds alias_module, not rewrite_module`},
		{event + "LoadModule rewrite_module" + dir + "mod_rewrite.so\n", `2 4 the module file "/usr/lib/apache2/modules/mod_rewrite.so" does not exist`},
		{event + "LoadModule a_module /opt/a.so\n", ""},
		{event + "LoadModule rewrite_module" + dir + "mod_rewrite.so\n</Files>\n", `2 4 the module file "/usr/lib/apache2/modules/mod_rewrite.so" does not exist`},
		{event + "</Files>\nLoadModule rewrite_module" + dir + "mod_rewrite.so\n", "2 1 </Files> without matching <Files> section"},
	} {
		files := map[string]string{}
		for _, name := range []string{"mod_mpm_event.so", "mod_mpm_prefork.so", "mod_proxy.so", "mod_proxy_fcgi.so", "libphp8.2.so", "libphp-zts.so", "mod_alias.so", "mod_log_config.so"} {
			files["/usr/lib/apache2/modules/"+name] = ""
		}
		if got := say(checked(t, row.text, files), 0); got != row.want {
			t.Errorf("%q: got  %s\nwant %s", row.text, got, row.want)
		}
	}
}

// Where nothing includes the LoadModule lines of the system, Apache has only what is compiled in.
func TestModulesLeftOut(t *testing.T) {
	const event, prefork = "LoadModule mpm_event_module /opt/a.so\n", "LoadModule mpm_prefork_module a.so\n"
	const want = "1 4 no LoadModule line loads an MPM, such as mpm_event"
	for _, row := range []struct {
		main, text string
		files      map[string]string
		want       string
	}{
		{main, "Listen 80\n", map[string]string{"/etc/apache2/mods-enabled/mpm_event.load": event}, want},
		{main, "Listen 80\nIncludeOptional mods-enabled/*.load\n", map[string]string{"/etc/apache2/mods-enabled/mpm_event.load": event}, ""},
		{main, "Listen 80\nIncludeOptional mods-enabled/*.load\n", map[string]string{"/etc/apache2/mods-enabled/mpm_event.load": "#" + event}, ""},
		{main, "Listen 80\n", map[string]string{"/etc/apache2/mods-enabled/a.conf": "Timeout 1\n"}, ""},
		{main, "Listen 80\n", map[string]string{"/etc/apache2/mods-enabled/mpm_event.load": "../mods-available/mpm_event.load"}, ""},
		{"/etc/httpd/conf/httpd.conf", "Listen 80\n", map[string]string{"/etc/httpd/conf.modules.d/00-mpm.conf": event + "#" + prefork}, want},
		{"/etc/apache2/conf/httpd.conf", "Listen 80\n", map[string]string{"/etc/apache2/conf.modules.d/00.conf": prefork}, want},
		{"/etc/apache2/conf/httpd.conf", "Listen 80\n", map[string]string{"/etc/apache2/conf.modules.d/00.conf": "#" + prefork + "LoadModule dir_module b.so\n"}, ""},
	} {
		files := map[string]string{row.main: row.text}
		for name, text := range row.files {
			files[name] = text
		}
		if got := say(Check(loaded(t, tree.Memory(files), row.main)), 0); got != row.want {
			t.Errorf("%s with %q and %q: got %s, want %s", row.main, row.text, row.files, got, row.want)
		}
	}
}

// What may be different on the machine is not refused.
func TestUncertain(t *testing.T) {
	const modules = "LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\n"
	for name, text := range map[string]string{
		"placeholders":                  modules + "KeepAlive {{ keep }}\nServerAdmin %(a)s b\n<Directory /x>\nOptions APP_OPTIONS\nAllowOverride %(b)s\n</Directory>\n",
		"mod_php for threads":           "LoadModule mpm_event_module modules/mod_mpm_event.so\nLoadModule php5_module modules/libphp5.so\n",
		"a third-party module":          modules + "LoadModule strange_module /usr/lib/apache2/modules/mod_strange.so\nFoo a\n",
		"one whose names begin so":      modules + "LoadModule security2_module /usr/lib/apache2/modules/mod_security2.so\nSecNewThing a b c\n",
		"a condition":                   modules + "<IfDefine A>\nFoo a\n</IfDefine>\n",
		"no LoadModule":                 "Foo a\nRewriteEngine on\n",
		"the text of a link":            modules + "Include link.conf\nRewriteEngine on\n",
		"a template":                    modules + "Include {{ dir }}/a.conf\nRewriteEngine on\n",
		"a module that may be built in": "LoadModule mpm_event_module modules/mod_mpm_event.so\nUser a\nLogFormat a b\n",
		"sections that are text":        modules + "LoadModule perl_module /usr/lib/apache2/modules/mod_perl.so\n<Perl>\nsub a { }\n</Perl>\n",
	} {
		if got := say(checked(t, text, map[string]string{"/etc/apache2/link.conf": "../mods-available/a.load"}), 0); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Files without a main file may be included inside of a section, below any modules.
func TestLoose(t *testing.T) {
	for text, want := range map[string]string{
		"AllowOverride All\n": "",
		"Foo a\n":             "",
		"RewriteEngine on off\nRewriteEngine yes\n":              `2 5 RewriteEngine must be On or Off, not "yes"`,
		"SetHandler a b\n":                                       "1 5 SetHandler takes one argument, and 2 are given",
		"<VirtualHost *:80>\nListen 80\n</VirtualHost>\n":        "2 5 Listen cannot occur within <VirtualHost> section",
		"<Directory /x>\nServerName a\n</Directory>\n":           "2 5 ServerName is not allowed inside <Directory>; it belongs outside of sections or in <VirtualHost>",
		"<Else>\n</Else>\n":                                      "",
		"LoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so": "",
	} {
		f := &source.File{Name: "/etc/apache2/sites-enabled/a.conf", Text: text}
		c := apache.LoadLoose([]*source.File{f}, world{tree.Memory(nil)})
		if got := say(Check(c, nil), 0); got != want {
			t.Errorf("%q: got  %s\nwant %s", text, got, want)
		}
	}
}

func TestAccess(t *testing.T) {
	for _, row := range []struct {
		text, want string
		o          Overrides
	}{
		{"SetHandler a", "", Overrides{Classes: httpd.WithAll}},
		{"SetHandler a", "1 5 SetHandler is not allowed in this .htaccess file; it belongs to AllowOverride FileInfo", Overrides{Classes: httpd.WithLimit}},
		{"SetHandler a", "", Overrides{Names: []string{"sethandler"}}},
		{"SetHandler a", "", Overrides{IgnoreForbidden: true}},
		{"Foo a", `1 3 unknown directive "Foo"`, Overrides{Classes: httpd.WithAll}},
		{"Foo a", "", Overrides{Classes: httpd.WithAll, IgnoreUnknown: true}},
		{"<FilesMatch a>\nServerName a\n</FilesMatch>", "2 5 ServerName is not allowed inside <FilesMatch> of this .htaccess file; it belongs to the main configuration", Overrides{Classes: httpd.WithAll}},
		{"<Directory /x>\n</Directory>", "1 5 <Directory> is not allowed in this .htaccess file; it belongs to the main configuration", Overrides{Classes: httpd.WithAll}},
		{"AllowOverride All", "1 5 AllowOverride is not allowed in this .htaccess file; it belongs inside <Directory>, <Location> or <Files>", Overrides{Classes: httpd.WithAll}},
		{"Options +ExecCGI", "1 5 AllowOverride does not allow the option ExecCGI in this .htaccess file", Overrides{Classes: httpd.WithAll, Options: []string{"indexes"}}},
		{"Options +IncludesNOEXEC", "", Overrides{Classes: httpd.WithAll, Options: []string{"includes"}}},
		{"<Limit NEW>\n</Limit>", `1 5 unknown request method "NEW" in a .htaccess file`, Overrides{Classes: httpd.WithAll}},
		{"php_value a b", "1 3 php_value needs mod_php, which no LoadModule line loads", Overrides{Classes: httpd.WithAll}},
		{"<Files a>\n</Directory>", "2 1 expected </Files> but saw </Directory>", Overrides{Classes: httpd.WithAll}},
	} {
		c, _ := loaded(t, tree.Memory(map[string]string{main: heading}), main)
		f := &source.File{Name: "/var/www/.htaccess", Text: row.text + "\n"}
		a := apache.LoadAccess(f, c, world{tree.Memory(nil)})
		if got := say(CheckAccess(c, a, row.o, &host.Facts{}), 0); got != row.want {
			t.Errorf("%q: got  %s\nwant %s", row.text, got, row.want)
		}
	}
}

// Names from a configuration do not make a message long.
func TestLongNames(t *testing.T) {
	long := strings.Repeat("a", 4000)
	r := checked(t, heading+long+" b\n", nil)
	if r == nil || len(r.Message) > 200 {
		t.Errorf("%v", r)
	}
}
