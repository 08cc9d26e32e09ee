package parser

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

const (
	// maxFiles limits how many files one configuration may have.
	maxFiles = 500_000
	// maxNames limits how many names the globs of one configuration may match.
	maxNames = 1_000_000
)

// wildcards are the characters that make nginx and PHP-FPM expand a pattern.
const wildcards = "*?["

// include is one include directive whose files are being opened.
type include struct {
	list  int32 // in Nginx.Lists
	arg   string
	at    source.Span
	names []string
}

// readNginx reads the configuration that starts at the given files: one main file, or
// fragments. It reads level by level: all files that the files of one level include
// are opened together.
func (r *reader) readNginx(n *Nginx, tops []*nginx.File) {
	n.Lists, n.wild, n.index = make([][]int32, 1), make([]bool, 1), map[*nginx.File]int32{}
	n.table, n.secret = make([]bool, 1), make([]bool, 1)
	lists := map[string]int32{} // by key
	meet := func(f *nginx.File) (index int32) {
		index, met := n.index[f]
		if !met {
			index = int32(len(n.Files))
			n.index[f], n.Files = index, append(n.Files, f)
		}
		return index
	}
	for _, f := range tops {
		meet(f)
	}
	for len(n.Includes) < len(n.Files) && len(n.Files) < maxFiles {
		includes, names := r.includesOf(n, lists)
		if len(names) >= few {
			r.crowd()
		}
		makeRoom(r, len(names), &r.nginx)
		makeRoom(r, len(names), &n.index)
		answers := r.openAll(names, func(f *source.File) { r.parseNginx(f) })
		for _, inc := range includes {
			files := make([]int32, 0, len(inc.names))
			for i, name := range inc.names {
				if answers[i].err != nil {
					r.unreadable(n, inc, name, answers[i].err)
					continue
				}
				files = append(files, meet(r.parseNginx(answers[i].file)))
			}
			answers = answers[len(inc.names):]
			n.Lists[inc.list] = files
		}
	}
	for _, f := range n.Files[len(n.Includes):] {
		n.Includes = append(n.Includes, make([]int32, f.Count())) // not followed
	}
	if len(n.Files) >= maxFiles {
		n.Open = true
		r.unread(source.Span{}, tops[0].Source.Name, fmt.Sprintf("more than %d files are included; the rest was not read", maxFiles))
	}
	r.cycles(n, tops)
}

// includesOf sets Includes of the files that have none yet. It returns the includes whose
// argument is new, and the names of their files, in order. known are the lists of
// arguments, by key.
func (r *reader) includesOf(n *Nginx, known map[string]int32) (includes []include, names []string) {
	var lists []int32
	for _, f := range n.Files[len(n.Includes):] {
		from := len(lists)
		for d := range f.All() {
			if !d.IsInclude() {
				continue
			}
			key := n.key(d)
			list, met := known[key]
			if !met {
				list = int32(len(n.Lists))
				known[key], n.Lists = list, append(n.Lists, nil)
				n.wild = append(n.wild, strings.ContainsAny(d.Arg(0).String(), wildcards))
				n.table, n.secret = append(n.table, false), append(n.secret, false)
			}
			n.table[list] = n.table[list] || d.InTable()
			n.secret[list] = n.secret[list] || d.InSecretTable()
			if lists = append(lists, list); met {
				continue
			}
			inc := include{list: list, arg: d.Arg(0).String(), at: d.Arg(0).Span()}
			inc.names = r.expand(n, inc)
			if n.names += len(inc.names); n.names > maxNames {
				n.Open = true
				r.unread(inc.at, inc.arg, fmt.Sprintf("the includes match more than %d names; the files of this one were not read", maxNames))
				continue
			}
			includes = append(includes, inc)
			names = append(names, inc.names...)
		}
		n.Includes = append(n.Includes, lists[from:len(lists):len(lists)])
	}
	return includes, names
}

