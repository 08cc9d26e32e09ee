package servers

import (
	"regexp"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
)

// Log is a line that a server writes when a fault happens.
type Log struct {
	By Server
	// Pattern is RE2 for the line from its level on, or from any word on, as the
	// server writes it by default. It matches system errors by number: C libraries
	// differ in the words. Its groups are named after what they find: path, addr, pool,
	// pid, file and line, and others.
	Pattern string
	// Refusal is the line as a template, in place of Pattern.
	Refusal FPMRefusal
	// Example is such a line from its level on, without the parts that differ
	// from run to run.
	Example string
}

// Expression returns RE2 for the line in all forms in which the server writes it.
func (l Log) Expression() string {
	pattern := l.Pattern
	if l.Refusal != "" {
		pattern = l.Refusal.pattern()
	}
	level, forms := nginxLevel, nginxForms
	if l.By == FPM {
		level, forms = fpmLevel, fpmForms
	}
	m := level.FindStringSubmatch(pattern)
	if m == nil {
		return pattern
	}
	pattern = strings.ReplaceAll(forms, "LEVEL", m[1]) + pattern[len(m[0]):]
	if l.By == Nginx && m[1] == "emerg" && !strings.Contains(pattern, "?P<file>") {
		pattern += nginxPlace
	}
	return pattern
}

// The start of a pattern that begins with a level, and what the server may write
// there. nginx adds the numbers of the process, the thread and the connection when
// it logs to a file or to syslog (nginx ngx_log.c, ngx_log_error_core). PHP-FPM
// puts the level in brackets in syslog, and with log_level = debug it adds the
// process and the place in its source (php-src zlog.c, zlog_buf_prefix).
const (
	nginxForms = `\[LEVEL\] (?:\d+#\d+: )?(?:\*\d+ )?`
	// nginxPlace is the end of a line about a file: the last line that nginx read (nginx
	// ngx_conf_file.c, ngx_conf_log_error).
	nginxPlace = `(?:.* in (?P<file>/\S+):(?P<line>\d+)$)?`
	fpmForms   = `(?:LEVEL: |\[LEVEL\] )(?:(?:pid \d+, )?\w+\(\), line \d+: )?`
)

var (
	nginxLevel = lazyregexp.New(`^\\\[([^\\]+)\\\] `)
	fpmLevel   = lazyregexp.New(`^(\(\?:[A-Z|]+\)|ALERT|ERROR|WARNING|NOTICE): `)
)

// expressions are those of logs, compiled; nil for an invalid one.
var expressions sync.Map

// Matches reports whether a line of a server is that of l.
func (l Log) Matches(line string) bool {
	compiled, ok := expressions.Load(l)
	if !ok {
		re, _ := regexp.Compile(l.Expression()) // lint.Validate reports an invalid one
		compiled, _ = expressions.LoadOrStore(l, re)
	}
	re := compiled.(*regexp.Regexp)
	return re != nil && re.MatchString(line)
}
