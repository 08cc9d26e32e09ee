package rules_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	. "github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/servers"
)

// musl are the words of glibc for errors in the examples and those of musl
// (strerror.h of musl 1.2; gai_strerror.c for the last two).
var musl = strings.NewReplacer(
	"Address already in use", "Address in use", "Cannot assign requested address", "Address not available",
	"Connection timed out", "Operation timed out", "Network is unreachable", "Network unreachable",
	"No route to host", "Host is unreachable", "Too many open files", "No file descriptors available",
	"Too many levels of symbolic links", "Symbolic link loop", "File name too long", "Filename too long",
	"Name or service not known", "Name does not resolve", "Servname not supported for ai_socktype", "Unrecognized service",
)

var (
	nginxExample = regexp.MustCompile(`^\[(\w+)\] (.*)$`)
	fpmExample   = regexp.MustCompile(`^(ALERT|ERROR|WARNING|NOTICE): (.*)$`)
)

// forms returns an example as the server writes it: to a terminal, a file and
// syslog, with log_level = debug, and on a system with musl.
func forms(l servers.Log) []string {
	all := []string{l.Example}
	if m := nginxExample.FindStringSubmatch(l.Example); m != nil && l.By == servers.Nginx {
		level, message := "["+m[1]+"] ", m[2]
		all = append(all,
			"nginx: "+level+message,
			"2026/11/26 10:11:12 "+level+"123#123: "+message,
			"2026/11/26 10:11:12 "+level+"123#123: *5 "+message,
			"<187>Nov 26 10:11:12 web1 nginx: 2026/11/26 10:11:12 "+level+"123#123: *5 "+message)
	}
	if m := fpmExample.FindStringSubmatch(l.Example); m != nil && l.By == servers.FPM {
		level, message := m[1], m[2]
		all = append(all,
			"[26-Nov-2026 10:11:12] "+level+": "+message,
			"[26-Nov-2026 10:11:12.123456] "+level+": pid 123, fpm_unix_conf_wp(), line 123: "+message,
			level+": fpm_children_init(), line 12: "+message,
			"Nov 26 10:11:12 web1 php-fpm[123]: ["+level+"] "+message,
			"Nov 26 10:11:12 web1 php-fpm[123]: ["+level+"] fpm_unix_conf_wp(), line 123: "+message)
	}
	for _, line := range all {
		if other := musl.Replace(line); other != line {
			all = append(all, other)
		}
	}
	return all
}

// The form of a line does not matter: it is of the same row, with the same values.
func TestLogForms(t *testing.T) {
	for _, row := range servers.Signatures() {
		re := regexp.MustCompile(row.Expression())
		want := re.FindStringSubmatch(row.Example)
		for _, line := range forms(row.Log) {
			if got := re.FindStringSubmatch(line); got == nil || !slices.Equal(got[1:], want[1:]) {
				t.Errorf("%s: %s finds %q in\n%s\nwant %q", row.Name, re, got, line, want)
			}
			if got := servers.SignatureOf(line); got != row {
				t.Errorf("%s is not the first row of\n%s", row.Name, line)
			}
		}
	}
}

// sharing are the rules that have lines in common: only the configuration tells
// which of them is meant. Two others never claim one line.
var sharing = [][]string{
	{"WP201", "WP206", "WP207", "WP209", "WP210", "WP212", "WP214", "WP215", "WP216", "WP310", "WP315", "WP417", "WP424"}, // no socket
	{"WP201", "WP208", "WP209", "WP210", "WP417", "WP424", "WP425", "WP426", "WP413", "WP216"},                            // no listener
	{"WP405", "WP419"}, // nginx cannot resolve a name for a request
	{"WP406", "WP407", "WP419", "WP421", "WP423"},          // nginx cannot resolve a name when it starts
	{"WP202", "WP203", "WP213"},                            // no permission
	{"WP108", "WP109", "WP110", "WP204", "WP205", "WP412"}, // the connection is reset
	{"WP108", "WP114"},                                     // PHP-FPM ends a request
	{"WP111", "WP112", "WP113"},                            // the header is too big
	{"WP208", "WP404", "WP417"},                            // no server is left
	{"WP210", "WP308", "WP314"},                            // PHP-FPM cannot make the socket
	{"WP301", "WP308"},                                     // another PHP-FPM has the socket, or its path is something else
	{"WP302", "WP303", "WP310"},                            // a line that was meant as a comment
	{"WP303", "WP305"},                                     // pm.max_children is 0, or is not set
	{"WP116", "WP306", "WP310"},                            // no such user, or no file to look it up in
	{"WP001", "WP310", "WP311"},                            // PHP-FPM cannot read a line
	{"WP116", "WP303", "WP308"},                            // the last line of PHP-FPM, where it is the only one
	{"WP001", "WP421"},                                     // a semicolon or a brace too many or too few
	{"WP408", "WP410"},                                     // the origin refuses a handshake
	{"WP402", "WP421"},                                     // a variable that nothing defines
	{"WP403", "WP421"},                                     // an upstream without servers, in http or in stream
}

