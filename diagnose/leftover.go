package diagnose

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers"
)

// leftover makes incidents of the marks that explain no failed request.
func (j *judge) leftover() {
	silent := j.served502() || j.hasErrorLog()
	for _, m := range j.marks {
		if m.used {
			continue
		}
		cause, about := j.alone(m)
		if cause == nil {
			continue
		}
		n := cause.Number
		died := slices.Contains(deaths, cause)
		if silent && died {
			n = 0 // no client noticed
		}
		i := j.incident(incidentKey{cause, n, about})
		i.mark(m)
		i.during(m.at)
		if died && cause != fpmDown && n > 0 && !i.pids[m.Field("pid")] {
			i.pids[m.Field("pid")] = true
			i.Count++
		}
		if cause == fpmRefused || cause == nginxRefuse || cause == apacheRefuse || cause == apacheReload || cause == hostNotFound {
			i.found(j.refusals(m))
		} else {
			i.found(j.config.of(cause, nil))
		}
	}
}

// alone returns the cause that a mark shows by itself, and what it is about.
func (j *judge) alone(m *mark) (c *Cause, about string) {
	switch m.Row.Sign {
	case servers.Refused:
		return fpmRefused, ""
	case servers.WebRefused, servers.PeerDisabled, servers.WebWorkersBusy, servers.WebWorkerKilled:
		return j.aloneWeb(m)
	case servers.MaxChildren:
		return maxChildren, m.Field("pool")
	case servers.Slow:
		return slow, ""
	case servers.OOMTask:
		if !isPHP(m.Field("process")) || len(j.signs[servers.OOMKill]) > 0 {
			return nil, ""
		}
		return undecided, ""
	case servers.OOMScope:
		if !isPHP(m.Field("process")) {
			return nil, ""
		}
		return workerOOM, ""
	case servers.ResolverSilent:
		if slices.ContainsFunc(j.order, func(i *Incident) bool { return i.Cause == dnsFailed }) {
			return nil, ""
		}
		return resolverSilent, m.Field("addr")
	case servers.Denied:
		if !deniesWeb(m) {
			return nil, ""
		}
		return selinuxDenied, m.Field("path")
	case servers.TunnelDown, servers.TunnelRefused, servers.TunnelNoRules:
		return aloneTunnel[m.Row.Sign], ""
	case servers.UnitFailed, servers.UnitLimit, servers.UnitCannot, servers.UnitKilled, servers.UnitExited:
		return j.service(m)
	case servers.Reloading, servers.WebReloading, servers.Stopping, servers.Stopped, servers.EmergencyRestart:
		return nil, ""
	}
	if cause := j.deathOf(m, nil); cause != nil {
		return cause, j.addressOf(m.Field("pool"))
	}
	if process := m.Field("process"); process != "" && (m.Row.Sign == servers.OOMKill || m.Row.Sign == servers.Segfault) {
		return otherDied, process
	}
	return nil, ""
}

// aloneTunnel are the causes that lines of cloudflared about itself show.
var aloneTunnel = map[servers.Sign]*Cause{servers.TunnelDown: tunnelEdge, servers.TunnelRefused: tunnelRefused, servers.TunnelNoRules: tunnelNoRules}

// aloneWeb is alone for what a web server writes about itself.
func (j *judge) aloneWeb(m *mark) (c *Cause, about string) {
	switch m.Row.Sign {
	case servers.WebRefused:
		if name := m.Field("name"); name != "" {
			return hostNotFound, name
		}
		return j.refusalOf(m), ""
	case servers.PeerDisabled:
		if m.Row.By != servers.Apache || len(j.all) > 0 {
			return nil, "" // the failure that it follows from tells more
		}
		return noLiveUpstreams, m.Field("addr")
	case servers.WebWorkersBusy:
		return webBusy, ""
	}
	if m.Row.By == servers.Apache {
		return otherDied, "a process of Apache"
	}
	return otherDied, "a worker of nginx"
}

