package diagnose

import (
	"fmt"

	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// settingsOf returns the settings of a pool that decide about a cause.
func settingsOf(c *Cause, p *stack.Pool) (notes []source.Note) {
	add := func(at source.Span, written bool, format string, args ...any) {
		if written {
			notes = append(notes, source.Note{At: at, Message: fmt.Sprintf(format, args...)})
		}
	}
	switch c {
	case workerOOM:
		n, limit := p.MaxChildren(), p.MemoryLimit()
		add(n.At(), n.Written(), "pool %s may have this many workers", p.Name)
		add(limit.At(), limit.Written(), "each of them may use this much memory for a script")
	case terminateTimeout:
		s := p.TerminateTimeout()
		add(s.At(), s.Written(), "PHP-FPM ends requests of pool %s after this time", p.Name)
	case reloadKills:
		s := p.Master.ControlTimeout()
		add(s.At(), s.Written(), "a reload waits this long for requests")
	case backlogOverflow:
		s, n := p.Backlog(), p.MaxChildren()
		add(s.At(), s.Written(), "this many connections may wait")
		add(n.At(), n.Written(), "pool %s serves this many requests at once", p.Name)
	case recycled:
		s := p.MaxRequests()
		add(s.At(), s.Written(), "a worker of pool %s ends after this many requests", p.Name)
	case fpmDown, crashLoop, socketPermission, socketMode, selinuxDenied, allowedClients, socketMismatch, fpmRefused, notReloaded:
		add(p.Listen.At, true, "pool %s listens here", p.Name)
	}
	return notes
}

// passOf returns the lines of a gateway that decide about a cause.
func passOf(c *Cause, g *stack.Gateway) (notes []source.Note) {
	switch c {
	case headerTooBig:
		if s := g.BufferSize(); g.Pass == nil && s.Written() {
			notes = append(notes, source.Note{At: s.At(), Message: "the header and what PHP writes to stderr share this buffer"})
		}
	case tlsName:
		if s := g.SSLName(); s.Written() {
			notes = append(notes, source.Note{At: s.At(), Message: "nginx names this host in the handshake"})
		}
	case workerCrashed, workerKilled, workerOOM, workerDied, terminateTimeout, reloadKills, hardTimeout, workerExited, htaccessRefused, scriptDenied, phpFatal:
		return nil
	}
	if g.Pass != nil {
		notes = append(notes, handled(c, g)...)
	}
	return append(notes, source.Note{At: g.At, Message: "requests are passed on here"})
}
