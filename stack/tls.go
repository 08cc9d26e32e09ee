package stack

import (
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

func (s *Site) block() block { return block{s.Effective, s.At, s.Front.open()} }

// RejectHandshake is ssl_reject_handshake.
func (s *Site) RejectHandshake() source.Setting[bool] {
	b := s.block()
	return setting(b, kwSSLRejectHandshake, flagOf).Or(false)
}

// SSLProtocols is ssl_protocols; absent if not set.
func (s *Site) SSLProtocols() source.Setting[[]string] {
	b := s.block()
	return setting(b, kwSSLProtocols, wordsOf)
}

// SSL is the deprecated ssl directive, which enables TLS for every listen.
func (s *Site) SSL() source.Setting[bool] {
	b := s.block()
	return setting(b, kwSSL, flagOf).Or(false)
}

// PathLine is a directive that names a file.
type PathLine struct {
	At   source.Span // the whole directive
	Path string
	// Variable is set if Path has a variable, and none that envsubst may replace.
	Variable bool
}

func pathLine(d nginx.Directive) PathLine {
	name := d.Arg(0).String()
	return PathLine{d.Span(), name, nginx.HasVariable(name) && !nginx.MayBeReplaced(name)}
}

// Certificates are the ssl_certificate lines in effect, in text order.
func (s *Site) Certificates() []PathLine { return s.paths(kwSSLCertificate) }

// Keys are the ssl_certificate_key lines in effect.
func (s *Site) Keys() []PathLine { return s.paths(kwSSLCertificateKey) }

// TLSLines are the lines in effect of a directive, such as ssl_crl.
func (s *Site) TLSLines(name string) []PathLine { return s.paths(keywords()[servers.NginxKeyOf(name)]) }

// TLSLine is the last line in effect of a directive of the gateway's protocol, which is
// named without its prefix, such as ssl_crl; zero for none.
func (g *Gateway) TLSLine(suffix string) PathLine {
	d := g.Effective.get(keywords()[servers.NginxKeyOf(g.Protocol.Prefix()+suffix)])
	if d.IsZero() {
		return PathLine{}
	}
	return pathLine(d)
}

func (s *Site) paths(k keyword) (lines []PathLine) {
	for _, d := range s.Effective.all(k) {
		lines = append(lines, pathLine(d))
	}
	return lines
}
