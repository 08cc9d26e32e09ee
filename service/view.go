package service

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/source"
)

// Sight is what a process of a service sees at a path.
type Sight uint8

// The sights.
const (
	Plain    Sight = iota // what the machine has
	Hidden                // an empty directory instead
	ReadOnly              // what the machine has, and nothing can be created or written
	Unknown               // something else, which the files do not determine
)

// Setting is a setting of a unit that changes what a service sees.
type Setting struct {
	Unit string // its name
	Text string // such as ProtectHome=true
	At   source.Span
}

// View is what the processes of a service see of the file system (systemd.exec(5),
// "Sandboxing"). The nil View is that of the machine.
type View struct {
	unit   string
	mounts []mount
	own    []string // the directories that systemd makes for the account of the service
	blind  bool     // another root: nothing is known
}

// mount is one directory with everything below it.
type mount struct {
	path  string
	sight Sight
	by    systemd.Entry
}

// ViewOf returns what a service sees. It is nil for one without a sandbox.
func ViewOf(u *systemd.Unit) *View {
	v := &View{unit: u.Name}
	get := func(key string) (systemd.Entry, bool) { return u.Get("Service", key) }
	for _, key := range []string{"RootDirectory", "RootImage", "MountImages", "ExtensionImages", "ExtensionDirectories"} {
		if e, ok := get(key); ok && e.Value != "" {
			v.blind = true
		}
	}
	dynamic, byDynamic := isDynamic(u)
	v.protectSystem(u, dynamic, byDynamic)
	v.protectHome(u, dynamic, byDynamic)
	v.private(u, dynamic)
	v.directories(u)
	v.lists(u)
	if command(u).full || len(v.mounts) == 0 && !v.blind {
		return nil
	}
	return v
}

// isDynamic returns whether systemd makes up the account of a unit, and the setting.
func isDynamic(u *systemd.Unit) (bool, systemd.Entry) {
	e, _ := u.Get("Service", "DynamicUser")
	on, _ := systemd.Bool(e.Value)
	return on, e
}

func (v *View) add(sight Sight, by systemd.Entry, paths ...string) {
	for _, p := range paths {
		v.mounts = append(v.mounts, mount{path.Clean(p), sight, by})
	}
}

func (v *View) protectSystem(u *systemd.Unit, dynamic bool, byDynamic systemd.Entry) {
	e, ok := u.Get("Service", "ProtectSystem")
	on, _ := systemd.Bool(e.Value)
	switch {
	case dynamic && (!ok || e.Value != "strict"):
		v.strict(byDynamic, Unknown)
	case e.Value == "strict":
		v.strict(e, ReadOnly)
	case e.Value == "full":
		v.add(ReadOnly, e, "/usr", "/boot", "/efi", "/etc")
	case on:
		v.add(ReadOnly, e, "/usr", "/boot", "/efi")
	}
}

// strict makes everything but what the service owns read-only. For DynamicUser=, which implies it,
// nothing is said: the directories of such a unit are made with it.
func (v *View) strict(by systemd.Entry, sight Sight) {
	v.add(sight, by, "/")
	v.add(Plain, by, "/dev", "/proc", "/sys")
	// ProtectSystem= leaves them to ProtectHome= (systemd src/core/namespace.c).
	v.add(Plain, by, homes...)
}

var homes = []string{"/home", "/root", "/run/user"}

func (v *View) protectHome(u *systemd.Unit, dynamic bool, byDynamic systemd.Entry) {
	e, ok := u.Get("Service", "ProtectHome")
	on, _ := systemd.Bool(e.Value)
	switch {
	case on, e.Value == "tmpfs":
		v.add(Hidden, e, homes...)
	case e.Value == "read-only":
		v.add(ReadOnly, e, homes...)
	case dynamic && !ok:
		v.add(Unknown, byDynamic, homes...)
	}
}

