// Package deploy is what a project says about its machines: the services of compose
// files, the images of Dockerfiles, the pods of Kubernetes. It composes the root
// file system of each, and knows where a name or an address leads from there.
package deploy

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/compose"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// Machine is one container: a root file system, the servers that run on it, and its
// place in networks.
type Machine struct {
	// Name is what the project calls it: the service, the stage of a Dockerfile, the
	// container of a pod.
	Name string
	// At is where the project names it.
	At source.Span
	// Image is the reference of its image as a person knows it, "" for none, and ImageAt
	// where it is written: the image of a service, the FROM of a Dockerfile.
	Image   string
	ImageAt source.Span
	// Deployment are the machines that run together with it.
	Deployment *Deployment

	// Tree is its root file system.
	Tree *tree.Tree
	// Nginx, Apache and FPM are the servers that run on it. PHP may run inside Apache (mod_php).
	Nginx, Apache, FPM []Server
	// Tunnels are how each cloudflared on it starts.
	Tunnels []parser.TunnelStart
	// PHP and NginxVersion are versions, such as 8.3 and 1.27.1, and NginxUser the account that
	// nginx was built to run as; "" if unknown.
	PHP, NginxVersion, NginxUser string
	// NginxTemp are the directories that its nginx was built to make; nil if unknown.
	NginxTemp []servers.NginxTemp
	// Literal is set if its servers read their files as they are: no entrypoint of its image fills
	// in what the files leave open.
	Literal bool
	// Account is what its programs start as.
	Account Account
	// Groups are the supplementary groups that the engine gives its first program beside those of
	// its account, and GroupsWhy is why some of them are not known, worded to follow "not checked: ".
	Groups    []uint32
	GroupsWhy string
	// Unknown is why the programs that run on it are not all known, worded to follow "not
	// checked: "; "" if they are. Then any configuration on it may be in use.
	Unknown string
	// Others is set if programs run on it that are not nginx or PHP-FPM, and may listen: Apache
	// among them.
	Others bool
	// Cluster is set for a container of Kubernetes, whose names are those of its DNS.
	Cluster bool
	// Ends is set if the container ends at once: its entrypoint, which is EndsAt, starts nothing,
	// or its program reads commands from an input without any, and EndsAt is zero.
	Ends   bool
	EndsAt source.Span
	// Background is set if PHP-FPM is its first program and goes to the background, so that the
	// container ends at once.
	Background bool
	// Misfits are mounts that keep the container from starting, so that its servers do not run.
	Misfits []source.Problem
	// NotInstalled is a command of the project that is to start a PHP-FPM that its image lacks;
	// zero for none.
	NotInstalled source.Span
	// NoFPM is set if there is no PHP-FPM in its image that could run.
	NoFPM bool
	// Memory is the limit of its memory in bytes, 0 for none, and MemoryAt where it is set.
	Memory   int64
	MemoryAt source.Span
	// NoIPv6 is why it has no IPv6 addresses; "" if that is not known.
	NoIPv6 string
	// Names are what other machines call it, for people to read.
	Names []string

	// lenders are the containers whose volumes it has too. Unlisted is set if it may have volumes
	// of which the project does not tell: those of an unknown image.
	lenders  []*Machine
	unlisted bool

	namespace *Namespace
	networks  []*Network
	dns       *podDNS // of a container of Kubernetes; nil for others
	// own are the names and aliases that only it knows, in lower case.
	own map[string]*Machine
	// hosts are the names that extra_hosts gives it and of which /etc/hosts does not tell the
	// address, in lower case: "" for those of the host, else why it is not known.
	hosts map[string]string
	// after are the machines that it starts after.
	after []Dependency
	// restarts is set if the engine starts it again when its program ends.
	restarts bool
	// elsewhere is why names may lead to machines that the project does not describe, worded to
	// follow "not checked: "; "" if none does.
	elsewhere string
	// unrun is set if the project builds its image and does not say how to run it.
	unrun bool
}

// Account is an account by its numbers.
type Account struct {
	UID, GID int64
	Known    bool
	At       source.Span // where the project sets it; zero if an image does
}

// Server is a server that runs on a machine.
type Server struct {
	Main string      // the path of its main file
	At   source.Span // the command that starts it; zero if it is in an image
	// Prefix is the directory that relative paths of nginx start at, and the ServerRoot that -d of
	// Apache sets; "" if unknown.
	Prefix string
	// Root is set if PHP-FPM runs with -R, so that a pool may run as root.
	Root bool
	// Defined are the settings of PHP that -d sets, whatever php.ini has, and the names that -D
	// of Apache defines. NoIni is set if PHP-FPM runs with -n and reads no php.ini.
	Defined []string
	NoIni   bool
	// Env are the variables of the environment in which Apache starts, as far as they are known;
	// nil for other servers.
	Env map[string]string
	// ModPHP is set if Apache loads the module that runs PHP inside it, so that it needs no PHP-FPM.
	ModPHP bool
	// Account is what it starts as.
	Account Account
}

// RunAs returns the account that the servers of a kind start as: that of the container where
// none of them is known, and none if they differ.
func (m *Machine) RunAs(kind servers.Server) Account {
	running := *m.of(kind)
	if len(running) == 0 {
		return m.Account
	}
	for _, s := range running[1:] {
		if s.Account != running[0].Account {
			return Account{}
		}
	}
	return running[0].Account
}

