package lint

import (
	"iter"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/source"
)

// Ignore is a request not to report some findings: a comment in a
// configuration, or an entry of the project file.
type Ignore struct {
	At      source.Span // the comment, or the entry
	Rules   []*Rule
	Unknown []string // names without a rule
	Reason  string   // "" when none is given
	// Line is the line of At.File that it applies to, from 1; 0 for the whole
	// file.
	Line int
	// Top is set for a comment on its own line above everything in its file: it also
	// applies to findings about missing entries, which are reported at the first byte.
	Top bool
	// Covers reports whether an entry of the project file applies to a file. It is
	// nil for a comment, which applies to its own file.
	Covers func(*source.File) bool
	// Unsure is set where a part of what it applies to was not read, so that it may
	// hide something there.
	Unsure bool
	// Until is the last day on which it applies; zero for all days.
	Until time.Time
	// Garbled is set for a comment that looks like an ignore and cannot be
	// read.
	Garbled bool

	lines []int // what it applies to instead of Line, if it is not one line; nil: Line
	hid   []hiding
}

// Hides reports whether i hid a finding of a rule.
func (i *Ignore) Hides(r *Rule) bool {
	return slices.ContainsFunc(i.hid, func(h hiding) bool { return h.rule == r && *h.met })
}

// The words of a comment: wp502lint:ignore WP201, socket-permission -- reason.
const (
	ignoreWord     = "wp502lint:ignore"
	ignoreFileWord = "wp502lint:ignore-file"
	ignoreMark     = "wp502lint" // what looks like one
	reasonMark     = "--"
)

// Comments returns the ignores in the comments of files, in their order. Catalogue lists
// all rules.
func Comments(files []source.Input, catalogue []*Rule) (list []*Ignore) {
	for _, f := range files {
		if f.File == nil || !strings.Contains(f.File.Text, ignoreMark) {
			continue
		}
		list = append(list, commentsOf(f.File, catalogue)...)
	}
	return list
}

func commentsOf(f *source.File, catalogue []*Rule) (list []*Ignore) {
	leads := true // only comments and blanks precede
	end, below := 0, lines{}
	for _, comment := range f.Comments {
		leads = leads && strings.Trim(f.Text[end:comment.Start], " \t\r\n\ufeff") == ""
		end = int(comment.End)
		text := strings.TrimLeft(comment.Text(), "#; \t")
		if !strings.HasPrefix(text, ignoreMark) {
			continue
		}
		if i := readComment(text, catalogue); i != nil {
			i.At = comment
			if i.Line == 0 && !i.Garbled && !leads {
				i.Garbled = true
			} else if i.Line > 0 {
				i.Line = below.of(comment)
				i.Top = leads && i.Line != f.LineAt(int(comment.Start))
			}
			list = append(list, i)
		}
	}
	return list
}

// readComment reads the text of a comment; nil for one that is not an ignore.
// Its line is 1 or, for a whole file, 0.
func readComment(text string, catalogue []*Rule) *Ignore {
	word, rest, _ := strings.Cut(strings.Replace(text, "\t", " ", 1), " ")
	i := &Ignore{Line: 1}
	switch word {
	case ignoreFileWord:
		i.Line = 0
	case ignoreWord:
	default:
		verb := strings.TrimLeft(strings.TrimPrefix(text, ignoreMark), ": \t-")
		i.Garbled = strings.HasPrefix(verb, "ignore") || strings.HasPrefix(verb, "disable")
		if !i.Garbled {
			return nil
		}
		return i
	}
	names, reason, _ := strings.Cut(rest, reasonMark)
	i.Reason = strings.TrimSpace(reason)
	for _, name := range strings.FieldsFunc(names, func(c rune) bool { return c == ',' || c == ' ' || c == '\t' }) {
		if r := Named(catalogue, name); r == nil {
			i.Unknown = append(i.Unknown, name)
		} else if !slices.Contains(i.Rules, r) {
			i.Rules = append(i.Rules, r)
		}
	}
	return i
}

// Named returns the rule with an ID or a name, also a former one, in upper or lower case, and nil
// for none.
func Named(catalogue []*Rule, name string) *Rule {
	for _, r := range catalogue {
		for called := range r.called() {
			if strings.EqualFold(called, name) {
				return r
			}
		}
	}
	return nil
}

// called yields what the rule may be called: its ID and its names.
func (r *Rule) called() iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(r.ID) || !yield(r.Name) {
			return
		}
		for _, name := range r.Former {
			if !yield(name) {
				return
			}
		}
	}
}

// Matches reports whether a pattern of path.Match in lower case matches the ID or a name of the
// rule, also a former one.
func (r *Rule) Matches(pattern string) (bool, error) {
	for name := range r.called() {
		if ok, err := path.Match(pattern, strings.ToLower(name)); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// Names returns what Named accepts: the ID and the names of every rule.
func Names(catalogue []*Rule) []string {
	names := make([]string, 0, 2*len(catalogue))
	for _, r := range catalogue {
		names = slices.AppendSeq(names, r.called())
	}
	return names
}

// lines is the latest run of lines that are comments alone.
type lines struct {
	mark       byte // which starts them
	from, next int  // its first line and the one after it
}

// of returns the line that a comment applies to: its own, or, when the comment is alone on
// it, the next line that is not a comment.
func (l *lines) of(comment source.Span) int {
	f := comment.File
	line := f.LineAt(int(comment.Start))
	if start := f.Line(line).Start; strings.Trim(f.Text[start:comment.Start], " \t\ufeff") != "" {
		return line
	}
	// What starts a comment in one language is text in another.
	mark := comment.Text()[0]
	if mark == l.mark && l.from <= line && line < l.next {
		return l.next
	}
	*l = lines{mark, line, line + 1}
	for ; l.next < f.Lines(); l.next++ {
		if text := strings.TrimLeft(f.Line(l.next).Text(), " \t"); text == "" || text[0] != mark {
			break
		}
	}
	return l.next
}

// Over reports whether the last day of i has gone by.
func (i *Ignore) Over(today time.Time) bool {
	return !i.Until.IsZero() && today.Truncate(24*time.Hour).After(i.Until)
}
