package stack

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// index finds the directive or setting at a place of a file. Its data for a file is
// computed on first use.
type index struct {
	nginx      map[*source.File]*nginx.File
	directives map[*source.File][]nginx.Directive // in text order
	blocks     map[nginx.Directive][]string       // by block, its name after those of the enclosing blocks
	latest     nginx.Directive                    // the latest directive that was found, and its words
	words      []string

	// outermost are the directives of Apache whose section is in another file, if any, and apache
	// all those of a file in text order.
	outermost map[*source.File][]*apache.Directive
	apache    map[*source.File][]*apache.Directive
	// That of Apache, and by section its name after those of the enclosing sections.
	latestApache *apache.Directive
	apacheWords  []string
	apacheBlocks map[*apache.Directive][]string

	// sections are those with lines in a file that are not in lines yet.
	sections map[*source.File][]*fpm.Section
	added    map[*fpm.Section]bool
	lines    map[*source.File][]iniLine
	sorted   map[*source.File]bool // whose lines are complete, and in text order
}

// iniLine is one line of an INI file. Its first word is written at key and its last at
// value.
type iniLine struct {
	key, value    source.Span
	blocks, words []string
}

// end returns the offset of the end of l.
func (l iniLine) end() int32 { return max(l.key.End, l.value.End) }

// Around returns the names of the blocks that enclose at, outermost first (the
// server_name of a server, the name of a pool), and the decoded words of the directive
// at at, without secrets. It returns nothing for a place outside every directive, and for a
// file that is not part of the stack. The slices must not be changed.
func (s *Stack) Around(at source.Span) (blocks, words []string) {
	if s.configs == nil || at.IsZero() {
		return nil, nil
	}
	if s.index == nil {
		s.index = newIndex(s.configs)
	}
	if f := s.index.nginx[at.File]; f != nil {
		return s.index.aroundNginx(f, at)
	}
	if s.index.outermost[at.File] != nil {
		return s.index.aroundApache(at)
	}
	return aroundLine(s.index.linesOf(at.File), at)
}

func newIndex(c *parser.Configs) *index {
	x := &index{
		outermost:    make(map[*source.File][]*apache.Directive, len(c.Files)),
		apache:       map[*source.File][]*apache.Directive{},
		apacheBlocks: map[*apache.Directive][]string{},
		nginx:        make(map[*source.File]*nginx.File, len(c.Files)),
		directives:   map[*source.File][]nginx.Directive{},
		blocks:       map[nginx.Directive][]string{},
		sections:     make(map[*source.File][]*fpm.Section, len(c.Files)),
		added:        map[*fpm.Section]bool{},
		lines:        map[*source.File][]iniLine{},
		sorted:       map[*source.File]bool{},
	}
	for _, n := range c.Nginx {
		for _, f := range n.Files {
			x.nginx[f.Source] = f
		}
	}
	for _, a := range c.Apaches {
		x.noteApache(nil, a.Directives)
		for _, access := range a.Access {
			x.outermost[access.File] = access.Directives
		}
	}
	for _, m := range c.Masters {
		for _, s := range append([]*fpm.Section{m.Global}, m.Pools...) {
			x.noteSection(s)
		}
		if m.PHPIni != nil {
			for _, e := range m.PHPIni.Entries {
				x.add(e.KeyAt(), e.Value().At, nil, e.Key(), e.Index(), e.Value().Text)
			}
		}
	}
	return x
}

// noteApache records the directives of a section that are in another file than it.
func (x *index) noteApache(section *source.File, list []*apache.Directive) {
	for _, d := range list {
		if d.At.File != section {
			x.outermost[d.At.File] = append(x.outermost[d.At.File], d)
		}
		x.noteApache(d.At.File, d.Children)
	}
}

// apacheOf returns the directives of a file of Apache in text order.
func (x *index) apacheOf(f *source.File) []*apache.Directive {
	all, ok := x.apache[f]
	if ok {
		return all
	}
	var gather func(list []*apache.Directive)
	gather = func(list []*apache.Directive) {
		for _, d := range list {
			if d.At.File == f {
				all = append(all, d)
				gather(d.Children)
			}
		}
	}
	gather(x.outermost[f])
	slices.SortStableFunc(all, func(a, b *apache.Directive) int { return cmp.Compare(a.At.Start, b.At.Start) })
	x.apache[f] = all
	return all
}

// noteSection records the files in which s has lines.
func (x *index) noteSection(s *fpm.Section) {
	var last *source.File
	note := func(f *source.File) {
		if f != last {
			last = f
			x.sections[f] = append(x.sections[f], s)
		}
	}
	for _, h := range s.Headers {
		note(h.File)
	}
	for i := range s.Entries {
		note(s.Entries[i].KeyAt().File)
	}
}

// linesOf returns the lines of an INI file in text order.
func (x *index) linesOf(f *source.File) []iniLine {
	if !x.sorted[f] {
		x.sorted[f] = true
		for _, s := range x.sections[f] {
			if !x.added[s] {
				x.added[s] = true
				x.addSection(s)
			}
		}
		slices.SortStableFunc(x.lines[f], func(a, b iniLine) int { return cmp.Compare(a.key.Start, b.key.Start) })
	}
	return x.lines[f]
}

