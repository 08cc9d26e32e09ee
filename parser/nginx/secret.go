package nginx

import (
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// secretive says how a directive holds a secret.
type secretive uint8

const (
	names    secretive = 1 + iota // it gives its arguments after the first to the name that is its first
	tells                         // its arguments are or contain a secret themselves
	fills                         // its body gives values to a variable, its last argument
	embeds                        // its argument is or contains a secret if it is not a path
	compares                      // it compares a variable with an expression
)

// secretives are the directives that may hold a secret. All other directives of nginx
// have arguments that it defines, such as the path of a key or the size of a zone.
var secretives = map[string]secretive{
	"fastcgi_param": names, "scgi_param": names, "uwsgi_param": names,
	"proxy_set_header": names, "grpc_set_header": names, "add_header": names, "add_trailer": names,
	"set": names, "js_var": names,
	"auth_http_header": names, // ngx_mail_auth_http_module.c
	"header":           names, // of otel_exporter (nginx-otel)
	// ngx_http_secure_link_module.c
	"secure_link_secret": tells, "secure_link_md5": tells,
	"map": fills, "geo": fills, "split_clients": fills,
	"if": compares,
	// ngx_event_openssl.c, ngx_ssl_cache_init_key
	"ssl_certificate_key": embeds, "proxy_ssl_certificate_key": embeds, "fastcgi_ssl_certificate_key": embeds,
	"grpc_ssl_certificate_key": embeds, "uwsgi_ssl_certificate_key": embeds,
}

// Secrets returns the secrets of the file, also those in comments and in a text that
// nginx refuses: the names of directives are looked for wherever a directive may
// start.
func (f *File) Secrets() []source.Span {
	m := &marker{secret.Marker{File: f.Source, Variable: f.variables()}, f.Source.Text, f.carriers()}
	m.Text(0, len(m.text))
	if f.SecretTable {
		m.all()
	}
	for i := 0; ; i++ {
		i = m.statement(i)
		n := strings.IndexAny(m.text[i:], "\n;{}")
		if n < 0 {
			break
		}
		i += n
	}
	for d := range f.All() {
		if d.Key() == 0 && !d.Data() {
			m.unknown(d)
		}
	}
	return m.Spans()
}

// variables returns a function that reports whether nginx or this file defines a variable.
func (f *File) variables() func(name string) bool {
	defined := sync.OnceValue(func() map[string]bool {
		names := map[string]bool{}
		for d := range f.All() {
			if d.Key() == 0 || d.Key().UsesVariables() || d.NumArgs() == 0 {
				continue
			}
			i := 0
			if d.HasBlock() {
				i = d.NumArgs() - 1
			}
			names[strings.ToLower(strings.TrimPrefix(d.Arg(i).String(), "$"))] = true
		}
		return names
	})
	return func(name string) bool {
		name = strings.ToLower(name)
		return servers.NginxVariable(name) || len(name) == 1 && '1' <= name[0] && name[0] <= '9' || defined()[name]
	}
}

// marker marks the secrets of one file.
type marker struct {
	secret.Marker
	text     string
	carriers map[string]bool
}

// carriers returns the variables that this file puts into a parameter or a header with
// the name of a secret, in lower case. A path or an address is not a secret itself.
func (f *File) carriers() map[string]bool {
	found := map[string]bool{}
	for d := range f.All() {
		name := d.Arg(0).String()
		if secretives[d.Name()] != names || !secret.Name(name) || strings.HasSuffix(strings.ToUpper(name), "_URI") || strings.HasSuffix(strings.ToUpper(name), "_URL") {
			continue
		}
		for part := range Variables(d.Arg(1).String()) {
			if part.Variable != "" && !servers.NginxVariable(part.Variable) {
				found["$"+strings.ToLower(part.Variable)] = true
			}
		}
	}
	return found
}

// secretName reports whether a parameter, a header or a variable has the name of a
// secret or has the value of one that has it.
func (m *marker) secretName(name string) bool {
	return secret.Name(name) || m.carriers[strings.ToLower(name)]
}

// all marks every word of a file.
func (m *marker) all() {
	w := &words{text: m.text}
	for w.pos < len(m.text) {
		from, to := w.next()
		if m.Mark(from, to); from == to {
			w.pos++
		}
	}
}

// InSecretTable reports whether d is in a table whose keys or values are secrets.
func (d Directive) InSecretTable() bool {
	table := d.Parent()
	args := table.NumArgs()
	return secretives[table.Name()] == fills && args > 0 &&
		(secret.Name(table.Arg(args-1).String()) || args > 1 && secret.Name(table.Arg(0).String()))
}

// statement marks the secrets of the directive that may start at offset i, after blanks
// and the signs of a comment. It returns where to go on.
func (m *marker) statement(i int) int {
	for i < len(m.text) && m.text[i] != '\n' && (class[m.text[i]] == blank || strings.IndexByte(`#"'`, m.text[i]) >= 0) {
		i++
	}
	end := i
	for end < len(m.text) && isNameByte(m.text[end]) {
		end++
	}
	kind := secretives[m.text[i:end]]
	if kind == 0 {
		return end
	}
	w := &words{text: m.text, pos: end, commented: m.File.Commented(m.File.Span(i, i))}
	if end < len(m.text) && (m.text[end] == '"' || m.text[end] == '\'') {
		w.pos++
	}
	switch kind {
	case names:
		if !m.secretName(w.word()) {
			return end
		}
		return m.values(w)
	case tells:
		return m.values(w)
	case fills:
		m.table(w)
	case embeds:
		from, to := w.next()
		switch scheme, _, _ := strings.Cut(unquoted(m.text[from:to]), ":"); scheme {
		case "data", "engine", "store": // the address of a token may have its PIN (RFC 7512, 2.3)
			m.Mark(from, to)
		}
	case compares:
		m.expression(w)
	}
	return end
}

// expression marks the expression that a variable with the name of a secret is compared
// with. One about all cookies names some of them. Values that follow "=" are found
// wherever they are.
func (m *marker) expression(w *words) {
	name := strings.TrimPrefix(w.word(), "(")
	if name == "" {
		name = w.word()
	}
	operator := w.word()
	if name == "$http_cookie" || !secret.Name(name) || strings.Trim(operator, "!~*") != "" {
		return
	}
	from, to := w.next()
	if text := m.text[from:to]; text == unquoted(text) {
		to -= len(text) - len(strings.TrimSuffix(text, ")"))
	}
	m.Mark(from, to)
}

// values marks the words up to the end of the directive, and a comment after it on
// the same line. It returns the end.
func (m *marker) values(w *words) int {
	w.glued = true
	for {
		end := w.pos
		from, to := w.next()
		switch {
		case from < to && w.newLine && servers.NginxKeyOf(m.text[from:to]) != 0:
			return end // a semicolon is missing
		case from < to:
			if m.text[from:to] != "if_not_empty" {
				m.Mark(from, to)
			}
		case w.split():
			w.pos++
		case strings.HasPrefix(m.text[from:], ";"):
			line := lineEnd(m.text, from)
			if after := strings.TrimLeft(m.text[from+1:line], " \t"); strings.HasPrefix(after, "#") {
				m.Mark(line-len(after)+1, line)
			}
			return from
		default:
			return end
		}
	}
}

// table marks the values of a table for a variable with the name of a secret, and the
// keys of one that looks such a variable up.
func (m *marker) table(w *words) {
	first, last := w.word(), ""
	if last = w.word(); last == "" {
		last = first
	}
	w.blanks()
	keys, values := secret.Name(first) && first != last, m.secretName(last)
	if !keys && !values || !strings.HasPrefix(m.text[w.pos:], "{") {
		return
	}
	for more := true; more; more = strings.HasPrefix(m.text[w.pos:], ";") {
		w.pos++
		from, to := w.next()
		if key := m.text[from:to]; keys && key != "default" && key != "include" {
			m.Mark(from, to)
		}
		for n := 2; from < to; n++ {
			if from, to = w.next(); values || n > 2 { // a semicolon is missing
				m.Mark(from, to)
			}
		}
	}
}

// unknown marks the arguments of a directive that nginx does not know, if its name or
// the first of them is that of a secret.
func (m *marker) unknown(d Directive) {
	first := 0
	if !secret.Name(d.Name()) {
		name := d.Arg(0).String()
		if first = 1; !isPlainName(strings.TrimPrefix(name, "$")) || !secret.Name(name) {
			return
		}
	}
	for i, w := range d.Args() {
		if at := w.Span(); i >= first {
			m.Mark(int(at.Start), int(at.End))
		}
	}
}
