package lint

import (
	"cmp"
	"slices"

	"github.com/wp502lint/wp502lint/source"
)

// otherFile are the messages about a file whose text is withheld, by its role.
func otherFile(role source.Role) string {
	switch role {
	case source.RoleFPM, source.RolePool:
		return "not a PHP-FPM configuration"
	case source.RolePHPIni:
		return "not a PHP configuration"
	case source.RoleApache, source.RoleApacheFragment, source.RoleHtaccess:
		return "not an Apache configuration"
	}
	return "not an nginx configuration"
}

// withhold leaves no text of the files that are Withheld in the report: one finding says
// what is wrong with such a file, at its start, and the notes and fixes that others
// have there are dropped.
func (rep *Report) withhold() {
	elsewhere := func(at source.Span) bool { return at.IsZero() || !at.File.Withheld }
	withheld := map[*source.File]source.Input{}
	for _, in := range rep.Files {
		if in.File != nil && in.Withheld {
			withheld[in.File] = in
		}
	}
	if len(withheld) == 0 {
		return
	}
	worst := map[*source.File]Finding{}
	rep.Findings = slices.DeleteFunc(rep.Findings, func(f Finding) bool {
		in, ok := withheld[f.At.File]
		if !ok {
			return false
		}
		known, met := worst[f.At.File]
		if by := cmp.Compare(f.Outcome, known.Outcome); !met || by < 0 || by == 0 && f.Rule.ID < known.Rule.ID {
			f = Finding{Rule: f.Rule, Outcome: f.Outcome, At: f.At.File.Span(0, 0), Message: otherFile(in.Role)}
			if !in.By.IsZero() {
				f.Notes = []Note{{At: in.By, Message: "it is included here"}}
			}
			worst[f.At.File] = f
		}
		return true
	})
	for _, f := range worst {
		rep.Findings = append(rep.Findings, f)
	}
	for i := range rep.Findings {
		f := &rep.Findings[i]
		f.Notes = slices.DeleteFunc(slices.Clone(f.Notes), func(n Note) bool { return !elsewhere(n.At) })
		f.Fixes = slices.DeleteFunc(slices.Clone(f.Fixes), func(x Fix) bool {
			return slices.ContainsFunc(x.Edits, func(e source.Edit) bool { return !elsewhere(e.At) })
		})
	}
	for i := range rep.NotChecked {
		if n := &rep.NotChecked[i]; !elsewhere(n.At) {
			n.At, n.Why = n.At.File.Span(0, 0), otherFile(withheld[n.At.File].Role)
		}
	}
}
