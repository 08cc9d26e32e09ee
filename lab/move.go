//go:build linux

package lab

import (
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// mover moves the configuration of a host below a directory of this machine:
// absolute paths get the directory in front, ports become free ones. It
// collects edits, so that every other byte and every line stays.
type mover struct {
	root    string
	alone   bool // in namespaces of its own
	configs *parser.Configs
	model   *stack.Stack
	hosts   host.HostTable
	names   map[string]bool // of the files and links of the case, and of the directories above
	ports   map[uint16]uint16
	wild    map[uint16]bool // ports that only nginx listens on, and on every IPv4 address
	edits   []source.Edit
	files   map[*source.File]bool // in which there are edits

	logs  []string // error logs of nginx, on this machine
	certs [][2]string
	// unstaged are reasons for which the host cannot be put on a loopback.
	unstaged []string
	err      error
}

// texts returns the new texts of the files that change, by path.
func (m *mover) texts() map[string]string {
	texts := map[string]string{}
	for f := range m.files {
		texts[f.Real] = fix.Edit(f, m.edits)
	}
	return texts
}

func (m *mover) edit(at source.Span, text string) {
	if at.IsZero() || at.Text() == text {
		return
	}
	m.edits, m.files[at.File] = append(m.edits, source.Edit{At: at, New: text}), true
}

func (m *mover) insert(f *source.File, at int32, text string) {
	m.edit(f.Span(int(at), int(at)), text)
}

// cannot notes a reason for which the host cannot be staged.
func (m *mover) cannot(why string) {
	if !slices.Contains(m.unstaged, why) {
		m.unstaged = append(m.unstaged, why)
	}
}

// port returns the port that stands for n.
func (m *mover) port(n uint16) uint16 {
	if free, ok := m.ports[n]; ok {
		return free
	}
	free, err := freePort()
	if err != nil {
		m.err = err
	}
	m.ports[n] = free
	return free
}

// kept are directories that belong to the machine: what stands there is not a
// part of a case.
var kept = []string{"/dev", "/proc", "/sys", "/bin", "/sbin", "/lib", "/lib64"}

// moved reports whether a path is one of the case. What lies below /usr belongs
// to the machine unless the case has something in that folder of it.
func (m *mover) moved(path string) bool {
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "." })
	if len(parts) == 0 || slices.Contains(kept, "/"+parts[0]) {
		return false
	}
	if parts[0] == "usr" {
		return len(parts) > 1 && m.names["/usr/"+parts[1]]
	}
	return m.names["/"+parts[0]] || slices.Contains(skeleton, "/"+parts[0])
}

// skeleton are the directories that every host has.
var skeleton = []string{"/etc", "/home", "/opt", "/root", "/run", "/srv", "/tmp", "/var"}

// paths moves the absolute paths in a value: at its start, behind unix: and
// behind the signs that separate the parts of a value.
func (m *mover) paths(at source.Span) {
	text := at.Text()
	for i := 0; i < len(text); i++ {
		if text[i] != '/' || !startsPath(text[:i]) {
			continue
		}
		end := i + strings.IndexAny(text[i:]+"\"", " \t\"';,:=)")
		if m.moved(text[i:end]) {
			m.insert(at.File, at.Start+int32(i), m.root)
		}
		i = end
	}
}

// startsPath reports whether a slash behind before starts a path.
func startsPath(before string) bool {
	if before == "" || strings.HasSuffix(before, "unix:") {
		return true
	}
	if strings.Contains(before, "unix:") { // the URI behind a socket
		return false
	}
	for _, scheme := range []string{"http:", "https:", "tcp:", "ssl:", "grpc:"} {
		if strings.HasSuffix(before, scheme) {
			return false
		}
	}
	return strings.ContainsRune("\"'=:;,( ", rune(before[len(before)-1]))
}

// address is a host and a port as they stand in a text.
type address struct {
	host           string // without brackets
	hostEnd        int    // where the host ends, brackets included
	portAt, behind int    // of the port; equal when there is none
	port           uint16 // 0: none, or none that a server accepts
}

// readAddress reads host:port, [v6]:port or a host at the start of text.
func readAddress(text string) (a address, ok bool) {
	end := strings.IndexAny(text+"/", "/ \t\"';$")
	text = text[:end]
	switch {
	case strings.HasPrefix(text, "["):
		a.hostEnd = strings.IndexByte(text, ']') + 1
		if a.hostEnd == 0 {
			return a, false
		}
		a.host = text[1 : a.hostEnd-1]
	case strings.Count(text, ":") > 1: // v6:port, as PHP-FPM takes it
		a.hostEnd = strings.LastIndexByte(text, ':')
		a.host = text[:a.hostEnd]
	default:
		a.host, _, _ = strings.Cut(text, ":")
		a.hostEnd = len(a.host)
	}
	a.portAt, a.behind = a.hostEnd, a.hostEnd
	if rest := text[a.hostEnd:]; strings.HasPrefix(rest, ":") {
		n, err := strconv.ParseUint(rest[1:], 10, 16)
		a.portAt, a.behind = a.hostEnd+1, len(text)
		if err == nil {
			a.port = uint16(n)
		}
	}
	return a, a.host != ""
}

// movePort moves the port of the address at the start of at.
func (m *mover) movePort(at source.Span, a address) {
	if a.port > 0 {
		m.edit(at.Sub(a.portAt, a.behind), strconv.Itoa(int(m.port(a.port))))
	}
}

// reach notes what stands in the way of a connection to name: an address that
// is not on this machine, or a name that only a look-up would tell.
func (m *mover) reach(name string) {
	if addr, err := netip.ParseAddr(name); err == nil {
		if !addr.IsLoopback() && !addr.IsUnspecified() {
			m.cannot(name + " is not an address of the loopback")
		}
		return
	}
	if !m.alone && !sameHere(name, m.hosts) {
		m.cannot("looking up " + name + " needs mounts and a network of its own")
		return
	}
	addrs := m.hosts.Lookup(name)
	if len(addrs) == 0 {
		m.cannot("the hosts file does not know " + name)
	}
	for _, addr := range addrs {
		if !addr.IsLoopback() {
			m.cannot(name + " is not on the loopback")
		}
	}
}

// sameHere reports whether the hosts file of this machine says the same of a
// name as that of the case.
func sameHere(name string, hosts host.HostTable) bool {
	text, err := os.ReadFile("/etc/hosts")
	if err != nil {
		return false
	}
	here, there := host.ParseHosts(string(text)).Lookup(name), hosts.Lookup(name)
	return len(there) > 0 && slices.Equal(here, there)
}
