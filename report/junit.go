package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// JUnit writes r as JUnit XML, as the junit step of Jenkins, its xUnit plugin and
// GitLab read it: one suite, in which a test is
//
//   - failed for an error or a warning, with what Text prints of it;
//   - passed for a note, which is in the output of the test: a note is not a
//     failure by itself, and must not make a build unstable;
//   - an error for a file that could not be read;
//   - skipped for a place or a rule that was not checked, with the reason, and for
//     PHP locations that were not judged;
//   - passed for a file in which everything was checked and nothing found, so that
//     the report of a healthy project is not empty, which Jenkins takes for a mistake.
//
// The class of a test is the printed path of the file, which both show as its
// suite; the attribute file, which GitLab would link to, is left out because the
// schema of the xUnit plugin refuses it. GitLab drops the second of two tests with
// one class and one name (Unit test reports), so it gets a number. The message of
// a failure is for Jenkins: GitLab reads the text of the element only.
func JUnit(w io.Writer, r *lint.Report, o Options) error {
	o.Color, o.Quiet = false, false
	j := &junit{newText(io.Discard, o), taken{}, junitSuite{Name: junitName}}
	found := map[*source.File]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		found[f.At.File] = true
		j.finding(f)
	}
	for _, n := range r.NotChecked {
		found[n.At.File] = true
	}
	for _, role := range r.Files {
		if role.File != nil && !found[role.File] {
			j.add(junitCase{Class: j.text.file(role.File), Name: "no problems found"})
		}
	}
	if unjudged := Unjudged(&r.Gateways); unjudged != "" {
		j.add(junitCase{Class: junitName, Name: phpLocation + "s", Skipped: &junitResult{unjudged, notJudged, unjudged}})
	}
	j.notChecked(r.NotChecked)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Suite: j.suite}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// junitName is the name of the suite, and the class of tests without a file.
const junitName = "wp502lint"

type (
	junitSuites struct {
		XMLName xml.Name   `xml:"testsuites"`
		Suite   junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string       `xml:"classname,attr"`
		Name    string       `xml:"name,attr"`
		Failure *junitResult `xml:"failure"`
		Error   *junitResult `xml:"error"`
		Skipped *junitResult `xml:"skipped"`
		Output  *junitOutput `xml:"system-out"`

		fill func(*junitCase) // sets the texts when it is written; nil: they are set
	}
	junitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",cdata"`
	}
	junitOutput struct {
		Text string `xml:",cdata"`
	}
)

type junit struct {
	text  *text
	names taken
	suite junitSuite
}

// MarshalXML writes c. All texts of a report may not fit into memory.
func (c junitCase) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if c.fill != nil {
		c.fill(&c)
	}
	type plain junitCase
	return e.EncodeElement(plain(c), start)
}

// add counts c and gives it a unique name.
func (j *junit) add(c junitCase) {
	c.Name += j.names.again(c.Class+"\n"+c.Name, " (%d)")
	j.suite.Tests++
	switch {
	case c.Failure != nil:
		j.suite.Failures++
	case c.Error != nil:
		j.suite.Errors++
	case c.Skipped != nil:
		j.suite.Skipped++
	}
	j.suite.Cases = append(j.suite.Cases, c)
}

func (j *junit) finding(f *lint.Finding) {
	c := junitCase{Class: junitName, Name: f.Rule.ID + " " + f.Rule.Name}
	if !f.At.IsZero() {
		c.Class = j.text.file(f.At.File)
		c.Name += " " + j.position(f.At)
	}
	if f.Severity() == lint.Info {
		c.Output = &junitOutput{}
		c.fill = func(c *junitCase) { c.Output = &junitOutput{j.body(f)} }
	} else {
		c.Failure = &junitResult{}
		c.fill = func(c *junitCase) {
			c.Failure = &junitResult{j.text.about(f)(f.Message), f.Severity().String(), j.body(f)}
		}
	}
	j.add(c)
}

// body returns what Text prints of f.
func (j *junit) body(f *lint.Finding) string {
	var b strings.Builder
	j.text.Reset(&b)
	j.text.finding(f)
	j.text.Flush() // a Builder takes everything
	return strings.TrimSpace(b.String())
}

func (j *junit) notChecked(all []lint.NotChecked) {
	seen := map[gap]bool{}
	for _, n := range all {
		g := j.text.gap(n)
		if seen[g] {
			continue
		}
		seen[g] = true
		c := junitCase{Class: junitName, Name: g.where}
		result := &junitResult{"not checked: " + g.why, "not-checked", "not checked: " + g.why}
		switch {
		case !n.At.IsZero():
			c.Class, c.Name, c.Skipped = j.text.file(n.At.File), "not checked "+j.position(n.At), result
		case n.Path != "":
			c.Class, c.Name, c.Error = g.where, "not checked", result
		default:
			c.Skipped = result
		}
		j.add(c)
	}
}

// position returns line:column of the start of at.
func (j *junit) position(at source.Span) string {
	p := at.Begin()
	return fmt.Sprintf("%d:%d", p.Line, p.Column)
}
