package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"strconv"
	"time"

	"github.com/wp502lint/wp502lint/tree"
)

// SnapshotVersion is the version of the JSON form of a Snapshot.
const SnapshotVersion = 1

// Snapshot is the facts of one machine, taken there and used elsewhere. It
// holds no environment, no passwords and no contents of files but /etc/hosts.
type Snapshot struct {
	Version    int             `json:"version"`
	Taken      time.Time       `json:"taken"`
	Memory     *MemorySnapshot `json:"memory,omitempty"`
	Processors int             `json:"processors,omitempty"`
	Somaxconn  int64           `json:"somaxconn,omitempty"`
	Users      []User          `json:"users,omitempty"`
	Groups     []Group         `json:"groups,omitempty"`
	Elsewhere  Elsewhere       `json:"elsewhere"`
	Hosts      []HostSnapshot  `json:"hosts,omitempty"`
	Paths      []PathSnapshot  `json:"paths,omitempty"`
	Pools      []PoolSnapshot  `json:"pools,omitempty"`
	PHP        []PHPSnapshot   `json:"php,omitempty"`
}

// MemorySnapshot is memory in bytes.
type MemorySnapshot struct {
	Total int64 `json:"total"`           // of the machine
	Limit int64 `json:"limit,omitempty"` // of the cgroup; 0 for none
}

// Elsewhere says whether there are sources of accounts besides the files.
type Elsewhere struct {
	Users  bool `json:"users"`
	Groups bool `json:"groups"`
}

// HostSnapshot is one address of /etc/hosts.
type HostSnapshot struct {
	Address string   `json:"address"`
	Names   []string `json:"names"`
}

// PathSnapshot is a path that the configuration names, or one of its parent
// directories.
type PathSnapshot struct {
	Path string `json:"path"`
	Type string `json:"type"` // directory, file, socket, other, missing
	UID  uint32 `json:"uid"`
	GID  uint32 `json:"gid"`
	Mode string `json:"mode,omitempty"` // octal, such as 0755
}

// typeNames are the types of a PathSnapshot that are not "other" or "missing".
var typeNames = map[tree.Type]string{tree.Dir: "directory", tree.File: "file", tree.Socket: "socket"}

// PoolSnapshot is the workers of one pool. The sizes are those of the largest
// worker, in bytes; 0 for one that could not be read.
type PoolSnapshot struct {
	Pool    string `json:"pool"`
	Config  string `json:"config,omitempty"` // the main file of its master
	Workers int    `json:"workers"`
	RSS     int64  `json:"rss"`
	PSS     int64  `json:"pss,omitempty"`
	Private int64  `json:"private,omitempty"`
	// Shared is the part of RSS that is shared with other workers, mostly
	// opcache.
	Shared int64 `json:"shared,omitempty"`
}

// PHPSnapshot is one running PHP-FPM.
type PHPSnapshot struct {
	Version string   `json:"version,omitempty"` // 8.3; "" if unknown
	Config  string   `json:"config,omitempty"`
	Modules []string `json:"modules,omitempty"` // shared objects that its master loaded
}

// maxSnapshot limits the JSON that ReadSnapshot accepts, in bytes.
const maxSnapshot = 64 << 20

// ReadSnapshot reads a Snapshot that was written as JSON. The error says what is wrong
// with the text.
func ReadSnapshot(r io.Reader) (*Snapshot, error) {
	s := &Snapshot{}
	limited := &io.LimitedReader{R: r, N: maxSnapshot + 1}
	if err := json.NewDecoder(limited).Decode(s); err != nil {
		if limited.N <= 0 {
			return nil, fmt.Errorf("larger than %d MiB", maxSnapshot>>20)
		}
		return nil, errors.New("not a facts file (expected JSON from \"wp502lint facts\")")
	}
	if s.Version != SnapshotVersion {
		return nil, fmt.Errorf("facts of version %d, but this program reads version %d", s.Version, SnapshotVersion)
	}
	return s, nil
}

// apply replaces facts of the tree by those of the snapshot.
func (s *Snapshot) apply(f *Facts) {
	if s.Memory != nil {
		f.Memory = s.Memory.available()
	}
	f.Processors, f.Somaxconn, f.Pools, f.PHP = s.Processors, s.Somaxconn, s.Pools, s.PHP
	if s.Users != nil {
		f.Users = usersOf(s.Users)
		f.Users.Elsewhere = s.Elsewhere.Users
	}
	if s.Groups != nil {
		f.Groups = groupsOf(s.Groups)
		f.Groups.Elsewhere = s.Elsewhere.Groups
	}
	if s.Hosts != nil {
		f.Hosts = s.hosts()
	}
	f.Files.listed = s.paths()
}

func (s *Snapshot) hosts() HostTable {
	t := HostTable{Known: true, byName: map[string][]netip.Addr{}}
	for _, h := range s.Hosts {
		if addr, err := netip.ParseAddr(h.Address); err == nil {
			for _, name := range h.Names {
				t.add(name, addr)
			}
		}
	}
	return t
}

// listed is what a snapshot says about a path.
type listed struct {
	info    tree.Info
	missing bool
}

func (s *Snapshot) paths() map[string]listed {
	all := map[string]listed{}
	for _, p := range s.Paths {
		mode, _ := strconv.ParseUint(p.Mode, 8, 32)
		info := tree.Info{Real: p.Path, Type: tree.Other, UID: p.UID, GID: p.GID, Mode: fs.FileMode(mode) & fs.ModePerm}
		for kind, name := range typeNames {
			if name == p.Type {
				info.Type = kind
			}
		}
		all[p.Path] = listed{info, p.Type == "missing"}
	}
	return all
}
