package secret

import (
	"slices"
	"strings"
)

// maxName limits how many bytes of a name are read, so that a long hostile one is not
// read again for every sign in it.
const maxName = 128

// Text marks what is secret in the text from offset from to offset to wherever it
// is: NAME=value, NAME: value and --NAME value for the name of a secret, user
// information in a URL, and tokens.
func (m *Marker) Text(from, to int) {
	has := m.has()
	if has.url {
		m.urls(from, to)
	}
	if has.user {
		m.users(from, to)
	}
	if has.option {
		m.options(from, to)
	}
	if has.token {
		m.tokens(from, to)
	}
	for i := from; i < to; i++ {
		n := strings.IndexAny(m.File.Text[i:to], "=:")
		if n < 0 {
			return
		}
		i += n
		i = max(i, m.assignment(from, i, to)-1)
	}
}

// signs are the kinds of secrets whose signs a file has: most have few.
type signs struct{ looked, url, user, option, token bool }

// has looks for the signs in the whole file once, not in each of its lines.
func (m *Marker) has() signs {
	if text := m.File.Text; !m.signs.looked {
		m.signs = signs{
			looked: true,
			url:    strings.Contains(text, "://"),
			user:   strings.Contains(text, "@"),
			option: strings.Contains(text, "--"),
			token:  slices.ContainsFunc(tokenStarts[:], func(s tokenStart) bool { return strings.Contains(text, s.text) }),
		}
	}
	return m.signs
}

// assignment marks the value after the sign at offset i if a name of a secret precedes
// it. It returns the end of the value, or i.
func (m *Marker) assignment(from, i, to int) (end int) {
	text := m.File.Text
	value := i + 1
	if value < to && text[value] == '=' {
		value++
	}
	stop := i
	if stop > from && strings.IndexByte("=!~", text[stop-1]) >= 0 {
		stop--
	}
	for stop > from && (text[stop-1] == ' ' || text[stop-1] == '\t') {
		stop--
	}
	quoted := stop > from && (text[stop-1] == '"' || text[stop-1] == '\'')
	if quoted {
		stop--
	}
	start := nameStart(text, max(from, stop-maxName), stop)
	colon := text[i] == ':'
	switch {
	case start == stop || !Name(text[start:stop]):
		return i
	case colon && !quoted && (value == to || !isBlank(text[value])):
		return i // http://auth:8080, unix:/run/auth
	}
	for value < to && (text[value] == ' ' || text[value] == '\t') {
		value++
	}
	var around byte
	if start > from && !quoted {
		around = text[start-1]
	}
	end = valueEnd(text[:to], value, around, colon && !quoted)
	m.Mark(value, end)
	return end
}

// nameStart returns the start of the name that ends at stop. A name may be an element
// of an array: auth[pass].
func nameStart(text string, from, stop int) int {
	i := stop
	if i > from && text[i-1] == ']' {
		if open := strings.LastIndexByte(text[from:i], '['); open >= 0 {
			i = from + open
		}
	}
	for i > from && (isWord(text[i-1]) || strings.IndexByte("$%.-", text[i-1]) >= 0) {
		i--
	}
	return i
}

// valueEnd returns the end of the value that starts at offset i. around is the character
// before its name: if it is a quote, it ends the value. A header's value has blanks.
func valueEnd(text string, i int, around byte, header bool) int {
	switch {
	case around == '"' || around == '\'':
		return quoteEnd(text, i, around)
	case i+1 < len(text) && text[i] == '\\' && (text[i+1] == '"' || text[i+1] == '\''): // in a string
		return quoteEnd(text, i+2, text[i+1])
	case i < len(text) && (text[i] == '"' || text[i] == '\''):
		return min(len(text), quoteEnd(text, i+1, text[i])+1)
	}
	stops := " \t\r\n;&\"'"
	if header {
		stops = "\r\n;\"'"
	}
	end := len(text)
	if n := strings.IndexAny(text[i:], stops); n >= 0 {
		end = i + n
	}
	return i + len(strings.TrimRight(text[i:end], "),}]"))
}

