package parser

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// debianEnvvars is the file as Debian's package has it, comments shortened.
const debianEnvvars = `# envvars - default environment variables for apache2ctl
unset HOME
if [ "${APACHE_CONFDIR##/etc/apache2-}" != "${APACHE_CONFDIR}" ] ; then
	SUFFIX="-${APACHE_CONFDIR##/etc/apache2-}"
else
	SUFFIX=
fi
export APACHE_RUN_USER=www-data
export APACHE_RUN_GROUP=www-data
export APACHE_PID_FILE=/var/run/apache2$SUFFIX/apache2.pid
export APACHE_RUN_DIR=/var/run/apache2$SUFFIX
export APACHE_LOG_DIR=/var/log/apache2$SUFFIX
## The locale used by some modules like mod_dav
export LANG=C
#. /etc/default/locale
export LANG
#export APACHE_ARGUMENTS=''
`

func TestReadShell(t *testing.T) {
	for _, test := range []struct {
		what, name, text string
		want             string // NAME=value, NAME for one that is not known
	}{
		{"of Debian", "/etc/apache2/envvars", debianEnvvars,
			"APACHE_RUN_USER=www-data APACHE_RUN_DIR=/var/run/apache2 APACHE_PID_FILE=/var/run/apache2/apache2.pid LANG=C APACHE_ARGUMENTS HOME"},
		{"of a second instance", "/etc/apache2-blog/envvars", debianEnvvars, "APACHE_RUN_DIR=/var/run/apache2-blog"},
		{"of the official PHP image", "/e", ": ${APACHE_RUN_USER:=www-data}\nexport APACHE_RUN_USER\n: ${OTHER:=x}\n", "APACHE_RUN_USER=www-data OTHER"},
		{"one that is set before", "/e", "export A=b\n: ${A:=c}\nexport B=${A:-d} C=\"${X-e}\"\n", "A=b B=b C=e"},
		{"quotes", "/e", "export A='b $c'\nexport B=\"d\\\"e $A\" C=f\\ g\n", "A=b $c B=d\"e b $c C=f g"},
		{"a line that goes on", "/e", "export A=b\\\nc \\\n  D=e\n", "A=bc D=e"},
		{"not exported", "/e", "A=b\nB=c\nexport B\n", "A B=c"},
		{"a comment after it", "/e", "export A=b # c\nexport D=e#f\n", "A=b D=e#f"},
		{"a command", "/e", "export A=$(hostname) B=`id -u`x C=d\n", "A B C=d"},
		{"a variable of the system", "/e", "export A=$HOME/x\n", "A"},
		{"under a condition", "/e", "if test -f /x; then export A=b; fi\nexport C=d\ncase $x in\n  a) export E=f ;;\nesac\n[ -f /x ] && export G=h\nexport I=j\n", "A C=d E G I=j"},
		{"overridden under a condition", "/e", "export A=b\nif x; then A=c; fi\n", "A"},
		{"removed", "/e", "export A=b\nunset A\n", "A"},
		{"a function", "/e", "f() {\n  export A=b\n}\nexport C=d\n", "A C=d"},
		{"a program", "/e", "A=b program\nexport C=d\n", "A C=d"},
		{"a value in quotes", "/e", "A=\"b c\"\nB='d e'\nexport A B\nC\"D\"=e\nexport F=g\n", "A=b c B=d e CD F=g"},
		{"a program with quotes", "/e", "export A\nA=\"b\" program \"c\"\nexport C=d\n", "A C=d"},
		{"no end of a quote", "/e", "export A=\"b\nexport C=d\n", "C"},
		{"nothing", "/e", "", "A"},
	} {
		var e Environment
		e.readShell(&source.File{Name: test.name, Text: test.text})
		for _, want := range splitWant(test.want) {
			name, value, known := strings.Cut(want, "=")
			if got, ok := e.Get(name); ok != known || ok && got != value {
				t.Errorf("%s: %s: got %q, %t, want %q, %t", test.what, name, got, ok, value, known)
			}
		}
	}
}

// splitWant splits NAME=value NAME … before each name in capitals.
func splitWant(text string) (all []string) {
	for _, word := range strings.Fields(text) {
		if name, _, _ := strings.Cut(word, "="); len(all) > 0 && (name == "" || strings.ToUpper(name) != name || name[0] == '$' || name[0] == '/') {
			all[len(all)-1] += " " + word
			continue
		}
		all = append(all, word)
	}
	return all
}

func TestReadPlain(t *testing.T) {
	var e Environment
	e.readPlain(&source.File{Text: "# OPTIONS=no\nOPTIONS=\"-D SSL -DFOO\"\nLANG=C\nA = b\n;B=c\nno line\nC='$A'\n1=2\n"})
	for name, want := range map[string]string{"OPTIONS": "-D SSL -DFOO", "LANG": "C", "A": "b", "C": "$A"} {
		if got, ok := e.Get(name); got != want || !ok {
			t.Errorf("%s: got %q, %t, want %q", name, got, ok, want)
		}
	}
	if _, ok := e.Get("B"); ok {
		t.Error("a comment sets B")
	}
}

func TestEnvironmentSecrets(t *testing.T) {
	f := &source.File{Name: "/e", Text: "export DB_PASSWORD=hunter2\nexport LANG=C\n"}
	var e Environment
	if e.readShell(f); len(f.Secrets()) != 1 || f.Secrets()[0].Text() != "hunter2" {
		t.Errorf("secrets %v", f.Secrets())
	}
}

// What a file of variables holds cannot cost more than its size.
func TestReadShellHostile(t *testing.T) {
	double := "export A=" + strings.Repeat("x", 1000) + "\n" + strings.Repeat("A=$A$A\n", 10_000)
	for _, text := range []string{
		double, strings.Repeat("if ", 200_000), strings.Repeat("${", 200_000), strings.Repeat("\"", 200_001), strings.Repeat("$(", 100_000),
		strings.Repeat("`", 100_001), strings.Repeat("export A", 100_000), "${", "${}", "${:=", "$", "\\", "'", "export", "=", "unset", "{", "}}", "&&", "&", "A=\\",
	} {
		var e Environment
		e.readShell(&source.File{Text: text})
		if n := len(e.vars["A"].value); n > 2*maxValue {
			t.Errorf("%.20q: a value of %d bytes", text, n)
		}
	}
}

func FuzzReadShell(f *testing.F) {
	f.Add(debianEnvvars)
	f.Add(": ${A:=b}\nexport A=\"$A\" B='c'\n")
	f.Fuzz(func(_ *testing.T, text string) {
		var e Environment
		e.readShell(&source.File{Name: "/e", Text: text})
	})
}
