package deploy

import (
	"cmp"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/compose"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

const fpm = servers.FPM

// maxMachines limits how many machines compose files describe, all variants together.
const maxMachines = 10_000

// composeProjects adds the machines of all compose files.
func (r *repository) composeProjects(found *candidates) {
	for _, p := range compose.All(r.open, found.folders, found.compose) {
		r.out.problems(p.Problems)
		if len(p.Files) > 0 {
			r.composeProject(p)
		}
	}
}

// composeProject adds the machines of one project.
func (r *repository) composeProject(p *compose.Project) {
	for _, f := range p.Files {
		r.out.read(f, source.RoleCompose)
	}
	if len(p.Services) == 0 {
		return
	}
	if r.machines += len(p.Services); r.machines > maxMachines && len(r.out.Deployments) > 0 {
		r.out.Unknown = append(r.out.Unknown, source.NotChecked{Path: p.Merged[len(p.Merged)-1], Why: "the compose files describe more than 10,000 containers"})
		r.out.Unseen++
		return
	}
	c := &composer{repository: r, project: p, deployment: &Deployment{Name: p.Files[0].Name, Sample: p.Sample, Inactive: map[string]source.Span{}, project: p}}
	c.compose()
	c.doubt()
	r.out.Deployments = append(r.out.Deployments, c.deployment)
}

// doubt makes it unknown which services there are, if a part of the project was not
// understood.
func (c *composer) doubt() {
	i := slices.IndexFunc(c.project.Problems, func(p source.Problem) bool { return p.Kind != source.Unset })
	if i < 0 && !c.project.Partial {
		return
	}
	why := "a part of " + strings.TrimPrefix(c.deployment.Name, "/") + " was not read, which may have the name"
	if i >= 0 && c.project.Problems[i].Kind.Refused() {
		why = "Compose refuses " + strings.TrimPrefix(c.deployment.Name, "/") + ", so its services are not all known"
	} else {
		c.out.Unseen++
	}
	for _, m := range c.deployment.Machines {
		m.elsewhere = cmp.Or(m.elsewhere, why)
	}
}

// composer makes the machines of one compose project.
type composer struct {
	*repository
	project    *compose.Project
	deployment *Deployment
	machines   map[string]*Machine // by service
	services   map[string]*compose.Service
	files      map[string]*tree.Tree // those of images, without mounts, by service
	images     map[string]*image     // by service
	mounts     map[string][]owned    // by service
	lent       map[string]*Machine   // containers of the engine that lend volumes, by name
	networks   map[string]*Network   // by key
	host       *Namespace
}

func (c *composer) compose() {
	c.services, c.mounts, c.images = map[string]*compose.Service{}, map[string][]owned{}, map[string]*image{}
	c.machines, c.files, c.networks = map[string]*Machine{}, map[string]*tree.Tree{}, map[string]*Network{}
	c.host, c.lent = &Namespace{Host: true}, map[string]*Machine{}
	for _, s := range c.project.Services {
		m := &Machine{Name: s.Name, At: s.At, Deployment: c.deployment, own: map[string]*Machine{}}
		c.machines[s.Name], c.services[s.Name] = m, s
		c.deployment.Machines = append(c.deployment.Machines, m)
		if s.Memory > 0 {
			m.Memory, m.MemoryAt = s.Memory, s.MemoryAt
		}
		if v := s.Sysctls.Values["net.ipv6.conf.all.disable_ipv6"]; v.Text == "1" {
			m.NoIPv6 = "its sysctls set net.ipv6.conf.all.disable_ipv6 to 1"
		}
		m.restarts = s.Restart.Set() && s.Restart.Text != "no"
	}
	for _, s := range slices.Concat(c.project.Services, c.project.Inactive) {
		if s.Build != nil && s.Image.Known() {
			c.built[bareName(s.Image.Text)] = true
		}
	}
	for _, s := range c.project.Inactive {
		c.deployment.Inactive[strings.ToLower(s.Name)] = s.At
	}
	for _, s := range c.project.Services {
		c.connect(s, c.machines[s.Name])
	}
	for _, s := range c.project.Services {
		c.order(s, c.machines[s.Name])
		c.publish(s, c.machines[s.Name])
	}
	for _, s := range c.project.Services {
		from := c.image(s)
		c.images[s.Name], c.files[s.Name] = from, from.files.Tree()
	}
	for _, s := range c.project.Services {
		m, from := c.machines[s.Name], c.images[s.Name]
		m.Image, m.ImageAt = from.name, from.at
		if s.Image.Set() {
			m.Image, m.ImageAt = s.Image.Shown(), s.Image.At
		}
		c.configure(s, from)
		c.lend(s, m)
		for _, g := range s.Groups {
			m.join(from, textOf(g))
		}
		c.name(s, m, from)
		c.boot(m, from)
	}
}

// connect puts a machine into its networks.
func (c *composer) connect(s *compose.Service, m *Machine) {
	for _, l := range s.Links {
		if to := c.machines[l.Service]; to != nil {
			m.own[strings.ToLower(l.Alias)], m.own[strings.ToLower(l.Service)] = to, to
		}
	}
	if len(s.ExternalLinks) > 0 {
		m.elsewhere = "external_links may have the name"
	}
	if c.enter(s, m) {
		c.attach(s, m)
	}
}

// enter puts a machine into the network namespace that network_mode names, and reports
// whether it is on the networks of its service.
func (c *composer) enter(s *compose.Service, m *Machine) bool {
	mode := s.NetworkMode.Text
	switch {
	case !s.NetworkMode.Known() && s.NetworkMode.Set():
		m.elsewhere = "the network of container " + s.Name + " is not known"
	case mode == "host":
		m.namespace = c.host
		c.host.Members = append(c.host.Members, m)
		m.elsewhere = "the names of the host are not known"
		return false
	case strings.HasPrefix(mode, "service:"):
		if to := c.machines[strings.TrimPrefix(mode, "service:")]; to != nil {
			c.share(m, to)
			return false
		}
	case mode == "none":
		return false
	case mode == "bridge", c.project.V1 && mode == "":
		return false // the default bridge has no names, only links
	case strings.HasPrefix(mode, "container:"):
		m.elsewhere = "the network of another container is not known"
		return false
	}
	return true
}

// attach gives a machine its names and addresses on each of its networks.
func (c *composer) attach(s *compose.Service, m *Machine) {
	names := []string{s.Name}
	m.Names = slices.Clone(names)
	elsewhere := ""
	if s.ContainerName.Set() {
		m.Names = append(m.Names, s.ContainerName.Shown())
	}
	if s.ContainerName.Known() {
		names = append(names, s.ContainerName.Text)
	} else if s.ContainerName.Set() {
		elsewhere = "the value of a variable in container_name is not known"
	}
	for _, a := range s.Networks {
		n := c.network(a.Network)
		here := slices.Clone(names)
		for _, alias := range a.Aliases {
			m.Names = append(m.Names, alias.Shown())
			if !alias.Known() {
				n.elsewhere = "the value of a variable in an alias is not known"
				continue
			}
			here = append(here, alias.Text)
		}
		n.elsewhere = cmp.Or(n.elsewhere, elsewhere)
		n.join(m, here...)
		for _, v := range []compose.Value{a.IPv4, a.IPv6} {
			if addr, err := netip.ParseAddr(v.Text); err == nil {
				n.addresses[addr] = append(n.addresses[addr], m)
			}
		}
		if net := c.project.Networks[a.Network]; net != nil && net.External {
			m.elsewhere = "network " + a.Network + " is external, so containers of other projects may have the name"
		}
	}
}

// share puts m into the network namespace of to.
func (c *composer) share(m, to *Machine) {
	if to.namespace == nil {
		to.namespace = &Namespace{Members: []*Machine{to}}
	}
	m.namespace = to.namespace
	to.namespace.Members = append(to.namespace.Members, m)
}

func (c *composer) network(key string) *Network {
	if c.networks[key] == nil {
		name := key
		if n := c.project.Networks[key]; n != nil && n.Name != "" {
			name = n.Name
		}
		c.networks[key] = NewNetwork(name)
	}
	return c.networks[key]
}

// order records which machines start before m.
func (c *composer) order(s *compose.Service, m *Machine) {
	for _, d := range s.DependsOn {
		if to := c.machines[d.Service]; to != nil {
			m.after = append(m.after, Dependency{to, d.At})
		}
	}
}

// publish records the ports of the host that lead to m.
func (c *composer) publish(s *compose.Service, m *Machine) {
	const most = 1000
	for _, p := range s.Ports {
		if p.Protocol != "" && p.Protocol != "tcp" || p.Published.First == 0 {
			continue
		}
		for i := 0; i <= p.Published.Last-p.Published.First && i < most; i++ {
			target := p.Target.First
			if p.Target.Last > p.Target.First {
				target += i
			}
			c.deployment.Published = append(c.deployment.Published, Published{p.At, uint16(p.Published.First + i), Target{m, uint16(target)}})
		}
	}
}

// image returns the image of a service.
func (c *composer) image(s *compose.Service) *image {
	b := s.Build
	if b == nil {
		if !s.Image.Known() && len(s.Image.Unknown) > 0 {
			return c.partly(s.Image.Filled(func(string) string { return hole.Mark }), s.Image.Shown(), s.Image.Unknown[0], s.Image.At)
		}
		return c.published(s.Image.Text, s.Image.At)
	}
	unknown := func(why string) *image {
		return c.lacking(s.Name, why, b.At)
	}
	if len(b.Context.Unknown) > 0 {
		return unknown("the value of " + b.Context.Unknown[0] + " in its build context is not known")
	}
	if b.Remote || b.Outside {
		return unknown("its build context " + b.Context.Text + " is not in the project")
	}
	named := map[string]*context{}
	for name, v := range b.AdditionalContexts {
		if strings.HasPrefix(v.Text, "/") {
			named[name] = c.context(v.Text, "")
		}
	}
	args := map[string]source.Text{}
	for _, name := range b.Args.Names {
		v := b.Args.Values[name]
		args[name] = textOf(v)
	}
	file := b.Dockerfile.Text
	var text *source.File
	if b.Inline.String != "" {
		text = b.Inline.File(path.Join(b.Context.Text, "Dockerfile"))
	} else {
		f, err := c.open(file)
		if err != nil {
			c.out.Unknown = append(c.out.Unknown, source.NotChecked{At: b.At, Why: "its Dockerfile " + strings.TrimPrefix(file, "/") + " cannot be read: " + err.Error()})
			return unknown("its Dockerfile " + strings.TrimPrefix(file, "/") + " is not in the project")
		}
		text = f
	}
	made := c.build(c.dockerfile(text), c.context(b.Context.Text, file), named, args).image(b.Target.Text)
	if made == nil {
		return unknown("its Dockerfile has no stage " + b.Target.Text)
	}
	return made
}

// textOf returns a value with its origin, and a hole for each variable without value.
func textOf(v compose.Value) source.Text {
	if len(v.Unknown) > 0 {
		return source.Made(v.Filled(func(string) string { return hole.Mark }), v.At)
	}
	return v.From()
}

// configure applies what a service says beyond its image.
func (c *composer) configure(s *compose.Service, m *image) {
	for _, name := range s.Environment.Names {
		v := s.Environment.Values[name]
		m.env[name] = textOf(v)
	}
	m.open = s.Environment.Open
	if s.WorkingDir.Known() {
		m.dir = s.WorkingDir.Text
	}
	if s.User.Known() {
		m.user, m.userAt = s.User.Text, s.User.At
	}
	m.unattended = !s.Terminal
	if e := s.Entrypoint; e != nil {
		m.entrypoint, m.command = textsOf(e), nil
		m.entry = servers.EntryNone
	}
	if cmd := s.Command; cmd != nil {
		m.command = textsOf(cmd)
	}
	c.mount(s, m)
}

// name gives a machine the names of extra_hosts: those with an address in /etc/hosts.
func (c *composer) name(s *compose.Service, m *Machine, from *image) {
	hosts := source.Text{String: "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"}
	m.hosts = map[string]string{}
	for _, h := range s.ExtraHosts {
		switch _, err := netip.ParseAddr(h.Address.Text); {
		case err == nil:
			hosts = source.Join(hosts, source.Made(h.Address.Text+" "+h.Name+"\n", h.At))
		case h.Address.Text == "host-gateway":
			m.hosts[strings.ToLower(h.Name)] = ""
		default:
			m.hosts[strings.ToLower(h.Name)] = "the address of " + h.Name + " in extra_hosts is not known"
		}
	}
	from.files.Put("/etc/hosts", hosts, "", tree.Owner{Mode: 0o644, Known: true})
}

func textsOf(cmd *compose.Command) (all []source.Text) {
	for _, v := range cmd.Exec {
		all = append(all, textOf(v))
	}
	return all
}
