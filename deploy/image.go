package deploy

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/dockerfile"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// image is a file system with what starts on it: that of a registry, or what a stage of a
// Dockerfile makes of one.
type image struct {
	// name is the reference as a person knows it, and at where the project names it.
	name string
	at   source.Span
	// unknown is why its files are not known, worded to follow "not checked: "; "" if they
	// are, as far as they matter here.
	unknown string

	files *tree.Composition
	base  servers.Image // of the registry
	// programs are the servers that are installed, by the paths of their programs.
	programs map[string]servers.Program

	// doubtful are the texts with holes that were written, by what the files have instead.
	doubtful map[string]source.Text

	// configured are the sources that were configured, by their directories, and nginx what is
	// known of an nginx that was built from sources; nil for one of a package.
	configured map[string]shell.Sources
	nginx      *builtNginx

	// nginxOrg is set if its nginx is the package of nginx.org, and systemd if a package
	// brings the program that makes the folders below /run.
	nginxOrg, systemd bool

	env map[string]source.Text
	// open is what brings further variables that are not known; zero for nothing.
	open                source.Span
	entrypoint, command []source.Text
	entry               servers.EntryEffect
	user, dir           string
	userAt              source.Span   // where the project sets user; zero if the image does
	unattended          bool          // nothing writes to the standard input of its programs
	shell               []source.Text // of the shell form
	// volumes are the paths at which each of its containers has an anonymous volume.
	volumes []volume
	// onBuild are the instructions that a stage which starts from it runs first
	// (docs.docker.com/reference/dockerfile, ONBUILD).
	onBuild []*dockerfile.Instruction

	// misfits are mounts of a directory over a file, or of a file over a directory: the engine does
	// not start the container.
	misfits []source.Problem

	// fails is where the build certainly fails; zero for none.
	fails source.Span
}

// published returns the image that a reference names.
func (r *repository) published(ref string, at source.Span) *image {
	return r.publishedAs(ref, ref, at)
}

// partly returns the image of a reference with holes, which is shown as name; missing is the first
// variable without value.
func (r *repository) partly(ref, name, missing string, at source.Span) *image {
	m := r.publishedAs(ref, name, at)
	if m.unknown != "" {
		m.unknown = "the value of " + missing + " in the image " + name + " is not known"
	}
	return m
}

func (r *repository) publishedAs(ref, name string, at source.Span) *image {
	known, met := r.pulled[ref]
	if !met {
		known.Image, known.ok = servers.ImageOf(ref)
		r.pulled[ref] = known
	}
	base := known.Image
	m := &image{
		name: name, at: at, base: base, files: tree.NewComposition(),
		programs: map[string]servers.Program{}, env: map[string]source.Text{}, configured: map[string]shell.Sources{}, doubtful: map[string]source.Text{},
		entry: base.Entry, user: base.User, dir: base.WorkDir,
	}
	if !known.ok {
		m.unknown = "the image " + name + " is not known"
		m.entry = servers.EntryUnknown
		return m
	}
	m.files.Name(name, at)
	for key, value := range base.Env {
		m.env[key] = source.Text{String: value}
	}
	m.entrypoint, m.command = words(base.Entrypoint), words(base.Command)
	m.bring(base.Files, base.Links, base.Complete)
	for _, file := range base.Absent {
		m.files.Absent(file)
	}
	for _, file := range base.Uncertain {
		m.files.Doubt(file, at, name)
	}
	for _, p := range base.Programs {
		m.programs[p.Path] = p
	}
	for _, name := range base.Volumes {
		m.volumes = append(m.volumes, volume{name, at})
	}
	if base.NginxPrefix != "" {
		m.nginx = &builtNginx{base.NginxPrefix, base.NginxUser}
	}
	return m
}

// lacking returns an image of which nothing is known, with the reason, worded to follow "not
// checked: ".
func (r *repository) lacking(name, why string, at source.Span) *image {
	m := r.published("", at)
	m.name, m.unknown = name, why
	return m
}

// bring adds files that are not in the project.
func (m *image) bring(files []servers.ImageFile, links []servers.ImageLink, complete []string) {
	for _, f := range files {
		own := tree.Owner{UID: int64(f.UID), GID: int64(f.GID), Mode: f.Mode, Known: true}
		if f.Dir {
			if own.Mode == 0 {
				own.Mode = 0o755
			}
			m.files.MkdirUnknown(f.Name, own)
			continue
		}
		if own.Mode == 0 {
			own.Mode = 0o644
		}
		m.files.Put(f.Name, source.Text{String: f.Text}, m.name, own)
	}
	for _, l := range links {
		m.files.Link(l.Name, l.Target)
	}
	for _, name := range complete {
		m.files.Complete(name)
	}
}

