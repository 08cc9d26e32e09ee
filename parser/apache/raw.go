package apache

import "strings"

// raw reads over a section whose lines are another language: <Perl> (mod_perl), and <Lua…>
// if its module is loaded (httpd modules/lua/mod_lua.c).
func (r *reader) raw(in *input, d *Directive) bool {
	switch {
	case d.Name == "perl":
	case strings.HasPrefix(d.Name, "lua"):
		if m := r.module("lua_module"); !m.holds && m.why == "" {
			return false
		}
	default:
		return false
	}
	r.kids = append(r.kids, d)
	r.over(in, func(text string) bool { return strings.HasPrefix(text, "</") && r.ends(text[2:], d) })
	return true
}

// pod reads over documentation of Perl (mod_perl, modperl_cmd_POD), if mod_perl may be loaded.
func (r *reader) pod(in *input) {
	if m := r.module("perl_module"); m.holds || m.why != "" {
		r.over(in, func(text string) bool { return strings.HasPrefix(text, "=cut") })
	}
}

// over reads over lines up to the last one.
func (r *reader) over(in *input, last func(text string) bool) {
	var l line
	for in.next(&l) {
		if r.lines++; r.lines > maxLines {
			r.stop(l.at, tooManyLines)
			return
		}
		if last(l.text) {
			return
		}
	}
}
