package bundle

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

// masker takes out of texts what identifies a visitor or gives access: addresses, cookies and
// other credentials, e-mail addresses, query strings, and the secrets of the configuration. An
// address is replaced by a name, the same for each of its places, so that a pattern stays visible.
//
// It knows three kinds of text. What the program says of a configuration (text) keeps addresses
// of private networks, which say where servers listen. What somebody else chose, such as a path or
// the name of a directory (word), keeps those that the configuration names. Of a line of a log
// (line) the parts are known.
type masker struct {
	off   bool
	names map[string]string // of addresses
	// clients and others count the names.
	clients, others int
	// known are the addresses that the configuration names.
	known map[netip.Addr]bool
	// files are those with secrets.
	files   []*source.File
	secrets func(string, ...*source.File) string
}

func newMasker(c *Case) *masker {
	m := &masker{off: c.Unmasked, names: map[string]string{}, known: map[netip.Addr]bool{}, secrets: report.Mask()}
	know := func(e netaddr.Endpoint) {
		if e.Addr.IsValid() {
			m.known[e.Addr.Unmap()] = true
		}
	}
	for _, s := range c.Stacks {
		for _, p := range s.Pools {
			know(p.Listen.Endpoint)
		}
		for _, l := range s.Listeners {
			know(l.Endpoint)
		}
		for _, g := range s.Gateways {
			for _, p := range g.Peers {
				know(p.Endpoint)
			}
		}
	}
	for _, f := range c.report().Files {
		if f.File != nil && !f.Withheld && (len(f.Secrets()) > 0 || len(f.Variables.Secrets()) > 0) {
			m.files = append(m.files, f.File)
		}
	}
	return m
}

// text masks what the program says of the configuration.
func (m *masker) text(s string) string {
	if m.off {
		return s
	}
	return m.written(m.secrets(s, m.files...))
}

// written is text for what has no secret of the configuration.
func (m *masker) written(s string) string {
	if m.off {
		return s
	}
	s = users(s)
	s = writtenQuery.ReplaceAllString(s, "?"+source.Mask)
	return m.addresses(emails(s), private)
}

// users masks user information, also where the scheme of its URL is missing.
func users(s string) string {
	if strings.IndexByte(s, '@') < 0 {
		return s
	}
	s = userInfo.ReplaceAllString(s, "${1}"+source.Mask+"@")
	return userPassword.ReplaceAllString(s, source.Mask+"@")
}

// word masks a text that somebody else chose.
func (m *masker) word(s string) string {
	if m.off {
		return s
	}
	return m.chosen(s)
}

func (m *masker) chosen(s string) string {
	s = m.secrets(s, m.files...)
	s = credentials.ReplaceAllString(s, "${1}"+source.Mask)
	s = schemes.ReplaceAllString(s, "${1} "+source.Mask)
	s = users(marked(s))
	s = queries(s)
	s = parameters.ReplaceAllString(s, "${1}"+source.Mask)
	s = emails(s)
	s = opaque.ReplaceAllStringFunc(s, hideOpaque)
	s = identifiers.ReplaceAllString(s, source.Mask)
	s = longNumber.ReplaceAllString(s, source.Mask)
	for strings.Contains(s, source.Mask+source.Mask) {
		s = strings.ReplaceAll(s, source.Mask+source.Mask, source.Mask)
	}
	return m.addresses(s, m.ofServers)
}

// path masks a URI: its query string is replaced.
func (m *masker) path(uri string) string {
	if m.off {
		return uri
	}
	lower := strings.ToLower(uri)
	if uri != "" && uri != "*" && uri[0] != '/' && !strings.HasPrefix(lower, "http") {
		return source.Mask // not a request of HTTP
	}
	end := len(uri)
	if at := queryStart.FindStringIndex(uri); at != nil {
		end = at[0]
	}
	masked := m.chosen(uri[:end])
	if end < len(uri) {
		masked += "?" + source.Mask
	}
	return masked
}

