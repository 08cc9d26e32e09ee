package engine

import (
	"slices"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

// deployed returns what the project describes in the folders to lint. A host describes
// nothing, and nor do files: they are read as what they are.
func (e *Engine) deployed(t *tree.Tree) *deploy.Project {
	if accounts, _ := t.Exists("/etc/passwd"); accounts || e.entries() || t.Live() {
		return &deploy.Project{}
	}
	dirs := slices.DeleteFunc(slices.Clone(e.paths), func(name string) bool {
		info, err := t.Stat(name)
		return err != nil || info.Type != tree.Dir
	})
	if len(dirs) == 0 {
		return &deploy.Project{}
	}
	return deploy.Find(t, dirs...)
}

// roots reads the files that no container has, and then each container.
func (e *Engine) roots(t *tree.Tree, p *deploy.Project, facts *host.Facts) []stack.Root {
	machines := p.Machines()
	if len(machines) == 0 {
		if of := e.options.Project; e.entries() {
			return []stack.Root{{Configs: parser.ReadProject(t, inside(of.Nginx), inside(of.FPM), inside(of.Apache)), Facts: facts}}
		}
		return []stack.Root{{Configs: parser.Read(t, e.paths), Facts: facts}}
	}
	roots := make([]stack.Root, 1, 1+len(machines))
	read := map[string]bool{}
	for _, m := range machines {
		configs := parser.ReadContainer(m.Tree, parser.Running{
			Nginx: mains(m.Nginx), FPM: mains(m.FPM), Apache: starts(m.Apache), Tunnels: m.Tunnels,
			All: m.Unknown != "", Literal: m.Literal,
		})
		for _, s := range m.FPM {
			configs.Started(s.Main, s.Defined, s.NoIni)
		}
		for _, in := range configs.Files {
			if in.File != nil && in.Role != source.RoleNotLoaded && len(in.File.Pieces) == 1 && in.File.Pieces[0].Same {
				read[in.File.Pieces[0].From.File.Real] = true
			}
		}
		roots = append(roots, stack.Root{Configs: configs, Facts: e.factsOf(m), Container: m})
	}
	// A container that has the whole project says nothing about its files, except those that
	// it reads.
	held := func(real string) bool { return p.Holds(real) || read[real] }
	roots[0] = stack.Root{Configs: parser.ReadRest(t, e.paths, held), Facts: facts}
	return roots
}

func mains(servers []deploy.Server) (names []string) {
	for _, s := range servers {
		names = append(names, s.Main)
	}
	return names
}

// starts returns how a container starts each Apache.
func starts(servers []deploy.Server) (all []parser.ApacheStart) {
	for _, s := range servers {
		all = append(all, parser.ApacheStart{Main: s.Main, Root: s.Prefix, Defined: s.Defined, Env: s.Env})
	}
	return all
}

// factsOf returns what is known about a container: nothing of this machine.
func (e *Engine) factsOf(m *deploy.Machine) *host.Facts {
	o := e.options.overrides()
	return host.Collect(m.Tree, host.Overrides{
		Memory: m.Memory, Worker: o.Worker, Today: o.Today,
		PHPVersion: m.PHP, NginxVersion: m.NginxVersion, NginxUser: m.NginxUser, NoIPv6: m.NoIPv6, Cloudflare: o.Cloudflare,
	})
}