// service returns the cause that a line about a service shows by itself, and the name of the service.
func (j *judge) service(m *mark) (c *Cause, unit string) {
	unit = m.Field("unit")
	failed := m.Row.Sign == servers.UnitFailed
	switch {
	case unit == "" && !failed && m.Row.Sign != servers.UnitCannot, unit != "" && !isFPMUnit(unit):
		return nil, ""
	case failed && j.toldService():
		return nil, ""
	case !failed && j.failsToStart(unit):
		return crashLoop, unit
	case m.Row.Sign == servers.UnitExited && m.Field("code") == "78":
		return fpmRefused, ""
	}
	return fpmDown, ""
}

// toldService reports whether another line tells more about how the service of PHP-FPM ended than
// that it did.
func (j *judge) toldService() bool {
	return slices.ContainsFunc([]servers.Sign{
		servers.Refused, servers.UnitExited, servers.UnitKilled, servers.UnitOOM, servers.UnitLimit, servers.UnitCannot,
	}, func(s servers.Sign) bool { return len(j.signs[s]) > 0 })
}

// failsToStart reports whether systemd gave up on a unit, or cannot run its program.
func (j *judge) failsToStart(unit string) bool {
	return slices.ContainsFunc(j.marks, func(m *mark) bool {
		return (m.Row.Sign == servers.UnitLimit || m.Row.Sign == servers.UnitCannot) && m.Field("unit") == unit
	})
}

// addressOf returns the address of the only pool of a name; "" if it is not known.
func (j *judge) addressOf(name string) string {
	if pools := j.config.poolNamed(name); len(pools) == 1 {
		return spelled(pools[0].Listen.Endpoint)
	}
	return ""
}

// hasErrorLog reports whether an error log of a web server was read, even an empty one.
func (j *judge) hasErrorLog() bool {
	for _, f := range j.all {
		if f.row.By == servers.Nginx || f.row.By == servers.Apache {
			return true
		}
	}
	for _, name := range j.files {
		if strings.Contains(path.Base(name), "error") && !strings.Contains(name, "php") {
			return true
		}
	}
	return false
}

// unexplained counts the 502s of the access log that no line of an error log is about, and makes
// an incident of them.
func (j *judge) unexplained() {
	budget := map[second]int{}
	for _, f := range j.all {
		if f.badGateway() {
			budget[f.at] += f.count
		}
	}
	var rest []accessKey
	keys := j.accessKeys(502)
	if j.apacheAlone() {
		keys = append(keys, j.accessKeys(503)...)
	}
	for _, k := range keys {
		n := j.access[k]
		for _, d := range []second{0, 1, -1, 2, -2} {
			taken := min(n, budget[k.at+d])
			budget[k.at+d] -= taken
			n -= taken
		}
		if taken := min(n, budget[never]); taken > 0 {
			budget[never] -= taken
			n -= taken
		}
		if n > 0 {
			n -= j.byDeath(k, n)
		}
		if n > 0 && k.status == 502 && !j.inLoop(n) {
			rest = append(rest, accessKey{k.file, k.at, n})
		}
	}
	j.blind(rest)
	j.otherStatus(504, timeout)
	j.otherStatus(499, clientGone)
}

// otherStatus makes an incident of the requests with a status that is not a 502, if no line of an
// error log is about them.
func (j *judge) otherStatus(status int, cause *Cause) {
	if slices.ContainsFunc(j.order, func(i *Incident) bool { return i.Cause == cause }) {
		return
	}
	row := *accessRow
	row.Status = status
	for _, k := range j.accessKeys(status) {
		j.add(&failure{failureKey: failureKey{row: &row, at: k.at, file: k.file}, count: j.access[k], sample: j.sampleOf(k)}, because(cause))
	}
}

func (j *judge) accessKeys(status int) (keys []accessKey) {
	for k := range j.access {
		if k.status == status {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b accessKey) int {
		return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.file, b.file))
	})
	return keys
}

