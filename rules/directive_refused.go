package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/apachet"
	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/nginxt"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// DirectiveRefused reports directives that nginx can read and refuses.
var DirectiveRefused = &lint.Rule{
	ID:       "WP421",
	Name:     "directive-refused",
	Apache:   true,
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.NginxRefuses: lint.Always},
	Faults: []lint.Fault{apachet.Directive,
		nginxt.UnknownDirective, nginxt.MisplacedDirective, nginxt.WrongArguments, nginxt.BodyMissing, nginxt.BodyNotAllowed,
		nginxt.WrongValue, nginxt.TwiceInBlock, nginxt.PassWithURI, nginxt.BadExpression, nginxt.CapturesMissing,
		nginxt.BadParameter, nginxt.UndefinedZone, nginxt.UndefinedVariable, nginxt.RefusedArgument, nginxt.VersionLacks,
	},
	Summary: "The web server refuses a directive: its name, its place, its arguments, or because it is a duplicate.",
	Why: "nginx checks every directive of every file that it loads, and a single refused one keeps it from starting or from loading a new configuration. " +
		"A missing semicolon shows as too many arguments. An undefined variable is refused wherever nginx needs its value. A setting from two snippets of one block is a duplicate. `proxy_pass` with a path is refused in a regular expression location, in a named location, and in an `if`. " +
		"An unknown name may belong to a third-party module. Without an unknown `load_module` it is reported when it is similar to one of nginx's own, or has up to four letters and no known module has it. It is always reported when it is a parameter of the directive before it, or when no module can have such a name. " +
		"Apache refuses a directive in a section that may not hold it, with a wrong number of arguments, or with a value that it does not know. A name that it does not know is [module-missing](WP427.md).",
	Fix: "Correct the name or the arguments, move the directive to a block that may hold it, or remove the duplicate.",
	Verify: []string{
		"nginx -t",
		"apachectl configtest",
		"grep -rnw DIRECTIVE /etc/nginx",
		`nginx -V 2>&1 | tr ' ' '\n' | grep -E '^nginx/|^--(with|add)'`,
	},
	Sources: []string{
		"https://nginx.org/en/docs/dirindex.html",
		nginxProxy + "#proxy_pass",
		"https://httpd.apache.org/docs/2.4/mod/quickreference.html",
	},
	Bad: `
nginx refuses
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    client_max_bodysize 64m;
#   ^^^^^^^^^^^^^^^^^^^ WP421 nginx has no directive client_max_bodysize; the nearest is client_max_body_size
}
`,
	Good: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    client_max_body_size 64m;
}
`,
	Logs: []*servers.Signature{
		servers.NginxUnknownDirective, servers.NginxDirectiveMisplaced, servers.NginxDirectiveTwice,
		servers.NginxArgumentCount, servers.NginxNotTerminated, servers.NginxUnexpectedBrace, servers.NginxValueInvalid,
		servers.NginxValueOfDirective, servers.NginxParameterInvalid, servers.NginxSizeUnlisted,
		servers.NginxValueOutOfRange, servers.NginxLocationTwice, servers.NginxLocationMisplaced, servers.NginxURIPart,
		servers.NginxRedirectDefault, servers.NginxRegexInvalid, servers.NginxCapturesMissing,
		servers.NginxServerNameInvalid, servers.NginxZoneUnknown, servers.NginxVariableUnknown, servers.NginxVariableName,
		servers.NginxVariableRefused, servers.NginxLogFormatRefused, servers.NginxMapParameters, servers.NginxMapConflict,
		servers.NginxResolverRefused, servers.NginxListenInvalid, servers.NginxZoneConflict, servers.NginxZoneParameter,
		servers.NginxZoneTooSmall, servers.NginxPathTwice, servers.NginxUnexpectedInCondition, servers.NginxSocketRefused, servers.NginxCannotBind,
		servers.NginxStreamRefused, servers.NginxTableRefused, servers.NginxSyslogRefused, servers.NginxHashTooSmall,
		servers.NginxModuleRefused, servers.NginxAddressInvalid, servers.NginxUpstreamEmpty,
		servers.NginxUpstreamWithPort, servers.NginxNoEvents,
		servers.ApacheErrorPlace, servers.ApacheArgumentCount, servers.ApacheMisplaced, servers.ApacheValueRefused,
	},
	Check: func(p *lint.Pass) {
		checkApacheRefuses(p)
		others := once[string]{}
		for _, bad := range p.Stack.Directives {
			if bad.Fault == nginxt.UnknownDirective && len(bad.Near) == 0 {
				if others.first(bad.Name) {
					p.NotChecked(bad.At, "nginx itself has no directive "+bad.Name+"; the arguments of a third-party module are unknown")
				}
				continue
			}
			f := lint.Finding{At: bad.At}
			var log string
			f.Message, log = refusedDirective(bad)
			f.Log = []string{"[emerg] " + log}
			if !bad.First.IsZero() && bad.First != bad.At {
				f.Notes = []lint.Note{{At: bad.First, Message: "the first one"}}
			}
			if len(bad.Near) == 1 && bad.Fault != nginxt.BadParameter {
				f.Fixes = meant(bad)
			}
			p.Report(f)
		}
		for listener := range nginxListeners(p.Stack) {
			if len(listener.Sites) > 1 {
				oddNames(p, listener)
			}
			if facts := p.Stack.Facts; facts != nil && facts.IPv6.Lacks(listener.Endpoint.Addr) {
				p.Report(lint.Finding{
					At:      listenFor(listener.Sites[0], listener.Endpoint).At,
					Message: fmt.Sprintf("nginx cannot listen on %s, since its machine has no IPv6: %s", listener.Endpoint, facts.IPv6.Why),
				})
			}
		}
		for _, socket := range p.Stack.Sockets {
			socketDirectory(p, socket)
		}
	},
}

// oddNames reports the names that nginx cannot compare with those of the other
// servers of the address, or that its table of them cannot hold.
func oddNames(p *lint.Pass, listener *stack.Listener) {
	for _, site := range listener.Sites {
		for i, name := range site.Names {
			if bad, long := p.Stack.LongNames[site.NamesAt[i]]; long {
				p.Report(lint.Finding{At: bad.At, Message: bad.Message, Log: []string{"[emerg] " + bad.Says}})
				continue
			}
			if !site.Front.Loose && nginxt.OddName(name) {
				p.Report(lint.Finding{
					At:      site.NamesAt[i],
					Message: fmt.Sprintf("nginx cannot compare %s with the names of the other servers: a star replaces the first or the last part, and no part may be empty", name),
					Log:     []string{fmt.Sprintf("[emerg] invalid server name or wildcard \"%s\" on", name)},
				})
			}
		}
	}
}

// meant spells the name that was most likely meant.
func meant(b nginxt.Refusal) []lint.Fix {
	name := b.Near[0]
	if b.Fault == nginxt.UndefinedVariable {
		name = "$" + name
	}
	return suggest(b.At, name, "write "+name)
}

// refusedDirective says what is wrong with a directive, and what nginx says.
func refusedDirective(b nginxt.Refusal) (message, log string) {
	switch b.Fault {
	case nginxt.UnknownDirective:
		return fmt.Sprintf("nginx has no directive %s%s", b.Name, nearest(b.Near, "")), fmt.Sprintf("unknown directive \"%s\"", b.Name)
	case nginxt.VersionLacks:
		return fmt.Sprintf("nginx %s has no directive %s, which %s", b.Version, b.Name, came(b)), fmt.Sprintf("unknown directive \"%s\"", b.Name)
	case nginxt.MisplacedDirective:
		return misplacedDirective(b), fmt.Sprintf("\"%s\" directive is not allowed here", b.Name)
	case nginxt.WrongArguments:
		return wrongArguments(b), fmt.Sprintf("invalid number of arguments in \"%s\" directive", b.Name)
	case nginxt.BodyMissing:
		return b.Name + " needs a body in braces", fmt.Sprintf("directive \"%s\" has no opening \"{\"", b.Name)
	case nginxt.BodyNotAllowed:
		return b.Name + " takes no body in braces", fmt.Sprintf("directive \"%s\" is not terminated by \";\"", b.Name)
	case nginxt.WrongValue:
		return wrongValue(b)
	case nginxt.TwiceInBlock:
		return twice(b)
	case nginxt.PassWithURI:
		return fmt.Sprintf("proxy_pass cannot replace a path by %s here: the location goes by an expression or a name, or this is an if", b.Text),
			`"proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block`
	case nginxt.BadExpression:
		return "the expression does not compile: " + b.Text, "pcre2_compile() failed"
	case nginxt.CapturesMissing:
		return "fastcgi_split_path_info wants an expression with two groups", fmt.Sprintf("pattern \"%s\" must have 2 captures", b.Text)
	case nginxt.BadParameter:
		return fmt.Sprintf("a server of an upstream takes no parameter %s%s", b.Text, nearest(b.Near, "")), fmt.Sprintf("invalid parameter \"%s\"", b.Text)
	case nginxt.UndefinedZone:
		return fmt.Sprintf("nothing defines the zone %s that %s uses", b.Text, b.Name), undefinedZone(b)
	case nginxt.UndefinedVariable:
		if b.Version != "" {
			return fmt.Sprintf("nginx %s has no variable $%s, which %s", b.Version, b.Text, came(b)), fmt.Sprintf("unknown \"%s\" variable", b.Text)
		}
		return fmt.Sprintf("nothing defines $%s%s", b.Text, nearest(b.Near, "$")), fmt.Sprintf("unknown \"%s\" variable", b.Text)
	default:
		return b.Message, b.Says
	}
}

