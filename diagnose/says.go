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
	says, unit := crashLoop.Says, ""
	for _, m := range i.marks {
		unit = cmp.Or(unit, m.Field("unit"))
		switch path := cmp.Or(m.Field("path"), m.Field("file")); {
		case m.Row.Sign == servers.UnitCannot && path != "" && m.Field("unit") == "":
			return string(m.Row.By) + " cannot run " + path
		case m.Row.Sign == servers.UnitCannot && path != "":
			return i.says(&Cause{Says: string(m.Row.By) + " cannot run " + path + " for the service %s"}, m.Field("unit"))
		case m.Row.Sign == servers.UnitLimit:
			says = string(m.Row.By) + " started the service %s again and again, and gave up"
		}
	}
	return i.says(&Cause{Says: says}, unit)
}

// says returns what a cause says about something.
func (i *Incident) says(c *Cause, about string) string {
	says := strings.ReplaceAll(i.sentence(c), "%w", webNames[i.Web])
	if c == workerCrashed && len(i.Objects) > 0 {
		says += ", in " + strings.Join(i.Objects, ", ")
	}
	if c == workerKilled && len(i.signals()) > 0 {
		says = strings.Replace(says, "a signal", strings.Join(i.signals(), " and "), 1)
	}
	if about == "" {
		return unnamed.Replace(says)
	}
	return strings.ReplaceAll(says, "%s", about)
}

// webNames are what web servers are called in sentences.
var webNames = map[servers.Server]string{servers.Nginx: "nginx", servers.Apache: "Apache", "": "the web server"}

// unnamed is what a sentence says of something that the lines do not name.
var unnamed = strings.NewReplacer(": nothing listens on %s", "", "listens on %s", "listens on the address", "with %s", "with the origin", "to %s", "to the address",
	"pool %s", "a pool", "%s is one", "the address is one", "%s crashed", "a process crashed", " %s", "")

// signals returns the names of the signals that ended the workers, in the order of their lines.
func (i *Incident) signals() (names []string) {
	for _, m := range i.marks {
		if m.Row.Sign == servers.ChildSignal {
			names = include(names, cmp.Or(m.Field("word"), "signal "+m.Field("signal")))
		}
	}
	return names
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
// that names a row of them; nil for none. That PHP-FPM does not start says nothing about why, and the
// place in the files of Apache less than the line below it.
func (i *Incident) refusal() (place *lint.Rule) {
	for _, m := range i.marks {
		if m.Row.Sign != servers.Refused && m.Row.Sign != servers.WebRefused || m.Row == servers.FPMNotInitialized {
			continue
		}
		named := rules.Naming(m.Row)
		switch {
		case len(named) == 0 || named[0].Cause == lint.RunTime:
		case m.Row != servers.ApacheErrorPlace:
			return named[0]
		case place == nil:
			place = named[0]
		}
	}
	return place
}
