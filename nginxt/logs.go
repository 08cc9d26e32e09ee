package nginxt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// facilities and severities are the words of syslog (nginx ngx_syslog.c).
const (
	facilities = "kern,user,mail,daemon,auth,intern,lpr,news,uucp,clock,authpriv,ftp,ntp,audit,alert,cron,local0,local1,local2,local3,local4,local5,local6,local7"
	severities = "emerg,alert,crit,error,warn,notice,info,debug"
)

// maxTag is how long a tag of syslog may be, in bytes.
const maxTag = 32

// syslog judges the parameters of a log that goes to syslog (nginx ngx_syslog.c,
// ngx_syslog_parse_args).
func (x *inspector) syslog(d nginx.Directive) {
	text, ok := x.literal(d.Arg(0))
	rest, is := strings.CutPrefix(text, "syslog:")
	if !is || !ok {
		return
	}
	met := map[string]bool{}
	if rest == "" {
		x.refuse(d, d.Arg(0).Span(), "a log to syslog needs server=", `unknown syslog parameter ""`)
		return
	}
	for parameter := range strings.SplitSeq(rest, ",") {
		message, says := x.syslogParameter(parameter)
		if name, _, _ := strings.Cut(parameter, "="); says == "" && met[name] && name != "nohostname" {
			message, says = fmt.Sprintf("a second %s= for syslog", name), fmt.Sprintf("duplicate syslog \"%s\"", name)
		} else {
			met[name] = true
		}
		if says != "" {
			x.refuse(d, d.Arg(0).Span(), message, says)
			return
		}
	}
	if !met["server"] {
		x.refuse(d, d.Arg(0).Span(), "a log to syslog needs server=", "no syslog server specified")
	}
}

// syslogParameter returns what is wrong with a parameter of syslog, and nginx's error.
func (x *inspector) syslogParameter(text string) (message, says string) {
	name, value, valued := strings.Cut(text, "=")
	switch {
	case text == "nohostname":
	case valued && name == "server":
		a := netaddr.ParseAddress(value)
		if x.unknownHost(a) {
			a.Refusal = hostNotFound
		}
		if a.Refusal != "" {
			return fmt.Sprintf("nginx cannot log to %s: %s", source.Excerpt(value), a.Refusal), fmt.Sprintf("%s in syslog server \"%s\"", a.Refusal, value)
		}
	case valued && name == "facility" && !slices.Contains(strings.Split(facilities, ","), value):
		return fmt.Sprintf("syslog has no facility %s", source.Excerpt(value)), fmt.Sprintf("unknown syslog facility \"%s\"", value)
	case valued && name == "severity" && !slices.Contains(strings.Split(severities, ","), value):
		return fmt.Sprintf("nginx's severities are emerg, alert, crit, error, warn, notice, info and debug, not %s", source.Excerpt(value)), fmt.Sprintf("unknown syslog severity \"%s\"", value)
	case valued && name == "tag" && len(value) > maxTag:
		return fmt.Sprintf("a tag of syslog has %d letters at most", maxTag), "syslog tag length exceeds 32"
	case valued && name == "tag" && strings.IndexFunc(value, notInTag) >= 0:
		return "a tag of syslog has letters, digits and _ only", `syslog "tag" only allows alphanumeric characters and underscore`
	case valued && (name == "facility" || name == "severity" || name == "tag"):
	default:
		return fmt.Sprintf("syslog has no parameter %s", source.Excerpt(text)), fmt.Sprintf("unknown syslog parameter \"%s\"", text)
	}
	return "", ""
}

func notInTag(c rune) bool {
	return c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z')
}

// logFormat records an access log format. Those of stream are its own.
func (x *inspector) logFormat(d nginx.Directive) {
	if i := 1; d.Arg(i).String() != "" {
		if value, ok := strings.CutPrefix(d.Arg(i).String(), "escape="); ok && x.stays(value) && value != "default" && value != "json" && value != "none" {
			x.refuse(d, d.Arg(i).Span(), fmt.Sprintf("log_format wants default, json or none after escape=, not %q", value), fmt.Sprintf("unknown log format escaping \"%s\"", value))
		}
	}
	if x.tier != inStream {
		x.zone(d)
		return
	}
	name := d.Arg(0).String()
	if x.streamFormats == nil {
		x.streamFormats = map[string]nginx.Directive{}
	}
	if first, twice := x.streamFormats[name]; twice && x.main && first != d && x.stays(name) {
		x.add(Refusal{At: d.Span(), Fault: RefusedArgument, Name: d.Name(), First: first.Span(),
			Message: fmt.Sprintf("a second log_format %s", source.Excerpt(name)), Says: fmt.Sprintf("duplicate \"log_format\" name \"%s\"", name)})
		return
	}
	x.streamFormats[name] = d
}

// streamFormat records the format that an access_log of stream uses. It has no default
// (nginx ngx_stream_log_module.c, ngx_stream_log_set_log).
func (x *inspector) streamFormat(d nginx.Directive) {
	switch file := d.Arg(0).String(); {
	case file == "off" || !x.stays(file):
	case d.NumArgs() == 1:
		x.refuse(d, d.Span(), "an access_log of stream needs the name of a log_format", "log format is not specified")
	default:
		x.streamLogs = append(x.streamLogs, d)
	}
}

// judgeStreamLogs finds the formats of stream that are used but not defined. nginx wants them
// defined before.
func (x *inspector) judgeStreamLogs() {
	if !x.main || x.broken || x.config.Open {
		return
	}
	names := map[string]bool{}
	for name := range x.streamFormats {
		names[strings.ToLower(name)] = true
	}
	for _, d := range x.streamLogs {
		if name, ok := x.literal(d.Arg(1)); ok && !names[strings.ToLower(name)] {
			x.refuse(d, d.Arg(1).Span(), fmt.Sprintf("stream has no log_format %s, which access_log asks for", source.Excerpt(name)), fmt.Sprintf("unknown log format \"%s\"", name))
		}
	}
}
