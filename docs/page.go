// Package docs writes the documentation of a rule from its declaration: its
// page, its row in the README and its address.
package docs

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

const home = "https://github.com/wp502lint/wp502lint"

// Path returns the path of the page of r in the repository.
func Path(r *lint.Rule) string { return "docs/rules/" + r.ID + ".md" }

// URL returns the public address of the page of r.
func URL(r *lint.Rule) string { return home + "/blob/main/" + Path(r) }

// Home returns the address of the project.
func Home() string { return home }

// condition returns the clause of an outcome as it precedes its meaning; "" for
// Always.
func condition(when string) string {
	if when == lint.Always {
		return ""
	}
	return when + ": "
}

// atRunTime is what the outcome of a rule means that a log shows; another outcome means
// the same as in a check.
const atRunTime = "the request is answered 502"

// meanings say what an outcome is, as it follows the outcome's name.
var meanings = [...]string{
	lint.NginxRefuses: "nginx does not start",
	lint.FPMRefuses:   "PHP-FPM does not start",
	lint.BadGateway:   "the next PHP request through this place is answered 502",
	lint.Sometimes:    "a 502 under load, at a reload, after a reboot or on a retry",
	lint.Other:        "a failure with another status, such as 504, 500 or 403",
	lint.None:         "no failure by itself; it hides or prolongs one",
}

// Page returns the page of r in Markdown.
func Page(r *lint.Rule) string {
	var p page
	p.heading("# %s: %s", r.ID, r.Name)
	p.paragraph(Sentence(r.Summary))
	p.facts(r)
	if r.Cause != lint.RunTime {
		p.heading("## Problematic")
		p.example(r.Bad)
		p.heading("## Correct")
		p.correct(r)
	}
	p.heading("## Why")
	p.paragraph(r.Why)
	if r.Now != "" {
		p.heading("## What to check now")
		p.paragraph(r.Now)
	}
	p.heading("## How to fix")
	p.paragraph(r.Fix)
	p.verify(r.Verify)
	p.logs(r.Logs)
	if r.Unproven != "" {
		p.heading("## Not proven on real servers")
		p.paragraph(Sentence(r.Unproven))
	} else {
		p.proof(r.ID)
	}
	return p.String()
}

// page is Markdown in the making: blocks with one empty line between them.
type page struct{ strings.Builder }

func (p *page) block(text string) {
	if p.Len() > 0 {
		p.WriteByte('\n')
	}
	p.WriteString(text)
	p.WriteByte('\n')
}

func (p *page) heading(format string, args ...any) { p.block(fmt.Sprintf(format, args...)) }

func (p *page) paragraph(text string) {
	if text = strings.TrimSpace(text); text != "" {
		p.block(text)
	}
}

func (p *page) facts(r *lint.Rule) {
	rows := []string{"| | |", "|---|---|"}
	for outcome, when := range r.Outcomes.All() {
		meaning := meanings[outcome]
		if outcome == lint.BadGateway && when == lint.AtRunTime {
			meaning = atRunTime
		}
		rows = append(rows, fmt.Sprintf("| %s, `%s` | %s%s |", outcome.Severity(), outcome, condition(when), meaning))
	}
	rows = append(rows, fmt.Sprintf("| Cause | %d: %s |", r.Cause, r.Cause))
	if len(r.Needs) > 0 {
		names := make([]string, len(r.Needs))
		for i, n := range r.Needs {
			names[i] = string(n)
		}
		rows = append(rows, fmt.Sprintf("| Not checked without | %s |", strings.Join(names, ", ")))
	}
	if r.Production {
		rows = append(rows, "| Environment | production; `environment: development` in the project file turns it off |")
	}
	p.block(strings.Join(rows, "\n"))
}

func (p *page) verify(commands []string) {
	if len(commands) > 0 {
		p.heading("## Verify")
		p.block(Fence("sh", strings.Join(commands, "\n")))
	}
}

func (p *page) logs(logs []*servers.Signature) {
	if len(logs) == 0 {
		return
	}
	p.heading("## Log lines")
	p.lines("%s writes:", logs, func(s *servers.Signature) string { return s.Example })
	p.lines("Regular expressions (RE2) for the lines of %s, also in syslog and with other C libraries:", logs, (*servers.Signature).Expression)
}

// authors are what writes log lines, in the order of a page, and how a sentence calls each.
var authors = [...]struct {
	by   servers.Server
	name string
}{
	{servers.Nginx, "nginx"}, {servers.Apache, "apache"}, {servers.FPM, "php-fpm"}, {servers.Kernel, "the kernel"},
	{servers.Systemd, "systemd"}, {servers.Supervisor, "supervisord"}, {servers.Audit, "the audit system"}, {servers.Cloudflared, "cloudflared"},
}

// lines prints a text of each log line, by its author.
func (p *page) lines(title string, logs []*servers.Signature, text func(*servers.Signature) string) {
	for _, author := range authors {
		var texts []string
		for _, l := range logs {
			if l.By == author.by {
				texts = append(texts, text(l))
			}
		}
		if len(texts) > 0 {
			title := fmt.Sprintf(title, author.name)
			if rest, ok := strings.CutPrefix(title, "the "); ok {
				title = "The " + rest
			}
			p.paragraph(title)
			p.block(Fence("text", strings.Join(texts, "\n")))
		}
	}
}

// Sentence makes a full sentence of text, which starts in lower case and has no
// full stop.
func Sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	if c := text[0]; 'a' <= c && c <= 'z' && !isName(text) {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	if strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// isName reports whether text starts with a word that is never capitalized:
// nginx, a directive, a path.
func isName(text string) bool {
	word, _, _ := strings.Cut(text, " ")
	return word == "nginx" || word == "cloudflared" || word == "systemd" || strings.ContainsAny(word, "_./:=[")
}
