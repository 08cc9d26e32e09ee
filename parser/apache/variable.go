package apache

import "strings"

// variable is what a Define line set.
type variable struct {
	value string
	doubt string // why it may not be in effect
}

// resolve replaces the variables of a line, once each: a value is not looked at again
// (httpd server/core.c, ap_resolve_env).
func (r *reader) resolve(l *line) {
	if !strings.Contains(l.text, "${") {
		return
	}
	out := resolved{line: l}
	out.Grow(len(l.text) + 64)
	done := 0
	for i := 0; ; {
		n := strings.Index(l.text[i:], "${")
		if n < 0 {
			break
		}
		i += n
		n = strings.IndexByte(l.text[i+2:], '}')
		if n < 0 {
			break
		}
		name, end := l.text[i+2:i+2+n], i+2+n+1
		out.keep(done, i)
		value, known, doubt := r.variable(name)
		if known {
			r.c.replaced.note(name, value)
			out.replace(i, end, value, doubt)
		} else {
			if doubt != "" {
				out.unsets = append(out.unsets, unset{out.Len(), out.Len() + end - i, name})
			}
			out.keep(i, end)
		}
		done, i = end, end
		if !r.spend(len(value)) {
			break
		}
		if known && out.Len() > maxResolved {
			r.stop(l.at, "variables make a line longer than 1 MiB")
			break
		}
	}
	out.keep(done, len(l.text))
	l.text, l.unset = out.String(), out.unsets
	if !l.made {
		l.pieces = out.pieces
	}
}

// resolved is a line whose variables are being replaced.
type resolved struct {
	strings.Builder
	line   *line
	pieces []piece
	unsets []unset
}

func (b *resolved) reserve() {
	if b.pieces == nil {
		b.pieces = make([]piece, 0, 4)
	}
}

// keep adds a part of the line as it is.
func (b *resolved) keep(from, to int) {
	for from < to {
		p, end := b.line.part(from, to)
		p.out = int32(b.Len())
		b.reserve()
		b.pieces = append(b.pieces, p)
		b.WriteString(b.line.text[from:end])
		from = end
	}
}

// replace adds a value in the place of a part.
func (b *resolved) replace(from, to int, value, doubt string) {
	at := b.line.span(from, to)
	b.reserve()
	b.pieces = append(b.pieces, piece{int32(b.Len()), at.Start, at.End, false})
	b.WriteString(value)
	if b.line.doubt == "" {
		b.line.doubt = doubt
	}
}

// part returns the piece of text[from:], and where it ends, at most at to.
func (l *line) part(from, to int) (piece, int) {
	if l.made || l.pieces == nil {
		at := l.span(from, to)
		return piece{0, at.Start, at.End, true}, to
	}
	i := l.indexAt(from)
	if i+1 < len(l.pieces) {
		to = min(to, int(l.pieces[i+1].out))
	}
	at := l.pieces[i].from + int32(from) - l.pieces[i].out
	return piece{0, at, at + int32(to-from), true}, to
}

// variable returns the value of a variable. If it has none, doubt is "" if Apache leaves it
// as it is, and something else if it may have a value.
func (r *reader) variable(name string) (value string, known bool, doubt string) {
	if v, ok := r.vars[r.lowerName(name)]; ok {
		return v.value, true, v.doubt
	}
	if r.w == nil {
		return "", false, "unknown"
	}
	value, set, known := r.w.Environment(name)
	if known && set {
		return value, true, ""
	}
	if known {
		return "", false, ""
	}
	return "", false, "unknown"
}

// define is the Define directive (httpd server/core.c, set_define): without a value it only
// defines the name for IfDefine.
func (r *reader) define(d *Directive) {
	name := d.Arg(0)
	switch {
	case !r.takes(d, 1, 2, "takes 1-2 arguments, Define a variable, optionally to a value.  Same as passing -D to the command line."):
	case strings.Contains(name, ":"):
		r.refuseIn(d, d.Args[0].At, "Variable name must not contain ':'")
	default:
		r.defines[name] = truth{holds: true, why: d.Maybe()}
		if value := d.Arg(1); value != "" {
			r.vars[r.lowerName(name)] = variable{value, d.Maybe()}
		}
	}
}

// undefine is UnDefine. In a section that may not hold it only puts the name in doubt.
func (r *reader) undefine(d *Directive) {
	name := d.Arg(0)
	switch {
	case !r.takes(d, 1, 1, "takes one argument, Undefine the existence of a variable. Undo a Define."):
	case strings.Contains(name, ":"):
		r.refuseIn(d, d.Args[0].At, "Variable name must not contain ':'")
	case d.Maybe() != "":
		if v, ok := r.vars[r.lowerName(name)]; ok {
			r.vars[r.lowerName(name)] = variable{v.value, d.Maybe()}
		}
		r.defines[name] = truth{holds: true, why: d.Maybe()}
	default:
		delete(r.vars, r.lowerName(name))
		r.defines[name] = truth{}
	}
}
