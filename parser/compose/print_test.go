package compose

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// described by lines, so that a difference is one line.
type lines struct{ all []string }

func (l *lines) add(format string, args ...any) { l.all = append(l.all, fmt.Sprintf(format, args...)) }

// ourLines and theirLines print the same facts of a project.
func ourLines(p *Project) []string {
	var l lines
	for _, s := range p.Services {
		at := func(format string, args ...any) { l.add(s.Name+": "+format, args...) }
		ourImage(s, at)
		ourFiles(s, at)
		ourNetwork(s, at)
	}
	for _, s := range p.Inactive {
		l.add("inactive %s", s.Name)
	}
	for key, n := range p.Networks {
		l.add("network %s external=%v driver=%s internal=%v", key, n.External, n.Driver, n.Internal)
	}
	for key, v := range p.Volumes {
		l.add("volume %s external=%v driver=%s bind=%s", key, v.External, v.Driver, where(v.Bind.Text, v.Outside))
	}
	for key, o := range p.Configs {
		l.add("config %s external=%v file=%s content=%q", key, o.External, where(o.File.Text, o.Outside), o.Content.String)
	}
	for key, o := range p.Secrets {
		l.add("secret %s external=%v file=%s", key, o.External, where(o.File.Text, o.Outside))
	}
	sort.Strings(l.all)
	return l.all
}

type printer func(format string, args ...any)

func ourImage(s *Service, at printer) {
	at("image %s", s.Image.Text)
	if s.Build != nil {
		at("build %s %s target=%s inline=%q", where(s.Build.Context.Text, s.Build.Outside), where(strings.TrimPrefix(s.Build.Dockerfile.Text, strings.TrimSuffix(s.Build.Context.Text, "/")+"/"), s.Build.Outside), s.Build.Target.Text, s.Build.Inline.String)
		for _, name := range s.Build.Args.Names {
			at("arg %s=%s", name, s.Build.Args.Values[name].Text)
		}
	}
	at("command %s", ourCommand(s.Command))
	at("entrypoint %s", ourCommand(s.Entrypoint))
	for _, name := range s.Environment.Names {
		if v := s.Environment.Values[name]; v.bare {
			at("env %s", name)
		} else {
			at("env %s=%s", name, v.Text)
		}
	}
}

func ourFiles(s *Service, at printer) {
	for _, m := range s.Mounts {
		src := m.Source.Text
		if m.Kind == "bind" {
			src = where(src, m.Outside)
		}
		at("mount %s %s %s ro=%v sub=%s nocopy=%v", m.Kind, src, m.Target.Text, m.ReadOnly, m.Subpath, m.NoCopy)
	}
	for _, c := range s.Configs {
		at("config %s %s", c.Source.Text, c.Target.Text)
	}
	for _, c := range s.Secrets {
		at("secret %s %s", c.Source.Text, c.Target.Text)
	}
	for _, v := range s.Tmpfs {
		at("tmpfs %s", v.Text)
	}
}

func ourNetwork(s *Service, at printer) {
	for _, n := range s.Networks {
		at("network %s ip=%s aliases=%s", n.Network, n.IPv4.Text, texts(n.Aliases))
	}
	at("network_mode %s", s.NetworkMode.Text)
	for _, k := range s.Links {
		at("link %s:%s", k.Service, k.Alias)
	}
	at("names %s %s", s.ContainerName.Text, s.Hostname.Text)
	for _, h := range s.ExtraHosts {
		at("host %s=%s", h.Name, h.Address.Text)
	}
	at("expose %s", texts(s.Expose))
	for _, port := range s.Ports {
		for i := range port.Target.Last - port.Target.First + 1 {
			published := ""
			if port.Published.First == port.Published.Last && port.Published.First > 0 || port.Target.First < port.Target.Last && port.Published.First > 0 {
				published = fmt.Sprint(port.Published.First + i)
			} else if port.Published.First > 0 {
				published = port.Published.String()
			}
			at("port %s:%s:%d/%s", port.HostIP, published, port.Target.First+i, port.Protocol)
		}
	}
	for _, d := range s.DependsOn {
		at("depends %s %s %v", d.Service, d.Condition, d.Required)
	}
	at("healthcheck %v user %s dir %s restart %s memory %d scale %d", s.HasHealthcheck, s.User.Text, s.WorkingDir.Text, s.Restart.Text, s.Memory, s.Scale)
}

