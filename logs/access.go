package logs

import (
	"strings"
)

// access reads a line of an access log; ok is false for another line.
func (h *head) access(o *Options) (r Request, ok bool) {
	if h.entry != nil {
		return h.entry.access()
	}
	// The quick look finds the status of a quoted line by the protocol only.
	if h.errors || h.quoted && !strings.Contains(h.text, string(httpMark)) {
		return r, false
	}
	text := h.text
	open, end, status := requestAt([]byte(text))
	if status == 0 {
		return h.custom(o)
	}
	r.Status = status
	r.Method, r.URI = requestLine(text[open+1 : end])
	h.around(&r, o, text[:open], text[end+1:])
	return r, true
}

// around reads what is before and after the request.
func (h *head) around(r *Request, o *Options, before, after string) {
	after = unquotedFields(after)
	h.timeIn(before, o)
	h.timeIn(after, o)
	fields := strings.FieldsFunc(before, separates)
	for i, name := range fields {
		name = unlabelled(name)
		switch {
		case i == 2 && fields[1] == "-": // the name of a user
			continue
		case r.Client == "" && isAddress(name):
			r.Client = name
		case r.Server == "" && isName(name):
			r.Server, _, _ = strings.Cut(name, ":") // Apache adds the port
			r.Host = r.Server
		}
	}
	if r.Server == "" {
		if name := labelled(after, "vhost", "server_name", "server", "http_host", "host"); isName(name) {
			r.Server, r.Host = name, name
		}
	}
	r.UpstreamStatus = labelled(after, "upstream_status", "us", "ups_status", "urs")
	r.Upstream = labelled(after, "upstream_addr", "upstream", "ua", "ups")
}

// unquotedFields returns a text without the fields in quotation marks that have no name before
// them: the client chose what the referrer and the user agent are.
func unquotedFields(text string) string {
	for from := 0; ; {
		i := strings.Index(text[from:], ` "`)
		if i < 0 {
			return text
		}
		open := from + i + 1
		end := closing([]byte(text), open+1)
		if end < 0 {
			return text[:open]
		}
		text = text[:open] + text[end+1:]
		from = open
	}
}

// unlabelled returns the value of host=NAME or remote_addr:ADDRESS.
func unlabelled(field string) string {
	if i := strings.IndexAny(field, "=:"); i > 0 {
		switch field[:i] {
		case "host", "vhost", "server_name", "http_host", "remote_addr", "client", "ip", "addr":
			return field[i+1:]
		}
	}
	return field
}

// separates reports whether a byte separates the fields of an access log.
func separates(c rune) bool {
	return c == ' ' || c == '\t' || c == '|' || c == ';' || c == '"' || c == '[' || c == ']' || c == '(' || c == ')'
}

// timeIn takes the first time in a text, if none with a zone is known.
func (h *head) timeIn(text string, o *Options) {
	for i := 0; i < len(text) && h.clock != Zoned; i++ {
		if !digit(text[i]) || i > 0 && (digit(text[i-1]) || text[i-1] == '.') {
			continue
		}
		if s, n := o.dayTime(text[i:]); n > 0 {
			h.take(s)
		} else if s, n := o.isoTime(text[i:]); n > 0 {
			h.take(s)
		} else if whole, ns, n := seconds(text[i:]); n > 0 && whole > 1e9 && whole < 1e10 {
			h.take(sinceEpoch(whole, ns))
		}
	}
}

// labelled returns the value of the first of some names, as in us=502 or us:"502, 200".
func labelled(text string, names ...string) string {
	for _, name := range names {
		for from := 0; ; {
			i := strings.Index(text[from:], name)
			if i < 0 {
				break
			}
			i += from
			from = i + len(name)
			if i > 0 && !separates(rune(text[i-1])) && text[i-1] != ',' {
				continue
			}
			rest := strings.TrimPrefix(text[from:], `"`)
			if rest == "" || rest[0] != '=' && rest[0] != ':' {
				continue
			}
			return list(strings.TrimLeft(rest[1:], " "))
		}
	}
	return ""
}

// list returns a value, which may be several with a comma or a colon between, as nginx writes
// about several upstreams.
func list(text string) string {
	if rest, ok := strings.CutPrefix(text, `"`); ok {
		value, _, _ := strings.Cut(rest, `"`)
		return value
	}
	n := 0
	for n < len(text) {
		if separates(rune(text[n])) {
			if n == 0 || text[n] != ' ' || text[n-1] != ',' && text[n-1] != ':' && !strings.HasPrefix(text[n:], " : ") {
				break
			}
		}
		n++
	}
	return strings.Trim(text[:n], " ,:")
}

// custom reads a line of an access log that has its status elsewhere, or no quotes.
func (h *head) custom(o *Options) (r Request, ok bool) {
	text := h.text
	mark := strings.Index(text, " HTTP/")
	if mark < 0 || strings.Contains(text, ", client: ") || strings.Contains(text, "upstream prematurely") {
		return r, false
	}
	end := mark + len(" HTTP/")
	for end < len(text) && (digit(text[end]) || text[end] == '.') {
		end++
	}
	start := methodBefore(text[:mark])
	if start < 0 {
		return r, false
	}
	r.Method, r.URI = requestLine(text[start:mark])
	before, after := text[:start], text[end:]
	r.Status = number(labelled(text, "status", "code", "st", "s"))
	if r.Status < 100 {
		r.Status = firstStatus(after)
	}
	if r.Status < 100 {
		if r.Status = lastStatus(before); r.Status < 100 {
			return r, false
		}
	}
	h.around(&r, o, before, after)
	return r, true
}

// methodBefore returns the place of the method of a request that ends text; -1 for none.
func methodBefore(text string) int {
	uri := strings.LastIndexByte(text, ' ')
	if uri < 1 {
		return -1
	}
	start := uri
	for start > 0 && text[start-1] >= 'A' && text[start-1] <= 'Z' {
		start--
	}
	if uri-start < 3 || uri-start > 10 {
		return -1
	}
	return start
}

// firstStatus returns the status that is one of the first three fields of text; 0 for none.
func firstStatus(text string) int {
	for i, name := range strings.FieldsFunc(text, separates) {
		if len(name) == 3 && i < 3 {
			if s := status3(name); s > 0 {
				return s
			}
		}
	}
	return 0
}

// lastStatus returns the status that is one of the last two fields of text; 0 for none.
func lastStatus(text string) int {
	names := strings.FieldsFunc(text, separates)
	for i := len(names) - 1; i >= max(0, len(names)-2); i-- {
		if name := names[i]; len(name) == 3 {
			if s := status3(name); s > 0 {
				return s
			}
		}
	}
	return 0
}

// isAddress reports whether a word is the address of a client.
func isAddress(word string) bool {
	dots, colons, letters := 0, 0, 0
	for i := range len(word) {
		switch c := word[i]; {
		case c == '.':
			dots++
		case c == ':':
			colons++
		case digit(c):
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			letters++
		default:
			return false
		}
	}
	switch {
	case dots == 3:
		return colons == 0 && letters == 0
	case dots > 0 && colons < 2:
		return false
	}
	return colons > 2 || letters > 0 && colons == 2 || strings.Contains(word, "::") // 13:42:14 is a time
}

// isName reports whether a word is the name of a host, maybe with a port.
func isName(word string) bool {
	name, port, _ := strings.Cut(word, ":")
	return strings.IndexByte(name, '.') > 0 && span(name, ".-_") == len(name) && !isAddress(name) && (port == "" || number(port) > 0) &&
		!digit(name[len(name)-1])
}
