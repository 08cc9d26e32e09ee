package stack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/cloudflared"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Tunnel is one cloudflared, which passes on requests that reach Cloudflare.
type Tunnel struct {
	Machine *Machine
	// Config is what it reads; nil if its rules are kept at Cloudflare or could not be read.
	Config *cloudflared.Config
	// Remote is set if its rules are kept at Cloudflare.
	Remote bool
	At     source.Span // the command that starts it; zero if none is among the files
	// Origins are those of its rules that connect to something, in the order of the rules.
	Origins []*Origin
}

// Origin is where cloudflared passes the requests of one ingress rule on.
type Origin struct {
	Tunnel *Tunnel
	Rule   *cloudflared.Rule
	At     source.Span // the service
	Peers  []*Peer
	// Fault is why visitors get 502, or OriginAnswers.
	Fault OriginFault
	// Peer is the address that Fault is about, or the one that answers; nil if that is not known.
	Peer *Peer
	// Listener is what answers with HTTP; nil if that is not known.
	Listener *Listener
}

// OriginFault is why cloudflared gets no answer from an origin.
type OriginFault uint8

// The faults, and two of what is not one.
const (
	// OriginAnswers is the absence of a fault: something that answers with HTTP listens there.
	OriginAnswers OriginFault = iota
	// OriginUnknown is an address at which a program of which nothing is known may listen.
	OriginUnknown
	// OriginNameless is a host name that has no address.
	OriginNameless
	// OriginOtherAddress is a port that is served at another address or family alone.
	OriginOtherAddress
	// OriginOtherContainer is the loopback of a container in which nothing listens on the port.
	OriginOtherContainer
	// OriginNobody is a port of another container on which nothing listens.
	OriginNobody
	// OriginPool is a pool of PHP-FPM, which does not use HTTP.
	OriginPool
	// OriginToPlain is a listener without TLS to which cloudflared connects with it.
	OriginToPlain
	// OriginProxyProtocol is a listener that expects the PROXY protocol.
	OriginProxyProtocol
	// OriginHTTP2 is a listener without TLS that takes nothing but HTTP/2.
	OriginHTTP2
	// OriginToTLS is a listener with TLS to which cloudflared connects without: nginx answers 400.
	OriginToTLS
)

// linkTunnels adds the tunnels of one root.
func (l *linker) linkTunnels(all []*parser.Tunnel) {
	for _, c := range all {
		t := &Tunnel{Machine: l.machines.all[0], Config: c.Config, Remote: c.Remote, At: c.At}
		l.Tunnels = append(l.Tunnels, t)
		switch {
		case t.Remote:
			l.Unknown = append(l.Unknown, source.NotChecked{At: c.At, Why: "the rules of this tunnel are kept at Cloudflare (it starts with a token), so that they cannot be seen here"})
		case t.Config != nil:
			l.problems(servers.Cloudflared, t.Config.Problems)
			l.linkOrigins(t)
		}
	}
}

// linkOrigins adds the origins of a tunnel.
func (l *linker) linkOrigins(t *Tunnel) {
	for _, rule := range t.Config.Rules {
		o := &Origin{Tunnel: t, Rule: rule, At: rule.Service.At}
		switch target := rule.Target; {
		case target.Kind == cloudflared.Socket && strings.HasPrefix(target.Path, "/"):
			o.Peers = l.peers("unix:"+target.Path, o.At, 0)
		case target.Kind == cloudflared.HTTP && target.Port != 0:
			o.Peers = l.peers(joined(target.Host, target.Port), o.At, target.Port)
		default:
			continue
		}
		t.Origins = append(t.Origins, o)
	}
}

// joined returns a host with a port, as nginx writes it.
func joined(host string, port uint16) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host + ":" + strconv.Itoa(int(port))
}

