package diagnose

import (
	"cmp"
	"maps"
	"slices"

	"github.com/wp502lint/wp502lint/servers"
)

// slack is how many seconds apart two lines about one thing may be: a log shows whole seconds, and
// PHP-FPM notices a dead worker after nginx does.
const slack = 2

// Logs of one host may be in different zones, which differ by quarters of an hour.
const (
	quarter   = 900
	farthest  = 14 * 3600
	maxVoters = 400 // seconds that are compared with each other
)

// clockOf is what has a clock of its own: a paste may hold the lines of several programs.
type clockOf struct {
	file string
	by   servers.Server // "" for a web server
	boot bool           // the times are seconds since the machine started
}

func (m *mark) clock() clockOf {
	if m.Row.By == servers.Nginx || m.Row.By == servers.Apache {
		return clockOf{file: m.At.File}
	}
	return clockOf{m.At.File, m.Row.By, m.boot}
}

// align moves the times of all logs to the clock of the access log, or else of the error log of
// the web server, and returns by how many seconds each other one was moved.
func (v *Evidence) align() map[clockOf]second {
	shifts := map[clockOf]second{}
	reference := seconds{}
	for k := range v.access {
		if k.status >= 500 {
			reference.add(k.at)
		}
	}
	failing := map[clockOf]seconds{}
	for k := range v.failures {
		addSecond(failing, clockOf{file: k.file}, k.at)
	}
	if len(v.access) > 0 {
		for c, list := range failing {
			shifts[c] = reference.shift(list)
		}
	}
	for c, list := range failing {
		for at := range list {
			reference.add(at + shifts[c])
		}
	}
	for _, f := range v.failures {
		if f.at != never {
			f.at += shifts[clockOf{file: f.file}]
		}
	}
	v.alignMarks(reference, shifts)
	return shifts
}

// alignMarks moves the marks of each clock. Those of the machine follow the processes that other
// logs name; where nothing says when it started, their times are not known.
func (v *Evidence) alignMarks(reference seconds, shifts map[clockOf]second) {
	telling, booted := map[clockOf]seconds{}, map[clockOf]bool{}
	for _, m := range v.marks {
		if booted[m.clock()] = m.boot; m.at != never && tells(m) {
			addSecond(telling, m.clock(), m.at)
		}
	}
	for c, list := range telling {
		if _, moved := shifts[c]; !moved && !c.boot {
			shifts[c] = reference.shift(list)
		}
	}
	pids := map[string][]second{}
	for _, m := range v.marks {
		if pid := m.Field("pid"); pid != "" && !m.boot && m.at != never && tells(m) && len(pids[pid]) < maxVoters {
			pids[pid] = append(pids[pid], m.at+shifts[m.clock()])
		}
	}
	unknown := map[clockOf]bool{}
	for c, boot := range booted {
		if boot {
			at, ok := v.bootTime(c, reference, pids)
			shifts[c], unknown[c] = at, !ok
		}
	}
	for _, m := range v.marks {
		switch {
		case unknown[m.clock()]:
			m.at = never
		case m.at != never:
			m.at += shifts[m.clock()]
		}
	}
	slices.SortStableFunc(v.marks, func(a, b *mark) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.pos.part, b.pos.part)) })
}

// bootTime returns when the machine started: from lines with the same process ID, else as most
// failures say; ok is false if neither tells.
func (v *Evidence) bootTime(c clockOf, reference seconds, pids map[string][]second) (best second, ok bool) {
	some := reference.sample()
	votes := map[second]int{}
	for _, m := range v.marks {
		if m.clock() == c {
			for _, at := range pids[m.Field("pid")] {
				votes[at-m.at]++
			}
			if len(votes) >= maxVoters*maxVoters {
				break
			}
		}
	}
	if len(votes) == 0 {
		for _, m := range v.marks {
			if m.clock() == c && tells(m) && len(votes) < maxVoters*maxVoters {
				for _, at := range some {
					votes[at-m.at]++
				}
			}
		}
	}
	most := 0
	for at, n := range votes {
		if n += votes[at-1] + votes[at+1]; n > most || n == most && at < best {
			best, most = at, n
		}
	}
	return best, len(votes) > 0
}

func addSecond(sets map[clockOf]seconds, key clockOf, at second) {
	if sets[key] == nil {
		sets[key] = seconds{}
	}
	sets[key].add(at)
}

// tells reports whether a mark is one that failed requests belong to.
func tells(m *mark) bool {
	switch m.Row.Sign {
	case servers.ChildSignal, servers.Terminating, servers.Reloading, servers.Stopping, servers.ClientDropped, servers.Refused:
		return true
	case servers.ChildExited:
		return m.Field("code") != "0"
	case servers.OOMKill, servers.Segfault:
		return isPHP(m.Field("process"))
	}
	return false
}

// seconds is a set of times.
type seconds map[second]bool

func (s seconds) add(at second) {
	if at != never {
		s[at] = true
	}
}

// sample returns some of the times, from all of the log.
func (s seconds) sample() []second {
	all := slices.Sorted(maps.Keys(s))
	if len(all) <= maxVoters {
		return all
	}
	some := make([]second, maxVoters)
	for i := range some {
		some[i] = all[i*len(all)/maxVoters]
	}
	return some
}

// meets returns how many of list are near one of s when they are moved by shift.
func (s seconds) meets(list []second, shift second) (n int) {
	for _, at := range list {
		if near(s, at+shift) {
			n++
		}
	}
	return n
}

// chance is how few times are met by chance, whatever they are moved by.
const chance = 8

// shift returns by how much times are to be moved to meet s: 0 if too few would by any shift, or hardly more
// than do as they are.
func (s seconds) shift(times seconds) (best second) {
	list := times.sample()
	still := s.meets(list, 0)
	if len(s) == 0 || still > 0 && len(list) < chance {
		return 0
	}
	most := still + still/2
	for by := second(quarter); by <= farthest; by += quarter {
		for _, signed := range []second{by, -by} {
			if n := s.meets(list, signed); n > most {
				best, most = signed, n
			}
		}
	}
	if most == 0 {
		best, most = s.years(list)
	}
	if most*2 < min(len(list), len(s)) {
		return 0
	}
	return best
}

// years is shift by whole years: syslog writes none, and logs may be old.
func (s seconds) years(list []second) (best second, most int) {
	const day = 24 * 3600
	for year := range second(20) {
		for leap := year / 4; leap <= year/4+1; leap++ {
			for _, by := range []second{(365*year + leap) * day, -(365*year + leap) * day} {
				if n := s.meets(list, by); n > most {
					best, most = by, n
				}
			}
		}
	}
	return best, most
}