// of returns the list of the servers of a kind.
func (m *Machine) of(kind servers.Server) *[]Server {
	switch kind {
	case servers.Apache:
		return &m.Apache
	case servers.FPM:
		return &m.FPM
	}
	return &m.Nginx
}

// started returns how many servers run on it.
func (m *Machine) started() int { return len(m.Nginx) + len(m.Apache) + len(m.FPM) }

// Deployment is a group of machines that run together.
type Deployment struct {
	// Name is the path of what describes it in the project.
	Name     string
	Machines []*Machine
	// Sample is the env file whose values are used in place of a missing .env; nil for none.
	Sample *source.File
	// Published are the ports of the host that lead to its machines.
	Published []Published
	// Inactive are the names of services that a profile keeps from starting, and where
	// they are.
	Inactive map[string]source.Span

	project *compose.Project // nil unless a compose file describes it
}

// Published is a port of the host that leads to one of a machine.
type Published struct {
	At     source.Span
	Host   uint16
	Target Target
}

// Namespace is a network namespace. Its members share the loopback addresses and the
// ports.
type Namespace struct {
	Members []*Machine
	// Host is set for that of the host, where other programs may listen.
	Host bool
}

// Dependency is a machine that another one starts after, and where that is written.
type Dependency struct {
	Machine *Machine
	At      source.Span
}

// StartsAfter reports whether m starts after other, as far as the project orders them, and
// where that is written: the first step of the way.
func (m *Machine) StartsAfter(other *Machine) (at source.Span, ok bool) {
	met := map[*Machine]bool{m: true}
	for todo := slices.Clone(m.after); len(todo) > 0; todo = todo[1:] {
		d := todo[0]
		if d.Machine == other {
			return d.At, true
		}
		if !met[d.Machine] {
			met[d.Machine] = true
			for _, next := range d.Machine.after {
				todo = append(todo, Dependency{next.Machine, d.At})
			}
		}
	}
	return source.Span{}, false
}

// StartsBefore reports whether m starts before another container of its deployment: as far as
// the project orders them, else in the order in which it describes them.
func (m *Machine) StartsBefore(other *Machine) bool {
	if _, after := other.StartsAfter(m); after {
		return true
	}
	if _, before := m.StartsAfter(other); before {
		return false
	}
	all := m.Deployment.Machines
	return slices.Index(all, m) < slices.Index(all, other)
}

// StartAfter returns the edit of the project that makes m start after other; not ok if a
// person must decide where it belongs. See compose.Project.DependOn.
func (m *Machine) StartAfter(other *Machine) (edit source.Edit, ok bool) {
	d := m.Deployment
	if d == nil || d.project == nil || other.Deployment != d {
		return source.Edit{}, false
	}
	return d.project.DependOn(m.Name, other.Name)
}

// Gone reports whether m has ended when others look for it: the engine knows the names of
// containers that run. One that starts again has its name from time to time.
func (m *Machine) Gone() bool { return m.Ends && !m.restarts && !m.Cluster }

// MayShare returns why m and other may have a volume in common of which the project does not
// tell, worded to follow "not checked: "; "" if they have none.
func (m *Machine) MayShare(other *Machine) string {
	common := other.volumesOf()
	for _, from := range m.volumesOf() {
		if from.unlisted && slices.Contains(common, from) {
			return "cannot tell which volumes container " + from.Name + " has"
		}
	}
	return ""
}

// volumesOf returns the containers of which m has the volumes, itself among them.
func (m *Machine) volumesOf() []*Machine {
	all := []*Machine{m}
	met := map[*Machine]bool{m: true}
	for i := 0; i < len(all); i++ {
		for _, from := range all[i].lenders {
			if !met[from] {
				met[from] = true
				all = append(all, from)
			}
		}
	}
	return all
}

// Restarts reports whether m starts again when its program ends, so that a first attempt
// that fails is repeated.
func (m *Machine) Restarts() bool { return m.restarts }

// MayListen reports whether programs that are not nginx, Apache or PHP-FPM run on m, or may run, and
// listen on ports.
func (m *Machine) MayListen() bool { return m.Others || m.Unknown != "" }

// Mates returns the members of its network namespace, itself among them.
func (m *Machine) Mates() []*Machine {
	if m.namespace == nil {
		return []*Machine{m}
	}
	return m.namespace.Members
}

// OnHost reports whether m is in the network namespace of the host.
func (m *Machine) OnHost() bool { return m.namespace != nil && m.namespace.Host }

// maxLine limits how much of a line is looked at before and after its start.
const maxLine = 4096

// Settable returns that what runs the image may set a variable of Apache in the line of a place, up
// to its end; "" if it may not, and for nil. The project only builds the image, and PHP-FPM is in
// another container, whose address the image cannot know.
func (m *Machine) Settable(at source.Span) string {
	if m == nil || at.File == nil || !m.unrun || len(m.FPM) > 0 {
		return ""
	}
	start := max(0, int(at.Start)-maxLine)
	start += strings.LastIndexByte(at.File.Text[start:at.Start], '\n') + 1
	line := at.File.Text[start:min(int(at.End), int(at.Start)+maxLine)]
	for {
		_, rest, found := strings.Cut(line, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return ""
		}
		for _, s := range m.Apache {
			if _, set := s.Env[name]; set {
				return "what runs the image may set " + name
			}
		}
		line = after
	}
}
