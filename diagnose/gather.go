package diagnose

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
)

// What is kept of logs of any length. Beyond it lines are still counted.
const (
	maxFailures = 20_000 // seconds with failed requests, by their kind
	maxMarks    = 10_000 // lines that are about no request
	maxURLs     = 2_000
	maxSample   = 600     // bytes of a line that is quoted, an address, a name or a path
	maxKept     = 8 << 20 // bytes of all texts of failures and marks
)

// Evidence collects events. The zero Evidence is ready for use.
type Evidence struct {
	failures map[failureKey]*failure // by the times of their logs, which align moves
	marks    []*mark
	access   map[accessKey]int // requests with a failing status, by second
	failed   map[accessKey]int // the last line of each of access
	urls     map[urlKey]int
	samples  map[accessKey]logs.Sample
	stats    []logs.Stats
	files    []string
	logs     map[string]position // where each file is in its log
	served   map[string]answer   // the last answer of PHP, by log
	quoted   map[failureKey]int  // samples that are kept, by kind
	hosts    map[string]bool     // those of failures
	kept     int                 // bytes of the texts that are kept of failures and marks
	// responses are those that somebody pasted and that failed; the last one may not be whole.
	responses []*response
	logged    map[loggedKey]*response // those of access logs
	retries
	// dropped counts the lines that were met beyond a limit.
	dropped int
}

// second is a time in seconds on the clock of the log that it is in: of its zone, as a wall
// clock shows it. never: the line has no time.
type second int64

const never second = -1 << 62

// secondOf returns the second of a line.
func secondOf(e *logs.Event) second { return wall(e.Time, e.Clock) }

func wall(t time.Time, c logs.Clock) second {
	switch c {
	case logs.NoClock:
		return never
	case logs.Boot:
		return second(t.Sub(time.Time{}) / time.Second)
	}
	_, offset := t.Zone()
	return second(t.Unix() + int64(offset))
}

// failureKey is what requests that fail in one way have in common.
type failureKey struct {
	row      *servers.Signature
	upstream string
	server   string
	detail   string // what Says names: a host name or a file
	host     string // of the page that led to a request of Apache; "" if unknown
	port     string // of Apache, to which the client connected; "" if unknown, and for the usual one
	again    bool   // nginx tried another address for the same request before
	changes  bool   // the method is one that nginx does not send twice
	at       second
	file     string
}

// failure is requests that failed in one way in one second.
type failure struct {
	failureKey
	count  int
	sample logs.Sample
	path   string // of the first of them
	alone  bool   // the lines that it follows from are missing
}

// badGateway reports whether the clients got a 502, or what Apache sends in its place.
func (f *failure) badGateway() bool {
	return f.row.Status == 502 || f.row.Status == 503 && f.row.By == servers.Apache
}

// web returns the web server that wrote f; "" if another program did, and for an access log.
func (f *failure) web() servers.Server {
	if f.row == nil || f.row.Name == accessRow.Name || f.row.By != servers.Nginx && f.row.By != servers.Apache {
		return ""
	}
	return f.row.By
}

// mark is one line that is about no request: a process died, a service ended.
type mark struct {
	logs.Event
	at   second
	pos  position
	boot bool // at is in seconds since the machine started
	used bool // it explains failures
}

// accessKey is one second of an access log.
type accessKey struct {
	file   string
	at     second
	status int
}

// answer is when and in which line PHP answered.
type answer struct {
	at  second
	pos position
}

// urlKey is a path that requests failed for.
type urlKey struct {
	upstream string
	sign     servers.Sign // NoSign: of an access log
	path     string
}

// Add adds an event.
func (v *Evidence) Add(e *logs.Event) {
	switch {
	case e.Row == nil:
		v.addAccess(e)
	case request(e.Row.Sign):
		v.addFailure(e)
	case e.Row.Sign.OfResponse():
		v.addResponse(e)
	case e.Row.Sign != servers.NoSign:
		v.addMark(e)
	}
}

