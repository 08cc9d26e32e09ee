package ini

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// show formats a result: one line per statement, then the problems with the text at their place.
func show(f *File) string {
	var out []string
	for l := range f.Lines() {
		s := l.Key()
		if l.Indexed() {
			s += "[" + l.Index() + "]"
		}
		switch l.Kind() {
		case Section:
			s = "[" + l.Key() + "]"
		case Entry:
			s += "=" + l.Value().Text
		case Bare:
			s += "?"
		}
		if forms := showForm(l.Value().Form); forms != "" {
			s += " " + forms
		}
		if l.Value().Why != "" {
			s += " <" + l.Value().Why + ">"
		}
		out = append(out, s)
	}
	for _, p := range f.Problems {
		out = append(out, fmt.Sprintf("! %s at %q", p.Message, p.At.Text()))
	}
	return strings.Join(out, "\n")
}

func showForm(f Form) string {
	names := []string{"quoted", "single", "bool", "expression", "constant", "env"}
	var on []string
	for i, name := range names {
		if f&(1<<i) != 0 {
			on = append(on, name)
		}
	}
	return strings.Join(on, "+")
}

// row is a file of one or a few lines, and the result in both modes.
type row struct{ text, want string }

// rows read the same in both modes. TestRowsAgainstPHP checks them against PHP.
var rows = []row{
	// Names and comments.
	{"k = v", "k=v"},
	{"k=v", "k=v"},
	{"\t k \t=\t v", "k=v"},
	{"Key.With-All:of/it = v", "Key.With-All:of/it=v"},
	{"two words = v", "two words=v"},
	{"#k = x", "#k=x"},
	{"# hello", "# hello?"},
	{"k", "k?"},
	{"- = v", "-=v"},
	{"a b\tc = v", "a b?\nc=v"},
	{"; k = v", ""},
	{"k = v;c", "k=v"},
	{"k = 10s;", "k=10s"},
	{"k = v ; c", "k=v"},
	{"k = v # c", "k=v # c"},
	{"k = \"a;b\" ; c \"x\"", "k=a;b quoted"},
	{"k = ; c", "k="},
	{"on = v", "! syntax error, unexpected BOOL_TRUE at \"on\""},
	{"Null = v", "! syntax error, unexpected NULL_NULL at \"Null\""},
	{"  off = v", "off=v"},
	{"\tnone = v", "! syntax error, unexpected BOOL_FALSE at \"none\""},
	{"once = v", "once=v"},
	{"\"k\" = v", "! syntax error, unexpected '\"' at \"\\\"\""},
	{"a{b = v", "! syntax error, unexpected '{' at \"{\""},
	{"a$b = v", "! syntax error, unexpected '$' at \"$\""},
	{"= v", "! syntax error, unexpected '=' at \"=\""},

	// Index.
	{"php_value[a] = v", "php_value[a]=v"},
	{"php_value[] = v", "php_value[]=v"},
	{"k[\"a b\"] = v", "k[a b]=v"},
	{"env['LC_ALL'] = C", "env[LC_ALL]=C"},
	{"k [ a ] = v", "k[a ]=v"},
	{"k[E_ALL] = v", "k[32767]=v"},
	{"k[true] = v", "k[1]=v"},
	{"k[on] = v", "k[on]=v"},
	{"k[a", "! syntax error, unexpected end of file, expecting ']' at \"\""},
	{"k[a;] = v", "! syntax error, unexpected end of file, expecting ']' at \";\""},
	{"k[a]", "! syntax error, unexpected END_OF_LINE, expecting '=' at \"\""},
	{"k[a] b = v", "! syntax error, unexpected TC_LABEL, expecting '=' at \"b\""},

	// Sections.
	{"[www]", "[www]"},
	{"[ www ]", "[ www ]"},
	{"[www] ; c ]", "[www]"},
	{"[a]b]", "[a]\nb]?"},
	{"[\"www\"]", "[www] quoted"},
	{"['www']", "[www] single"},
	{"[www.example]", "[www.example]"},
	{"[E_ALL]", "[E_ALL]"},
	{"[]", "[]"},
	{"[www] k = v", "[www]\nk=v"},
	{"\t[www]", "[www]"},
	{"  [www]", "! syntax error, unexpected END_OF_LINE, expecting '=' at \"\""},
	{"[www", "! syntax error, unexpected end of file, expecting ']' at \"\""},
	{"[a;b]", "! syntax error, unexpected end of file, expecting ']' at \";\""},

	// Bare words.
	{"k = On", "k=1 bool"},
	{"k = TRUE", "k=1 bool"},
	{"k = yes ", "k=1 bool"},
	{"k = Off", "k= bool"},
	{"k = no", "k= bool"},
	{"k = None", "k= bool"},
	{"k = false", "k= bool"},
	{"k = null", "k= bool"},
	{"k = on;", "k=1 bool"},
	{"k = only", "k=only"},
	{"k = \"On\"", "k=On quoted"},
	{"k = yes sir", "! syntax error, unexpected TC_CONSTANT at \"sir\""},
	{"k = a on", "! syntax error, unexpected BOOL_TRUE at \"on\""},
	{"k = on|1", "! syntax error, unexpected '|' at \"|\""},
	{"k =", "k="},

	// Quotes.
	{"k = \"\"", "k= quoted"},
	{"k = \"a\\\"b\"", "k=a\"b quoted"},
	{"k = \"a\\\\b\"", "k=a\\b quoted"},
	{"k = \"a\\\\\"", "k=a\\ quoted"},
	{"k = \"a\\$b\\q\"", "k=a$b\\q quoted"},
	{"k = \"C:\\dir\\\"", "k=C:\\dir\\ quoted"},
	{"k = \"a$b\"", "k=a$b quoted"},
	{"k = 'a\\b'", "k=a\\b single"},
	{"k = 'a\\'b'", "k=a\\b single"},
	{"k = \"a\"b", "k=ab quoted"},
	{"k = a\"b\"", "k=ab quoted"},
	{"k = \"a\" \"b\"", "k=ab quoted"},
	{"k = 'a' 'b'", "k=a b single"},
	{"k = 'a'\"b\"", "k=ab quoted+single"},
	{"k = a \"b\" c", "k=abc quoted"},
	{"k = `a b`", "k=`a b`"},
	{"k = it's", "k=it"},
	{"k = a''b", "k=a\n'b?"},
	{"k = ''", "k=\n'?"},
	{"k = 'a", "! syntax error, unexpected end of file at \"'\""},
	{"k = \"a", "! syntax error, unexpected end of file, expecting TC_DOLLAR_CURLY or TC_QUOTED_STRING or '\"' at \"\\\"\""},
	{"k = \"\"\"abc", "! syntax error, unexpected end of file, expecting TC_DOLLAR_CURLY or TC_QUOTED_STRING or '\"' at \"\\\"\""},

	// References.
	{"k = ${TESTENV}", "k=${TESTENV} env <value of ${TESTENV}>"},
	{"k = a${TESTENV}b", "k=a${TESTENV}b env <value of ${TESTENV}>"},
	{"k = \"x${TESTENV}y\"", "k=x${TESTENV}y quoted+env <value of ${TESTENV}>"},
	{"k = 'x${TESTENV}y'", "k=x${TESTENV}y single"},
	{"k = ${NOPE:-d}", "k=${NOPE:-d} env <value of ${NOPE:-d}>"},
	{"k = ${A} ${B}", "k=${A} ${B} env <value of ${A}>"},
	{"[${TESTENV}]", "[${TESTENV}] env <value of ${TESTENV}>"},
	{"k[${TESTENV}] = v", "k[${TESTENV}]=v <value of ${TESTENV}>"},
	{"k = $pool/$VAR", "k=$pool/$VAR"},
	{"k = $$", "k=$$"},
	{"k = ${T", "! syntax error, unexpected end of file, expecting '}' at \"\""},
	{"k = ${}", "! syntax error, unexpected '}', expecting TC_VARNAME at \"}\""},

	// Constants and arithmetic.
	{"k = E_ALL", "k=32767 constant"},
	{"k = E_ALL & ~E_DEPRECATED", "k=24575 expression+constant"},
	{"k = E_ERROR | E_WARNING", "k=3 expression+constant"},
	{"k = e_all", "k=e_all"},
	{"k = E_ALLx E_ALL", "k=E_ALLx 32767 constant"},
	{"k = \"E_ALL\"", "k=E_ALL quoted"},
	{"k = PHP_VERSION", "k=PHP_VERSION constant <value of the PHP constant PHP_VERSION>"},
	{"k = PHP_VERSION | 1", "k=PHP_VERSION | 1 expression+constant <value of the PHP constant PHP_VERSION>"},
	{"k = PROD", "k=PROD"},
	{"k = !1", "k=0 expression"},
	{"k = !x", "k=1 expression"},
	{"k = (1|2)", "k=3 expression"},
	{"k = ((1))", "k=1"},
	{"k = (1|2)&6", "k=2 expression"},
	{"k = 1|2&6", "k=2 expression"},
	{"k = ~1|2", "k=-2 expression"},
	{"k = a&b", "k=0 expression"},
	{"k = 6|1", "k=7 expression"},
	{"k = 5^1", "k=4 expression"},
	{"k = ~/x", "k=-1 expression"},
	{"k = 99999999999|0", "k=1215752191 expression"},
	{"k = a=b", "! syntax error, unexpected '=' at \"=\""},
	{"k = a~b", "! syntax error, unexpected '~' at \"~\""},
	{"k = a!b", "! syntax error, unexpected '!' at \"!\""},
	{"k = f(x)", "! syntax error, unexpected '(' at \"(\""},
	{"k = %(z)s", "! syntax error, unexpected '(' at \"(\""},
	{"k = a)", "! syntax error, unexpected ')' at \")\""},
	{"k = (1", "! syntax error, unexpected END_OF_LINE, expecting '^' or '|' or '&' or ')' at \"\""},
	{"k = 1 |", "! syntax error, unexpected END_OF_LINE at \"\""},
	{"k = {a},b:c@d%e[f]", "k={a},b:c@d%e[f]"},

	// Bytes.
	{"k = v\u00a0", "k=v\u00a0"},
	{"k = \xff\xfe", "k=\xff\xfe"},
	{"\ufeffk = v", "k=v"},
	{"k = v\r", "k=v"},
	{"[www]\rk = v\rl = w", "[www]\nk=v\nl=w"},
	{"k = a\\", "k=a\\"},
}

