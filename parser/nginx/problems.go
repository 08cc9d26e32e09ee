package nginx

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// maxProblems limits how many syntax errors of one file are reported.
const maxProblems = 100

// report adds a problem, at most one per place.
func (p *parser) report(start, end int, kind source.Kind, message string) {
	p.reportCause(start, start, end, kind, message)
}

// reportCause is report for a mistake in the directive that starts at cause.
func (p *parser) reportCause(cause, start, end int, kind source.Kind, message string) {
	if kind == source.Syntax && (p.syntax > maxProblems || start < p.quietTo) {
		return
	}
	for _, other := range p.Problems {
		if int(other.At.Start) == start && other.Kind == kind {
			return
		}
	}
	if kind == source.Syntax {
		if p.syntax == 0 {
			p.named = p.looksLikeNginx()
		}
		if p.syntax++; p.syntax > maxProblems {
			return
		}
	}
	p.Problems = append(p.Problems, source.Problem{At: p.Source.Span(start, end), Kind: kind, Message: message})
	p.causes = append(p.causes, cause)
}

// limit reports that reading stopped at offset at.
func (p *parser) limit(at int, message string) {
	p.report(at, at, source.Limit, message)
	p.done = true
}

// unexpected reports the character at offset at, which nginx does not accept there.
func (p *parser) unexpected(at int) {
	c, size := p.char(at)
	p.reportCause(p.cause(at), at, at+size, source.Syntax, "unexpected "+c)
}

// cause returns the start of the directive being read, or at if there is none.
func (p *parser) cause(at int) int {
	if n := len(p.entries); n > 0 && p.entries[n-1].term == -1 && int(p.entries[n-1].word) < len(p.words) {
		return int(p.words[p.entries[n-1].word].start)
	}
	return at
}

// char returns the quoted character at offset i, and its size in bytes.
func (p *parser) char(i int) (quoted string, size int) {
	r, size := utf8.DecodeRuneInString(p.text[i:])
	if s := p.text[i : i+size]; unicode.IsPrint(r) && (r != utf8.RuneError || size > 1) {
		return `"` + s + `"`, size
	} else {
		return strconv.Quote(s), size
	}
}

// tooLong reports a token, with its content starting at content, that exceeds
// nginx's buffer.
func (p *parser) tooLong(start, content int) {
	p.reportCause(p.cause(start), start, content+10, source.Syntax,
		fmt.Sprintf("too long parameter %q...: nginx reads at most 4095 bytes", p.text[content:content+10]))
}

// endOfFile reports what is open at the end of the file: entry e, or a block if e is -1.
func (p *parser) endOfFile(e int) {
	if e >= 0 {
		name := int(p.words[p.entries[e].word].start)
		p.reportCause(name, len(p.text), len(p.text), source.Syntax,
			fmt.Sprintf(`unexpected end of file, expecting ";" or "}" after %s`, p.place("directive", int32(e))))
	} else if n := len(p.open); n > 0 {
		p.unclosedBlock(p.open[n-1])
	}
}

// unclosedBlock reports that the block of entry e is open at the end of the
// file; e is -1 for a brace without a name.
func (p *parser) unclosedBlock(e int32) {
	if e < 0 {
		return // the brace itself was a problem already
	}
	name := int(p.words[p.entries[e].word].start)
	p.reportCause(name, len(p.text), len(p.text), source.Syntax,
		fmt.Sprintf(`unexpected end of file, expecting "}" for %s`, p.place("block", e)))
}

// place names entry e and the line where it starts.
func (p *parser) place(what string, e int32) string {
	d := Directive{p.File, e}
	return fmt.Sprintf("the %s %s of line %d", what, shortName(d.Name()), d.Span().Begin().Line)
}

// shortName returns a directive's name in quotes, or dots if it may be NAME=SECRET
// or other text that is not a name.
func shortName(name string) string {
	if len(name) > 60 || !isPlainName(name) {
		return `"..."`
	}
	return `"` + name + `"`
}

// looksLikeNginx reports whether a well-formed directive was read whose name has
// only the characters of names and table keys, or the start of a block that nginx
// knows. It keeps the text of unrelated scripts and key files out of the report.
func (p *parser) looksLikeNginx() bool {
	for _, e := range p.entries {
		if int(e.word) == len(p.words) {
			break // the first word of this one is being read
		}
		name := Word{p.File, e.word}.short()
		if e.term >= 0 && isPlainName(name) || opensBlock(name) {
			return true
		}
	}
	return false
}

func isPlainName(name string) bool {
	for i := range len(name) {
		if !isNameByte(name[i]) && strings.IndexByte("~*.-+/:^", name[i]) < 0 {
			return false
		}
	}
	return name != ""
}

// finish sorts the problems. If the text is not a configuration that nginx could
// read as it is, one problem replaces all others.
func (p *parser) finish() {
	if p.syntax > 0 {
		if !p.named {
			p.unlike = true
			p.replace(source.Syntax, p.Source.Span(0, 0), "not an nginx configuration")
		} else if p.syntax > maxProblems {
			p.report(len(p.text), len(p.text), source.Limit, "the file has more than 100 syntax errors; the others are not reported")
		}
	}
	slices.SortStableFunc(p.Problems, func(a, b source.Problem) int { return cmp.Compare(a.At.Start, b.At.Start) })
	p.shrink()
}

// nameKeys looks up the names of all directives, and counts the includes.
func (p *parser) nameKeys() {
	includes := int32(0)
	for i := range p.entries {
		e := &p.entries[i]
		name := Word{p.File, e.word}.short()
		if e.key = servers.NginxKeyOf(name); e.block < 0 {
			e.block = ^includes
		}
		switch {
		case e.key == 0:
			p.suspectName(name)
		case name == "include" && (Directive{p.File, int32(i)}).IsInclude():
			includes++
		}
	}
}

// replace drops the syntax errors and the tree that was built over them.
func (p *parser) replace(kind source.Kind, at source.Span, message string) {
	kept := p.Problems[:0]
	for _, other := range p.Problems {
		if other.Kind != source.Syntax {
			kept = append(kept, other)
		}
	}
	p.Problems = append(kept, source.Problem{At: at, Kind: kind, Message: message})
	p.words, p.entries, p.blocks, p.skipped = nil, nil, nil, nil
}

// shrink releases the capacity that reserve allocated and that was not needed.
func (p *parser) shrink() {
	p.entries = clip(p.entries)
	p.words = clip(p.words)
	p.blocks = clip(p.blocks)
	p.Source.Comments = clip(p.Source.Comments)
}

func clip[T any](s []T) []T {
	if cap(s)-len(s) <= len(s)/4+32 {
		return s
	}
	return append(make([]T, 0, len(s)), s...)
}
