package diagnose

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// cut explains a connection that was cut before the response header.
func (j *judge) cut(f *failure) verdict {
	if strings.HasPrefix(f.upstream, "http") {
		if loops := j.config.of(proxyLoop, nil); len(loops) > 0 || len(severe(j.config.predicting(f))) == 0 && j.loop {
			return certainly(proxyLoop, loops)
		}
		if found := severe(j.config.deciding(wrongProtocol, f)); len(found) > 0 || f.web() == servers.Apache && len(j.config.poolsAt(f.upstream)) > 0 {
			return certainly(wrongProtocol, found)
		}
		return certainly(originClosed, j.config.of(originClosed, f))
	}
	if found := severe(j.config.deciding(allowedClients, f)); len(found) > 0 {
		return certainly(allowedClients, found)
	}
	if v, ok := j.death(f); ok {
		return v
	}
	if found := j.config.deciding(recycled, f); (f.row.Sign == servers.Closed || f.web() == servers.Apache) && len(found) > 0 {
		return certainly(recycled, found)
	}
	if found := severe(j.config.deciding(socketMismatch, f)); f.web() == servers.Apache && len(found) > 0 && len(j.config.poolsAt(f.upstream)) == 0 {
		return certainly(wrongProtocol, found) // something else accepts connections there
	}
	if f.upstream != "" && j.goneWithin(f.upstream, f.at) {
		if v, ok := j.refused(f); ok {
			return v
		}
		return j.down(f)
	}
	return because(workerDied)
}

// severe returns the findings that are errors.
func severe(all []lint.Finding) (found []lint.Finding) {
	for _, f := range all {
		if f.Severity() == lint.Error {
			found = append(found, f)
		}
	}
	return found
}

// death explains f by what happened to PHP-FPM at that time.
func (j *judge) death(f *failure) (v verdict, ok bool) {
	v = j.deathsAbout(f)
	if v.cause == nil {
		v = j.dumped(f)
	}
	if v.cause == nil {
		return v, false
	}
	v.findings = j.config.of(v.cause, f)
	if v.cause == reloadKills || v.cause == fpmDown {
		return j.ending(f, v), true
	}
	j.byProcess(&v)
	return v, true
}

// occasion is what the deaths about a failure depend on.
type occasion struct {
	at       second
	closed   bool
	upstream string // "" if no pool is known that it is of
}

// deathsAbout returns the likeliest cause of those that the marks about the time of f show.
func (j *judge) deathsAbout(f *failure) verdict {
	o := occasion{at: f.at, closed: f.row.Sign == servers.Closed}
	if len(j.config.poolsAt(f.upstream)) > 0 {
		o.upstream = f.upstream
	}
	v, known := j.deaths[o]
	if !known {
		v = j.likeliestDeath(f)
		if j.deaths == nil || len(j.deaths) >= maxURLs {
			j.deaths = map[occasion]verdict{}
		}
		j.deaths[o] = v
	}
	v.marks = slices.Clone(v.marks)
	return v
}

func (j *judge) likeliestDeath(f *failure) (v verdict) {
	best := -1
	for _, m := range j.near(f, func(*mark) bool { return true }) {
		cause := j.deathOf(m, f)
		if cause == nil {
			continue
		}
		n := slices.Index(deaths, cause)
		if m.at != never && f.at != never && (m.at > f.at+1 || m.at < f.at-1) {
			n += len(deaths)
		}
		switch {
		case best < 0 || n < best:
			v, best = because(cause), n
			v.sure = SameSecond
			v.marks = []*mark{m}
		case n == best:
			v.marks = append(v.marks, m)
		}
	}
	return v
}

// dump is for how many seconds a process that crashed may hold its connections: the kernel writes
// its memory to a file first.
const dump = 10

// dumped explains f by a crash some seconds before it.
func (j *judge) dumped(f *failure) (v verdict) {
	if f.at == never {
		return v
	}
	for _, m := range during(j.marks, f.at-dump/2, dump/2) {
		if m.at != never && m.Row.Sign == servers.Segfault && isPHP(m.Field("process")) && len(v.marks) < maxNear {
			v.cause, v.number, v.sure = workerCrashed, workerCrashed.Number, Likely
			v.marks = append(v.marks, m)
		}
	}
	return v
}

