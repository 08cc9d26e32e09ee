package stack

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
)

// dialed returns the endpoint of a unix socket that nginx connects to. nginx follows a
// link, unlike PHP-FPM, which replaces it with its own socket.
func (l *linker) dialed(name string) netaddr.Endpoint {
	if bare := strings.TrimRight(name, "/"); bare != name && bare != "" {
		e := l.dialed(bare)
		e.Path += "/" // the kernel requires a directory there, and a socket is not one
		return e
	}
	dir := path.Dir(name)
	present, asked := l.presentDirs[dir]
	if !asked && l.Facts != nil {
		present, _ = l.Facts.Files.Exists(dir)
		l.presentDirs[dir] = present
	}
	if present {
		name = l.Facts.Files.Leads(name)
	}
	return l.sockets.Endpoint(name)
}