// quoteEnd returns the offset of the quote that ends a string, else the end of the line.
func quoteEnd(text string, i int, quote byte) int {
	for ; i < len(text) && text[i] != '\n'; i++ {
		switch text[i] {
		case '\\':
			i++
		case quote:
			return i
		}
	}
	return min(i, len(text))
}

// urls marks the user information of every URL (RFC 3986, 3.2.1).
func (m *Marker) urls(from, to int) {
	for {
		n := strings.Index(m.File.Text[from:to], "://")
		if n < 0 {
			return
		}
		from += n + len("://")
		word := m.File.Text[from:to]
		if n := strings.IndexAny(word, " \t\r\n;\"'<>"); n >= 0 {
			word = word[:n]
		}
		if n := userinfo(word); n > 0 {
			m.Mark(from, from+n)
		}
		from += len(word)
	}
}

// users marks user information with a password where no URL is: the scheme is missing,
// or its slashes are escaped.
func (m *Marker) users(from, to int) {
	for {
		n := strings.IndexByte(m.File.Text[from:to], '@')
		if n < 0 {
			return
		}
		word := m.File.Text[max(from, from+n-maxName) : from+n]
		if n := strings.LastIndexAny(word, "/ \t\r\n;\"'<>"); n >= 0 {
			word = word[n+1:]
		}
		if strings.IndexByte(word, ':') > 0 {
			m.Mark(from+n-len(word), from+n)
		}
		from += n + 1
	}
}

// options marks the values of options of a command.
func (m *Marker) options(from, to int) {
	text := m.File.Text[:to]
	for {
		n := strings.Index(text[from:], "--")
		if n < 0 {
			return
		}
		from += n + len("--")
		name := from
		for from < to && (isWord(text[from]) || text[from] == '-') {
			from++
		}
		if from == name || from == to || text[from] != ' ' || !Name(text[name:from]) {
			continue
		}
		value := to - len(strings.TrimLeft(text[from:], " "))
		if value < to && text[value] != '-' {
			from = valueEnd(text, value, 0, false)
			m.Mark(value, from)
		}
	}
}

// tokenStarts are how the tokens start that are secrets under any name: the credentials
// of a header (RFC 6750, 2.1) and the signed kind, whose first bytes are {" in Base64
// (RFC 7519, 3.1).
var tokenStarts = [...]tokenStart{{"Bearer ", false}, {"bearer ", false}, {"eyJ", true}}

type tokenStart struct {
	text string
	own  bool // it is a part of the token
}

// tokens marks tokens under any name.
func (m *Marker) tokens(from, to int) {
	text := m.File.Text[:to]
	for _, start := range tokenStarts {
		for i := from; ; {
			n := strings.Index(text[i:], start.text)
			if n < 0 {
				break
			}
			value := i + n
			i = value + len(start.text)
			if !start.own {
				value = i
			}
			end := valueEnd(text, value, 0, false)
			if i = max(i, end); !start.own || strings.IndexByte(text[value:end], '.') >= 0 {
				m.Mark(value, end)
			}
		}
	}
}

// userinfo returns the length of the user information at the start of a URL without its
// scheme; 0 for none. A password may contain a slash that is not encoded: what follows
// the colon of a host is a port.
func userinfo(word string) int {
	authority := word
	if n := strings.IndexAny(word, "/?#"); n >= 0 {
		authority = word[:n]
	}
	if n := strings.LastIndexByte(authority, '@'); n >= 0 {
		return n
	}
	_, port, _ := strings.Cut(authority, ":")
	if rest := strings.TrimLeft(port, "0123456789"); rest != "" && rest[0] != '$' && authority[0] != '[' {
		return max(0, strings.LastIndexByte(word, '@'))
	}
	return 0
}