// Close adds what Read said about a log.
func (v *Evidence) Close(file string, s logs.Stats) {
	v.files = append(v.files, file)
	v.stats = append(v.stats, s)
	if !s.LastServed.IsZero() {
		if v.served == nil {
			v.served = map[string]answer{}
		}
		at := v.positionOf(logs.Place{File: file, Line: int(s.ServedLine)})
		if known, ok := v.served[at.log]; !ok || at.after(known.pos) {
			v.served[at.log] = answer{wall(s.LastServed, logs.Zoned), at}
		}
	}
}

// request reports whether a line with the sign is about one request of a client.
func request(s servers.Sign) bool {
	return s >= servers.ConnectNoSocket && s <= servers.ScriptUnknown || tunnel(s)
}

// tunnel reports whether the sign is one of cloudflared.
func tunnel(s servers.Sign) bool { return s >= servers.TunnelUnreachable && s <= servers.TunnelClosed }

func (v *Evidence) addAccess(e *logs.Event) {
	if v.addLogged(e) {
		return
	}
	if v.access == nil {
		v.access, v.failed, v.samples = map[accessKey]int{}, map[accessKey]int{}, map[accessKey]logs.Sample{}
	}
	k := accessKey{e.At.File, secondOf(e), e.Request.Status}
	if _, known := v.access[k]; !known && len(v.access) >= maxFailures {
		v.dropped++
		k.at = never // counted, without its time
	}
	v.access[k]++
	v.failed[k] = max(v.failed[k], e.At.Line)
	all := accessKey{file: e.At.File, status: k.status}
	if _, known := v.samples[all]; !known {
		v.samples[all] = sampleOf(e)
	}
	if k.status == 502 {
		v.addURL(urlKey{path: pathOf(e.Request.URI)})
	}
}

func (v *Evidence) addURL(k urlKey) {
	if v.urls == nil {
		v.urls = map[urlKey]int{}
	}
	if _, known := v.urls[k]; known {
		v.urls[k]++
	} else if k.path != "" && len(v.urls) < maxURLs {
		k.path = strings.Clone(k.path)
		v.urls[k]++
	}
}

// pathOf returns a URI without its query string, which may hold secrets.
func pathOf(uri string) string {
	path, _, _ := strings.Cut(uri, "?")
	return logs.Clip(path, maxSample)
}

func sampleOf(e *logs.Event) logs.Sample {
	return logs.Sample{At: e.At, Text: strings.Clone(logs.Clip(e.Text, maxSample))}
}

// keep returns a copy of a text, without the line that it is a part of.
func (v *Evidence) keep(text string) string {
	v.kept += len(text)
	return strings.Clone(text)
}

func (v *Evidence) addFailure(e *logs.Event) {
	if v.failures == nil {
		v.failures, v.quoted = map[failureKey]*failure{}, map[failureKey]int{}
	}
	upstream := logs.Clip(upstreamOf(e), maxSample)
	k := failureKey{
		row: e.Row, upstream: upstream, server: logs.Clip(e.Request.Server, maxSample), detail: logs.Clip(cmp.Or(e.Field("name"), e.Field("file")), maxSample),
		again: v.isRetry(e, upstream), changes: changes(e.Request.Method), at: secondOf(e), file: e.At.File,
	}
	if e.Row.By == servers.Apache {
		k.host, k.port = v.hostOf(e), logs.Clip(e.Field("port"), 5)
	}
	f := v.failures[k]
	if f == nil && (len(v.failures) >= maxFailures || v.kept >= maxKept) {
		v.dropped++
		k = failureKey{row: e.Row, at: never}
		f = v.failures[k]
	}
	if f == nil {
		f = v.newFailure(e, k)
		v.failures[f.failureKey] = f
	}
	f.count++
	v.addURL(urlKey{f.upstream, e.Row.Sign, pathOf(e.Request.URI)})
}

