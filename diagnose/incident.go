package diagnose

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Incident is log lines that are about one thing, and its most likely cause.
type Incident struct {
	Cause *Cause
	// Number is that of the five causes of a 502: that of Cause, but 0 if no client got a 502.
	Number int
	// Rule explains the cause: that of the first of Findings, else that of Cause; nil for none.
	Rule *lint.Rule
	// About is the address, host name, pool or program that the lines are about; "" for none.
	About string
	// Status is what the clients got; 0 if no line is about a request.
	Status int
	// Count is how many requests failed. Without a log of a web server it is how many lines show
	// it, or 0.
	Count int
	// First and Last are on the clock of the web server's log; zero if the lines have no time.
	First, Last time.Time
	// Over is whether it has ended; nil if the logs do not tell.
	Over *bool
	Sure Sureness
	// Web is the web server that failed, Nginx or Apache.
	Web servers.Server
	// Or is another cause that the lines fit as well; nil for none.
	Or *Cause
	// Lines are some of the lines, those about requests first.
	Lines []Line
	// Pools, Sites and Objects are the pools, the server names and the shared objects that the
	// lines name, at most 200 of each.
	Pools, Sites, Objects []string
	// URLs are the paths of the most requests, without query strings.
	URLs []URL
	// Findings are what check says about it today.
	Findings []lint.Finding
	// Places are the lines of the configuration, the one to edit first.
	Places []source.Note
	// Named are places that a log line names in files that were not read, or that are of an earlier
	// configuration.
	Named []logs.Place

	version string // of PHP; "" if not known

	key incidentKey
	// addresses are those of an upstream with several servers.
	addresses []string
	first     second
	last      second
	pids      map[string]bool
	some      *failure // one of the failures
	marks     []*mark
	met       map[*mark]bool // those that were added
}

// Sureness is how a cause is known.
type Sureness uint8

// How a cause is known, from the least sure.
const (
	Likely     Sureness = iota
	SameSecond          // something that explains it happened in the same second
	Predicted           // check says that exactly this happens with the files as they are
	ByProcess           // two logs name the same process
)

var surenessNames = [...]string{Likely: "likely", SameSecond: "same second", Predicted: "predicted by check", ByProcess: "proved by pid"}

// String returns how a cause is known, in words.
func (s Sureness) String() string { return surenessNames[s] }

// Pasted is the name of a log that is one line, which somebody pasted.
const Pasted = "line"

// Line is a log line that is quoted, and what it shows.
type Line struct {
	logs.Sample
	By   servers.Server
	Sign servers.Sign
}

// line returns the line of the first of the requests.
func (f *failure) line() Line { return Line{f.sample, f.row.By, f.row.Sign} }

func (m *mark) line() Line { return Line{logs.Sample{At: m.At, Text: m.Text}, m.Row.By, m.Row.Sign} }

// URL is a path and how many requests for it failed.
type URL struct {
	Path  string
	Count int
}

// incidentKey is what events of one incident have in common.
type incidentKey struct {
	cause  *Cause
	number int
	about  string
}

// maxIncidents is how many incidents are kept apart.
const maxIncidents = 500

// maxLines is how many lines of each kind an incident quotes.
const maxLines = 3

// incident returns the one of a key.
func (j *judge) incident(k incidentKey) *Incident {
	i := j.out[k]
	if i == nil && len(j.order) >= maxIncidents {
		k.about = "" // of all further addresses
		i = j.out[k]
	}
	if i == nil {
		i = &Incident{Cause: k.cause, Number: k.number, About: k.about, key: k, first: never, last: never, pids: map[string]bool{}, met: map[*mark]bool{}}
		j.out[k] = i
		j.order = append(j.order, i)
	}
	return i
}

