package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/source"
)

// secretWord is a part of every secret of the plants.
const secretWord = "S3cr3t"

// plants are lines with secrets and with a fault: a finding is on every one of them.
var plants = []struct{ name, file, lines string }{
	{"a parameter with too many arguments", "location", `fastcgi_param DB_PASSWORD "S3cr3t a" S3cr3t-b c;`},
	{"a parameter over several lines", "location", "fastcgi_param\n  API_TOKEN # why\n  # how\n  \"S3cr3t \\\"a\\\"\n S3cr3t\" on S3cr3t;"},
	{"a parameter of a misspelt directive", "location", `fastcgi_parm DB_PASSWORD S3cr3t-a;`},
	{"a word after a string", "location", `fastcgi_param APP_KEY "S3cr3t"S3cr3t;`},
	{"a semicolon in a value", "location", `fastcgi_param APP_KEY a;S3cr3t-b;`},
	{"a brace in a value", "location", `; fastcgi_param APP_KEY a{S3cr3t-b;`},
	{"a string that is not closed", "location", `; fastcgi_param APP_KEY "S3cr3t;`},
	{"a string before it that is not closed", "location", "add_header X-A \"b;\nfastcgi_param APP_KEY \"S3cr3t\";"},
	{"a parameter that is too long", "location", `fastcgi_param APP_KEY "S3cr3t` + strings.Repeat("S3cr3t", 800) + `";`},
	{"no semicolon", "location", "fastcgi_param APP_KEY S3cr3t\nfastcgi_index index.php;"},
	{"a commented-out line", "location", "fastcgi_pss x; # fastcgi_param APP_KEY S3cr3t;"},
	{"a comment after a value", "location", "fastcgi_param APP_KEY x y z; # was S3cr3t"},
	{"a name with a secret", "location", "DB_PASSWORD=S3cr3t-a;"},
	{"settings of PHP in a parameter", "location", `fastcgi_param PHP_VALUE "a=b mysqli.default_pw=\"S3cr3t a\"" x y;`},
	{"a dollar sign in a value", "location", `fastcgi_param APP_KEY "pa$S3cr3t";`},
	{"a dollar sign before a value", "location", `fastcgi_param APP_KEY $S3cr3t99;`},
	{"a brace in a value after a dollar sign", "location", `fastcgi_param APP_KEY "pa${S3cr3t";`},
	{"a dollar sign in user information", "location", `proxy_pass http://u:pa$S3cr3t@backend.invalid/;`},
	{"a dollar sign in a table", "http", "map $host $app_secret { default a$S3cr3t; }"},
	{"an ignore of a secret", "location", "# wp502lint:ignore password=S3cr3t\n;"},
	{"user information without a scheme", "location", `fastcgi_pass u:S3cr3t@backend.invalid:x;`},
	{"a URL with escaped slashes", "location", `proxy_pass http:\/\/u:S3cr3t@backend.invalid/;`},
	{"an expression", "location", `if ($http_x_api_key !~ "^S3cr3t(") { return 403; }`},
	{"a PIN of an engine", "server", `ssl_certificate_key "engine:pkcs11:pkcs11:object=a;pin-value=S3cr3t" x;`},
	{"a PIN of a store", "server", `ssl_certificate_key store:pkcs11:pin-value=S3cr3t x;`},
	{"a header", "location", `proxy_set_header Authorization "Basic S3cr3t" x;`},
	{"a header in one word", "location", `more_set_input_headers "X-Api-Key: S3cr3t a";`},
	{"a directive of a module", "location", `my_secure_token S3cr3t-a;`},
	{"user information", "location", `proxy_pass http://user:S3cr3t%21@backend.invalid/;`},
	{"user information without a password", "location", `proxy_pass https://S3cr3t@backend.invalid:x/;`},
	{"a query", "location", `proxy_pass http://backend.invalid:port/?a=b&api_key=S3cr3t&c=d;`},
	{"an if", "location", `if ($arg_token = S3cr3t) { nothing; }`},
	{"an if with a string", "location", `if ($http_x_api_key != "S3cr3t a") { nothing; } nothing;`},
	{"a variable", "server", `set $db_password 'S3cr3t\'a' x;`},
	{"a secure link", "server", `location /l/ { secure_link_secret S3cr3t S3cr3t; }`},
	{"a hashed link", "server", `location /l/ { secure_link_md5 "$uri S3cr3t" x; }`},
	{"a key itself", "server", `ssl_certificate_key data:S3cr3t x;`},
	{"values of a map", "http", "map $host $app_secret {\n  default S3cr3t x; }"},
	{"keys of a map", "http", "map $http_x_api_key $client { S3cr3t alice; S3cr3t bob; }"},
	{"keys of a map without a semicolon", "http", "map $http_x_api_key $client { S3cr3t alice\nS3cr3t bob; }"},
	{"an included map", "table", "S3cr3t alice;\nS3cr3t2 a b;\n~(S3cr3t 1;\nS3cr3t bob;"},
	{"a map that an included one includes", "inner table", "S3cr3t alice;\nS3cr3t bob charlie;\n~(S3cr3t 1;"},
	{"a variable with a secret", "server", `set $x S3cr3t y; proxy_set_header X-Auth $x;`},
	{"a signed token", "location", `proxy_set_header X eyJhbGciOiJIUzI1NiJ9.S3cr3t.S3cr3t y;`},
	{"a variable of the environment", "main", `env DB_PASSWORD=S3cr3t x;`},
	{"a URL of a database", "pool", `env[DATABASE_URL] = mysql://u:S3cr3t@db/x(y`},
	{"a dollar sign before a setting", "pool", `php_value[mysqli.default_pw] = $S3cr3t(`},
	{"a setting in brackets", "pool", `[DB_PASSWORD=S3cr3t]`},
	{"an operator in a value", "pool", `env[NONCE_SALT] = S3cr3t!a`},
	{"an address of sessions", "pool", `php_admin_value[session.save_path] = tcp://r:6379?auth=S3cr3t&db=1(`},
	{"an array of credentials", "pool", `php_admin_value[session.save_path] = tcp://r:6379?auth[user]=S3cr3t&auth%5Bpass%5D=S3cr3t(`},
	{"a password without a user", "pool", `env[CACHE] = redis://:S3cr3t@r/1(`},
	{"an unknown setting", "pool", `DB_PASSWORD = S3cr3t`},
	{"a setting without a sign", "pool", `DB_PASSWORD S3cr3t`},
	{"a variable without a sign", "pool", `env[DB_PASSWORD] S3cr3t`},
	{"a bracket that is not closed", "pool", `env[DB_PASSWORD = S3cr3t`},
	{"a value over several lines", "pool", "env[A_KEY] = \"S3cr3t a\nS3cr3t\nb\""},
	{"a comment with a secret", "pool", `pm.max_childrn = 5 ; api password=S3cr3t`},
	{"a parameter in a setting", "pool", `env[ODBC] = Driver={x};Uid=u;Pwd=S3cr3t;x(`},
	{"JSON in a setting", "pool", `env[CONFIG] = '{"password": "S3cr3t a"}' x(`},
	{"a setting of PHP", "php.ini", `mysqli.default_pw = S3cr3t (x`},
	{"an option of a command", "php.ini", `sendmail_path = "msmtp --password S3cr3t -t" (x`},
	{"a setting of PHP with a string", "php.ini", "my.api_token = \"S3cr3t \\\"a\nS3cr3t\" (x"},
	{"no configuration of nginx", "fragment", "S3cr3t:x:S3cr3t\n"},
	{"no directive of nginx", "fragment", "S3cr3t S3cr3t;\n"},
	{"a template", "fragment", "server {\n  {{ x }} fastcgi_param APP_KEY S3cr3t;\n}\n"},
}