// ofNginxOrg reports whether its nginx is that of nginx.org.
func (m *image) ofNginxOrg() bool { return m.base.Family == "nginx" || m.nginxOrg }

// nginxUser is the account that its nginx was built to run as; "" if that is not known.
func (m *image) nginxUser() string {
	switch {
	case m.nginx != nil:
		return m.nginx.user
	case m.ofNginxOrg():
		return servers.NginxOrgAccount
	case m.runs(servers.Nginx):
		return servers.NginxAccount(m.base.Distribution)
	}
	return ""
}

// nginxPrefix is the directory that its nginx was built to start relative paths at; "" if that
// is not known.
func (m *image) nginxPrefix() string {
	switch {
	case m.nginx != nil:
		return m.nginx.prefix
	case m.ofNginxOrg():
		return servers.NginxOrgPrefix
	}
	return ""
}

// nginxTemp are the directories that its nginx was built to make; nil if that is not known.
func (m *image) nginxTemp() []servers.NginxTemp {
	if m.ofNginxOrg() {
		return servers.NginxOrgTemp
	}
	return nil
}

// fits records a misfit if what is mounted at target, which words name, is of another kind than
// what exists at that path. It is called before the mount.
func (m *image) fits(target string, kind tree.Type, words string, at source.Span) {
	t := m.files.Now()
	info, err := t.Stat(target)
	if _, doubted := t.DoubtOf(target); err != nil || doubted || (info.Type == tree.Dir) == (kind == tree.Dir) {
		return
	}
	m.misfits = append(m.misfits, source.Problem{
		At: at, Kind: source.Include,
		Message: words + " is mounted over " + target + ", which is " + info.Type.String() + ": the container does not start",
	})
}

// clone returns an image that can be changed without changing m.
func (m *image) clone() *image {
	c := *m
	c.files = m.files.Clone()
	c.env, c.programs = maps.Clone(m.env), maps.Clone(m.programs)
	c.configured, c.doubtful = maps.Clone(m.configured), maps.Clone(m.doubtful)
	return &c
}

// words returns texts that nothing in the project is the origin of.
func words(list []string) (all []source.Text) {
	for _, w := range list {
		all = append(all, source.Text{String: w})
	}
	return all
}

// resolve returns name as an absolute path, seen from the working directory.
func (m *image) resolve(name string) string {
	if strings.HasPrefix(name, "/") {
		return path.Clean(name)
	}
	return path.Join("/", m.dir, name)
}

// flavor is the shell that sh is.
func (m *image) flavor() shell.Flavor {
	switch m.base.Distribution {
	case "alpine":
		return shell.Ash
	case "debian", "ubuntu":
		return shell.Dash
	case "":
		return shell.Sh
	}
	return shell.Bash
}

// shellEnv is what a script of the image starts with.
func (m *image) shellEnv(args ...source.Text) *shell.Env {
	dir := m.dir
	if dir == "" {
		dir = "/"
	}
	return &shell.Env{Vars: maps.Clone(m.env), Open: m.unknown != "" || !m.open.IsZero(), Dir: dir, Args: args, Flavor: m.flavor(), Sh: m.flavor()}
}

// runs reports whether a server of a kind is installed, so that it could run.
func (m *image) runs(kind servers.Server) bool {
	for p := range maps.Values(m.programs) {
		if p.Server == kind {
			return true
		}
	}
	return false
}

// searchPath is PATH in the images of distributions, and in those that are built on them.
var searchPath = []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}

// program returns the server that a command starts, by its path or its name alone.
func (m *image) program(command string) (p servers.Program, ok bool) {
	if p, ok = m.programs[path.Clean(command)]; ok {
		return p, true
	}
	base := path.Base(command)
	t := m.files.Tree()
	for _, dir := range searchPath {
		if p, ok = m.programs[t.Leads(path.Join(dir, base))]; ok {
			return p, true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.programs)) {
		if path.Base(name) == base {
			return m.programs[name], true
		}
	}
	return p, false
}
