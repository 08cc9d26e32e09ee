package nginxt

import (
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Fault is the reason why nginx refuses a directive whose syntax is valid.
type Fault uint8

// The faults of directives.
const (
	UnknownDirective   Fault = iota + 1 // no module of nginx has the name
	MisplacedDirective                  // not allowed in the enclosing block
	WrongArguments                      // too many or too few
	BodyMissing                         // a block is required
	BodyNotAllowed                      // a block is given, and none is allowed
	WrongValue                          // the first argument is not a valid flag, size, time or number
	TwiceInBlock                        // a second one in the same block
	PassWithURI                         // a proxy_pass with a URI in a location without a prefix
	BadExpression                       // a regular expression that does not compile
	CapturesMissing                     // fastcgi_split_path_info without two groups
	BadParameter                        // a parameter of an upstream's server
	UndefinedZone                       // a shared memory zone or log format that is not defined
	UndefinedVariable                   // a variable that is not defined
	RefusedArgument                     // any other invalid argument; see Message and Says
	VersionLacks                        // the nginx in use is too old or too new for the directive
)

// Refusal is a directive that nginx refuses, or one that no module of nginx has.
type Refusal struct {
	At    source.Span // what is wrong: the name, an argument, or all of it
	Fault Fault
	Name  string
	Text  string      // the invalid argument, or nginx's error for it
	First source.Span // the first occurrence, for TwiceInBlock
	// Around is the enclosing block and Where the blocks that allow the directive,
	// both for MisplacedDirective.
	Around servers.NginxContext
	Where  servers.NginxContext
	Want   servers.NginxValue // for WrongValue
	Or     string             // the words that are also valid, comma-separated
	// Version is that of nginx, and Since or Until when the directive was added or
	// removed ("" for the other), all for VersionLacks, for MisplacedDirective if another
	// version allows it in Around, and for UndefinedVariable if another one has it.
	Version, Since, Until string
	// Message is one sentence, lower case, no full stop, and Says is nginx's error
	// message, both for RefusedArgument.
	Message, Says string
	// Near are names that nginx has and that differ in one or two letters. For
	// directives it is set only without third-party modules, so that one of the
	// names was meant.
	Near []string
}

// WrittenFile is a file, such as a log, that nginx opens for writing at startup, or a
// directory that it creates. nginx creates no parent directories (nginx ngx_cycle.c,
// ngx_init_cycle; ngx_file.c, ngx_create_paths).
type WrittenFile struct {
	At   source.Span // the whole directive
	Path string      // as written; a relative path starts at nginx's prefix
	Dir  bool        // nginx creates a directory
	Name string      // of the directive
}

// ListeningSocket is the path of a unix socket that nginx listens on, whose directory it does
// not create.
type ListeningSocket struct {
	At   source.Span // the whole directive
	Path string      // absolute, as written
}

// listensOn records the unix socket of a listen.
func (x *inspector) listensOn(d nginx.Directive) {
	path, unix := netaddr.CutUnix(d.Arg(0).String())
	if unix && absolute(path) {
		x.Sockets = append(x.Sockets, ListeningSocket{d.Span(), path})
	}
}

// absolute reports whether text is an absolute path without variables and placeholders.
func absolute(text string) bool { return strings.HasPrefix(text, "/") && fixed(text) }

// fixed reports whether a path has neither variables nor placeholders.
func fixed(text string) bool {
	return !nginx.HasVariable(text) && source.TemplateMark(text) == "" && !source.Stub(text)
}

func (x *inspector) writesFile(d nginx.Directive) { x.writes(d, false) }

// writesLog records the file of a log, unless it goes elsewhere (nginx ngx_log.c,
// ngx_log_set_log; ngx_http_log_module.c, ngx_http_log_set_log).
func (x *inspector) writesLog(d nginx.Directive) {
	switch sink, _, remote := strings.Cut(d.Arg(0).String(), ":"); {
	case remote && (sink == "syslog" || sink == "memory"), sink == "stderr", sink == "off":
	default:
		x.writesFile(d)
	}
}

func (x *inspector) writesDir(d nginx.Directive) { x.writes(d, true) }

// writes records the file of a directive. nginx opens a path with a variable only
// when a request arrives.
func (x *inspector) writes(d nginx.Directive, dir bool) {
	if text := d.Arg(0).String(); text != "" && fixed(text) {
		x.Written = append(x.Written, WrittenFile{d.Span(), text, dir, d.Name()})
	}
}
