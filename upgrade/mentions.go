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

// mostSearched is how many files are searched at most, and mostTold how many of a project are told.
const mostSearched, mostTold = 5000, 10

// mentions says which files name the old version for purposes of their own.
func (p *planner) mentions() {
	s := &search{tree: p.tree(), left: mostSearched, look: func(name string) {
		if base := path.Base(name); !strings.HasPrefix(base, p.old.unit+".") && base != p.old.unit && !strings.Contains(name, "/"+p.old.unit+".service.d/") {
			p.mention(name, p.names)
		}
	}}
	for _, dir := range mentionDirs {
		s.in(dir)
	}
}

// projectMentions says which files of a project name a PHP-FPM of the old version and stay: what
// starts in a container may be in one of them.
func (p *planner) projectMentions() {
	told := 0
	s := &search{tree: p.tree(), left: mostSearched}
	s.look = func(name string) {
		if ext := path.Ext(name); ext == ".md" || ext == ".txt" || ext == ".rst" {
			return
		}
		if p.mention(name, func(line string) bool { return strings.Contains(line, "fpm") && p.names(line) }) {
			told++
		}
		if told == mostTold {
			s.left = 0
		}
	}
	s.in("/")
}

// search looks at files until left is 0.
type search struct {
	tree *tree.Tree
	left int
	look func(name string)
}

// in searches a file, or a directory with all that is in it but what others have written.
func (s *search) in(name string) {
	list, err := s.tree.List(name)
	if err != nil {
		s.file(name)
		return
	}
	for _, e := range list {
		full := path.Join(name, e.Name)
		switch {
		case e.Name == ".git", e.Name == "node_modules", e.Name == "vendor":
		case e.Type == tree.Dir && s.left > 0:
			s.in(full)
		case e.Type == tree.File:
			s.file(full)
		}
	}
}

func (s *search) file(name string) {
	if s.left > 0 {
		s.left--
		s.look(name)
	}
}

// mention says that a file that does not change names the old version, and reports whether one
// of its lines does.
func (p *planner) mention(name string, names func(line string) bool) bool {
	if p.drafts[name] != nil {
		return false
	}
	for n, line := range strings.Split(p.read(name), "\n") {
		if line = strings.TrimSpace(line); !comment(line) && names(line) {
			p.tell(Step{Path: name, Text: fmt.Sprintf("%s names PHP %s in line %d, and is not changed", name, p.From, n+1), Why: "what it does with the name is its own"})
			return true
		}
	}
	return false
}

// names reports whether a line names the old version.
func (p *planner) names(line string) bool {
	unescaped := strings.ReplaceAll(line, `\.`, ".")
	return renamed(unescaped, p.From, p.To) != unescaped || slices.Contains(strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\"'=/:,;()", r) }), p.old.unit)
}
