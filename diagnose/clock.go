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

// align moves the times of all logs to the clock of the access log, or else of the error log of
// the web server, and returns by how many seconds each other log was moved.
func (v *Evidence) align() map[string]second {
	shifts := map[string]second{}
	reference := seconds{}
	for k := range v.access {
		if k.status >= 500 {
			reference.add(k.at)
		}
	}
	failing := map[string]seconds{}
	for k := range v.failures {
		addSecond(failing, k.file, k.at)
	}
	for _, file := range slices.Sorted(maps.Keys(failing)) {
		if len(v.access) > 0 {
			shifts[file] = reference.shift(failing[file])
		}
	}
	for file, list := range failing {
		for at := range list {
			reference.add(at + shifts[file])
		}
	}
	for _, f := range v.failures {
		if f.at != never {
			f.at += shifts[f.file]
		}
	}
	v.alignMarks(reference, shifts)
	return shifts
}

// alignMarks moves the marks of each log.
func (v *Evidence) alignMarks(reference seconds, shifts map[string]second) {
	telling, booted := map[string]seconds{}, map[string]bool{}
	pids := map[string][]second{}
	for _, m := range v.marks {
		if m.at == never || !tells(m) {
			continue
		}
		addSecond(telling, m.clock(), m.at)
		booted[m.clock()] = booted[m.clock()] || m.boot
		if pid := m.Field("pid"); pid != "" && !m.boot && len(pids[pid]) < maxVoters {
			pids[pid] = append(pids[pid], m.at)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(telling)) {
		switch _, moved := shifts[file]; {
		case moved:
		case booted[file]:
			shifts[file] = v.bootTime(file, reference, pids)
		default:
			shifts[file] = reference.shift(telling[file])
		}
	}
	for _, m := range v.marks {
		if m.at != never {
			m.at += shifts[m.clock()]
		}
	}
	slices.SortStableFunc(v.marks, func(a, b *mark) int { return cmp.Compare(a.at, b.at) })
}

// bootTime returns when the machine started: from lines with the same process ID, else as most
// failures say.
func (v *Evidence) bootTime(file string, reference seconds, pids map[string][]second) second {
	votes := map[second]int{}
	for _, m := range v.marks {
		if m.clock() == file && m.boot {
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
			if m.clock() == file && m.boot && tells(m) && len(votes) < maxVoters*maxVoters {
				for at := range reference {
					votes[at-m.at]++
				}
			}
		}
	}
	best, most := second(0), 0
	for at, n := range votes {
		if n += votes[at-1] + votes[at+1]; n > most || n == most && at < best {
			best, most = at, n
		}
	}
	return best
}

// clock names the clock that a mark is on: a paste may hold the lines of several programs.
func (m *mark) clock() string {
	if m.Row.By == servers.Nginx || m.Row.By == servers.Apache {
		return m.At.File
	}
	if m.boot {
		return m.At.File + " (seconds since boot)"
	}
	return m.At.File + " (" + string(m.Row.By) + ")"
}

func addSecond(sets map[string]seconds, key string, at second) {
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
	if at != never && len(s) < maxVoters {
		s[at] = true
	}
}

// meets returns how many of list are near one of s when they are moved by shift.
func (s seconds) meets(list seconds, shift second) (n int) {
	for at := range list {
		if near(s, at+shift) {
			n++
		}
	}
	return n
}

// shift returns by how much list is to be moved to meet s: 0 if any of it does, or if too few
// would by any shift.
func (s seconds) shift(list seconds) (best second) {
	if len(s) == 0 || s.meets(list, 0) > 0 {
		return 0
	}
	most := 0
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
func (s seconds) years(list seconds) (best second, most int) {
	const day = 24 * 3600
	for year := range second(10) {
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
