package nginx

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// This file decides where reading continues after a mistake, so that one mistake
// is one problem and the rest of the file is still read.

// unclosedQuote reports the string at start, which does not end within nginx's buffer.
func (p *parser) unclosedQuote(start int, quote byte) {
	cause := p.causeOr(start)
	if start+1+maxToken >= len(p.text) {
		p.reportCause(cause, len(p.text), len(p.text), source.Syntax,
			fmt.Sprintf(`unexpected end of file, expecting ";" or "}": the %c of line %d is not closed`, quote, p.line(start)))
		p.quietTo = len(p.text) + 1
	} else {
		p.reportCause(cause, start, start+1, source.Syntax,
			fmt.Sprintf(`too long parameter, probably missing terminating "%c" character`, quote))
		if end := p.longStringEnd(start, quote); end >= 0 {
			p.words = append(p.words, word{int32(start), int32(end)})
			p.pos = end
			return
		}
	}
	p.endQuoteOnLine(start)
}

// maxString limits how far the end of a string is searched that exceeds nginx's buffer.
const maxString = 64 << 10

// longStringEnd returns the end of the string at start that exceeds nginx's buffer
// but is otherwise valid, or -1 if its closing quote is probably missing: then the
// next quote opens a string, and text follows it directly.
func (p *parser) longStringEnd(start int, quote byte) int {
	text := p.text[:min(len(p.text), start+maxString)]
	end := closingQuote(text, start+1, quote) + 1
	if end == 0 || end < len(p.text) && class[p.text[end]] != blank && class[p.text[end]] != sign {
		return -1
	}
	return end
}

// glued reports text directly after the string that starts at start and ends at
// p.pos. If the string spans lines, a quote is missing on the first.
func (p *parser) glued(start int) {
	at := p.pos
	if strings.IndexByte(p.text[start:at], '\n') >= 0 {
		c, size := p.char(at)
		p.reportCause(p.causeOr(start), at, at+size, source.Syntax,
			fmt.Sprintf("unexpected %s after the string that starts on line %d", c, p.line(start)))
		p.words = p.words[:len(p.words)-1]
		p.quietTo = max(p.quietTo, at+1)
		p.endQuoteOnLine(start)
		return
	}
	p.unexpected(at)
	end := at
	switch p.text[at] {
	case '}':
	case '#':
		if n := strings.IndexAny(p.text[at:], "; \t\n"); n >= 0 && p.text[at+n] == ';' {
			end = at + n
		} else {
			end = lineEnd(p.text, at)
		}
	default:
		end = wordEnd(p.text, at)
	}
	p.skip(at, end)
}

// endQuoteOnLine ends the string at start at the end of its line, before the
// semicolon or brace there.
func (p *parser) endQuoteOnLine(start int) {
	end := lineEnd(p.text, start)
	if sign := strings.LastIndexAny(p.text[start:end], ";{"); sign >= 0 {
		rest := strings.TrimLeft(p.text[start+sign+1:end], " \t\r")
		if rest == "" || rest[0] == '#' {
			end = start + sign
		}
	}
	end = start + 1 + len(strings.TrimRight(p.text[start+1:end], " \t\r"))
	p.words = append(p.words, word{int32(start), ^int32(end)})
	p.pos = end
}

// skip excludes the text from start to end from every word.
func (p *parser) skip(start, end int) {
	if start < end {
		p.skipped = append(p.skipped, word{int32(start), int32(end)})
	}
	p.pos = end
}

// causeOr is cause for a word that may be the first of its directive.
func (p *parser) causeOr(start int) int {
	return min(p.cause(start), start)
}

func (p *parser) line(at int) int { return p.Source.Position(at).Line }

// braceInWord examines the brace at end, directly after the word that starts at
// start, where nginx ends the word. If the brace can only be part of the word, it is
// reported and the true end of the word returned.
func (p *parser) braceInWord(start, end int) int {
	cause, in := p.causeOr(start), "in a word without quotes"
	part := p.braceInTable
	if !p.inTable() {
		if !p.takesDirectives(start, end) {
			return end
		}
		part, in = quantifier, "in a regular expression without quotes"
	}
	at := end
	for n := part(p.text[end:]); n > 0; n = part(p.text[end:]) {
		end = wordEnd(p.text, end+n)
	}
	if end > at {
		p.reportCause(cause, at, at+1, source.Syntax, `unexpected "{" `+in)
	}
	return end
}

