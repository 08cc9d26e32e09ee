package diagnose

import (
	"cmp"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/servers"
)

// Summary returns what happened, in one sentence.
func (i *Incident) Summary() string {
	about := i.About
	if about == "" && len(i.Pools) > 0 {
		about = i.Pools[0]
	}
	if i.Cause == crashLoop {
		return i.serviceFails()
	}
	return i.says(i.Cause, about)
}

// serviceFails returns how far systemd came with the service, as its lines tell.
func (i *Incident) serviceFails() string {
	says, unit, limit := crashLoop.Says, "", false
	for _, m := range i.marks {
		unit = cmp.Or(unit, m.Field("unit"))
		limit = limit || m.Row.Sign == servers.UnitLimit
		if path := cmp.Or(m.Field("path"), m.Field("file")); m.Row.Sign == servers.UnitCannot && path != "" {
			return i.says(&Cause{Says: "systemd cannot run " + path + " for the service %s"}, m.Field("unit"))
		}
	}
	if !limit {
		says = "systemd starts the service %s again and again"
	}
	return i.says(&Cause{Says: says}, unit)
}

// says returns what a cause says about something.
func (i *Incident) says(c *Cause, about string) string {
	says := c.Says
	if c == workerCrashed && len(i.Objects) > 0 {
		says += ", in " + strings.Join(i.Objects, ", ")
	}
	if !strings.Contains(says, "%s") {
		return says
	}
	if about == "" {
		says, _, _ = strings.Cut(says, ": nothing listens on %s")
		return strings.ReplaceAll(strings.ReplaceAll(says, " %s", ""), "%s ", "")
	}
	return strings.ReplaceAll(says, "%s", about)
}

// Alternative returns what else may have happened, in one sentence, and the rule about it; "" for
// nothing.
func (i *Incident) Alternative() (says string, rule *lint.Rule) {
	if i.Or == nil {
		return "", nil
	}
	return i.says(i.Or, i.About), i.Or.rule()
}

// refusal returns the rule about what a server refused, as its lines tell: the most specific one
// that names a row of them; nil for none. That PHP-FPM does not start says nothing about why.
func (i *Incident) refusal() *lint.Rule {
	for _, m := range i.marks {
		if m.Row.Sign != servers.Refused && m.Row.Sign != servers.WebRefused || m.Row == servers.FPMNotInitialized {
			continue
		}
		if named := rules.Naming(m.Row); len(named) > 0 && named[0].Cause != lint.RunTime {
			return named[0]
		}
	}
	return nil
}
