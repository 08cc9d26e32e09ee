package firewall

import (
	"net/netip"
	"slices"

	"github.com/wp502lint/wp502lint/source"
)

// The limits of one question. The kernel refuses rules of nft that jump deeper.
const (
	maxDepth = 16
	maxSteps = 1 << 20
)

// Answers returns what becomes of new TCP connections to a port of the host from the
// addresses of a prefix. A prefix that is decided in parts has an answer for each, in
// the order of the addresses, and together they are the whole prefix.
func (r *Rules) Answers(from netip.Prefix, port uint16) []Answer {
	if !from.IsValid() {
		return nil
	}
	all := intervalOf(from)
	if len(r.covers.within(all)) == 0 {
		return []Answer{{all.first, all.last, Unknown, source.Span{}, "no file has the rules for " + family(all)}}
	}
	e := evaluation{port: port, steps: maxSteps}
	live := []part{{interval: all}}
	for _, b := range r.bases {
		if len(b.from.within(all)) > 0 {
			live = e.base(&b.rules, live)
		}
	}
	for _, p := range live {
		e.settle(p, Accepted, p.by)
	}
	if e.stuck != nil {
		return []Answer{{all.first, all.last, Unknown, e.stuck.at, "the rules jump too often or too deep to be followed"}}
	}
	return merged(e.answers)
}

func family(i interval) string {
	if i.first.Is4() {
		return "IPv4"
	}
	return "IPv6"
}

// merged returns answers in order, those of neighbors with the same reason as one.
func merged(all []Answer) (list []Answer) {
	slices.SortFunc(all, func(a, b Answer) int { return a.First.Compare(b.First) })
	for _, a := range all {
		if n := len(list); n > 0 {
			last := list[n-1]
			if last.Last.Next() == a.First && last.Verdict == a.Verdict && last.At == a.At && last.Why == a.Why {
				list[n-1].Last = a.Last
				continue
			}
		}
		list = append(list, a)
	}
	return list
}

// evaluation is one run of the rules for connections to a port.
type evaluation struct {
	port     uint16
	steps    int   // how many more parts may meet rules, and ports be compared
	stuck    *rule // where the run ended early; nil if it did not
	accepted []part
	answers  []Answer
}

// part is a run of addresses with the same fate so far.
type part struct {
	interval
	// may has for each verdict the doubtful rule that may have given it; nil for none.
	may [4]*rule
	// unsure is the depth of the chain up to whose end the rules may not be met, since
	// suspect may have led away from them or not to them; 0 if they are met.
	unsure  int
	suspect *rule
	by      source.Span // what accepted the part last
}

// doubted notes that the rules up to the end of the chain at depth may not be met.
func (p *part) doubted(depth int, r *rule) {
	if p.unsure == 0 {
		p.unsure, p.suspect = depth, r
	}
}

// base takes parts through a base chain and returns those that it may accept.
func (e *evaluation) base(c *chain, live []part) []part {
	e.accepted = nil
	live = append(e.run(c, live, 1), e.accepted...)
	for i := range live {
		live[i].may[Accepted] = nil
	}
	return live
}

// run takes parts through a chain to which depth-1 jumps led, and returns those that
// are not decided at its end.
func (e *evaluation) run(c *chain, live []part, depth int) (left []part) {
	for i := range c.rules {
		r := &c.rules[i]
		if e.steps -= len(live) + r.cost(); e.steps < 0 || depth > maxDepth {
			e.stuck = r
		}
		if len(live) == 0 || e.stuck != nil {
			break
		}
		if !r.concerns(e.port) {
			continue
		}
		hit, missed := r.split(live)
		stay, gone := e.apply(r, hit, depth)
		live, left = append(missed, stay...), append(left, gone...)
	}
	left = append(left, live...)
	for i := range left {
		if left[i].unsure == depth {
			left[i].unsure = 0
		}
	}
	return left
}

// split parts parts into what the addresses of the rule match and what they do not.
func (r *rule) split(live []part) (hit, missed []part) {
	for _, p := range live {
		inside := r.from.within(p.interval)
		for _, i := range inside {
			own := p
			own.interval = i
			hit = append(hit, own)
		}
		if len(inside) == 1 && inside[0] == p.interval {
			continue
		}
		for _, i := range p.interval.minus(inside) {
			own := p
			own.interval = i
			missed = append(missed, own)
		}
	}
	return hit, missed
}

// apply does what a rule does with the parts that it matches: they stay in the chain,
// are gone to its end, or are decided.
func (e *evaluation) apply(r *rule, hit []part, depth int) (stay, gone []part) {
	switch {
	case r.action == jump || r.action == moveTo:
		return e.follow(r, hit, depth)
	case r.action == leave && r.doubt == "":
		return nil, hit
	case r.action == leave:
		for i := range hit {
			hit[i].doubted(depth, r)
		}
		return hit, nil
	}
	for _, p := range hit {
		if r.doubt == "" && p.unsure == 0 {
			e.decide(p, r)
			continue
		}
		stay = append(stay, p.suspecting(r))
	}
	return stay, nil
}

// follow takes parts through the chain that a rule jumps to.
func (e *evaluation) follow(r *rule, hit []part, depth int) (stay, gone []part) {
	if r.doubt == "" {
		back := e.run(r.target, hit, depth+1)
		if r.action == moveTo {
			return nil, back
		}
		return back, nil
	}
	for i := range hit {
		hit[i].doubted(depth+1, r)
	}
	stay = e.run(r.target, hit, depth+1)
	for i := range stay {
		if r.action == moveTo {
			stay[i].doubted(depth, r)
		}
	}
	return stay, nil
}

// suspecting returns the part with what a rule that it may meet may decide.
func (p part) suspecting(r *rule) part {
	cause := r
	if r.doubt == "" {
		cause = p.suspect
	}
	for action, v := range verdicts {
		if (r.action == action || r.action == anything) && p.may[v] == nil {
			p.may[v] = cause
		}
	}
	return p
}

// decide lets a rule that matches for certain decide about a part. A part that may have
// been accepted before goes on to the next base chain, which may decide the same.
func (e *evaluation) decide(p part, r *rule) {
	v, possible := verdicts[r.action], p.may[Accepted]
	p.may[Accepted] = nil
	switch {
	case v == Accepted:
		p.by = r.at
		e.accepted = append(e.accepted, p)
	case possible != nil:
		p.may[v] = possible
		e.accepted = append(e.accepted, p)
	default:
		e.settle(p, v, r.at)
	}
}

// settle records the answer for a part. It is Unknown if a doubtful rule may have given
// another one.
func (e *evaluation) settle(p part, v Verdict, at source.Span) {
	a := Answer{p.first, p.last, v, at, ""}
	for other, by := range p.may {
		if by != nil && Verdict(other) != v {
			a.Verdict, a.At, a.Why = Unknown, by.at, by.doubt
			break
		}
	}
	e.answers = append(e.answers, a)
}
