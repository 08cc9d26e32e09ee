package bundle

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

// machine is a file system with what runs there.
type machine struct {
	name  string // "" for the host
	stack *stack.Stack
	tree  *tree.Tree
}

// allMachines returns the host and the containers.
func (b *writer) allMachines() (all []machine) {
	if s := b.host(); s != nil || b.Tree != nil {
		all = append(all, machine{"", s, b.Tree})
	}
	for _, s := range b.Stacks {
		if c := s.Container; c != nil {
			all = append(all, machine{c.Name, s, c.Tree})
		}
	}
	return all
}

// label returns the name of a machine for a table.
func (b *writer) label(m machine) string {
	if m.name == "" {
		return "host"
	}
	return "container " + code(b.m.text(m.name))
}

// php returns the version of PHP-FPM, such as 8.3, if all have the same; "" if it is not known.
func (b *writer) php() (version string) {
	for _, s := range b.Stacks {
		for _, m := range s.Masters {
			if version != "" && m.Version != version {
				return ""
			}
			version = m.Version
		}
	}
	return version
}

// versions answers the third point.
func (b *writer) versions() {
	var rows [][]string
	has := map[string]bool{}
	add := func(m machine, what, version, from string) {
		if version != "" {
			rows = append(rows, []string{b.label(m), what, code(version), from})
			has[what] = true
		}
	}
	for _, m := range b.machines {
		add(m, "system", b.m.text(system(m.tree)), "`/etc/os-release`")
		if m.stack != nil {
			b.serverVersions(m, add)
		}
		if m.tree == nil {
			continue
		}
		for _, p := range host.Packages(m.tree, ofStack) {
			from := "package"
			if !p.Installed.IsZero() {
				from += ", installed " + day(p.Installed)
			}
			add(m, prose(p.Name), p.Version, from)
			has["nginx"] = has["nginx"] || strings.HasPrefix(p.Name, "nginx")
			has["Apache"] = has["Apache"] || p.Name == "apache2" || p.Name == "httpd"
		}
		for _, root := range b.roots(m) {
			add(m, "WordPress", wordpress(m.tree, root), code(b.m.word(path.Join(root, versionFile))))
		}
	}
	if len(rows) > 0 {
		b.table([]string{"Where", "What", "Version", "From"}, rows[:min(len(rows), mostRows)])
		b.more(len(rows)-mostRows, "row")
	}
	var commands []string
	web, version := b.web()
	for _, c := range []struct{ what, command string }{
		{"system", "cat /etc/os-release; uname -r"}, {web, version}, {"PHP-FPM", "php-fpm" + b.php() + " -v"},
		{"WordPress", "wp core version --path=ROOT"},
	} {
		if !has[c.what] {
			commands = append(commands, c.command)
		}
	}
	if len(commands) > 0 {
		b.instruct("The files do not show the rest.", commands...)
	}
}

// web returns the web server that failed, and the command that tells its version.
func (b *writer) web() (name, version string) {
	if b.failedIn(servers.Apache) && !b.failedIn(servers.Nginx) {
		return "Apache", "apachectl -v"
	}
	return "nginx", "nginx -v"
}

// serverVersions lists the versions of the servers of a machine.
func (b *writer) serverVersions(m machine, add func(m machine, what, version, from string)) {
	if c := m.stack.Container; c != nil && c.Image != "" {
		add(m, "image", b.m.text(c.Image), code(b.at(c.ImageAt)))
	}
	if f := m.stack.Facts; f != nil {
		from := "as given or of the image"
		if f.NginxVersion == "" {
			from = "package"
		}
		add(m, "nginx", cmp.Or(f.NginxVersion, f.PackagedNginx()), from)
		for _, p := range f.PHP {
			add(m, "PHP-FPM", p.Version, "running when the facts were taken")
		}
	}
	var seen []string
	for _, master := range m.stack.Masters {
		if v := master.Version; !slices.Contains(seen, v) {
			seen = append(seen, v)
			add(m, "PHP-FPM", v, "path of "+code(b.at(master.At)))
		}
	}
}

// osName finds the name of a system (os-release(5)).
var osName = lazyregexp.New(`(?m)^PRETTY_NAME=["']?([^"'\n]+)`)

// system returns the name of the operating system in a tree; "" if it is not known.
func system(t *tree.Tree) string {
	if t == nil {
		return ""
	}
	for _, name := range []string{"/etc/os-release", "/usr/lib/os-release"} {
		if text, err := t.Open(name); err == nil {
			if m := osName.FindStringSubmatch(text.Content); m != nil {
				return m[1]
			}
		}
	}
	return ""
}

// ofStack reports whether a package is one that a request goes through.
func ofStack(name string) bool {
	switch name {
	case "openresty", "angie", "freenginx", "nginx-plus", "apache2", "httpd", "varnish", "haproxy", "cloudflared", "mariadb-server", "mysql-server", "mysql-community-server", "redis-server", "redis", "memcached":
		return true
	}
	return strings.HasPrefix(name, "nginx") && !strings.HasSuffix(name, "-doc") || strings.HasPrefix(name, "php") && strings.HasSuffix(name, "fpm")
}

// versionFile is where WordPress has its version.
const versionFile = "wp-includes/version.php"

var wpVersion = lazyregexp.New(`(?m)^\$wp_version\s*=\s*'([0-9A-Za-z.+-]{1,40})'`)

// wordpress returns the version of WordPress below a root; "" if it is not known.
func wordpress(t *tree.Tree, root string) string {
	text, err := t.Open(path.Join(root, versionFile))
	if err != nil {
		return ""
	}
	if m := wpVersion.FindStringSubmatch(text.Content); m != nil {
		return m[1]
	}
	return ""
}

// roots returns the directories with the files of the sites of a machine, as root lines name them.
func (b *writer) roots(m machine) (roots []string) {
	if m.stack == nil {
		return nil
	}
	for d := range directives(m.stack) {
		name := d.Arg(0).String()
		if d.Name() == "root" && path.IsAbs(name) && !nginx.HasVariable(name) && !slices.Contains(roots, path.Clean(name)) {
			roots = append(roots, path.Clean(name))
		}
	}
	return roots
}

// directives returns the directives of nginx of a stack, which are read anew: the model keeps only
// those that rules use.
func directives(s *stack.Stack) func(yield func(nginx.Directive) bool) {
	return func(yield func(nginx.Directive) bool) {
		for _, f := range s.Files {
			if f.File == nil || f.Withheld || f.Role != source.RoleNginx && f.Role != source.RoleFragment {
				continue
			}
			again := &source.File{Name: f.File.Name, Real: f.File.Real, Text: f.Text}
			for d := range nginx.Parse(again).All() {
				if !yield(d) {
					return
				}
			}
		}
	}
}
