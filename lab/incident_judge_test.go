//go:build linux

package lab

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/tree"
)

// checked returns the configuration that an incident leaves, as check sees it.
func (i *incident) checked() (*diagnose.Config, error) {
	texts, err := i.texts(true)
	if err != nil {
		return nil, err
	}
	e, err := engine.Open(engine.Options{Tree: tree.Memory(texts), Host: host.Overrides{Today: time.Now()}})
	if err != nil {
		return nil, err
	}
	r := e.Lint(nil)
	return &diagnose.Config{Stacks: r.Stacks, Report: r.Report}, nil
}

// diagnosed returns what diagnose makes of logs.
func diagnosed(files []logFile, config *diagnose.Config) (*diagnose.Diagnosis, error) {
	evidence := &diagnose.Evidence{}
	for _, f := range files {
		stats, err := logs.Read(strings.NewReader(f.text), f.name, logs.Options{Now: time.Now(), Zone: time.UTC}, evidence.Add)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		evidence.Close(f.name, stats)
	}
	return diagnose.Run(evidence, config), nil
}

// given are the logs that diagnose gets: not those that are hidden.
func (i *incident) given(all map[string]string) []logFile {
	return slices.DeleteFunc(filesOf(all), func(f logFile) bool { return slices.Contains(i.hidden, f.name) })
}

// wrong returns what is wrong with a diagnosis of an incident in which clients got these answers.
func (i *incident) wrong(d *diagnose.Diagnosis, answers []Answers) (errs []string) {
	got := statuses(answers)
	complain := func(format string, args ...any) { errs = append(errs, fmt.Sprintf(format, args...)) }
	right := append([]string{i.cause}, i.or...)
	if i.control() {
		for _, one := range d.Incidents {
			if one.Number > 0 && one.Count > 0 && !slices.Contains(right, one.Cause.ID) {
				complain("%d requests are said to have failed of %s", one.Count, one.Cause.ID)
			}
		}
	}
	if len(d.Incidents) == 0 {
		if !slices.Contains(right, "healthy") {
			complain("nothing is found")
		}
		return errs
	}
	first := d.Incidents[0]
	if !slices.Contains(right, first.Cause.ID) && !slices.Contains(right, "healthy") {
		complain("the first cause is %s, want %s", first.Cause.ID, strings.Join(right, " or "))
	}
	if i.also != "" && !slices.ContainsFunc(d.Incidents, func(one *diagnose.Incident) bool { return one.Cause.ID == i.also && one.Count > 0 }) {
		complain("%s is not among the causes", i.also)
	}
	if i.counted() && first.Count != got[502] {
		complain("%d requests, want %d", first.Count, got[502])
	}
	if first.Number == 0 && first.Status >= 500 && first.Count > got[first.Status] {
		complain("%d requests, and clients got %v", first.Count, got)
	}
	if served := endedWith(answers, 200); i.counted() && first.Over != nil && *first.Over != served {
		complain("it is over: %t, and the last request was answered: %t", *first.Over, served)
	}
	if i.says != "" && !slices.Contains(first.Objects, i.says) {
		complain("%s is not named", i.says)
	}
	if i.pids && !slices.ContainsFunc(first.Lines, func(l diagnose.Line) bool {
		row := rowOf(l.By, l.Text)
		return l.By == servers.FPM && row != nil && strings.Contains(row.Pattern, "(?P<pid>")
	}) {
		complain("no line names a worker")
	}
	if file, line, err := i.located(); err != nil {
		complain("%v", err)
	} else if file != "" && !placed(first, file, line) {
		complain("%s:%d is not among the places", file, line)
	}
	return errs
}

// endedWith reports whether the last request was answered with a status.
func endedWith(answers []Answers, status int) bool {
	return len(answers) > 0 && answers[len(answers)-1].all(status)
}

// counted reports whether the first answer has to count all 502s: a loop writes several lines for
// one request.
func (i *incident) counted() bool {
	return !i.control() && i.hidden == nil && i.also == "" && i.cause != "proxy-loop"
}

// placed reports whether a line of the configuration is among the places of an answer.
func placed(i *diagnose.Incident, file string, line int) bool {
	for _, n := range i.Places {
		if n.At.File.Name == file && n.At.Begin().Line <= line && line <= n.At.Finish().Line {
			return true
		}
	}
	return slices.Contains(i.Named, logs.Place{File: file, Line: line})
}

// describe returns a diagnosis in a few lines.
func describe(d *diagnose.Diagnosis) string {
	var b strings.Builder
	for _, i := range d.Incidents {
		fmt.Fprintf(&b, "%s (%d): %d requests, %s, about %q\n", i.Cause.ID, i.Number, i.Count, i.Sure, i.About)
		for _, n := range i.Places {
			fmt.Fprintf(&b, "    %s:%d %s\n", n.At.File.Name, n.At.Begin().Line, n.Message)
		}
		for _, l := range i.Lines {
			fmt.Fprintf(&b, "  | %.180s\n", l.Text)
		}
	}
	return b.String()
}
