package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// roomy is the size at which a header buffer is large enough for PHP
// applications.
const roomy = 16 << 10

// Sizes too small for the headers that a server itself sends: PHP 8 bytes before a
// FastCGI record and its Content-type (measured on PHP-FPM 8.2), nginx its Server,
// Date and Content-Type, and any server a status line. A 16 is meant as 16k.
const (
	hopelessPHP   = 50
	hopelessNginx = 128
	hopelessEmpty = 100 // of nginx with a return, which may be a 204 without a body
	hopelessHTTP  = 16
)

// Sizes that are set and too small for applications. A login of WordPress sends more than
// hopelessLogin, and its pages less. The header of a PHP page without cookies is 75 bytes
// long and that of one with a session 239 (measured on PHP-FPM 8.2), that of a file from
// nginx about 250; a few cookies are several hundred bytes.
const (
	hopelessLogin = 512
	crampedPHP    = 2 << 10
	crampedHTTP   = 1 << 10
	crampedFile   = 256
)

// headerFault is why the answers of a gateway may not fit into its header
// buffer. The rules about header buffers own one value each.
type headerFault uint8

const (
	headerFits headerFault = iota
	wrongKnob
	stderrShares
	smallBuffer
)

// tight is a gateway with a small header buffer.
type tight struct {
	gateway *stack.Gateway
	pool    *stack.Pool // that shares the buffer with its log, for stderrShares
	size    source.Setting[int64]
	bytes   int64
	knob    source.Span // the directive that does not help, for wrongKnob
	logging source.Setting[string]
	// wordPress is set if the headers are known to be those of WordPress.
	wordPress bool
}

// tightBuffers returns the gateways with one fault, once for each line and site.
func tightBuffers(p *lint.Pass, fault headerFault) (list []tight) {
	type place struct {
		at   source.Span
		site *stack.Site
	}
	met := once[place]{}
	proxied := proxyBuffers(p.Stack)
	for g := range nginxGateways(p.Stack) {
		t := tight{gateway: g, size: g.BufferSize()}
		known := false
		if t.bytes, known = t.size.Known(); !known && g.PHP && fault == smallBuffer {
			p.NotChecked(t.size.At(), t.size.Why())
		}
		if !known || t.bytes >= roomy {
			continue
		}
		where := place{t.size.At(), nil}
		if !t.size.Written() {
			where.site = g.Site
		}
		if t.classify(proxied) == fault && met.first(where) {
			list = append(list, t)
		}
	}
	return list
}

// proxyBuffers returns the proxy_buffer_size directives that apply to a
// proxy_pass.
func proxyBuffers(s *stack.Stack) map[source.Span]bool {
	used := map[source.Span]bool{}
	for g := range nginxGateways(s) {
		if g.Protocol == stack.HTTP || g.Protocol == stack.HTTPS {
			used[g.BufferSize().At()] = true
		}
	}
	return used
}

// classify finds the most specific fault.
func (t *tight) classify(proxied map[source.Span]bool) headerFault {
	g := t.gateway
	wordPress := g.Site != nil && g.Site.WordPress
	switch {
	case t.hopeless():
		return smallBuffer
	case g.Protocol == stack.HTTP || g.Protocol == stack.HTTPS:
		wordPress = slices.ContainsFunc(g.Peers, func(peer *stack.Peer) bool { return peer.Site != nil && peer.Site.WordPress })
	case !g.PHP || g.Protocol != stack.FastCGI:
		return headerFits
	case t.size.Written() && wordPress:
	case t.otherKnob(proxied):
		return wrongKnob
	case slices.ContainsFunc(g.Peers, func(peer *stack.Peer) bool {
		return peer.Pool != nil && peer.Fault == stack.Answers && t.shares(peer.Pool)
	}):
		return stderrShares
	}
	if wordPress || t.cramped() {
		t.wordPress = wordPress
		return smallBuffer
	}
	return headerFits
}

