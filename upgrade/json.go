package upgrade

import (
	"encoding/json"
	"io"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// formatVersion is that of the JSON. It changes only when a field is removed or changes its
// meaning.
const formatVersion = 1

type (
	jsonPlan struct {
		Version  int        `json:"version"`
		Tool     jsonTool   `json:"tool"`
		From     string     `json:"from"`
		To       string     `json:"to"`
		Refused  string     `json:"refused,omitempty"`
		Steps    []jsonStep `json:"steps"`
		Files    []jsonFile `json:"files"`
		Commands []Command  `json:"commands"`
		Back     []Command  `json:"back"`
		Gate     jsonGate   `json:"gate"`
		Written  bool       `json:"written"`
		Exit     int        `json:"exit"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonStep struct {
		Kind Kind       `json:"kind"`
		Text string     `json:"text"`
		Why  string     `json:"why,omitempty"`
		At   *jsonPlace `json:"at,omitempty"`
		Path string     `json:"path,omitempty"` // inside the root
	}
	jsonPlace struct {
		Path string `json:"path"` // relative to the current directory
		At   string `json:"at"`   // inside the root
		Line int    `json:"line"`
	}
	jsonFile struct {
		Path   string `json:"path"` // relative to the current directory
		At     string `json:"at"`   // inside the root, without links
		Action string `json:"action"`
		Target string `json:"target,omitempty"` // of a link
	}
	jsonGate struct {
		Before  []jsonFinding `json:"before"`
		After   []jsonFinding `json:"after"`
		Brought []jsonFinding `json:"brought"`
	}
	jsonFinding struct {
		Rule     string    `json:"rule"`
		Severity string    `json:"severity"`
		Outcome  string    `json:"outcome"`
		At       jsonPlace `json:"at"`
		Message  string    `json:"message"`
	}
)

// actions are the names of what happens to a file.
var actions = map[tree.AmendmentKind]string{tree.Create: "create", tree.Edit: "edit", tree.MakeLink: "link", tree.RemoveLink: "remove"}

// Print is what a format needs besides a plan.
type Print struct {
	Version string // of the program; "" if unknown
	// Path returns the path to print for a file. nil: the file's Name.
	Path func(*source.File) string
	// Written is set if the files were written.
	Written bool
	// Exit is the exit status of the program.
	Exit int
}

func (o *Print) path(f *source.File) string {
	if o.Path == nil {
		return f.Name
	}
	return o.Path(f)
}

// JSON writes a plan as one object.
func JSON(w io.Writer, p *Plan, o Print) error {
	j := jsonPlan{
		Version: formatVersion, Tool: jsonTool{"wp502lint", o.Version}, From: p.From, To: p.To, Refused: p.Refused, Written: o.Written, Exit: o.Exit,
		Steps: []jsonStep{}, Files: []jsonFile{}, Commands: append([]Command{}, p.Commands...), Back: append([]Command{}, p.Back...),
		Gate: jsonGate{Before: findings(p.Before, &o), After: findings(p.After, &o), Brought: findings(p.Brought, &o)},
	}
	for _, s := range p.Steps {
		step := jsonStep{Kind: s.Kind, Text: report.Visible(s.Text), Why: report.Visible(s.Why), Path: s.Path}
		if !s.At.IsZero() {
			place := placeOf(s.At, &o)
			step.At = &place
		}
		j.Steps = append(j.Steps, step)
	}
	for _, a := range p.Files {
		f := jsonFile{Path: o.path(&source.File{Name: a.Name}), At: a.Name, Action: actions[a.Kind]}
		if a.Kind == tree.MakeLink {
			f.Target = a.New
		}
		j.Files = append(j.Files, f)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(j)
}

func findings(list []lint.Finding, o *Print) []jsonFinding {
	out := []jsonFinding{}
	for i := range list {
		f := &list[i]
		out = append(out, jsonFinding{f.Rule.ID, f.Severity().String(), f.Outcome.String(), placeOf(f.At, o), report.Visible(f.Message)})
	}
	return out
}

func placeOf(at source.Span, o *Print) jsonPlace {
	return jsonPlace{o.path(at.File), at.File.Name, at.Begin().Line}
}