// maxHosts is how many hosts of pages, which clients choose, are told apart.
const maxHosts = 50

// hostOf returns the host of the page that led to the request of a line.
func (v *Evidence) hostOf(e *logs.Event) string {
	host := strings.ToLower(logs.Clip(e.Request.Host, maxSample))
	if host == "" || v.hosts[host] {
		return host
	}
	if len(v.hosts) >= maxHosts {
		return ""
	}
	if v.hosts == nil {
		v.hosts = map[string]bool{}
	}
	host = v.keep(host)
	v.hosts[host] = true
	return host
}

// newFailure returns the first failure with a key. It quotes a few lines of each kind.
func (v *Evidence) newFailure(e *logs.Event, k failureKey) *failure {
	k.upstream, k.server, k.detail, k.port = v.keep(k.upstream), v.keep(k.server), v.keep(k.detail), v.keep(k.port)
	f := &failure{failureKey: k, sample: logs.Sample{At: e.At}, path: v.keep(pathOf(e.Request.URI))}
	kind := failureKey{row: k.row, upstream: k.upstream, server: k.server, at: never}
	if n, known := v.quoted[kind]; n < maxLines && (known || len(v.quoted) < maxURLs) {
		v.quoted[kind]++
		f.sample = sampleOf(e)
		v.kept += len(f.sample.Text)
	}
	return f
}

func (v *Evidence) addMark(e *logs.Event) {
	if len(v.marks) >= maxMarks || v.kept >= maxKept {
		v.dropped++
		return
	}
	said := *e
	said.Request = logs.Request{}
	kept, size := said.Clip(maxSample)
	v.kept += size
	v.marks = append(v.marks, &mark{Event: kept, at: secondOf(e), pos: v.positionOf(e.At), boot: e.Clock == logs.Boot})
}

// positionOf returns where a line is in its log.
func (v *Evidence) positionOf(at logs.Place) position {
	p, known := v.logs[at.File]
	if !known {
		if v.logs == nil {
			v.logs = map[string]position{}
		}
		p = positionOf(at)
		v.logs[at.File] = p
	}
	p.line = at.Line
	return p
}

// upstreamOf returns the address that a line is about, as addresses are compared: a path for a
// unix socket, else host and port or the name of an upstream; http:// or https:// before that of
// an HTTP origin.
func upstreamOf(e *logs.Event) string {
	if u := e.Request.Upstream; u != "" {
		scheme, rest, ok := strings.Cut(u, "://")
		if !ok {
			scheme, rest = "fastcgi", u
		}
		if path, unix := strings.CutPrefix(rest, "unix:"); unix {
			path, _, _ = strings.Cut(path, ":")
			rest = cleanPath(path)
		} else {
			rest, _, _ = strings.Cut(rest, "/")
			rest = rest[strings.LastIndexByte(rest, '@')+1:] // a name and a password
		}
		if scheme == "http" || scheme == "https" {
			return scheme + "://" + rest
		}
		return rest
	}
	return cmp.Or(cleanPath(e.Field("path")), e.Field("addr"))
}

// cleanPath returns the path of a socket as addresses are compared; "" for none.
func cleanPath(path string) string {
	if path == "" {
		return ""
	}
	return netaddr.UnixEndpoint(path).Path
}

// sorted returns the failures in order of time and of their lines.
func (v *Evidence) sorted() []*failure {
	all := make([]*failure, 0, len(v.failures))
	for _, f := range v.failures {
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b *failure) int {
		if a.at != b.at {
			return cmp.Compare(a.at, b.at)
		}
		p, q := v.positionOf(a.sample.At), v.positionOf(b.sample.At)
		return cmp.Or(strings.Compare(p.log, q.log), cmp.Compare(p.part, q.part), cmp.Compare(p.line, q.line))
	})
	return all
}
