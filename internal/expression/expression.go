// Package expression finds what httpd refuses in its expressions, such as that of <If> and the
// %{…} in a SetHandler. It follows httpd 2.4 (server/util_expr_scan.l, util_expr_parse.y,
// util_expr_eval.c) and evaluates nothing.
package expression

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/pcre"
)

// Names reports whether modules bring names besides those of httpd's core; any may be nil.
type Names struct {
	Variable, Function, List func(name string) bool
}

// Mistake is the first mistake in an expression.
type Mistake struct {
	// Log is what httpd says; it may lack the end, which is what httpd expected.
	Log string
	// Plain is the same for a sentence.
	Plain string
	// Unknown is set if a name is unknown, which another module may bring.
	Unknown bool
}

// Jammed is with which words httpd ends when its scanner knows no token.
const Jammed = "flex scanner jammed"

// maxLength is the longest expression that is judged: the parts of one may have 8191 bytes
// (httpd include/httpd.h, MAX_STRING_LEN).
const maxLength = 8000

// maxNesting is how deep an expression may be nested to be judged.
const maxNesting = 100

// Text returns the first mistake in a text with %{…} in it; nil for none.
func Text(text string, names Names) *Mistake {
	p := parser{names: names, s: text}
	if judged(text) {
		p.parts(0)
	}
	return p.mistake()
}

// Condition returns the first mistake in an expression that is true or false; nil for none.
func Condition(text string, names Names) *Mistake {
	p := parser{names: names, s: text}
	if judged(text) {
		if p.next(); p.or(0) {
			p.expect("$end")
		}
	}
	return p.mistake()
}

func judged(text string) bool { return len(text) <= maxLength && strings.IndexByte(text, 0) < 0 }

func (p *parser) mistake() *Mistake {
	if p.why == "" || p.deep {
		return nil
	}
	return &Mistake{p.why, p.plain, p.unknown}
}

// token is one token of an expression, named as httpd's messages name it.
type token struct{ kind, text string }

// parser reads one expression.
type parser struct {
	names   Names
	s       string // what is left
	token   token
	why     string // the first mistake, in httpd's words
	plain   string // the same for a sentence
	unknown bool   // it is a name
	deep    bool   // nested too deep
}

// fail records the first mistake.
func (p *parser) fail(why, plain string) bool {
	if p.why == "" {
		p.why, p.plain = why, plain
	}
	return false
}

// unexpected records that the token is in the wrong place.
func (p *parser) unexpected() bool {
	if p.token.kind == "$end" {
		return p.fail("syntax error, unexpected $end", "it ends too early")
	}
	return p.fail("syntax error, unexpected "+p.token.kind, "unexpected "+quoted(p.token.text))
}

// expect reports whether the token is of a kind, and reads the next.
func (p *parser) expect(kind string) bool {
	if p.why != "" {
		return false
	}
	if p.token.kind != kind {
		return p.unexpected()
	}
	if kind != "$end" {
		p.next()
	}
	return p.why == ""
}

// or reads conditions that and and or connect.
func (p *parser) or(depth int) bool {
	for {
		if !p.not(depth) {
			return false
		}
		if p.token.kind != "T_OP_OR" && p.token.kind != "T_OP_AND" {
			return true
		}
		p.next()
	}
}

// not reads one condition.
func (p *parser) not(depth int) bool {
	if depth > maxNesting {
		p.deep = true
		return p.fail("memory exhausted", "it is nested too deep")
	}
	switch p.token.kind {
	case "T_OP_NOT":
		p.next()
		return p.not(depth + 1)
	case "T_TRUE", "T_FALSE":
		p.next()
		return p.why == ""
	case "'('":
		p.next()
		return p.or(depth+1) && p.expect("')'")
	case "T_OP_UNARY":
		name := p.token.text
		p.next()
		return p.word(depth+1) && p.known("Unary operator", "-"+name, slices.Contains(unaries, name))
	}
	return p.comparison(depth + 1)
}

// comparison reads two words and what compares them.
func (p *parser) comparison(depth int) bool {
	if !p.word(depth) {
		return false
	}
	operator := p.token
	switch operator.kind {
	case "T_OP_BINARY":
		p.next()
		return p.word(depth) && p.known("Binary operator", "-"+operator.text, isOneOf(operator.text, binaries))
	case "T_OP_EQ", "T_OP_NE", "T_OP_LT", "T_OP_LE", "T_OP_GT", "T_OP_GE", "T_OP_STR_EQ", "T_OP_STR_NE", "T_OP_STR_LT", "T_OP_STR_LE", "T_OP_STR_GT", "T_OP_STR_GE":
		p.next()
		return p.word(depth)
	case "T_OP_IN":
		p.next()
		return p.list(depth)
	case "T_OP_REG", "T_OP_NRE":
		p.next()
		return p.regex()
	}
	return p.unexpected()
}

