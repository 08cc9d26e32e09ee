// Package secret finds secrets in configuration text: values whose names say so, and
// the user information of URLs. The parsers of the languages know where names and
// values are.
//
// It prefers to mark too much: a mark only hides text from reports.
package secret

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/source"
)

// words are parts of the names of secrets, and endings their ends, those of addresses,
// which often contain a password. All are in lower case.
var (
	words   = [...]string{"pass", "pwd", "pw", "secret", "key", "token", "auth", "cookie", "salt", "dsn", "credential"}
	endings = [...]string{"_url", "_uri"}
)

// starts are the first letters of words.
const starts = "psktacd"

// public reports whether a name looks like that of a secret and is none, because a server
// defines what it means.
func public(name string) bool {
	switch name {
	// Parameters of nginx's *_cache_path (ngx_http_file_cache.c) and its variable for
	// the key of a cached page (ngx_http_memcached_module.c).
	case "keys_zone", "$memcached_key":
		return true
	// Settings of PHP 8.4 (ext/session/session.c, main/main.c, ext/mysqlnd) and the
	// name of the debugger's client (xdebug.c).
	case "session.cookie_lifetime", "session.cookie_path", "session.cookie_domain", "session.cookie_secure", "session.cookie_httponly",
		"session.cookie_samesite", "session.cookie_partitioned", "session.use_cookies", "session.use_only_cookies", "highlight.keyword",
		"mysqlnd.sha256_server_public_key", "xdebug.idekey":
		return true
	// Directives of units that take names of variables or switches (systemd.exec(5),
	// systemd.socket(5)).
	case "PassEnvironment", "PassCredentials", "PassSecurity", "KeyringMode":
		return true
	}
	return false
}

// Name reports whether name, in any case, is that of a secret.
func Name(name string) bool {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			name = strings.ToLower(strings.ToUpper(name)) // both, for letters with several forms
			break
		}
	}
	return looksSecret(name) && !public(name)
}

func looksSecret(name string) bool {
	for i := range len(name) {
		if strings.IndexByte(starts, name[i]|0x20) < 0 {
			continue
		}
		for _, word := range words {
			if hasPrefix(name[i:], word) {
				return true
			}
		}
	}
	for _, ending := range endings {
		if len(name) >= len(ending) && hasPrefix(name[len(name)-len(ending):], ending) {
			return true
		}
	}
	return false
}

// hasPrefix reports whether text starts with prefix, which is in lower case, in any case
// of its letters.
func hasPrefix(text, prefix string) bool {
	if len(text) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		if c := text[i]; c != prefix[i] && c|0x20 != prefix[i] {
			return false
		}
	}
	return true
}

// literal reports whether a value has letters or digits of its own, and does not only
// refer to variables: the name of a variable is not a secret. A password may start with
// a dollar sign: variable reports whether the word after one is the name of a variable.
func literal(value string, variable func(name string) bool) bool {
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '$':
			end := reference(value, i)
			if name := value[i+1 : end+1]; name != "" && name[0] != '{' && !variable(name) {
				return true
			}
			i = end
		case isWord(c) && c != '_' || c >= 0x80:
			return true
		}
	}
	return false
}

// inEnvironment reports whether name is written as variables of the environment are.
func inEnvironment(name string) bool { return name == strings.ToUpper(name) }

// reference returns the offset of the last byte of the variable that starts with the
// dollar sign at text[i].
func reference(text string, i int) int {
	if strings.HasPrefix(text[i:], "${") {
		end := i + 2
		for end < len(text) && isWord(text[end]) {
			end++
		}
		if end > i+2 && end < len(text) && text[end] == '}' { // not ${NAME:-password}
			return end
		}
	}
	for i+1 < len(text) && isWord(text[i+1]) {
		i++
	}
	return i
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

// Marker collects the secrets of one file.
type Marker struct {
	File *source.File
	// Variable reports whether a word after a dollar sign is the name of a variable; nil:
	// if it has no small letters, as the names of the environment.
	Variable func(name string) bool
	spans    []source.Span
	signs    signs
}

// Mark marks the text from offset from to offset to, without surrounding blanks, if it
// does not only refer to variables.
func (m *Marker) Mark(from, to int) {
	text := m.File.Text
	for from < to && isBlank(text[from]) {
		from++
	}
	for from < to && isBlank(text[to-1]) {
		to--
	}
	variable := m.Variable
	if variable == nil {
		variable = inEnvironment
	}
	if from < to && literal(text[from:to], variable) {
		m.spans = append(m.spans, m.File.Span(from, to))
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// Spans returns what was marked: in order, without overlaps.
func (m *Marker) Spans() []source.Span {
	slices.SortFunc(m.spans, func(a, b source.Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	merged := m.spans[:0]
	for _, s := range m.spans {
		if n := len(merged); n > 0 && s.Start < merged[n-1].End {
			merged[n-1].End = max(s.End, merged[n-1].End)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}
