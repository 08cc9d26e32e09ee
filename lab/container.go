//go:build linux

package lab

import (
	"io/fs"
	"net/netip"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/tree"
)

// Container is one container of a project: a root with the files that deploy composes,
// over the programs of this machine.
type Container struct {
	Name    string
	Entries []Entry // directories before what is in them
	Mounts  []Mount // likewise
	Masters []Command
	Nginx   *Command
	Tunnel  *Tunnel // nil if it does not run cloudflared
	// Space is the number of the first container in its network namespace, and OnHost is
	// set if that is the namespace of the host.
	Space  int
	OnHost bool
	// Fixed are further addresses of its namespace.
	Fixed []netip.Addr
	// Hosts are the names that it knows.
	Hosts []Known
	// UID and GID are the account that its servers start as, with further Groups.
	UID, GID uint32
	Groups   []uint32
	// Cluster is set for a container of Kubernetes.
	Cluster bool
	// Ends is set if the container ends at once.
	Ends bool
	// Temporary is where its nginx was built to have its temporary files; "" if unknown.
	Temporary string
	// Restarts is set if the engine starts it again after its servers refused.
	Restarts bool
}

// Entry is a file, a directory or a link.
type Entry struct {
	Name     string
	Type     tree.Type
	Text     string // of a file; what a link leads to
	UID, GID uint32
	Mode     fs.FileMode
}

// Mount is a part of a storage that containers share: of a volume, or of the project.
type Mount struct {
	Name    string // the mount point
	Storage string
	Path    string // in the storage
	// Filled are the entries that a new volume starts with; nil for a part of the project.
	Filled []Entry
}

// Known is a name that containers have in a network.
type Known struct {
	Name       string
	Containers []int      // by number
	Addr       netip.Addr // of a Service, instead of Containers
}

// projectStorage is the storage of the project itself.
const projectStorage = "project"

// newContainer returns a container without its servers and its network.
func newContainer(m *deploy.Machine) *Container {
	r := &rootReader{tree: m.Tree, container: &Container{Name: m.Name, Cluster: m.Cluster, Ends: m.Ends || m.Background, Restarts: m.Restarts()}}
	if len(m.NginxTemp) > 0 {
		r.container.Temporary = path.Dir(m.NginxTemp[0].Path)
	}
	as := m.Account // which sudo changes, and other wrappers
	switch {
	case len(m.FPM) == 0 && len(m.Nginx) > 0:
		as = m.RunAs(servers.Nginx)
	case len(m.Nginx) == 0 && len(m.FPM) > 0:
		as = m.RunAs(servers.FPM)
	}
	if as.Known {
		r.container.UID, r.container.GID, r.container.Groups = uint32(as.UID), uint32(as.GID), m.Groups
	}
	r.dir("/", storage{})
	return r.container
}

// rootReader collects the entries and the mounts of a composed root.
type rootReader struct {
	tree      *tree.Tree
	container *Container
}

// storage is where a name is stored; the zero value is the root of the container.
type storage struct {
	key, path string
	mount     int // the number of the mount
}

// own are directories that the lab fills itself, and the nginx that it runs.
var own = map[string]bool{"/proc": true, "/dev": true, "/sys": true, "/usr/sbin/nginx": true}

func (r *rootReader) dir(dir string, at storage) {
	list, _ := r.tree.List(dir) // what cannot be listed is not known, and empty here
	for _, e := range list {
		name := path.Join(dir, e.Name)
		if !own[name] {
			r.entry(Entry{Name: name, Type: e.Type}, at)
		}
	}
}

func (r *rootReader) entry(e Entry, dir storage) {
	at := dir
	if e.Type == tree.Link {
		e.Text = r.tree.Leads(e.Name)
	} else {
		at = r.storage(e.Name, dir)
		r.describe(&e)
	}
	switch {
	case at.key == "":
		r.container.Entries = append(r.container.Entries, e)
	case at.key != projectStorage:
		m := &r.container.Mounts[at.mount]
		m.Filled = append(m.Filled, e)
	}
	if e.Type == tree.Dir {
		r.dir(e.Name, at)
	}
}

// storage returns where name is stored, and adds a mount if that is another place than
// where its directory is.
func (r *rootReader) storage(name string, dir storage) storage {
	key, rest, ok := r.tree.Shared(name)
	if !ok || key == "" {
		return storage{}
	}
	switch {
	case key == tree.BindKey && rest == "/" && !r.holdsProject(name):
		// A folder that the engine makes, as the checkout does not have it.
		doubt, _ := r.tree.DoubtOf(name)
		key, _, _ = strings.Cut(doubt.By.Text(), ":")
	case key == tree.BindKey:
		key = projectStorage
	}
	if dir.key == key && (key != projectStorage || path.Join(dir.path, path.Base(name)) == rest) {
		return storage{key, rest, dir.mount}
	}
	r.container.Mounts = append(r.container.Mounts, Mount{Name: name, Storage: key, Path: rest})
	return storage{key, rest, len(r.container.Mounts) - 1}
}

// holdsProject reports whether the root of a project is mounted at name.
func (r *rootReader) holdsProject(name string) bool {
	list, err := r.tree.List(name)
	return err == nil && len(list) > 0
}

// describe sets the owner, the mode and the text of an entry. What is not known is as
// root makes it.
func (r *rootReader) describe(e *Entry) {
	e.Mode = 0o644
	if e.Type == tree.Dir {
		e.Mode = 0o755
	}
	if info, err := r.tree.Stat(e.Name); err == nil && !info.Unknown {
		e.UID, e.GID, e.Mode = info.UID, info.GID, info.Mode
	}
	if e.Type == tree.File {
		text, _ := r.tree.Open(e.Name) // empty if the project does not tell it
		e.Text = text.Content
	}
}