// judgeTunnels determines what answers at the origins of all tunnels.
func (l *linker) judgeTunnels() {
	for _, t := range l.Tunnels {
		g := &Gateway{Machine: t.Machine, Front: &Front{Server: servers.Cloudflared, Machine: t.Machine}, Protocol: HTTP}
		for _, o := range t.Origins {
			for _, p := range o.Peers {
				l.judge(g, p)
				if p.Fault == Elsewhere && p.obstacle == NoObstacle {
					l.judgeLoopback(g, p)
				}
			}
			if o.decide(); len(l.machines.all) > 1 && o.Fault > OriginUnknown {
				o.Fault, o.Listener = OriginUnknown, nil // which of the machines of a repository is the one of cloudflared?
			}
			o.lead()
			if o.Fault == OriginUnknown && o.Peer.Why != "" && o.Peer.obstacle != UnknownHost {
				l.Unknown = append(l.Unknown, source.NotChecked{At: o.At, Why: o.Peer.Why})
			}
		}
	}
}

// judgeLoopback judges a local address of cloudflared at which no known server listens: on the
// loopback of a container nothing else does, if all that runs there is known.
func (l *linker) judgeLoopback(g *Gateway, p *Peer) {
	m := g.Machine
	switch e := p.Endpoint; {
	case e.Network != netaddr.TCP || !e.Addr.IsLoopback():
	case l.onHost(g, p):
	case m.servesPort(e.Port) != nil:
		p.Fault, p.Site = OtherAddress, m.servesPort(e.Port).Sites[0]
	case m.Container != nil && !m.Container.OnHost() && !slices.ContainsFunc(m.Container.Mates(), (*deploy.Machine).MayListen):
		p.Fault = NobodyThere
		l.strayedSite(p)
	}
}

// servesPort returns a listener of m on a TCP port of the loopback or of all addresses; nil for none.
func (m *Machine) servesPort(port uint16) *Listener {
	for _, at := range slices.Concat(m.reach, m.mates) {
		for _, l := range at.Listeners {
			if e := l.Endpoint; e.Network == netaddr.TCP && e.Port == port && (e.Addr.IsLoopback() || e.Addr.IsUnspecified()) {
				return l
			}
		}
	}
	return nil
}

// strayedSite sets the site of another container that listens on the port of p.
func (l *linker) strayedSite(p *Peer) {
	for _, other := range l.Container.Deployment.Machines {
		at := l.fleet.machines[other]
		if at == nil || other == l.Container {
			continue
		}
		open, _ := at.onPort(p.Endpoint.Port)
		if p.Pool = open.pool; open.listener != nil {
			p.Site = open.listener.Sites[0]
		}
		if p.Pool != nil || p.Site != nil {
			p.Target = deploy.Target{Machine: other, Port: p.Endpoint.Port}
			return
		}
	}
}

// decide sets the fault of an origin: cloudflared connects to the addresses of a name in turn, until one
// accepts (Go net/dial.go, dialSerial), also with noHappyEyeballs.
func (o *Origin) decide() {
	o.Fault = OriginUnknown
	for i, p := range o.Peers {
		fault := o.faultOf(p)
		switch {
		case i == 0:
			o.Peer, o.Fault = p, fault
		case o.Fault == fault:
		case o.Fault.dead() && fault.dead():
		case o.Fault.dead() || fault == OriginUnknown:
			o.Peer, o.Fault = p, fault
		case !fault.dead(): // the order of the addresses depends on the resolver
			o.Fault = OriginUnknown
		}
	}
	if p := o.Peer; p != nil && p.Site != nil && !o.Fault.dead() {
		o.Listener = o.listener(p)
	}
}

// lead tells the sites that answer that the tunnel leads to them.
func (o *Origin) lead() {
	sites, _ := o.Answering()
	for _, s := range sites[:min(len(sites), maxLed)] {
		s.Tunnels = append(s.Tunnels, o)
	}
}

// maxLed limits to how many sites a rule for every host name leads.
const maxLed = 1000