// planted is a host with the lines of a plant, by paths.
func planted(file, lines string) map[string]string {
	at := func(place string) string {
		if place == file {
			return lines + "\n"
		}
		return ""
	}
	return map[string]string{
		"/etc/passwd": "root:x:0:0::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\n",
		"/etc/nginx/nginx.conf": "user www-data;\n" + at("main") + "events {}\nhttp {\n" + at("http") + "map $http_x_api_key $client { include clients; }\ninclude conf.d/*.conf;\nserver { listen 80;\n" + at("server") +
			"location ~ \\.php$ { fastcgi_pass unix:/run/a.sock;\n" + at("location") + "}\n}\n}\n",
		"/etc/nginx/clients":             "include more;\n" + at("table"),
		"/etc/nginx/more":                at("inner table"),
		"/etc/nginx/conf.d/a.conf":       at("fragment"),
		"/etc/php/8.3/fpm/php-fpm.conf":  "[global]\ninclude = /etc/php/8.3/fpm/pool.d/*.conf\n",
		"/etc/php/8.3/fpm/pool.d/w.conf": "[www]\nuser = www-data\nlisten = /run/a.sock\nlisten.owner = www-data\npm = ondemand\npm.max_children = 5\n" + at("pool"),
		"/etc/php/8.3/fpm/php.ini":       at("php.ini"),
	}
}

