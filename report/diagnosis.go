package report

import (
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/source"
)

// diagnosisJSON is a diagnosis as scripts read it.
type diagnosisJSON struct {
	Version   int            `json:"version"`
	Incidents []incidentJSON `json:"incidents"` // the most likely first
	Logs      []logJSON      `json:"logs"`
	Missing   []string       `json:"missing,omitempty"` // what would make the first answer certain
	Dropped   int            `json:"dropped,omitempty"` // lines beyond a limit
}

type incidentJSON struct {
	ID      string `json:"id"`
	Cause   *int   `json:"cause"` // 1 to 5; 0: no client got a 502; null: the logs do not tell
	Rule    string `json:"rule,omitempty"`
	Name    string `json:"name,omitempty"`
	URL     string `json:"url,omitempty"`
	Summary string `json:"summary"`
	About   string `json:"about,omitempty"`
	Status  int    `json:"status,omitempty"`
	Count   int    `json:"count"`
	First   string `json:"first,omitempty"`
	Last    string `json:"last,omitempty"`
	Over    *bool  `json:"over"`
	Sure    string `json:"sure"`
	Or      string `json:"or,omitempty"` // what else may have happened

	Pools    []string    `json:"pools,omitempty"`
	Sites    []string    `json:"sites,omitempty"`
	Objects  []string    `json:"objects,omitempty"`
	URLs     []urlJSON   `json:"urls,omitempty"`
	Places   []placeJSON `json:"places"`
	Evidence []lineJSON  `json:"evidence"`
	Findings []foundJSON `json:"findings,omitempty"`
	Fix      string      `json:"fix,omitempty"`
	Verify   []string    `json:"verify,omitempty"`
}

type urlJSON struct {
	Path  string `json:"path"`
	Count int    `json:"count"`
}

type placeJSON struct {
	File    string `json:"file"`
	At      string `json:"at"`
	Line    int    `json:"line"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message,omitempty"`
}

type lineJSON struct {
	File string `json:"file"`
	Line int    `json:"line"`
	By   string `json:"by"`
	Text string `json:"text"`
}

type foundJSON struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
}

type logJSON struct {
	File   string  `json:"file"`
	Lines  int64   `json:"lines"`
	Events int64   `json:"events"`
	Moved  float64 `json:"movedSeconds,omitempty"`
}

// DiagnosisJSON writes d for scripts.
func DiagnosisJSON(w io.Writer, d *diagnose.Diagnosis, o Options) error {
	out := diagnosisJSON{Version: 1, Incidents: []incidentJSON{}, Logs: []logJSON{}, Missing: d.Missing, Dropped: d.Dropped}
	for _, i := range d.Incidents {
		out.Incidents = append(out.Incidents, incidentOf(i, o))
	}
	for _, f := range d.Files {
		out.Logs = append(out.Logs, logJSON{f.Name, f.Lines, f.Events, moved(d, f.Name)})
	}
	return WriteJSON(w, out)
}

func incidentOf(i *diagnose.Incident, o Options) incidentJSON {
	j := incidentJSON{
		ID: i.Cause.ID, Summary: i.Summary(), About: i.About, Status: i.Status, Count: i.Count, Over: i.Over, Sure: i.Sure.String(),
		Pools: i.Pools, Sites: i.Sites, Objects: i.Objects, Places: []placeJSON{}, Evidence: []lineJSON{}, Fix: i.Fix(), Verify: i.Verify(),
	}
	j.Or, _ = i.Alternative()
	if n := i.Number; n != diagnose.Undecided {
		j.Cause = &n
	}
	if r := i.Rule; r != nil {
		j.Rule, j.Name, j.URL = r.ID, r.Name, docs.URL(r)
	}
	if !i.First.IsZero() {
		j.First, j.Last = i.First.Format(wallClock), i.Last.Format(wallClock)
	}
	for _, u := range i.URLs {
		j.URLs = append(j.URLs, urlJSON(u))
	}
	for _, n := range i.Places {
		j.Places = append(j.Places, placeOf(n, o))
	}
	for _, p := range i.Named {
		j.Places = append(j.Places, placeJSON{File: p.File, At: p.File, Line: p.Line})
	}
	for _, l := range i.Lines {
		j.Evidence = append(j.Evidence, lineJSON{l.At.File, l.At.Line, string(l.By), unqueried(l.Text)})
	}
	for _, f := range i.Findings {
		j.Findings = append(j.Findings, foundJSON{f.Rule.ID, f.Severity().String(), secrets{}.of(&f)(f.Message)})
	}
	return j
}

// moved returns by how many seconds the times of a log were moved, or of the first program in it of
// which they were.
func moved(d *diagnose.Diagnosis, name string) float64 {
	for _, m := range d.Moved {
		if m.File == name {
			return m.By.Seconds()
		}
	}
	return 0
}

// Moved says which clocks differ, a sentence for each; name writes the name of a log.
func Moved(d *diagnose.Diagnosis, name func(string) string) (says []string) {
	for _, m := range d.Moved {
		program := ""
		if m.Program != "" {
			program = " (" + string(m.Program) + ")"
		}
		says = append(says, fmt.Sprintf("The times of %s%s were moved by %s to meet those of the web server.", name(m.File), program, m.By))
	}
	return says
}

// query finds the query string of a request in a log line, and user what is before the host of a
// URL.
var (
	query = lazyregexp.New(`(?i)\S(?:\?|%(?:25)*3f)[^\s"'<>]+`)
	user  = lazyregexp.New(`://[^\s"'<>@/]*@`)
)

// unqueried returns a log line without query strings and user names, which may hold secrets.
func unqueried(line string) string {
	line = query.ReplaceAllStringFunc(line, func(found string) string {
		_, size := utf8.DecodeRuneInString(found)
		return found[:size] + "?…"
	})
	return user.ReplaceAllString(line, "://…@")
}

// wallClock is the form of a time on the clock of the web server's log, whose zone may be unknown.
const wallClock = time.DateTime

func placeOf(n source.Note, o Options) placeJSON {
	at := n.At.Begin()
	return placeJSON{File: o.path(n.At.File), At: n.At.File.Name, Line: at.Line, Column: at.Column, Message: secrets{}.mask(n.Message, n.At.File)}
}
