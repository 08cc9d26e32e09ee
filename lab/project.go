//go:build linux

package lab

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/stack"
)

// NotStaged is why a case cannot be shown in a sandbox.
type NotStaged string

func (n NotStaged) Error() string { return string(n) }

// projectOf returns the machines that a case describes, in groups that run together; nil for
// a host.
func projectOf(c *cases.Case) []*deploy.Deployment {
	t := c.Tree()
	if accounts, _ := t.Exists("/etc/passwd"); accounts {
		return nil
	}
	all := deploy.Find(t).Deployments
	for _, runs := range []func(*deploy.Deployment) bool{
		func(d *deploy.Deployment) bool { return len(edgesOf(d)) > 0 && !imageOnly(d) },
		func(d *deploy.Deployment) bool { return len(edgesOf(d)) > 0 },
	} {
		if found := slices.DeleteFunc(slices.Clone(all), func(d *deploy.Deployment) bool { return !runs(d) }); len(found) > 0 {
			return found
		}
	}
	return all
}

// imageOnly reports whether a deployment is an image of which nothing says how it runs.
func imageOnly(d *deploy.Deployment) bool {
	return !strings.HasSuffix(d.Name, ".yml") && !strings.HasSuffix(d.Name, ".yaml")
}

// newProject returns the host of the containers of a deployment. They start in the best
// order for nginx that the project allows, or in the worst.
func newProject(c *cases.Case, d *deploy.Deployment, p Programs, worst bool) (*Host, error) {
	h := &Host{Patience: patience}
	for name, text := range c.Texts() {
		h.Files = append(h.Files, cases.File{Name: name, Text: text})
	}
	machines := inOrder(d.Machines, worst)
	for _, m := range machines {
		if m.Unknown != "" && len(m.Nginx)+len(m.FPM) > 0 {
			return nil, NotStaged(m.Name + ": " + m.Unknown)
		}
		if len(m.Nginx) > 1 {
			return nil, NotStaged(m.Name + " starts several nginx")
		}
		one := newContainer(m)
		for _, s := range m.FPM {
			one.Masters = append(one.Masters, containerFPM(m, s, p))
		}
		for _, s := range m.Nginx {
			one.Nginx = containerNginx(one, m, s, p)
		}
		for _, t := range readConfigs(m, nil, nil).Tunnels {
			one.Tunnel = newTunnel(t)
		}
		one.join(m, machines)
		if m.Cluster {
			h.joinCluster(one, m, machines)
		}
		h.Containers = append(h.Containers, one)
	}
	h.publish(d, machines)
	for _, m := range machines {
		h.fix(m, machines)
	}
	for _, m := range edgesOf(d) {
		edge := Edge{Container: slices.Index(machines, m)}
		if site := servedSite(stack.Link(readConfigs(m, m.Nginx, nil), host.Collect(m.Tree, host.Overrides{}))); site != nil {
			edge.Site = rootRequest(site)
		}
		h.Edges = append(h.Edges, edge)
	}
	h.addScripts(c, d)
	return h, nil
}

// edgesOf returns the machines that requests are sent to: those that run nginx and have a
// published port, else the first that runs nginx.
func edgesOf(d *deploy.Deployment) (edges []*deploy.Machine) {
	var first []*deploy.Machine
	for _, m := range d.Machines {
		switch {
		case len(m.Nginx) == 0:
		case slices.ContainsFunc(d.Published, func(p deploy.Published) bool { return p.Target.Machine == m }):
			edges = append(edges, m)
		case first == nil:
			first = []*deploy.Machine{m}
		}
	}
	if edges == nil {
		return first
	}
	return edges
}

// servedSite returns the first site that passes requests on, else the first.
func servedSite(s *stack.Stack) *stack.Site {
	for _, g := range s.Gateways {
		if g.Site != nil {
			return g.Site
		}
	}
	if len(s.Sites) > 0 {
		return s.Sites[0]
	}
	return nil
}

// inOrder returns machines in an order in which the project may start them: those with
// nginx as late as possible, or with worst set as early as possible.
func inOrder(machines []*deploy.Machine, worst bool) (order []*deploy.Machine) {
	todo := slices.Clone(machines)
	slices.SortStableFunc(todo, func(a, b *deploy.Machine) int {
		last := min(len(a.Nginx), 1) - min(len(b.Nginx), 1)
		if worst {
			return -last
		}
		return last
	})
	for len(todo) > 0 {
		next := max(0, slices.IndexFunc(todo, func(m *deploy.Machine) bool {
			return !slices.ContainsFunc(todo, func(other *deploy.Machine) bool {
				_, after := m.StartsAfter(other)
				return after && other != m
			})
		}))
		order = append(order, todo[next])
		todo = slices.Delete(todo, next, next+1)
	}
	return order
}

// join sets the network of a container: what shares its namespace, and the names that it
// knows.
func (c *Container) join(m *deploy.Machine, machines []*deploy.Machine) {
	c.Space = len(machines)
	for _, mate := range m.Mates() {
		c.Space = min(c.Space, slices.Index(machines, mate))
	}
	_, c.OnHost = m.Loopback(0)
	names := m.Known()
	for _, own := range m.Names {
		names = append(names, deploy.Named{Name: strings.ToLower(own), Machine: m})
	}
	for _, known := range names {
		to := []*deploy.Machine{known.Machine}
		for _, t := range m.Route(known.Name, fpmPort).Targets {
			if !slices.Contains(to, t.Machine) {
				to = append(to, t.Machine)
			}
		}
		k := Known{Name: known.Name}
		for _, other := range to {
			k.Containers = append(k.Containers, slices.Index(machines, other))
		}
		c.Hosts = append(c.Hosts, k)
	}
}

// fpmPort is the port at which the images of PHP-FPM listen.
const fpmPort = 9000
