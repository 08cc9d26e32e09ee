package stack

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// TLSFault is why the TLS handshake of a gateway with a site of the same nginx fails.
type TLSFault uint8

// The faults of TLS, in the order in which they occur.
const (
	TLSFits      TLSFault = iota
	TLSToPlain            // https to an address that is served without TLS
	TLSProtocols          // no version of TLS is common to both sides
	TLSRefused            // the name sent belongs to a server with ssl_reject_handshake
)

func (s *Site) block() block { return block{s.Effective, s.At, s.Main.open()} }

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
	return PathLine{d.Span(), d.Arg(0).String()}
}

func (s *Site) paths(k keyword) (lines []PathLine) {
	for _, d := range s.Effective.all(k) {
		lines = append(lines, PathLine{d.Span(), d.Arg(0).String()})
	}
	return lines
}

// TLS returns why the handshake with the site that answers a peer fails, and the
// listener that receives it.
func (s *Stack) TLS(g *Gateway, p *Peer) (TLSFault, *Listener) {
	if g.Protocol != HTTPS || p.Site == nil || p.Down {
		return TLSFits, nil
	}
	listener := p.Site.ListenerAt(p.Endpoint)
	if listener == nil {
		return TLSFits, nil
	}
	if !listener.SSL {
		for _, site := range listener.Sites {
			if on := site.SSL(); on.Written() || on.Why() != "" {
				return TLSFits, nil
			}
		}
		return TLSToPlain, listener
	}
	asked, ok := g.SSLProtocols().Known()
	served, both := listener.Default.SSLProtocols().Known()
	if ok && both && !slices.ContainsFunc(asked, func(v string) bool { return slices.Contains(served, v) }) {
		return TLSProtocols, listener
	}
	name, known := s.sentName(g)
	if !known {
		return TLSFits, nil
	}
	site := listener.Default
	if name != "" {
		if site, known = listener.For(name); !known {
			return TLSFits, nil
		}
	}
	if reject, _ := site.RejectHandshake().Known(); reject {
		return TLSRefused, listener
	}
	return TLSFits, nil
}

// sentName is the name that a gateway sends to its origin in the handshake, "" for
// none. known is false if the files do not determine it.
func (s *Stack) sentName(g *Gateway) (name string, known bool) {
	on, ok := g.SSLServerName().Known()
	if !ok {
		return "", false
	}
	if !on {
		return "", true
	}
	if name, known = g.VerifiedName(); !known {
		return "", false
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return "", true
	}
	return name, true
}

// VerifiedName is the name that a gateway looks for in the certificate of its origin, when
// *_ssl_verify is on. known is false if the files do not determine it.
func (g *Gateway) VerifiedName() (name string, known bool) {
	written := g.SSLName()
	name, ok := written.Known()
	switch {
	case written.Why() != "" || strings.Contains(name, "$"):
		return "", false
	case !ok && g.Upstream != nil:
		name = g.Upstream.Name
	case !ok:
		if name = g.Host; g.Variable {
			return "", false
		}
	}
	return netaddr.ParseAddress(name).Host, true
}

// Presents returns the listener that receives a peer's connection, and the site whose
// certificate it shows in the handshake: the one that the name sent chooses, if it has a
// certificate of its own, or else the default (nginx ngx_http_request.c,
// ngx_http_ssl_servername). They are nil if that is not known.
func (s *Stack) Presents(g *Gateway, p *Peer) (*Listener, *Site) {
	if fault, _ := s.TLS(g, p); fault != TLSFits || g.Protocol != HTTPS || p.Site == nil || p.Down {
		return nil, nil
	}
	listener := p.Site.ListenerAt(p.Endpoint)
	name, known := s.sentName(g)
	if listener == nil || !listener.SSL || !known {
		return nil, nil
	}
	site := listener.Default
	if name != "" {
		if site, known = listener.For(name); !known {
			return nil, nil
		}
	}
	if len(site.Certificates()) == 0 {
		site = listener.Default
	}
	return listener, site
}