// braceInTable returns the length of the brace at the start of text, or 0 if there
// is none or nothing follows it directly. A table has no blocks.
func (p *parser) braceInTable(text string) int {
	if len(text) < 2 || text[0] != '{' || class[text[1]] == blank || class[text[1]] == sign {
		return 0
	}
	return 1
}

// takesDirectives reports whether the body of the directive being read, or of the
// one named by start to end, holds directives. No directive starts like the rest of
// a quantifier.
func (p *parser) takesDirectives(start, end int) bool {
	if name := p.entries[len(p.entries)-1].word; int(name) < len(p.words) {
		return kindOf(Word{p.File, name}.short()) == directives
	}
	return end-start > maxName || kindOf(p.text[start:end]) == directives
}

// splitUnterminated examines the newest directive, whose block is about to open. If
// it is not a block and a later line of it starts with the name of one, a semicolon
// is missing before that line.
func (p *parser) splitUnterminated() {
	e := len(p.entries) - 1
	first := int(p.entries[e].word)
	name := Word{p.File, int32(first)}.short()
	if len(p.words)-first == 1 || opensBlock(name) || kindOf(name) == lua {
		return
	}
	for w := first + 1; w < len(p.words); w++ {
		if !p.startsLine(w) || !opensBlock(Word{p.File, int32(w)}.short()) {
			continue
		}
		header := Directive{p.File, int32(e)}.NameWord().Span().To(Word{p.File, int32(w - 1)}.Span())
		p.endWithout(w - 1)
		p.begin(int32(w))
		p.reportCause(int(header.Start), int(header.Start), int(header.End), source.Syntax,
			fmt.Sprintf(`directive %s is not terminated by ";"`, shortName(Word{p.File, int32(first)}.String())))
		return
	}
}

// startsLine reports whether only blanks precede word w on its line.
func (p *parser) startsLine(w int) bool {
	start := int(p.words[w].start)
	before := strings.TrimRight(p.text[:start], " \t\r")
	return strings.HasSuffix(before, "\n")
}

// lacksBlock reports whether the newest directive, which ends in a semicolon, must
// be a block. A file that is included into a table has such names at top level,
// each followed by one word.
func (p *parser) lacksBlock() bool {
	e := Directive{p.File, int32(len(p.entries) - 1)}
	if !mayNeedBlock(p.text[p.words[p.entries[e.index].word].start:]) {
		return false
	}
	name := e.NameWord().short()
	if _, ok := blockNames[name]; !ok && (name != "server" || !holdsServers[e.Parent().Name()]) {
		return false
	}
	return !p.inTable() && (p.parent >= 0 || e.NumArgs() > 1)
}

// blockMissing reports the semicolon at p.pos and opens the block at the intended
// brace: in the ${ that consumed it, or at the end of the line.
func (p *parser) blockMissing() {
	e := Directive{p.File, int32(len(p.entries) - 1)}
	header := e.Span()
	p.reportCause(int(header.Start), p.pos, p.pos+1, source.Syntax,
		fmt.Sprintf(`directive %s has no opening "{"`, shortName(e.Name())))
	if p.steppedAt == p.pos { // otherwise many names before one semicolon cost one pass each
		p.pos++
		return
	}
	p.steppedAt, p.quietTo = p.pos, max(p.quietTo, p.pos+1)
	first := int(p.entries[e.index].word)
	for w := first; w < len(p.words); w++ {
		switch end := int(p.words[w].end); {
		case end > 0 && strings.HasSuffix(p.text[:end], "${") && !p.quotedAt(w):
			p.words[w].end--
			p.entries[e.index].term = int32(end - 1)
			p.stepBack(w, end)
			return
		case w > first && p.startsLine(w):
			p.endWithout(w - 1)
			p.stepBack(w-1, int(p.words[w].start))
			return
		}
	}
	p.pos++
}

func (p *parser) quotedAt(w int) bool { return Word{p.File, int32(w)}.Quoted() }

// stepBack discards everything after word w and continues at offset pos in the
// block of the newest directive.
func (p *parser) stepBack(w, pos int) {
	p.words = p.words[:w+1]
	comments := p.Source.Comments
	for n := len(comments); n > 0 && int(comments[n-1].Start) >= pos; n-- {
		comments = comments[:n-1]
	}
	p.Source.Comments = comments
	for n := len(p.skipped); n > 0 && int(p.skipped[n-1].start) >= pos; n-- {
		p.skipped = p.skipped[:n-1]
	}
	p.pos = pos
	p.enter()
}
