package source

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
)

// Mark is a mark of a template in a text: a place that a program fills in
// before a server reads the file, such as {{ name }} or @NAME@.
type Mark struct {
	Start, End int // byte offsets in the text
	// Control is set for a mark without a value, which decides about the text around
	// it: {% if … %}, {{#name}}, <% end %>.
	Control bool
}

// maxMark is the greatest length of a mark, which ends on its line.
const maxMark = 200

// form is the spelling of a mark: what opens and closes it, and what it may hold.
type form struct {
	open, shut string
	holds      func(inner string) bool
}

// The table of marks. Of two that fit, the first applies.
var forms = [...]form{
	{"{{{", "}}}", anything}, {"{{", "}}", anything}, {"{%", "%}", anything}, {"{#", "#}", anything}, // Jinja, Twig, Go, Mustache
	{"<%", "%>", anything}, {"<?", "?>", anything}, // ERB, EJS, PHP
	{"<tmpl_", ">", anything}, {"</tmpl_", ">", anything}, // vlibTemplate, HTML::Template
	{"<TMPL_", ">", anything}, {"</TMPL_", ">", anything}, {"{tmpl_", "}", anything}, {"{/tmpl_", "}", anything},
	{"[%", "%]", spaced}, {"[[", "]]", spacedName}, // Template Toolkit
	{"{$", "}", name}, {"%{", "}", name}, {"#{", "}", name}, {"{", "}", name}, // Smarty, Puppet, Ruby, Python
	{"<", ">", angled}, {"((", "))", capitals},
	{"##", "##", name}, {"@@", "@@", name}, {"%%", "%%", name},
	{"@", "@", name}, {"%", "%", unencoded}, {"__", "__", word}, {"!", "!", name}, {"~", "~", name},
	{"%(", ")s", name},    // Python
	{"${", "}", computed}, // shells, Terraform, Nix: ${name} itself is a variable
	{"$(", ")", name},     // make, Kubernetes
}

// mayMark has a bit for each form that a byte may open, the first form in the lowest.
var mayMark = func() (table [256]uint32) {
	for i := range forms {
		table[forms[i].open[0]] |= 1 << i
	}
	return table
}()

// FindMark returns the first mark of text at or after from.
func FindMark(text string, from int) (m Mark, ok bool) {
	for i := from; i < len(text); i++ {
		if mayMark[text[i]] == 0 {
			continue
		}
		if m, ok := MarkAt(text, i); ok {
			return m, true
		}
	}
	return Mark{}, false
}

// MarkAt returns the mark that starts at text[i].
func MarkAt(text string, i int) (m Mark, ok bool) {
	end := markEnd(text, i)
	if end == 0 {
		return Mark{}, false
	}
	return Mark{i, end, controls(text[i:end])}, true
}

// markEnd returns the end of the mark at text[i], and 0 if there is none. What is text
// of a server is not a mark: ${name}, and the braces and groups of regular expressions.
func markEnd(text string, i int) int {
	rest := text[i:min(len(text), i+maxMark)]
	for left := mayMark[text[i]]; left != 0; left &= left - 1 {
		f := &forms[bits.TrailingZeros32(left)]
		inner, ok := strings.CutPrefix(rest, f.open)
		if !ok || ofExpression(text[:i], f.open) {
			continue
		}
		if end := strings.IndexByte(inner, '\n'); end >= 0 {
			inner = inner[:end]
		}
		n := strings.Index(inner, f.shut)
		if n >= 0 && f.holds(inner[:n]) && !ofFormat(text, i, inner[n:]) {
			return i + len(f.open) + n + len(f.shut)
		}
		if n < 0 && slices.Contains(overLines, f.open) {
			return i + len(f.open)
		}
	}
	return 0
}

// overLines are the opening signs of marks that often go on over several lines. Without
// an end on its line, the sign itself is the mark.
var overLines = []string{"{{", "{%", "<%"}

