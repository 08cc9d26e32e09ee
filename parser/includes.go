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

// maxFiles limits how many files one configuration may have.
const maxFiles = 500_000

// include is one include directive whose files are being opened.
type include struct {
	arg   string
	at    source.Span
	names []string
}

// readNginx reads the configuration whose tops are the given files: one main
// file, or fragments. It goes level by level: all files that the files of one
// level include are opened together.
func (r *reader) readNginx(n *Nginx, tops []*nginx.File) {
	n.includes = map[string][]*nginx.File{}
	seen := map[*nginx.File]bool{}
	var fresh []*nginx.File
	meet := func(f *nginx.File) {
		if !seen[f] {
			seen[f] = true
			fresh = append(fresh, f)
			n.Files = append(n.Files, f)
		}
	}
	for _, f := range tops {
		meet(f)
	}
	for len(fresh) > 0 && len(n.Files) < maxFiles {
		includes, names := r.includesOf(n, fresh, path.Dir(tops[0].Source.Name))
		fresh = nil
		answers := r.openAll(names, func(f *source.File) { r.parseNginx(f) })
		for _, inc := range includes {
			files := make([]*nginx.File, 0, len(inc.names))
			for i, name := range inc.names {
				if answers[i].err != nil {
					r.unreadable(n, inc, name, answers[i].err)
					continue
				}
				f := r.parseNginx(answers[i].file)
				files = append(files, f)
				meet(f)
			}
			answers = answers[len(inc.names):]
			n.includes[inc.arg] = files
		}
	}
	if len(n.Files) >= maxFiles {
		r.unread(source.Span{}, tops[0].Source.Name, fmt.Sprintf("more than %d files are included; the rest was not read", maxFiles))
	}
	n.Problems = append(n.Problems, cycles(n, tops)...)
}

// includesOf returns the includes of files whose argument was not met before,
// and the names of their files, one after the other. An argument means the
// same everywhere, since nginx takes it relative to the directory of the main
// file (nginx ngx_conf_file.c, ngx_conf_include).
func (r *reader) includesOf(n *Nginx, files []*nginx.File, dir string) (includes []include, names []string) {
	for _, f := range files {
		for d := range f.All() {
			if d.Name() != "include" || d.NumArgs() != 1 || d.HasBlock() {
				continue
			}
			arg := d.Arg(0).String()
			if _, met := n.includes[arg]; met {
				continue
			}
			n.includes[arg] = nil
			inc := include{arg: arg, at: d.Arg(0).Span()}
			if inc.names = r.expand(n, inc, dir); inc.names != nil {
				includes = append(includes, inc)
				names = append(names, inc.names...)
			}
		}
	}
	return includes, names
}

// expand returns the names of the files that an include stands for.
func (r *reader) expand(n *Nginx, inc include, dir string) []string {
	name := inc.arg
	if !strings.HasPrefix(name, "/") {
		name = path.Join(dir, name)
	} else {
		name, _ = r.beside(path.Clean(name), path.Join(dir, "nginx.conf"))
	}
	if !strings.ContainsAny(inc.arg, "*?[") {
		return []string{name}
	}
	names, err := r.tree.Glob(name)
	if err != nil {
		r.unread(inc.at, name, reason(name, err))
	}
	return names
}

// unreadable decides what it means that a file of an include cannot be read: a
// refusal of nginx, or something that was not looked at.
func (r *reader) unreadable(n *Nginx, inc include, name string, err error) {
	message := ""
	switch {
	case errors.Is(err, fs.ErrNotExist) && !r.tree.Live() && servers.Stock(path.Base(name)):
		return
	case errors.Is(err, fs.ErrNotExist) && r.missing(name):
		message = fmt.Sprintf("nginx cannot open %s: no such file or directory", name)
	case errors.Is(err, tree.ErrIsDir):
		message = fmt.Sprintf("nginx cannot read %s: it is a directory", name)
	default:
		r.unread(inc.at, name, reason(name, err))
		return
	}
	if strings.ContainsAny(inc.arg, "*?[") {
		message += ", which " + inc.arg + " matches"
	}
	n.Problems = append(n.Problems, source.Problem{At: inc.at, Kind: source.Include, Message: message})
}

// unread notes something that was not looked at.
func (r *reader) unread(at source.Span, name, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.configs.Unread = append(r.configs.Unread, Unread{At: at, Path: name, Why: why})
}

// reason returns why name could not be read, for a "not checked" line.
func reason(name string, err error) string { return name + ": " + err.Error() }

// cycles returns a problem for every include through which a file comes back to
// itself: nginx opens it again and again until it has no descriptors left.
func cycles(n *Nginx, tops []*nginx.File) []source.Problem {
	type visit struct {
		file *nginx.File
		next int
		out  []edge
	}
	var problems []source.Problem
	open, done := map[*nginx.File]bool{}, map[*nginx.File]bool{}
	for _, top := range tops {
		if done[top] {
			continue
		}
		open[top] = true
		stack := []visit{{file: top, out: edges(n, top)}}
		for len(stack) > 0 {
			v := &stack[len(stack)-1]
			if v.next == len(v.out) {
				open[v.file], done[v.file] = false, true
				stack = stack[:len(stack)-1]
				continue
			}
			e := v.out[v.next]
			v.next++
			switch {
			case open[e.to]:
				problems = append(problems, source.Problem{At: e.at, Kind: source.Include,
					Message: fmt.Sprintf("%s includes itself through this line: nginx opens it until it has too many open files", e.to.Source.Name)})
			case !done[e.to]:
				open[e.to] = true
				stack = append(stack, visit{file: e.to, out: edges(n, e.to)})
			}
		}
	}
	return problems
}

// edge is an include seen as a way from one file to another.
type edge struct {
	to *nginx.File
	at source.Span
}

func edges(n *Nginx, f *nginx.File) (out []edge) {
	for d := range f.All() {
		if d.Name() == "include" && d.NumArgs() == 1 {
			for _, to := range n.Include(d) {
				out = append(out, edge{to, d.Arg(0).Span()})
			}
		}
	}
	return out
}
