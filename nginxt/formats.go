package nginxt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// ownFormat is the log format that http has without a log_format. stream has none.
const ownFormat = "combined"

// formats are the access log formats that a configuration defines and uses. Those of stream
// are its own.
type formats struct {
	defined, used []logFormat
}

// logFormat is a definition or a use of an access log format.
type logFormat struct {
	tier tier
	name string
	d    nginx.Directive
	at   source.Span
}

// logFormat records a log_format and judges what it says by itself.
func (x *inspector) logFormat(d nginx.Directive, row *servers.NginxDirective, _ visit) {
	w, name := d.Arg(1), d.Arg(0).String()
	if value, ok := strings.CutPrefix(w.String(), "escape="); ok && x.stays(value) && value != "default" && value != "json" && value != "none" {
		x.refuse(d, w.Span(), fmt.Sprintf("log_format wants default, json or none after escape=, not %q", value), fmt.Sprintf("unknown log format escaping \"%s\"", value))
	}
	if name == ownFormat && row.Contexts&servers.NginxHTTP != 0 {
		x.refuse(d, d.Arg(0).Span(), "nginx has a log_format "+ownFormat+" built in, and http cannot define another", fmt.Sprintf("duplicate \"log_format\" name \"%s\"", name))
		return
	}
	x.formats.defined = append(x.formats.defined, logFormat{x.tier, name, d, d.Span()})
}

// usesFormat records the format of an access_log. One of stream has no default (nginx
// ngx_stream_log_module.c, ngx_stream_log_set_log).
func (x *inspector) usesFormat(d nginx.Directive) {
	switch file, stream := d.Arg(0).String(), x.tier == inStream; {
	case file == "off" || stream && !x.stays(file):
	case d.NumArgs() > 1:
		x.formats.used = append(x.formats.used, logFormat{x.tier, d.Arg(1).String(), d, d.Arg(1).Span()})
	case stream:
		x.refuse(d, d.Span(), "an access_log of stream needs the name of a log_format", "log format is not specified")
	}
}

// judge finds the formats that are defined twice, and those that are used but not defined.
func (f *formats) judge(x *inspector) {
	if !x.main || x.broken {
		return
	}
	type key struct {
		tier tier
		name string
	}
	folded := map[key]bool{{inHTTP, ownFormat}: true} // nginx ignores the case of a name that is used
	firsts := map[key]*logFormat{}
	for i := range f.defined {
		one := &f.defined[i]
		folded[key{one.tier, strings.ToLower(one.name)}] = true
		if first := firsts[key{one.tier, one.name}]; first == nil || x.before(one.d, first.d) {
			firsts[key{one.tier, one.name}] = one
		}
	}
	for i := range f.defined {
		one := &f.defined[i]
		x.secondFormat(one, firsts[key{one.tier, one.name}])
	}
	if x.config.Open {
		return // a file that was not read may define any format
	}
	for _, one := range f.used {
		literal := !nginx.MayBeReplaced(one.name) // nginx evaluates no variables in it
		if folded[key{one.tier, strings.ToLower(one.name)}] || nginx.HasVariable(one.name) && !literal || source.TemplateMark(one.name) != "" {
			continue
		}
		message := "access_log uses log_format %s, which is not defined"
		if one.tier == inStream {
			message = "access_log uses log_format %s, which stream does not define"
		}
		x.refuse(one.d, one.at, fmt.Sprintf(message, source.Excerpt(one.name)), fmt.Sprintf("unknown log format \"%s\"", one.name))
	}
}

// secondFormat reports a log_format whose name first has already; nginx compares these names
// with their case.
func (x *inspector) secondFormat(one, first *logFormat) {
	message := "a second log_format %s"
	if one.d == first.d {
		message = "log_format %s is included twice"
	}
	if one.d == first.d && !x.repeated(one.d) || source.TemplateMark(one.name) != "" {
		return
	}
	x.add(Refusal{At: one.at, Fault: RefusedArgument, Name: one.d.Name(), First: first.at,
		Message: fmt.Sprintf(message, source.Excerpt(one.name)), Says: fmt.Sprintf("duplicate \"log_format\" name \"%s\"", one.name)})
}