// hopeless reports whether the headers of no answer fit.
func (t *tight) hopeless() bool {
	most := int64(hopelessHTTP)
	switch g := t.gateway; {
	case g.Protocol == stack.FastCGI && g.PHP:
		most = hopelessPHP
	case g.Protocol != stack.HTTP && g.Protocol != stack.HTTPS:
		return false
	default:
		for _, peer := range g.Peers {
			if most = hopelessNginx; peer.Site == nil {
				most = hopelessHTTP
				break
			} else if peer.Site.Returns {
				most = hopelessEmpty
				break
			}
		}
	}
	return t.size.Written() && t.bytes <= most
}

// cramped reports whether the size that is set has no room for a few cookies.
func (t *tight) cramped() bool {
	most := int64(crampedHTTP)
	switch g := t.gateway; {
	case g.Protocol == stack.FastCGI:
		most = crampedPHP
	case !slices.ContainsFunc(g.Peers, func(peer *stack.Peer) bool { return peer.Site == nil }):
		most = crampedFile
	}
	return t.size.Written() && t.bytes <= most
}

// otherKnob reports whether a directive is raised instead of fastcgi_buffer_size,
// which is then the knob.
func (t *tight) otherKnob(proxied map[source.Span]bool) bool {
	if t.size.Written() {
		return false
	}
	buffers, proxy := t.gateway.Buffers(), t.gateway.ProxyBufferSize()
	if b, known := buffers.Known(); known && buffers.Written() && b.Size > stack.PageSize && b.Size >= roomy {
		t.knob = buffers.At()
	} else if n, known := proxy.Known(); known && proxy.Written() && n > stack.PageSize && !proxied[proxy.At()] {
		t.knob = proxy.At()
	}
	return !t.knob.IsZero()
}

// shares reports whether the log of PHP goes through the header buffer: it goes
// to the standard error of FastCGI when error_log is not set (measured on
// PHP-FPM 8.2).
func (t *tight) shares(pool *stack.Pool) bool {
	if !pool.Master.Reads() {
		return false
	}
	file, logging := pool.PHPValue("error_log"), pool.PHPValue("log_errors")
	if name, _ := file.Known(); name != "" || file.Why() != "" || isOff(pool.PHPValue("fastcgi.logging")) || isOff(logging) || logging.Why() != "" {
		return false
	}
	t.pool, t.logging = pool, logging
	return true
}

// isOff reports whether a flag of PHP is set to off.
func isOff(flag source.Setting[string]) bool {
	on, set := flag.Known()
	return set && (on == "" || on == "0")
}

// what says how big the buffer is, and which directive makes it so.
func (t *tight) what() string {
	name := t.gateway.Protocol.Prefix() + "buffer_size"
	if t.size.Written() {
		return fmt.Sprintf("%s is %s", name, size(t.bytes))
	}
	return fmt.Sprintf("%s is not set, and its default is %s", name, size(t.bytes))
}

const tooBig = "upstream sent too big header while reading response header from upstream"

// bigger returns the fix that makes the header buffer roomy, with other buffers
// that nginx accepts with it.
func (t *tight) bigger() []lint.Fix {
	g := t.gateway
	buffers := g.Buffers()
	b, known := buffers.Known()
	_, busy := g.BusyBuffersSize().Known()
	_, temp := g.TempFileWriteSize().Known()
	if !known || busy || temp {
		return nil
	}
	most := max(int64(roomy), b.Size)
	enough := 2*most <= (b.Number-1)*b.Size
	prefix := g.Protocol.Prefix()
	lines := prefix + "buffer_size 16k"
	if !t.size.Written() || !enough && buffers.Written() {
		return nil
	}
	if !enough {
		lines += ";\n" + indent(t.size.At()) + prefix + "buffers 16 16k"
	}
	return replace(t.size.At(), lines, "make the header buffer 16k")
}

// indent returns the blanks at the start of a line.
func indent(at source.Span) string {
	line := at.File.Line(at.Begin().Line).Text()
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}