// deaths are the causes that lines about processes show, the most telling first.
var deaths = []*Cause{allowedClients, terminateTimeout, workerOOM, workerCrashed, hardTimeout, workerKilled, workerExited, recycled, reloadKills, fpmDown}

// deathOf returns the cause, one of deaths, that a mark shows for f, or for requests in general if f is nil; nil
// for none.
func (j *judge) deathOf(m *mark, f *failure) *Cause {
	switch m.Row.Sign {
	case servers.ClientDropped:
		return allowedClients
	case servers.Terminating:
		return terminateTimeout
	case servers.ChildSignal:
		return j.signalled(m)
	case servers.ChildExited:
		switch m.Field("code") {
		case "0":
			if f != nil && (f.row.Sign == servers.Closed || f.web() == servers.Apache && len(j.config.deciding(recycled, f)) > 0) {
				return recycled
			}
			return nil
		case "124":
			return hardTimeout
		}
		return workerExited
	case servers.OOMKill:
		if isPHP(m.Field("process")) {
			return workerOOM
		}
	case servers.UnitOOM:
		if isFPMUnit(m.Field("unit")) {
			return workerOOM
		}
	case servers.ChildCorrupted:
		return workerCrashed
	case servers.Segfault:
		if isPHP(m.Field("process")) {
			return workerCrashed
		}
	case servers.Reloading, servers.EmergencyRestart:
		return reloadKills
	case servers.Stopping, servers.Stopped, servers.UnitKilled:
		if stops(m) {
			return fpmDown
		}
	}
	return nil
}

// signalled returns why a worker got a signal. PHP-FPM sends SIGTERM, and a second later SIGKILL,
// to a worker whose request takes too long.
func (j *judge) signalled(m *mark) *Cause {
	switch m.Field("signal") {
	case "4", "6", "7", "8", "11", "31":
		return workerCrashed
	}
	for _, other := range j.sameProcess(m) {
		if other.Row.Sign == servers.Terminating && (m.at == never || other.at <= m.at) {
			return terminateTimeout
		}
	}
	// In a container the kernel counts processes otherwise: only the time tells.
	killed, known := j.killed[m.at]
	if !known {
		killed = slices.ContainsFunc(j.around(m.at, slack), func(other *mark) bool {
			return other.Row.Sign == servers.OOMKill && isPHP(other.Field("process"))
		})
		j.killed[m.at] = killed
	}
	if killed {
		return workerOOM
	}
	return workerKilled
}

// sameProcess returns the marks about the process of m, at most five seconds from it and not more
// than are looked at; all of them if one of the times is not known.
func (j *judge) sameProcess(m *mark) []*mark {
	list := during(j.pids[m.Field("pid")], m.at, 5)
	return list[:min(len(list), maxNear)]
}

// byProcess notes whether the kernel and PHP-FPM name the same process.
func (j *judge) byProcess(v *verdict) {
	marks := slices.Clone(v.marks)
	for _, m := range v.marks {
		if len(marks) >= maxNear {
			break
		}
		for _, other := range j.sameProcess(m) {
			if other == m || other.at == never && m.at != never || len(marks) >= maxNear {
				continue
			}
			marks = append(marks, other)
			if other.Row.By != m.Row.By {
				v.sure = ByProcess
			}
		}
	}
	v.marks = unique(marks)
}

// ending explains requests that were cut when PHP-FPM was told to end or to reload: it serves
// again afterwards, refuses the new configuration, or stays down.
func (j *judge) ending(f *failure, v verdict) verdict {
	last := v.marks[len(v.marks)-1]
	back := j.started[last.pos.log].after(last.pos) || j.ready > last.at
	if back || v.cause == reloadKills && len(j.config.refusing(lint.FPMRefuses)) == 0 && len(j.signs[servers.Refused]) == 0 {
		r := certainly(reloadKills, j.config.of(reloadKills, f))
		r.marks, r.sure = v.marks, SameSecond
		return r
	}
	if r, ok := j.refused(f); ok {
		return r
	}
	return j.down(f)
}

func unique(marks []*mark) (list []*mark) {
	if len(marks) < 2 {
		return marks
	}
	met := make(map[*mark]bool, len(marks))
	for _, m := range marks {
		if !met[m] {
			met[m] = true
			list = append(list, m)
		}
	}
	return list
}