// dead reports whether no connection is accepted.
func (f OriginFault) dead() bool { return f >= OriginNameless && f <= OriginNobody }

// faultOf returns why cloudflared gets no answer at one address.
func (o *Origin) faultOf(p *Peer) OriginFault {
	switch p.Fault {
	case Answers, WrongProtocol:
		switch {
		case p.Pool != nil:
			return OriginPool
		case p.Site == nil:
			return OriginUnknown
		}
		return o.protocol(o.listener(p))
	case Unresolvable, NameUnknown:
		return OriginNameless
	case OtherAddress, LoopbackOnly:
		return OriginOtherAddress
	case NobodyThere:
		if p.Name == "" && p.Endpoint.Addr.IsLoopback() {
			return OriginOtherContainer
		}
		return OriginNobody
	case NoOrigin, PublishedPort, NotListening:
		return OriginNobody
	}
	return OriginUnknown
}

// listener returns the listener of the site that answers a peer; nil if it is not known.
func (o *Origin) listener(p *Peer) *Listener {
	if p.Target.Machine == nil {
		return p.Site.ListenerAt(p.Endpoint)
	}
	for _, l := range p.Site.Machine.Listeners {
		if e := l.Endpoint; e.Network == netaddr.TCP && e.Port == p.Target.Port && !e.Addr.IsLoopback() && slices.Contains(l.Sites, p.Site) {
			return l
		}
	}
	return nil
}

// protocol returns why cloudflared and a listener do not understand each other.
func (o *Origin) protocol(l *Listener) OriginFault {
	tls := o.Rule.Target.TLS()
	switch {
	case l == nil || l.mayTLS():
		return OriginAnswers
	case l.ProxyProtocol:
		return OriginProxyProtocol
	case tls && !l.SSL:
		return OriginToPlain
	case !tls && l.SSL && l.Default.Front.Server == servers.Nginx:
		return OriginToTLS
	case !tls && !l.SSL && l.HTTP2 && l.Default.Front.oldHTTP2():
		return OriginHTTP2
	}
	return OriginAnswers
}

// mayTLS reports whether the deprecated ssl directive, or one that is not known, decides whether
// the listener has TLS.
func (l *Listener) mayTLS() bool {
	return !l.SSL && slices.ContainsFunc(l.Sites, func(s *Site) bool {
		if s.Front.Server != servers.Nginx {
			return false
		}
		on := s.SSL()
		return on.Written() || on.Why() != ""
	})
}

// oldHTTP2 reports whether the nginx is known to be older than 1.25.1, which takes HTTP/1.1 on a
// listener with http2 as well (nginx CHANGES, 1.25.1).
func (m *Front) oldHTTP2() bool {
	version := ""
	if f := m.Machine.Facts; f != nil {
		version = f.NginxVersion
	}
	major, rest, _ := strings.Cut(version, ".")
	minor, patch, _ := strings.Cut(rest, ".")
	a, errA := strconv.Atoi(major)
	b, errB := strconv.Atoi(minor)
	c, errC := strconv.Atoi(patch)
	if errA != nil || errB != nil || errC != nil {
		return false
	}
	return a < 1 || a == 1 && (b < 25 || b == 25 && c < 1)
}

// Answering returns the sites that answer requests of the rule. known is false if requests may reach others.
func (o *Origin) Answering() (sites []*Site, known bool) {
	if o.Listener == nil {
		return nil, false
	}
	host := o.Rule.Host.Text
	if header, set := o.Rule.Origin.Text("httpHostHeader").Known(); set && header != "" {
		host = netaddr.ParseAddress(header).Host
	}
	switch {
	case host == "" || host == "*":
		return o.Listener.Sites, false
	case strings.HasPrefix(host, "*."):
		host = "any" + host[1:]
	}
	site, known := o.Listener.For(host)
	return []*Site{site}, known
}
