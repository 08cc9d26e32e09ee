package handler

import "testing"

// PHP in a program that Apache starts has no gateway, as mod_php has none.
func TestPrograms(t *testing.T) {
	cgi, fcgid := modulesText+load("cgid"), modulesText+load("fcgid")
	const at = "main /x.php "
	const by = "ScriptAlias /cgi-sys/ /usr/lib/panel/\n"
	const action = "AddHandler php83 .php\nAction php83 /cgi-sys/php83\n"
	const unknown = at + "AddHandler unknown: Action hands the request on to /cgi-sys/php83"
	run(t, []setup{
		{name: "CGI", modules: cgi, text: "AddHandler cgi-script .php\n", want: []string{at + "AddHandler in process"}},
		{name: "FastCGI", modules: fcgid, text: "<FilesMatch \\.php$>\nSetHandler fcgid-script\n</FilesMatch>\n", want: []string{at + "SetHandler in process"}},
		{name: "Action and ScriptAlias", modules: cgi, text: by + action, want: []string{at + "AddHandler in process"}},
		{name: "Action and ScriptAliasMatch", modules: cgi, text: "ScriptAliasMatch ^/?cgi-sys/(.*)$ /usr/lib/panel/$1\n" + action, want: []string{at + "AddHandler in process"}},
		{name: "Action by type", modules: cgi, text: by + "AddType php83 .php\nAction php83 /cgi-sys/php83\n", want: []string{at + "no handler in process", "main /cgi-sys/x.php no handler in process"}},
		{name: "Action and a handler", modules: fcgid, text: action + "<Location /cgi-sys>\nSetHandler fcgid-script\n</Location>\n",
			want: []string{at + "AddHandler in process", "main /cgi-sys/x.php SetHandler in process"}},
		{name: "Action that nobody may use", modules: cgi, text: by + action + "<Location /cgi-sys>\nRequire all denied\n</Location>\n", want: []string{at + "AddHandler in process"}},
		{name: "Action without a module for the script", text: by + action, want: []string{unknown}},
		{name: "Action that nothing handles", modules: cgi, text: action, want: []string{unknown}},
		{name: "Action and ProxyPass", modules: cgi, text: action + "ProxyPass /cgi-sys/ fcgi://127.0.0.1:9000/\n", want: []string{unknown, "main /cgi-sys/x.php ProxyPass fcgi 127.0.0.1:9000 worker fcgi://127.0.0.1:9000/"}},
		{name: "Action to itself", modules: cgi, text: "AddHandler php83 .php\nAction php83 /y.php\n", want: []string{at + "AddHandler unknown: Action hands the request on to /y.php"}},
		{name: "a handler in a ScriptAlias", modules: cgi, text: "ScriptAlias / /www/\nAddHandler \"" + to("a") + "\" .php\n", want: []string{at + "AddHandler fcgi /run/a.sock"}},
		{name: "a ScriptAlias", modules: cgi, text: "ScriptAlias / /www/\n", want: []string{at + "no handler in process"}},
		{name: "a ScriptAlias without a module", text: "ScriptAlias / /www/\n", want: []string{at + "no handler sent: nothing"}},
	})
}