// private adds the directories of which the service has its own.
func (v *View) private(u *systemd.Unit, dynamic bool) {
	e, _ := u.Get("Service", "PrivateTmp")
	on, _ := systemd.Bool(e.Value)
	if on || dynamic || e.Value == "disconnected" {
		v.add(Plain, e, "/tmp", "/var/tmp")
	}
	e, _ = u.Get("Service", "PrivateDevices")
	if on, _ := systemd.Bool(e.Value); on {
		v.add(Unknown, e, "/dev")
		v.add(Plain, e, "/dev/shm")
	}
}

// ownDirectories are the settings that make directories of the service and let it write
// there, with the directory around them.
var ownDirectories = [][2]string{
	{"RuntimeDirectory", "/run"}, {"StateDirectory", "/var/lib"}, {"CacheDirectory", "/var/cache"}, {"LogsDirectory", "/var/log"}, {"ConfigurationDirectory", "/etc"},
}

func (v *View) directories(u *systemd.Unit) {
	for _, own := range ownDirectories {
		for _, e := range u.All("Service", own[0]) {
			for _, name := range strings.Fields(e.Value) {
				name, _, _ = strings.Cut(name, ":")
				v.add(Plain, e, path.Join(own[1], name))
				v.own = append(v.own, path.Join(own[1], name))
			}
		}
	}
}

// lists adds the directories that the unit lists.
func (v *View) lists(u *systemd.Unit) {
	for _, list := range []struct {
		key   string
		sight Sight
	}{
		{"ReadWritePaths", Plain}, {"ReadWriteDirectories", Plain}, {"ReadOnlyPaths", ReadOnly}, {"ReadOnlyDirectories", ReadOnly},
		{"InaccessiblePaths", Hidden}, {"InaccessibleDirectories", Hidden}, {"TemporaryFileSystem", Hidden}, {"BindPaths", Plain}, {"BindReadOnlyPaths", ReadOnly},
	} {
		for _, e := range u.All("Service", list.key) {
			for _, word := range strings.Fields(e.Value) {
				v.listed(list.key, strings.TrimLeft(word, "-+"), list.sight, e)
			}
		}
	}
}

func (v *View) listed(key, word string, sight Sight, by systemd.Entry) {
	parts := strings.Split(word, ":")
	name := parts[0]
	if strings.HasPrefix(key, "Bind") && len(parts) > 1 && parts[1] != parts[0] {
		name, sight = parts[1], Unknown
	}
	if path.IsAbs(name) {
		v.add(sight, by, name)
	}
}

// Owns reports whether systemd makes a directory for the service, of its account.
func (v *View) Owns(dir string) bool { return v != nil && slices.Contains(v.own, dir) }

// Of returns what the service sees at a path with its links resolved, and the setting that
// makes it so.
func (v *View) Of(name string) (Sight, Setting) {
	if v == nil {
		return Plain, Setting{}
	}
	if v.blind {
		return Unknown, Setting{}
	}
	var nearest *mount
	for i := range v.mounts {
		m := &v.mounts[i]
		if !within(m.path, name) {
			continue
		}
		// What is inaccessible hides what other settings mount in it.
		if inaccessible := m.sight == Hidden && obstructs(m.by); inaccessible {
			nearest = m
			break
		}
		if nearest == nil || len(m.path) >= len(nearest.path) {
			nearest = m
		}
	}
	if nearest == nil || nearest.sight == Plain {
		return Plain, Setting{}
	}
	by := Setting{v.unit, nearest.by.Key + "=" + nearest.by.Value, nearest.by.At}
	if nearest.sight == Hidden && name == nearest.path {
		return ReadOnly, by
	}
	return nearest.sight, by
}

// obstructs reports whether a setting that hides a directory also hides what others mount in it
// (systemd src/core/namespace.c, drop_inaccessible).
func obstructs(e systemd.Entry) bool {
	return slices.Contains([]string{"ProtectHome", "InaccessiblePaths", "InaccessibleDirectories"}, e.Key) && e.Value != "tmpfs"
}

func within(dir, name string) bool {
	return dir == "/" || name == dir || strings.HasPrefix(name, dir+"/")
}
