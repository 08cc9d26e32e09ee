package report

import (
	"io"

	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// jsonVersion is the version of the format, not of the program. It changes only
// when a field is removed or changes its meaning.
const jsonVersion = 1

// JSON writes r for programs, in version 1 of the project's own format: one
// object, valid UTF-8, the same bytes for the same report. Invalid UTF-8 in a
// path or a sentence is written out as \xff.
func JSON(w io.Writer, r *lint.Report, o Options) error {
	j := &jsonWriter{o, secrets{}}
	return WriteJSON(w, jsonReport{
		Version: jsonVersion, Tool: jsonTool{"wp502lint", valid(o.Version)}, Verdict: r.Verdict.String(), Gateways: gateways(&r.Gateways),
		Findings:   listOf(r.Findings, j.finding),
		NotChecked: listOf(r.NotChecked, j.notChecked),
		Ignored:    r.Ignored, Accepted: r.Accepted, Older: r.Older,
		Files: listOf(r.Files, func(f source.Input) jsonFile { return jsonFile{valid(f.Path), f.Role} }),
	})
}

type (
	jsonReport struct {
		Version    int          `json:"version"`
		Tool       jsonTool     `json:"tool"`
		Verdict    string       `json:"verdict"`
		Gateways   jsonGateways `json:"gateways"`
		Findings   list         `json:"findings"`
		NotChecked list         `json:"notChecked"`
		Ignored    int          `json:"ignored,omitempty"`  // findings that are left out
		Accepted   int          `json:"accepted,omitempty"` // and those in the baseline
		Older      int          `json:"older,omitempty"`    // and those that the change does not bring
		Files      list         `json:"files"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	// jsonGateways are the places that pass PHP requests on, or may.
	jsonGateways struct {
		PHP     int          `json:"php"`
		Judged  int          `json:"judged"`
		Reasons []jsonReason `json:"reasons"` // why the others were not, or why some may be missing
	}
	jsonReason struct {
		Why   string `json:"why"`
		Next  string `json:"next,omitempty"`
		Count int    `json:"count"` // 0: of places that are not known
	}
	jsonFinding struct {
		Rule     string `json:"rule"`
		Name     string `json:"name"`
		Severity string `json:"severity"`
		Outcome  string `json:"outcome"`
		Cause    int    `json:"cause"`
		URL      string `json:"url"`
		jsonPlace
		jsonEnd
		Message     string     `json:"message"`
		Notes       []jsonNote `json:"notes"`
		Log         []string   `json:"log"`
		Fixes       []jsonFix  `json:"fixes"`
		Fingerprint string     `json:"fingerprint"`
	}
	// jsonPlace is where something starts; empty when it has no place.
	jsonPlace struct {
		File   string `json:"file,omitempty"` // relative to the current directory
		At     string `json:"at,omitempty"`   // inside the root
		Line   int    `json:"line,omitempty"`
		Column int    `json:"column,omitempty"`
	}
	jsonEnd struct {
		EndLine   int `json:"endLine,omitempty"`
		EndColumn int `json:"endColumn,omitempty"`
	}
	jsonNote struct {
		jsonPlace
		Message string `json:"message"`
	}
	jsonFix struct {
		Title string     `json:"title"`
		Safe  bool       `json:"safe"`
		Edits []jsonEdit `json:"edits"`
	}
	jsonEdit struct {
		jsonPlace
		jsonEnd
		Text string `json:"text"`
	}
	jsonNotChecked struct {
		Rule    string   `json:"rule,omitempty"`
		Missing []string `json:"missing,omitempty"`
		jsonPlace
		Why string `json:"why,omitempty"`
	}
	jsonFile struct {
		Path string      `json:"path"` // inside the root
		Role source.Role `json:"role"`
	}
)

type jsonWriter struct {
	o       Options
	secrets secrets
}

func gateways(c *lint.Coverage) jsonGateways {
	return jsonGateways{c.PHP, c.Judged, collect(c.Reasons, func(r lint.Reason) jsonReason {
		return jsonReason{valid(r.Why), valid(r.Next), r.Count}
	})}
}

func (j *jsonWriter) finding(f lint.Finding) jsonFinding {
	mask := j.secrets.of(&f)
	say := func(s string) string { return valid(mask(s)) }
	place, end := j.place(f.At)
	return jsonFinding{
		Rule: f.Rule.ID, Name: f.Rule.Name,
		Severity: f.Severity().String(), Outcome: f.Outcome.String(),
		Cause: int(f.Rule.Cause), URL: docs.URL(f.Rule),
		jsonPlace: place, jsonEnd: end, Message: say(f.Message),
		Notes: collect(f.Notes, func(n lint.Note) jsonNote {
			place, _ := j.place(n.At)
			return jsonNote{place, say(n.Message)}
		}),
		Log: collect(f.Log, say),
		Fixes: collect(f.Fixes, func(x lint.Fix) jsonFix {
			return jsonFix{say(x.Title), x.Safe, collect(x.Edits, func(e source.Edit) jsonEdit {
				place, end := j.place(e.At)
				return jsonEdit{place, end, valid(masked(e, mask))}
			})}
		}),
		Fingerprint: f.Fingerprint,
	}
}

func (j *jsonWriter) notChecked(n lint.NotChecked) jsonNotChecked {
	out := jsonNotChecked{Why: valid(j.secrets.mask(n.Why, n.At.File))}
	if n.Rule != nil {
		out.Rule = n.Rule.ID
	}
	for _, m := range n.Missing {
		out.Missing = append(out.Missing, string(m))
	}
	switch {
	case !n.At.IsZero():
		out.jsonPlace, _ = j.place(n.At)
	case n.Path != "":
		out.File, out.At = valid(j.o.path(unloaded(n.Path))), valid(n.Path)
	}
	return out
}

func (j *jsonWriter) place(s source.Span) (jsonPlace, jsonEnd) {
	if s.IsZero() {
		return jsonPlace{}, jsonEnd{}
	}
	begin, finish := s.Begin(), s.Finish()
	return jsonPlace{valid(j.o.path(s.File)), valid(s.File.Name), begin.Line, begin.Column},
		jsonEnd{finish.Line, finish.Column}
}

// collect returns f of each element: a list, never null.
func collect[A, B any](in []A, f func(A) B) []B {
	out := make([]B, len(in))
	for i, a := range in {
		out[i] = f(a)
	}
	return out
}
