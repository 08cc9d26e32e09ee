//go:build linux

package lab

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/wp502lint/wp502lint/servers"
)

// fleet is the containers of a project in a sandbox.
type fleet struct {
	*Boot
	host       *space // of the bridge
	containers []*running
	stores     map[string]string // the directories of storage, by key
	open       []io.Closer
}

// running is a container in a sandbox.
type running struct {
	*Container
	jail
	hosts   string // its /etc/hosts without names of the network
	servers []*Process
	up      bool
	// names are those that exist, for its resolver.
	names atomic.Pointer[map[string][]netip.Addr]
}

// serves reports whether the first program of a container runs. A container that runs
// neither nginx nor PHP-FPM is one of another program, such as a database.
func (r *running) serves() bool {
	return !r.Ends && (len(r.servers) == 0 || slices.ContainsFunc(r.servers, func(p *Process) bool { return p.Refused == "" }))
}

// tryProject is try for the containers of a project.
func (b *Boot) tryProject() (r *Result, err error) {
	if err := syscall.Mount("project", caseDir, "tmpfs", syscall.MS_NOSUID, "size=64m,mode=755"); err != nil {
		return nil, err
	}
	f := &fleet{Boot: b, stores: map[string]string{}}
	defer func() { err = errors.Join(err, b.end(), f.close(), unmountRoot()) }()
	if err := f.network(); err != nil {
		return nil, err
	}
	if err := f.layOut(); err != nil {
		return nil, fmt.Errorf("laying out the containers: %w", err)
	}
	if err := f.serve(); err != nil {
		return nil, err
	}
	if err := f.boot(); err != nil {
		return nil, err
	}
	return f.observe()
}

// network creates the bridge, and the namespaces of the containers.
func (f *fleet) network() (err error) {
	if f.host, err = newSpace(); err != nil {
		return err
	}
	f.open = append(f.open, f.host.fd)
	f.host.addr = hostAddress
	if err := f.host.do(func() error { return addBridge(f.host.addr, f.Host.Services) }); err != nil {
		return err
	}
	for i, c := range f.Host.Containers {
		r := &running{Container: c, jail: jail{root: caseDir + "/" + strconv.Itoa(i), space: f.host, uid: c.UID, gid: c.GID, groups: c.Groups}}
		f.containers = append(f.containers, r)
		switch {
		case c.OnHost:
		case c.Space < i:
			r.space = f.containers[c.Space].space
		default:
			if r.space, err = newSpace(); err != nil {
				return err
			}
			f.open = append(f.open, r.space.fd)
			r.space.addr = netip.AddrFrom4([4]byte{172, 30, 1, byte(i + 1)})
			if err := f.host.do(func() error { return r.space.connect("port"+strconv.Itoa(i), c.Fixed) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// serve starts what an engine serves in networks: names, and the ports of the host.
func (f *fleet) serve() error {
	if err := f.name(); err != nil {
		return err
	}
	for i, r := range f.containers {
		if r.Space < i || r.OnHost {
			continue
		}
		socket, err := r.answer()
		if err != nil {
			return fmt.Errorf("answering queries: %w", err)
		}
		f.open = append(f.open, socket)
	}
	for _, p := range f.Host.Published {
		listener, err := f.publish(p)
		if err != nil {
			return fmt.Errorf("publishing a port: %w", err)
		}
		f.open = append(f.open, listener)
	}
	return nil
}

// close closes the network.
func (f *fleet) close() (err error) {
	for _, one := range slices.Backward(f.open) {
		err = errors.Join(err, one.Close())
	}
	return err
}

// boot starts the containers one after the other, and then again those that the engine
// starts again after their end.
func (f *fleet) boot() error {
	for _, r := range f.containers {
		if err := f.start(r); err != nil {
			return err
		}
	}
	for again := true; again; {
		again = false
		for _, r := range f.containers {
			if r.up || !r.Restarts {
				continue
			}
			if err := f.start(r); err != nil {
				return err
			}
			again = again || r.up
		}
	}
	return nil
}

// start starts a container and its servers. Its names exist as long as it runs.
func (f *fleet) start(r *running) error {
	r.up, r.servers = !r.Ends, nil
	if err := f.name(); err != nil {
		return err
	}
	commands := r.Masters
	if r.Nginx != nil {
		commands = append(slices.Clip(commands), *r.Nginx)
	}
	for _, c := range commands {
		p, err := f.Boot.start(c, r.jail)
		if err != nil {
			return err
		}
		if r.Ends {
			p.Stop() // with the first program of its container
		}
		r.servers = append(r.servers, p)
	}
	r.up = r.serves()
	return f.name()
}

// name gives every container the names that exist: those of containers that run. In
// place of a query to a resolver, which the C library of nginx does when it starts, they are in
// its hosts file, unless that has the name already.
func (f *fleet) name() error {
	for _, r := range f.containers {
		names := f.namesFor(r)
		resolved := maps.Clone(names)
		if r.Cluster {
			maps.DeleteFunc(resolved, func(name string, _ []netip.Addr) bool { return !strings.HasSuffix(name, clusterDomain) })
		}
		r.names.Store(&resolved)
		lines := r.hosts
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if slices.Contains(strings.Fields(r.hosts), name) {
				continue
			}
			for _, addr := range names[name] {
				lines += addr.String() + " " + name + "\n"
			}
		}
		if err := inRoot(r.root, func() error { return write("/etc/hosts", lines) }); err != nil {
			return err
		}
	}
	return nil
}

// namesFor returns the names that a container knows, with their addresses.
func (f *fleet) namesFor(r *running) map[string][]netip.Addr {
	names := map[string][]netip.Addr{}
	for _, known := range r.Hosts {
		if known.Addr.IsValid() {
			names[known.Name] = []netip.Addr{known.Addr}
		}
		for _, i := range known.Containers {
			if to := f.containers[i]; to.up {
				names[known.Name] = append(names[known.Name], to.space.addr)
			}
		}
	}
	return names
}

// tunnel returns what acts for the cloudflared of a container, in its namespace.
func (f *fleet) tunnel() *tunnel {
	for _, r := range f.containers {
		if r.Tunnel == nil {
			continue
		}
		t := r.Tunnel.open()
		t.space, t.names = r.space, f.namesFor(r)
		t.names["localhost"] = []netip.Addr{netip.IPv6Loopback(), netip.AddrFrom4([4]byte{127, 0, 0, 1})}
		return t
	}
	return (*Tunnel)(nil).open()
}

// observe sends the requests and collects what the servers wrote.
func (f *fleet) observe() (*Result, error) {
	r := f.result()
	tunnel := f.tunnel()
	for _, e := range f.Host.Edges {
		edge := f.containers[e.Container]
		if !edge.up || edge.servers[len(edge.servers)-1].Refused != "" {
			continue
		}
		var answers []Answers
		for _, request := range f.Host.Requests {
			to := e.Site
			to.Path, to.Times = request.Path, request.Times
			if request.By == "tunnel" {
				to.Host, to.relay = cmp.Or(request.Host, to.Host), tunnel
			}
			answers = append(answers, to.sendAll(f.Host.Patience, edge.space))
		}
		r.join(&Result{Answers: answers})
	}
	r.Lines[servers.Cloudflared] = tunnel.lines
	for _, p := range slices.Backward(f.started) {
		p.Stop()
	}
	for _, p := range f.started {
		r.Lines[p.By] = append(r.Lines[p.By], linesOf(p.wrote())...)
		err := inRoot(p.at.root, func() error {
			r.Lines[p.By] = append(r.Lines[p.By], readLogs(p.Logs, map[string]bool{})...)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return r, nil
}
