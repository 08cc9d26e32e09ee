package diagnose

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers"
)

// Kept is what Evidence holds besides the incidents: what is quoted when a case is handed on.
type Kept struct {
	// Requests are lines of a web server or of cloudflared about requests that failed, one of each
	// kind, the one of the most requests first.
	Requests []Failed
	// Deaths are lines of the kernel and of systemd about processes that were killed or crashed,
	// and Signals those of PHP-FPM about its workers, the latest last.
	Deaths, Signals []Dated
	// Processes are the processes in the kernel's list of those that it chooses from when memory
	// runs out, and those that it killed; the largest first.
	Processes []Process
	// Spells are the times in which requests were answered with 502, the latest last.
	Spells []Spell
}

// Dated is a line and when it was written.
type Dated struct {
	Line
	// When is the time on the clock of its log, or since the machine started; "" if the line has
	// none.
	When string
}

// Failed is lines of one kind about one address.
type Failed struct {
	Lines []Dated // the first of them
	Count int     // requests
	Last  string  // as When of a Dated
}

// Process is a process whose memory the kernel told.
type Process struct {
	Name string
	PID  string
	// RSS is its resident memory in bytes.
	RSS int64
	// Killed is set if the kernel killed it.
	Killed bool
	When   string // as of a Dated
	At     logs.Place
}

// Spell is a time in which requests failed, with less than pause between two of them.
type Spell struct {
	First, Last time.Time // as those of an Incident
	Count       int
}

// pause is how many seconds without a failed request end a Spell.
const pause = 600

// pageSize is the bytes of a page in the kernel's list of processes, on amd64 and in most
// distributions for arm64.
const pageSize = 4096

// Keep returns what v holds. It may be called before Run only.
func (v *Evidence) Keep() *Kept {
	return &Kept{Requests: v.requests(), Deaths: v.dated(died), Signals: v.dated(signalled), Processes: v.processes(), Spells: v.spells()}
}

// died reports whether a line says that a process was killed or crashed.
func died(m *mark) bool {
	switch m.Row.Sign {
	case servers.Segfault, servers.OOMKill, servers.OOMScope, servers.OOMCalled, servers.UnitOOM, servers.UnitKilled, servers.WebWorkerKilled:
		return true
	}
	return false
}

// signalled reports whether a line of PHP-FPM says that a worker ended otherwise than by itself.
func signalled(m *mark) bool {
	switch m.Row.Sign {
	case servers.ChildSignal, servers.Terminating, servers.EmergencyRestart:
		return true
	case servers.ChildExited:
		return m.Field("code") != "0"
	}
	return false
}

// dated returns the marks that pick chooses.
func (v *Evidence) dated(pick func(*mark) bool) (list []Dated) {
	for _, m := range v.marks {
		if pick(m) {
			list = append(list, Dated{m.line(), when(m.at, m.boot)})
		}
	}
	return list
}

// when spells a time.
func when(at second, boot bool) string {
	switch {
	case at == never:
		return ""
	case boot:
		return fmt.Sprintf("%d s after the start of the machine", at)
	}
	return clock(at).Format(time.DateTime)
}

// requests returns the kinds of failed requests.
func (v *Evidence) requests() (list []Failed) {
	type kind struct {
		row              *servers.Signature
		upstream, server string
	}
	kinds := map[kind]int{}
	last := map[kind]second{}
	for _, f := range v.sorted() {
		if f.row.Status != 502 && f.row.Status != 503 || f.row.Sign == servers.RateLimited || f.row.Sign == servers.BackendFailed {
			continue
		}
		k := kind{f.row, f.upstream, f.server}
		i, known := kinds[k]
		if !known {
			i = len(list)
			kinds[k], last[k] = i, never
			list = append(list, Failed{})
		}
		if len(list[i].Lines) < maxLines {
			list[i].Lines = append(list[i].Lines, Dated{f.line(), when(f.at, false)})
		}
		list[i].Count += f.count
		last[k] = max(last[k], f.at)
		list[i].Last = when(last[k], false)
	}
	slices.SortStableFunc(list, func(a, b Failed) int { return b.Count - a.Count })
	return list
}

// processes returns what the kernel told about the memory of processes.
func (v *Evidence) processes() (list []Process) {
	for _, m := range v.marks {
		p := Process{Name: strings.TrimSpace(m.Field("process")), PID: m.Field("pid"), When: when(m.at, m.boot), At: m.At}
		switch m.Row.Sign {
		case servers.OOMTask:
			p.RSS = int64(number(m.Field("pages"))) * pageSize
		case servers.OOMKill:
			p.RSS, p.Killed = int64(number(m.Field("rss")))<<10, true
		}
		if p.RSS > 0 {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b Process) int { return cmp.Compare(b.RSS, a.RSS) })
	return list
}

// PHP reports whether the process is one of PHP-FPM by its name.
func (p Process) PHP() bool { return isPHP(p.Name) }

// spells returns when requests failed: as an access log says, else an error log.
func (v *Evidence) spells() (list []Spell) {
	counts := map[second]int{}
	for k, n := range v.access {
		if k.status == 502 {
			counts[k.at] += n
		}
	}
	if len(counts) == 0 {
		for _, f := range v.failures {
			if f.badGateway() {
				counts[f.at] += f.count
			}
		}
	}
	delete(counts, never)
	times := slices.Sorted(maps.Keys(counts))
	for i, at := range times {
		if i == 0 || at-times[i-1] >= pause {
			list = append(list, Spell{First: clock(at)})
		}
		s := &list[len(list)-1]
		s.Last = clock(at)
		s.Count += counts[at]
	}
	return list
}
