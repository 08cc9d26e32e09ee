package handler

import (
	"path"
	"strconv"
	"strings"
)

// schemePorts are the ports of URLs without one, by scheme (httpd
// modules/proxy/proxy_util.c, pstr; measured on Apache 2.4 for fcgi).
var schemePorts = map[string]uint16{
	"fcgi": 8000, "http": 80, "https": 443, "ftp": 21, "ajp": 8009, "scgi": 4000,
	"h2c": 80, "h2": 443, "ws": 80, "wss": 443, "uwsgi": 3031,
}

// schemeModules are the modules of which one handles URLs of a scheme: it has the canon_handler
// for it (httpd modules/proxy/mod_proxy_*.c).
var schemeModules = map[string]string{
	"fcgi": "proxy_fcgi_module", "http": "proxy_http_module", "https": "proxy_http_module",
	"ws": "proxy_http_module", "wss": "proxy_http_module", "ajp": "proxy_ajp_module",
	"scgi": "proxy_scgi_module", "uwsgi": "proxy_uwsgi_module", "ftp": "proxy_ftp_module",
	"h2": "proxy_http2_module", "h2c": "proxy_http2_module", "balancer": "proxy_balancer_module",
}

// parsed is a URL of a handler or of a worker as mod_proxy reads it.
type parsed struct {
	Target
	rest string // from the slash after the host on
	// url is the canonical URL without the socket, and file what a handler adds to it: what the table
	// of workers is searched for.
	url, file string
	// bad is set for a URL that gets status 400, and alien if no module of Apache has the scheme.
	bad, alien bool
}

// parseHandler returns the result of readHandler, which it keeps: most requests for a server have one
// handler.
func (m *model) parseHandler(text string) parsed {
	if m.handler.text != text || text == "" {
		m.handler = handlerURL{text, m.readHandler(text)}
	}
	return m.handler.parsed
}

// handlerURL is the URL of a handler that was read last.
type handlerURL struct {
	text string
	parsed
}

// readHandler reads the URL after proxy: of a handler or of a RewriteRule at a request
// (httpd modules/proxy/proxy_util.c, fixup_uds_filename).
func (m *model) readHandler(text string) parsed {
	p := parsed{url: text}
	if socket, rest, ok := cutSocket(text); ok {
		host, name := uriPath(socket)
		colon := strings.IndexByte(rest, ':')
		if host != "" || name == "" || colon < 0 {
			p.bad = true
			return p
		}
		p.socket(m, name)
		scheme, after := rest[:colon], rest[colon+1:]
		switch {
		case after == "":
			rest += "//localhost"
		case after[0] == '/' && !strings.HasPrefix(after, "//"):
			rest = scheme + "://localhost" + after
		case after == "//" || strings.HasPrefix(after, "///"):
			rest = scheme + "://localhost" + after[2:]
		}
		p.url = rest
	}
	p.canonical()
	return p
}

// parseWorker reads the URL that names a worker (httpd modules/proxy/proxy_util.c,
// ap_proxy_define_worker_ex, and ap_proxy_de_socketfy).
func (m *model) parseWorker(text string) parsed {
	p := parsed{url: text}
	if socket, rest, ok := cutSocket(text); ok {
		_, name := uriPath(socket)
		p.socket(m, name)
		switch scheme, after, ok := strings.Cut(rest, ":"); {
		case !ok:
			p.bad = true
			return p
		case after == "":
			rest += "//localhost"
		case after == "//" || strings.HasPrefix(after, "///"):
			rest = scheme + "://localhost" + after[2:]
		}
		p.url = rest
	}
	p.canonical()
	return p
}

// cutSocket splits unix:PATH|URL, unix in any case.
func cutSocket(text string) (socket, rest string, ok bool) {
	if len(text) < 5 || !strings.EqualFold(text[:5], "unix:") {
		return "", "", false
	}
	return strings.Cut(text[5:], "|")
}

// uriPath returns the host and the path of what follows unix: (apr apr_uri.c, apr_uri_parse).
func uriPath(text string) (host, name string) {
	if i := strings.IndexAny(text, "?#"); i >= 0 {
		text = text[:i]
	}
	rest, ok := strings.CutPrefix(text, "//")
	if !ok {
		return "", text
	}
	host, name, ok = strings.Cut(rest, "/")
	if ok {
		name = "/" + name
	}
	return host, name
}

// socket sets the path of a unix socket. A relative one is below DefaultRuntimeDir (httpd
// server/config.c, ap_runtime_dir_relative).
func (p *parsed) socket(m *model, name string) {
	p.Written = name
	p.Relative = !strings.HasPrefix(name, "/")
	if p.Relative {
		name = m.runtimeDir + "/" + name
	}
	p.Socket = path.Clean(name)
}

// canonical reads scheme, host and port, and makes url what the canon_handler of the scheme
// makes of it (httpd modules/proxy/mod_proxy_fcgi.c, proxy_fcgi_canon).
func (p *parsed) canonical() {
	scheme, after, ok := strings.Cut(p.url, ":")
	p.Scheme = strings.ToLower(scheme)
	if !ok || schemeModules[p.Scheme] == "" {
		p.alien = true
		return
	}
	after, ok = strings.CutPrefix(after, "//")
	if !ok {
		p.bad = true
		return
	}
	host, rest, slash := strings.Cut(after, "/")
	if slash {
		rest = "/" + rest
	}
	p.rest = rest
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	if p.bad = !p.address(host); p.bad {
		p.Port = 0
		return
	}
	p.url = p.Scheme + "://" + p.Host
	if strings.Contains(p.Host, ":") {
		p.url = p.Scheme + "://[" + p.Host + "]"
	}
	if p.Port != schemePorts[p.Scheme] {
		p.url += ":" + strconv.Itoa(int(p.Port))
	}
	p.url += rest
	if p.Socket != "" {
		p.Port, p.PortWritten = 0, false
	}
}

// address reads host:port (apr apr_sockaddr_common.c, apr_parse_addr_port). A port has to be in
// 1 to 65535, and a number alone is a port without a host.
func (p *parsed) address(text string) bool {
	host := strings.TrimRight(text, "0123456789")
	port := text[len(host):]
	p.Port = schemePorts[p.Scheme]
	switch {
	case host == "":
		return false
	case strings.HasSuffix(host, ":") && port != "":
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 || host == ":" {
			return false
		}
		p.Port, p.PortWritten, host = uint16(n), true, host[:len(host)-1]
	default:
		host = text
	}
	if strings.HasPrefix(host, "[") {
		if !strings.HasSuffix(host, "]") {
			return false
		}
		host = host[1 : len(host)-1]
	}
	p.Host = strings.ToLower(host)
	return true
}
