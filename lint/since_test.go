package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// sinceTest is a report of one file and one pool, and the same before a change.
type sinceTest struct {
	site, pool *source.File // as they are
	was        map[*source.File]*source.File
	rule       *Rule
}

func newSinceTest(site, oldSite, pool, oldPool string) *sinceTest {
	s := &sinceTest{site: &source.File{Name: "/site", Real: "/site", Text: site}, pool: &source.File{Name: "/pool", Real: "/pool", Text: pool}, rule: &Rule{ID: "WP901"}}
	s.was = map[*source.File]*source.File{
		s.site: {Name: "/site", Real: "/site", Text: oldSite}, s.pool: {Name: "/pool", Real: "/pool", Text: oldPool},
	}
	return s
}

// finding returns a finding in a line of the site, with a note in a line of the pool; 0: none.
func (s *sinceTest) finding(line, note int, fingerprint string) Finding {
	f := Finding{Rule: s.rule, Outcome: BadGateway, At: s.site.Line(line), Message: fingerprint, Fingerprint: fingerprint}
	if note > 0 {
		f.Notes = []Note{{Message: "without a place"}, {At: s.pool.Line(note), Message: "here"}}
	}
	return f
}

// apply returns what is left of findings, compared with base.
func (s *sinceTest) apply(since *Since, findings ...Finding) (said []string, rep *Report) {
	rep = &Report{Findings: findings}
	since.Before = func(f *source.File) *source.File { return s.was[f] }
	since.Apply(rep)
	for _, f := range rep.Findings {
		text := fmt.Sprint(f.Fingerprint, " ", f.At.File.Name, ":", f.At.Begin().Line)
		for _, n := range f.Notes {
			if n.Message == unchanged {
				text += fmt.Sprint(" from ", n.At.File.Name, ":", n.At.Begin().Line)
			}
		}
		said = append(said, text)
	}
	return said, rep
}

func TestSince(t *testing.T) {
	s := newSinceTest("a\nNEW\nc\n", "a\nb\nc\n", "x\ny\nNEW", "x\ny\nz")
	base := &Report{Findings: []Finding{s.finding(1, 0, "one"), s.finding(2, 0, "changed"), s.finding(1, 0, "twice"), s.finding(3, 0, "noted")}}
	got, rep := s.apply(&Since{Base: base},
		s.finding(1, 1, "one"), s.finding(2, 3, "changed"), s.finding(3, 3, "noted"), s.finding(3, 2, "appeared"), s.finding(1, 3, "both"),
	)
	want := []string{"both /pool:3 from /site:1", "noted /pool:3 from /site:3", "changed /site:2", "appeared /site:3"}
	if !slices.Equal(got, want) || rep.Older != 1 || rep.Verdict != BadGateway {
		t.Errorf("%q, %d older, verdict %v, want %q", got, rep.Older, rep.Verdict, want)
	}
	if _, rep := s.apply(&Since{Base: base}, s.finding(1, 0, "one")); rep.Verdict != 0 || rep.Older != 1 {
		t.Errorf("only an older finding: %+v", rep)
	}
}