// came says in which version of nginx a directive was added or removed.
func came(b nginxt.Refusal) string {
	if b.Until != "" {
		return "was removed in " + b.Until
	}
	return "was added in " + b.Since
}

// nearest names what may have been meant, which starts with a sign.
func nearest(names []string, sign string) string {
	if len(names) == 0 {
		return ""
	}
	return "; the nearest is " + sign + strings.Join(names, " or "+sign)
}

func undefinedZone(b nginxt.Refusal) string {
	if strings.HasSuffix(b.Name, "_cache") {
		return fmt.Sprintf("\"%s\" zone \"%s\" is unknown", b.Name, b.Text)
	}
	return fmt.Sprintf("zero size shared memory zone \"%s\"", b.Text)
}

// misplacedDirective says where a directive belongs, or since when it belongs where it is.
func misplacedDirective(b nginxt.Refusal) string {
	parts := len(b.Around.Parts()) == 1 && len((b.Around|b.Where).Parts()) > 1
	if b.Version != "" {
		return fmt.Sprintf("nginx %s has no directive %s in %s, which %s", b.Version, b.Name, contexts(b.Around, parts), came(b))
	}
	return fmt.Sprintf("%s does not belong in %s: it goes into %s", b.Name, contexts(b.Around, parts), contexts(b.Where, parts))
}

