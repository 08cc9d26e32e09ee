package parser

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/phpini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// master reads the master whose files are mains: one php-fpm.conf, or loose
// pool files in the order in which FPM would include them.
func (r *reader) master(mains ...*source.File) *Master {
	m := &Master{Prefix: "/usr"}
	name := mains[0].Name
	if m.Layout, m.Version = servers.FPMLayout(name); m.Layout != nil {
		m.Prefix = servers.At(m.Layout.Prefix, m.Version)
	} else if strings.HasPrefix(name, "/usr/local/") {
		m.Prefix = "/usr/local"
	}
	m.Config = fpm.LoadAll(mains, func(pattern string, at source.Span) ([]*source.File, *source.Problem) {
		return r.includeFPM(m, pattern, at)
	})
	r.readPHPIni(m, name)
	return m
}

// includeFPM answers what the files of an include= line of FPM are (php-src
// sapi/fpm/fpm/fpm_conf.c, fpm_conf_ini_parser_include; measured on PHP-FPM
// 8.2: a glob without a match is a warning, a missing directory an error).
func (r *reader) includeFPM(m *Master, pattern string, at source.Span) ([]*source.File, *source.Problem) {
	if !strings.HasPrefix(pattern, "/") {
		pattern = path.Join(m.Prefix, pattern)
	}
	name, _ := r.beside(path.Clean(pattern), at.File.Name)
	dir := path.Dir(name)
	if _, err := r.tree.List(dir); err != nil {
		return nil, r.lostInclude(at, name, dir, err)
	}
	names, err := r.tree.Glob(name)
	if err != nil {
		return nil, r.lostInclude(at, name, dir, err)
	}
	var files []*source.File
	for i, o := range r.openAll(names, nil) {
		switch {
		case o.err == nil:
			files = append(files, o.file)
		case errors.Is(o.err, tree.ErrIsDir):
		case errors.Is(o.err, fs.ErrNotExist):
			return files, &source.Problem{At: at, Kind: source.Include,
				Message: fmt.Sprintf("PHP-FPM cannot open %s, which this include matches: no such file or directory", names[i])}
		default:
			r.unread(at, names[i], reason(names[i], o.err))
			return files, &source.Problem{At: at, Kind: source.Unreadable, Message: reason(names[i], o.err)}
		}
	}
	return files, nil
}

// lostInclude decides what it means that the directory of an include cannot be
// read.
func (r *reader) lostInclude(at source.Span, name, dir string, err error) *source.Problem {
	glob := strings.ContainsAny(path.Base(name), "*?[")
	if errors.Is(err, fs.ErrNotExist) && r.missing(dir) {
		if !glob {
			return nil
		}
		return &source.Problem{At: at, Kind: source.Include, Message: fmt.Sprintf("PHP-FPM cannot search %s: there is no such directory", dir)}
	}
	r.unread(at, name, reason(dir, err))
	return &source.Problem{At: at, Kind: source.Unreadable, Message: reason(dir, err)}
}

// readPHPIni reads php.ini and the further ini files of the master's PHP. A
// master that stands at no known place has those of the only PHP-FPM that the
// tree shows.
func (r *reader) readPHPIni(m *Master, name string) {
	layout, version, root := m.Layout, m.Version, ""
	if layout == nil || layout.PHPIni == "" {
		ini, err := r.tree.Glob(servers.Glob(servers.Layouts[0].PHPIni))
		if err != nil || len(ini) != 1 || !r.system {
			return
		}
		layout = &servers.Layouts[0]
		_, version = servers.FPMLayout(path.Dir(ini[0]) + "/php-fpm.conf")
		m.Version = version
	} else {
		root = strings.TrimSuffix(name, servers.At(layout.FPMConf, version))
		if root == name {
			root = ""
		}
	}
	names := []string{root + servers.At(layout.PHPIni, version)}
	if layout.ConfD != "" {
		more, _ := r.tree.Glob(root + servers.At(layout.ConfD, version) + "/*.ini")
		names = append(names, more...)
	}
	var files []*source.File
	for i, o := range r.openAll(names, nil) {
		switch {
		case o.err == nil:
			files = append(files, o.file)
			r.roles[names[i]] = RolePHPIni
		case !errors.Is(o.err, fs.ErrNotExist):
			r.unread(source.Span{}, names[i], reason(names[i], o.err))
		}
	}
	if files != nil {
		m.PHPIni = phpini.Load(files)
	}
}
