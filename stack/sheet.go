package stack

import (
	"iter"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
)

// sheet is what linking needs of one file. It is made once, even if the file is
// included many times: a hosting tree includes a dozen snippets ten thousand times
// each, and most of their content is unrelated to 502.
type sheet struct {
	file     *nginx.File
	includes []int32 // of parser.Nginx.Includes
	// keywords are those of the directives of the file, by Ordinal.
	keywords []keyword
	// matters is set if the file has an include, or anything that is relevant even
	// without a *_pass beside it.
	matters bool
	// top are the relevant directives at the top level.
	top []item
	// flat is set if none of them is an include.
	flat bool
	// settled is set once blocks without anything relevant are skipped.
	settled bool

	turn, repeated int // see repeats
}

// sheet returns the sheet of f.
func (r *reader) sheet(f *nginx.File) *sheet {
	if r.latest != nil && r.latest.file == f {
		return r.latest
	}
	r.latest = r.settled(r.draft(r.config.Index(f)))
	return r.latest
}

// settled returns s, settled.
func (r *reader) settled(s *sheet) *sheet {
	if !s.settled {
		s.settled = true
		r.settle(s)
		s.top, _ = s.looked(nil, s.file.Directives())
		s.flat = !hasInclude(s.top)
	}
	return s
}

// drafts returns the drafts of the files in a list of parser.Nginx.Lists.
func (r *reader) drafts(list int32) []*sheet {
	if r.included[list] == nil {
		files := make([]*sheet, len(r.config.Lists[list]))
		for i, f := range r.config.Lists[list] {
			files[i] = r.draft(f)
		}
		r.included[list] = files
	}
	return r.included[list]
}

// looked appends the relevant directives of one block to items, and returns the number
// of all of them as n. Of the fastcgi_param lines that linking does not use, one is
// enough: it disables those of outer blocks.
func (s *sheet) looked(items []item, block iter.Seq[nginx.Directive]) (_ []item, n int) {
	hidden := false
	for d := range block {
		n++
		k := s.keywords[d.Ordinal()]
		if k == other || k == kwOtherParam && hidden {
			continue
		}
		hidden = hidden || k == kwOtherParam
		it := item{keyword: k, d: d}
		if k == kwInclude {
			it.list = s.includes[d.IncludesBefore()]
		}
		items = append(items, it)
	}
	return items, n
}

// draft returns the sheet of a file of config, by its index, before settle, with every
// block.
func (r *reader) draft(i int32) *sheet {
	s := &r.sheets[i]
	if s.file != nil {
		return s
	}
	f := r.config.Files[i]
	n := f.Count()
	if len(r.unused) < n {
		r.unused = make([]keyword, max(n, 1024))
	}
	s.file, s.includes, s.keywords, r.unused = f, r.config.Includes[i], r.unused[:n:n], r.unused[n:]
	known := keywords()
	for d := range f.All() {
		k := known[d.Key()]
		switch {
		case k == kwFastCGIParam:
			k = kindOfParam(d)
		case k == kwLocation && namesWordPress(d):
			k = kwWordPress
		case k == kwEdge && setsLength(d):
			k = kwLength
		case k == kwInclude && !d.IsInclude():
			k = other // nginx refuses it
		}
		s.keywords[d.Ordinal()] = k
		s.matters = s.matters || k == kwInclude || k.matters()
	}
	return s
}

// settle skips the locations of a file without anything relevant, and marks such ifs as
// idle: for a location only their existence matters, not their content. It goes from
// its end to its start, so that the content of a block comes before the block.
func (r *reader) settle(s *sheet) {
	busy := slices.Grow(r.busy[:0], len(s.keywords))[:len(s.keywords)] // blocks with relevant content
	r.busy = busy
	clear(busy)
	for i := len(s.keywords) - 1; i >= 0; i-- {
		k := s.keywords[i]
		if k == other && !busy[i] {
			continue
		}
		d := s.file.Directive(i)
		switch {
		case busy[i], k.matters(), k == kwInclude && r.leads(s.includes[d.IncludesBefore()]):
			if outer := d.Parent(); !outer.IsZero() {
				busy[outer.Ordinal()] = true
			}
		case k == kwLocation && d.HasBlock():
			s.keywords[i] = other
		case k == kwIf && d.HasBlock():
			s.keywords[i] = kwIdleIf
		}
	}
}

// leads reports whether an include leads to anything relevant. Files that include
// others are not followed but treated as relevant.
func (r *reader) leads(list int32) bool {
	return slices.ContainsFunc(r.drafts(list), func(s *sheet) bool { return s.matters })
}

// kindOfParam returns the keyword of a fastcgi_param line that linking uses.
func kindOfParam(d nginx.Directive) keyword {
	switch d.Arg(0).String() {
	case "SCRIPT_FILENAME":
		return kwScriptParam
	case "PHP_VALUE", "PHP_ADMIN_VALUE":
		return kwValueParam
	}
	return kwOtherParam
}

// matters reports whether a directive is relevant in a location that passes no request on.
func (k keyword) matters() bool {
	switch k {
	case kwWordPress, kwSet, kwRoot, kwRewrite, kwLength, kwFastCGIPass, kwProxyPass, kwUWSGIPass, kwSCGIPass, kwGRPCPass:
		return true
	}
	return k.ofBuffers()
}

// namesWordPress reports whether an argument of d names a file of WordPress.
func namesWordPress(d nginx.Directive) bool {
	for _, w := range d.Args() {
		text := w.String()
		if !strings.Contains(text, "wp") && !strings.Contains(text, "xmlrpc") {
			continue
		}
		text = strings.ReplaceAll(text, `\`, "")
		for _, name := range [...]string{"wp-login", "wp-admin", "wp-content", "xmlrpc.php"} {
			if strings.Contains(text, name) {
				return true
			}
		}
	}
	return false
}
