package host

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"runtime"
	"slices"
	"time"

	"github.com/wp502lint/wp502lint/tree"
)

// Take collects the facts of this machine, whose root is t, with paths and
// their parent directories. It leaves out what needs root to read.
func Take(t *tree.Tree, paths []string, now time.Time) *Snapshot {
	f := Collect(t, Overrides{})
	s := &Snapshot{Version: SnapshotVersion, Taken: now.UTC().Truncate(time.Second), Elsewhere: Elsewhere{f.Users.Elsewhere, f.Groups.Elsewhere}}
	for _, name := range slices.Sorted(maps.Keys(f.Users.byName)) {
		s.Users = append(s.Users, f.Users.byName[name])
	}
	for _, name := range slices.Sorted(maps.Keys(f.Groups.byName)) {
		s.Groups = append(s.Groups, f.Groups.byName[name])
	}
	s.Hosts = f.Hosts.list()
	s.takePaths(t, paths)
	if t.Live() {
		s.Memory = takeMemory(t)
		s.Processors = runtime.NumCPU()
		s.Somaxconn = numberIn(t, "/proc/sys/net/core/somaxconn")
		s.takeWorkers()
	}
	return s
}

// takePaths adds paths and their parent directories.
func (s *Snapshot) takePaths(t *tree.Tree, paths []string) {
	all := map[string]bool{}
	for _, name := range paths {
		for name = path.Clean("/" + name); !all[name]; name = path.Dir(name) {
			all[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		p := PathSnapshot{Path: name, Type: "missing"}
		info, err := t.Stat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			continue
		default:
			p.Type = cmp.Or(typeNames[info.Type], "other")
			p.UID, p.GID, p.Mode = info.UID, info.GID, fmt.Sprintf("%04o", uint32(info.Mode.Perm()))
		}
		s.Paths = append(s.Paths, p)
	}
}
