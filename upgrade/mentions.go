package upgrade

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// mentionDirs are where other programs name a service, a socket or a program of PHP. What they
// do with the name is theirs, so their files are never edited.
var mentionDirs = []string{
	"/etc/sudoers", "/etc/sudoers.d", "/etc/crontab", "/etc/cron.d", "/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly", "/etc/cron.monthly", "/var/spool/cron",
	"/etc/logrotate.d", "/etc/monit", "/etc/monit.d", "/etc/needrestart", "/etc/supervisor", "/etc/supervisord.d", "/etc/systemd/system", "/etc/tmpfiles.d",
	"/etc/apparmor.d/local", "/etc/fail2ban", "/etc/zabbix", "/etc/telegraf", "/etc/datadog-agent", "/etc/netdata", "/etc/munin", "/etc/rsyslog.d",
	"/etc/ansible", "/etc/letsencrypt/renewal-hooks", "/etc/profile.d", "/etc/default", "/etc/sysconfig", "/etc/alternatives", "/usr/local/bin", "/usr/local/sbin", "/root/bin",
}

// mostMentioned is how many files are searched at most.
const mostMentioned = 5000

// mentions says which files name the old version for purposes of their own.
func (p *planner) mentions() {
	left := mostMentioned
	for _, dir := range mentionDirs {
		p.mentionsIn(dir, &left)
	}
}

// mentionsIn searches a file, or a directory with all that is in it.
func (p *planner) mentionsIn(name string, left *int) {
	list, err := p.tree().List(name)
	if err != nil {
		p.mention(name, left)
		return
	}
	for _, e := range list {
		full := path.Join(name, e.Name)
		switch e.Type {
		case tree.Dir:
			p.mentionsIn(full, left)
		case tree.File:
			p.mention(full, left)
		}
	}
}

// mention says that a file names the old version.
func (p *planner) mention(name string, left *int) {
	base := path.Base(name)
	if *left--; *left < 0 || p.drafts[name] != nil || strings.HasPrefix(base, p.old.unit+".") || base == p.old.unit || strings.Contains(name, "/"+p.old.unit+".service.d/") {
		return
	}
	for n, line := range strings.Split(p.read(name), "\n") {
		if l := strings.TrimSpace(line); l == "" || l[0] == '#' || l[0] == ';' || !p.names(l) {
			continue
		}
		p.tell(Step{Path: name, Text: fmt.Sprintf("%s names PHP %s in line %d, and is not changed", name, p.From, n+1), Why: "what it does with the name is its own"})
		return
	}
}

// names reports whether a line names the old version.
func (p *planner) names(line string) bool {
	unescaped := strings.ReplaceAll(line, `\.`, ".")
	return renamed(unescaped, p.From, p.To) != unescaped || slices.Contains(strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\"'=/:,;()", r) }), p.old.unit)
}
