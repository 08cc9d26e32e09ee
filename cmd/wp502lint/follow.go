package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/watch"
)

// interval is the time between two looks at the logs.
const interval = time.Second

// pace is the time, and the waiting between two looks at the logs.
type pace interface {
	Now() time.Time
	// Wait waits, and reports false if the run is to end.
	Wait(time.Duration) bool
}

// untilSignal is the time of this machine until a signal ends the run.
type untilSignal struct{ context.Context }

func (untilSignal) Now() time.Time { return time.Now() }

func (u untilSignal) Wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-u.Done():
		return false
	}
}

// follower reads logs while they grow.
type follower struct {
	command
	pace
	out     io.Writer // unbuffered
	options logs.Options
	look    report.Options
	config  *diagnose.Config
	zone    *time.Location // in which to say the time
	tails   []*tail
	watch   *watch.Watch
	// ahead is how far the day that is today for the logs is from the clock, and a day.
	ahead time.Duration
	// evidence is that of the first answer; nil after it.
	evidence *diagnose.Evidence
	unread   bool // a part of a folder was not
}

// follow says what logs show, and then what is new in them until a signal comes.
func (c command) follow(in *inspection, r *engine.Result, o diagnoseOptions) error {
	out, _ := c.guard(c.stdout)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	f := &follower{
		command: c, pace: untilSignal{ctx}, out: out, options: o.logs, config: configOf(r, o.guessed), zone: time.Local,
		look: report.Options{Version: version(), Path: in.scene.shown, Color: o.color == "always" || colored(o.color, c.stdout)},
	}
	f.options.Live = true
	f.ahead = o.logs.Now.Sub(f.Now()).Round(time.Hour) + 24*time.Hour
	if o.zoned {
		f.zone = o.logs.Zone
	}
	if err := f.find(in, r, o); err != nil {
		return err
	}
	return f.run()
}

// find finds the logs to follow.
func (f *follower) find(in *inspection, r *engine.Result, o diagnoseOptions) error {
	if len(o.inputs) == 0 {
		found := false
		for _, name := range diagnose.LogsOf(r.Stacks) {
			t := tailNamed(in, name)
			found = found || t.exists()
			f.tails = append(f.tails, t)
		}
		if !found {
			return errNoLogs
		}
		return nil
	}
	for _, input := range o.inputs {
		info, err := os.Stat(input)
		switch {
		case input == "-":
			f.tails = append(f.tails, tailOf(f.stdin))
		case err != nil && isLine(input, o.logs):
			return errors.New("--follow needs logs; a line does not grow")
		case err == nil && info.IsDir():
			more, err := f.tailsIn(input)
			if err != nil {
				return err
			}
			f.tails = append(f.tails, more...)
		case err == nil && !info.Mode().IsRegular():
			return fmt.Errorf("cannot follow %s: not a regular file; pipe it: wp502lint diagnose --follow - < FILE", input)
		default:
			f.tails = append(f.tails, &tail{name: input, open: func() (*os.File, error) { return os.Open(input) }, named: true})
		}
	}
	return nil
}

// run reads the logs as they are, answers, and says what is new until the end of all logs or a signal.
func (f *follower) run() error {
	f.evidence = &diagnose.Evidence{}
	f.watch = watch.New(f.config, f.Now())
	f.poll()
	f.settle()
	for _, t := range f.tails {
		if t.seen {
			f.evidence.Close(t.name, t.stats)
		}
	}
	d := diagnose.Run(f.evidence, f.config)
	f.evidence = nil
	if err := report.DiagnosisText(f.out, d, f.look); err != nil {
		return err
	}
	f.watch.Start(d, f.Now())
	if !f.ended() {
		f.say("%s  waiting for more; Ctrl-C ends it\n", f.Now().In(f.zone).Format(time.DateTime))
	}
	for !f.ended() && f.Wait(interval) {
		f.poll()
		f.tell(f.watch.Step(f.Now()))
	}
	f.poll()
	f.tell(f.watch.End(f.Now()))
	for _, total := range f.watch.Totals() {
		f.say("%s", total.Total())
	}
	switch {
	case f.failed():
		return errSaid
	case f.watch.Bad() || d.Bad():
		return errFindings
	}
	return nil
}

// settle reads what pipes have already: until they pause, or for a few seconds.
func (f *follower) settle() {
	idle, read := 0, int64(0)
	for range 50 {
		if !f.piping() || !f.Wait(interval/10) {
			return
		}
		n := f.poll()
		if read += n; n > 0 {
			idle = 0
		} else if idle++; idle == 3 && read > 0 {
			return
		}
	}
}

func (f *follower) say(format string, args ...any) { fmt.Fprintf(f.out, format, args...) }

// tell says messages.
func (f *follower) tell(messages []watch.Message) {
	for _, m := range messages {
		f.say("%s", m.Text(f.zone, f.look.Path))
	}
}

// poll reads what is new, and returns how many bytes that is.
func (f *follower) poll() (n int64) {
	// A line without a year that was just written is not of the last year, in any time zone.
	f.options.Now = f.Now().Add(f.ahead)
	for _, t := range f.tails {
		n += t.poll(f)
	}
	return n
}

// piping reports whether a log is a pipe that goes on.
func (f *follower) piping() bool {
	return slices.ContainsFunc(f.tails, func(t *tail) bool { return t.pipe != nil && !t.done })
}

// ended reports whether no log can grow.
func (f *follower) ended() bool {
	return !slices.ContainsFunc(f.tails, func(t *tail) bool { return !t.done })
}

// failed reports whether a log that the user named was never read.
func (f *follower) failed() bool {
	return f.unread || slices.ContainsFunc(f.tails, func(t *tail) bool { return t.why != "" })
}

// feed reads lines of a log, all of them whole.
func (f *follower) feed(t *tail, r io.Reader) error {
	base := t.stats.Lines
	stats, err := logs.Read(r, t.name, f.options, func(e *logs.Event) {
		e.At.Line += int(base)
		if f.evidence != nil {
			f.evidence.Add(e)
		}
		f.watch.Add(e)
	})
	if stats.ServedLine > 0 {
		stats.ServedLine += base
	}
	for i := range stats.Samples {
		stats.Samples[i].At.Line += int(base)
	}
	t.stats.Add(stats)
	f.watch.Close(t.name, stats)
	return err
}
