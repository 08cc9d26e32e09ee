package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/rules"
)

const manualFile = "../../docs/wp502lint.1"

// TestManual compares the manual page, which packages install, with the help of
// the commands.
func TestManual(t *testing.T) {
	want := manual(commands(command{rules: rules.All}))
	if os.Getenv("UPDATE") == "1" {
		if err := os.WriteFile(manualFile, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(manualFile)
	if err != nil || string(got) != want {
		t.Errorf("%s is stale (%v); UPDATE=1 go test ./cmd/... writes it", manualFile, err)
	}
}

// manual returns the page in the language of man(7).
func manual(commands []*cli.Command) string {
	m := &manPage{}
	m.line(`.TH WP502LINT 1 "" "wp502lint" "User Commands"`)
	m.section("NAME")
	m.line(`wp502lint \- find what will answer 502 Bad Gateway in configurations of nginx, Apache and PHP\-FPM`)
	m.section("SYNOPSIS")
	for _, c := range commands {
		m.line(".B wp502lint " + c.Name)
		m.line("[FLAG]... " + afterFlags[c.Name])
		m.line(".br")
	}
	m.section("DESCRIPTION")
	m.text(topHelp)
	for _, c := range commands {
		m.section("wp502lint " + c.Name)
		about, _, _ := strings.Cut(c.Description, "\nFlags")
		m.text(about)
		for _, flag := range c.Flags {
			value, usage := describe(flag)
			m.line(".TP")
			m.line(fmt.Sprintf(`.BI \-\-%s " %s"`, roff(flag.Names()[0]), roff(value)))
			m.line(roff(usage))
		}
	}
	m.section("ENVIRONMENT")
	m.line("Every flag is also a variable: WP502LINT_ and its name in capitals, with _ for each hyphen. A flag wins over its variable.")
	for _, v := range [][2]string{
		{"SOURCE_DATE_EPOCH", "the date of the run in seconds since 1970; else the current date"},
		{"NO_COLOR, CLICOLOR_FORCE", "no colours, or colours even in a pipe"},
		{"GITHUB_STEP_SUMMARY", "the file that the format github appends a job summary to"},
	} {
		m.line(".TP")
		m.line(".B " + v[0])
		m.line(roff(v[1]))
	}
	m.section("FILES")
	m.line(".TP")
	m.line(".I .wp502lint.yaml")
	m.line("the project file: the nearest upwards in the repository; its paths stay inside that")
	m.line(".TP")
	m.line(".I .wp502lint-baseline.json")
	m.line("the accepted findings, for wp502lint baseline")
	m.section("EXIT STATUS")
	m.line("0: nothing at or above \\-\\-fail\\-on. 1: findings. 2: a PATH cannot be read, a flag or the project file is wrong, or there is nothing to lint; the rest is still linted.")
	m.section("SEE ALSO")
	m.line(".BR nginx (8),")
	m.line(".BR php\\-fpm (8)")
	return m.String()
}

// afterFlags are the arguments after the flags of a command.
var afterFlags = map[string]string{
	"check": "[PATH]...", "explain": "RULE...", "rules": "[RULE]...", "help": "[COMMAND]", "diagnose": "[LOG|-|LINE]...", "baseline": "write|check [PATH]...", "config": "init|verify|schema [FILE]",
	"facts": "[PATH]...", "machines": "[PATH]...", "completion": "bash|zsh|fish|powershell",
}

type manPage struct{ strings.Builder }

func (m *manPage) line(text string) { m.WriteString(strings.TrimRight(text, " ") + "\n") }

func (m *manPage) section(name string) { m.line(`.SH "` + strings.ToUpper(roff(name)) + `"`) }

// text writes lines without filling, since they are laid out for a terminal.
func (m *manPage) text(text string) {
	m.line(".nf")
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		m.line(roff(line))
	}
	m.line(".fi")
}

// roff escapes text so that no part of it is a command.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}