// contexts spells the blocks in which a directive is allowed. parts is set when they are in
// several parts of nginx, whose blocks have the same names.
func contexts(c servers.NginxContext, parts bool) string {
	var names []string
	for _, one := range c.Each() {
		name := one.String()
		if parts && one.Same() {
			name += " of " + one.Parts()[0]
		}
		if len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	return typo.Either(names)
}

func wrongArguments(b nginxt.Refusal) string {
	if b.At.Begin().Line != b.At.Finish().Line {
		return b.Name + " goes on to the next line: a semicolon is missing"
	}
	return "wrong number of arguments for " + b.Name
}

var kinds = map[servers.NginxValue]string{
	servers.NginxFlag: "on or off", servers.NginxSize: "a size such as 16k", servers.NginxOffset: "a size such as 16m",
	servers.NginxTime: "a time such as 60s", servers.NginxSeconds: "a time such as 60s", servers.NginxNumber: "a number", servers.NginxBuffers: "a number and a size, such as 8 16k",
	servers.NginxPool:  "a size such as 1k",
	servers.NginxPower: "a size such as 32k",
}

func wrongValue(b nginxt.Refusal) (message, log string) {
	wanted := kinds[b.Want]
	if b.Or != "" {
		wanted = typo.Either(append([]string{wanted}, strings.Split(b.Or, ",")...))
	}
	log = fmt.Sprintf("\"%s\" directive invalid value", b.Name)
	switch {
	case b.Want == servers.NginxFlag:
		log = fmt.Sprintf("invalid value \"%s\" in \"%s\" directive, it must be \"on\" or \"off\"", b.Text, b.Name)
	case b.Want != servers.NginxNumber:
	case b.Name == "worker_connections":
		log = fmt.Sprintf("invalid number \"%s\"", b.Text)
	case b.Name == "keepalive":
		log = fmt.Sprintf("invalid value \"%s\" in \"keepalive\" directive", b.Text)
	case b.Or == "":
		log = fmt.Sprintf("\"%s\" directive invalid number", b.Name)
	}
	return fmt.Sprintf("%s wants %s, not %q", b.Name, wanted, b.Text), log
}

func twice(b nginxt.Refusal) (message, log string) {
	name, log := b.Name, fmt.Sprintf("\"%s\" directive is duplicate", b.Name)
	if name == "location" {
		path := strings.TrimSpace(strings.TrimPrefix(b.At.Text(), "location"))
		name, log = "location "+path, fmt.Sprintf("duplicate location \"%s\"", path[strings.LastIndexByte(path, ' ')+1:])
	}
	if b.First == b.At {
		return name + " is included twice in one block", log
	}
	return "a second " + name + " in this block", log
}