func TestRows(t *testing.T) {
	for _, r := range rows {
		for _, mode := range []Mode{LineMode, FileMode} {
			// FileMode keeps what came before an error, as PHP does.
			f, _ := plain(r.text+"\n", mode)
			if len(f.Problems) > 0 {
				f.records = nil
			}
			if got := show(f); got != r.want {
				t.Errorf("%q in mode %d:\n got %s\nwant %s", r.text, mode, got, r.want)
			}
		}
	}
}

func TestRowsAgainstPHP(t *testing.T) {
	var files []string
	for _, r := range rows {
		files = append(files, r.text+"\n")
	}
	for i, php := range askPHP(t, files) {
		compare(t, files[i], FileMode, php)
		compare(t, files[i], LineMode, php)
	}
}

// TestModes checks what the two modes read differently.
func TestModes(t *testing.T) {
	tests := []struct{ text, line, file string }{
		{"a = 'x\ny'\n", "y'?\n! syntax error, unexpected end of file at \"'\"", "a=x\ny single"},
		{"a = \"x\ny\"\n", "! syntax error, unexpected end of file, expecting TC_DOLLAR_CURLY or TC_QUOTED_STRING or '\"' at \"\\\"\"\n! syntax error, unexpected '\"' at \"\\\"\"", "a=x\ny quoted"},
		{"a = it's\nb = don't\n", "a=it\nb=don", "a=its\nb = dont single"},
		{"a = it's\nb = 1\n", "a=it\nb=1", "a=it"},
		{"a = b=c\nd = 1\n", "d=1\n! syntax error, unexpected '=' at \"=\"", "a=b\nd=1\n! syntax error, unexpected '=' at \"=\""},
		{"a = x$\nb = 1\n", "a=x$\n\nb=1", "a=x$\nb \n! syntax error, unexpected '=' at \"=\""},
		{"a = x$", "a=x$\n", "a=x"},
		{"a = 1 \x00 = 2\nb = 1\n", "a=1 \nb=1", "a=1 \nb=1\n! syntax error, unexpected '=' at \"=\""},
		{"a = v  ", "a=v", "a=v  "},
		{"a", "a?", ""},
		{"a = 1\n\ufeffb = 1\n", "a=1\nb=1", "a=1\n\ufeffb=1"},
		{"a = 1\r\nb = 2\r\n", "a=1\nb=2", "a=1\nb=2"},
		{"", "", ""},
		{"\n\n  \n", "", ""},
	}
	for _, tt := range tests {
		if f, _ := plain(tt.text, LineMode); show(f) != tt.line {
			t.Errorf("%q line by line:\n got %s\nwant %s", tt.text, show(f), tt.line)
		}
		if f, _ := plain(tt.text, FileMode); show(f) != tt.file {
			t.Errorf("%q as a whole:\n got %s\nwant %s", tt.text, show(f), tt.file)
		}
	}
}

func TestSpans(t *testing.T) {
	src := &source.File{Name: "/www.conf", Text: "; one\r\n[ \"w\" ] ; two\r\n  pm.max = \"5\" \\x ;three\r\nenv [ A] =  'b c'\nempty =\nflag = On\n# bare\n"}
	f := Parse(src, LineMode)
	var got []string
	for l := range f.Lines() {
		got = append(got, fmt.Sprintf("%q %q %q", l.KeyAt().Text(), l.IndexAt().Text(), l.Value().At.Text()))
	}
	for _, c := range src.Comments {
		got = append(got, c.Text())
	}
	got = append(got, fmt.Sprint(f.Line(3).Value().At.Begin()))
	want := []string{
		`" \"w\" " "" " \"w\" "`,
		`"pm.max" "" "\"5\" \\x"`,
		`"env" "A" "'b c'"`,
		`"empty" "" ""`,
		`"flag" "" "On"`,
		`"# bare" "" ""`,
		"; one", "; two", ";three",
		"{5 8}",
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}
