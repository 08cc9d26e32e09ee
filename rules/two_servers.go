package rules

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// takenByApache reports an address of nginx at which Apache listens as well, on one machine: the
// second to start fails (measured on nginx 1.22 and Apache 2.4). Hosts have both installed with one
// of them turned off, so that both have to start for certain.
func takenByApache(p *lint.Pass) {
	for _, m := range p.Stack.Machines {
		both := bothStart(p.Stack, m)
		if both == notBoth {
			continue
		}
		for _, nginx := range m.Listeners {
			if front := nginx.Sites[0].Front; front.Server != servers.Nginx || front.Loose {
				continue
			}
			own := listenOf(nginx)
			apache := apacheAt(m, nginx.Endpoint, !own.V6Only)
			switch {
			case apache == nil:
				continue
			case both == perhapsBoth:
				p.NotChecked(own.At, "Apache listens on "+bindable(nginx.Endpoint)+" as well, and the files do not tell whether both start")
			default:
				p.Report(lint.Finding{
					At:      own.At,
					Message: fmt.Sprintf("nginx and Apache%s cannot both listen on %s", bothShown[both], bindable(nginx.Endpoint)),
					Notes:   []lint.Note{{At: apache.At, Message: "Apache listens here"}},
					Log:     []string{fmt.Sprintf(bindFailed, nginx.Endpoint)},
				})
			}
		}
	}
}

// both is whether nginx and Apache start on one machine, as far as the files tell.
type both uint8

const (
	notBoth     both = iota // the machine has not both, or one of them does not start
	perhapsBoth             // nothing shows which of them start
	bothEnabled             // systemd starts both at boot
	oneProxies              // one passes requests to the other
)

// bothShown is what shows that both start.
var bothShown = map[both]string{
	bothEnabled: ", both of which start at boot,",
	oneProxies:  ", one of which passes requests to the other,",
}

// bothStart returns whether nginx and Apache start on a machine. What starts in a container is the
// command of its image, which is one of them.
func bothStart(s *stack.Stack, m *stack.Machine) both {
	has := map[servers.Server]bool{}
	for _, f := range s.Fronts {
		if f.Machine == m && !f.Loose {
			has[f.Server] = true
		}
	}
	if !has[servers.Nginx] || !has[servers.Apache] || s.Container != nil {
		return notBoth
	}
	nginx, known := s.Boots(servers.Nginx)
	apache, told := s.Boots(servers.Apache)
	switch {
	case known && !nginx || told && !apache:
		return notBoth
	case known && told:
		return bothEnabled
	}
	for g, peer := range usedBy(m.Gateways) {
		if peer.Fault == stack.Answers && peer.Site != nil && peer.Site.Machine == m && peer.Site.Front.Server != g.Front.Server {
			return oneProxies
		}
	}
	return perhapsBoth
}

// apacheAt returns the first listen of Apache on a machine that takes an address; nil for none.
// With dual, :: is that of IPv4 as well.
func apacheAt(m *stack.Machine, e netaddr.Endpoint, dual bool) *stack.Listen {
	for _, l := range m.Listeners {
		if front := l.Sites[0].Front; front.Server == servers.Apache && !front.Loose && apacheTakes(listenOf(l), e, dual) {
			return listenOf(l)
		}
	}
	return nil
}

// portAlone reports whether a Listen of Apache for every address of IPv6 is written without it. Apache then
// goes on with IPv4 if it cannot bind that address (httpd server/listen.c, open_listeners; measured on
// Apache 2.4).
func portAlone(listen *stack.Listen) bool { return !strings.Contains(listen.Text, "[") }

// apacheTakes reports whether Apache and another server certainly bind one address. A port alone
// is :: and IPv4 to Apache where the machine has IPv6, else IPv4 (httpd server/listen.c; measured
// on Apache 2.4).
func apacheTakes(listen *stack.Listen, e netaddr.Endpoint, dual bool) bool {
	a := listen.Endpoint
	every := netip.IPv6Unspecified()
	switch {
	case a.Network != netaddr.TCP || e.Network != netaddr.TCP || a.Port != e.Port:
		return false
	case a.Addr == every:
		return e.Addr.Is4() || e.Addr == every && dual || !portAlone(listen)
	case a.Addr == e.Addr, e.Addr == every && dual:
		return true
	}
	return a.Addr.Is4() == e.Addr.Is4() && (a.Addr.IsUnspecified() || e.Addr.IsUnspecified())
}
