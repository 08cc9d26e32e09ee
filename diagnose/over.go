package diagnose

import (
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers"
)

// quiet is for how many seconds no request has to fail on a host with several sites until an
// answer of PHP, which may be that of another site, shows that an incident is over.
const quiet = 60

// moments are causes of which some requests die. That others are answered does not show that the
// cause is gone, except for the deaths of workers in between.
var (
	moments = []*Cause{workerOOM, workerCrashed, workerKilled, workerExited, workerDied, reloadKills, backlogOverflow, answered, undecided, logBlind}
	single  = []*Cause{terminateTimeout, hardTimeout, recycled, headerTooBig, brokenHeader, noHeader}
)

// over reports whether an incident has ended: PHP answered afterwards, or PHP-FPM started. nil: the
// logs do not tell.
func (j *judge) over(i *Incident) *bool {
	yes, no := true, false
	if i.first == never || i.Count == 0 {
		return nil
	}
	if i.Sure == Predicted && slices.ContainsFunc(i.Findings, func(f lint.Finding) bool { return f.Severity() == lint.Error }) {
		return &no
	}
	if slices.Contains(single, i.Cause) {
		return nil
	}
	up, told := j.up(i)
	down := i.Cause.Number == fpmDown.Number
	if down && told && !up {
		return &no
	}
	switch after, ok := j.answeredAfter(i); {
	case ok && after && (!j.shared() || down && up || j.quietAfter(i)):
		return &yes
	case ok && !after && !slices.Contains(moments, i.Cause):
		return &no
	case !ok && told && up && down:
		return &yes
	}
	return nil
}

// up reports whether the last line about PHP-FPM as a whole says that it started, after the last
// request that failed; told is false if no line tells.
func (j *judge) up(i *Incident) (up, told bool) {
	for _, m := range j.marks {
		switch {
		case m.at == never:
		case m.Row.Sign == servers.Ready:
			up, told = true, m.at >= i.last
		case stops(m) || m.Row.Sign == servers.Refused:
			up, told = false, true
		}
	}
	return up, told
}

// answeredAfter reports whether an access log shows an answer of PHP after the last request of i
// that failed; ok is false if none shows either.
func (j *judge) answeredAfter(i *Incident) (after, ok bool) {
	failed := map[string]position{} // the last line of i, by log
	for k, line := range j.failed {
		if k.status >= 500 && k.at >= i.last-slack && k.at <= i.last+1 {
			keepLast(failed, j.positionOf(logs.Place{File: k.file, Line: line}))
		}
	}
	for log, last := range failed {
		after, ok = after || j.served[log].pos.after(last), true
	}
	for log, last := range j.served {
		if _, fails := failed[log]; !fails && last.at > i.last+1 && !j.hides(i) {
			after, ok = true, true
		}
	}
	return after, ok
}

// hides reports whether error_page may give the requests of i a status that is an answer of PHP.
func (j *judge) hides(i *Incident) bool {
	return i.Cause == hidden || len(j.config.of(hidden, i.some)) > 0
}

// hiding makes an incident of the requests of which error_page takes the 502: nothing counts them
// again, but who looks for 502s in the access log finds none.
func (j *judge) hiding() {
	for _, f := range j.all {
		if f.row.Status != 502 || f.row.By != servers.Nginx {
			continue
		}
		if found := j.config.deciding(hidden, f); len(found) > 0 {
			i := j.incident(incidentKey{hidden, hidden.Number, bare(f.upstream)})
			i.during(f.at)
			i.found(found)
			i.quote(f.line())
		}
	}
}

// severalSites reports whether the host has several sites, so that an answer may be that of another
// one.
func (j *judge) severalSites() bool {
	names := map[string]bool{}
	for _, f := range j.all {
		if f.server != "" {
			names[f.server] = true
		}
	}
	for _, g := range j.config.gateways() {
		if g.Site != nil && len(g.Site.Names) > 0 && !slices.ContainsFunc(g.Site.Names, func(n string) bool { return names[n] }) {
			names[g.Site.Names[0]] = true
		}
	}
	return len(names) > 1
}

// quietAfter reports whether the log goes on for long after the last request of i that failed.
func (j *judge) quietAfter(i *Incident) bool {
	mean := second(0)
	if i.Count > 1 {
		mean = (i.last - i.first) / second(i.Count-1)
	}
	for _, last := range j.served {
		if last.at-i.last > max(quiet, 5*mean) {
			return true
		}
	}
	return false
}
