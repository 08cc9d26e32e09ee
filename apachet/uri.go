package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// uri is a URL as APR reads it (apr_uri_parse).
type uri struct {
	scheme, user, host, path string // path is with what follows it
	port                     uint16 // 0 for none
	written                  string // the port as written
}

// parseURI reads a URL; ok is false if APR refuses it.
func parseURI(text string) (u uri, ok bool) {
	rest := text
	if !strings.HasPrefix(text, "/") {
		n := 0
		for n < len(text) && (isLetter(text[n]) || n > 0 && (isDigit(text[n]) || strings.IndexByte("+-.", text[n]) >= 0)) {
			n++
		}
		if end := strings.IndexAny(text, ":/?#"); end >= 0 && text[end] == ':' {
			if n != end || n == 0 {
				return u, false
			}
			u.scheme, rest = text[:n], text[n+1:]
		}
	}
	if !strings.HasPrefix(rest, "//") {
		u.path = rest
		return u, true
	}
	authority := rest[2:]
	if end := strings.IndexAny(authority, "/?#"); end >= 0 {
		authority, u.path = authority[:end], authority[end:]
	}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		u.user, authority = authority[:at+1], authority[at+1:]
	}
	return u, u.authority(authority)
}

// authority reads a host and its port.
func (u *uri) authority(text string) bool {
	u.host = text
	port := ""
	if strings.HasPrefix(text, "[") {
		end := strings.IndexByte(text, ']')
		if end < 0 {
			return false
		}
		u.host = text[1:end]
		if after, ok := strings.CutPrefix(text[end+1:], ":"); ok {
			port = after
		}
	} else if host, after, ok := strings.Cut(text, ":"); ok {
		u.host, port = host, after
	}
	n, rest, digits, _ := apache.Number(port)
	u.port, u.written = uint16(n), port
	return port == "" || digits && rest == ""
}

// schemePorts are the ports that a worker's name omits (httpd modules/proxy/proxy_util.c,
// pschemes; apr_uri_port_of_scheme).
var schemePorts = map[string]uint16{
	"http": 80, "https": 443, "ftp": 21, "fcgi": 8000, "ajp": 8009, "scgi": 4000, "uwsgi": 3031, "h2c": 80, "h2": 443, "ws": 80, "wss": 443,
}

// name returns the name of the worker of a URL: in lower case up to the path, without the
// usual port (httpd modules/proxy/proxy_util.c, ap_proxy_define_worker_ex).
func (u *uri) name() string {
	host := strings.ToLower(u.host)
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	scheme := strings.ToLower(u.scheme)
	if u.port != 0 && u.port != schemePorts[scheme] {
		host += ":" + u.written
	}
	return scheme + "://" + u.user + host + u.path
}

// withoutSocket returns a URL without the unix:PATH| before it; ok is false if nothing that
// could be a URL follows (httpd modules/proxy/proxy_util.c, ap_proxy_de_socketfy).
func withoutSocket(url string) (rest string, ok bool) {
	if !hasSocket(url) {
		return url, true
	}
	_, rest, _ = strings.Cut(url, "|")
	colon := strings.IndexByte(rest, ':')
	if colon < 0 {
		return "", false
	}
	if colon == len(rest)-1 {
		rest += "//localhost"
	}
	return rest, true
}

func hasSocket(url string) bool {
	return len(url) > 5 && strings.EqualFold(url[:5], "unix:") && strings.Contains(url[5:], "|")
}
