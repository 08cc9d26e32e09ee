package stack

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/source"
)

// Obstacle is why it is unknown whether PHP answers at a gateway.
type Obstacle uint8

// The obstacles.
const (
	// NoObstacle: the gateway is judged. What answers there is known, or why
	// nothing does.
	NoObstacle Obstacle = iota
	// PoolsMissing: no pool of its machine is among the files.
	PoolsMissing
	// UpstreamMissing: the upstream that it names is not among the files.
	UpstreamMissing
	// UnknownHost: a host name has no address in the files.
	UnknownHost
	// OtherHost: the address may be that of another machine.
	OtherHost
	// OtherContainer: what listens there is, or may be, on another machine of the project.
	OtherContainer
	// Doubted: something that was not understood may change a file of it.
	Doubted
	// UnknownPrograms: what runs in a container is not known.
	UnknownPrograms
	// UnknownVariable: the address depends on a variable without one certain value.
	UnknownVariable
	// TemplateMark: the address holds the mark of a template.
	TemplateMark
	// UnknownHandler: the files do not tell what Apache does with requests for PHP.
	UnknownHandler
	// UnknownAddress: the address is incomplete in another way.
	UnknownAddress
	// UnknownPool: the address of a pool is unknown, and may be this one.
	UnknownPool
	// UnknownProgram: nothing listens there, and nothing shows that it is PHP.
	UnknownProgram
	// UnknownClient: the pool accepts only some addresses, and that of the web server is unknown.
	UnknownClient
	// UnknownTmp: the socket is in /tmp, and the units that may hide it are not among
	// the files.
	UnknownTmp
	// NginxAccount: the account of nginx or Apache is unknown, so its access to the socket is too.
	NginxAccount
	// Accounts: the accounts of the machine are unknown, so access to the socket is too.
	Accounts
	// NotLookedAt: a limit was reached before. It is the kind of every Why without one, so
	// that nothing is taken for judged that was not.
	NotLookedAt
)

// Judged returns what keeps the gateway from being judged and the host name for
// UnknownHost. In an upstream it is that of the first server that is not judged. The name
// is "" if it is not to be printed: it may be the value of a secret variable.
func (g *Gateway) Judged() (o Obstacle, host string) {
	if g.Undefined != "" {
		return NoObstacle, "" // nginx refuses to start
	}
	if g.Why != "" {
		return cmp.Or(g.obstacle, NotLookedAt), ""
	}
	for _, p := range g.Peers {
		if o, host := g.JudgedAt(p); o != NoObstacle {
			return o, host
		}
	}
	return NoObstacle, ""
}

// JudgedAt is Judged for one of the peers.
func (g *Gateway) JudgedAt(p *Peer) (o Obstacle, host string) {
	if o = g.obstacleAt(p); o == UnknownHost && !g.Variable && !p.At.File.Withheld && !p.secretHost() {
		host = p.Host
	}
	return o, host
}

// secretHost reports whether the host name has a secret of a variable that Apache replaced.
func (p *Peer) secretHost() bool {
	host := strings.ToLower(p.Host)
	return slices.ContainsFunc(p.At.File.Variables.Secrets(), func(s source.Span) bool {
		return strings.Contains(host, strings.ToLower(s.Text()))
	})
}

func (g *Gateway) obstacleAt(p *Peer) Obstacle {
	switch {
	case p.Down:
		return NoObstacle
	case p.Fault == Elsewhere || p.Fault == Untold:
		return cmp.Or(p.obstacle, NotLookedAt)
	case p.obstacle != NoObstacle && (p.Fault == Answers || p.obstacle == UnknownPrograms):
		return p.obstacle
	case p.Doubt() != "":
		return Doubted
	case p.Fault != Answers && g.Machine != nil && g.Machine.Container.Settable(p.At) != "":
		return UnknownVariable
	case p.Fault == Nobody && !g.PHP:
		return UnknownProgram
	case p.Fault == Answers && p.Pool != nil && p.Endpoint.Network == netaddr.Unix && p.Pool.Master.Machine != g.Machine && !bothKnown(g.Machine, p.Pool.Master.Machine):
		return OtherContainer // whose accounts are unknown, see enter
	case p.Denial != nil && p.Denial.Why != "":
		return cmp.Or(p.Denial.obstacle, NotLookedAt)
	}
	return NoObstacle
}

// PassesPHP reports whether requests for PHP pass through the gateway, or may: it uses
// FastCGI, no return answers first, and it does not name another program.
func (g *Gateway) PassesPHP() bool {
	return g.Protocol == FastCGI && !g.returned && (g.PHP || !g.notPHP)
}

// doubted reports whether p may do otherwise if f has another text than the one that was
// read. A fault in such a file is never told, so that p is judged only if it has none.
func (p *Peer) doubted(f *source.File) bool {
	return f != nil && f.Doubt != "" && !(f.Minor && p.Fault == Answers)
}

// Doubt is why the text of the peer may be another one than was read, or that of the listen of its
// pool; "" if neither may.
func (p *Peer) Doubt() string {
	switch {
	case p.doubted(p.At.File):
		return p.At.File.Doubt
	case p.Pool != nil && p.doubted(p.Pool.Listen.At.File):
		return p.Pool.Listen.At.File.Doubt
	}
	return ""
}
