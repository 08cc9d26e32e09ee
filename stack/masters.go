package stack

import (
	"slices"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/source"
)

// linkMasters adds the masters that may run, with their pools.
func (l *linker) linkMasters() {
	for _, c := range l.configs.Masters {
		if start := l.services.Of(c); l.Container == nil {
			l.linkMaster(c, start, l.services.Process(start))
		} else {
			l.linkMaster(c, service.Start{}, service.Process{})
		}
	}
}

// newMaster returns a master without its pools.
func (l *linker) newMaster(c *parser.Master, start service.Start, as service.Process) *Master {
	m := &Master{
		start: start, as: as.As,
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
	return m
}

// machineOf returns what decides what PHP-FPM refuses of a master.
func (l *linker) machineOf(m *Master, as service.Process) fpmt.Machine {
	machine := fpmt.Machine{
		Facts: l.Facts, Version: m.Version, Root: as.Known && as.As == nil, BootDir: l.BootDir,
		As: as.As, View: as.View, NoChown: as.NoChown, RunsRoot: m.start.Options.Root,
	}
	if c := l.Container; c != nil {
		account := c.RunAs(servers.FPM)
		machine.As = l.Process(servers.FPM)
		machine.Root = account.Known && account.UID == 0
		machine.RunsRoot = slices.ContainsFunc(c.FPM, func(s deploy.Server) bool { return s.Root })
	}
	return machine
}

// linkMaster adds a master and its pools; of one that does not run, only what listens nowhere.
func (l *linker) linkMaster(c *parser.Master, start service.Start, as service.Process) {
	m := l.newMaster(c, start, as)
	machine := l.machineOf(m, as)
	pools := make([]Pool, len(c.Pools))
	if start.Never != "" {
		fpmt.Check(c, machine, func(i int, at fpmt.Listens) {
			pools[i] = Pool{Master: m, Name: c.Pools[i].Name, At: c.Pools[i].At(), Listen: at.Listen}
		})
		m.Machine.stop(pools)
		return
	}
	if c.PHPIni != nil {
		m.Xdebug = xdebug(c.PHPIni)
		l.problems(servers.PHP, c.PHPIni.Problems)
	}
	m.Result = fpmt.Check(c, machine, func(i int, at fpmt.Listens) { pools[i] = l.poolOf(m, c.Pools[i], at) })
	if len(m.Machine.pools) == 0 {
		m.Machine.pools = make(map[netaddr.Endpoint]*Pool, len(pools))
	}
	m.Pools = make([]*Pool, len(pools))
	for i := range pools {
		m.Pools[i] = &pools[i]
		m.Machine.add(m.Pools[i])
	}
	l.Pools = append(l.Pools, m.Pools...)
	m.Refuses = len(c.Problems) > 0 || slices.ContainsFunc(m.Refused, func(r fpmt.Refusal) bool { return r.Says != "" })
	l.problems(servers.FPM, slices.DeleteFunc(slices.Clone(c.Problems), func(p source.Problem) bool { return m.Explained[p] }))
	l.Masters, m.Machine.Masters = append(l.Masters, m), append(m.Machine.Masters, m)
}

// poolOf returns one pool of a master. It is called concurrently.
func (l *linker) poolOf(m *Master, section *fpm.Section, at fpmt.Listens) Pool {
	p := Pool{Master: m, Name: section.Name, At: section.At(), Section: section, Listen: at.Listen, Lost: at.Lost, StatusListen: at.Status}
	p.Clients = p.clients()
	p.readMode()
	if l.accounts() {
		p.socket, p.noSocket = p.madeSocket(l.Facts)
	}
	return p
}
