package apachet

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// workers are the workers and balancers that one server has defined so far (httpd
// modules/proxy/mod_proxy.h, proxy_server_conf).
type workers struct {
	names     []workerName
	balancers map[string]*balancer
}

// workerName is the name of one worker.
type workerName struct {
	name string
	// matching is set for one of ProxyPassMatch and its kin, in whose name $1 matches anything.
	matching bool
}

// balancer is one balancer://.
type balancer struct {
	members workers
	method  string            // lbmethod
	at      *apache.Directive // the first directive that names it
}

// lookup is which workers httpd looks for.
type lookup uint8

const (
	prefixes lookup = 1 << iota // those of ProxyPass and <Proxy>
	patterns                    // those of ProxyPassMatch and <ProxyMatch>
)

// has reports whether a worker exists that a URL shares (httpd modules/proxy/proxy_util.c,
// ap_proxy_get_worker_ex). Where a name has $1, one that may match is enough.
func (w *workers) has(url string, which lookup) bool {
	url, ok := withoutSocket(url)
	colon := strings.IndexByte(url, ':')
	if !ok || colon < 0 || !strings.HasPrefix(url[colon:], "://") || len(url) == colon+3 {
		return false
	}
	least := len(url)
	if slash := strings.IndexByte(url[colon+3:], '/'); slash >= 0 {
		least = colon + 3 + slash
	}
	url = strings.ToLower(url[:least]) + url[least:]
	for _, known := range w.names {
		fixed, _, _ := strings.Cut(known.name, "$")
		switch {
		case len(known.name) > len(url), len(known.name) < least:
		case known.matching && which&patterns != 0 && strings.HasPrefix(url, fixed):
			return true
		case !known.matching && which&prefixes != 0 && strings.HasPrefix(url, known.name):
			return true
		}
	}
	return false
}

// workersOf returns the workers of the server that d is in.
func (x *checker) workersOf(d *apache.Directive) *workers {
	host := around(d, "virtualhost")
	if x.servers == nil {
		x.servers = map[*apache.Directive]*workers{}
	}
	if x.servers[host] == nil {
		x.servers[host] = &workers{balancers: map[string]*balancer{}}
	}
	return x.servers[host]
}

// isBalancer reports whether a URL is that of a balancer (httpd
// modules/proxy/proxy_util.c, ap_proxy_valid_balancer_name).
func isBalancer(url string) bool {
	return len(url) >= 9 && strings.EqualFold(url[:9], "balancer:")
}

// balancerOf returns the balancer of a URL, which it defines; log is why it cannot be, in
// httpd's words (httpd modules/proxy/proxy_util.c, ap_proxy_define_balancer).
func (w *workers) balancerOf(url string, d *apache.Directive) (b *balancer, log string) {
	name := balancerName(url)
	if b = w.balancers[name]; b != nil {
		return b, ""
	}
	colon := strings.IndexByte(url, ':')
	switch {
	case colon < 0, !strings.HasPrefix(url[colon:], "://"), len(url) == colon+3:
		return nil, "Bad syntax for a balancer name (" + url + ")"
	case len(name) >= maxBalancer:
		return nil, "balancer name (" + name + ") too long"
	}
	b = &balancer{at: d}
	w.balancers[name] = b
	return b, ""
}

// maxBalancer is the size of the name of a balancer (httpd modules/proxy/mod_proxy.h,
// PROXY_BALANCER_MAX_NAME_SIZE).
const maxBalancer = 96

// balancerName returns the name of a balancer: its URL up to the path.
func balancerName(url string) string {
	if _, rest, ok := strings.Cut(url, "://"); ok {
		if slash := strings.IndexByte(rest, '/'); slash >= 0 {
			url = url[:len(url)-len(rest)+slash]
		}
	}
	return strings.ToLower(url)
}

// The sizes of what httpd keeps of a worker, with the byte at the end: of the path of its
// socket and of its host (httpd modules/proxy/mod_proxy.h, proxy_worker_shared; measured on
// Apache 2.4).
const (
	maxSocket = 96
	maxHost   = 256
)

// define defines a worker (httpd modules/proxy/proxy_util.c, ap_proxy_define_worker_ex). It
// returns why it cannot be, in httpd's words, with the same for a sentence.
func (x *checker) define(w *workers, url string, which lookup) (log, plain string, fault Fault) {
	rest, socket := url, ""
	if hasSocket(url) {
		before, after, _ := strings.Cut(url, "|")
		if u, ok := parseURI(before); ok {
			socket, rest = x.socketPath(u.path), after
		}
	}
	if which == patterns {
		rest = withoutReferences(rest)
	}
	u, ok := parseURI(rest)
	switch {
	case !ok:
		return "Unable to parse URL: " + url, quoted(url) + " is not a valid URL", Directive
	case u.scheme == "", u.host == "" && !hasSocket(url):
		return "URL must be absolute!: " + url, quoted(url) + " is not a URL with a scheme and a host", Directive
	case u.host == "":
		u.host = "localhost"
	}
	switch {
	case len(u.host) >= maxHost:
		return "worker hostname (" + strings.ToLower(u.host) + ") too long", "the host has " + decimal(len(u.host)) + " bytes, and Apache allows " + decimal(maxHost-1), Directive
	case len(socket) >= maxSocket:
		return "worker uds path (" + socket + ") too long",
			"the path of the socket has " + decimal(len(socket)) + " bytes, and Apache allows " + decimal(maxSocket-1) + " for a worker", Socket
	}
	w.names = append(w.names, workerName{u.name(), which == patterns})
	return "", "", 0
}

// socketPath returns the absolute path of a worker's socket; "" for none, or where
// DefaultRuntimeDir is not known.
func (x *checker) socketPath(written string) string {
	written, _, _ = strings.Cut(written, "?")
	written, _, _ = strings.Cut(written, "#")
	if !strings.HasPrefix(written, "/") {
		dir := x.runtimeDir()
		if dir == "" || written == "" {
			return ""
		}
		written = path.Join(dir, written)
	}
	if cleaned := path.Clean(written); !strings.HasSuffix(written, "/") || cleaned == "/" {
		return cleaned
	}
	return path.Clean(written) + "/" // which httpd keeps
}

// withoutReferences returns a URL without the $1 in its port, which httpd puts before the path.
func withoutReferences(url string) string {
	start := strings.Index(url, "://")
	if start < 0 {
		return url
	}
	start += 3
	host := strings.IndexAny(url[start:], ":/")
	if host < 0 || url[start+host] != ':' {
		return url
	}
	for i := start + host + 1; i < len(url) && url[i] != '/'; i++ {
		if url[i] != '$' || i+1 >= len(url) || !isDigit(url[i+1]) {
			continue
		}
		end := i + 2
		for end < len(url) && url[end] != '/' {
			end++
		}
		return url[:i] + url[end:]
	}
	return url
}