// Naming knows the rules of every row.
func TestLogsAreShared(t *testing.T) {
	met := map[int]bool{}
	for _, row := range servers.Signatures() {
		named := Naming(row)
		for i, rule := range named {
			for _, other := range named[i+1:] {
				if rule.Cause == lint.RunTime || other.Cause == lint.RunTime {
					continue
				}
				i := slices.IndexFunc(sharing, func(ids []string) bool {
					return slices.Contains(ids, rule.ID) && slices.Contains(ids, other.ID)
				})
				if met[i] = true; i < 0 {
					t.Errorf("%s and %s name %s", rule.ID, other.ID, row.Name)
				}
			}
		}
	}
	for i, ids := range sharing {
		if !met[i] {
			t.Errorf("%v have no line in common", ids)
		}
	}
}

// The rule that names a row and few others comes first.
func TestNaming(t *testing.T) {
	for line, want := range map[string]string{
		"ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:8] unknown entry 'pm.max_childs'":                                        "WP302",
		"ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:8] empty value":                                                          "WP303",
		"ERROR: unable to bind listening socket for address '127.0.0.1:9000': Address already in use (98)":                 "WP301",
		"ERROR: unable to bind listening socket for address '/run/php/php8.3-fpm.sock': Permission denied (13)":            "WP308",
		"ERROR: unable to bind listening socket for address '/run/php/php8.3-fpm.sock': Read-only file system (30)":        "WP308",
		"ERROR: [pool www] unable to set listen address as it's already used in another pool 'shop'":                       "WP301",
		"ERROR: [pool www] 'request_slowlog_timeout' (120) can't be greater than 'request_terminate_timeout' (90)":         "WP309",
		"ALERT: [pool www] pm.min_spare_servers(1) and pm.max_spare_servers(6) cannot be greater than pm.max_children(4)":  "WP304",
		"ERROR: failed to open error_log (/var/log/php/fpm.log): No such file or directory (2)":                            "WP308",
		"ERROR: Unable to create or open slowlog(/var/log/php/www.slow.log): No such file or directory (2)":                "WP308",
		"ERROR: No pool defined. at least one pool section must be specified in config file":                               "WP307",
		"PHP:  syntax error, unexpected '(' in Unknown on line 1":                                                          "WP311",
		`[emerg] host not found in upstream "backend:9000" in /etc/nginx/sites-enabled/blog.conf:7`:                        "WP407",
		`[emerg] unknown directive "client_max_bodysize" in /etc/nginx/sites-enabled/blog.conf:5`:                          "WP421",
		"[emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)":                                                 "WP401",
		`[emerg] no port in upstream "php" in /etc/nginx/sites-enabled/blog.conf:7`:                                        "WP402",
		"php-fpm8.3[1234]: segfault at 18 ip 00007f826caa3710 sp 00007ffd17107eb0 error 4 in redis.so[7f826ca81000+8f000]": "WP701",
		`[emerg] "fastcgi_cache" directive is incompatible with "fastcgi_store" in /etc/nginx/sites-enabled/blog.conf:9`:   "WP713",
	} {
		named := Naming(servers.SignatureOf(line))
		if len(named) == 0 || named[0].ID != want {
			t.Errorf("%s is named by %v, want %s first", line, ids(named), want)
		}
	}
	if named := Naming(nil); named != nil {
		t.Errorf("no row is named by %v", ids(named))
	}
}

func ids(rules []*lint.Rule) (all []string) {
	for _, r := range rules {
		all = append(all, r.ID)
	}
	return all
}

// The row of a line that a finding quotes is one that its rule names. Apache writes the reason below
// the place, and not every reason has a row.
func TestFindingsQuoteTheirLogs(t *testing.T) {
	texts := archives(t)
	for _, rule := range All {
		texts = append(texts, rule.Bad)
	}
	for _, text := range texts {
		for _, f := range cases.Lint(parse(t, text), All).Findings {
			for i, line := range f.Log {
				row := servers.SignatureOf(line)
				if len(f.Log) == 2 && servers.SignatureOf(f.Log[0]) == servers.ApacheErrorPlace && (i == 0 || row == nil) {
					continue
				}
				if !slices.Contains(f.Rule.Logs, row) {
					t.Errorf("%s does not know %s", f.Rule.ID, line)
				}
			}
		}
	}
}
