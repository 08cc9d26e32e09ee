package parser

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/cloudflared"
	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/servers/cloudflare"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// Tunnel is one cloudflared.
type Tunnel struct {
	// Config is what it reads, with what its command line says; nil if its rules are kept at Cloudflare,
	// and for a file that could not be read.
	Config *cloudflared.Config
	// Remote is set if a token starts it: its rules are kept at Cloudflare.
	Remote bool
	// At is the command that starts it, and Unit the unit of the command; zero and nil if none of
	// the files has it.
	At   source.Span
	Unit *systemd.Unit
}

// TunnelStart is how a cloudflared is started.
type TunnelStart struct {
	Options cloudflared.Options
	// At is the command; zero for one of an image.
	At source.Span
	// Home is the home directory of its account; "" if it has none.
	Home string

	unit *systemd.Unit
}

// tunnelUnit reports whether a unit of this name may run cloudflared.
func tunnelUnit(name string) bool {
	return strings.HasPrefix(name, "cloudflared") && strings.HasSuffix(name, ".service") && !strings.Contains(name, "update")
}

// startsTunnels returns how the units of the machine start cloudflared.
func (r *reader) startsTunnels() (all []TunnelStart) {
	if r.loadUnits(); r.units == nil {
		return nil
	}
	for _, u := range r.units.tunnels {
		env := &Environment{}
		r.readUnitEnvironment(env, u)
		for _, c := range u.Commands() {
			if path.Base(c.Program) != "cloudflared" {
				continue
			}
			var args []cloudflared.Value
			for _, arg := range c.Args {
				args = append(args, cloudflared.Value{Text: arg, At: c.At})
			}
			s := TunnelStart{At: c.At, Home: r.homeOf(u), unit: u}
			s.Options = cloudflared.ParseOptions(args, func(name string) (cloudflared.Value, bool) {
				value, _ := env.Get(name)
				return cloudflared.Value{Text: value, At: c.At}, env.mentions(name)
			})
			if s.Options.Runs {
				all = append(all, s)
			}
		}
	}
	return all
}

// homeOf returns the home directory of the account of a unit; "" if it is not known.
func (r *reader) homeOf(u *systemd.Unit) string {
	user, set := u.Get("Service", "User")
	if !set || user.Value == "root" {
		return "/root"
	}
	f, err := r.open("/etc/passwd")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(f.Text) {
		if fields := strings.Split(strings.TrimSpace(line), ":"); len(fields) > 5 && fields[0] == user.Value {
			return fields[5]
		}
	}
	return ""
}

// configOf returns the file that a cloudflared reads; nil without an error for none.
func (r *reader) configOf(s TunnelStart) (*source.File, error) {
	if name := s.Options.Config.Text; name != "" {
		if !path.IsAbs(name) {
			return nil, nil // the directory that it starts in is not known
		}
		return r.open(name)
	}
	for _, name := range cloudflare.Places {
		if rest, ok := strings.CutPrefix(name, "~"); ok {
			if s.Home == "" {
				continue
			}
			name = s.Home + rest
		}
		if f, err := r.open(name); !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return nil, nil
}

// findTunnels adds the configuration of the cloudflared that runs as a service, if no unit
// starts one in another way.
func (r *reader) findTunnels(dir string, found *entries) {
	if !r.system || r.container || r.held != nil {
		return
	}
	if dir == "/" || dir == "/etc" {
		if r.starting = r.startsTunnels(); r.starting != nil {
			return
		}
	}
	for _, name := range r.tunnelPlaces() {
		if !within(name, dir) || r.elsewhere(name) {
			continue
		}
		if f, err := r.open(name); err == nil {
			found.add(f, source.RoleTunnel)
			return
		} else if !errors.Is(err, fs.ErrNotExist) {
			r.skip(source.NotChecked{Path: name, Why: err.Error()}, source.RoleTunnel)
			return
		}
	}
}

// tunnelPlaces returns where the configuration of a cloudflared may be that no unit starts: that of the
// service first, then those in home directories.
func (r *reader) tunnelPlaces() []string {
	homes, _ := r.tree.Glob("/home/*")
	homes = append([]string{"/root"}, homes...)
	var service, own []string
	for _, name := range cloudflare.Places {
		rest, ok := strings.CutPrefix(name, "~")
		if !ok {
			service = append(service, name)
			continue
		}
		for _, home := range homes {
			own = append(own, home+rest)
		}
	}
	return append(service, own...)
}

// readTunnels reads each cloudflared: those that are started, and those of files that nothing
// starts.
func (r *reader) readTunnels(found *entries) {
	read := map[*source.File]bool{}
	for _, s := range r.starting {
		t := &Tunnel{Remote: s.Options.Remote, At: s.At, Unit: s.unit}
		r.configs.Tunnels = append(r.configs.Tunnels, t)
		if t.Remote {
			continue
		}
		f, err := r.configOf(s)
		if err != nil {
			r.skip(source.NotChecked{Path: s.Options.Config.Text, Why: err.Error()}, source.RoleTunnel)
			continue
		}
		var c *cloudflared.Config
		if f != nil {
			read[f] = true
			c = cloudflared.Parse(f)
			f.Withheld = c.Foreign()
		}
		t.Config = c.With(s.Options)
	}
	for _, f := range found.tunnels {
		if !read[f] {
			r.configs.Tunnels = append(r.configs.Tunnels, &Tunnel{Config: cloudflared.Parse(f)})
		}
	}
}

// listEdge lists the files of cloudflared and of the firewall with their roles.
func (c *Configs) listEdge(list func(role source.Role, files ...*source.File)) {
	for _, t := range c.Tunnels {
		if t.Config != nil && t.Config.File != nil {
			list(source.RoleTunnel, t.Config.File)
		}
		if t.Unit != nil {
			list(source.RoleUnit, t.Unit.Files...)
		}
	}
	if c.Firewall != nil {
		list(source.RoleFirewall, c.Firewall.Files...)
	}
}

// tunnelName reports whether a file in a repository may be a configuration of cloudflared by its
// name: its content decides.
func tunnelName(e tree.Entry, name string) bool {
	if ext := path.Ext(e.Name); e.Type == tree.Dir || ext != ".yml" && ext != ".yaml" {
		return false
	}
	base := strings.TrimSuffix(e.Name, path.Ext(e.Name))
	near := near(name)
	return base == "config" || strings.Contains(near, "cloudflare") || strings.Contains(near, "tunnel")
}

// considerTunnel adds a file of a repository if it is a configuration of cloudflared.
func (r *reader) considerTunnel(name string, sample bool, found *entries) {
	if r.elsewhere(name) {
		return
	}
	f, err := r.open(name)
	switch {
	case err != nil || !cloudflared.Is(f):
	case sample:
		r.idle[name] = f
	default:
		found.add(f, source.RoleTunnel)
	}
}
