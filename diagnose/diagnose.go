package diagnose

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Diagnosis is what the logs and the configuration say together.
type Diagnosis struct {
	// Incidents, the one that cost the most requests first. Those that are not a 502 are last.
	Incidents []*Incident
	// Files are the logs that were read, each with what was in it.
	Files []File
	// Moved are the clocks that differ from that of the web server, in the order of Files.
	Moved []Moved
	// Missing is what would make the first answer certain, each a sentence.
	Missing []string
	// Dropped counts the lines that were met beyond a limit. Those about requests are counted, but
	// without their time; those about processes are left out.
	Dropped int
	// Known is set if a configuration was found.
	Known bool
}

// Moved is a clock whose times were moved to meet those of the web server.
type Moved struct {
	File string
	// Program is what wrote the lines; "" for all lines of a web server.
	Program servers.Server
	By      time.Duration
}

// File is one log that was read.
type File struct {
	Name string
	logs.Stats
}

// Bad reports whether there is a sign of a 502.
func (d *Diagnosis) Bad() bool {
	return slices.ContainsFunc(d.Incidents, func(i *Incident) bool { return i.Number != 0 })
}

// Run decides the cause of everything in v. v must not be used afterwards.
func Run(v *Evidence, c *Config) *Diagnosis {
	if c == nil {
		c = &Config{}
	}
	d := &Diagnosis{Dropped: v.dropped, Known: c.known()}
	for i, name := range v.files {
		d.Files = append(d.Files, File{name, v.stats[i]})
	}
	for c, by := range v.align() {
		if by != 0 && !c.boot {
			d.Moved = append(d.Moved, Moved{c.file, c.by, time.Duration(by) * time.Second})
		}
	}
	slices.SortFunc(d.Moved, func(a, b Moved) int {
		return cmp.Or(cmp.Compare(slices.Index(v.files, a.File), slices.Index(v.files, b.File)), cmp.Compare(a.Program, b.Program))
	})
	all := v.sorted()
	c.locate(all)
	v.restate(all)
	j := &judge{Evidence: v, timeline: newTimeline(v, all), config: c, all: all, out: map[incidentKey]*Incident{}, killed: map[second]bool{}}
	j.shared = sync.OnceValue(j.severalSites)
	j.ofApache = innermost(all)
	primary := map[second]bool{}
	for _, f := range j.all {
		if inner := j.inner(f); inner != nil {
			j.follows(f, inner)
		} else if f.row.Sign != servers.BackendFailed {
			if f.web() != servers.Nginx {
				primary[f.at] = true
			}
			j.add(f, j.noticed(f, j.explain(f)))
		}
	}
	for _, f := range j.all {
		if f.row.Sign == servers.BackendFailed && !near(primary, f.at) {
			f.alone = f.row == servers.ApacheNotConnected || f.row == servers.ApacheDispatchFailed || f.row == servers.ApacheOriginError
			j.add(f, j.consequence(f))
		}
	}
	j.unexplained()
	j.leftover()
	j.respond()
	j.hiding()
	for _, i := range j.order {
		j.finish(i)
	}
	d.Incidents = j.ranked()
	d.Missing = j.missing(d)
	return d
}

func near(set map[second]bool, at second) bool {
	for n := second(-slack); n <= slack; n++ {
		if set[at+n] {
			return true
		}
	}
	return false
}

