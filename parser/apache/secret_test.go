package apache

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// TestSecrets has texts, and what of each is printed.
func TestSecrets(t *testing.T) {
	for _, row := range [][2]string{
		{"SetEnv DB_PASSWORD \"hunter2 x\"\n", "SetEnv DB_PASSWORD …\n"},
		{"SetEnv DB_HOST db\n", "SetEnv DB_HOST db\n"},
		{"SetEnv APP_KEY ${APP_KEY}\n", "SetEnv APP_KEY ${APP_KEY}\n"},
		{"Define API_TOKEN abc\n", "Define API_TOKEN …\n"},
		{"  setenv \\\n  secret \\\n  abc\n", "  setenv \\\n  secret \\\n  …\n"},
		{"# SetEnv SMTP_PASS abc\n", "# SetEnv SMTP_PASS …\n"},
		{"RequestHeader set Authorization \"Basic abc\" env=X\n", "RequestHeader set Authorization … …\n"},
		{"RequestHeader set X-Forwarded-Proto https\n", "RequestHeader set X-Forwarded-Proto https\n"},
		{"php_admin_value mysqli.default_pw abc\n", "php_admin_value mysqli.default_pw …\n"},
		{"php_value session.cookie_path /a\n", "php_value session.cookie_path /a\n"},
		{"SSLPassPhraseDialog exec:/bin/x\n", "SSLPassPhraseDialog …\n"},
		{"SSLCertificateKeyFile /etc/key.pem\n", "SSLCertificateKeyFile /etc/key.pem\n"},
		{"SSLCertificateKeyFile pkcs11:object=a?pin-value=12\n", "SSLCertificateKeyFile …\n"},
		{"AuthLDAPBindPassword abc\nAuthLDAPBindDN cn=x\n", "AuthLDAPBindPassword …\nAuthLDAPBindDN cn=x\n"},
		{"ProxyPass / http://user:abc@host/\n", "ProxyPass / http://…@host/\n"},
		{"AuthBasicProvider file\nAuthUserFile /etc/x\nAuthType Basic\n", "AuthBasicProvider file\nAuthUserFile /etc/x\nAuthType Basic\n"},
		{"KeepAlive On\nPassEnv DB_PASSWORD\n", "KeepAlive On\nPassEnv DB_PASSWORD\n"},
		{"<IfModule x>\nSetEnv token abc\n</IfModule>\n</Broken>\n", "<IfModule x>\nSetEnv token …\n</IfModule>\n</Broken>\n"},
		{"SessionCryptoPassphrase abc def\n", "SessionCryptoPassphrase … …\n"},
		{"MyAuthSecret abc\n", "MyAuthSecret …\n"},
		{"# MyAuthSecret abc\n# Pass phrases are kept\n", "# MyAuthSecret …\n# Pass phrases are kept\n"},
		{"SetEnvIf Authorization \"(.*)\" HTTP_AUTHORIZATION=$1\n", "SetEnvIf Authorization \"(.*)\" HTTP_AUTHORIZATION=$1\n"},
		{"SetEnvIf Host x API_KEY=abc\n", "SetEnvIf Host x API_KEY=…\n"},
		{"FcgidInitialEnv DB_PASS abc\n", "FcgidInitialEnv DB_PASS …\n"},
		{"<Macro v $p>\nSetEnv DB_PASS $p\n</Macro>\n", "<Macro v $p>\nSetEnv DB_PASS $p\n</Macro>\n"},
		{"Define DB_PASS abc \\", "Define DB_PASS … \\"},
		{"Use Site blog.example /run/b.sock 9000 127.0.0.1:80 hunter2\n", "Use Site blog.example /run/b.sock 9000 127.0.0.1:80 …\n"},
		{"  use Site \"hunter 2\" unix:/run/b.sock *.b.example\n", "  use Site … unix:/run/b.sock *.b.example\n"},
		{"Use Site hunter2.X\nUse\nUse Site\n", "Use Site …\nUse\nUse Site\n"},
		{"<Macro Site $name $dbpw>\n</Macro>\nUse SITE b.example abc.1\n", "<Macro Site $name $dbpw>\n</Macro>\nUse SITE b.example …\n"},
		{"SetEnvv DB_PASSWORD abc\nSetEnvv HOST db\n", "SetEnvv DB_PASSWORD …\nSetEnvv HOST db\n"},
		{"# See KEY below\nListen 80\n", "# See KEY below\nListen 80\n"},
		{"DBDParams \"host=db user=x pass=abc\"\n", "DBDParams …\n"},
		{"RewriteRule ^ http://x/?token=abc [P]\n", "RewriteRule ^ http://x/?token=… [P]\n"},
	} {
		f := &source.File{Name: main, Text: row[0]}
		Load(f, newDisk(nil))
		if got := f.Span(0, len(f.Text)).Masked(); got != row[1] {
			t.Errorf("%q\ngot  %q\nwant %q", row[0], got, row[1])
		}
	}
}