func (x *index) addSection(s *fpm.Section) {
	blocks := []string{s.Name}
	for _, h := range s.Headers {
		x.add(h, h, nil, s.Name)
	}
	for i := range s.Entries {
		e := &s.Entries[i]
		x.add(e.KeyAt(), e.Value().At, blocks, e.Key(), e.Index(), e.Value().Text)
	}
}

func (x *index) add(key, value source.Span, blocks []string, words ...string) {
	x.lines[key.File] = append(x.lines[key.File], iniLine{key, value, blocks, words})
}

// aroundNginx finds the innermost directive that covers at: the last one that starts
// before it, or one that encloses that.
func (x *index) aroundNginx(f *nginx.File, at source.Span) (blocks, words []string) {
	list, ok := x.directives[at.File]
	if !ok {
		list = slices.AppendSeq(make([]nginx.Directive, 0, f.Count()), f.All())
		x.directives[at.File] = list
	}
	i := sort.Search(len(list), func(i int) bool { return list[i].Span().Start > at.Start })
	if i == 0 {
		return nil, nil
	}
	d := list[i-1]
	for !d.IsZero() && at.Start >= d.Whole().End {
		d = d.Parent()
	}
	if d.IsZero() {
		return nil, nil
	}
	if d != x.latest {
		words = append(words, shown(d.NameWord().Span(), d.Name()))
		for _, w := range d.Args() {
			words = append(words, shown(w.Span(), w.String()))
		}
		x.latest, x.words = d, words
	}
	return x.path(d.Parent()), x.words
}

// path returns the names of block and of its enclosing blocks, outermost first. It is
// nginx.Directive.Path, but determines the name of a server only once.
func (x *index) path(block nginx.Directive) []string {
	var inner []nginx.Directive
	for !block.IsZero() && x.blocks[block] == nil {
		inner = append(inner, block)
		block = block.Parent()
	}
	path := x.blocks[block]
	for _, b := range slices.Backward(inner) {
		path = append(slices.Clip(path), shown(b.Span(), b.Label()))
		x.blocks[b] = path
	}
	return slices.Clip(path)
}

// aroundApache finds the last directive that starts before at, or the section that encloses it.
// If several macros and includes lead to the place, it is the last of the directives there.
func (x *index) aroundApache(at source.Span) (blocks, words []string) {
	list := x.apacheOf(at.File)
	i := sort.Search(len(list), func(i int) bool { return list[i].At.Start > at.Start })
	if i == 0 || list[i-1].At.End < at.Start {
		return nil, nil
	}
	d := list[i-1]
	if d != x.latestApache {
		words = append(words, shown(d.NameAt(), d.NameAt().Text()))
		for _, w := range d.Args {
			words = append(words, unreplaced(w.At, w.Text))
		}
		x.latestApache, x.apacheWords = d, words
	}
	return x.apachePath(d.Parent), x.apacheWords
}

// apachePath returns the names of section and of its enclosing sections, outermost first.
func (x *index) apachePath(section *apache.Directive) []string {
	if section == nil {
		return nil
	}
	path, ok := x.apacheBlocks[section]
	if !ok {
		path = slices.Clip(append(slices.Clip(x.apachePath(section.Parent)), sectionName(section)))
		x.apacheBlocks[section] = path
	}
	return path
}

// unreplaced is shown for a text of Apache. With a variable it is as written: a value may be a
// secret that is set elsewhere, and may differ between the machines that have the file.
func unreplaced(at source.Span, text string) string {
	if strings.Contains(at.Text(), "${") {
		return at.Masked()
	}
	return shown(at, text)
}

// sectionName names a section: a virtual host by its ServerName, any other by its arguments.
func sectionName(section *apache.Directive) string {
	name := section.NameAt().Text()
	if section.Name == "virtualhost" {
		for _, d := range section.Children {
			if d.Name == "servername" {
				return unreplaced(d.At, name+" "+d.Arg(0))
			}
		}
	}
	return unreplaced(section.At, strings.TrimSpace(name+" "+section.Raw()))
}

// aroundLine finds the line that covers at. If several sections include the file, it
// is the first of the lines at that place.
func aroundLine(lines []iniLine, at source.Span) (blocks, words []string) {
	i := sort.Search(len(lines), func(i int) bool { return lines[i].key.Start > at.Start })
	if i == 0 || lines[i-1].end() < at.Start {
		return nil, nil
	}
	start := lines[i-1].key.Start
	l := lines[sort.Search(i, func(j int) bool { return lines[j].key.Start >= start })]
	if words = slices.Clone(l.words); len(words) > 1 {
		words[len(words)-1] = shown(l.value, words[len(words)-1])
	}
	words[0] = shown(l.key, words[0])
	return l.blocks, words
}

// shown returns the decoded text of what is written at at, or, if a part of it is a
// secret, the text as written without the secret.
func shown(at source.Span, text string) string {
	if at.Secret() {
		return at.Masked()
	}
	return text
}
