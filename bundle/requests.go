package bundle

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/servers"
)

// What is listed of each kind.
const (
	mostLines  = 20
	mostSpells = 10
	mostRows   = 40
)

// whatFails answers the first point: the URL or the action.
func (b *writer) whatFails() {
	urls, sites := b.failing()
	if len(urls) == 0 {
		b.instruct("No log names a URL. Add it, or the action that fails (log in, save a post, check out).", "grep -h '\" 50[234] ' /var/log/nginx/*access*.log | tail -n 20")
		return
	}
	var rows [][]string
	for _, u := range urls[:min(len(urls), mostLines)] {
		rows = append(rows, []string{fmt.Sprint(u.Count), code(b.m.path(u.Path))})
	}
	b.table([]string{"Requests", "Path"}, rows)
	for n, s := range sites {
		sites[n] = code(b.m.text(s))
	}
	if len(sites) > 0 {
		b.printf("Sites: %s\n\n", strings.Join(sites[:min(len(sites), mostLines)], ", "))
	}
	b.print("Add what the visitor did (log in, save a post, check out), if it is known.\n")
}

// failing returns the paths of all incidents that are a 502, the first incident first, and the sites.
func (b *writer) failing() (urls []diagnose.URL, sites []string) {
	if b.Diagnosis == nil {
		return nil, nil
	}
	for _, i := range b.Diagnosis.Incidents {
		if i.Number == 0 {
			continue
		}
		for _, u := range i.URLs {
			if n := slices.IndexFunc(urls, func(known diagnose.URL) bool { return known.Path == u.Path }); n < 0 {
				urls = append(urls, u)
			} else {
				urls[n].Count = max(urls[n].Count, u.Count)
			}
		}
		for _, s := range i.Sites {
			if !slices.Contains(sites, s) {
				sites = append(sites, s)
			}
		}
	}
	return urls, sites
}

// site returns the name of a site that fails, and whether it uses TLS; SITE if none is known.
func (b *writer) site() (name string, tls bool) {
	name, tls = "SITE", true
	if i := b.first(); i != nil && len(i.Sites) > 0 {
		name = i.Sites[0]
	}
	for _, s := range b.Stacks {
		for _, site := range s.Sites {
			for _, n := range site.Names {
				if name == "SITE" && strings.Contains(n, ".") && !strings.ContainsAny(n, "*~$^") {
					name = n
				}
				if n != name {
					continue
				}
				tls = false
				for _, l := range site.Listens {
					if tls = l.SSL; tls {
						return name, true
					}
				}
			}
		}
	}
	return name, tls
}

// url returns a URL that fails, without its query string.
func (b *writer) url() string {
	name, tls := b.site()
	at := "/"
	if i := b.first(); i != nil && len(i.URLs) > 0 && strings.HasPrefix(i.URLs[0].Path, "/") {
		at = b.m.path(i.URLs[0].Path)
	}
	return map[bool]string{true: "https://", false: "http://"}[tls] + b.m.text(name) + at
}

// whenItFails answers the second point: since when, how often, and whether it still happens.
func (b *writer) whenItFails() {
	i := b.first()
	zone, from := b.zone()
	if i == nil || i.First.IsZero() {
		b.instruct("No line about it has a time. Add the time and its zone.", "date; timedatectl | grep 'Time zone'")
		return
	}
	b.printf("- First: %s, last: %s", i.First.Format(time.DateTime), i.Last.Format(time.DateTime))
	if zone != "" {
		b.printf(" (zone %s, %s)", code(b.m.text(zone)), from)
	}
	b.printf("\n- Requests: %d\n", i.Count)
	var spells []diagnose.Spell
	if b.Kept != nil {
		spells = b.Kept.Spells
	}
	switch {
	case len(spells) > 1:
		b.printf("- It recurs: %d times, with at least 10 minutes without a 502 between them\n", len(spells))
	case len(spells) == 1:
		b.print("- Once, without a pause of 10 minutes\n")
	}
	b.printf("- Now: %s\n\n", state(i))
	if len(spells) > 1 {
		var rows [][]string
		for _, s := range spells[max(0, len(spells)-mostSpells):] {
			rows = append(rows, []string{s.First.Format(time.DateTime), s.Last.Format(time.DateTime), fmt.Sprint(s.Count)})
		}
		b.table([]string{"From", "To", "Requests"}, rows)
		b.more(len(spells)-len(rows), "earlier time")
	}
	if zone == "" {
		b.instruct("The lines have no zone.", "timedatectl | grep 'Time zone'")
	}
	if i.Over == nil {
		b.instruct("The logs do not show whether it still happens.", ShellCommand("curl", "-sS", "-o", "/dev/null", "-w", `%{http_code}\n`, b.url()))
	}
}

// state says whether an incident is over.
func state(i *diagnose.Incident) string {
	switch {
	case i.Over == nil:
		return "not known"
	case *i.Over:
		return "over, PHP answered again afterwards"
	}
	return "still going on"
}