// ofExpression reports whether an opening sign belongs to the syntax before it: a
// variable ${name}, a named group (?<name> or reference \k<name>, a property \p{L}.
func ofExpression(before, open string) bool {
	switch open {
	case "{":
		return strings.HasSuffix(before, "$") || len(before) > 1 && before[len(before)-2] == '\\'
	case "<":
		return strings.HasSuffix(before, "(?") || strings.HasSuffix(before, "(?P") || strings.HasSuffix(before, `\k`)
	}
	return false
}

// ofFormat reports whether the sign at text[i], which after closes, is a field of access.format
// of PHP-FPM: %{name}e (php-src sapi/fpm/fpm/fpm_log.c, fpm_log_write).
func ofFormat(text string, i int, after string) bool {
	if text[i] == '{' && i > 0 {
		i--
	}
	return strings.HasPrefix(text[i:], "%{") && len(after) > 1 && strings.IndexByte("CMdeotT", after[1]) >= 0
}

// controls reports whether a mark has no value.
func controls(mark string) bool {
	var inner string
	switch {
	case strings.HasPrefix(mark, "{%"), strings.HasPrefix(mark, "{#"):
		return true
	case strings.HasPrefix(mark, "{{"):
		inner = strings.TrimLeft(mark, "{-~ ")
		return inner == "" || strings.IndexByte("#/^!>", inner[0]) >= 0 || controlWord(inner)
	case strings.HasPrefix(mark, "<%"):
		return !strings.HasPrefix(mark, "<%=")
	case strings.HasPrefix(mark, "<?"):
		inner = strings.TrimLeft(strings.TrimPrefix(mark[2:], "php"), " \t")
		return !strings.HasPrefix(mark, "<?=") && !strings.HasPrefix(inner, "echo") && !strings.HasPrefix(inner, "print")
	case tmpl(mark):
		return !strings.EqualFold(mark[1:min(len(mark), len("<tmpl_var"))], "tmpl_var")
	case strings.HasPrefix(mark, "[%"):
		return controlWord(strings.ToLower(strings.TrimLeft(mark[2:], "-+ ")))
	}
	return false
}

// tmpl reports whether a mark is one of vlibTemplate or HTML::Template.
func tmpl(mark string) bool {
	const name = "tmpl_"
	after := strings.TrimPrefix(mark[1:], "/")
	return len(after) > len(name) && strings.EqualFold(after[:len(name)], name)
}

// controlWord reports whether the inside of a mark starts with a statement of Go
// templates, Handlebars or the Template Toolkit.
func controlWord(inner string) bool {
	for _, word := range [...]string{"if", "else", "elsif", "end", "range", "with", "define", "template", "block", "foreach", "for", "unless", "while", "include", "set"} {
		if rest, ok := strings.CutPrefix(inner, word); ok && (rest == "" || !nameByte(rest[0])) {
			return true
		}
	}
	return false
}

// spaced reports whether a mark holds something between blanks or signs that control them.
func spaced(inner string) bool { return inner != "" && strings.IndexByte(" \t-+=~#", inner[0]) >= 0 }

func anything(inner string) bool { return inner != "" }

// name reports whether a mark holds a name: a letter, then letters, digits, "_", "-" and
// ".".
func name(inner string) bool {
	if inner == "" || !letter(inner[0]) && inner[0] != '_' {
		return false
	}
	for i := range len(inner) {
		if !nameByte(inner[i]) && inner[i] != '.' {
			return false
		}
	}
	return true
}

// angled is name for what is between < and >, where HTML has its elements.
func angled(inner string) bool { return name(inner) && !slices.Contains(elements, inner) }

var elements = strings.Fields("a b body br center code div em font form h1 h2 h3 h4 head hr html i img input li link meta p pre script span strong style svg table td title tr u ul")

