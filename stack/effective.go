package stack

import (
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// Effective are the directives in effect in a block of nginx, its own and the inherited
// ones. An inner value overrides an outer one. Blocks with the same included lines in
// effect share one Effective.
//
// It is a chain from the innermost directive outwards, because most blocks add at most
// one line to settings that thousands of blocks share.
type Effective struct {
	outer   *Effective
	buffers *Effective // the innermost step about buffer sizes
	has     uint64     // a bit for each keyword of the chain, and for some that it has not
	depth   uint16     // of the block that contains the directive
	keyword keyword
	judged  bool // judgeBuffers has judged the buffers
	d       nginx.Directive
}

// added identifies one step of a chain; blocks with the same steps share them.
type added struct {
	outer *Effective
	depth int
	d     nginx.Directive
}

// effect determines what takes effect in s.
func (r *reader) effect(s *scope) {
	if s.parent != nil {
		s.effective = s.parent.effective
	}
	for _, it := range s.items {
		if it.keyword < firstSetting || it.d.NumArgs() == 0 {
			continue
		}
		s.effective = r.step(s, it)
	}
}

// step returns what takes effect in s with one more directive. Steps of included files
// are shared, since other blocks are likely to include the file too.
func (r *reader) step(s *scope, it item) *Effective {
	shared := it.d.File() != s.block.File()
	key := added{s.effective, s.depth, it.d}
	if shared {
		if e := r.effects[key]; e != nil {
			return e
		}
	}
	e := r.steps.take()
	*e = Effective{outer: s.effective, depth: uint16(s.depth), keyword: it.keyword, d: it.d, has: it.keyword.bit()}
	if e.outer != nil {
		e.has |= e.outer.has
	}
	if e.buffers = s.effective.sizes(); it.keyword.ofBuffers() {
		e.buffers = e
	}
	if shared {
		r.effects[key] = e
	}
	return e
}

// sizes returns the innermost step about buffer sizes; nil for none.
func (e *Effective) sizes() *Effective {
	if e == nil {
		return nil
	}
	return e.buffers
}

// ofBuffers reports whether a setting takes part in the check of buffer sizes.
func (k keyword) ofBuffers() bool {
	return k >= firstOfGateways && (k-firstOfGateways)%settingsOfGateway < bufferSettings
}

func (k keyword) bit() uint64 { return 1 << (k % 64) }

// may reports whether the chain may have the keyword. Most blocks have few of all
// settings, and a walk along the chain is long.
func (e *Effective) may(k keyword) bool { return e != nil && e.has&k.bit() != 0 }

// get returns the directive in effect with the keyword; zero for none.
func (e *Effective) get(k keyword) nginx.Directive {
	if e = e.last(k); e != nil {
		return e.d
	}
	return nginx.Directive{}
}

// last returns the innermost step with the keyword; nil for none. Blocks that share it
// have the same directives with the keyword in effect.
func (e *Effective) last(k keyword) *Effective {
	if !e.may(k) {
		return nil
	}
	for ; e != nil && e.keyword != k; e = e.outer {
	}
	return e
}

// all returns the directives with the keyword in the innermost block that has one, in text order.
func (e *Effective) all(k keyword) []nginx.Directive {
	n, last := 0, e.last(k)
	for e = last; e != nil; e = e.outer {
		if e.keyword != k {
			continue
		}
		if e.depth != last.depth {
			break
		}
		n++
	}
	if n == 0 {
		return nil
	}
	list := make([]nginx.Directive, n)
	for e = last; n > 0; e = e.outer {
		if e.keyword == k {
			n--
			list[n] = e.d
		}
	}
	return list
}

// The directives that Effective keeps. Those of the four kinds of gateways are
// grouped, in the order of the protocols.
const (
	firstSetting keyword = iota + 100
	kwResolver
	kwErrorLog
	kwErrorPage
	kwWorkerProcesses
	kwMasterProcess
	kwKeepalive
	kwZone
	kwSSL
	kwSSLCertificate
	kwSSLCertificateKey
	kwSSLRejectHandshake
	kwSSLProtocols
	firstOfTLS
	firstOfGateways = firstOfTLS + keyword(len(tlsSettings))
)

// tlsSettings are further settings of a server, which have the keywords from firstOfTLS on.
var tlsSettings = [...]string{
	"ssl_ciphers", "ssl_verify_client", "ssl_client_certificate", "ssl_trusted_certificate", "ssl_crl", "ssl_dhparam", "ssl_stapling", "ssl_stapling_file",
	"ssl_password_file", "ssl_session_ticket_key", "ssl_ecdh_curve",
}

// The settings that every kind of gateway has, as offsets in its group.
const (
	bufferSize keyword = iota
	buffers
	busyBuffersSize
	tempFileWriteSize
	maxTempFileSize
	buffering
	readTimeout
	nextUpstream
	keepConn
	sslServerName
	sslName
	sslVerify
	sslTrustedCertificate
	sslProtocols
	sslCertificate
	sslCertificateKey
	sslPasswordFile
	sslCRL
	sslCiphers
	bind
	settingsOfGateway
)

// The groups, and the names of their directives.
var (
	prefixes = [...]string{FastCGI: "fastcgi_", HTTP: "proxy_", HTTPS: "proxy_", UWSGI: "uwsgi_", SCGI: "scgi_"}
	suffixes = [...]string{
		bufferSize: "buffer_size", buffers: "buffers", busyBuffersSize: "busy_buffers_size",
		tempFileWriteSize: "temp_file_write_size", maxTempFileSize: "max_temp_file_size", buffering: "buffering",
		readTimeout: "read_timeout", nextUpstream: "next_upstream", keepConn: "keep_conn",
		sslServerName: "ssl_server_name", sslName: "ssl_name", sslVerify: "ssl_verify",
		sslTrustedCertificate: "ssl_trusted_certificate", sslProtocols: "ssl_protocols",
		sslCertificate: "ssl_certificate", sslCertificateKey: "ssl_certificate_key", sslPasswordFile: "ssl_password_file", sslCRL: "ssl_crl", sslCiphers: "ssl_ciphers",
		bind: "bind",
	}
)

// groups are the protocols that have directives of their own.
var groups = [...]Protocol{FastCGI, HTTP, UWSGI, SCGI}

// of returns the keyword of a setting for the protocol.
func (p Protocol) of(setting keyword) keyword {
	group := keyword(0)
	switch p {
	case HTTP, HTTPS:
		group = 1
	case UWSGI:
		group = 2
	case SCGI:
		group = 3
	}
	return firstOfGateways + group*settingsOfGateway + setting
}

// Prefix returns the prefix of the protocol's directives, such as fastcgi_.
func (p Protocol) Prefix() string { return prefixes[p] }

// block is the block whose settings are read: what takes effect there, and the header
// that is the place of settings that are not set.
type block struct {
	*Effective
	at source.Span
	// why is set for a fragment: an outer block may set what this one does not.
	why string
}

// setting returns a setting of a block, absent if no line sets it. A text that read
// rejects is left to another rule.
func setting[T any](b block, k keyword, read func(nginx.Directive) (T, bool)) source.Setting[T] {
	d := b.get(k)
	switch {
	case d.IsZero() && b.why != "":
		return source.Unknown[T](b.at, b.why)
	case d.IsZero():
		return source.Absent[T](b.at)
	}
	at := d.Span()
	if marks := source.TemplateMark(at.File.Text[d.NameWord().Span().End:at.End]); marks != "" { // the name has none
		return source.Unknown[T](at, d.Name()+" holds the template mark "+marks)
	}
	v, ok := read(d)
	if !ok {
		return source.Unknown[T](at, "nginx does not take the value of "+d.Name())
	}
	return source.Written(v, at)
}

func sizeOf(d nginx.Directive) (int64, bool)   { return nginx.Size(d.Arg(0).String()) }
func numberOf(d nginx.Directive) (int64, bool) { return nginx.Number(d.Arg(0).String()) }
func textOf(d nginx.Directive) (string, bool)  { return d.Arg(0).String(), true }

func timeOf(d nginx.Directive) (time.Duration, bool) { return nginx.Duration(d.Arg(0).String()) }

// flagOf reads on and off, in either case (nginx ngx_conf_file.c,
// ngx_conf_set_flag_slot).
func flagOf(d nginx.Directive) (on, ok bool) {
	text := d.Arg(0).String()
	on = strings.EqualFold(text, "on")
	return on, on || strings.EqualFold(text, "off")
}

func wordsOf(d nginx.Directive) (words []string, ok bool) {
	for _, w := range d.Args() {
		words = append(words, w.String())
	}
	return words, true
}
