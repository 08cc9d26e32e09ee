package servers

import (
	"slices"
	"strings"
)

// aside are directives of nginx that decide neither which location answers a request for
// PHP, nor where that passes it (ngx_core_module, ngx_http_core_module,
// ngx_http_headers_module, ngx_http_gzip_module, ngx_http_realip_module).
var aside = []string{
	"add_header", "charset", "client_body_timeout", "client_header_timeout", "client_max_body_size", "default_type", "expires",
	"fastcgi_param", "gzip", "gzip_comp_level", "gzip_types", "index", "keepalive_timeout", "real_ip_header", "root", "send_timeout", "sendfile",
	"server_name", "server_tokens", "set_real_ip_from", "worker_connections", "worker_processes", "worker_rlimit_nofile",
}

// Aside reports whether a line is one directive of nginx of which no value changes whether a
// request for PHP reaches PHP-FPM.
func Aside(line string) bool {
	words := strings.Fields(line)
	return len(words) > 0 && slices.Contains(aside, words[0]) && strings.Count(line, ";") == 1 && strings.HasSuffix(words[len(words)-1], ";")
}