// expand returns the names of the files that an include matches. nginx resolves a
// relative name from the directory of the main file (nginx ngx_conf_file.c,
// ngx_conf_include). If that is unknown, it is resolved from the nearest directory
// above the including file in which such a name exists.
func (r *reader) expand(n *Nginx, inc include) []string {
	if n.Main != nil {
		at := r.locate(path.Dir(n.Main.Source.Name), inc.arg)
		names, err := r.match(at)
		if err != nil {
			r.unread(inc.at, inc.arg, reason(inc.arg, err))
		}
		n.Open = n.Open || err != nil || len(names) == 0 && !r.tree.Missing(at.base+at.rest)
		return names
	}
	own := path.Dir(inc.at.File.Name)
	for dir := own; ; dir = path.Dir(dir) {
		names, err := r.match(r.locate(dir, inc.arg))
		if err == nil && len(names) > 0 && r.exists(names[0]) {
			return names
		}
		if dir == "/" {
			break
		}
	}
	names, _ := r.match(r.locate(own, inc.arg))
	return names
}

// located is the argument of an include as a path. Only in rest are wildcards wildcards.
type located struct {
	base, rest string
	wild       bool // the argument has wildcards
}

// locate returns the path that the argument of an include is for a main file in dir.
func (r *reader) locate(dir, arg string) located {
	base, rest := dir, "/"+arg
	if strings.HasPrefix(arg, "/") {
		base, rest = r.beside(path.Clean(arg), dir)
	}
	return located{strings.TrimSuffix(base, "/"), rest, strings.ContainsAny(arg, wildcards)}
}

// match returns the names that an include matches.
func (r *reader) match(at located) ([]string, error) {
	if !at.wild {
		return []string{at.base + at.rest}, nil
	}
	return r.tree.Glob(tree.EscapeGlob(at.base) + at.rest)
}

// unreadable decides the consequence of an included file that cannot be read: nginx
// refuses to start, or the file is reported as not checked.
func (r *reader) unreadable(n *Nginx, inc include, name string, err error) {
	message := ""
	switch {
	case nginx.MayBeReplaced(inc.arg) || source.TemplateMark(inc.arg) != "": // another file, maybe
	case errors.Is(err, fs.ErrNotExist) && !r.container && !r.tree.Whole() && servers.Stock(path.Base(name)):
		return
	case errors.Is(err, fs.ErrNotExist) && r.tree.Missing(name):
		message = fmt.Sprintf("nginx cannot open %s: no such file or directory", name)
	case errors.Is(err, tree.ErrIsDir):
		message = fmt.Sprintf("nginx cannot read %s: it is a directory", name)
	case errors.Is(err, tree.ErrLoop):
		message = fmt.Sprintf("nginx cannot open %s: too many levels of symbolic links", name)
	}
	if message == "" {
		n.Open = true
		r.unread(inc.at, name, reason(name, err))
		return
	}
	if strings.ContainsAny(inc.arg, wildcards) {
		message += ", which " + inc.arg + " matches"
	}
	n.Problems = append(n.Problems, source.Problem{At: inc.at, Kind: source.Include, Message: message})
}

// unread records a part of nginx's configuration that was not read.
func (r *reader) unread(at source.Span, name, why string) {
	r.skip(source.NotChecked{At: at, Path: name, Why: why}, source.RoleNginx)
}

// skip records something that was not read, and the role that it would have; "" if that
// may be any.
func (r *reader) skip(what source.NotChecked, role source.Role) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.configs
	c.Unread = append(c.Unread, what)
	if role == "" || role == source.RoleNginx {
		c.NginxUnread++
	}
	if role == "" || role == source.RoleFPM || role == source.RolePool {
		c.FPMUnread++
	}
	if role == "" || role == source.RoleApache {
		c.ApacheUnread++
	}
}

// reason returns why name could not be read, for a "not checked" line.
func reason(name string, err error) string { return name + ": " + err.Error() }
