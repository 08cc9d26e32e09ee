package stack

import (
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

const (
	// maxPlaces limits the total number of places at which files are included. It
	// bounds the work on includes that include each other many times over.
	maxPlaces = 1_000_000
	// maxLooks limits how many directives are examined, counting each at every place
	// of inclusion, and a block as blockLooks: a hundred thousand sites use half of it.
	// Fewer are enough for fewer directives in the files: looksAtOnce for each, besides
	// looksFromStart.
	maxLooks       = 20_000_000
	looksAtOnce    = 40
	looksFromStart = 1_000_000
	blockLooks     = 10
	// maxItems limits the directives of one block, includes followed.
	maxItems = 500_000
	// maxRepeats limits how often one block includes the same file. It bounds files that
	// each include the next one twice: the last is included more often than can be counted.
	maxRepeats = 1000
	// maxPeers limits how many addresses all upstreams have.
	maxPeers = 200_000
	// maxUses limits how many addresses all gateways use, counting those of an upstream for
	// each gateway that uses it.
	maxUses = 1_000_000
	// maxAddresses limits how many addresses a host name has.
	maxAddresses = 100
)

// place counts one place of inclusion of a file with n directives, and reports whether
// the limits allow it.
func (l *linker) place(f *source.File, n int) bool {
	l.places++
	if l.places == maxPlaces {
		l.unseen(source.NotChecked{Path: f.Name, Why: "files are included at more than 1,000,000 places; what follows was not looked at"})
	}
	if l.places < maxPlaces && l.crosses(n) {
		l.unseen(source.NotChecked{Path: f.Name, Why: tooMany})
	}
	return l.places < maxPlaces && l.looks < l.mostLooks
}

// repeats counts one place in a block at which it includes s, and reports whether the limit
// allows it. Blocks are told apart by their turn.
func (l *linker) repeats(s *sheet, turn int) bool {
	if s.turn != turn {
		s.turn, s.repeated = turn, 0
	}
	if s.repeated++; s.repeated > maxRepeats && !l.repetitive {
		l.repetitive = true
		l.unseen(source.NotChecked{Path: s.file.Source.Name, Why: "one block includes it more than 1,000 times, with the includes of its includes; what follows them was not looked at"})
	}
	return s.repeated <= maxRepeats
}

// look counts n directives from d on, and reports whether the limits allow them.
func (l *linker) look(d nginx.Directive, n int) bool {
	if l.crosses(n) {
		l.unseen(source.NotChecked{At: d.Span(), Why: tooMany})
	}
	return l.looks < l.mostLooks
}

const tooMany = "the files, counted at every place that includes them, have too many directives; those after this place were not looked at"

// limitLooks sets the limit of looks for all configurations.
func (l *linker) limitLooks(all []*parser.Nginx) {
	n := 0
	for _, config := range all {
		for _, f := range config.Files {
			n += f.Count()
		}
	}
	l.mostLooks = min(maxLooks, looksFromStart+looksAtOnce*n)
}

// unseen reports a part of nginx's configuration that was not looked at.
func (l *linker) unseen(what source.NotChecked) {
	l.Unknown = append(l.Unknown, what)
	l.Unseen++
}

// crosses counts n directives, and reports whether they cross the limit.
func (l *linker) crosses(n int) bool {
	before := l.looks
	l.looks += n
	return before < l.mostLooks && l.looks >= l.mostLooks
}

// crowded reports that a block has too many directives for d and what follows it.
func (l *linker) crowded(d nginx.Directive) {
	l.unseen(source.NotChecked{At: d.Span(), Why: "a block with its includes has more than 500,000 directives; what follows was not looked at"})
}

// deep reports that the content of block is nested too deep.
func (l *linker) deep(block nginx.Directive) {
	if !l.tooDeep {
		l.tooDeep = true
		l.unseen(source.NotChecked{At: block.Span(), Why: "blocks and includes are nested more than 200 deep; this one was not looked at"})
	}
}

// affords counts the addresses of an upstream, and reports whether the limit allows them.
func (l *linker) affords(u *Upstream) bool {
	before := l.upstreamPeers
	l.upstreamPeers += len(u.Peers)
	if before < maxPeers && l.upstreamPeers >= maxPeers {
		l.Unknown = append(l.Unknown, source.NotChecked{At: u.At, Why: "the upstreams have more than 200,000 addresses; this one and those after it were not looked at"})
	}
	return l.upstreamPeers < maxPeers
}

// uses counts the addresses of a gateway, or sets its Why if the limit does not allow them.
func (l *linker) uses(g *Gateway) {
	before := l.gatewayPeers
	if l.gatewayPeers += len(g.Peers); l.gatewayPeers < maxUses {
		return
	}
	g.Peers, g.Upstream, g.Why = nil, nil, "there are too many addresses to look at"
	if before < maxUses {
		l.Unknown = append(l.Unknown, source.NotChecked{At: g.At, Why: "all gateways use more than 1,000,000 addresses; those of this one and those after it were not looked at"})
	}
}