// byDeath adds those of n requests at k that what happened to PHP-FPM at that time explains, and
// returns how many: one for each worker that died. A reload or stop explains any number, unless
// the files have an error that does.
func (j *judge) byDeath(k accessKey, n int) int {
	f := &failure{failureKey: failureKey{row: accessRow, at: k.at, file: k.file}, sample: j.sampleOf(k)}
	v, ok := j.death(f)
	if !ok && j.stoppedAt(k.at) {
		v, ok = j.down(f), true
	}
	whole := v.cause == reloadKills || ok && v.cause.Number == fpmDown.Number
	if !ok || whole && len(j.config.errors()) > 0 {
		return 0
	}
	f.count = n
	if !whole {
		v.marks = slices.DeleteFunc(v.marks, func(m *mark) bool { return m.used })
		f.count = min(n, processes(v.marks))
	}
	if f.count == 0 {
		return 0
	}
	for _, m := range v.marks {
		if pool := m.Field("pool"); pool != "" {
			f.upstream = j.addressOf(pool)
		}
	}
	if !whole {
		v.marks = firstProcesses(v.marks, f.count)
	}
	j.add(f, v)
	return f.count
}

// processes returns how many processes marks are about.
func processes(marks []*mark) int {
	pids := map[string]bool{}
	for _, m := range marks {
		pids[m.Field("pid")] = true
	}
	return len(pids)
}

// firstProcesses returns the marks of the first n processes.
func firstProcesses(marks []*mark, n int) (list []*mark) {
	pids := map[string]bool{}
	for _, m := range marks {
		pid := m.Field("pid")
		if !pids[pid] && len(pids) == n {
			continue
		}
		pids[pid] = true
		list = append(list, m)
	}
	return list
}

// stoppedAt reports whether PHP-FPM had been told to end, and had not started again.
func (j *judge) stoppedAt(at second) bool {
	for m := range j.before(at) {
		if m.Row.Sign != servers.Refused {
			return stops(m)
		}
	}
	return false
}

// accessRow represents a line of an access log with a 502.
var accessRow = &servers.Signature{Name: "access", Log: servers.Log{By: servers.Nginx}, Status: 502}

func (j *judge) sampleOf(k accessKey) logs.Sample {
	return j.samples[accessKey{file: k.file, status: k.status}]
}

// inLoop adds n requests to a loop: each turn writes a line.
func (j *judge) inLoop(n int) bool {
	for _, i := range j.order {
		if i.Cause == proxyLoop {
			i.Count += n
			return true
		}
	}
	return false
}

// blind makes an incident of 502s that only an access log shows. rest holds their number as
// status.
func (j *judge) blind(rest []accessKey) {
	if len(rest) == 0 {
		return
	}
	findings := j.config.of(logBlind, nil)
	certain := j.config.errors()
	var v verdict
	switch {
	case len(certain) > 0 && (len(findings) > 0 || !j.hasErrorLog()) && causeOf(certain[0]) != nil:
		v = certainly(causeOf(certain[0]), append(certain[:1:1], findings...))
		v.sure = Likely
	case len(findings) > 0 && j.hasErrorLog():
		v = certainly(logBlind, findings)
	case j.hasErrorLog():
		v = because(answered)
	default:
		v = certainly(undecided, findings)
	}
	for _, k := range rest {
		f := &failure{failureKey: failureKey{row: accessRow, at: k.at, file: k.file}, count: k.status, sample: j.sampleOf(accessKey{file: k.file, status: 502})}
		j.add(f, v)
	}
}

// refusals returns the findings of check for which the server of m does not start: those about the
// line that m names, else all.
func (j *judge) refusals(m *mark) []lint.Finding {
	outcome := lint.FPMRefuses
	if m.Row.Sign == servers.WebRefused {
		outcome = lint.NginxRefuses.With(m.Row.By)
	}
	all := j.config.refusing(outcome)
	var same []lint.Finding
	for _, f := range all {
		if m.Field("file") == f.At.File.Name && number(m.Field("line")) == f.At.Begin().Line {
			same = append(same, f)
		}
	}
	if len(same) > 0 {
		return same
	}
	return all
}