// computed reports whether a mark holds more than the name of a variable: a default, as
// in NAME:-value, or an expression that starts with a member or a call, as in var.name.
func computed(inner string) bool {
	end := 0
	for end < len(inner) && (nameByte(inner[end]) && inner[end] != '-') {
		end++
	}
	if end == 0 || end == len(inner) {
		return false
	}
	switch inner[end] {
	case ':':
		return len(inner) > end+1 && strings.IndexByte("-=?+", inner[end+1]) >= 0
	case '.', '(', '[':
		return letter(inner[0]) && end+1 < len(inner)
	}
	return false
}

func spacedName(inner string) bool { return name(strings.Trim(inner, " ")) }

// capitals is name without lower case.
func capitals(inner string) bool {
	for i := range len(inner) {
		if 'a' <= inner[i] && inner[i] <= 'z' {
			return false
		}
	}
	return name(inner)
}

// word reports whether a mark holds letters, digits and "_".
func word(inner string) bool {
	for i := range len(inner) {
		if !nameByte(inner[i]) || inner[i] == '-' {
			return false
		}
	}
	return inner != ""
}

// unencoded is word for what is between two percent signs, where an encoded URL has
// two hexadecimal digits, and the access.format of PHP-FPM one letter.
func unencoded(inner string) bool {
	return len(inner) > 1 && word(inner) && (letter(inner[0]) || inner[0] == '_') && (len(inner) != 2 || strings.Trim(inner, "0123456789abcdefABCDEF") != "")
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func nameByte(c byte) bool { return letter(c) || '0' <= c && c <= '9' || c == '_' || c == '-' }

// TemplateMark returns the first mark of a template language in a value, whose
// text changes when the template is rendered; "" for none.
func TemplateMark(text string) string {
	if m, ok := FindMark(text, 0); ok {
		return text[m.Start:m.End]
	}
	return ""
}

// Stub reports whether a value that a server refuses is, or consists of, a name in
// capitals that a program replaces without any sign around it: APP_PROXY_HOST,
// http://USER-NAME:8080. A word without "_" or "-" is not one.
func Stub(text string) bool {
	if strings.IndexByte(text, '_') < 0 && strings.IndexByte(text, '-') < 0 {
		return false
	}
	for text != "" {
		n := 0
		for n < len(text) && nameByte(text[n]) {
			n++
		}
		if part := text[:n]; strings.ContainsAny(part, "_-") && capitals(part) && !strings.HasSuffix(part, "_") && !strings.HasSuffix(part, "-") {
			return true
		}
		text = text[min(n+1, len(text)):]
	}
	return false
}

// ownMarks are what Apache itself replaces in a value, and the names of groups in a regular expression.
// A variable of Debian's envvars without its braces, or one of them, is text for Apache, and no
// program replaces it.
var ownMarks = lazyregexp.New(`\$\{\w+\}|[$%]\{?APACHE_[A-Z_]+\b\}?|%[!<>,0-9+-]*\{[^{}]*\}|\(\?P?<\w+>`)

// Plain returns a text of f without what its own language has and looks like marks: that of Apache
// has variables.
func (f *File) Plain(text string) string {
	if f == nil || f.Variables == nil || !mayOwn(text) {
		return text
	}
	return ownMarks.ReplaceAllString(text, " ")
}

// mayOwn reports whether ownMarks may match in a text: few have what each of its matches has.
func mayOwn(text string) bool {
	for i := 0; i < len(text); i++ {
		switch rest := text[i:]; rest[0] {
		case '$':
			if strings.HasPrefix(rest, "${") || strings.HasPrefix(rest, "$APACHE_") {
				return true
			}
		case '%':
			if strings.HasPrefix(rest, "%APACHE_") || strings.IndexByte(rest, '{') >= 0 {
				return true
			}
		case '(':
			if strings.HasPrefix(rest, "(?<") || strings.HasPrefix(rest, "(?P<") {
				return true
			}
		}
	}
	return false
}
