package parser

import (
	"slices"
	"testing"
)

// withheld returns the names of the files of which no text may be printed.
func withheld(c *Configs) (names []string) {
	for _, f := range c.Files {
		if f.File != nil && f.Withheld {
			names = append(names, f.Path)
		}
	}
	return names
}

// A file that an include leads to shows that it is a configuration, or is withheld.
func TestWithheld(t *testing.T) {
	const nginx, fpm = "events {}\nhttp { include a; map $x $y { include table; } }", "[global]\ninclude = /a\n"
	for _, test := range []struct {
		what, main, text string
		want             bool
	}{
		{"words", nginx, "machine example login me password hunter2\n", true},
		{"names of others", nginx, "my $password;\nprint hunter2;\n", true},
		{"a name of nginx among others", nginx, "use strict;\nmy $password = hunter2;\n", true},
		{"PHP", nginx, "<?php\ndefine('A','hunter2');\nif(x){listen 80;}\n", true},
		{"a template of something", nginx, "{{ hunter2 }}\nlogin = x;\n", true},
		{"a template of nginx", nginx, "server { listen {{ port }}; }\n", false},
		{"a mistake after a directive", nginx, "gzip on;\nserver { listen 80 }\n", false},
		{"a misspelt name", nginx, "fastcgi_pas unix:/x;\n", false},
		{"a misspelt name in capitals", nginx, "GZIP-STATIC on;\n", false},
		{"no directive", nginx, "# nothing\n", false},
		{"most names are of nginx", nginx, "gzip on;\nbrotli on;\nexpires 1d;\n", false},
		{"variables of a shell", fpm, "DB_USER=shop\nDB_PASSWORD=hunter2\n", true},
		{"MySQL", fpm, "[client]\nuser = x\npassword = hunter2\n", true},
		{"a key", fpm, "-----BEGIN KEY-----\nhunter2\n", true},
		{"a template of other lines", fpm, "DB_USER=shop\n{% if x %}\nDB_PASSWORD=hunter2\n", true},
		{"a pool", fpm, "[www]\nuser = x\nlisten = 9000\npm = static\nprocess.nice = 3\n", false},
		{"a pool with a misspelt line", fpm, "[www]\npm.max_childs = 3\n", false},
		{"settings of PHP", fpm, "[www]\nphp_value[a] = 1\nenv[B] = 2\n", false},
		{"a section", fpm, "[www]\n", false},
	} {
		files := map[string]string{"/a": test.text, "/table": "hunter2 1;\n"}
		if test.main == nginx {
			files["/nginx.conf"] = nginx
		} else {
			files["/php-fpm.conf"] = fpm
		}
		got := withheld(Read(plant(files), []string{"/"}))
		if slices.Contains(got, "/a") != test.want || len(got) > 1 {
			t.Errorf("%s: withheld %q, want /a: %t", test.what, got, test.want)
		}
	}
}

// A file that the user names is withheld only if a mistake begins it.
func TestWithheldNamed(t *testing.T) {
	files := map[string]string{"/own.conf": "brotli on;\nserver {}\nbrotli_static on;\n", "/pool.conf": "[www]\nlisten = x\npm = static\nwrong = 1\nworse = 2\nworst = 3\n", "/key.conf": "server {\n} }"}
	if got := withheld(Read(plant(files), []string{"/own.conf", "/pool.conf", "/key.conf"})); got != nil {
		t.Errorf("withheld %q", got)
	}
	if got, want := withheld(Read(plant(files), []string{"/"})), []string{"/own.conf", "/pool.conf"}; !slices.Equal(got, want) {
		t.Errorf("withheld %q, want %q", got, want)
	}
}

// A link that a directory of PHP holds may lead to any file.
func TestWithheldPHPIni(t *testing.T) {
	files := map[string]string{
		"/etc/php/8.3/fpm/php-fpm.conf":       "[global]\ninclude = /etc/php/8.3/fpm/pool.d/*.conf\n",
		"/etc/php/8.3/fpm/pool.d/www.conf":    "[www]\nlisten = x\n",
		"/etc/php/8.3/fpm/php.ini":            "engine = On\nbroken (\n",
		"/etc/php/8.3/fpm/conf.d/10-x.ini":    "zend_extension=x.so\n",
		"/etc/php/8.3/fpm/conf.d/20-y.ini":    "xdebug.mode = off\n",
		"/etc/php/8.3/fpm/conf.d/30-none.ini": "; nothing\n",
		"/etc/php/8.3/fpm/conf.d/40-env.ini":  "-> /.env",
		"/.env":                               "USER=me\nPASSWORD=hunter2(\n",
	}
	if got, want := withheld(Read(plant(files), []string{"/"})), []string{"/etc/php/8.3/fpm/conf.d/40-env.ini"}; !slices.Equal(got, want) {
		t.Errorf("withheld %q, want %q", got, want)
	}
}
