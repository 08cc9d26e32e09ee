package rules

import (
	"fmt"
	"strings"

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
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.NginxRefuses: lint.Always},
	Faults: []lint.Fault{
		nginxt.UnknownDirective, nginxt.MisplacedDirective, nginxt.WrongArguments, nginxt.BodyMissing, nginxt.BodyNotAllowed,
		nginxt.WrongValue, nginxt.TwiceInBlock, nginxt.PassWithURI, nginxt.BadExpression, nginxt.CapturesMissing,
		nginxt.BadParameter, nginxt.UndefinedZone, nginxt.UndefinedVariable, nginxt.RefusedArgument, nginxt.VersionLacks,
	},
	Summary: "nginx refuses a directive: its name, its place, its arguments, or because it is a duplicate.",
	Why: "nginx checks every directive of every file that it loads, and a single refused one keeps it from starting or from loading a new configuration. " +
		"A missing semicolon shows as too many arguments. An undefined variable is refused wherever nginx needs its value. A setting from two snippets of one block is a duplicate. `proxy_pass` with a path is refused in a regular expression location, in a named location, and in an `if`. " +
		"An unknown name may belong to a third-party module. Without an unknown `load_module` it is reported when it is similar to one of nginx's own, or has up to four letters and no known module has it; in any case when it is a parameter of the directive before it, or no module can have such a name.",
	Fix: "Correct the name or the arguments, move the directive to a block that may hold it, or remove the duplicate.",
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
	Logs: []servers.Log{
		{By: servers.Nginx, Pattern: `\[emerg\] unknown directive "`, Example: `[emerg] unknown directive "client_max_bodysize" in /etc/nginx/sites-enabled/blog.conf:5`},
		{By: servers.Nginx, Pattern: `\[emerg\] "[^"]*" directive is not allowed here`, Example: `[emerg] "location" directive is not allowed here in /etc/nginx/conf.d/loc.conf:1`},
		{By: servers.Nginx, Pattern: `\[emerg\] "[^"]*" directive is duplicate`, Example: `[emerg] "client_max_body_size" directive is duplicate in /etc/nginx/snippets/limits.conf:1`},
		{By: servers.Nginx, Pattern: `\[emerg\] invalid number of arguments in "`, Example: `[emerg] invalid number of arguments in "keepalive_timeout" directive in /etc/nginx/sites-enabled/blog.conf:5`},
		{By: servers.Nginx, Pattern: `\[emerg\] directive "[^"]*" (?:has no opening|is not terminated by)`, Example: `[emerg] directive "root" is not terminated by ";" in /etc/nginx/sites-enabled/blog.conf:5`},
		{By: servers.Nginx, Pattern: `\[emerg\] unexpected "\{"`, Example: `[emerg] unexpected "{" in /etc/nginx/kinds.map:1`},
		{By: servers.Nginx, Pattern: `\[emerg\] "[^"]*" directive invalid (?:value|number)`, Example: `[emerg] "fastcgi_buffers" directive invalid value in /etc/nginx/sites-enabled/blog.conf:5`},
		{By: servers.Nginx, Pattern: `\[emerg\] invalid value "[^"]*" in "[^"]*" directive`, Example: `[emerg] invalid value "yes" in "gzip" directive, it must be "on" or "off" in /etc/nginx/sites-enabled/blog.conf:5`},
		{By: servers.Nginx, Pattern: `\[emerg\] invalid (?:variable name(?: in /|$)|(?:value|number|number of connections|parameter|condition|log level|location modifier|time|time value|status|return code|code|backlog|variable name|server name or wildcard|"open_\w+" parameter):? ")`, Example: `[emerg] invalid parameter "unix:/run/php/php8.3-fpm.sock" in /etc/nginx/conf.d/php.conf:2`},
		{By: servers.Nginx, Pattern: `\[emerg\] "\w+" directive must be 512`, Example: `[emerg] "gzip_window" directive must be 512, 1k, 2k, 4k, 8k, 16k, or 32k in /etc/nginx/sites-enabled/blog.conf:5`},
		{By: servers.Nginx, Pattern: `\[emerg\] value (?:"[^"]*" )?must be between`, Example: "[emerg] value must be between 1 and 9 in /etc/nginx/sites-enabled/blog.conf:8"},
		{By: servers.Nginx, Pattern: `\[emerg\] duplicate location "`, Example: `[emerg] duplicate location "/a" in /etc/nginx/sites-enabled/blog.conf:7`},
		{By: servers.Nginx, Pattern: `\[emerg\] (?:named )?location "[^"]*" (?:cannot be inside|is outside|can be on)`, Example: `[emerg] location "/favicon.ico" is outside location "/a/" in /etc/nginx/snippets/static.conf:1`},
		{By: servers.Nginx, Pattern: `\[emerg\] "proxy_pass" cannot have URI part`, Example: `[emerg] "proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block in /etc/nginx/sites-enabled/blog.conf:6`},
		{By: servers.Nginx, Pattern: `\[emerg\] "proxy_redirect default" (?:should be placed|cannot be used)`, Example: `[emerg] "proxy_redirect default" should be placed after the "proxy_pass" directive in /etc/nginx/sites-enabled/blog.conf:6`},
		{By: servers.Nginx, Pattern: `\[emerg\] pcre2?_compile\(\) failed`, Example: `[emerg] pcre2_compile() failed: missing closing parenthesis in "^/(a" in /etc/nginx/sites-enabled/blog.conf:5`},
		{By: servers.Nginx, Pattern: `\[emerg\] pattern "[^"]*" (?:must have 2|has no) captures`, Example: `[emerg] pattern "^/a" must have 2 captures in /etc/nginx/sites-enabled/blog.conf:8`},
		{By: servers.Nginx, Pattern: `\[emerg\] (?:empty regex in server name|server name "[^"]*" is invalid)`, Example: `[emerg] server name "*" is invalid in /etc/nginx/sites-enabled/blog.conf:3`},
		{By: servers.Nginx, Pattern: `\[emerg\] (?:zero size shared memory zone|"\w+" zone "[^"]+" is unknown)`, Example: `[emerg] zero size shared memory zone "nobody"`},
		{By: servers.Nginx, Pattern: `\[emerg\] unknown "[^"]+" variable`, Example: `[emerg] unknown "1" variable`},
		{By: servers.Nginx, Pattern: `\[emerg\] the (?:duplicate "[^"]+" variable|\$\w+ variable cannot be used|closing bracket in "[^"]+" variable is missing)`, Example: `[emerg] the closing bracket in "request_uri" variable is missing in /etc/nginx/sites-enabled/blog.conf:5`},
		{By: servers.Nginx, Pattern: `\[emerg\] (?:unknown log format|duplicate "log_format" name) "`, Example: `[emerg] duplicate "log_format" name "timed" in /etc/nginx/sites-enabled/blog.conf:2`},
		{By: servers.Nginx, Pattern: `\[emerg\] invalid number of the map parameters`, Example: "[emerg] invalid number of the map parameters in /etc/nginx/kinds.map:2"},
		{By: servers.Nginx, Pattern: `\[emerg\] (?:conflicting parameter|duplicate default map parameter)`, Example: "[emerg] duplicate default map parameter in /etc/nginx/conf.d/kinds.conf:3"},
		{By: servers.Nginx, Pattern: `\[emerg\] .* in resolver "`, Example: `[emerg] invalid port in resolver "127.0.0.1:five" in /etc/nginx/sites-enabled/blog.conf:8`},
		{By: servers.Nginx, Pattern: `\[emerg\] .* of the "listen" directive`, Example: `[emerg] invalid host in "/run/nginx.sock" of the "listen" directive in /etc/nginx/sites-enabled/blog.conf:3`},
		{By: servers.Nginx, Pattern: `\[emerg\] (?:the shared memory zone "[^"]+" is already declared|the size \d+ of shared memory zone "[^"]+" conflicts|\w+ "[^"]+" is already bound to key|duplicate zone ")`, Example: `[emerg] limit_req_zone "flood" is already bound to key "$binary_remote_addr" in /etc/nginx/conf.d/b.conf:1`},
		{By: servers.Nginx, Pattern: `\[emerg\] (?:invalid (?:keys )?(?:zone (?:size|name)|rate|burst value|delay value|"levels"|session cache|OCSP cache)|"\w+" must have "(?:keys_)?zone" parameter)`, Example: `[emerg] invalid zone size "zone=a" in /etc/nginx/conf.d/a.conf:1`},
		{By: servers.Nginx, Pattern: `\[emerg\] (?:(?:keys )?zone|session cache|OCSP cache) "[^"]+" is too small`, Example: `[emerg] zone "zone=c:31k" is too small in /etc/nginx/conf.d/a.conf:1`},
		{By: servers.Nginx, Pattern: `\[emerg\] the same path name "`, Example: `[emerg] the same path name "/var/cache/nginx/a" used in /etc/nginx/conf.d/a.conf:3 and in /etc/nginx/conf.d/b.conf:4`},
		{By: servers.Nginx, Pattern: `\[emerg\] unexpected "[^"]*" in condition`, Example: `[emerg] unexpected "==" in condition in /etc/nginx/sites-enabled/blog.conf:6`},
		{By: servers.Nginx, Pattern: `\[emerg\] (?:invalid (?:method|fastopen|rcvbuf|sndbuf|setfib|so_keepalive value:|ipv6only flags|buffer size|flush time|compression level|event type|address|character|\w+ value) "|the pool size must be|balancing method does not support|"\w+" must have (?:the )?"max"|no buffer is defined for access_log|buffered logs cannot|logs to syslog cannot|duplicate log level|index "" in|empty replacement|host not found in set_real_ip_from|no name servers defined|"ipv4" and "ipv6" cannot both|\d+ worker_connections are not enough for|bind\(\) to [^ ]+ failed \((?:2|22|99): )`, Example: `[emerg] invalid rcvbuf "rcvbuf=1g" in /etc/nginx/conf.d/app.conf:12`},
		{By: servers.Nginx, Pattern: `\[emerg\] (?:the invalid "[^"]*" parameter|unknown (?:mail )?protocol|"listen" directive "\w+" parameter is incompatible|no (?:"listen" is defined|"auth_http" is defined|handler) for server|(?:no port|no host|invalid host|invalid port|invalid IPv6 address|no path in the unix domain socket|host not found) in (?:upstream|auth_http) "|no servers are inside upstream|upstream "[^"]*" may not have port|log format is not specified|unknown log format escaping|duplicate "[^"]*" address and port pair)`, Example: `[emerg] the invalid "default_server" parameter in /etc/nginx/nginx.conf:6`},
		{By: servers.Nginx, Pattern: `\[emerg\] (?:invalid number of the geo parameters|invalid (?:network|range|percent value) "|percent total is greater)`, Example: `[emerg] invalid network "10.0.0.0/40" in /etc/nginx/conf.d/tables.conf:3`},
		{By: servers.Nginx, Pattern: `\[emerg\] (?:no syslog server|(?:unknown|duplicate) syslog|syslog "?tag|[^"]* in syslog server ")`, Example: `[emerg] unknown syslog facility "local9" in /etc/nginx/sites-enabled/blog.conf:6`},
		{By: servers.Nginx, Pattern: `\[emerg\] could not build \w+, (?:you should increase \w+_size|too large \w+_bucket_size): \d+`, Example: `[emerg] could not build server_names_hash, you should increase server_names_hash_bucket_size: 64`},
		{By: servers.Nginx, Pattern: `\[emerg\] (?:module "[^"]+" is already loaded|"load_module" directive is specified too late)`, Example: `[emerg] module "ngx_stream_module" is already loaded in /etc/nginx/nginx.conf:2`},
		{By: servers.Nginx, Pattern: `\[emerg\] no "events" section in configuration`, Example: `[emerg] no "events" section in configuration`},
	},
	Check: func(p *lint.Pass) {
		others := once[string]{}
		for _, bad := range p.Stack.Directives {
			if bad.Fault == nginxt.UnknownDirective && len(bad.Near) == 0 {
				if others.first(bad.Name) {
					p.NotChecked(bad.At, "nginx itself has no directive "+bad.Name+"; what a module of others takes is not known")
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
		for _, listener := range p.Stack.Listeners {
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
			if site.Main != nil && nginxt.OddName(name) {
				p.Report(lint.Finding{
					At:      site.NamesAt[i],
					Message: fmt.Sprintf("nginx cannot compare %s with the names of the other servers: a star stands for the first or the last part, and no part is empty", name),
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
		return fmt.Sprintf("nothing defines the zone %s that %s asks for", b.Text, b.Name), undefinedZone(b)
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
		return "went with " + b.Until
	}
	return "came with " + b.Since
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
