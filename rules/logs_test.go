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

// A rule matches every form of its example, with the same path, address and
// pool.
func TestLogForms(t *testing.T) {
	for _, rule := range All {
		for _, l := range rule.Logs {
			re := regexp.MustCompile(l.Expression())
			want := re.FindStringSubmatch(l.Example)
			for _, line := range forms(l) {
				if got := re.FindStringSubmatch(line); got == nil || !slices.Equal(got[1:], want[1:]) {
					t.Errorf("%s: %s finds %q in\n%s\nwant %q", rule.ID, re, got, line, want)
				}
			}
		}
	}
}

// sharing are the rules that have lines in common: only the configuration tells
// which of them is meant. Two others never claim one line.
var sharing = [][]string{
	{"WP201", "WP207", "WP209", "WP210", "WP212", "WP310", "WP315", "WP417", "WP424"}, // no socket
	{"WP201", "WP208", "WP209", "WP210", "WP417", "WP424", "WP425", "WP426"},          // no listener
	{"WP405", "WP419"}, // nginx cannot resolve a name for a request
	{"WP406", "WP407", "WP419", "WP421", "WP423"}, // nginx cannot resolve a name when it starts
	{"WP202", "WP203", "WP213"},                   // no permission
	{"WP108", "WP109", "WP204", "WP205", "WP412"}, // the connection is reset
	{"WP110", "WP205", "WP412"},                   // the connection is closed
	{"WP108", "WP114"},                            // PHP-FPM ends a request
	{"WP111", "WP112", "WP113"},                   // the header is too big
	{"WP208", "WP404", "WP417"},                   // no server is left
	{"WP210", "WP308", "WP314"},                   // PHP-FPM cannot make the socket
	{"WP113", "WP116"},                            // PHP writes to its standard error
	{"WP302", "WP303", "WP310"},                   // a line that was meant as a comment
	{"WP303", "WP305"},                            // pm.max_children is 0, or is not set
	{"WP116", "WP306", "WP310"},                   // no such user, or no file to look it up in
	{"WP001", "WP310", "WP311"},                   // PHP-FPM cannot read a line
	{"WP116", "WP303", "WP308"},                   // the last line of PHP-FPM, where it is the only one
	{"WP001", "WP421"},                            // a semicolon or a brace too many or too few
	{"WP005", "WP421"},                            // a byte order mark makes a directive unknown
	{"WP402", "WP421"},                            // a variable that nothing defines
	{"WP403", "WP421"},                            // an upstream without servers, in http or in stream
	{"WP420", "WP421"},                            // a parameter that this nginx lacks
}

func TestLogsAreShared(t *testing.T) {
	met := map[int]bool{}
	for _, rule := range All {
		for _, l := range rule.Logs {
			re := regexp.MustCompile(l.Expression())
			for _, other := range All {
				if other == rule || !slices.ContainsFunc(other.Logs, func(l servers.Log) bool { return re.MatchString(l.Example) }) {
					continue
				}
				i := slices.IndexFunc(sharing, func(ids []string) bool {
					return slices.Contains(ids, rule.ID) && slices.Contains(ids, other.ID)
				})
				if met[i] = true; i < 0 {
					t.Errorf("%s of %s matches an example of %s", re, rule.ID, other.ID)
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

// A rule matches the log lines of its findings.
func TestFindingsQuoteTheirLogs(t *testing.T) {
	texts := archives(t)
	for _, rule := range All {
		texts = append(texts, rule.Bad)
	}
	known := map[*lint.Rule][]*regexp.Regexp{}
	for _, rule := range All {
		for _, l := range rule.Logs {
			known[rule] = append(known[rule], regexp.MustCompile(l.Expression()))
		}
	}
	for _, text := range texts {
		for _, f := range cases.Lint(parse(t, text), All).Findings {
			for _, line := range f.Log {
				if !slices.ContainsFunc(known[f.Rule], func(re *regexp.Regexp) bool { return re.MatchString(line) }) {
					t.Errorf("%s does not know %s", f.Rule.ID, line)
				}
			}
		}
	}
}
