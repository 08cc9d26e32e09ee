package lint

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/servers"
)

// sound returns a valid rule.
func sound() *Rule {
	return &Rule{
		ID: "WP201", Name: "socket-mismatch", Cause: Address, Outcomes: Outcomes{BadGateway: Always},
		Summary: "s", Why: "w", Fix: "f", Bad: "-- a --\n", Good: "prose\n-- a --\n",
		Verify:  []string{"ss -xl | grep SOCKET"},
		Sources: []string{"https://nginx.org/en/docs/"},
		Logs:    []*servers.Signature{servers.NginxConnectNoSocket},
		Check:   func(*Pass) {},
	}
}

// spoilt are changes of a sound rule, and what Validate says of them.
var spoilt = []struct {
	want  string // "": the rule stays valid
	spoil func(*Rule)
}{
	{"not WP and three digits", func(r *Rule) { r.ID = "WP20" }},
	{"not WP and three digits", func(r *Rule) { r.ID = "WP2010" }},
	{"first digit", func(r *Rule) { r.ID = "WP301" }},
	{"name of the product", func(r *Rule) { r.ID, r.Cause = "WP502", Edge }},
	{"kebab-case", func(r *Rule) { r.Name = "Socket-mismatch" }},
	{"kebab-case", func(r *Rule) { r.Name = "socket--mismatch" }},
	{"kebab-case", func(r *Rule) { r.Name = "" }},
	{"a former name", func(r *Rule) { r.Former = []string{"socket_mismatch"} }},
	{"the name socket-mismatch is given twice", func(r *Rule) { r.Former = []string{"socket-mismatch"} }},
	{"", func(r *Rule) { r.Former = []string{"mismatch"} }},
	{"none of the ten", func(r *Rule) { r.Outcomes = Outcomes{} }},
	{"none of the ten", func(r *Rule) { r.Outcomes[0] = Always }},
	{"none of the nine", func(r *Rule) { r.ID, r.Cause = "WP901", 9 }},
	{"summary", func(r *Rule) { r.Summary = "" }},
	{"summary", func(r *Rule) { r.Summary = "a\nb" }},
	{"why", func(r *Rule) { r.Why = " \n" }},
	{"how to fix", func(r *Rule) { r.Fix = "" }},
	{"bad example", func(r *Rule) { r.Bad = "-- a\n" }},
	{"good example", func(r *Rule) { r.Good = "" }},
	{"checks nothing", func(r *Rule) { r.Check = nil }},
	{"a check looks", func(r *Rule) { r.Now = "n" }},
	{"no command verifies", func(r *Rule) { r.Verify = nil }},
	{"no command verifies", func(r *Rule) { r.ID, r.Cause, r.Verify = "WP001", Input, nil }},
	{"a command that verifies", func(r *Rule) { r.Verify = []string{"ss -xl", ""} }},
	{"a command that verifies", func(r *Rule) { r.Verify = []string{"ss -xl\nss -tl"} }},
	{"no page of a manual", func(r *Rule) { r.Sources = nil }},
	{"", func(r *Rule) { r.ID, r.Cause, r.Sources = "WP001", Input, nil }},
	{"the source http://nginx.org/ is not", func(r *Rule) { r.Sources = append(r.Sources, "http://nginx.org/") }},
	{"the source nginx.org is not", func(r *Rule) { r.Sources = []string{"nginx.org"} }},
	{"no log line", func(r *Rule) { r.Logs = nil }},
	{"", func(r *Rule) { r.Logs, r.Unproven = nil, "it takes a second machine" }},
	{"", func(r *Rule) { r.Logs, r.Outcomes = nil, Outcomes{Other: Always} }},
	{"", func(r *Rule) { r.Logs, r.Outcomes = nil, Outcomes{SourceSent: "a", None: "b"} }},
	{"no log line", func(r *Rule) { r.Logs, r.Outcomes = nil, Outcomes{SourceSent: "a", SometimesUnavailable: "b"} }},
	{"no log line", func(r *Rule) { r.Logs, r.Outcomes = nil, Outcomes{ApacheRefuses: Always} }},
	{"", func(r *Rule) { r.Logs[0] = servers.ApacheConnectNoSocket }},
	{"", func(r *Rule) { r.Apache = true }},
	{"about Apache too", func(r *Rule) { r.Apache, r.Outcomes = true, Outcomes{Other: Always} }},
	{"about Apache too", func(r *Rule) { r.Apache, r.Outcomes = true, Outcomes{BadGateway: "a", Unavailable: "b"} }},
	{"by no server", func(r *Rule) { r.Logs[0] = servers.KernelSegfault }},
	{"log line 1 is not a row", func(r *Rule) { r.Logs[0] = &servers.Signature{Name: "other"} }},
	{"log line 1 is not a row", func(r *Rule) { r.Logs[0] = nil }},
	{"log line 2 is named twice", func(r *Rule) { r.Logs = append(r.Logs, r.Logs[0]) }},
}