// list reads { word, word } or a function that gives a list.
func (p *parser) list(depth int) bool {
	if p.token.kind == "T_ID" {
		name := p.token.text
		p.next()
		return p.expect("'('") && p.word(depth) && p.expect("')'") && p.known("List-returning function", name, has(p.names.List, name))
	}
	if !p.expect("'{'") {
		return false
	}
	for {
		if !p.word(depth) {
			return false
		}
		if p.token.kind != "','" {
			return p.expect("'}'")
		}
		p.next()
	}
}

func (p *parser) regex() bool {
	if p.token.kind != "T_REGEX" {
		return p.unexpected()
	}
	if why := Pattern(p.token.text); why != "" {
		return p.fail("Failed to compile regular expression", "the regular expression "+quoted(p.token.text)+" "+why)
	}
	p.next()
	return p.why == ""
}

// word reads texts, numbers, variables and functions that a . connects.
func (p *parser) word(depth int) bool {
	for p.why == "" && p.primary(depth) {
		if p.token.kind != "T_OP_CONCAT" {
			return p.why == ""
		}
		p.next()
	}
	return false
}

func (p *parser) primary(depth int) bool {
	if depth > maxNesting {
		p.deep = true
		return p.fail("memory exhausted", "it is nested too deep")
	}
	switch p.token.kind {
	case "T_DIGIT", "T_REGEX_BACKREF":
		p.next()
	case "T_VAR_BEGIN":
		if p.variable() {
			p.next()
		}
	case "T_STR_BEGIN":
		if p.parts(p.token.text[0]) {
			p.next()
		}
	case "T_ID":
		name := p.token.text
		p.next()
		return p.expect("'('") && p.word(depth+1) && p.expect("')'") && p.function(name)
	default:
		return p.unexpected()
	}
	return p.why == ""
}

// The operators of httpd (httpd server/util_expr_eval.c, unary_op_providers and others).
var (
	unaries  = []string{"n", "z", "R", "T", "d", "e", "f", "s", "L", "h", "x", "F", "U", "A"}
	binaries = []string{"ipmatch", "fnmatch", "strmatch", "strcmatch"}
)

// known records a name that does not exist.
func (p *parser) known(what, name string, ok bool) bool {
	if ok {
		return true
	}
	p.unknown = p.unknown || p.why == ""
	return p.fail(what+" '"+name+"' does not exist", strings.ToLower(what)+" "+quoted(name)+" does not exist")
}

// functions are those of httpd (httpd server/util_expr_eval.c, string_func_providers).
var functions = []string{
	"osenv", "env", "resp", "req", "http", "note", "reqenv", "req_novary", "tolower", "toupper", "escape", "unescape", "file", "filesize",
	"base64", "unbase64", "sha1", "md5", "ldap",
}

func (p *parser) function(name string) bool {
	return p.known("Function", name, isOneOf(name, functions) || has(p.names.Function, name))
}

// variables are those of httpd (httpd server/util_expr_eval.c, var_providers).
var variables = []string{
	"HTTPS", "IPV6", "CONN_LOG_ID", "CONN_REMOTE_ADDR", "HTTP2", "REQUEST_METHOD", "REQUEST_SCHEME", "REQUEST_URI", "REQUEST_FILENAME", "REMOTE_HOST",
	"REMOTE_IDENT", "REMOTE_USER", "SERVER_ADMIN", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_PROTOCOL_VERSION", "SERVER_PROTOCOL_VERSION_MAJOR",
	"SERVER_PROTOCOL_VERSION_MINOR", "SCRIPT_FILENAME", "PATH_INFO", "QUERY_STRING", "IS_SUBREQ", "DOCUMENT_ROOT", "AUTH_TYPE", "THE_REQUEST",
	"CONTENT_TYPE", "HANDLER", "REQUEST_LOG_ID", "SCRIPT_USER", "SCRIPT_GROUP", "DOCUMENT_URI", "LAST_MODIFIED", "CONTEXT_PREFIX", "CONTEXT_DOCUMENT_ROOT",
	"REQUEST_STATUS", "REMOTE_ADDR", "REMOTE_PORT", "HTTP_USER_AGENT", "HTTP_PROXY_CONNECTION", "HTTP_REFERER", "HTTP_COOKIE", "HTTP_FORWARDED",
	"HTTP_HOST", "HTTP_ACCEPT", "TIME_YEAR", "TIME_MON", "TIME_DAY", "TIME_HOUR", "TIME_MIN", "TIME_SEC", "TIME_WDAY", "TIME", "SERVER_SOFTWARE",
	"API_VERSION",
}

func (p *parser) named(name string) bool {
	return p.known("Variable", name, isOneOf(name, variables) || has(p.names.Variable, name))
}

// has reports whether a module brings a name.
func has(known func(string) bool, name string) bool { return known != nil && known(name) }

func isOneOf(word string, words []string) bool {
	return slices.ContainsFunc(words, func(known string) bool { return strings.EqualFold(word, known) })
}

func quoted(text string) string { return `"` + text + `"` }

// Pattern says why PCRE refuses a regular expression; "" if it may take it. Httpd allows two
// groups of one name (httpd server/util_pcre.c, ap_regcomp).
func Pattern(text string) string {
	if !strings.HasPrefix(text, "(*") {
		text = "(?J)" + text
	}
	return pcre.Parse(text).Refused
}
