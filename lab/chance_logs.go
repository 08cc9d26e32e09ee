//go:build linux

package lab

import (
	"regexp"

	"github.com/wp502lint/wp502lint/lint"
)

// sign is a line that a server logs and the rule that the fault behind it
// belongs to, whether that rule is there yet or not.
type sign struct {
	pattern *regexp.Regexp
	rule    string
}

func signs(rule string, patterns ...string) (out []sign) {
	for _, p := range patterns {
		out = append(out, sign{pattern: regexp.MustCompile(p), rule: rule})
	}
	return out
}

// families are the reasons for each outcome, the most specific first. The texts
// are those of nginx 1.22 and PHP-FPM 8.2.
var families = map[lint.Outcome][]sign{
	lint.NginxRefuses: concat(
		signs("WP005", `unknown directive "\xef\xbb\xbf`),
		signs("WP001",
			`unexpected "[;{}]"`, `unexpected "."`, `unexpected end of file`, `too long parameter`),
		signs("WP002", `: open\(\) ".*" failed \(.*\) in `, `pread\(\) ".*" (failed|returned)`, `read\(\) ".*" failed`, `Too many levels of symbolic links`, `nesting|too many open files|Too many open files`, `glob\(\) ".*" failed`),
		signs("WP401", `duplicate listen`, `duplicate default server`, `bind\(\) to .* failed \(98`),
		signs("WP206", `too long path in the unix domain socket`),
		signs("WP403", `no servers are inside upstream`, `no servers in upstream`, `duplicate upstream`),
		signs("WP402", `no port in upstream`, `invalid host in upstream`, `invalid port in upstream`, `invalid URL prefix`, `may not have port`, `no path in the unix domain socket`,
			`no host in upstream`, `zero length URL`, `invalid IPv6 address in upstream`),
		signs(untold, `host not found in (upstream )?"[^"]*[.$][^"]*"`), // a name server may know it
		signs("WP407", `host not found in upstream`),
		signs("WP411", `there must be at least 2 "`, `_busy_buffers_size" must be`, `_temp_file_write_size" must be`, `_max_temp_file_size" must be`),
		signs("WP422", `ssl_certificate" is defined`, `cannot load certificate`, `getpwnam\(".*"\) failed`, `getgrnam\(".*"\) failed`, `^.*open\(\) ".*" failed \(\d+: [^)]*\)$`, `mkdir\(\) ".*" failed`),
		signs("WP421", `of the "listen" directive`, `invalid location modifier`, `duplicate location`, `unknown log format`, `conflicting parameter`, `map parameters`,
			`invalid (parameter|value|number|log level|condition|time|return|code|variable|"open_)`, `unknown "[^"]*" variable`, `the closing bracket in ".*" variable is missing`, `no "events" section`,
			`value must be between`, `duplicate "log_format"`, `in resolver "`, `the duplicate ".*" variable`, `cannot be inside the (exact|named) location`,
			`is not terminated by ";"`, `has no opening "\{"`, // which needs to know what is a block
			`unknown directive`, `is not allowed here`, `directive is duplicate`, `invalid number of arguments`, `directive invalid value`, `it must be "on" or "off"`,
			`pcre2?_compile\(\) failed`, `cannot have URI part`, `has no captures`, `is outside location`),
		signs("none",
			`invalid`, `duplicate`, `bind\(\) to .* failed`, `ssl_certificate`, `dlopen\(\)`, `hash_bucket_size|hash_max_size`, `worker_connections are not enough`, `setsockopt|socket\(\)|listen\(\)`, `cannot be|must be|is too|nested|no resolver`),
	),
	lint.FPMRefuses: concat(
		signs("WP310", `unknown entry '(#|//)`),
		signs("WP001", `syntax error, unexpected .* in Unknown`),
		signs("WP002", `failed to open configuration file`, `Unable to include`, `Unable to globalize`, `failed to include more than`, `two includes`),
		signs("WP302", `unknown entry`, `unknown directive`, `value is NULL for a ZEND_INI`, `You must provide a key`, `Array are not allowed`, `Misspelled`),
		signs("WP301", `already used in another pool`, `already listen on`, `unable to bind listening socket for address '[^/]*Address already in use`),
		signs("none", `neither served nor ended`, `unable to bind listening socket for address '/.*Address already in use`), // which is a directory
		signs("WP312", `(status|ping) path '`, `ping response page`),
		signs("WP309", `slowlog' must be specified`, `request_slowlog_timeout' \(`, `request_slowlog_trace_depth`),
		signs("WP308", `failed to open error_log`, `Unable to create or open slowlog`, `failed to open access log`, `does not exist or is not a directory`, `Unable to create the PID file`, `chroot path`,
			`unable to bind listening socket for address '/.*No such file`, `unable to bind listening socket.*(Is a directory|Not a directory|Permission|Read-only)`, `No such file or directory|prefix`),
		signs("WP305", `user has not been defined`, `no listen address have been defined`, `the process manager is missing`),
		signs("WP304", `pm\.(min_spare|max_spare|start)_servers\(`, `pm\.min_spare_servers\(`),
		signs("WP306", `cannot get [ug]id for`, `please specify user and group other than root`),
		signs("WP307", `No pool defined`),
		signs("WP210", `invalid port value`, `getaddrinfo: .*'(tcp|unix):`),
		signs("none", `getaddrinfo`, `unable to bind listening socket for address .*Cannot assign`),
		signs("WP116", `rlimit`),
		signs("WP303", `unable to parse value`, `error while parsing`, `empty value`, `must be a positive value`, `must be greater than`, `can't be negative`, `must be included into`, `event mechanism`, `wrong format for access.format`,
			`ondemand process manager`, `Values provided to field`, `Keys provided`, `FPM initialization failed`), // which is all that it says of some numbers
		signs("WP313", `opcache`, `preload`),
		signs("WP206", `path is too long`),
	),
	lint.BadGateway: concat(
		signs("WP212", `connect\(\) to unix:.*:+ failed \(2:`),
		signs("WP202", `connect\(\) to unix:.* failed \(13:`),
		signs("WP206", `connect\(\) to unix:.{108,} failed`),
		signs("none", `connect\(\) .*failed.*upstream: "(?i:https?):`, `connect\(\) .*failed \((101|110|113):`), // another machine
		signs("WP201", `connect\(\) .*failed`),
		signs("WP205", `unsupported FastCGI protocol`, `sent no valid HTTP`),
		signs(dropped, `Connection reset by peer`, `prematurely closed`),
		signs("WP404", `no live upstreams`),
		signs("WP405", `no resolver defined`, `could not be resolved`),
		signs("WP409", `SSL_do_handshake`),
		signs("WP111", `upstream sent too big header`),
		signs("WP412", `worker_connections are not enough`),
	),
}

// Families that the model has to tell apart.
const (
	dropped = "a dropped connection" // WP204 if a pool chooses its clients
)

func concat(parts ...[]sign) (all []sign) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// family returns the rule that the worst that happened belongs to, and the line
// that tells. It is "none" for what no rule of the catalogue claims, and
// "unknown" for a line of no family.
func (f *Fate) family(truth lint.Outcome) (rule, line string) {
	lines := f.NginxLines
	if truth == lint.FPMRefuses {
		lines = f.FPMLines
	}
	if truth == 0 {
		return "", ""
	}
	for _, l := range lines {
		if !serious.MatchString(l) {
			continue
		}
		line = l
		for _, s := range families[truth] {
			if s.pattern.MatchString(l) {
				return s.rule, l
			}
		}
	}
	return "unknown", line
}

// serious are lines that say why something failed. What PHP says about php.ini
// stops nobody.
var serious = regexp.MustCompile(`\[(emerg|alert|crit|error)\]|ERROR:|ALERT:|PHP: .* in Unknown|Fatal|neither served`)
