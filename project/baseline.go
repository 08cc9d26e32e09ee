package project

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
)

// BaselineName is where a baseline is when nobody says otherwise.
const BaselineName = ".wp502lint-baseline.json"

// Baseline is a list of findings that were there on the day it was written and are
// accepted. It knows them by their fingerprints, which stay when lines move.
type Baseline struct {
	Version  int        `json:"version"`
	Findings []Accepted `json:"findings"`
}

// Accepted is one finding of a baseline. Only the fingerprint counts; the rest is for
// the people who read it.
type Accepted struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Name        string `json:"name"`
	At          string `json:"at"` // the file, inside the root
}

// baselineVersion is the version of the file, not of the program.
const baselineVersion = 1

// NewBaseline accepts findings.
func NewBaseline(findings []lint.Finding) *Baseline {
	b := &Baseline{Version: baselineVersion, Findings: []Accepted{}}
	for _, f := range findings {
		a := Accepted{Fingerprint: f.Fingerprint, Rule: f.Rule.ID, Name: f.Rule.Name}
		if !f.At.IsZero() {
			a.At = f.At.File.Name
		}
		b.Findings = append(b.Findings, a)
	}
	b.sort()
	return b
}

func (b *Baseline) sort() {
	slices.SortFunc(b.Findings, func(a, b Accepted) int {
		return cmp.Or(strings.Compare(a.At, b.At), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Fingerprint, b.Fingerprint))
	})
	b.Findings = slices.CompactFunc(b.Findings, func(a, b Accepted) bool { return a.Fingerprint == b.Fingerprint })
}

// Keep adds entries of an older baseline that were not looked at this time.
func (b *Baseline) Keep(old []Accepted) {
	b.Findings = append(b.Findings, old...)
	b.sort()
}

// ReadBaseline reads a baseline. The error says what is wrong with the text.
func ReadBaseline(text string) (*Baseline, error) {
	b := &Baseline{}
	switch err := json.Unmarshal([]byte(text), b); {
	case err != nil:
		return nil, fmt.Errorf("this is no baseline, which wp502lint baseline write makes: %s", reason(err))
	case b.Version != baselineVersion:
		return nil, fmt.Errorf("this is a baseline of version %d, and version %d is read; wp502lint baseline write makes a new one", b.Version, baselineVersion)
	}
	return b, nil
}

// Write writes b with one finding a line, so that a difference is read as one.
func (b *Baseline) Write(w io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "{\"version\": %d, \"findings\": [", b.Version)
	for i, a := range b.Findings {
		line, err := json.Marshal(a)
		if err != nil {
			return err
		}
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString("\n  ")
		text.Write(line)
	}
	text.WriteString("\n]}\n")
	_, err := io.WriteString(w, text.String())
	return err
}

// Apply leaves out of r what b accepts, and returns what b accepts and r does not
// find although its rule could judge everything: it was mended.
func (b *Baseline) Apply(r *lint.Report) (gone []Accepted) {
	accepted, seen := map[string]bool{}, map[string]bool{}
	for _, a := range b.Findings {
		accepted[a.Fingerprint] = true
	}
	r.Accept(func(f *lint.Finding) bool {
		seen[f.Fingerprint] = true
		return accepted[f.Fingerprint]
	})
	for _, a := range b.Findings {
		if rule := lint.Named(r.Rules, a.Rule); !seen[a.Fingerprint] && rule != nil && r.Ran(rule) {
			gone = append(gone, a)
		}
	}
	return gone
}

// reason returns what is wrong with JSON in words that name no type of Go.
func reason(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return "there is " + kind.Value + " in a place that takes something else"
	}
	return err.Error()
}