func theirLines(p *types.Project, root string) []string {
	var l lines
	local := func(name string) string { return localPath(name, root) }
	for name, s := range p.Services {
		at := func(format string, args ...any) { l.add(name+": "+format, args...) }
		theirImage(s, at, local)
		theirFiles(s, at, local)
		theirNetwork(s, at)
	}
	for name := range p.DisabledServices {
		l.add("inactive %s", name)
	}
	for key, n := range p.Networks {
		l.add("network %s external=%v driver=%s internal=%v", key, bool(n.External), n.Driver, n.Internal)
	}
	for key, v := range p.Volumes {
		bind := ""
		if strings.Contains(v.DriverOpts["o"], "bind") {
			bind = local(v.DriverOpts["device"])
		}
		l.add("volume %s external=%v driver=%s bind=%s", key, bool(v.External), v.Driver, bind)
	}
	for key, o := range p.Configs {
		l.add("config %s external=%v file=%s content=%q", key, bool(o.External), local(o.File), o.Content)
	}
	for key, o := range p.Secrets {
		l.add("secret %s external=%v file=%s", key, bool(o.External), local(o.File))
	}
	sort.Strings(l.all)
	return l.all
}

// localPath returns a path of the disk as it is in the project.
func localPath(name, root string) string {
	switch rest, ok := strings.CutPrefix(name, root); {
	case name == "":
		return ""
	case ok && rest == "":
		return "/"
	case ok && rest[0] == '/':
		return rest
	case path.IsAbs(name) || len(name) > 1 && name[1] == ':':
		return "outside"
	}
	return name
}

func theirImage(s types.ServiceConfig, at printer, local func(string) string) {
	at("image %s", s.Image)
	if s.Build != nil {
		dockerfile := strings.TrimPrefix(s.Build.Dockerfile, "./")
		at("build %s %s target=%s inline=%q", local(s.Build.Context), where(dockerfile, local(s.Build.Context) == "outside"), s.Build.Target, s.Build.DockerfileInline)
		for k, v := range s.Build.Args {
			if v != nil {
				at("arg %s=%s", k, *v)
			}
		}
	}
	at("command %s", theirCommand(s.Command))
	at("entrypoint %s", theirCommand(s.Entrypoint))
	for k, v := range s.Environment {
		if v == nil {
			at("env %s", k)
		} else {
			at("env %s=%s", k, *v)
		}
	}
}

func theirFiles(s types.ServiceConfig, at printer, local func(string) string) {
	for _, m := range s.Volumes {
		src, sub, nocopy := m.Source, "", false
		if m.Type == "bind" {
			src = local(src)
		}
		if m.Volume != nil {
			sub, nocopy = m.Volume.Subpath, m.Volume.NoCopy
		}
		if m.Image != nil {
			sub = m.Image.SubPath
		}
		at("mount %s %s %s ro=%v sub=%s nocopy=%v", m.Type, src, m.Target, m.ReadOnly, sub, nocopy)
	}
	for _, c := range s.Configs {
		at("config %s %s", c.Source, target(c.Target, "/"+c.Source, "/"))
	}
	for _, c := range s.Secrets {
		at("secret %s %s", c.Source, target(c.Target, "/run/secrets/"+c.Source, "/run/secrets/"))
	}
	for _, v := range s.Tmpfs {
		at("tmpfs %s", v)
	}
}

func theirNetwork(s types.ServiceConfig, at printer) {
	for k, n := range s.Networks {
		if n == nil {
			n = &types.ServiceNetworkConfig{}
		}
		at("network %s ip=%s aliases=%s", k, n.Ipv4Address, strings.Join(n.Aliases, " "))
	}
	at("network_mode %s", s.NetworkMode)
	for _, k := range s.Links {
		service, alias, ok := strings.Cut(k, ":")
		if !ok {
			alias = service
		}
		at("link %s:%s", service, alias)
	}
	at("names %s %s", s.ContainerName, s.Hostname)
	for name, list := range s.ExtraHosts {
		for _, ip := range list {
			at("host %s=%s", name, ip)
		}
	}
	at("expose %s", strings.Join(s.Expose, " "))
	for _, port := range s.Ports {
		at("port %s:%s:%d/%s", port.HostIP, port.Published, port.Target, port.Protocol)
	}
	for k, d := range s.DependsOn {
		at("depends %s %s %v", k, d.Condition, d.Required)
	}
	check := s.HealthCheck != nil && !s.HealthCheck.Disable && len(s.HealthCheck.Test) > 0 && s.HealthCheck.Test[0] != "NONE"
	memory := int64(s.MemLimit)
	if s.Deploy != nil && s.Deploy.Resources.Limits != nil && memory == 0 {
		memory = int64(s.Deploy.Resources.Limits.MemoryBytes)
	}
	at("healthcheck %v user %s dir %s restart %s memory %d scale %d", check, s.User, s.WorkingDir, s.Restart, memory, s.GetScale())
}
