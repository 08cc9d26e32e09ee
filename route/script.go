package route

import (
	"path"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/nginxt"
	"github.com/wp502lint/wp502lint/parser/nginx"
)

// script is one run of the directives of the rewrite module (nginx
// ngx_http_rewrite_module.c, ngx_http_rewrite_handler).
func (w *walk) script(b *block) {
	s := &engine{w: w, quote: true}
	s.run(b)
}

// engine is the state of a script.
type engine struct {
	w     *walk
	quote bool // captures are escaped
}

// run runs the directives of a block, and reports whether the script ends.
func (s *engine) run(b *block) (exit bool) {
	for _, c := range b.codes {
		switch c.d.Name() {
		case "set":
			s.set(c.d)
		case "if":
			if !s.condition(c.d) {
				continue
			}
			if s.w.next == ended {
				return true
			}
			if b.d.Name() != "server" && b.location() != nil {
				s.w.update(c.inner)
			}
			exit = s.run(c.inner)
		case "break":
			if s.w.changed {
				s.w.ownLocation, s.w.changed = false, false
			}
			return true
		case "return":
			s.w.giveBack(c.d)
			return true
		case "rewrite":
			exit = s.rewrite(c.d)
		}
		if exit {
			return true
		}
	}
	return false
}

func (s *engine) set(d nginx.Directive) {
	name := strings.ToLower(strings.TrimPrefix(d.Arg(0).String(), "$"))
	v := s.w.eval(d.Arg(1).String(), s.quote)
	if name == "args" {
		s.w.args = v
		return
	}
	s.w.set(name, v)
}

// condition decides an if (nginx ngx_http_rewrite_module.c,
// ngx_http_rewrite_if_condition).
func (s *engine) condition(d nginx.Directive) bool {
	words := nginxt.ConditionWords(d)
	w := s.w
	switch {
	case len(words) == 1:
		v := w.eval(words[0], s.quote)
		if v.why != "" {
			return w.choose("if "+words[0], v.why)
		}
		return v.text != "" && v.text != "0"
	case len(words) == 2:
		return s.fileTest(words[0], words[1])
	case len(words) != 3:
		w.undecided("a condition is not understood")
		return false
	}
	left := w.eval(words[0], s.quote)
	operator, negated := strings.CutPrefix(words[1], "!")
	switch operator {
	case "~", "~*":
		hit := w.match(words[2], operator == "~*", left)
		if !hit {
			w.groups = captured{}
		}
		return hit != negated
	case "=":
		right := w.eval(words[2], s.quote)
		if left.why != "" || right.why != "" {
			return w.choose("if "+words[0]+"="+words[2], left.why+right.why) != negated
		}
		return (left.text == right.text) != negated
	}
	w.undecided("a condition is not understood")
	return false
}

// fileTest decides -f, -d, -e and -x.
func (s *engine) fileTest(operator, text string) bool {
	operator, negated := strings.CutPrefix(operator, "!")
	name := s.w.eval(text, s.quote)
	kind := s.w.kind(name)
	if kind == Unknown || operator == "-x" && kind != Missing {
		why := name.why
		if why == "" {
			why = "cannot tell whether " + name.text + " exists"
		}
		return s.w.choose("file "+operator+name.text+name.why, why) != negated
	}
	switch operator {
	case "-f":
		return (kind == Regular) != negated
	case "-d":
		return (kind == Dir) != negated
	case "-e":
		return (kind != Missing) != negated
	case "-x":
		return negated
	}
	s.w.undecided("a condition is not understood")
	return false
}

// kind returns what is known of a path.
func (w *walk) kind(name value) Kind {
	if w.c.options.Files == nil || name.why != "" || !strings.HasPrefix(name.text, "/") {
		return Unknown
	}
	clean := path.Clean(name.text)
	kind := w.c.options.Files(clean)
	if kind == Regular && strings.HasSuffix(name.text, "/") {
		return Missing
	}
	return kind
}

// giveBack runs a return (nginx ngx_http_script.c, ngx_http_script_return_code).
func (w *walk) giveBack(d nginx.Directive) {
	w.steps = append(w.steps, Step{d, w.uri})
	code, err := strconv.Atoi(d.Arg(0).String())
	text := d.NumArgs() > 1 && d.Arg(1).String() != ""
	if err != nil {
		w.failBy(302, d)
		return
	}
	switch code {
	case 301, 302, 303, 307, 308:
		w.failBy(code, d)
		return
	}
	if code >= 400 && !text {
		w.failBy(code, d)
		return
	}
	if w.status != 0 {
		code = w.status
	}
	w.end(Answer{End: Responded, Status: shown(code), By: d})
}

// rewrite runs a rewrite, and reports whether the script ends (nginx ngx_http_script.c,
// ngx_http_script_regex_start_code).
func (s *engine) rewrite(d nginx.Directive) (exit bool) {
	w := s.w
	if !w.match(d.Arg(0).String(), false, value{text: w.uri}) {
		w.groups = captured{}
		return false
	}
	flag := d.Arg(2).String()
	text, drop := strings.CutSuffix(d.Arg(1).String(), "?")
	if Redirects(d) {
		status := 302
		if flag == "permanent" {
			status = 301
		}
		w.internal, w.ownURI, w.changed = true, false, flag != "break"
		w.steps = append(w.steps, Step{d, w.uri})
		w.failBy(status, d)
		return true
	}
	if w.internal, w.ownURI, w.changed = true, false, flag != "break"; flag == "break" {
		w.ownLocation = false
	}
	path, query, hasQuery := strings.Cut(text, "?")
	uri := w.eval(path, false)
	args := w.args
	switch {
	case hasQuery:
		args = w.eval(query, true)
		if !drop && (w.args.text != "" || w.args.why != "") {
			args = value{args.text + "&" + w.args.text, args.why + w.args.why}
		}
	case drop:
		args = value{}
	}
	s.quote = false
	switch {
	case uri.why != "":
		w.undecided(uri.why)
		return true
	case uri.text == "":
		w.fail(500)
		return true
	}
	w.uri, w.args = uri.text, args
	w.steps = append(w.steps, Step{d, w.uri})
	return flag == "last" || flag == "break"
}
