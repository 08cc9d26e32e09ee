package bundle

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// line masks a line of a log. Of an access log only what is known to be harmless stays.
func (m *masker) line(l diagnose.Line) string {
	switch {
	case m.off:
		return l.Text
	case l.Sign == servers.NoSign:
		return m.access(l.Text)
	}
	return m.serverLine(l.Text)
}

// access writes a line of an access log anew: without the name of a user, the referrer and the user
// agent, which a client chooses.
func (m *masker) access(text string) string {
	e, ok := logs.Parse(text, logs.Options{})
	if !ok || e.Row != nil || e.Request.Status == 0 {
		return source.Mask
	}
	r := e.Request
	var parts []string
	if r.Server != "" {
		parts = append(parts, m.word(r.Server))
	}
	parts = append(parts, m.client(r.Client))
	if e.Clock == logs.Zoned || e.Clock == logs.Local {
		parts = append(parts, e.Time.Format("[02/Jan/2006:15:04:05 -0700]"))
	}
	parts = append(parts, `"`+strings.TrimSpace(method(r.Method)+" "+m.path(r.URI))+`"`, strconv.Itoa(r.Status))
	if r.UpstreamStatus != "" {
		parts = append(parts, "upstream_status="+m.word(r.UpstreamStatus))
	}
	return strings.Join(parts, " ") + " " + source.Mask
}

// method returns a method of HTTP; a mask for another word.
func method(text string) string {
	switch text {
	case "", "GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE", "PURGE", "PROPFIND":
		return text
	}
	return source.Mask
}

// client returns the name of a client, which may have a host name.
func (m *masker) client(text string) string {
	text = strings.Trim(text, "[] ")
	if text == "" || text == "-" || text == "unix:" {
		return "-"
	}
	if strings.HasPrefix(text, "client-") || strings.HasPrefix(text, "address-") {
		return text // masked before
	}
	if a, ok := parseAddress(text); ok {
		text = a.String()
	}
	return m.name(text, true)
}

// apacheClient finds the client in a line of Apache, with its port.
var apacheClient = lazyregexp.New(`\[(client|remote) ([^\]\s]+?)(:\d+)?\]`)

// serverLine masks a line of a server: what it says, and the request that it is about.
func (m *masker) serverLine(text string) string {
	said, request := text, ""
	if i := strings.Index(text, ", client: "); i >= 0 {
		said, request = text[:i], text[i:]
	}
	said = apacheClient.ReplaceAllStringFunc(said, func(found string) string {
		part := apacheClient.FindStringSubmatch(found)
		return "[" + part[1] + " " + m.client(part[2]) + part[3] + "]"
	})
	for _, sign := range []string{", referer: ", ", referrer: "} {
		if i := strings.Index(said, sign); i >= 0 {
			said = said[:i] + sign + source.Mask
		}
	}
	return m.said(said) + m.request(request)
}

// The fields of a request in a line of nginx, in their order (ngx_http_log_error_handler).
var requestFields = []string{", client: ", ", server: ", `, request: "`, `, subrequest: "`, `, upstream: "`, `, host: "`, `, referrer: "`}

// request masks what nginx says about a request.
func (m *masker) request(text string) string {
	var b strings.Builder
	for n, field := range requestFields {
		rest, ok := strings.CutPrefix(text, field)
		if !ok {
			continue
		}
		end := len(rest)
		for _, next := range requestFields[n+1:] {
			if i := strings.Index(rest, next); i >= 0 {
				end = min(end, i)
			}
		}
		value, quoted := strings.CutSuffix(rest[:end], `"`)
		b.WriteString(field)
		b.WriteString(m.field(field, value))
		if quoted {
			b.WriteByte('"')
		}
		text = rest[end:]
	}
	if text != "" {
		b.WriteString(m.chosen(text))
	}
	return b.String()
}

// field masks the value of a field.
func (m *masker) field(name, value string) string {
	switch name {
	case ", client: ":
		address, rest, _ := strings.Cut(value, ",") // a field of a module may follow
		if rest != "" {
			rest = "," + m.chosen(rest)
		}
		return m.client(address) + rest
	case `, request: "`, `, subrequest: "`:
		how, uri, ok := strings.Cut(value, " ")
		if !ok {
			return m.path(value)
		}
		version := ""
		if i := strings.LastIndex(uri, " HTTP/"); i >= 0 && len(uri)-i <= len(" HTTP/1.1") {
			uri, version = uri[:i], uri[i:]
		}
		return method(how) + " " + m.path(uri) + version
	case `, upstream: "`:
		if scheme, rest, ok := strings.Cut(value, "://"); ok {
			i := strings.IndexAny(rest, "/?#")
			if i < 0 || strings.HasPrefix(rest, "unix:") {
				i = len(rest)
			}
			return m.chosen(scheme+"://"+rest[:i]) + m.path(rest[i:])
		}
		return m.chosen(value)
	case `, referrer: "`:
		return source.Mask
	}
	return m.chosen(value)
}

// said masks what a server says: texts of scripts and of upstreams are quoted in it.
func (m *masker) said(text string) string {
	for _, sign := range []string{`FastCGI sent in stderr: "`, `said into stderr: "`, `said into stdout: "`, `Got error '`} {
		if i := strings.Index(text, sign); i >= 0 {
			i += len(sign)
			end := strings.LastIndex(text, `" while `)
			if end < i {
				end = len(strings.TrimRight(text, `"'`))
			}
			end = max(end, i)
			return m.chosen(text[:i]) + m.script(text[i:end]) + m.chosen(text[end:])
		}
	}
	if before, rest, ok := strings.Cut(text, `(request: "`); ok { // of PHP-FPM
		if i := strings.LastIndex(rest, `") `); i >= 0 {
			return m.chosen(before) + `(request: "` + m.field(`, request: "`, rest[:i]) + m.chosen(rest[i:])
		}
	}
	for _, sign := range []string{"upstream sent ", "malformed HTTP ", "client sent "} {
		if i := strings.Index(text, sign); i >= 0 {
			return m.chosen(text[:i]) + m.chosen(withoutQuoted(text[i:]))
		}
	}
	return m.chosen(text)
}

// withoutQuoted masks what is between the first and the last quote, but the name of a header.
func withoutQuoted(text string) string {
	first, last := strings.IndexByte(text, '"'), strings.LastIndexByte(text, '"')
	if first < 0 {
		return text
	}
	if last == first {
		last = len(text) // the line is cut
	}
	name := headerName.FindString(text[first+1 : last])
	return text[:first+1] + name + source.Mask + text[last:]
}

var headerName = lazyregexp.New(`^(?:Content-(?:Length|Type|Encoding|Disposition)|Transfer-Encoding|Location|Status|Link|Set-Cookie|X-[A-Z][a-z]+(?:-[A-Z][a-z]+)?):? ?`)
