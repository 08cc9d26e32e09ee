package stack

import (
	"iter"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
)

// sheet is what linking looks at in one file. It is made once, however often
// the file is included: a hosting tree includes a dozen snippets ten thousand
// times each, and most of what they say is about other things than 502.
type sheet struct {
	// keywords are those of the directives of the file, by Ordinal.
	keywords []keyword
	// matters is set when the file has an include, or anything that matters
	// without a *_pass beside it.
	matters bool
	// top are the directives at the top level that are looked at.
	top []item
	// settled is set when blocks in which nothing matters are passed over.
	settled bool
	// active is set while the file is being read at a place of inclusion.
	active bool
}

// sheet returns the sheet of f.
func (r *reader) sheet(f *nginx.File) *sheet {
	s := r.draft(f)
	if !s.settled {
		s.settled = true
		r.settle(f, s)
		s.top, _ = s.looked(nil, f.Directives())
	}
	return s
}

// looked appends to items those of the directives of one block that are looked
// at, of n. Of the lines of fastcgi_param with which nothing is done one is
// enough: it hides those of outer blocks.
func (s *sheet) looked(items []item, block iter.Seq[nginx.Directive]) (_ []item, n int) {
	hidden := false
	for d := range block {
		n++
		k := s.keywords[d.Ordinal()]
		if k == other || k == kwOtherParam && hidden {
			continue
		}
		hidden = hidden || k == kwOtherParam
		items = append(items, item{k, d})
	}
	return items, n
}

// draft returns the sheet of f, in which every block may still be looked at.
func (r *reader) draft(f *nginx.File) *sheet {
	s := r.sheets[f]
	if s != nil {
		return s
	}
	s = &sheet{keywords: make([]keyword, f.Count())}
	known := keywords()
	for d := range f.All() {
		k := known[d.Key()]
		if k == kwFastCGIParam {
			k = kindOfParam(d)
		}
		s.keywords[d.Ordinal()] = k
		s.matters = s.matters || k == kwInclude || k.matters(d)
	}
	r.sheets[f] = s
	return s
}

// settle passes over the locations of f in which nothing matters, and tells the
// ifs of that kind from others: a location does not care what is in them, but
// whether there is one. It goes from the end to the start of the file, so that
// what is inside a block comes before the block.
func (r *reader) settle(f *nginx.File, s *sheet) {
	busy := make([]bool, len(s.keywords)) // blocks with something that matters
	for i := len(s.keywords) - 1; i >= 0; i-- {
		k := s.keywords[i]
		if k == other && !busy[i] {
			continue
		}
		d := f.Directive(i)
		switch {
		case busy[i], k.matters(d), k == kwInclude && r.leads(d):
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

// leads reports whether an include leads to anything that matters. Files that
// include others are not followed but count as such.
func (r *reader) leads(include nginx.Directive) bool {
	for _, f := range r.config.Include(include) {
		if r.draft(f).matters {
			return true
		}
	}
	return false
}

// kindOfParam tells the lines of fastcgi_param that are looked at from others.
func kindOfParam(d nginx.Directive) keyword {
	switch d.Arg(0).String() {
	case "SCRIPT_FILENAME":
		return kwScriptParam
	case "PHP_VALUE", "PHP_ADMIN_VALUE":
		return kwValueParam
	}
	return kwOtherParam
}

// matters reports whether a directive means something in a location from which
// no request is handed on.
func (k keyword) matters(d nginx.Directive) bool {
	switch k {
	case kwSet, kwRoot, kwRewrite, kwFastCGIPass, kwProxyPass, kwUWSGIPass, kwSCGIPass:
		return true
	case kwLocation:
		return namesWordPress(d)
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