// TestSecretsOfVariables has a configuration and the secrets that its variables were replaced with.
func TestSecretsOfVariables(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"Define DB_PASS abc\nErrorLog ${DB_PASS}/x\nErrorLog ${DB_PASS}/y\n", "DB_PASS=…\n"},
		{"Define DB_PASS abc\nErrorLog x\n", ""},
		{"Define X http://u:abc@h/\nProxyPass / ${X}\n", "X=http://…@h/\n"},
		{"Define KEY a\nUse M ${KEY}\nDefine KEY b$c\nListen ${key}\nListen ${HOST}${API_KEY}\n", "KEY=…\nkey=…\nHOST=db\nAPI_KEY=…\n"},
	} {
		f := &source.File{Name: main, Text: row.text}
		d := newDisk(nil)
		d.env, d.known = map[string]string{"HOST": "db", "API_KEY": "$abc"}, true
		c := Load(f, d)
		access := &source.File{Name: "/srv/.htaccess", Text: "ErrorDocument 404 ${X}\n"}
		LoadAccess(access, c, d)
		if got := f.Variables.Span(0, len(f.Variables.Text)).Masked(); got != row.want {
			t.Errorf("%q\ngot  %q\nwant %q", row.text, got, row.want)
		}
		if access.Variables != f.Variables {
			t.Error("a .htaccess file has other variables")
		}
	}
}

