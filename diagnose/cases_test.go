package diagnose

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/stack"
)

// wanted is what the header of a case says about the answer:
//
//	want: ID cause N [count N] [over true|false|unknown] [about NAME] [sure WORDS] [at FILE:TEXT] ...
//	also: ID cause N [count N] ...
//	only: N incidents
//
// ID is that of a cause; cause ? is Undecided. want: nothing says that no client got a 502.
type wanted struct {
	id, cause, count, over, about, at, says string
}

var wantedWords = regexp.MustCompile(`^(\S+)(?: cause (\d|\?))?(?: count (\d+))?(?: over (true|false|unknown))?(?: about (\S+))?(?: says (\S+))?(?: at (\S+?:.+))?$`)

// TestCases reads the logs of each case, and compares what Run says with its header. The files
// below log are the logs, and the others are the configuration, laid over the frame.
func TestCases(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || names == nil {
		t.Fatal("no cases", err)
	}
	met := map[string]bool{}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			d := diagnosed(t, archive)
			for _, i := range d.Incidents {
				met[i.Cause.ID] = true
			}
			for _, wrong := range compared(t, string(archive), d) {
				t.Error(wrong)
			}
			if t.Failed() || testing.Verbose() {
				t.Log(described(d))
			}
		})
	}
	for _, c := range Causes {
		if !met[c.ID] && !t.Failed() {
			t.Errorf("no case is about %s", c.ID)
		}
	}
}

// diagnosed returns what Run says about an archive.
func diagnosed(t *testing.T, archive []byte) *Diagnosis {
	t.Helper()
	c, err := cases.Parse(archive)
	if err != nil {
		t.Fatal(err)
	}
	v := &Evidence{}
	for _, f := range c.Files {
		if name, ok := strings.CutPrefix(f.Name, "/log/"); ok {
			s, err := logs.Read(strings.NewReader(f.Text), name, logs.Options{Now: time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC), Zone: time.UTC}, v.Add)
			if err != nil {
				t.Fatal(err)
			}
			v.Close(name, s)
		}
	}
	c.Files = slices.DeleteFunc(c.Files, func(f cases.File) bool { return strings.HasPrefix(f.Name, "/log/") })
	if c.NoFrame && len(c.Files) == 0 {
		return Run(v, nil)
	}
	linked, report := cases.Check(c, rules.All)
	return Run(v, &Config{Stacks: []*stack.Stack{linked}, Report: report})
}

// compared returns what is wrong with d.
func compared(t *testing.T, archive string, d *Diagnosis) (wrong []string) {
	t.Helper()
	header, _, _ := strings.Cut(archive, "\n-- ")
	found := false
	for line := range strings.Lines(header) {
		key, text, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "want":
			found = true
			if text == "nothing" {
				for _, i := range d.Incidents {
					if i.Number != 0 && i.Count > 0 {
						wrong = append(wrong, "said "+i.Cause.ID+", want nothing")
					}
				}
			} else if len(d.Incidents) == 0 {
				wrong = append(wrong, "said nothing, want "+text)
			} else if errs := asked(t, text).differs(d.Incidents[0]); errs != "" {
				wrong = append(wrong, "first answer: "+errs)
			}
		case "also":
			w := asked(t, text)
			if !slices.ContainsFunc(d.Incidents, func(i *Incident) bool { return w.differs(i) == "" }) {
				wrong = append(wrong, "missing: "+text)
			}
		case "only":
			if n := strconv.Itoa(len(d.Incidents)); !strings.HasPrefix(text, n+" ") {
				wrong = append(wrong, n+" incidents, want "+text)
			}
		}
	}
	if !found {
		wrong = append(wrong, "the header has no want:")
	}
	return wrong
}

func asked(t *testing.T, text string) wanted {
	t.Helper()
	m := wantedWords.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("%q cannot be read", text)
	}
	return wanted{id: m[1], cause: m[2], count: m[3], over: m[4], about: m[5], says: m[6], at: m[7]}
}

// differs returns in what i is not what is wanted; "" for nothing.
func (w wanted) differs(i *Incident) string {
	number, over := strconv.Itoa(i.Number), "unknown"
	if i.Number == Undecided {
		number = "?"
	}
	if i.Over != nil {
		over = strconv.FormatBool(*i.Over)
	}
	var errs []string
	for _, one := range []struct{ name, want, got string }{
		{"ID", w.id, i.Cause.ID}, {"cause", w.cause, number}, {"count", w.count, strconv.Itoa(i.Count)}, {"over", w.over, over}, {"about", w.about, i.About},
	} {
		if one.want != "" && one.want != one.got {
			errs = append(errs, fmt.Sprintf("%s is %s, want %s", one.name, one.got, one.want))
		}
	}
	if !strings.Contains(i.Summary(), w.says) {
		errs = append(errs, fmt.Sprintf("%q does not say %s", i.Summary(), w.says))
	}
	if file, text, ok := strings.Cut(w.at, ":"); ok && !i.at(file, text) {
		errs = append(errs, "no place is "+w.at)
	}
	return strings.Join(errs, "; ")
}

// at reports whether a line with text is among the places.
func (i *Incident) at(file, text string) bool {
	for _, n := range i.Places {
		line := n.At.Begin().Line
		if all := strings.Split(n.At.File.Text, "\n"); n.At.File.Name == file && line <= len(all) && strings.Contains(all[line-1], text) {
			return true
		}
	}
	return slices.Contains(i.Named, logs.Place{File: file, Line: number(text)})
}

func described(d *Diagnosis) string {
	var b strings.Builder
	for _, i := range d.Incidents {
		over := "unknown"
		if i.Over != nil {
			over = strconv.FormatBool(*i.Over)
		}
		fmt.Fprintf(&b, "%s cause %d count %d over %s, %s, about %q: %s\n", i.Cause.ID, i.Number, i.Count, over, i.Sure, i.About, i.Summary())
		for _, n := range i.Places {
			fmt.Fprintf(&b, "    %s:%d %s\n", n.At.File.Name, n.At.Begin().Line, n.Message)
		}
		for _, l := range i.Lines {
			fmt.Fprintf(&b, "  | %.160s\n", l.Text)
		}
	}
	return b.String()
}