// ranked returns the incidents, 502s first and the most requests first.
func (j *judge) ranked() []*Incident {
	class := func(i *Incident) int {
		switch {
		case i.Number > 0:
			return 0
		case i.Number == Undecided:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(j.order, func(a, b *Incident) int {
		return cmp.Or(cmp.Compare(class(a), class(b)), cmp.Compare(b.Count, a.Count),
			cmp.Compare(slices.Index(Causes, a.Cause), slices.Index(Causes, b.Cause)))
	})
	return j.order
}

// finish works out what follows from all lines of an incident.
func (j *judge) finish(i *Incident) {
	if i.first != never {
		i.First, i.Last = clock(i.first), clock(i.last)
	}
	if i.key.about != i.About || len(i.addresses) > 0 {
		i.About = strings.Join(i.addresses, " and ")
	}
	slices.Sort(i.Sites)
	slices.Sort(i.Objects)
	slices.SortStableFunc(i.Findings, func(a, b lint.Finding) int { return cmp.Compare(a.Severity(), b.Severity()) })
	i.Web = j.webOf(i)
	i.Rule = i.Cause.rule()
	if len(i.Findings) > 0 {
		i.Rule = i.Findings[0].Rule
	} else if i.Rule == nil {
		i.Rule = i.refusal()
	}
	j.places(i)
	i.Over = j.over(i)
	i.URLs = j.urlsOf(i)
}

// webOf returns the web server that failed: that of the requests, of what refused its files, or of all
// gateways.
func (j *judge) webOf(i *Incident) servers.Server {
	if i.some != nil && i.some.web() != "" {
		return i.some.web()
	}
	for _, m := range i.marks {
		if m.Row.By == servers.Nginx || m.Row.By == servers.Apache {
			return m.Row.By
		}
	}
	if j.apacheAlone() {
		return servers.Apache
	}
	return servers.Nginx
}

// apacheAlone reports whether no nginx is among the files or, if these do not tell, wrote a line.
func (j *judge) apacheAlone() bool {
	return j.config.apache() || len(j.config.gateways()) == 0 && j.onlyApache()
}

// onlyApache reports whether Apache and no nginx wrote the lines about requests.
func (j *judge) onlyApache() bool {
	webs := map[servers.Server]bool{}
	for _, f := range j.all {
		webs[f.web()] = true
	}
	return webs[servers.Apache] && !webs[servers.Nginx]
}

// clock returns a time as the wall clock of the web server shows it.
func clock(at second) time.Time { return time.Unix(int64(at), 0).UTC() }

// urlsOf returns the paths with the most failed requests of an incident.
func (j *judge) urlsOf(i *Incident) (list []URL) {
	if i.some == nil {
		return nil
	}
	for k, n := range j.urls {
		if k.sign == i.some.row.Sign && bare(k.upstream) == bare(i.some.upstream) {
			list = append(list, URL{k.path, n})
		}
	}
	slices.SortFunc(list, func(a, b URL) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Path, b.Path)) })
	return list[:min(len(list), 5)]
}

// places adds the lines of the configuration that decide about an incident.
func (j *judge) places(i *Incident) {
	add := func(at source.Span, message string) {
		if !at.IsZero() && !slices.ContainsFunc(i.Places, func(n source.Note) bool { return n.At == at }) {
			i.Places = append(i.Places, source.Note{At: at, Message: message})
		}
	}
	for _, f := range i.Findings {
		add(f.At, f.Message)
		for _, n := range f.Notes {
			add(n.At, n.Message)
		}
	}
	for _, m := range i.marks {
		if m.Row.Sign == servers.Refused {
			for _, n := range j.config.refusedEntries(m) {
				add(n.At, n.Message)
			}
		}
	}
	if i.Number == tunnelOriginDown.Number {
		for _, n := range j.config.tunnelServices(i) {
			add(n.At, n.Message)
		}
	}
	some := i.some
	if some == nil {
		some = &failure{failureKey: failureKey{upstream: i.About}}
	}
	pools := j.config.poolsAt(some.upstream)
	for _, name := range i.Pools {
		if len(pools) == 0 {
			pools = j.config.poolNamed(name)
		}
	}
	for _, p := range pools {
		i.version = p.Master.Version
		for _, s := range settingsOf(i.Cause, p) {
			add(s.At, s.Message)
		}
	}
	j.handed(i, some, add)
}

// handed adds the lines of the gateways that requests like some were passed on by.
func (j *judge) handed(i *Incident, some *failure, add func(source.Span, string)) {
	for _, at := range j.config.undefinedIn(some) {
		add(at, "a variable here had no value when Apache read it")
	}
	for _, g := range j.config.using(some) {
		if name := g.Site.Name(); some.server == "" && name != "" && !slices.Contains(i.Sites, name) && len(i.Sites) < maxLines {
			i.Sites = append(i.Sites, name)
		}
		for _, p := range g.Peers {
			if g.Pass != nil && (p.At.File != g.At.File || p.At.Start < g.At.Start || p.At.End > g.At.End) && slices.Contains(namesOf(p), bare(some.upstream)) {
				add(p.At, "the address is written here")
			}
		}
		for _, s := range passOf(i.Cause, g) {
			add(s.At, s.Message)
		}
	}
}
