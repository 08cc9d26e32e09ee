package nginx

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// This file decides where reading goes on after a mistake, so that one mistake
// is one problem and the rest of the file is still read.

// unclosedQuote reports the string at start, which does not end within what
// nginx looks at.
func (p *parser) unclosedQuote(start int, quote byte) {
	cause := p.causeOr(start)
	if start+1+maxToken >= len(p.text) {
		p.reportCause(cause, len(p.text), len(p.text), source.Syntax,
			fmt.Sprintf(`unexpected end of file, expecting ";" or "}": the %c of line %d is not closed`, quote, p.line(start)))
	} else {
		p.reportCause(cause, start, start+1, source.Syntax,
			fmt.Sprintf(`too long parameter, probably missing terminating "%c" character`, quote))
		// A long string on one line has its quote; it is only too long.
		end := lineEnd(p.text, start)
		if close := closingQuote(p.text[:end], start+1, quote); close >= 0 {
			p.words = append(p.words, word{int32(start), int32(close + 1)})
			p.pos = close + 1
			return
		}
	}
	p.endQuoteOnLine(start)
}

// glued reports the text right behind the string that starts at start and ends
// at p.pos. When the string spans lines, a quote is missing on the first.
func (p *parser) glued(start int) {
	at := p.pos
	if strings.IndexByte(p.text[start:at], '\n') >= 0 {
		c, size := p.char(at)
		p.reportCause(p.causeOr(start), at, at+size, source.Syntax,
			fmt.Sprintf("unexpected %s behind the string that starts on line %d", c, p.line(start)))
		p.words = p.words[:len(p.words)-1]
		p.endQuoteOnLine(start)
		return
	}
	p.unexpected(at)
	end := at
	switch p.text[at] {
	case '}':
	case '#':
		end = lineEnd(p.text, at)
		if semicolon := strings.IndexAny(p.text[at:end], "; \t"); semicolon >= 0 && p.text[at+semicolon] == ';' {
			end = at + semicolon
		}
	default:
		end = wordEnd(p.text, at)
	}
	p.skip(at, end)
}

// endQuoteOnLine ends the string at start where its line ends, before the
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

// skip leaves the text from start to end out of every word.
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

// isQuantifier reports whether the brace at end, right behind the word that
// starts at start, belongs to a regular expression: what follows could be no
// directive, and the body is neither data nor Lua.
func (p *parser) isQuantifier(start, end int) bool {
	if quantifier(p.text[end:]) == 0 {
		return false
	}
	name := Word{p.File, p.entries[len(p.entries)-1].word}
	if int(name.index) == len(p.words) {
		return kindOf(p.text[start:end]) == directives
	}
	return kindOf(name.String()) == directives || p.inTable()
}

// quantifierUnquoted reports the brace at end in the word that starts at start;
// nginx ends the word there.
func (p *parser) quantifierUnquoted(start, end int) {
	p.reportCause(p.causeOr(start), end, end+1, source.Syntax,
		`unexpected "{" in a regular expression without quotes`)
}

// splitUnterminated looks at the newest directive, whose block is about to
// open. When it is no block and a later line of it starts with the name of
// one, a semicolon is missing before that line.
func (p *parser) splitUnterminated() {
	e := len(p.entries) - 1
	first := int(p.entries[e].word)
	name := Word{p.File, int32(first)}.String()
	if len(p.words)-first == 1 || opensBlock(name) || kindOf(name) == lua {
		return
	}
	for w := first + 1; w < len(p.words); w++ {
		if !p.startsLine(w) || !opensBlock(Word{p.File, int32(w)}.String()) {
			continue
		}
		header := Directive{p.File, int32(e)}.NameWord().Span().To(Word{p.File, int32(w - 1)}.Span())
		p.reportCause(int(header.Start), int(header.Start), int(header.End), source.Syntax,
			fmt.Sprintf(`directive %s is not terminated by ";"`, shortName(name)))
		p.endWithout(w - 1)
		p.begin(int32(w))
		return
	}
}

// startsLine reports whether only blanks stand before word w on its line.
func (p *parser) startsLine(w int) bool {
	start := int(p.words[w].start)
	before := strings.TrimRight(p.text[:start], " \t\r")
	return strings.HasSuffix(before, "\n")
}

// lacksBlock reports whether the newest directive, which ends in a semicolon,
// can be nothing but a block. A file that is included into a table has such
// names at top level, with one word behind them.
func (p *parser) lacksBlock() bool {
	e := Directive{p.File, int32(len(p.entries) - 1)}
	if !mayNeedBlock(p.text[p.words[p.entries[e.index].word].start:]) {
		return false
	}
	if _, ok := blockNames[e.Name()]; !ok {
		return false
	}
	return !p.inTable() && (p.parent >= 0 || e.NumArgs() > 1)
}

// blockMissing reports the semicolon at p.pos and opens the block where the
// brace was meant to be: at the ${ that swallowed it, or at the end of the
// line.
func (p *parser) blockMissing() {
	e := Directive{p.File, int32(len(p.entries) - 1)}
	header := e.Span()
	p.reportCause(int(header.Start), p.pos, p.pos+1, source.Syntax,
		fmt.Sprintf(`directive %s has no opening "{"`, shortName(e.Name())))
	if p.steppedAt == p.pos { // else many names before one sign would cost a pass each
		p.pos++
		return
	}
	p.steppedAt = p.pos
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

// stepBack forgets everything behind word w and reads on from offset pos in
// the block of the newest directive.
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