// said is everything that the program says about a host, by the command that was run.
func said(t *testing.T, files map[string]string) map[string]string {
	t.Helper()
	t.Chdir(t.TempDir())
	t.Setenv("GITHUB_ACTIONS", "") // the words around a difference are random there
	for name, text := range files {
		name = filepath.Join("root", name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := map[string]string{}
	run := func(args ...string) {
		var stdout, stderr bytes.Buffer
		command{strings.NewReader(""), &stdout, &stderr, rules.All, nil}.main(append(args, "--root", "root", "/etc"))
		out[strings.Join(args, " ")] = stdout.String()
		out[strings.Join(args, " ")+" stderr"] = stderr.String()
	}
	for _, format := range report.Names() {
		run("check", "--verbose", "--format", format)
	}
	run("check", "--diff")
	run("baseline", "write", "--baseline", "b.json")
	run("baseline", "check", "--baseline", "b.json")
	run("baseline", "check", "--baseline", "b.json", "--disable", "WP001")
	text, err := os.ReadFile("b.json")
	if err != nil {
		t.Fatal(err)
	}
	out["b.json"] = string(text)
	return out
}

// TestSecretsStay plants secrets in lines that rules report. Nothing that the program says
// has a part of one, and nothing depends on it.
func TestSecretsStay(t *testing.T) {
	for _, p := range plants {
		t.Run(p.name, func(t *testing.T) {
			got := said(t, planted(p.file, p.lines))
			for what, text := range got {
				if strings.Contains(strings.ToLower(text), strings.ToLower(secretWord)) {
					t.Errorf("%s tells the secret:\n%s", what, text)
				}
			}
			other := said(t, planted(p.file, strings.ReplaceAll(p.lines, secretWord, "H1dd3n")))
			for what, text := range got {
				if other[what] != text {
					t.Errorf("%s depends on the secret:\n%s\n%s", what, text, other[what])
				}
			}
			if !reported(t, got["check --verbose --format json"], planted(p.file, p.lines)) {
				t.Errorf("no finding is on its line:\n%s", got["check --verbose --format text"])
			}
		})
	}
}

// reported reports whether a finding is on a line with a secret.
func reported(t *testing.T, text string, files map[string]string) bool {
	t.Helper()
	type place struct {
		At            string
		Line, EndLine int
	}
	var r struct{ Findings, NotChecked []place }
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	for _, f := range append(r.Findings, r.NotChecked...) {
		lines := strings.Split(files[f.At], "\n")
		for n := max(1, f.Line); n <= min(max(f.Line, f.EndLine), len(lines)); n++ {
			if strings.Contains(lines[n-1], secretWord) {
				return true
			}
		}
	}
	return false
}

// Nothing is masked in a healthy file that only has names like those of secrets.
func TestNotSecret(t *testing.T) {
	files := planted("location", strings.Join([]string{
		"fastcgi_param REQUEST_URI $request_uri;", "fastcgi_param HTTP_COOKIE $http_cookie;", "fastcgi_cache_key $scheme$host;",
		"auth_basic Staff; auth_basic_user_file /etc/nginx/users;", "ssl_certificate_key /etc/ssl/a.key;", "proxy_cookie_path / /x;",
		"fastcgi_param HTTP_PROXY '';", "set $memcached_key x;",
	}, "\n"))
	files["/etc/php/8.3/fpm/php.ini"] = "session.cookie_lifetime = 12345\nsession.use_only_cookies = 1\n"
	if text := said(t, files)["check --verbose --format text"]; strings.Contains(text, source.Mask) {
		t.Errorf("something is masked:\n%s", text)
	}
}
