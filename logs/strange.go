package logs

import (
	"bytes"
	"strings"
)

// ordinary is how lines of nginx begin that are about a request that failed for a reason that
// has nothing to do with what answers it (nginx ngx_http_static_module.c, ngx_http_request.c,
// ngx_http_access_module.c, ngx_http_auth_basic_module.c and ngx_http_core_module.c).
var ordinary = []string{
	`open() "`, `stat() "`, `lstat() "`, `opendir() "`, `"`, `directory index of "`, `access forbidden by rule`, `user "`, `no user/password was provided`,
	`client intended to send too large`, `client sent `, `client timed out`, `testing "`, `delaying request`, `limiting `, `invalid host in request`,
	`SSL_do_handshake() failed`, `SSL_read() failed`, `SSL_write() failed`, `SSL_shutdown() failed`, `recv() failed`, `send() failed`, `writev() failed`, `peer closed connection`,
}

// suspicious are literals of lines that look like failures, besides those of nginx.
var suspicious = []string{"[proxy_fcgi:error]", "[proxy:error]", "[proxy_http:error]", "ERR Request failed", "ERR  error=", "ALERT: ", "[ALERT] "}

// strangeNginx reports whether a line of nginx that matches no known row looks like a failure; said
// is the line from its level on, without the request.
func strangeNginx(level byte, said []byte) bool {
	switch level {
	case 'e', 'c', 'a':
	default:
		return false
	}
	if bytes.HasPrefix(said, []byte("[emerg]")) {
		return true
	}
	text := said
	if i := bytes.Index(text, []byte(": ")); i >= 0 {
		text = text[i+2:]
	}
	if len(text) > 0 && text[0] == '*' {
		if i := bytes.IndexByte(text, ' '); i >= 0 {
			text = text[i+1:]
		}
	}
	for _, start := range ordinary {
		if has(text, start) {
			return bytes.Contains(text, []byte("to upstream")) || bytes.Contains(text, []byte("from upstream"))
		}
	}
	return true
}

// strange reports whether a line that matches no known row looks like a failure.
func (h *head) strange() bool {
	text := h.text
	switch {
	case h.by == byNginx && strings.HasPrefix(text, "[") && len(text) > 1:
		said, _, _ := strings.Cut(text, ", client: ")
		return strangeNginx(text[1], []byte(said))
	case h.by == byFPM:
		for _, start := range [...]string{"ERROR: ", "[ERROR] ", "ALERT: ", "[ALERT] "} {
			if strings.HasPrefix(text, start) {
				return true
			}
		}
	case h.by == byApache:
		return strings.HasPrefix(h.level, "proxy") && strings.HasSuffix(h.level, ":error") && !strings.Contains(text, "AH01071: Got error 'PHP message: ")
	case h.by == byCloudflared:
		return strings.HasPrefix(text, "ERR ")
	}
	return false
}