// add adds a failure with its verdict.
func (j *judge) add(f *failure, v verdict) *Incident {
	i := j.incident(incidentKey{v.cause, v.number, j.aboutOf(f, v)})
	if g := j.groupOf(f); g != "" && bare(f.upstream) != g && !slices.Contains(i.addresses, bare(f.upstream)) && len(i.addresses) < maxLines {
		i.addresses = append(i.addresses, bare(f.upstream))
	}
	counts := (f.alone || f.row.Sign != servers.BackendFailed) && (v.cause != deadPeer || v.number > 0) && !f.again && !j.toldTwice(f)
	if counts {
		i.Count += f.count
	}
	i.Status = cmp.Or(i.Status, f.row.Status)
	i.during(f.at)
	i.Sure = max(i.Sure, v.sure)
	i.Or = v.or
	if f.server != "_" {
		i.Sites = include(i.Sites, f.server)
	}
	if i.some == nil {
		i.some = f
	}
	i.quote(f.line())
	i.found(v.findings)
	for _, m := range v.marks {
		i.mark(m)
	}
	return i
}

// toldTwice reports whether PHP-FPM wrote f about requests that are in the log of the web server too:
// what a script sends to standard error goes to both.
func (j *judge) toldTwice(f *failure) bool {
	if f.row.By != servers.FPM {
		return false
	}
	if j.web == nil {
		j.web = map[servers.Sign]bool{}
		for _, other := range j.all {
			if other.row.By != servers.FPM {
				j.web[other.row.Sign] = true
			}
		}
	}
	return j.web[f.row.Sign]
}

// aboutOf returns what the incident of f is about.
func (j *judge) aboutOf(f *failure, v verdict) string {
	switch v.cause {
	case fpmRefused, nginxRefuse, apacheRefuse, apacheReload, proxyLoop, otherDied:
		return ""
	case resolverMissing, dnsFailed, htaccessRefused:
		return f.detail
	}
	if f.row.Sign == servers.TunnelNoName {
		return f.detail
	}
	return cmp.Or(j.groupOf(f), bare(f.upstream))
}

// groupOf returns the name of the upstream with several servers that f is about; "" for none.
func (j *judge) groupOf(f *failure) string {
	for _, g := range j.config.using(f) {
		if g.Upstream != nil && len(g.Upstream.Servers) > 1 {
			return g.Upstream.Name
		}
	}
	return ""
}

// during extends the time of i to at.
func (i *Incident) during(at second) {
	if at == never {
		return
	}
	if i.first == never || at < i.first {
		i.first = at
	}
	i.last = max(i.last, at)
}

func (i *Incident) found(findings []lint.Finding) {
	for _, f := range findings {
		if !slices.ContainsFunc(i.Findings, func(known lint.Finding) bool { return known.Rule == f.Rule && known.At == f.At }) {
			i.Findings = append(i.Findings, f)
		}
	}
}

// quote keeps a few lines of each kind.
func (i *Incident) quote(l Line) {
	if l.Text == "" {
		return
	}
	same := 0
	for _, known := range i.Lines {
		if known.Sign == l.Sign {
			same++
		}
		if known.At == l.At {
			return
		}
	}
	if same < maxLines {
		i.Lines = append(i.Lines, l)
	}
}

// maxNames is how many names of one kind an incident has.
const maxNames = 200

// include adds a name to a list that lacks it.
func include(list []string, name string) []string {
	if name == "" || len(list) >= maxNames || slices.Contains(list, name) {
		return list
	}
	return append(list, name)
}

// mark adds a line about a process or a service.
func (i *Incident) mark(m *mark) {
	m.used = true
	if i.met[m] {
		return
	}
	i.met[m] = true
	i.quote(m.line())
	i.Pools, i.Objects = include(i.Pools, m.Field("pool")), include(i.Objects, m.Field("object"))
	if file, line := m.Field("file"), m.Field("line"); file != "" && line != "" && len(i.Named) < maxNames {
		p := logs.Place{File: file, Line: number(line)}
		if !slices.Contains(i.Named, p) {
			i.Named = append(i.Named, p)
		}
	}
	if len(i.marks) < 1000 {
		i.marks = append(i.marks, m)
	}
}

// number returns a decimal number of a log; 0 for none, and for one of more than 40 bits.
func number(text string) int {
	n, err := strconv.ParseUint(text, 10, 40)
	if err != nil {
		return 0
	}
	return int(n)
}
