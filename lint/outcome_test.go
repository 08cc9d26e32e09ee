package lint

import (
	"fmt"
	"testing"

	"github.com/wp502lint/wp502lint/servers"
)

// The outcomes in order, each with its name, its severity, and what it is with Apache; "":
// the same.
func TestOutcomes(t *testing.T) {
	want := []struct {
		outcome        Outcome
		name, severity string
		apache         string
	}{
		{NginxRefuses, "nginx-refuses", "error", "apache-refuses"},
		{ApacheRefuses, "apache-refuses", "error", ""},
		{FPMRefuses, "fpm-refuses", "error", ""},
		{BadGateway, "502", "error", "503"},
		{Unavailable, "503", "error", ""},
		{SourceSent, "source", "error", ""},
		{Sometimes, "502-sometimes", "warning", "503-sometimes"},
		{SometimesUnavailable, "503-sometimes", "warning", ""},
		{Other, "other", "note", ""},
		{None, "none", "note", ""},
		{Unknown, "unknown", "note", ""},
	}
	if len(want)+1 != len(outcomeNames) {
		t.Errorf("%d outcomes have a name, want %d", len(outcomeNames)-1, len(want))
	}
	for i, w := range want {
		o := w.outcome
		check(t, w.name+": place", int(o), i+1)
		check(t, w.name+": name", o.String(), w.name)
		check(t, w.name+": severity", o.Severity().String(), w.severity)
		for _, s := range []servers.Server{servers.Nginx, servers.FPM, ""} {
			check(t, fmt.Sprintf("%s with %q", w.name, s), o.With(s), o)
		}
		other := o.With(servers.Apache)
		if w.apache == "" {
			w.apache = w.name
		}
		check(t, w.name+" with Apache", other.String(), w.apache)
		check(t, w.name+" with Apache: severity", other.Severity(), o.Severity())
		check(t, w.name+" with Apache, again", other.With(servers.Apache), other)
	}
	check(t, "no outcome with Apache", Outcome(0).With(servers.Apache), Outcome(0))
}

// What a rule may report, and what that is with Apache.
func TestPossible(t *testing.T) {
	for _, c := range []struct {
		name           string
		apache         bool
		declared, want Outcomes
	}{
		{"about nginx alone", false, Outcomes{BadGateway: Always}, Outcomes{BadGateway: Always}},
		{"about Apache alone", false, Outcomes{Unavailable: "a", SourceSent: "b"}, Outcomes{Unavailable: "a", SourceSent: "b"}},
		{"about both", true, Outcomes{NginxRefuses: "a", FPMRefuses: "b", BadGateway: "c", Sometimes: "d", None: "e"},
			Outcomes{NginxRefuses: "a", ApacheRefuses: "a", FPMRefuses: "b", BadGateway: "c", Unavailable: "c", Sometimes: "d", SometimesUnavailable: "d", None: "e"}},
		{"one is declared", true, Outcomes{BadGateway: "a", Unavailable: "b", Sometimes: "c"},
			Outcomes{BadGateway: "a", Unavailable: "b", Sometimes: "c", SometimesUnavailable: "c"}},
	} {
		r := &Rule{Outcomes: c.declared, Apache: c.apache}
		check(t, c.name, r.Possible(), c.want)
	}
}

// A rule may report what it declares and what that is with Apache, and nothing else.
func TestAdmit(t *testing.T) {
	for _, c := range []struct {
		declared Outcomes
		want     []Outcome
	}{
		{Outcomes{}, nil},
		{Outcomes{NginxRefuses: "a"}, []Outcome{NginxRefuses, ApacheRefuses}},
		{Outcomes{BadGateway: "a", None: "b"}, []Outcome{BadGateway, Unavailable, None}},
		{Outcomes{FPMRefuses: "a", Sometimes: "b"}, []Outcome{FPMRefuses, Sometimes, SometimesUnavailable}},
		{Outcomes{Unavailable: "a", SourceSent: "b"}, []Outcome{Unavailable, SourceSent}},
	} {
		var got []Outcome
		for o := range Unknown + 2 {
			if c.declared.admit(o) {
				got = append(got, o)
			}
		}
		check(t, fmt.Sprint(c.declared), got, c.want)
	}
}
