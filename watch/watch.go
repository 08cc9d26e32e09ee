// Package watch says what is new while logs grow: a cause of 502s when it begins and when it is
// over, and that nothing new came. It keeps the events of one day, and the counts of all.
package watch

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/logs"
)

// How long things are waited for, on the clock of this machine.
const (
	// settle is how long a cause has to stay the one that the lines show: PHP-FPM and the kernel
	// write about a dead worker after nginx does.
	settle = 3 * time.Second
	// calm is how long no request fails before an incident is said to be over: between two failures
	// of a busy site others succeed.
	calm = time.Minute
	// Quiet is how long nothing new has to come before that is said.
	Quiet = 5 * time.Minute
)

// What is kept however long it runs.
const (
	day       = 24 * time.Hour
	maxEvents = 20_000
	maxCauses = 1_000
	maxText   = 600 // bytes of a line
)

// Watch collects events and judges them again when new ones come. The zero Watch is not ready for
// use; see New. All times except those of events are on the clock of this machine.
type Watch struct {
	config *diagnose.Config
	events []event
	files  []string
	stats  map[string]*logs.Stats
	causes map[string]*cause
	now    time.Time
	// started is set once the lines before were judged; see Start.
	started bool
	dirty   bool      // events came since the last run
	ready   time.Time // no run before that; see run
	// counts are those of the last run.
	counts map[string]int
	// last is when a line about a 502 came last, and said what was last said about quiet.
	last time.Time
	said time.Duration
	// tidied is when events were forgotten last.
	tidied time.Time
	// dropped is how many causes were met beyond maxCauses.
	dropped int
}

// event is an event and when it came.
type event struct {
	logs.Event
	arrived time.Time
}

// cause is one cause about one thing.
type cause struct {
	incident *diagnose.Incident
	// base is how many requests are no longer in the events.
	base      int
	seen      time.Time // when it was met
	grew      time.Time // when it got more requests, or a later line
	announced bool
	over      bool
}

// New returns a watch that judges by a configuration; nil: by the lines alone.
func New(c *diagnose.Config, now time.Time) *Watch {
	return &Watch{config: c, stats: map[string]*logs.Stats{}, causes: map[string]*cause{}, counts: map[string]int{}, now: now, last: now, tidied: now}
}

// Add adds an event.
func (w *Watch) Add(e *logs.Event) {
	kept, _ := e.Clip(maxText)
	w.events = append(w.events, event{kept, w.now})
	w.dirty = true
	switch {
	case len(w.events) <= maxEvents:
	case w.started:
		w.forget()
	default: // Start learns their counts
		w.events = slices.Clone(w.events[maxEvents/4:])
	}
}

// Close adds what Read said about more of a log.
func (w *Watch) Close(file string, s logs.Stats) {
	all := w.stats[file]
	if all == nil {
		w.files = append(w.files, file)
		w.stats[file] = &s
		w.dirty = w.dirty || s.Lines > 0
		return
	}
	w.dirty = w.dirty || !s.LastServed.IsZero()
	all.Add(s)
}

// Lines returns how many lines of a log were added.
func (w *Watch) Lines(file string) int64 {
	if s := w.stats[file]; s != nil {
		return s.Lines
	}
	return 0
}

// Start notes what was answered about everything before: it is not said again.
func (w *Watch) Start(d *diagnose.Diagnosis, now time.Time) {
	w.now, w.started = now, true
	w.judge()
	w.last = now
	for _, i := range d.Incidents {
		if !matters(i) {
			continue
		}
		c := w.cause(keyOf(i))
		if c == nil {
			continue
		}
		c.announced = true
		c.base = max(0, i.Count-w.counts[keyOf(i)])
		if c.incident == nil {
			c.incident = i
		}
		c.over = i.Over != nil && *i.Over
	}
	for _, c := range w.causes {
		c.announced = true
	}
}

// matters reports whether an incident is one of 502s: lines that tell neither a cause nor a request
// may be about anything.
func matters(i *diagnose.Incident) bool {
	return i.Number > 0 || i.Number == diagnose.Undecided && i.Count > 0
}

// keyOf returns what the incidents of one cause have in common.
func keyOf(i *diagnose.Incident) string { return i.Cause.ID + " " + i.About }

// cause returns the cause of a key; nil if there are too many.
func (w *Watch) cause(key string) *cause {
	c := w.causes[key]
	if c == nil && len(w.causes) >= maxCauses {
		w.dropped++
		return nil
	}
	if c == nil {
		c = &cause{seen: w.now, grew: w.now}
		w.causes[strings.Clone(key)] = c
	}
	return c
}

