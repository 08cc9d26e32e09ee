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

// BaselineName is the default name of a baseline.
const BaselineName = ".wp502lint-baseline.json"

// Baseline is a list of findings that are accepted. It identifies them by their
// fingerprints, which do not change when lines move.
type Baseline struct {
	Version  int        `json:"version"`
	Findings []Accepted `json:"findings"`
}

// Accepted is one finding of a baseline. Only the fingerprint is compared; the rest
// is for readers.
type Accepted struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Name        string `json:"name"`
	At          string `json:"at"` // the file, inside the root
}

// baselineVersion is the version of the file, not of the program.
const baselineVersion = 1

// NewBaseline accepts findings, and keeps entries of an older baseline.
func NewBaseline(findings []lint.Finding, kept ...Accepted) *Baseline {
	b := &Baseline{Version: baselineVersion}
	for _, f := range findings {
		a := Accepted{Fingerprint: f.Fingerprint, Rule: f.Rule.ID, Name: f.Rule.Name}
		if !f.At.IsZero() {
			a.At = f.At.File.Name
		}
		b.Findings = append(b.Findings, a)
	}
	b.Findings = append(b.Findings, kept...)
	slices.SortFunc(b.Findings, func(a, b Accepted) int {
		return cmp.Or(strings.Compare(a.At, b.At), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Fingerprint, b.Fingerprint))
	})
	b.Findings = slices.CompactFunc(b.Findings, func(a, b Accepted) bool { return a.Fingerprint == b.Fingerprint })
	return b
}

// ReadBaseline reads a baseline. The error says what is wrong with the text.
func ReadBaseline(text string) (*Baseline, error) {
	b := &Baseline{}
	switch err := json.Unmarshal([]byte(text), b); {
	case err != nil:
		return nil, errors.New("not a baseline file; create one with \"wp502lint baseline write\"")
	case b.Version != baselineVersion:
		return nil, fmt.Errorf("a baseline of version %d, not %d; create a new one with \"wp502lint baseline write\"", b.Version, baselineVersion)
	}
	return b, nil
}

// Write writes b with one finding a line, for readable diffs.
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

// Apply removes from r the findings that b accepts. It returns the accepted
// findings that r does not have although their rules could judge everything:
// those that were fixed.
func (b *Baseline) Apply(r *lint.Report) (gone []Accepted) {
	accepted, seen := map[string]bool{}, map[string]bool{}
	for _, a := range b.Findings {
		accepted[a.Fingerprint] = true
	}
	r.Accept(func(f *lint.Finding) bool {
		seen[f.Fingerprint] = true
		return accepted[f.Fingerprint]
	})
	ran := map[string]bool{} // by ID
	for rule, whole := range r.Ran() {
		ran[rule.ID] = whole
	}
	for _, a := range b.Findings {
		if !seen[a.Fingerprint] && ran[a.Rule] {
			gone = append(gone, a)
		}
	}
	return gone
}
