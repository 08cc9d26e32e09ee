package logs

import (
	"strings"

	"github.com/wp502lint/wp502lint/servers"
)

// request returns the request that a line with a row is about.
func (h *head) request(m match) (r Request) {
	switch m.row.by {
	case byNginx:
		return nginxRequest(h.text)
	case byFPM:
		for i, name := range m.row.groups {
			if name == "request" && m.values[i] != "" {
				r.Method, r.URI = requestLine(m.values[i])
			}
		}
	case byApache:
		r = apacheRequest(h.text)
		r.Upstream = apacheUpstream(h.text, m)
	case byCloudflared:
		if _, rest, ok := strings.Cut(h.text, " dest="); ok {
			r.Host, r.URI = hostAndPath(word(rest))
		}
		if _, rest, ok := strings.Cut(h.text, " originService="); ok {
			r.Upstream = word(rest)
		}
	}
	return r
}

// apacheRequest reads what Apache writes about the request of a line (httpd server/log.c,
// do_errorlog_default): its client, and the page that led to it.
func apacheRequest(text string) (r Request) {
	if _, rest, ok := strings.Cut(text, "[client "); ok {
		client, _, _ := strings.Cut(rest, "]")
		if i := strings.LastIndexByte(client, ':'); i > 0 {
			client = client[:i]
		}
		r.Client = client
	}
	if i := strings.LastIndex(text, ", referer: "); i >= 0 {
		r.Host, _ = hostAndPath(text[i:])
		if i := strings.LastIndexByte(r.Host, ':'); i > 0 && digitsOnly(r.Host[i+1:]) {
			r.Host = r.Host[:i]
		}
	}
	return r
}

// apacheUpstream returns the address that a line of Apache names, as nginx would write it; "" for
// none. A line about HTTP says so.
func apacheUpstream(text string, m match) string {
	for i, name := range m.row.groups {
		if name != "path" && name != "addr" || m.values[i] == "" || m.row.Sign == servers.WebRefused {
			continue
		}
		address := m.values[i]
		if strings.HasPrefix(address, "balancer://") {
			return address
		}
		if name == "path" {
			address = "unix:" + address + ":"
		}
		for _, mark := range [...]string{": HTTP: ", ": HTTPS: ", " from remote server ", ": pass request body failed "} {
			if strings.Contains(text, mark) {
				return "http://" + address
			}
		}
		return "fastcgi://" + address
	}
	return ""
}

// word returns the first word of a text.
func word(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), " ")
	return strings.Trim(text, `"`)
}

// hostAndPath returns the parts of https://HOST/PATH.
func hostAndPath(url string) (host, path string) {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return "", ""
	}
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[:i], rest[i:]
	}
	return rest, "/"
}

// nginxRequest reads what nginx writes after its message about the request that it is about
// (nginx ngx_http_request.c, ngx_http_log_error_handler). The line may be cut anywhere, and a
// client that is unknown is left out.
func nginxRequest(text string) (r Request) {
	i := strings.Index(text, ", client: ")
	if i < 0 {
		if i = strings.Index(text, ", server: "); i < 0 {
			i = strings.Index(text, `, upstream: "`)
		}
	}
	if i < 0 {
		return r
	}
	for rest := text[i:]; ; {
		rest = strings.TrimPrefix(rest, ", ")
		name, after, ok := strings.Cut(rest, ": ")
		if !ok || strings.IndexByte(name, ' ') >= 0 {
			return r
		}
		var value string
		value, rest = contextValue(after)
		switch name {
		case "client":
			r.Client = value
		case "server":
			r.Server = value
		case "request":
			r.Method, r.URI = requestLine(value)
		case "upstream":
			r.Upstream = value
		case "host":
			r.Host = value
		}
	}
}

// contextValue returns the value at the start of text, and what follows it.
func contextValue(text string) (value, rest string) {
	if strings.HasPrefix(text, `"`) {
		text = text[1:]
		for from := 0; ; {
			i := strings.IndexByte(text[from:], '"')
			if i < 0 {
				return strings.TrimRight(text, "\r\n "), ""
			}
			i += from
			if after := text[i+1:]; after == "" || strings.HasPrefix(after, ", ") || i == len(strings.TrimRight(text, "\r\n "))-1 {
				return text[:i], after
			}
			from = i + 1
		}
	}
	if i := strings.Index(text, ", "); i >= 0 {
		return text[:i], text[i:]
	}
	return strings.TrimRight(text, "\r\n ,"), ""
}

// requestLine returns the method and the URI of GET /x HTTP/1.1.
func requestLine(line string) (method, uri string) {
	method, uri, ok := strings.Cut(line, " ")
	if !ok {
		return "", line
	}
	if i := strings.LastIndexByte(uri, ' '); i >= 0 {
		if protocol := uri[i+1:]; strings.HasPrefix(protocol, "HTTP/") || strings.HasPrefix("HTTP/", protocol) { // cut
			uri = uri[:i]
		}
	}
	return method, uri
}
