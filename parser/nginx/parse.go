package nginx

import (
	"math"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Limits of this parser; nginx is limited only by memory and stack.
const (
	maxDepth      = 200      // blocks inside blocks
	maxDirectives = 4 << 20  // in one file
	maxWords      = 16 << 20 // in one file
	maxComments   = 1 << 20  // in one file; later ones are skipped
)

const bom = "\xef\xbb\xbf"

// parser reads one file from start to end. Only recover.go steps back, and never
// twice for the same reason.
type parser struct {
	*File
	text   string
	pos    int
	parent int32     // the innermost open entry, or -1
	open   []int32   // the open entries; -1 for a brace without a name
	room   [16]int32 // for open
	done   bool      // a limit was reached

	causes    []int // for each problem, the start of the directive with the mistake
	syntax    int   // the number of syntax errors
	named     bool  // text that looks like nginx precedes the first of them
	steppedAt int   // the delimiter at which recover.go last stepped back
	quietTo   int   // up to here recover.go rereads text that nginx read differently: report no syntax errors
	luaLost   bool  // the end of a Lua body has been guessed

	suspect bool          // the text may have template marks
	marks   []source.Mark // those that are left, if they are replaced in text
}

// Parse reads src and never fails: what nginx would refuse is in Problems, and
// reading continues after it. It sets src.Comments, src.Parsed and src.Rendered. A file
// that is not an nginx configuration, or of which a template decides the blocks, has one
// problem and no directives.
func Parse(src *source.File) *File {
	src.Rendered = nil
	var p parser
	p.read(src, src.Text, nil)
	if p.mayTemplate() {
		if marks := marksIn(src.Text); marks != nil {
			p.read(src, masked(src.Text, marks), marks)
			p.template(marks)
		}
	}
	src.Parsed = p.File
	p.finish()
	return p.File
}

// read parses text, which is that of src or has its marks replaced.
func (p *parser) read(src *source.File, text string, marks []source.Mark) {
	*p = parser{File: &File{Source: src}, text: text, parent: -1, steppedAt: -1, marks: marks}
	p.open, src.Comments = p.room[:0], nil
	if len(p.text) > math.MaxInt32 {
		p.limit(0, "the file is larger than 2 GiB and was not read")
		return
	}
	p.reserve()
	p.escapes = escapeIn(p.text) >= 0
	if strings.HasPrefix(p.text, bom) {
		p.report(0, len(bom), source.BOM, "the file starts with a byte order mark, which nginx takes for a part of the first word")
		p.pos = len(bom)
	}
	for !p.done && p.statement() {
	}
	p.closeRest()
	p.nameKeys()
	if len(src.Comments) == maxComments {
		end := int(src.Comments[maxComments-1].End)
		p.report(end, end, source.Limit, "the file has more than 1,048,575 comments; those after this one were not looked at")
	}
}

// reserve allocates for the most directives, blocks and comments that the text can
// hold, so that a long file is not copied repeatedly as it grows.
func (p *parser) reserve() {
	braces := strings.Count(p.text, "{")
	signs := strings.Count(p.text, ";") + braces
	p.entries = make([]entry, 0, min(signs+1, len(p.text)/8+8))
	p.words = make([]word, 0, min(5*signs/2+8, len(p.text)/8+8))
	p.blocks = make([]block, 0, min(braces, len(p.text)/16+8))
	if n := strings.Count(p.text, "#"); n > 0 {
		p.Source.Comments = make([]source.Span, 0, min(n, len(p.text)/16+8, maxComments))
	}
}

// statement reads to the end of one directive, to its opening brace or past a
// closing one. It returns false at the end of the file.
func (p *parser) statement() bool {
	p.blanks()
	if p.pos >= len(p.text) {
		p.endOfFile(-1)
		return false
	}
	if p.marks != nil && p.wholeMark() {
		return true
	}
	switch p.text[p.pos] {
	case '}':
		p.closeBlock()
	case ';':
		p.unexpected(p.pos)
		p.pos++
	case '{':
		p.unexpected(p.pos)
		p.openNameless()
	default:
		p.directive()
	}
	return true
}

// blanks skips blanks and comments.
func (p *parser) blanks() {
	for p.pos < len(p.text) {
		switch c := p.text[p.pos]; {
		case class[c] == blank:
			p.pos++
		case c == '#':
			p.comment()
		default:
			return
		}
	}
}

func (p *parser) comment() {
	start, end := p.pos, lineEnd(p.text, p.pos)
	p.pos = end
	p.suspectComment(start)
	if runsOver(p.text, start, end) {
		p.tooLong(start, start)
	}
	if end < len(p.text) && p.text[end-1] == '\r' {
		end--
	}
	if len(p.Source.Comments) < maxComments {
		p.Source.Comments = append(p.Source.Comments, p.Source.Span(start, end))
	}
}

// directive reads the words of one directive and the delimiter after them.
func (p *parser) directive() {
	if len(p.entries) >= maxDirectives || len(p.words) >= maxWords {
		p.limit(p.pos, "the file has more directives or words than are read; the rest was not looked at")
		return
	}
	p.begin(int32(len(p.words)))
	for {
		p.word()
		p.blanks()
		if p.pos >= len(p.text) {
			p.endWithout(len(p.words) - 1)
			p.endOfFile(len(p.entries) - 1)
			return
		}
		switch p.text[p.pos] {
		case ';':
			p.endDirective()
			return
		case '{':
			p.openBlock()
			return
		case '}':
			p.unexpected(p.pos)
			p.endWithout(len(p.words) - 1)
			return
		}
		if len(p.words) >= maxWords {
			p.endWithout(len(p.words) - 1)
			p.limit(p.pos, "the file has more words than are read; the rest was not looked at")
			return
		}
	}
}

// begin starts a directive whose name is or will be word w.
func (p *parser) begin(w int32) {
	p.entries = append(p.entries, entry{word: w, parent: p.parent, term: -1, block: -1})
}

// endWithout reports that the delimiter is missing after word w, the last of the
// newest directive.
func (p *parser) endWithout(w int) {
	end := p.words[w].end
	if end >= 0 {
		end = ^end
	}
	p.entries[len(p.entries)-1].term = end
}

// word reads the word at p.pos, which is not a blank, comment, delimiter or brace.
func (p *parser) word() {
	start := p.pos
	switch c := p.text[start]; starts[c] {
	case ofString:
		p.quoted(c)
		return
	case ofMark:
		p.suspectWord(start)
	}
	end := wordEnd(p.text, start)
	if end < len(p.text) && p.text[end] == '{' {
		end = p.braceInWord(start, end)
	}
	if wordRunsOver(p.text, start, end) {
		p.tooLong(start, start)
	}
	if p.text[end-1] == '}' {
		p.suspectEnd(start, end)
	}
	p.words = append(p.words, word{int32(start), int32(end)})
	p.pos = end
}

// quoted reads the string at p.pos.
func (p *parser) quoted(quote byte) {
	start := p.pos
	end := closingQuote(p.text[:min(len(p.text), start+1+maxToken)], start+1, quote)
	if end < 0 {
		p.unclosedQuote(start, quote)
		return
	}
	end++
	p.words = append(p.words, word{int32(start), int32(end)})
	p.pos = end
	if wordRunsOver(p.text, start+1, end) {
		p.tooLong(start, start+1)
	}
	// A ) may follow directly, so that if ($a = "b") needs no blank.
	if end < len(p.text) && class[p.text[end]] != blank && class[p.text[end]] != sign && p.text[end] != ')' {
		p.glued(start)
	}
}

// endDirective ends the newest directive at the semicolon at p.pos.
func (p *parser) endDirective() {
	e := &p.entries[len(p.entries)-1]
	e.term = int32(p.pos)
	if p.lacksBlock() {
		p.blockMissing()
		return
	}
	p.pos++
}

// openBlock ends the newest directive at the brace at p.pos.
func (p *parser) openBlock() {
	p.suspectBrace(p.pos)
	if p.inTable() {
		p.unexpected(p.pos)
		p.endWithout(len(p.words) - 1)
		p.openNameless()
		return
	}
	p.splitUnterminated()
	p.entries[len(p.entries)-1].term = int32(p.pos)
	p.pos++
	p.enter()
}

// enter opens a block for the newest directive. Its body starts at p.pos.
func (p *parser) enter() {
	e := int32(len(p.entries) - 1)
	kind := kindOf(Word{p.File, p.entries[e].word}.short())
	p.entries[e].block = int32(len(p.blocks))
	p.blocks = append(p.blocks, block{next: e + 1, close: ^int32(p.pos), kind: kind})
	if kind == lua {
		p.luaBody()
		return
	}
	if p.push(e) {
		p.parent = e
	}
}

// openNameless opens the brace at p.pos that belongs to no directive. Its content
// becomes part of the enclosing block.
func (p *parser) openNameless() {
	p.pos++
	p.push(-1)
}

func (p *parser) push(e int32) bool {
	if len(p.open) >= maxDepth {
		p.limit(p.pos-1, "blocks are nested more than 200 deep; the rest of the file was not looked at")
		return false
	}
	p.open = append(p.open, e)
	return true
}

// closeBlock closes the innermost block at the brace at p.pos.
func (p *parser) closeBlock() {
	if len(p.open) == 0 {
		p.unexpected(p.pos)
	} else {
		p.leave(int32(p.pos))
	}
	p.pos++
}

// leave pops the innermost block from the stack.
func (p *parser) leave(at int32) {
	e := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	if e < 0 {
		return
	}
	b := &p.blocks[p.entries[e].block]
	b.next, b.close = int32(len(p.entries)), at
	p.parent = p.entries[e].parent
}

// closeRest closes the blocks that are open where reading stopped.
func (p *parser) closeRest() {
	for len(p.open) > 0 {
		p.leave(^int32(p.pos))
	}
}

// inTable reports whether the innermost block is data.
func (p *parser) inTable() bool {
	if p.parent < 0 {
		return false
	}
	k := p.blocks[p.entries[p.parent].block].kind
	return k == table || k == tableWithIncludes
}
