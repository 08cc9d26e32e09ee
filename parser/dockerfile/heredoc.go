package dockerfile

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/source"
)

// Heredoc is a text that follows the lines of RUN, COPY or ADD.
type Heredoc struct {
	Name string // the delimiter without quotes; for COPY the name of the file
	// Expand is set if the delimiter has no quotes, so that variables in the body are
	// replaced: by ExpandBody for COPY and ADD, by the shell for RUN.
	Expand bool
	Mark   source.Span // <<EOF in the instruction
	// At is the body with the line that ends it, without the end of that line.
	At source.Span
	// Body is the text before that line. After <<- its lines have no leading tabs.
	Body source.Text
}

// heredocs reads the heredocs that an instruction announces, which follow its lines.
func (p *reader) heredocs(l *line, in *Instruction) {
	if in.Nested != nil {
		in = in.Nested
	}
	if in.Exec || in.Keyword != "RUN" && in.Keyword != "COPY" && in.Keyword != "ADD" || !strings.Contains(l.text, "<<") {
		return
	}
	for _, token := range l.tokens() {
		m, ok := heredocWord(token.text)
		if !ok {
			continue
		}
		doc := Heredoc{Name: m.name, Expand: m.expand, Mark: l.span(token.from, token.to)}
		doc.Mark.End = min(doc.Mark.End, in.At.End) // an escaped blank at the end
		closed := p.body(&doc, m.tabs)
		in.Heredocs = append(in.Heredocs, doc)
		if !closed {
			p.refuse(in, doc.Mark, "the heredoc is not closed: no line is "+m.name)
			return
		}
	}
}

// Heredoc returns the heredoc that a source of COPY or ADD refers to; nil: it is a file.
func (i *Instruction) Heredoc(w Word) *Heredoc {
	m, ok := heredocWord(w.Text)
	if !ok {
		return nil
	}
	for n := len(i.Heredocs) - 1; n >= 0; n-- { // of two with one name the last is meant
		if i.Heredocs[n].Name == m.name {
			return &i.Heredocs[n]
		}
	}
	return nil
}

// body reads the body of a heredoc and reports whether its end was found. tabs is set
// for <<-, which removes leading tabs.
func (p *reader) body(doc *Heredoc, tabs bool) (closed bool) {
	var text strings.Builder
	start := p.pos
	for p.pos < len(p.text) {
		from, to := p.next()
		if tabs {
			from = to - len(strings.TrimLeft(p.text[from:to], "\t"))
		}
		if p.text[from:to] == doc.Name {
			doc.At = p.Source.Span(start, to)
			doc.Body.String = text.String()
			return true
		}
		doc.add(int32(text.Len()), p.Source.Span(from, p.pos))
		text.WriteString(p.text[from:p.pos])
	}
	doc.At = p.Source.Span(start, len(p.text))
	doc.Body.String = text.String()
	return false
}

// add adds the piece of the body for a line of the file.
func (h *Heredoc) add(at int32, from source.Span) {
	if n := len(h.Body.Pieces); n > 0 && h.Body.Pieces[n-1].From.End == from.Start {
		h.Body.Pieces[n-1].From.End = from.End
		return
	}
	h.Body.Pieces = append(h.Body.Pieces, source.Piece{Start: at, From: from, Same: true})
}

// mark is what a word like <<-"EOF" says.
type mark struct {
	name         string
	tabs, expand bool
}

// delimiter is a word that announces a heredoc.
var delimiter = lazyregexp.New(`^\d*<<(-?)[\t\n\f\r ]*([^<]*)$`)

// heredocWord reads a word that announces a heredoc.
func heredocWord(word string) (m mark, ok bool) {
	match := delimiter.FindStringSubmatch(word)
	if match == nil {
		return mark{}, false
	}
	// Whether the delimiter is quoted, BuildKit tells from the number of quotes that are
	// left when quotes are removed and when they are not.
	plain, raw := split(lexer{text: match[2]}), split(lexer{text: match[2], rawQuotes: true})
	if len(plain) != 1 || len(raw) != 1 {
		return mark{}, false
	}
	return mark{plain[0].text, match[1] != "", quotes(plain[0].text) == quotes(raw[0].text)}, true
}

func quotes(text string) int { return strings.Count(text, `'`) + strings.Count(text, `"`) }

// token is a word of a line as a shell splits it.
type token struct {
	text     string
	from, to int // in the line
}

// tokens splits a line as a shell does, whatever the escape character of the file is;
// nil if its quotes or variables are not closed.
func (l *line) tokens() []token {
	return split(lexer{text: l.text, rawQuotes: true, rawEscapes: true})
}

// split splits the text of x at white space outside quotes. Variables stay as they are.
func split(x lexer) (tokens []token) {
	x.escape, x.lookup, x.rawVariables = '\\', unset, true
	var word []byte
	var from, to int
	end := func() {
		if len(word) > 0 {
			tokens = append(tokens, token{string(word), from, to})
		}
		word = word[:0]
	}
	x.piece = func(text string, start, stop int) {
		whole := strings.IndexByte(`'"<\`, x.text[start]) >= 0 // white space in it does not split
		for _, c := range text {
			if !whole && unicode.IsSpace(c) {
				end()
				continue
			}
			if len(word) == 0 {
				from = start
			}
			word, to = utf8.AppendRune(word, c), stop
		}
	}
	if x.all(); x.failed != "" {
		return nil
	}
	end()
	return tokens
}
