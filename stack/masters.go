package stack

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
)

// linkMaster adds a master and its pools.
func (l *linker) linkMaster(c *parser.Master) {
	m := &Master{
		Machine:  l.machines.ofMaster(c),
		At:       c.Global.At(),
		Version:  c.Version,
		Complete: c.Complete,
		Loose:    c.Loose,
		Together: !c.Loose || c.Together,
	}
	if m.At.IsZero() {
		m.At = c.Main.Span(0, 0)
	}
	m.global, m.ini = c.Global, c.PHPIni
	if m.Version == "" {
		m.Version = l.versionElsewhere(c.Main.Name)
	}
	m.debian = c.Layout != nil && c.Layout == debianLayout
	m.RestartThreshold = number(c.Global, "emergency_restart_threshold", 0)
	m.RestartInterval = seconds(c.Global, "emergency_restart_interval", 0)
	m.ProcessMax = number(c.Global, "process.max", 0)
	m.FileLimit = number(c.Global, "rlimit_files", 0)
	m.Opcache = opcache(c.PHPIni, m.At)
	if c.PHPIni != nil {
		m.Xdebug = xdebug(c.PHPIni)
		l.problems(servers.PHP, c.PHPIni.Problems)
	}
	l.problems(servers.FPM, c.Problems)
	l.Masters, m.Machine.Masters = append(l.Masters, m), append(m.Machine.Masters, m)
	for _, section := range c.Pools {
		l.linkPool(m, c, section)
	}
	l.judgeEntries(m, c)
}

// linkPool adds one pool of a master.
func (l *linker) linkPool(m *Master, c *parser.Master, section *fpm.Section) {
	p := &Pool{Master: m, Name: section.Name, At: section.At(), Section: section}
	p.MaxChildren = number(section, "pm.max_children", -1)
	p.MemoryLimit = memoryLimit(p, c.PHPIni)
	prefix := poolPrefix(c, section)
	for i := range section.Entries {
		e := &section.Entries[i]
		switch {
		case e.Indexed() || e.Bare():
		case e.Key() == "listen" && e.Lost:
			p.Lost = append(p.Lost, l.readListen(e.Value(), section, prefix))
		case e.Key() == "listen":
			p.Listen = l.readListen(e.Value(), section, prefix)
		case e.Key() == "pm.status_listen" && !e.Lost:
			p.StatusListen = l.readListen(e.Value(), section, prefix)
		}
	}
	if p.Listen.At.IsZero() {
		p.Listen.At, p.Listen.Why = p.At, "pool "+p.Name+" has no listen in the files given"
	}
	p.Clients, p.Starts, p.CatchOutput = p.clients(), p.starts(), p.catchOutput()
	p.FileLimit = number(section, "rlimit_files", 0)
	m.Pools = append(m.Pools, p)
	l.Pools = append(l.Pools, p)
	m.Machine.add(p)
}

// poolPrefix returns what the relative paths of a pool are relative to (php-src
// fpm_conf.c, fpm_evaluate_full_path), and "" when the files do not tell.
func poolPrefix(c *parser.Master, section *fpm.Section) string {
	prefix, written := c.Prefix, false
	if e, ok := section.Get("prefix"); ok && e.Value().Text != "" {
		if e.Value().Why != "" {
			return ""
		}
		prefix, written = section.Pool(e.Value().Text), true
	}
	if !strings.HasPrefix(prefix, "/") {
		prefix = path.Join(c.Prefix, prefix)
	}
	if c.Loose && !written && c.Layout == nil {
		return ""
	}
	return prefix
}

// number returns a whole number of a section; a value that FPM refuses is
// unknown here and another rule's business. An otherwise below zero stands for
// none.
func number(s *fpm.Section, key string, otherwise int64) Setting[int64] {
	return read(s, key, otherwise, fpm.Int)
}

// seconds returns a time of a section.
func seconds(s *fpm.Section, key string, otherwise int64) Setting[int64] {
	return read(s, key, otherwise, fpm.Seconds)
}

func read(s *fpm.Section, key string, otherwise int64, parse func(string) (int64, bool)) Setting[int64] {
	e, ok := s.Get(key)
	switch {
	case !ok && otherwise < 0:
		return nothing[int64](s.At())
	case !ok:
		return fallback(otherwise, s.At())
	case e.Value().Why != "":
		return untold[int64](e.Value().At, e.Value().Why)
	}
	if e.Value().Text == "" && otherwise >= 0 {
		return known(otherwise, e.Value().At)
	}
	n, ok := parse(e.Value().Text)
	if !ok {
		return untold[int64](e.Value().At, key+" is not a number that PHP-FPM takes")
	}
	return known(n, e.Value().At)
}