// The signs of what is masked. A value ends with the quote around it, else with the line.
var (
	userInfo     = lazyregexp.New(`(://)[^\s"'<>@]*@`)
	userPassword = lazyregexp.New(`[^\s"'<>@:/=]+:[^\s"'<>@/]+@`)
	writtenQuery = lazyregexp.New(`\?[\w.~%\[\]-]+=[^\s"'<>]*`)
	anyQuery     = lazyregexp.New(`(?i)(?:\?|%(?:25)*3f)\S+`)
	queryStart   = lazyregexp.New(`(?i)[?#]|%(?:25)*(?:3f|23)`)
	credentials  = lazyregexp.New(`(?i)((?:(?:set-)?cookie2?|(?:proxy-)?authorization|x-[a-z-]*(?:key|token|auth|secret|session)[a-z-]*|http_(?:cookie|authorization))["']?\s*[:=]\s*["']?)[^"'\r\n]+`)
	schemes      = lazyregexp.New(`(?i)\b(bearer|basic|digest|negotiate)\s+[A-Za-z0-9+/=._~-]{6,}`)
	parameters   = lazyregexp.New(`(?i)(;(?:jsessionid|phpsessid|sessionid|sid)=)[^\s"'/]+`)
	email        = lazyregexp.New(`(?i)[\p{L}\p{N}._%+'-]+(?:@|%40|&#64;)(?:[\p{L}\p{N}-]+\.)*[\p{L}\p{N}-]{2,}`)
	unitType     = lazyregexp.New(`^\.(?:service|socket|slice|scope|timer|target|mount|path)$`)
	opaque       = lazyregexp.New(`[A-Za-z0-9_-]{20,}`)
	opaquePart   = lazyregexp.New(`[A-Za-z0-9]{20,}`)
	longNumber   = lazyregexp.New(`\b\d{13,}\b`)
	identifiers  = lazyregexp.New(`(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)
)

// marked masks the values of names like those of secrets, user information and tokens.
func marked(s string) string {
	marker := secret.Marker{File: &source.File{Text: s}, Variable: func(string) bool { return false }}
	marker.Text(0, len(s))
	var b strings.Builder
	done := 0
	for _, span := range marker.Spans() {
		b.WriteString(s[done:span.Start])
		b.WriteString(source.Mask)
		done = int(span.End)
	}
	return b.String() + s[done:]
}

// queries masks query strings. One ends with a blank: a quote may be a part of it, and stays if it
// is last.
func queries(s string) string {
	return anyQuery.ReplaceAllStringFunc(s, func(found string) string {
		if strings.Trim(found, `?"'),;:.]`) == "" {
			return found // punctuation of a sentence
		}
		end := strings.TrimRight(found, `"',)]`)
		return "?" + source.Mask + found[len(end):]
	})
}

// emails masks e-mail addresses, which the instances of a unit of systemd resemble.
func emails(s string) string {
	return email.ReplaceAllStringFunc(s, func(found string) string {
		i := strings.LastIndexByte(found, '.')
		switch {
		case i >= 0 && unitType.MatchString(found[i:]):
			return found
		case strings.HasSuffix(found, "@sha256"):
			return found
		}
		return source.Mask
	})
}

// hideOpaque masks a word that looks like a token: it mixes digits with letters as no name does.
func hideOpaque(word string) string {
	var digits, upper, lower, others int
	for _, c := range word {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'f':
			lower++
		case c >= 'A' && c <= 'F':
			upper++
		case c == '-', c == '_':
		case c >= 'a':
			lower, others = lower+1, others+1
		default:
			upper, others = upper+1, others+1
		}
	}
	mixed := digits > 0 && upper > 1 && lower > 1
	if strings.ContainsAny(word, "_-") { // of a name, or of Base64 in a URL
		if mixed {
			return source.Mask
		}
		return opaquePart.ReplaceAllStringFunc(word, hideOpaque)
	}
	hexadecimal := others == 0 && digits > 0
	if hexadecimal && upper+lower > 0 || digits >= 4 && upper+lower > 0 || mixed {
		return source.Mask
	}
	return word
}

// name returns the name of an address, or of what is in its place.
func (m *masker) name(address string, client bool) string {
	key := strings.ToLower(address)
	if n := m.names[key]; n != "" {
		return n
	}
	n := &m.others
	form := "address-%d"
	if client {
		n, form = &m.clients, "client-%d"
	}
	*n++
	m.names[key] = fmt.Sprintf(form, *n)
	return m.names[key]
}
