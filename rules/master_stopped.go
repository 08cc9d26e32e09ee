package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/stack"
)

// stopped adds to a finding about an address on which nothing listens that a pool has it, and
// why its PHP-FPM does not run.
func stopped(f *lint.Finding, g *stack.Gateway) {
	pool := firstDead(g).Stopped
	if pool == nil {
		return
	}
	start := pool.Master.Start()
	f.Message += ": " + start.Never
	f.Notes = append(f.Notes, lint.Note{At: pool.Listen.At, Message: "pool " + pool.Name + " has this address, and does not run"})
	if !start.At.IsZero() {
		f.Notes = append(f.Notes, lint.Note{At: start.At, Message: "the unit is here"})
	}
}

// checkBoot reports gateways that connect to a PHP-FPM that nothing starts when the machine
// boots.
func checkBoot(p *lint.Pass) {
	met := once[*stack.Master]{}
	for g, peer := range used(p.Stack) {
		if g.Protocol != stack.FastCGI || peer.Fault != stack.Answers || peer.Pool == nil || peer.Backup {
			continue
		}
		m := peer.Pool.Master
		if start := m.Start(); start.NotAtBoot != "" && met.first(m) {
			p.Report(lint.Finding{
				Outcome: sometimes(g),
				At:      peer.At,
				Message: "nothing listens on " + plain(peer.Endpoint) + " after the next boot: " + start.NotAtBoot,
				Notes: []lint.Note{
					{At: peer.Pool.Listen.At, Message: "pool " + peer.Pool.Name + " listens here"},
					{At: start.At, Message: "systemctl enable " + start.Units[0].Name + " starts it at boot"},
				},
				Log: []string{refused(g, peer.Endpoint)},
			})
		}
	}
}