// A finding that moves says what is at its new place, and where it was.
func TestSinceMoves(t *testing.T) {
	s := newSinceTest("a\nNEW\n", "a\nb\n", "x\nNEW", "x\ny")
	other, same, nowhere := s.finding(1, 2, "other"), s.finding(3, 0, "same"), s.finding(1, 2, "nowhere")
	same.Notes = []Note{{At: s.site.Line(1), Message: "first"}, {At: s.site.Line(2), Message: "second"}}
	nowhere.At = source.Span{}
	_, rep := s.apply(&Since{Base: &Report{}}, other, same, nowhere)
	var got []string
	for _, f := range rep.Findings {
		text := fmt.Sprint(f.At.File.Name, ":", f.At.Begin().Line, ": ", f.Message)
		for _, n := range f.Notes {
			text += "\n" + n.Message
		}
		got = append(got, text)
	}
	want := []string{
		"/pool:2: here; at site:1, other\n" + unchanged + "\nwithout a place", "/pool:2: here; nowhere\nwithout a place",
		"/site:2: second; at line 3, same\n" + unchanged + "\nfirst",
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
}

// Each finding of the base accounts for one.
func TestSinceCounts(t *testing.T) {
	s := newSinceTest("a", "a", "x", "x")
	base := &Report{Findings: []Finding{s.finding(1, 0, "one")}}
	twice := &Since{Base: base}
	got, _ := s.apply(twice, s.finding(1, 0, "one"), s.finding(1, 1, "two"), s.finding(1, 0, "one"))
	if !slices.Equal(got, []string{"one /site:1", "two /site:1"}) {
		t.Errorf("%q", got)
	}
	// After a fix the same are left out, on whatever lines, and the others stay.
	s.was[s.site] = nil
	got, _ = s.apply(twice, s.finding(1, 0, "one"), s.finding(1, 0, "three"), s.finding(1, 0, "one"))
	if !slices.Equal(got, []string{"one /site:1", "three /site:1"}) {
		t.Errorf("after a fix: %q", got)
	}
}

// A finding that is worse than before is new, and one with another message is not.
func TestSinceWorse(t *testing.T) {
	s := newSinceTest("a\nb\n", "a\nb\n", "", "")
	old := s.was[s.site]
	old.Real = "/old"
	graded := func(outcome Outcome, severity Severity) Finding {
		f := s.finding(1, 0, "one")
		f.Outcome, f.Override, f.Message = outcome, severity, fmt.Sprint("message ", outcome)
		return f
	}
	for _, test := range []struct {
		base, now []Finding
		older     int
	}{
		{[]Finding{graded(Sometimes, 0)}, []Finding{graded(BadGateway, 0)}, 0},
		{[]Finding{graded(BadGateway, 0)}, []Finding{graded(Sometimes, 0)}, 1},
		{[]Finding{graded(Sometimes, Info)}, []Finding{graded(Sometimes, 0)}, 0},
		{[]Finding{graded(Sometimes, 0)}, []Finding{graded(BadGateway, Warning)}, 0},
		{[]Finding{graded(BadGateway, 0), graded(Sometimes, 0)}, []Finding{graded(Other, 0), graded(BadGateway, 0)}, 2},
		{[]Finding{graded(BadGateway, 0), graded(Sometimes, 0)}, []Finding{graded(BadGateway, 0), graded(BadGateway, 0)}, 1},
	} {
		for _, renamed := range []bool{false, true} {
			base := &Report{Findings: slices.Clone(test.base)}
			for i := range base.Findings {
				if f := &base.Findings[i]; renamed {
					f.Fingerprint, f.At = "by the old name", old.Line(1)
				}
			}
			if _, rep := s.apply(&Since{Base: base}, slices.Clone(test.now)...); rep.Older != test.older {
				t.Errorf("%v after %v, renamed %t: %d older, want %d", test.now, test.base, renamed, rep.Older, test.older)
			}
		}
	}
	// Nor does a fix make an older finding worse unseen.
	since := &Since{Base: &Report{Findings: []Finding{graded(Sometimes, 0)}}}
	s.apply(since, graded(Sometimes, 0))
	if _, rep := s.apply(since, graded(BadGateway, 0)); rep.Older != 0 {
		t.Errorf("after a fix, a worse finding is older")
	}
}

// A file with another name and the same text has the findings of the old one.
func TestSinceRenamed(t *testing.T) {
	s := newSinceTest("a\nb\n", "a\nb\n", "", "")
	old := s.was[s.site]
	old.Real = "/old"
	was := s.finding(2, 0, "by the old name")
	was.At = old.Line(2)
	base := &Report{Findings: []Finding{was}}
	got, _ := s.apply(&Since{Base: base}, s.finding(1, 0, "one"), s.finding(2, 0, "two"))
	if !slices.Equal(got, []string{"one /site:1"}) {
		t.Errorf("%q", got)
	}
	old.Text, s.site.Text = "a\nb\n", "a\r\nb\r\n"
	s.site = &source.File{Name: s.site.Name, Real: s.site.Real, Text: s.site.Text}
	s.was[s.site] = old
	if got, _ := s.apply(&Since{Base: base}, s.finding(2, 0, "two")); len(got) > 0 {
		t.Errorf("with other line ends: %q", got)
	}
	lacking := s.finding(2, 0, "three")
	lacking.Lacks = "listen"
	if got, _ := s.apply(&Since{Base: base}, lacking); len(got) != 1 {
		t.Errorf("an entry that was not missing: %q", got)
	}
	old.Text = strings.ToUpper(old.Text)
	if got, _ := s.apply(&Since{Base: base}, s.finding(2, 0, "two")); len(got) != 1 {
		t.Errorf("another text: %q", got)
	}
}

// A finding without a place, and one in a new file.
func TestSincePlaces(t *testing.T) {
	s := newSinceTest("a", "", "x", "")
	s.was[s.site] = nil
	nowhere := s.finding(1, 0, "nowhere")
	nowhere.At = source.Span{}
	got, rep := s.apply(&Since{Base: &Report{Findings: []Finding{nowhere, s.finding(1, 0, "new file")}}}, nowhere, s.finding(1, 0, "new file"))
	if !slices.Equal(got, []string{"new file /site:1"}) || rep.Older != 1 {
		t.Errorf("%q, %d older", got, rep.Older)
	}
}
