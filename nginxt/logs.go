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
