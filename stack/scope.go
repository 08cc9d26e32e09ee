package stack

import (
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// keyword is a directive that linking looks at. The others are passed over.
type keyword uint8

const (
	other keyword = iota
	kwHTTP
	kwServer
	kwLocation
	kwIf
	kwUpstream
	kwMap
	kwVariable // a block that gives a variable a value that depends on the request
	kwInclude
	kwListen
	kwServerName
	kwSet
	kwFastCGIPass
	kwProxyPass
	kwUWSGIPass
	kwSCGIPass
	kwFastCGIParam
	kwFastCGIIndex
	kwUser
)

var keywords = map[string]keyword{
	"http": kwHTTP, "server": kwServer, "location": kwLocation, "upstream": kwUpstream,
	"if": kwIf, "limit_except": kwIf,
	"map": kwMap, "geo": kwVariable, "split_clients": kwVariable,
	"include": kwInclude, "listen": kwListen, "server_name": kwServerName, "set": kwSet,
	"fastcgi_pass": kwFastCGIPass, "proxy_pass": kwProxyPass, "uwsgi_pass": kwUWSGIPass, "scgi_pass": kwSCGIPass,
	"user": kwUser, "fastcgi_param": kwFastCGIParam, "fastcgi_index": kwFastCGIIndex,
}

// item is a directive with its keyword.
type item struct {
	keyword keyword
	d       nginx.Directive
}

// scope is one block at one place of inclusion: what stands in it, includes
// followed, and what it inherits from.
type scope struct {
	parent *scope
	block  nginx.Directive // zero for the top of a file
	items  []item
}

// reader collects the directives of blocks of one nginx configuration.
type reader struct {
	linker *linker
	config *parser.Nginx
	main   *NginxMain // nil for fragments
	// blocks keeps the keyworded directives of the top level of every file and
	// of nothing else: only files are read again and again.
	tops map[*nginx.File][]item
}

// collect returns what stands directly in a block, with includes followed.
func (r *reader) collect(parent *scope, block nginx.Directive) *scope {
	s := &scope{parent: parent, block: block}
	var own []item
	for d := range block.Children() {
		if k := keywords[d.Name()]; k != other {
			own = append(own, item{k, d})
		}
	}
	s.items = r.expand(own)
	return s
}

// collectFiles returns what stands at the top level of files.
func (r *reader) collectFiles(files []*nginx.File) *scope {
	s := &scope{}
	for _, f := range files {
		s.items = append(s.items, r.expand(r.top(f))...)
	}
	return s
}

// top returns the keyworded directives at the top level of f.
func (r *reader) top(f *nginx.File) []item {
	items, ok := r.tops[f]
	if !ok {
		items = []item{}
		for d := range f.Directives() {
			if k := keywords[d.Name()]; k != other {
				items = append(items, item{k, d})
			}
		}
		r.tops[f] = items
	}
	return items
}

// expand replaces every include by what the files say, in order. A file that is
// being read is not read again inside itself.
func (r *reader) expand(own []item) []item {
	if !hasInclude(own) {
		return own
	}
	type level struct {
		file    *nginx.File
		items   []item
		pending []*nginx.File // files of the include that was met last
	}
	var out []item
	active := map[*nginx.File]bool{}
	stack := []level{{items: own}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		switch {
		case len(top.pending) > 0:
			f := top.pending[0]
			top.pending = top.pending[1:]
			if !active[f] && r.linker.place(f.Source) {
				active[f] = true
				stack = append(stack, level{file: f, items: r.top(f)})
			}
		case len(top.items) == 0:
			delete(active, top.file)
			stack = stack[:len(stack)-1]
		default:
			it := top.items[0]
			top.items = top.items[1:]
			if it.keyword == kwInclude {
				top.pending = r.config.Include(it.d)
			} else {
				out = append(out, it)
			}
		}
	}
	return out
}

func hasInclude(items []item) bool {
	for _, it := range items {
		if it.keyword == kwInclude {
			return true
		}
	}
	return false
}

// place counts one place of inclusion, and reports whether there is room for it.
func (l *linker) place(f *source.File) bool {
	l.places++
	if l.places == maxPlaces {
		l.Unknown = append(l.Unknown, Unknown{Path: f.Name, Why: "files are included at more than 1,000,000 places; what stands behind this one was not looked at"})
	}
	return l.places < maxPlaces
}

// last returns the last directive with the keyword in s itself.
func (s *scope) last(k keyword) (nginx.Directive, bool) {
	for i := len(s.items) - 1; i >= 0; i-- {
		if s.items[i].keyword == k {
			return s.items[i].d, true
		}
	}
	return nginx.Directive{}, false
}

// inherited returns the last directive with the keyword in the innermost block
// that has one.
func (s *scope) inherited(k keyword) (nginx.Directive, bool) {
	for ; s != nil; s = s.parent {
		if d, ok := s.last(k); ok {
			return d, true
		}
	}
	return nginx.Directive{}, false
}