func TestForeign(t *testing.T) {
	for text, want := range map[string]bool{
		"":                     false,
		"ServerName a\n":       false,
		"\ufeffServerName a\n": false,
		"# c\n\n<VirtualHost *:80>\n</VirtualHost>": false,
		"admin:$apr1$x$y\n":                         true,
		"admin hunter2\nroot hunter3\n":             true,
		"hunter2\n":                                 true,
		"servername a\nhunter2\nhunter3 x\n":        true,
		"DocumentRot /x\nServerNmae a\n":            false,
		"[client]\npassword=abc\n":                  true,
		"{\"a\": 1}\n":                              true,
		"<?php\n$a = 1;\n":                          true,
		"<Perl>\n$x = 1;\nfoo bar;\n</Perl>\n":      false,
		"PassengerRuby /x\nPassengerRoot /y\n":      false,
		"{{ a }}\nServerName b\n":                   false,
	} {
		f := &source.File{Name: main, Text: text}
		if got := Load(f, newDisk(nil)).Foreign(f); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
}

func TestTemplates(t *testing.T) {
	for _, row := range [][3]string{
		{"ServerName {{ a b }}\nServerAlias x-{{b}}-y \"{{ c \"d\" }}\"", "servername [{{ a b }}]; serveralias [x-{{b}}-y] [{{ c \"d\" }}]", ""},
		{"<VirtualHost {{ ip }}:80>\nA @@B@@\n</VirtualHost>", "virtualhost [{{ ip }}:80] { a [@@B@@] }", ""},
		{"{% if a %}\n<VirtualHost *:80>\n{% else %}\n<VirtualHost *:81>\n{% endif %}\nA\n</VirtualHost>", "virtualhost [*:80] { virtualhost [*:81] { a } }", "1:1 a template mark produces directives that are not known"},
		{"<% if @a %>\nA\n<% end -%>\n<%= @b %>", "a", "1:1 a template mark produces directives that are not known"},
		{"</VirtualHost> {{ a }}", "", "1:16 the template mark \"{{ a }}\" breaks the Apache syntax until the template is rendered"},
		{"A {{ a }}\n</VirtualHost>", "a [{{ a }}]", "2:1 </VirtualHost> without matching <VirtualHost> section"},
		{"RewriteCond %{HTTP_HOST} ^a$\nLogFormat \"%{X}i %>s\"", "rewritecond [%{HTTP_HOST}] [^a$]; logformat [%{X}i %>s]", ""},
		{"Include {{ a }}.conf", "include [{{ a }}.conf]", ""},
		{"A [[ a ]] <tmpl_var name=\"b c\">\n{tmpl_if a}\n!X!\n#{b}", "a [[[ a ]]] [<tmpl_var name=\"b c\">]", "2:1 a template mark produces directives that are not known"},
		{"## Heading ##\n#X#\n<a>\n</a>", "a {  }", ""},
	} {
		c := load(row[0], nil)
		if got := dump(c.Directives); got != row[1] {
			t.Errorf("%q: got  %s\nwant %s", row[0], got, row[1])
		}
		var got []string
		for _, p := range c.Problems {
			at := p.At.Begin()
			got = append(got, fmt.Sprintf("%d:%d %s", at.Line, at.Column, p.Message))
			if p.Kind != source.Template && strings.Contains(p.Message, "template") {
				t.Errorf("%q: kind %d", row[0], p.Kind)
			}
		}
		if got := strings.Join(got, "\n"); got != row[2] {
			t.Errorf("%q: problems: got\n%s\nwant\n%s", row[0], got, row[2])
		}
	}
}

// What is between two marks without a value depends on how the template is rendered.
func TestTemplateParts(t *testing.T) {
	for text, want := range map[string]string{
		"A\n{% if a %}\nB\n{% else %}\nC\n{% endif %}\nD":    "{% if a %}\nB\n{% else %}\nC\n{% endif %}",
		"A\n<tmpl_loop a>\n<tmpl_var b>\nB\n</tmpl_loop>\nC": "<tmpl_loop a>\n<tmpl_var b>\nB\n</tmpl_loop>; <tmpl_var b>",
		"<TMPL_IF a>\nB\n</TMPL_IF>":                         "<TMPL_IF a>\nB\n</TMPL_IF>",
		"{{ a }}\nB\n{{ c }}\nC":                             "{{ a }}; {{ c }}",
	} {
		c := load(text, nil)
		var got []string
		for _, part := range c.Main.Rendered {
			got = append(got, part.Text())
		}
		if got := strings.Join(got, "; "); got != want || !c.Rendered {
			t.Errorf("%q:\ngot  %q, %t\nwant %q", text, got, c.Rendered, want)
		}
	}
}

// A mark is what a program fills in, and nothing that Apache itself or a regular expression has.
func TestMark(t *testing.T) {
	src := &source.File{Variables: &source.File{}}
	for text, want := range map[string]string{
		"$PORT": "$PORT", "a-$A_B/c": "$A_B", "^a$b": "", "$1": "", "$APACHE_LOG_DIR/error.log": "", "%{HTTP_HOST}": "", "(?<name>x)": "", "${NAME}": "",
		"${NAME:-8080}": "${NAME:-8080}", "<tmpl_var a>": "<tmpl_var a>", "{{ a }}": "{{ a }}",
	} {
		if got := (Word{Text: text, At: source.Span{File: src}}).Mark(); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := (Word{Text: "$PORT", At: source.Span{File: &source.File{Literal: true}}}).Mark(); got != "" {
		t.Errorf("in a file that is not a template: %q", got)
	}
}