// zone returns the time zone of the log of the web server and where it is from; "" if it is not
// known.
func (b *writer) zone() (name, from string) {
	if b.Diagnosis != nil {
		for _, f := range b.Diagnosis.Files {
			if f.Access > 0 && !f.First.IsZero() {
				return f.First.Format("-07:00"), "of the access log"
			}
		}
	}
	if b.Zone != "" {
		return b.Zone, "as given with --tz"
	}
	if b.Tree == nil {
		return "", ""
	}
	if text, err := b.Tree.Open("/etc/timezone"); err == nil && strings.TrimSpace(text.Content) != "" {
		return strings.TrimSpace(text.Content), "of `/etc/timezone`"
	}
	if _, name, ok := strings.Cut(b.Tree.Leads("/etc/localtime"), "/zoneinfo/"); ok {
		return name, "of `/etc/localtime`"
	}
	return "", ""
}

// location returns the zone in which to compare times of logs with dates of files.
func (b *writer) location() *time.Location {
	name, _ := b.zone()
	if in, err := logs.Zone(cmp.Or(name, "UTC")); err == nil {
		return in
	}
	return time.UTC
}

// requestLines answers the fourth point: what the web server wrote.
func (b *writer) requestLines() {
	var failed []diagnose.Failed
	if b.Kept != nil {
		failed = b.Kept.Requests
	}
	if len(failed) == 0 {
		b.instruct("These logs have no line of a web server about a failed request.", "grep -hE 'upstream|connect\\(\\)|\\[(emerg|alert|crit)\\]' /var/log/nginx/*error*.log | tail -n 20",
			"grep -hE 'proxy[a-z_]*:error|AH[0-9]{5}' /var/log/apache2/*error*.log | tail -n 20")
		return
	}
	for _, f := range failed[:min(len(failed), mostLines)] {
		what := report.Count(f.Count, "request")
		if f.Last != "" && f.Count > 1 {
			what += ", the last at " + f.Last
		}
		b.printf("%s:\n\n", what)
		var lines []string
		for _, l := range f.Lines {
			lines = append(lines, b.dated(l)+"   ("+b.source(l.Line)+")")
		}
		b.block("", lines)
	}
	b.more(len(failed)-mostLines, "kind")
	if !b.failedIn(servers.Nginx) && !b.failedIn(servers.Apache) {
		b.instruct("None of them comes from a web server.", "tail -n 50 /var/log/nginx/error.log /var/log/apache2/error.log")
	}
}

// failedIn reports whether a web server wrote a line about a failed request.
func (b *writer) failedIn(web servers.Server) bool {
	return b.Kept != nil && slices.ContainsFunc(b.Kept.Requests, func(f diagnose.Failed) bool { return f.Lines[0].By == web })
}

// deathLines answers the fifth point: what the kernel killed, and what crashed.
func (b *writer) deathLines() {
	var lines []diagnose.Dated
	if b.Kept != nil {
		lines = b.Kept.Deaths
	}
	b.lines(lines, "These logs have no line of the kernel about a killed or crashed process.",
		"journalctl -k --since '-2 days' | grep -iE 'oom|killed process|segfault|general protection'", "dmesg -T | grep -iE 'oom|killed process|segfault|general protection'")
}

// signalLines answers the sixth point: how workers of PHP-FPM ended.
func (b *writer) signalLines() {
	var lines []diagnose.Dated
	if b.Kept != nil {
		lines = b.Kept.Signals
	}
	version, log := b.php(), "/var/log/php*-fpm.log"
	if version != "" {
		log = "/var/log/php" + version + "-fpm.log"
	}
	b.lines(lines, "These logs have no line of PHP-FPM about a worker that ended with a signal.",
		"grep -E 'exited (on signal|with code [1-9])|terminating' "+log, "journalctl --since '-2 days' -u 'php*fpm*' | grep -E 'exited|terminating'")
}

// lines writes the latest of some lines, or how to get them.
func (b *writer) lines(lines []diagnose.Dated, missing string, commands ...string) {
	if len(lines) == 0 {
		b.instruct(missing, commands...)
		return
	}
	var shown []string
	for _, l := range lines[max(0, len(lines)-mostLines):] {
		shown = append(shown, b.dated(l)+"   ("+b.source(l.Line)+")")
	}
	b.block("", shown)
	b.more(len(lines)-len(shown), "earlier line")
}

// dated returns a line with its time.
func (b *writer) dated(d diagnose.Dated) string {
	text := b.m.line(d.Line)
	if d.When != "" && d.Sign != servers.NoSign {
		return d.When + "  " + text
	}
	return text
}

// source returns where a line is.
func (b *writer) source(l diagnose.Line) string {
	if l.At.Line == 0 {
		return "pasted"
	}
	return b.m.text(fmt.Sprintf("%s:%d", path.Clean(l.At.File), l.At.Line))
}

// ShellCommand returns a command of a POSIX shell. Arguments are quoted where they need it.
func ShellCommand(args ...string) string {
	for i, a := range args {
		if strings.Trim(a, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@") != "" || a == "" {
			args[i] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
	}
	return strings.Join(args, " ")
}
