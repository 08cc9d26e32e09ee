package diagnose

import (
	"slices"
	"sort"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// judge decides the cause of each failure.
type judge struct {
	*Evidence
	*timeline
	config *Config
	all    []*failure            // in order of time
	web    map[servers.Sign]bool // the signs that a web server wrote; nil until they are needed
	out    map[incidentKey]*Incident
	order  []*Incident
	deaths map[occasion]verdict // what is known of them
	killed map[second]bool      // whether the kernel killed PHP about a time, as far as known
	// balance is how many 502s of the access logs no failure explains that was not tried again, and
	// total is how many there are; nil until they are needed.
	balance map[second]int
	total   int
	shared  func() bool // whether the host has several sites
	// unavailable are the times of 503s in the access logs; nil until they are needed.
	unavailable map[second]bool
	// ofApache are the failures of Apache by their time: the first that is not a consequence.
	ofApache map[second]*failure
}

// verdict is why one failure happened.
type verdict struct {
	cause    *Cause
	number   int // of the article; that of cause unless another server answers otherwise
	findings []lint.Finding
	marks    []*mark
	sure     Sureness
	or       *Cause // as likely; nil for none
}

func because(c *Cause) verdict { return verdict{cause: c, number: c.Number, sure: Likely} }

// certainly is because with findings of check that say so.
func certainly(c *Cause, findings []lint.Finding) verdict {
	v := because(c)
	v.findings = findings
	if len(findings) > 0 {
		v.sure = Predicted
	}
	return v
}

// plain are the signs that have one cause each.
var plain = map[servers.Sign]*Cause{
	servers.ConnectQueueFull: backlogOverflow, servers.ConnectNoPorts: portsUsed,
	servers.HeaderTooBig: headerTooBig, servers.HeaderBroken: brokenHeader, servers.HeaderMissing: noHeader,
	servers.NoResolver: resolverMissing, servers.NameNotResolved: dnsFailed,
	servers.TLSToPlain: tlsToPlain, servers.TLSNameRefused: tlsName, servers.TLSNotVerified: tlsVerify, servers.TLSFailed: tlsName,
	servers.TimedOut: timeout, servers.Truncated: truncated, servers.ClientClosed: clientGone,
	servers.FilesExhausted: connections, servers.RateLimited: rateLimited,
	servers.NoConnection: workerLimit, servers.NoHandler: moduleMissing, servers.AddressMisread: addressMisread, servers.HtaccessRefused: htaccessRefused,
	servers.PHPFatal: phpFatal, servers.ScriptUnknown: notFound, servers.ScriptDenied: scriptDenied,
	servers.TunnelUnreachable: tunnelOriginDown, servers.TunnelNoName: tunnelOriginDown, servers.TunnelClosed: tunnelOriginDown, servers.TunnelAnswer: tunnelAnswer,
	servers.TunnelToPlain: tunnelToPlain, servers.TunnelToTLS: tunnelToPlain, servers.TunnelCertificate: tunnelTLSName,
}

// explain returns why f happened.
func (j *judge) explain(f *failure) verdict {
	v := j.explained(f)
	if f.web() == servers.Apache {
		return answeredOtherwise(f, v)
	}
	return v
}

func (j *judge) explained(f *failure) verdict {
	switch f.row.Sign {
	case servers.ConnectNoSocket, servers.ConnectRefused, servers.ConnectUnreachable:
		return j.connect(f)
	case servers.ConnectDenied:
		return j.denied(f)
	case servers.Reset, servers.Closed, servers.SendFailed:
		return j.cut(f)
	case servers.NotFastCGI:
		return j.protocol(f)
	case servers.NoLiveUpstreams:
		return j.noLive(f)
	case servers.WorkerConnections:
		if loops := j.config.of(proxyLoop, nil); len(loops) > 0 || j.loop {
			return certainly(proxyLoop, loops)
		}
		return because(connections)
	}
	cause := plain[f.row.Sign]
	v := certainly(cause, j.config.of(cause, f))
	if f.row.Sign == servers.TimedOut || f.row.Sign == servers.Truncated {
		v.marks = j.near(f, func(m *mark) bool { return tells(m) })
	}
	return v
}

// near returns the marks about the time of f that pick chooses, of the pool that f connects to if it is
// known.
func (j *judge) near(f *failure, pick func(*mark) bool) (found []*mark) {
	pools := j.config.poolsAt(f.upstream)
	for n, m := range j.around(f.at, slack) {
		if pick(m) && ofPools(m, pools) {
			found = append(found, m)
		}
		if len(found) == maxNear || n == maxPassed {
			break
		}
	}
	return found
}

const (
	// maxNear is how many marks of one time are looked at for one failure.
	maxNear = 200
	// maxPassed is how many marks are passed by for one failure.
	maxPassed = 1000
)

// around returns the marks at most within seconds from at; all of them if it is not known.
func (j *judge) around(at second, within second) []*mark { return during(j.marks, at, within) }

// during returns those of marks, which are in order of time, that are at most within seconds from
// at, and those without a time; all of them if at is not known.
func during(marks []*mark, at, within second) []*mark {
	if at == never {
		return marks
	}
	untimed := sort.Search(len(marks), func(i int) bool { return marks[i].at != never })
	from := sort.Search(len(marks), func(i int) bool { return marks[i].at >= at-within })
	to := sort.Search(len(marks), func(i int) bool { return marks[i].at > at+within })
	if untimed == 0 {
		return marks[from:to]
	}
	return append(marks[:untimed:untimed], marks[max(from, untimed):max(to, untimed)]...)
}

// ofPools reports whether a mark may be about one of pools.
func ofPools(m *mark, pools []*stack.Pool) bool {
	name := m.Field("pool")
	if name == "" || len(pools) == 0 {
		return true
	}
	for _, p := range pools {
		if p.Name == name {
			return true
		}
	}
	return false
}

// connect explains a failure to connect.
func (j *judge) connect(f *failure) verdict {
	if found := j.config.predicting(f); len(found) > 0 {
		return j.predicted(f, found)
	}
	if v, ok := j.stoppedApache(f); ok {
		return v
	}
	http := strings.HasPrefix(f.upstream, "http")
	gateways, pools := j.config.using(f), j.config.poolsAt(f.upstream)
	unasked := len(gateways) == 0 && len(pools) == 0 && f.upstream != ""
	if unasked && j.config.known() && !j.config.Guessed {
		return j.unasked(f)
	}
	if f.row == servers.ApacheConnectTimedOut && len(pools) > 0 {
		return certainly(backlogOverflow, j.config.of(backlogOverflow, f))
	}
	if http && len(pools) == 0 || f.row.Sign == servers.ConnectUnreachable {
		return certainly(originDown, j.config.of(originDown, f))
	}
	if v, ok := j.refused(f); ok {
		return v
	}
	stale := f.row.Sign == servers.ConnectRefused && strings.HasPrefix(f.upstream, "/") // what made the socket was killed
	if (!j.config.known() || unasked) && !j.ended(f.at) && !stale && !j.servedBefore(f) {
		v := because(socketMismatch)
		v.or = fpmDown
		return v
	}
	return j.down(f)
}

// servedBefore reports whether something accepted connections at the address of f, until then.
func (j *judge) servedBefore(f *failure) bool {
	at, ok := j.accepted[f.upstream]
	return ok && f.upstream != "" && at <= f.at
}

// predicted explains a failure that findings of check predict.
func (j *judge) predicted(f *failure, found []lint.Finding) verdict {
	cause := causeOf(found[0])
	if cause == nil || cause == noLiveUpstreams {
		cause = socketMismatch
	}
	v := certainly(cause, found)
	if cause == deadPeer || cause == socketMismatch && oneOfSeveral(found) {
		v.cause, v.number = deadPeer, deadPeer.Number
		if !j.served502() && !j.allFail[f.server] {
			v.number = 0 // nginx tries the next address, unless told not to
		}
	}
	return v
}

// unasked explains a connection to an address that nothing in the files names.
func (j *judge) unasked(f *failure) verdict {
	if f.row.By == servers.Apache {
		return j.unaskedApache()
	}
	if marks := j.refusedBy(servers.Nginx); len(marks) > 0 {
		v := certainly(nginxRefuse, j.config.refusing(lint.NginxRefuses))
		v.marks = marks
		return v
	}
	if len(j.config.gateways()) == 0 {
		return because(socketMismatch)
	}
	return because(notReloaded)
}

// unaskedApache is unasked for a connection of Apache. Without gateways its files were not read, and
// one whose address is unknown may be the one.
func (j *judge) unaskedApache() verdict {
	known := false
	for _, g := range j.config.gateways() {
		if webOf(g) == servers.Apache {
			if g.Why != "" {
				return because(socketMismatch)
			}
			known = true
		}
	}
	if !known {
		return because(socketMismatch)
	}
	return because(notReloaded)
}

// refused returns the verdict that PHP-FPM refuses its configuration, if it did so before f and did
// not start since, or if today's files say so.
func (j *judge) refused(f *failure) (v verdict, ok bool) {
	v = certainly(fpmRefused, j.config.refusing(lint.FPMRefuses))
	var ready *mark
	for m := range j.before(f.at) {
		// Which of two logs was first within a second is not told.
		if ready != nil && (m.at != ready.at || m.pos.log == ready.pos.log) || len(v.marks) == maxNear {
			break
		}
		switch m.Row.Sign {
		case servers.Refused:
			v.marks = append(v.marks, m)
		case servers.Ready:
			ready = m
		}
	}
	slices.Reverse(v.marks)
	return v, len(v.marks) > 0 || len(v.findings) > 0
}

// ended reports whether a line says that PHP-FPM stopped before at.
func (j *judge) ended(at second) bool {
	for m := range j.before(at) {
		if stops(m) {
			return true
		}
	}
	return false
}

// stops reports whether a mark is the end of PHP-FPM as a whole.
func stops(m *mark) bool {
	switch m.Row.Sign {
	case servers.Stopping, servers.Stopped:
		return true
	case servers.UnitKilled, servers.UnitExited, servers.UnitOOM, servers.UnitFailed, servers.UnitLimit, servers.UnitCannot:
		return isFPMUnit(m.Field("unit"))
	}
	return false
}

// down returns the verdict that PHP-FPM does not run.
func (j *judge) down(f *failure) verdict {
	v := because(fpmDown)
	var oom bool
	for m := range j.before(f.at) {
		if len(v.marks) == maxNear {
			break
		}
		if stops(m) {
			v.marks = append(v.marks, m)
			oom = oom || m.Row.Sign == servers.UnitOOM
			if m.Row.Sign == servers.UnitLimit {
				v.cause = crashLoop
			}
		}
	}
	slices.Reverse(v.marks)
	if oom {
		v.cause, v.number = workerOOM, workerOOM.Number
	}
	return v
}

// denied explains errno 13. It is never about the mode of a file for a TCP address.
func (j *judge) denied(f *failure) verdict {
	avc := slices.DeleteFunc(slices.Clone(j.signs[servers.Denied]), func(m *mark) bool { return !deniesWeb(m) })
	if !strings.HasPrefix(bare(f.upstream), "/") || len(avc) > 0 {
		v := because(selinuxDenied)
		v.marks = avc
		return v
	}
	if found := j.config.of(socketMode, f); len(severe(found)) > 0 {
		return certainly(socketMode, found)
	}
	if found := j.config.predicting(f); len(found) > 0 {
		return certainly(socketPermission, found)
	}
	return certainly(socketPermission, j.config.of(socketPermission, f))
}

// deniesWeb reports whether a policy denied a web server to connect to something. In permissive
// mode SELinux only logs.
func deniesWeb(m *mark) bool {
	switch m.Field("process") {
	case "", "nginx", "httpd", "apache2":
	default:
		return false
	}
	switch m.Field("operation") {
	case "connectto", "name_connect", "connect", "write", "search":
		return !strings.Contains(m.Text, "permissive=1")
	}
	return false
}

// protocol explains an answer that is not FastCGI: another program took the port of PHP-FPM, or
// the address is that of another server.
func (j *judge) protocol(f *failure) verdict {
	found := j.config.predicting(f)
	if len(found) == 0 {
		if v, ok := j.refused(f); ok {
			return v
		}
	}
	return certainly(wrongProtocol, found)
}

// noLive explains a line that follows from earlier failures: the cause is theirs.
func (j *judge) noLive(f *failure) verdict {
	for _, g := range j.config.using(f) {
		for _, p := range g.Peers {
			for _, name := range namesOf(p) {
				if first := j.first[name]; first != nil {
					return j.explain(first)
				}
			}
		}
	}
	if first := j.first["server "+f.server]; first != nil {
		return j.explain(first)
	}
	return certainly(noLiveUpstreams, j.config.predicting(f))
}
