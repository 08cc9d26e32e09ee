package apache

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// disk is a World of files in memory. A file whose text is "@dir" is a directory, and one
// that starts with "@link " a symbolic link.
type disk struct {
	files   map[string]string
	env     map[string]string
	known   bool // the environment is
	defines []string
	version string
	partial bool // what is not in files is unknown
	opened  map[string]*source.File
	pages   bool // files are read ahead
}

func newDisk(files map[string]string) *disk {
	d := &disk{files: map[string]string{"/": "@dir"}, version: "2.4.71", opened: map[string]*source.File{}}
	for name, text := range files {
		d.files[name] = text
		for dir := path.Dir(name); dir != "/"; dir = path.Dir(dir) {
			d.files[dir] = "@dir"
		}
	}
	return d
}

func (d *disk) follow(name string) (string, bool) {
	for range 40 {
		text, ok := d.files[name]
		to, link := strings.CutPrefix(text, "@link ")
		if !ok || !link {
			return name, ok
		}
		name = path.Join(path.Dir(name), to)
	}
	return name, false
}

func (d *disk) Stat(name string) Type {
	name, ok := d.follow(name)
	switch {
	case !ok && d.partial:
		return Unknown
	case !ok:
		return Missing
	case d.files[name] == "@dir":
		return Directory
	}
	return Regular
}

func (d *disk) Open(name string) (*source.File, error) {
	switch d.Stat(name) {
	case Unknown:
		return nil, ErrUnknown
	case Missing:
		return nil, fs.ErrNotExist
	case Directory:
		return nil, ErrNotRegular
	}
	if f := d.opened[name]; f != nil {
		return f, nil
	}
	real, _ := d.follow(name)
	f := &source.File{Name: name, Real: real, Text: d.files[real]}
	d.opened[name] = f
	return f, nil
}

func (d *disk) List(dir string) (list []Entry, err error) {
	switch d.Stat(dir) {
	case Unknown:
		return nil, ErrUnknown
	case Missing:
		return nil, fs.ErrNotExist
	case Regular:
		return nil, ErrNotRegular
	}
	for name, text := range d.files {
		if path.Dir(name) != dir || name == "/" {
			continue
		}
		t := Regular
		if text == "@dir" {
			t = Directory
		} else if strings.HasPrefix(text, "@link ") {
			t = Link
		}
		list = append(list, Entry{path.Base(name), t})
	}
	slices.SortFunc(list, func(a, b Entry) int { return strings.Compare(b.Name, a.Name) })
	return list, nil
}

func (d *disk) Environment(name string) (value string, set, known bool) {
	value, set = d.env[name]
	return value, set, set || d.known
}

func (d *disk) Defined(name string) (yes, known bool) { return slices.Contains(d.defines, name), true }

func (d *disk) Builtin(module string) bool {
	return slices.Contains([]string{"core.c", "core_module", "mod_so.c", "so_module", "mod_watchdog.c", "watchdog_module", "http_core.c",
		"http_module", "mod_log_config.c", "log_config_module", "mod_version.c", "version_module", "mod_unixd.c", "unixd_module"}, module)
}

func (d *disk) Ahead(name string) *Page {
	if !d.pages || d.Stat(name) != Regular {
		return nil
	}
	f, _ := d.Open(name)
	return new(Ahead).Read(f)
}

func (d *disk) Version() string    { return d.version }
func (d *disk) ServerRoot() string { return "/etc/apache2" }
