package stack

import (
	"slices"

	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
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
	m.global, m.ini = c.Global, c.PHPIni
	if m.Version == "" {
		m.Version = l.versionElsewhere(c.Main.Name)
	}
	m.debian = c.Layout == &servers.Layouts[0]
	m.RestartThreshold = c.Global.Int(servers.KeyEmergencyRestartThreshold)
	m.RestartInterval = c.Global.Seconds(servers.KeyEmergencyRestartInterval)
	m.ProcessMax = c.Global.Int(servers.KeyProcessMax)
	m.FileLimit = c.Global.Int(servers.KeyRlimitFiles).Or(0)
	m.Opcache = l.opcache(m)
	if c.PHPIni != nil {
		m.Xdebug = xdebug(c.PHPIni)
		l.problems(servers.PHP, c.PHPIni.Problems)
	}
	machine := fpmt.Machine{Facts: l.Facts, Version: m.Version, Root: l.configs.Whole, BootDir: l.BootDir}
	l.Pools, m.Pools = slices.Grow(l.Pools, len(c.Pools)), make([]*Pool, 0, len(c.Pools))
	m.Result = fpmt.Check(c, machine, func(section *fpm.Section) { l.linkPool(m, c, section) })
	m.Refuses = len(c.Problems) > 0 || slices.ContainsFunc(m.Refused, func(r fpmt.Refusal) bool { return r.Says != "" })
	l.problems(servers.FPM, slices.DeleteFunc(slices.Clone(c.Problems), func(p source.Problem) bool { return m.Explained[p] }))
	l.Masters, m.Machine.Masters = append(l.Masters, m), append(m.Machine.Masters, m)
}

// linkPool adds one pool of a master.
func (l *linker) linkPool(m *Master, c *parser.Master, section *fpm.Section) {
	p := &Pool{Master: m, Name: section.Name, At: section.At(), Section: section}
	p.MaxChildren = section.Int(servers.KeyPMMaxChildren)
	p.MemoryLimit = p.memoryLimit()
	prefix := fpmt.Prefix(c, section)
	for i := range section.Entries {
		e := &section.Entries[i]
		switch {
		case e.Indexed() || e.Bare():
		case e.Directive == servers.KeyListen && e.Lost:
			p.Lost = append(p.Lost, l.sockets.Read(e.Value(), section, prefix))
		case e.Directive == servers.KeyListen:
			p.Listen = l.sockets.Read(e.Value(), section, prefix)
		case e.Directive == servers.KeyPMStatusListen && !e.Lost:
			p.StatusListen = l.sockets.Read(e.Value(), section, prefix)
		}
	}
	if p.Listen.At.IsZero() {
		p.Listen.At, p.Listen.Why = p.At, "pool "+p.Name+" has no listen in the files given"
	}
	p.Clients, p.Starts, p.CatchOutput = p.clients(), p.starts(), p.catchOutput()
	p.FileLimit = section.Int(servers.KeyRlimitFiles).Or(0)
	m.Pools = append(m.Pools, p)
	l.Pools = append(l.Pools, p)
	m.Machine.add(p)
}
