package deploy

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/tree"
)

// builtNginx is what is known of an nginx that the project builds from its sources, or copies
// from another image.
type builtNginx struct {
	prefix string // that relative names lead from; "" if unknown
	user   string // that its workers run as without a user line; "" if unknown
}

// Configure implements shell.World.
func (w *world) Configure(s shell.Sources) {
	w.configured[s.Dir] = s
	if build, ok := sourcesOf(s).Build(hole.Mark); ok && !strings.Contains(s.Dir, hole.Mark) {
		w.bring(build.Configured, nil, nil)
	}
}

func sourcesOf(s shell.Sources) servers.Sources {
	return servers.Sources{Dir: s.Dir, Options: s.Options, Variable: func(name string) string {
		if v := s.Vars[name]; !hole.In(v) {
			return v.String
		}
		return ""
	}}
}

// MakeInstall implements shell.World. A file that exists stays, but for the examples.
func (w *world) MakeInstall(s shell.Sources) {
	sources := sourcesOf(w.configured[s.Dir])
	if module, ok := sources.ApacheModule(); ok {
		w.loadModule(module)
	}
	build, ok := sources.Build(hole.Mark)
	if !ok || strings.Contains(s.Root, hole.Mark) {
		return
	}
	var files []servers.ImageFile
	for _, f := range build.Files {
		f.Name = path.Join("/", s.Root, f.Name)
		if strings.HasSuffix(f.Name, ".default") || !w.isThere(f.Name) {
			files = append(files, f)
		}
	}
	var complete []string
	for _, name := range build.Complete {
		complete = append(complete, path.Join("/", s.Root, name))
	}
	w.bring(files, nil, complete)
	for _, p := range build.Programs {
		p.Path = path.Join("/", s.Root, p.Path)
		w.files.PutUnknown(p.Path, "it is a program", tree.Owner{Mode: 0o755, Known: true})
		w.programs[p.Path] = p
	}
	if build.Prefix != "" {
		w.nginx, w.base.Nginx = &builtNginx{build.Prefix, build.Account}, build.Nginx
		return
	}
	w.base.PHP = build.PHP
}

// adopt takes over the servers below from that are copied to a name out of another image.
func (m *image) adopt(other *image, from, to string) {
	for _, p := range other.programs {
		rest, below := strings.CutPrefix(p.Path, strings.TrimSuffix(from, "/"))
		if !below || rest != "" && rest[0] != '/' {
			continue
		}
		p.Path = path.Join(to, rest)
		m.programs[p.Path] = p
		if p.Server == servers.Nginx {
			m.nginx, m.nginxOrg, m.base.Nginx = other.nginx, other.nginxOrg, other.base.Nginx
			if m.nginx == nil {
				m.nginx = &builtNginx{other.nginxPrefix(), other.nginxUser()}
			}
		} else if p.Server == servers.FPM {
			m.base.PHP = other.base.PHP
		}
	}
}
