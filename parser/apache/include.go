package apache

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// maxIncludes is how deep Apache follows includes, and directories in directories (httpd
// server/core.c, AP_MAX_INCLUDE_DEPTH; server/util.c, AP_MAX_FNMATCH_DIR_DEPTH).
const maxIncludes = 128

// inclusion is what one Include line leads to.
type inclusion struct {
	*reader
	in       *input
	d        *Directive
	optional bool
	depth    int // of directories
}

// include is Include and IncludeOptional (httpd server/core.c, include_config).
func (r *reader) include(in *input, d *Directive) {
	optional := d.Name == "includeoptional"
	message := "takes one argument, Name(s) of the config file(s) to be included; fails if the wildcard does not match at least one file"
	if optional {
		message = "takes one argument, Name or pattern of the config file(s) to be included; ignored if the file does not exist or the pattern does not match any files"
	}
	if !r.takes(d, 1, 1, message) {
		return
	}
	i := &inclusion{r, in, d, optional, 0}
	name := d.Arg(0)
	switch {
	case r.w == nil:
		i.unread("includes are not followed")
		return
	case d.Args[0].Unset() != "":
		i.unread("${" + d.Args[0].Unset() + "} is not known")
		return
	case windows(name) || strings.HasPrefix(name, `\\`) || windows(r.root) && name[0] != '/':
		here := r.fromWindows(name)
		if here == "" {
			if !windows(name) && name[0] != '\\' {
				name = strings.TrimRight(r.root, `/\`) + "/" + name
			}
			i.unread("the path " + source.Excerpt(name) + " is one on Windows")
			return
		}
		name = here
	case name[0] != '/' && r.root == "":
		i.unread("the ServerRoot that it is relative to is not known")
		return
	}
	if d.Args[0].Mark() != "" && !in.src.Literal {
		i.unread("its path is a template mark")
		return
	}
	if r.includes == maxIncludes {
		r.looped = true
		r.refuseKind(d, d.Args[0].At, source.Include, "Exceeded maximum include depth of 128, There appears to be a recursion.")
		return
	}
	r.includes++
	if full := r.relative(name); Wild(full) {
		i.match("/", strings.Split(strings.TrimPrefix(full, "/"), "/"))
	} else {
		i.path(full)
	}
	r.includes--
}

// unread records what is not followed.
func (i *inclusion) unread(why string) {
	i.c.Unread = append(i.c.Unread, source.NotChecked{At: i.d.Args[0].At, Why: why})
	i.lacks = "a file that may matter for it was not read"
}

func (i *inclusion) refused(message string) {
	i.refuseKind(i.d, i.d.Args[0].At, source.Include, message)
}

// path reads a file, or all files of a directory and of those in it (httpd server/util.c,
// ap_dir_nofnmatch).
func (i *inclusion) path(name string) {
	if i.stopped {
		return
	}
	if p := i.w.Ahead(name); p != nil {
		i.read(i.openPage(p))
		return
	}
	switch i.w.Stat(name) {
	case Directory:
		if i.depth == maxIncludes {
			i.refused("Include/IncludeOptional: Directory '" + name + "' exceeds the maximum include directory nesting level of 128. You have probably a recursion somewhere.")
			return
		}
		i.depth++
		for _, entry := range i.entries(name) {
			i.path(path.Join(name, entry.Name))
		}
		i.depth--
		return
	case Missing:
		if i.optional {
			return
		}
	}
	i.open(name)
}

// entries lists a directory in the order of Apache; nil if that is an error.
func (i *inclusion) entries(dir string) []Entry {
	list, err := i.w.List(dir)
	if err != nil {
		i.failed("Include/IncludeOptional: Could not open directory ", dir, err)
		return nil
	}
	slices.SortFunc(list, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// failed records why a file or directory is not read. Apache reads as root: what this
// program may not read, Apache may.
func (i *inclusion) failed(message, name string, err error) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		i.refused(message + name + ": No such file or directory")
	case errors.Is(err, ErrNotRegular):
		i.refused(message + name + ": Bad file descriptor")
	case err == ErrUnknown:
		i.unread(name + " is not among the files")
	default:
		i.unread(err.Error())
	}
}

// open reads one file.
func (i *inclusion) open(name string) {
	src, err := i.w.Open(name)
	if err != nil {
		i.failed("Could not open configuration file ", name, err)
		return
	}
	i.read(i.reader.open(src))
}

// read reads a file in the place of the Include line.
func (i *inclusion) read(f *file) {
	if i.looped && f.active {
		return
	}
	i.file(f, i.in)
}

// match reads the files that a path with wildcards below dir matches (httpd server/util.c,
// ap_dir_fnmatch).
func (i *inclusion) match(dir string, parts []string) {
	pattern, rest := parts[0], parts[1:]
	if !Wild(pattern) {
		if full := path.Join(dir, pattern); len(rest) == 0 {
			i.path(full)
		} else {
			i.match(full, rest)
		}
		return
	}
	if i.optional && i.w.Stat(dir) == Missing {
		return
	}
	found := false
	for _, entry := range i.matching(dir, pattern, &found) {
		full := path.Join(dir, entry.Name)
		if i.stopped {
			return
		}
		switch {
		case len(rest) == 0:
			found = true
			i.path(full)
		case entry.Type == Directory:
			found = true
			i.match(full, rest)
		}
	}
	if found || i.optional {
		return
	}
	if i.w.Stat(path.Join(dir, pattern)) != Missing {
		i.unread("no file here matches " + path.Join(dir, pattern))
		return
	}
	i.refused("Include/IncludeOptional: No matches for the wildcard '" + pattern + "' in '" + dir + "', failing")
}

// matching lists the entries of a directory that match; known is set if it cannot be listed.
func (i *inclusion) matching(dir, pattern string, known *bool) (list []Entry) {
	before := len(i.c.Problems) + len(i.c.Unread)
	for _, entry := range i.entries(dir) {
		if wildcard(pattern, entry.Name) {
			list = append(list, entry)
		}
	}
	*known = len(i.c.Problems)+len(i.c.Unread) > before
	return list
}

// Wild reports whether APR takes a path or name for a pattern (apr fnmatch, apr_fnmatch_test).
func Wild(name string) bool {
	bracket := false
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '*', '?':
			return true
		case '\\':
			i++
		case '[':
			bracket = true
		case ']':
			if bracket {
				return true
			}
		}
	}
	return false
}

// wildcard reports whether a name matches a pattern. A dot at its start only matches itself
// (apr fnmatch, apr_fnmatch with APR_FNM_PERIOD).
func wildcard(pattern, name string) bool {
	if strings.HasPrefix(name, ".") && !strings.HasPrefix(strings.TrimPrefix(pattern, `\`), ".") {
		return false
	}
	p, n := 0, 0
	star, back := -1, 0
	for n < len(name) {
		if p < len(pattern) && pattern[p] == '*' {
			star, back = p, n
			p++
			continue
		}
		if size := single(pattern[p:], name[n]); size > 0 {
			p += size
			n++
			continue
		}
		if star < 0 {
			return false
		}
		back++
		p, n = star+1, back
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// single returns how many bytes of a pattern match one byte; 0 if they do not.
func single(pattern string, c byte) int {
	if pattern == "" {
		return 0
	}
	switch pattern[0] {
	case '?':
		return 1
	case '[':
		if size, ok := class(pattern, c); size > 0 {
			if ok {
				return size
			}
			return 0
		}
	case '\\':
		if len(pattern) > 1 {
			if pattern[1] == c {
				return 2
			}
			return 0
		}
	}
	if pattern[0] == c {
		return 1
	}
	return 0
}

// class returns the size of the [class] at the start of a pattern, and whether c is in it.
func class(pattern string, c byte) (size int, in bool) {
	i := 1
	not := len(pattern) > 1 && (pattern[1] == '!' || pattern[1] == '^')
	if not {
		i++
	}
	for first := i; i < len(pattern); i++ {
		if pattern[i] == ']' && i > first {
			return i + 1, in != not
		}
		low := pattern[i]
		if low == '\\' && i+1 < len(pattern) {
			i++
			low = pattern[i]
		}
		high := low
		if i+2 < len(pattern) && pattern[i+1] == '-' && pattern[i+2] != ']' {
			i += 2
			high = pattern[i]
		}
		in = in || low <= c && c <= high
	}
	return 0, false
}
