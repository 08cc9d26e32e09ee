//go:build linux

package lab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/servers"
)

// Figures are the results of the lab, as stored in docs/proofs.json.
type Figures struct {
	Rules []Proof `json:"rules"`
	Cases Cases   `json:"cases"`
	// Projects are the results of the cases and examples that describe containers.
	Projects Cases `json:"projects,omitzero"`
	// Mutants are the figures of the mutants, which are tried apart from the rules.
	Mutants *Tally `json:"mutants,omitempty"`
	// ApacheMutants are those of the mutants of stacks with Apache.
	ApacheMutants *Tally `json:"apache_mutants,omitempty"`
}

// Cases are the results of the cases in testdata/configs.
type Cases struct {
	Confirmed int       `json:"confirmed"` // whose headers match the servers' behaviour
	Requests  int       `json:"requests"`  // sent for them
	NotStaged []Skipped `json:"not_staged,omitempty"`
}

// Skipped is a case that cannot be shown on a loopback interface.
type Skipped struct {
	Case string `json:"case"`
	Why  string `json:"why"`
}

// Proof is the result of one rule.
type Proof struct {
	Rule     string   `json:"rule"` // ID
	Outcome  string   `json:"outcome"`
	Servers  []string `json:"servers"`            // nginx 1.22.1, PHP 8.2.36
	Unproven string   `json:"unproven,omitempty"` // why the outcome was not tested
	Bad      string   `json:"bad,omitempty"`      // what the bad example did
	Good     string   `json:"good"`
	Fixed    string   `json:"fixed,omitempty"` // "" if there is no safe fix
	Logs     []Seen   `json:"logs,omitempty"`
}

// Seen is one row that a rule names and a line of it.
type Seen struct {
	By   servers.Server `json:"by"`
	Row  string         `json:"row"`
	Line string         `json:"line"` // without time and process numbers
	From string         `json:"from"` // the bad example, or the name of a form
}

// ReadFigures reads the figures from a file. A missing file gives empty Figures.
func ReadFigures(name string) (*Figures, error) {
	f := &Figures{}
	text, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, f); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

// Write writes the figures to a file.
func (f *Figures) Write(name string) error {
	var text bytes.Buffer
	if err := report.WriteJSON(&text, f); err != nil {
		return err
	}
	return os.WriteFile(name, text.Bytes(), 0o666)
}

// Page formats the figures as Markdown: docs/LAB.md.
func (f *Figures) Page() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# What real servers did\n")
	p("<!-- drawn from proofs.json; UPDATE=1 go test ./lab writes both anew -->\n")
	p("Every rule is tried on real servers: its bad example has to end as the rule says, its good example has to answer 200, and each of its log expressions has to match a line that a server wrote, and none of a healthy one.")
	p("The servers here were %s.\n", strings.Join(f.servers(), ", "))
	p("| rule | outcome | the bad example | with the safe fix | on |")
	p("|---|---|---|---|---|")
	for _, r := range f.Rules {
		if r.Unproven == "" {
			p("| [%s](rules/%s.md) | `%s` | %s | %s | %s |", r.Rule, r.Rule, r.Outcome, cell(r.Bad), cell(r.Fixed), strings.Join(r.Servers, ", "))
		}
	}
	p("\n## Not proven\n")
	for _, r := range f.Rules {
		if r.Unproven != "" {
			p("- [%s](rules/%s.md): %s.", r.Rule, r.Rule, r.Unproven)
		}
	}
	p("\n## Cases\n")
	p("The headers of %d cases, with %d requests, are what these servers do.", f.Cases.Confirmed, f.Cases.Requests)
	if f.Projects.Confirmed > 0 {
		p("\nSo are those of %d projects of containers, with %d requests: each container is a root with the files that the project composes, over the programs of this machine, and a network namespace at a bridge.", f.Projects.Confirmed, f.Projects.Requests)
	}
	p("\nCloudflare is not part of it: a program of the lab acts for cloudflared, with the HTTP client that it has (that of Go) and its settings, and another one for the edge, from an address of Cloudflare. The lines of cloudflared are those of that client.")
	for _, s := range slices.Concat(f.Cases.NotStaged, f.Projects.NotStaged) {
		p("\n- `%s` was not tried: %s.", s.Case, s.Why)
	}
	if f.Mutants != nil && f.Mutants.Mutants > 0 {
		p("\n## Mutants\n\n%s", f.Mutants.Page())
	}
	if f.ApacheMutants != nil && f.ApacheMutants.Mutants > 0 {
		p("\n## Mutants with Apache\n\n%s", f.ApacheMutants.Page())
	}
	p("\n## Log lines\n")
	for _, r := range f.Rules {
		for _, l := range r.Logs {
			p("- %s, %s: `%s`", r.Rule, l.By, visible.Replace(l.Line))
		}
	}
	return b.String()
}

// visible shows a byte order mark, and makes a line safe between backticks.
var visible = strings.NewReplacer("`", "'", "\ufeff", "<U+FEFF>")

// servers returns every server that a rule was tested on.
func (f *Figures) servers() []string {
	var names []string
	for _, r := range f.Rules {
		names = append(names, r.Servers...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// cell escapes text for a table cell.
func cell(text string) string {
	if text == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(text, "|", "\\|") + "`"
}
