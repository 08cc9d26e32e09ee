package watch

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

// Kind is what a Message says.
type Kind uint8

// The kinds.
const (
	Began  Kind = iota // a cause that is new
	Again              // a cause that was over
	Over               // PHP answered since
	NoMore             // no more of it came for Quiet, and the logs do not tell whether it is over
	Still              // nothing new came for Quiet
)

// Message is one thing to say.
type Message struct {
	Kind     Kind
	At       time.Time          // on the clock of this machine
	Incident *diagnose.Incident // nil for Still
	Count    int                // requests so far
	Quiet    time.Duration
}

func (w *Watch) message(k Kind, key string, c *cause) Message {
	return Message{Kind: k, At: w.now, Incident: c.incident, Count: w.total(key, c)}
}

// Totals returns what was seen, the most requests first: the causes in the state of Over.
func (w *Watch) Totals() (all []Message) {
	for key, c := range w.causes {
		all = append(all, w.message(Over, key, c))
	}
	sortTotals(all)
	return all
}

// Text returns the message as a block of lines that ends with a line feed. Times of logs are as the
// log shows them, others are in zone. path is as in report.Options.
func (m Message) Text(zone *time.Location, path func(*source.File) string) string {
	now := m.At.In(zone).Format(time.DateTime)
	if m.Kind == Still {
		return fmt.Sprintf("%s  quiet for %d minutes\n", now, int(m.Quiet/time.Minute))
	}
	i := m.Incident
	summary := report.Visible(i.Summary())
	if m.Kind == Over || m.Kind == NoMore {
		word := "over"
		if m.Kind == NoMore {
			word = fmt.Sprintf("no more for %d minutes", int(Quiet/time.Minute))
		}
		return fmt.Sprintf("%s  %s: %s (%s%s)\n", now, word, summary, report.Count(m.Count, "request"), lastOf(i))
	}
	when, word := i.First, "502"
	if m.Kind == Again {
		when, word = i.Last, "502 again"
	}
	if when.IsZero() {
		when = m.At.In(zone)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s  %s: %s\n", when.Format(time.DateTime), word, summary)
	switch {
	case len(i.Places) > 0:
		at := i.Places[0].At
		name := at.File.Name
		if path != nil {
			name = path(at.File)
		}
		fmt.Fprintf(&b, "  %s:%d:%d\n", report.Visible(name), at.Begin().Line, at.Begin().Column)
	case len(i.Named) > 0:
		fmt.Fprintf(&b, "  %s:%d\n", report.Visible(i.Named[0].File), i.Named[0].Line)
	}
	if i.Rule != nil {
		fmt.Fprintf(&b, "  wp502lint explain %s\n", i.Rule.ID)
	}
	b.WriteByte('\n')
	return b.String()
}

// lastOf says when the last request failed.
func lastOf(i *diagnose.Incident) string {
	if i.Last.IsZero() {
		return ""
	}
	return ", the last at " + i.Last.Format(time.DateTime)
}

// Total returns one line about a cause at the end.
func (m Message) Total() string {
	return fmt.Sprintf("%s: %s%s\n", report.Count(m.Count, "request"), report.Visible(m.Incident.Summary()), lastOf(m.Incident))
}

func sortTotals(all []Message) {
	slices.SortFunc(all, func(a, b Message) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Incident.Cause.ID, b.Incident.Cause.ID), strings.Compare(a.Incident.About, b.Incident.About))
	})
}
