package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// GitLab writes r as a Code Quality report (docs.gitlab.com, Code Quality report
// format): a list of findings, [] when there is none. It has no field for what was
// not checked. That PHP locations were not judged is an entry of its own, with the
// severity info; other formats report the rest.
//
// GitLab knows five severities. An error is a blocker when its outcome is an
// error, and critical when only the project makes it one. A warning is major. A
// note is minor when something fails, and info otherwise.
//
// GitLab shows only the first of several findings with one fingerprint, so later
// ones get a number. It looks files up in the repository, so a path is the URI of
// the Options, without a leading "./". A finding without a place is put at the
// start of the first file.
func GitLab(w io.Writer, r *lint.Report, o Options) error {
	t, names := newText(io.Discard, o), taken{}
	first := anchor(r)
	place := func(at source.Span) codeLocation {
		if at = cmp.Or(at, first); at.IsZero() {
			return codeLocation{Path: ".", Lines: codeLines{1}}
		}
		return codeLocation{valid(bare(o.uri(at.File))), codeLines{at.Begin().Line}}
	}
	all := listOf(r.Findings, func(f lint.Finding) codeQuality {
		fingerprint := cmp.Or(f.Fingerprint, f.Rule.ID)
		return codeQuality{
			Description: t.sentence(&f), CheckName: f.Rule.ID,
			Fingerprint: fingerprint + names.again(fingerprint, "-%d"),
			Severity:    gitlabSeverity(&f),
			Location:    place(f.At),
		}
	})
	if unjudged := Unjudged(&r.Gateways); unjudged != "" {
		all = all.and(codeQuality{
			Description: unjudged, CheckName: notJudged, Fingerprint: notJudged, Severity: "info", Location: place(source.Span{}),
		})
	}
	return WriteJSON(w, all)
}

// notJudged names the entry about PHP locations that were not judged.
const notJudged = "not-judged"

type (
	codeQuality struct {
		Description string       `json:"description"`
		CheckName   string       `json:"check_name"`
		Fingerprint string       `json:"fingerprint"`
		Severity    string       `json:"severity"`
		Location    codeLocation `json:"location"`
	}
	codeLocation struct {
		Path  string    `json:"path"`
		Lines codeLines `json:"lines"`
	}
	codeLines struct {
		Begin int `json:"begin"`
	}
)

// sentence returns f on one line, which is all that GitLab shows.
func (t *text) sentence(f *lint.Finding) string {
	say := t.about(f)
	parts := []string{say(f.Message)}
	for _, d := range t.details(f, say) {
		if d.kind == "note" {
			parts = append(parts, d.text)
		}
	}
	return fmt.Sprintf("%s [%s %s]", strings.Join(parts, "; "), f.Rule.ID, f.Rule.Name)
}

func gitlabSeverity(f *lint.Finding) string {
	switch {
	case f.Severity() == lint.Error && f.Outcome.Severity() == lint.Error:
		return "blocker"
	case f.Severity() == lint.Error:
		return "critical"
	case f.Severity() == lint.Warning:
		return "major"
	case f.Outcome != lint.None:
		return "minor"
	}
	return "info"
}

// taken are names, and how often each was taken.
type taken map[string]int

// again takes name and returns what to append to it: nothing the first time, then
// a number from 2 in the given form.
func (t taken) again(name, form string) string {
	t[name]++
	if n := t[name]; n > 1 {
		return fmt.Sprintf(form, n)
	}
	return ""
}
