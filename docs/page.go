// Package docs writes the documentation of a rule from its declaration: its
// page, its row in the README and its address.
package docs

import (
	"fmt"
	"slices"
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

// sees say what a person sees of an outcome.
var sees = [...]string{
	lint.NginxRefuses:         "nginx does not start. A reload fails, and the old configuration stays.",
	lint.ApacheRefuses:        "Apache does not start. A reload with apachectl fails, and the old configuration stays; a bare HUP or USR1 signal stops Apache.",
	lint.FPMRefuses:           "PHP-FPM does not start: nginx answers PHP requests with 502, Apache with 503.",
	lint.BadGateway:           "nginx answers every PHP request to this location with 502 Bad Gateway.",
	lint.Unavailable:          "Apache answers every PHP request to this location with 503 Service Unavailable.",
	lint.SourceSent:           "Apache answers 200 and sends the text of the PHP files to visitors, passwords included. It logs nothing.",
	lint.Sometimes:            "nginx answers some requests with 502 Bad Gateway: under load, at a reload, after a reboot or on a retry.",
	lint.SometimesUnavailable: "Apache answers some requests with 503 Service Unavailable: under load, at a reload, after a reboot or on a retry.",
	lint.Other:                "A failure with another status than 502, such as 504, 500 or 403.",
	lint.None:                 "No 502 by itself, but it can hide or prolong one.",
}

// seesWithEither say what a person sees of an outcome that is another one with Apache.
var seesWithEither = map[lint.Outcome]string{
	lint.NginxRefuses: "nginx or Apache does not start. A failed reload keeps the old configuration.",
	lint.BadGateway:   "nginx answers every PHP request here with 502, and Apache with 503.",
	lint.Sometimes:    "nginx answers some requests with 502, and Apache with 503.",
}

// seesAtRunTime is what a person sees of a cause that only a log shows.
const seesAtRunTime = "A request is answered with 502 Bad Gateway."

// seesAtEdge is what a person sees of a tunnel whose origin does not answer.
const seesAtEdge = "Cloudflare answers the requests for the host name with 502 Bad Gateway. The web server has no line about them."

// meanings say what an outcome is, as it follows the outcome's name.
var meanings = [...]string{
	lint.NginxRefuses:         "nginx does not start",
	lint.ApacheRefuses:        "Apache does not start",
	lint.FPMRefuses:           "PHP-FPM does not start",
	lint.BadGateway:           "the next PHP request through this place is answered 502",
	lint.Unavailable:          "the next PHP request through this place is answered 503 (what nginx answers with 502)",
	lint.SourceSent:           "the text of PHP files is sent to visitors with 200, passwords included",
	lint.Sometimes:            "a 502 under load, at a reload, after a reboot or on a retry",
	lint.SometimesUnavailable: "a 503 (what nginx answers with 502) under load, at a reload, after a reboot or on a retry",
	lint.Other:                "a failure with another status, such as 504, 500 or 403",
	lint.None:                 "no failure by itself; it hides or prolongs one",
}

// Page returns the page of r in Markdown: first what to see, to check and to change, then why, and
// what it is based on. All are the rules that it may refer to.
func Page(r *lint.Rule, all []*lint.Rule) string {
	var p page
	p.heading("# %s: %s", r.ID, r.Name)
	p.paragraph(Sentence(r.Summary))
	p.seen(r)
	p.check(r)
	p.heading("## Fix")
	p.paragraph(r.Fix)
	if r.Fixable {
		p.paragraph("`wp502lint check --fix` makes this change where it is safe.")
	}
	p.heading("## Why")
	p.paragraph(r.Why)
	if r.Cause != lint.RunTime {
		p.heading("## Example")
		p.paragraph(failing(r) + ":")
		p.example(r.Bad)
		p.correct(r)
	}
	p.severity(r)
	p.logs(r.Logs)
	p.proof(r)
	p.ignore(r)
	p.related(r, all)
	p.sources(r.Sources)
	return p.String()
}

// failing introduces the example of a rule that fails, or that is only reported.
func failing(r *lint.Rule) string {
	if o := r.Outcomes.Worst(); o == lint.Other || o == lint.None {
		return "The rule reports this"
	}
	return "This fails"
}

// Linked returns the page of r with links that lead there from anywhere.
func Linked(r *lint.Rule, page string) string {
	page = strings.ReplaceAll(page, "](#", "]("+URL(r)+"#")
	return strings.ReplaceAll(page, "](WP", "]("+home+"/blob/main/docs/rules/WP")
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

func (p *page) list(items []string) { p.block("- " + strings.Join(items, "\n- ")) }

// fewLines is how many log lines a page shows before the fix, as far as each server has one, and
// wide the length of one from which on one is enough.
const (
	fewLines = 3
	wide     = 160
)

// seen says what a person sees when it happens: the status and the lines of the logs.
func (p *page) seen(r *lint.Rule) {
	p.heading("## What you see")
	p.paragraph(seenOf(r))
	all := authored(r.Logs)
	most := max(fewLines/max(len(all), 1), 1)
	for _, by := range all {
		title := by.name + " writes:"
		if len(gist(by.logs[0])) > wide {
			most = 1
		}
		switch {
		case len(by.logs) > most && most == 1:
			title = by.name + " writes this or [another line](#log-lines):"
		case len(by.logs) > most:
			title = by.name + " writes one of these or [another line](#log-lines):"
		case len(by.logs) > 1:
			title = by.name + " writes one of:"
		}
		if r.Cause == lint.Unhandled {
			title = "Where it answers 500 instead, " + title
		}
		p.paragraph(capital(title))
		p.block(Fence("text", texts(by.logs[:min(len(by.logs), most)], gist)))
	}
}

// seenOf returns what a person sees of the worst outcome of r.
func seenOf(r *lint.Rule) string {
	worst := r.Outcomes.Worst()
	switch {
	case r.Cause == lint.RunTime && worst == lint.BadGateway:
		return seesAtRunTime
	case r.Cause == lint.Edge && worst == lint.BadGateway:
		return seesAtEdge
	case r.WithApache(worst) != 0:
		return seesWithEither[worst]
	}
	return sees[worst] + apacheAnswers(r, worst)
}

// apacheAnswers says what Apache answers where a rule has lines of it, and an outcome of nginx.
func apacheAnswers(r *lint.Rule, worst lint.Outcome) string {
	if worst != lint.NginxRefuses && worst != lint.BadGateway && worst != lint.Sometimes {
		return ""
	}
	for _, row := range r.Logs {
		if row.By == servers.Apache && row.Status != 0 {
			return fmt.Sprintf(" Apache answers %d.", row.Status)
		}
	}
	return ""
}

// gist returns the part of an example of a log line that is the same for every request.
func gist(s *servers.Signature) string {
	line, _, _ := strings.Cut(s.Example, ", client: ")
	line, _, _ = strings.Cut(line, " connIndex=")
	before, after, _ := strings.Cut(line, "[client 127.0.0.1:43105] ")
	return before + after
}

// check says how to find out on a host whether this is the cause.
func (p *page) check(r *lint.Rule) {
	if r.Now == "" && len(r.Verify) == 0 {
		return
	}
	p.heading("## Check it now")
	if len(r.Verify) > 0 {
		p.block(Fence("sh", strings.Join(r.Verify, "\n")))
	}
	p.paragraph(r.Now)
}

// severity lists what the rule reports and when, and what it depends on.
func (p *page) severity(r *lint.Rule) {
	p.heading("## Severity")
	var items []string
	for outcome, when := range r.Outcomes.All() {
		item := fmt.Sprintf("%s, `%s`", capital(outcome.Severity().String()), outcome)
		if when == lint.Always || when == lint.AtRunTime {
			item += ": " + meanings[outcome] + "."
		} else {
			item += ", if " + when + ": " + meanings[outcome] + "."
		}
		items = append(items, item)
	}
	p.list(items)
	p.paragraph(withApache(r))
	if r.Cause == lint.Unhandled {
		p.paragraph(fmt.Sprintf("Cause %d: %s.", r.Cause, r.Cause))
	} else {
		p.paragraph(fmt.Sprintf("Cause %d of a 502: %s.", r.Cause, r.Cause))
	}
	if len(r.Needs) > 0 {
		names := make([]string, len(r.Needs))
		for i, n := range r.Needs {
			names[i] = string(n)
		}
		p.paragraph(fmt.Sprintf("Not checked without these facts of the host: %s.", strings.Join(names, ", ")))
	}
	if r.Production {
		p.paragraph("Only for production: `environment: development` in the project file turns it off.")
	}
}

// withApache says what the outcomes of r are if Apache is the web server; "" if r is not about
// Apache or declares all of them.
func withApache(r *lint.Rule) string {
	var others []string
	why := ""
	for outcome := range r.Outcomes.All() {
		other := r.WithApache(outcome)
		if other == 0 {
			continue
		}
		others = append(others, fmt.Sprintf("`%s` instead of `%s`", other, outcome))
		if outcome != lint.NginxRefuses {
			why = ": Apache answers 503 where nginx answers 502"
		}
	}
	if len(others) == 0 {
		return ""
	}
	last := len(others) - 1
	list := strings.Join(others[:last], ", ")
	if last > 0 {
		list += " and "
	}
	return "With Apache, the outcome is " + list + others[last] + why + "."
}

func (p *page) logs(logs []*servers.Signature) {
	if len(logs) == 0 {
		return
	}
	p.heading("## Log lines")
	for _, by := range authored(logs) {
		p.paragraph("Examples of " + by.name + ":")
		p.block(Fence("text", texts(by.logs, func(s *servers.Signature) string { return s.Example })))
	}
	p.paragraph("Regular expressions (RE2) for these lines, also in syslog and with other C libraries:")
	p.block(Fence("text", texts(logs, (*servers.Signature).Expression)))
}

// ignore says how to accept a finding.
func (p *page) ignore(r *lint.Rule) {
	if r.Cause == lint.RunTime {
		return
	}
	p.heading("## How to ignore it")
	p.paragraph("On the line, or alone on the line above it (`;` in place of `#` in a pool or php.ini):")
	p.block(Fence("nginx", "# wp502lint:ignore "+r.ID+" -- the reason"))
	p.paragraph("For a whole project, in `.wp502lint.yaml`:")
	p.block(Fence("yaml", "rules: {"+r.Name+": off}"))
	if len(r.Former) > 0 {
		p.paragraph("The former name of the rule is accepted too: `" + strings.Join(r.Former, "`, `") + "`.")
	}
}

// related lists the rules that share a log line with r.
func (p *page) related(r *lint.Rule, all []*lint.Rule) {
	var items []string
	for _, other := range all {
		if other.ID != r.ID && slices.ContainsFunc(other.Logs, func(s *servers.Signature) bool { return slices.Contains(r.Logs, s) }) {
			items = append(items, fmt.Sprintf("[%s %s](%s.md): %s", other.ID, other.Name, other.ID, Sentence(other.Summary)))
		}
	}
	if len(items) > 0 {
		p.heading("## See also")
		p.paragraph("These rules have a log line in common with this one:")
		p.list(items)
	}
}

func (p *page) sources(addresses []string) {
	if len(addresses) == 0 {
		return
	}
	p.heading("## Sources")
	items := make([]string, len(addresses))
	for i, a := range addresses {
		items[i] = "<" + a + ">"
	}
	p.list(items)
}

// authors are what writes log lines, in the order of a page, and how a sentence calls each.
var authors = [...]struct {
	by   servers.Server
	name string
}{
	{servers.Nginx, "nginx"}, {servers.Apache, "Apache"}, {servers.FPM, "php-fpm"}, {servers.Kernel, "the kernel"},
	{servers.Systemd, "systemd"}, {servers.Supervisor, "supervisord"}, {servers.Audit, "the audit system"}, {servers.Cloudflared, "cloudflared"},
	{servers.Cloudflare, "Cloudflare"},
}

// authorLogs are log lines of one author.
type authorLogs struct {
	name string
	logs []*servers.Signature
}

// authored returns log lines by their author.
func authored(logs []*servers.Signature) (all []authorLogs) {
	for _, author := range authors {
		by := authorLogs{name: author.name}
		for _, l := range logs {
			if l.By == author.by {
				by.logs = append(by.logs, l)
			}
		}
		if len(by.logs) > 0 {
			all = append(all, by)
		}
	}
	return all
}

// texts returns a text of each log line, once.
func texts(logs []*servers.Signature, text func(*servers.Signature) string) string {
	var all []string
	for _, l := range logs {
		if t := text(l); !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return strings.Join(all, "\n")
}

// capital returns text with a capital letter, unless it starts with a name that has none.
func capital(text string) string {
	if c := text[0]; 'a' <= c && c <= 'z' && !isName(text) {
		return strings.ToUpper(text[:1]) + text[1:]
	}
	return text
}

// Sentence makes a full sentence of text, which starts in lower case and has no
// full stop.
func Sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	text = capital(text)
	if strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// isName reports whether text starts with a word that is never capitalized:
// nginx, a directive, a path.
func isName(text string) bool {
	word, _, _ := strings.Cut(text, " ")
	return word == "nginx" || word == "php-fpm" || word == "supervisord" || word == "cloudflared" || word == "systemd" || strings.ContainsAny(word, "_./:=[")
}
