//go:build linux

package lab

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
)

// containerFPM returns the command that starts a master in a container.
func containerFPM(m *deploy.Machine, s deploy.Server, p Programs) Command {
	configs := readConfigs(m, nil, []deploy.Server{s})
	prefix := builtPrefix
	if strings.HasPrefix(s.Main, "/usr/local/") {
		prefix = "/usr/local"
	}
	c := fpmCommand(&parser.Master{Prefix: prefix}, s.Main, p)
	if len(configs.Masters) > 0 {
		one := *configs.Masters[0]
		one.Prefix = prefix
		c = fpmCommand(&one, s.Main, p)
	}
	if s.Root {
		c.Args = append(c.Args, "--allow-to-run-as-root")
	}
	return c
}

// containerNginx returns the command that starts nginx in a container.
func containerNginx(one *Container, m *deploy.Machine, s deploy.Server, p Programs) *Command {
	configs := readConfigs(m, []deploy.Server{s}, nil)
	n := &parser.Nginx{}
	for _, one := range configs.Nginx {
		if one.Main != nil {
			n = one
		}
	}
	one.hurry(n, s.Main)
	c := nginxCommand(n, s.Main, p)
	if m.NginxUser != "" {
		// nginx.org builds nginx with --prefix=/etc/nginx and --user=nginx.
		c.Args = append(c.Args, "-p", "/etc/nginx")
		if !sets(n, "user") && m.NginxUser != "nobody" { // the account of the nginx that is tested
			c.Args[len(c.Args)-3] += " user " + m.NginxUser + ";"
		}
	}
	return c
}

// hurry is Host.hurry for a container whose own file, not a mounted one, is the main file.
func (c *Container) hurry(n *parser.Nginx, main string) {
	brace, timeouts := shortened(n)
	for i, e := range c.Entries {
		if !brace.IsZero() && e.Name == main && e.Text == brace.File.Text {
			c.Entries[i].Text = e.Text[:brace.End] + timeouts + e.Text[brace.End:]
		}
	}
}

// addScripts adds the scripts that are requested to the roots of the sites, unless the
// project brings some.
func (h *Host) addScripts(c *cases.Case, d *deploy.Deployment) {
	if slices.ContainsFunc(h.Files, func(f cases.File) bool { return strings.HasSuffix(f.Name, ".php") }) {
		return
	}
	for _, root := range append(rootsOf(d), "/var/www/html") {
		for _, r := range requestsOf(c) {
			name := strings.TrimSuffix(root, "/") + r.Path
			if strings.HasSuffix(name, "/") {
				name += "index.php"
			}
			h.Scripts = append(h.Scripts, name)
		}
	}
	slices.Sort(h.Scripts)
	h.Scripts = slices.Compact(h.Scripts)
}

// rootsOf returns the folders in which nginx or PHP-FPM look for scripts.
func rootsOf(d *deploy.Deployment) (roots []string) {
	for _, m := range d.Machines {
		for _, n := range readConfigs(m, m.Nginx, nil).Nginx {
			for _, f := range n.Files {
				for d := range f.All() {
					if root := rootIn(d); strings.HasPrefix(root, "/") {
						roots = append(roots, root)
					}
				}
			}
		}
	}
	return roots
}

// readConfigs reads servers of a machine.
func readConfigs(m *deploy.Machine, nginx, fpm []deploy.Server) *parser.Configs {
	return parser.ReadContainer(m.Tree, parser.Running{Nginx: mainsOf(nginx), FPM: mainsOf(fpm), Tunnels: m.Tunnels, Literal: m.Literal})
}

func mainsOf(servers []deploy.Server) (names []string) {
	for _, s := range servers {
		names = append(names, s.Main)
	}
	return names
}

// rootIn returns the folder that a directive names; "" for none.
func rootIn(d nginx.Directive) string {
	value := ""
	switch {
	case d.Name() == "root":
		value = d.Arg(0).String()
	case d.Name() == "fastcgi_param" && d.Arg(0).String() == "SCRIPT_FILENAME":
		value = d.Arg(1).String()
	}
	value, _, _ = strings.Cut(value, "$")
	return value
}