// diagnosis judges the events that are kept.
func (w *Watch) diagnosis() *diagnose.Diagnosis {
	v := &diagnose.Evidence{}
	for i := range w.events {
		e := w.events[i].Event
		v.Add(&e)
	}
	for _, file := range w.files {
		v.Close(file, *w.stats[file])
	}
	return diagnose.Run(v, w.config)
}

// judge runs the diagnosis and updates the causes.
func (w *Watch) judge() {
	counts := map[string]int{}
	for _, i := range w.diagnosis().Incidents {
		if !matters(i) {
			continue
		}
		key := keyOf(i)
		c := w.cause(key)
		if c == nil {
			continue
		}
		counts[key] += i.Count
		if c.incident == nil || counts[key] > w.counts[key] || i.Last.After(c.incident.Last) {
			c.grew, w.last, w.said = w.now, w.now, 0
		}
		c.incident = i
	}
	for key, c := range w.causes {
		if _, still := counts[key]; !still && c.base == 0 {
			delete(w.causes, key) // later lines show another cause
		}
	}
	w.counts, w.dirty = counts, false
}

// Step judges what came, and returns what is to be said at now.
func (w *Watch) Step(now time.Time) (say []Message) {
	w.now = now
	if now.Sub(w.tidied) >= time.Hour {
		w.forget()
	}
	if w.dirty && !now.Before(w.ready) {
		began := time.Now()
		w.judge()
		// With much to judge, most of the time is left to others.
		w.ready = now.Add(10 * time.Since(began).Truncate(100*time.Millisecond))
	}
	say = w.begun(settle)
	for _, key := range slices.Sorted(maps.Keys(w.causes)) {
		c := w.causes[key]
		if !c.announced || c.over {
			continue
		}
		over := c.incident.Over
		switch ago := now.Sub(c.grew); {
		case over != nil && *over && ago >= calm:
			c.over = true
			say = append(say, w.message(Over, key, c))
		case over == nil && ago >= Quiet:
			c.over = true
			say = append(say, w.message(NoMore, key, c))
		}
	}
	if quiet := now.Sub(w.last).Truncate(Quiet); quiet > w.said {
		w.said = quiet
		say = append(say, Message{Kind: Still, At: now, Quiet: quiet})
	}
	return say
}

// begun returns the messages about causes that began at least after ago.
func (w *Watch) begun(after time.Duration) (say []Message) {
	for _, key := range slices.Sorted(maps.Keys(w.causes)) {
		c := w.causes[key]
		switch {
		case !c.announced && w.now.Sub(c.seen) >= after:
			c.announced = true
			say = append(say, w.message(Began, key, c))
		case c.over && c.grew.Equal(w.now):
			c.over = false
			say = append(say, w.message(Again, key, c))
		}
	}
	return say
}

// End returns what is left to say when nothing more comes.
func (w *Watch) End(now time.Time) []Message {
	w.now = now
	if w.dirty {
		w.judge()
	}
	return w.begun(0)
}

// Bad reports whether there was ever a sign of a 502.
func (w *Watch) Bad() bool { return len(w.causes) > 0 || w.dropped > 0 }

// total returns how many requests a cause has cost.
func (w *Watch) total(key string, c *cause) int { return c.base + w.counts[key] }

// forget drops the events that are older than a day, and a quarter of them if they are too many. The
// requests that they are about stay in the counts.
func (w *Watch) forget() {
	w.tidied = w.now
	newest := map[place]time.Time{}
	for i := range w.events {
		if p := placeOf(&w.events[i]); w.events[i].Time.After(newest[p]) {
			newest[p] = w.events[i].Time
		}
	}
	old := func(e event) bool {
		if e.Clock == logs.NoClock {
			return w.now.Sub(e.arrived) > day
		}
		return newest[placeOf(&e)].Sub(e.Time) > day
	}
	drop := 0
	if len(w.events) > maxEvents {
		drop = maxEvents / 4
	}
	if drop == 0 && !slices.ContainsFunc(w.events, old) {
		return
	}
	w.judge()
	before := w.counts
	for key, c := range w.causes {
		c.base += before[key] // none of them is deleted
	}
	w.events = slices.Clone(slices.DeleteFunc(w.events[drop:], old))
	last, said := w.last, w.said
	w.judge()
	w.last, w.said = last, said
	for key, c := range w.causes {
		c.base = max(0, c.base-w.counts[key])
	}
}

// place is a clock: of a file, or of the machine since its start.
type place struct {
	file string
	boot bool
}

func placeOf(e *event) place { return place{e.At.File, e.Clock == logs.Boot} }