func TestValidate(t *testing.T) {
	other := sound()
	other.ID, other.Name = "WP202", "socket-permission"
	if err := Validate([]*Rule{sound(), other}); err != nil {
		t.Errorf("two sound rules: %v", err)
	}
	for _, c := range spoilt {
		r := sound()
		c.spoil(r)
		faulty(t, r, c.want)
	}
}

// faulty validates a rule that is wrong in one way; "": in none.
func faulty(t *testing.T, r *Rule, want string) {
	t.Helper()
	err := Validate([]*Rule{r})
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("got %v, want %q", err, want)
	}
}

func TestValidateRunTime(t *testing.T) {
	for _, c := range []struct {
		want  string // "": the rule stays valid
		spoil func(*Rule)
	}{
		{"", func(*Rule) {}},
		{"", func(r *Rule) { r.Logs[0] = servers.KernelSegfault }},
		{"", func(r *Rule) { r.Logs, r.Outcomes = nil, Outcomes{None: AtRunTime} }},
		{"first digit", func(r *Rule) { r.ID = "WP601" }},
		{"only a log shows it", func(r *Rule) { r.Bad = "-- a --\n" }},
		{"only a log shows it", func(r *Rule) { r.Good = "-- a --\n" }},
		{"only a log shows it", func(r *Rule) { r.Check = func(*Pass) {} }},
		{"only a log shows it", func(r *Rule) { r.Judge = func(*Pass) {} }},
		{"what to look at", func(r *Rule) { r.Now = " " }},
		{"no command", func(r *Rule) { r.Verify = nil }},
		{"no page of a manual", func(r *Rule) { r.Sources = nil }},
		{"no log line", func(r *Rule) { r.Logs = nil }},
		{"not a row", func(r *Rule) { r.Logs[0] = nil }},
	} {
		r := sound()
		r.ID, r.Cause, r.Outcomes = "WP701", RunTime, Outcomes{BadGateway: AtRunTime}
		r.Bad, r.Good, r.Check, r.Now = "", "", nil, "n"
		c.spoil(r)
		faulty(t, r, c.want)
	}
}

func TestValidateApache(t *testing.T) {
	for _, c := range []struct {
		want  string // "": the rule stays valid
		spoil func(*Rule)
	}{
		{"", func(r *Rule) { r.ID, r.Cause = "WP801", Unhandled }},
		{"", func(r *Rule) { r.Logs, r.Outcomes = nil, Outcomes{SourceSent: "a", None: "b"} }},
		{"no log line", func(r *Rule) { r.Logs, r.Outcomes = nil, Outcomes{SourceSent: "a", SometimesUnavailable: "b"} }},
		{"no log line", func(r *Rule) { r.Logs, r.Outcomes = nil, Outcomes{ApacheRefuses: Always} }},
		{"", func(r *Rule) { r.Logs[0] = servers.ApacheConnectNoSocket }},
		{"", func(r *Rule) { r.Apache = true }},
		{"about Apache too", func(r *Rule) { r.Apache, r.Outcomes = true, Outcomes{Other: Always} }},
		{"about Apache too", func(r *Rule) { r.Apache, r.Outcomes = true, Outcomes{BadGateway: "a", Unavailable: "b"} }},
	} {
		r := sound()
		c.spoil(r)
		faulty(t, r, c.want)
	}
}

func TestValidateUnique(t *testing.T) {
	name := sound()
	name.ID = "WP202"
	id := sound()
	id.Name = "other"
	err := Validate([]*Rule{sound(), name, id})
	want := "rule WP202: the name socket-mismatch is given twice\nrule WP201: the ID is given twice"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
