package main

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

// TestExpressions compiles the expressions that the program compiles on first
// use.
func TestExpressions(t *testing.T) {
	all := lazyregexp.All()
	if len(all) == 0 {
		t.Error("the program has no expressions")
	}
	for _, r := range all {
		if _, err := regexp.Compile(r.String()); err != nil {
			t.Error(err)
		}
	}
}

// wordIn returns the offset of word in a file that was read; -1 when it does not
// occur.
func wordIn(f source.Input, word string) int {
	if f.File == nil {
		return -1
	}
	return strings.Index(f.Text, word)
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

var wordRules = []*lint.Rule{
	wordRule("WP901", "word-broken", "BROKEN", lint.Outcomes{lint.BadGateway: "it is in capitals", lint.None: "it is not"}),
	called(aboutApache(wordRule("WP902", "word-wobbly", "WOBBLY", lint.Outcomes{lint.Sometimes: lint.Always})), "word-shaky"),
	wordRule("WP903", "word-curious", "CURIOUS", lint.Outcomes{lint.None: lint.Always}),
	{
		ID: "WP904", Name: "word-unseen", Outcomes: lint.Outcomes{lint.None: lint.Always}, Summary: "the word UNSEEN keeps a rule from looking",
		Check: func(p *lint.Pass) {
			for _, f := range p.Stack.Files {
				if at := wordIn(f, "UNSEEN"); at >= 0 {
					p.NotChecked(f.File.Span(at, at+6), "it says so")
				}
			}
		},
	},
	{
		ID: "WP905", Name: "word-memory", Outcomes: lint.Outcomes{lint.None: lint.Always}, Summary: "the word MEMORY asks how much there is",
		Needs: []host.Fact{host.Memory},
		Check: func(p *lint.Pass) {
			for _, f := range p.Stack.Files {
				if at := wordIn(f, "MEMORY"); at >= 0 {
					facts := p.Stack.Facts
					p.Report(lint.Finding{At: f.File.Span(at, at+6), Message: strings.Join([]string{
						"memory", mebibytes(facts.Memory), "reserve", mebibytes(facts.Reserve), "worker", mebibytes(facts.Worker),
						"today", facts.Today.Format("2006-01-02"),
					}, " ")})
				}
			}
		},
	},
}

// called returns a rule with former names.
func called(r *lint.Rule, former ...string) *lint.Rule {
	r.Former = former
	return r
}

func mebibytes(bytes int64) string { return strconv.FormatInt(bytes>>20, 10) }

// aboutApache returns r as a rule about Apache too.
func aboutApache(r *lint.Rule) *lint.Rule {
	r.Apache = true
	return r
}

func wordRule(id, name, word string, outcomes lint.Outcomes) *lint.Rule {
	return &lint.Rule{
		ID: id, Name: name, Outcomes: outcomes, Summary: "the word " + word + " stands in a file",
		Why: "It is a word.", Fix: "Take it out.", Bad: "-- x --\n" + word + "\n", Good: "-- x --\n",
		Check: func(p *lint.Pass) {
			for _, f := range p.Stack.Files {
				if at := wordIn(f, word); at >= 0 {
					p.Report(lint.Finding{At: f.File.Span(at, at+len(word)), Message: "it says " + word})
				}
			}
		},
	}
}

func TestHelpFitsAScreen(t *testing.T) {
	texts := map[string]string{"": topHelp}
	for _, c := range allCommands() {
		texts[c.Name] = help(c)
	}
	for name, text := range texts {
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		wide := slices.ContainsFunc(lines, func(line string) bool { return len(line) > 80 })
		if len(lines) > 24 || wide {
			t.Errorf("help of %q: %d lines, wider than 80 columns: %t", name, len(lines), wide)
		}
	}
	for _, c := range allCommands() {
		for _, flag := range c.Flags {
			if name := flag.Names()[0]; !strings.Contains(texts[c.Name], "--"+name) && name != "help" && name != "version" {
				t.Errorf("the help of %s does not name --%s", c.Name, name)
			}
		}
		if !strings.Contains(topHelp, "\n  "+c.Name) {
			t.Errorf("the help does not name %s", c.Name)
		}
	}
}

// A project file may choose every format, and a completion offers what exists.
func TestFormatsOfProjects(t *testing.T) {
	if !slices.Equal(project.Formats, report.Names()) {
		t.Errorf("a project file takes %q, and there are %q", project.Formats, report.Names())
	}
	c := newCompletion(command{})
	for key := range c.values {
		command, flag, _ := strings.Cut(key, "--")
		in := c.commands
		if command != "" {
			in = []*cli.Command{named(strings.TrimSpace(command), c.commands)}
		}
		if find(flag, in) == nil {
			t.Errorf("completions have values for %s, which no command takes", key)
		}
	}
	for name := range c.words {
		if named(name, c.commands) == nil {
			t.Errorf("completions have words after %s, which is not a command", name)
		}
	}
}
