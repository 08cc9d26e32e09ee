package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/stack"
)

// checkTargets reports ports of other containers on which no pool listens.
func checkTargets(p *lint.Pass) {
	seen := once[*stack.Peer]{}
	for g, peer := range used(p.Stack) {
		if peer.Fault == stack.NobodyThere && seen.first(peer) {
			p.Report(nobodyThere(g, peer))
		}
	}
}

// idle says why PHP-FPM does not run in the container of g, if its programs are known: one that
// is not installed is started, or the one that is installed is not.
func idle(f *lint.Finding, g *stack.Gateway) {
	c := g.Machine.Container
	switch {
	case c == nil || len(c.FPM) > 0 || c.Unknown != "":
	case !c.NotInstalled.IsZero():
		f.Message += ": this starts a PHP-FPM that is not installed"
		f.Notes = append(f.Notes, lint.Note{At: f.At, Message: web(g) + " connects from here"})
		f.At = c.NotInstalled
	case !c.NoFPM:
		f.Message += ": PHP-FPM is installed, and nothing starts it"
		if len(c.Nginx) == 1 && !c.Nginx[0].At.IsZero() {
			f.Notes = append(f.Notes, lint.Note{At: c.Nginx[0].At, Message: "nginx starts here"})
		}
	}
}

func nobodyThere(g *stack.Gateway, peer *stack.Peer) lint.Finding {
	to := peer.Target
	f := lint.Finding{At: peer.At, Outcome: failing(g), Log: []string{refusedRemote(g, peer.Port)}}
	if to.Machine == nil { // a service that leads to no container
		f.Message = fmt.Sprintf("%s leads to no container: %s", peer.Text, peer.Why)
		return f
	}
	f.Message = "no pool listens on " + inContainer(to)
	pools := stack.PoolsOf(to.Machine, g)
	switch {
	case len(pools) == 0 && !to.Machine.EndsAt.IsZero():
		f.At = to.Machine.EndsAt
		f.Message = fmt.Sprintf("the entrypoint of container %s starts nothing, and %s in container %s passes PHP requests to it", to.Machine.Name, web(g), g.Machine.Container.Name)
		f.Notes = []lint.Note{{At: peer.At, Message: web(g) + " connects from here"}, {Message: "an entrypoint that the project sets replaces the command of the image too"}}
		return f
	case stack.Ended(to.Machine, g):
		f.At = to.Machine.At
		f.Message = fmt.Sprintf("PHP-FPM goes to the background in container %s, which ends then; %s in container %s passes PHP requests to it", to.Machine.Name, web(g), g.Machine.Container.Name)
		f.Notes = []lint.Note{{At: peer.At, Message: web(g) + " connects from here"}, {Message: "no file that it reads has daemonize = no, which the image's own pool files set, and its command has no -F"}}
		return f
	case len(pools) == 0 && to.Machine.NoFPM && !to.Machine.ImageAt.IsZero():
		f.At = to.Machine.ImageAt
		f.Message = fmt.Sprintf("no PHP-FPM runs in container %s, and %s in container %s passes PHP requests to it", to.Machine.Name, web(g), g.Machine.Container.Name)
		f.Notes = []lint.Note{{At: peer.At, Message: web(g) + " connects from here"}}
		return f
	case len(pools) == 0:
		f.Message = fmt.Sprintf("PHP-FPM does not run in container %s: its command is another program", to.Machine.Name)
		f.Notes = []lint.Note{{At: to.Machine.At, Message: "the container is this one"}}
		return f
	}
	for i, pool := range pools {
		if i == maxNear {
			f.Notes = append(f.Notes, lint.Note{Message: fmt.Sprintf("and %d more pools", len(pools)-i)})
			break
		}
		f.Notes = append(f.Notes, lint.Note{At: pool.Listen.At, Message: fmt.Sprintf("pool %s listens on %s", pool.Name, plain(pool.Listen.Endpoint))})
	}
	if e := pools[0].Listen.Endpoint; len(pools) == 1 && e.Port != 0 && !e.Addr.IsLoopback() {
		f.Fixes = passTo(peer, fmt.Sprintf("%s:%d", peer.Host, e.Port))
	}
	return f
}
