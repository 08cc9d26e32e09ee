package parser

import (
	"cmp"
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

// master reads the master with the files mains: one php-fpm.conf, or loose pool files
// in the order in which FPM would include them.
func (r *reader) master(loose bool, mains ...*source.File) *Master {
	m := &Master{Prefix: "/usr", Loose: loose}
	name := mains[0].Name
	if m.Layout, m.Number, m.Root = layoutOf(name); m.Layout != nil {
		m.Version = versionOf(m.Number)
		m.Prefix, m.State = servers.At(m.Layout.Prefix, m.Number), servers.At(m.Layout.State, m.Number)
	} else if strings.HasPrefix(name, "/usr/local/") {
		m.Prefix = "/usr/local"
	}
	if r.machine && m.Root != "" && m.Number == "" && path.Base(path.Dir(name)) == "etc" {
		m.ownPrefix()
	}
	if !loose {
		m.startedBy(r.startOf(mains[0]))
	}
	files := make([]*fpm.File, len(mains))
	for i, f := range mains {
		files[i] = r.parseFPM(f)
	}
	load := fpm.Load
	if loose {
		load = fpm.LoadPools
	}
	m.Config = load(files, func(pattern string, at source.Span) ([]*fpm.File, *source.Problem) {
		return r.includeFPM(m, pattern, at)
	})
	r.readPHPIni(m, m.Root)
	return m
}

// ownPrefix makes m a PHP that was built with a prefix of its own, which it has etc below: on a
// machine, that folder is not a root file system.
func (m *Master) ownPrefix() {
	m.Prefix, m.State, m.iniFile = m.Root, path.Join(m.Root, "var"), path.Join(m.Root, "etc/php.ini")
	m.Layout, m.Root = nil, ""
}

// includeFPM returns the files of an include= line of FPM (php-src
// sapi/fpm/fpm/fpm_conf.c, fpm_conf_ini_parser_include; measured on PHP-FPM
// 8.2: a glob without a match is a warning, a missing directory an error).
func (r *reader) includeFPM(m *Master, pattern string, at source.Span) ([]*fpm.File, *source.Problem) {
	if !strings.HasPrefix(pattern, "/") {
		if m.Prefix == "" {
			return nil, &source.Problem{At: at, Kind: source.Unreadable, Message: "the base directory of " + pattern + " is unknown"}
		}
		pattern = path.Join(m.Prefix, pattern)
	}
	base, rest := r.beside(path.Clean(pattern), path.Dir(at.File.Name))
	name := tree.EscapeGlob(base) + rest
	if dir, glob := searched(rest); glob {
		if _, err := r.tree.List(base + dir); err != nil && !errors.Is(err, tree.ErrNotDir) {
			return nil, r.lostInclude(at, base+dir, err)
		}
	}
	names, err := r.tree.Glob(name)
	if _, glob := searched(rest); err == nil && !glob && len(names) == 0 && !r.tree.Missing(base+rest) {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, unreadable(at, base+rest, err)
	}
	if dir, glob := searched(rest); glob && len(names) == 0 {
		if why, ok := r.tree.WhyDoubted(path.Join(base+dir, "any")); ok {
			return nil, &source.Problem{At: at, Kind: source.Unreadable, Message: why}
		}
	}
	makeRoom(r, len(names), &r.fpm)
	files := make([]*fpm.File, 0, len(names))
	for i, o := range r.openAll(names, func(f *source.File) { r.parseFPM(f) }) {
		switch {
		case o.err == nil:
			files = append(files, r.parseFPM(o.file))
			included(r.includers, o.file, at)
		case errors.Is(o.err, tree.ErrIsDir):
		case errors.Is(o.err, fs.ErrNotExist):
			return files, &source.Problem{At: at, Kind: source.Include,
				Message: fmt.Sprintf("PHP-FPM cannot open %s, which this include matches: no such file or directory", names[i])}
		case errors.Is(o.err, tree.ErrLoop):
			return files, &source.Problem{At: at, Kind: source.Include,
				Message: fmt.Sprintf("PHP-FPM cannot open %s, which this include matches: too many levels of symbolic links", names[i])}
		default:
			return files, unreadable(at, names[i], o.err)
		}
	}
	return files, nil
}

// searched returns the directory that glob(3) of PHP-FPM reads first and without
// which it fails: the one before the first component with a wildcard. glob is false
// if there is no wildcard. A backslash quotes what follows it.
func searched(pattern string) (dir string, glob bool) {
	i := strings.IndexAny(pattern, wildcards)
	if i < 0 {
		return "", false
	}
	return tree.UnescapeGlob(pattern[:strings.LastIndexByte(pattern[:i], '/')+1]), true
}

// lostInclude decides the consequence of a directory dir that an include reads and
// that cannot be read.
func (r *reader) lostInclude(at source.Span, dir string, err error) *source.Problem {
	if errors.Is(err, fs.ErrNotExist) && r.tree.Missing(dir) {
		return &source.Problem{At: at, Kind: source.Include, Message: fmt.Sprintf("PHP-FPM cannot search %s: there is no such directory", path.Clean(dir))}
	}
	return unreadable(at, path.Clean(dir), err)
}

func unreadable(at source.Span, name string, err error) *source.Problem {
	if err == fs.ErrNotExist {
		return &source.Problem{At: at, Kind: source.Unreadable, Message: name + ": no such file"}
	}
	return &source.Problem{At: at, Kind: source.Unreadable, Message: reason(name, err)}
}

// readPHPIni reads php.ini and the additional ini files of the master's PHP. A master
// without a known layout uses those of the only PHP-FPM in the tree. root is the
// directory that serves as "/" of the layout.
func (r *reader) readPHPIni(m *Master, root string) {
	layout, number := m.Layout, m.Number
	if m.noIni {
		return
	}
	if m.iniFile != "" && layout == nil {
		layout = &servers.Layout{}
	}
	if layout == nil || layout.PHPIni == "" && m.iniFile == "" {
		found, err := r.tree.Glob(servers.Glob(servers.Layouts[0].PHPIni))
		if err != nil || len(found) != 1 || !r.system {
			return
		}
		layout = &servers.Layouts[0]
		_, number, root = layoutOf(path.Dir(found[0]) + "/php-fpm.conf")
		m.Version = versionOf(number)
	}
	names := []string{cmp.Or(m.iniFile, root+servers.At(layout.PHPIni, number))}
	if layout.ConfD != "" {
		more, _ := r.tree.Glob(tree.EscapeGlob(root) + servers.At(layout.ConfD, number) + "/*.ini")
		names = append(names, more...)
	}
	var files []*source.File
	for i, o := range r.openAll(names, nil) {
		switch {
		case o.err == nil:
			files = append(files, o.file)
		case !errors.Is(o.err, fs.ErrNotExist):
			r.skip(source.NotChecked{Path: names[i], Why: o.err.Error()}, source.RolePHPIni)
		}
	}
	if files != nil {
		m.PHPIni = phpini.Load(files)
		m.PHPIni.Defined = m.defined
	}
}
