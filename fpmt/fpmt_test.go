package fpmt

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/phpini"
	"github.com/wp502lint/wp502lint/source"
)

const pool = "[www]\nuser = www-data\nlisten = /run/www.sock\npm = static\npm.max_children = 1\n"

// TestCheck shows the results of Check for small masters of which only the text is
// known. The rules' cases show the rest.
func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name, text, php string
		version         string // 8.3 if empty
		prefix          string // of the master; "" if unknown
		want            string // a line for each entry of Result
	}{
		{name: "nothing", text: pool},
		{name: "no pool", text: "[global]\n", want: "says ERROR: No pool defined. at least one pool section must be specified in config file"},
		{name: "an unknown entry", text: pool + "pm.max_childs = 1\n", want: "www says ERROR: [/etc/php-fpm.conf:6] unknown entry 'pm.max_childs'"},
		{name: "a comment of shells", text: pool + "pm.max_requests = 5 # five\n", want: "www says ERROR: [/etc/php-fpm.conf:6] unable to parse value for entry 'pm.max_requests': is not a valid number (greater or equal than zero)"},
		{name: "a syntax error", text: pool + "slowlog = a=b\n", want: "says PHP:  syntax error, unexpected '='"},
		{name: "two of one key", text: pool + "pm.max_children = 2\n", want: "twice pm.max_children"},
		{name: "a time with two units", text: pool + "request_terminate_timeout = 1m30s\n", want: "misread 1m30s as 1"},
		{name: "root", text: strings.Replace(pool, "www-data", "root", 1), want: "not told: cannot tell whether PHP-FPM may run user as root (-R)"},
		{name: "a template", text: strings.Replace(pool, "static", "${PM}", 1), want: "not told: pm: value of ${PM}"},
		{name: "opcache", text: pool, php: "zend_extension = opcache\nopcache.file_cache_only = 1\n", want: "says Fatal Error opcache.file_cache_only is set without a proper setting of opcache.file_cache"},
		{name: "a default before PHP 8.3", version: "8.2", text: strings.Replace(pool, "= 1", "= ${CHILDREN:-4}", 1), want: "www says ALERT: [pool www] pm.max_children must be a positive value"},
		{name: "a quoted default before PHP 8.3", version: "8.2", text: strings.Replace(pool, "static", "\"${PM:-static}\"", 1), want: "www says ERROR: [/etc/php-fpm.conf:4] unable to parse value for entry 'pm': invalid process manager (static, dynamic or ondemand)"},
		{name: "a default", text: strings.Replace(pool, "= 1", "= ${CHILDREN:-4}", 1), want: "not told: pm.max_children: value of ${CHILDREN:-4}"},
		{name: "a variable without default", version: "8.2", text: strings.Replace(pool, "= 1", "= ${CHILDREN}", 1), want: "not told: pm.max_children: value of ${CHILDREN}"},
		{name: "a path relative to an unknown prefix", text: pool + "access.log = log/$pool.log\nchroot = jail\n", want: "not told: the base directory of log/www.log is unknown\nnot told: the base directory of jail is unknown"},
		{name: "a relative path", prefix: "/usr", text: pool + "access.log = log/$pool.log\nslowlog = $pool.slow\nrequest_slowlog_timeout = 5\nchroot = jail\n", want: "not told: log/www.log is relative to the prefix of PHP; cannot tell whether the directory log exists there\nnot told: jail is relative to the prefix of PHP; cannot tell whether the directory jail exists there"},
		{name: "a path relative to the pool's own prefix", prefix: "/usr", text: pool + "prefix = /srv/www\naccess.log = log/$pool.log\nchroot = jail\n"},
		{name: "opcache by extension", text: pool, php: "extension = opcache\nopcache.file_cache_only = 1\n"},
	} {
		m := master(tt.text, tt.php)
		m.Prefix = tt.prefix
		if got := show(Check(m, Machine{Version: cmp.Or(tt.version, "8.3"), Root: tt.version != "", BootDir: func(string) (made, known bool) { return }}, func(int, Listens) {})); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// TestCheckManyPools shows that pools that are judged concurrently give the same as
// pools that are judged one by one: refusals in the order of the pools, every pool's
// addresses with its index, and a fact that all of them lack once.
func TestCheckManyPools(t *testing.T) {
	const pools = 3*share + 1
	var text strings.Builder
	var want []string
	for i := range pools {
		fmt.Fprintf(&text, "[p%d]\nuser = u%[1]d\nlisten = /run/%[1]d.sock\npm = static\npm.max_children = 0\n", i)
		want = append(want, fmt.Sprintf("p%d says ALERT: [pool p%[1]d] pm.max_children must be a positive value", i))
	}
	var listens [pools]string
	next := func(i int, at Listens) { listens[i] = at.Listen.Endpoint.Path }
	got := Check(master(text.String(), ""), Machine{Version: "8.3", BootDir: func(string) (made, known bool) { return }}, next)
	if got, want := show(got), strings.Join(want, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(got.Untold) != 1 || got.Untold[0].Needs != host.Users {
		t.Errorf("not told: %v, want the need for accounts once", got.Untold)
	}
	for i, path := range listens {
		if want := fmt.Sprintf("/run/%d.sock", i); path != want {
			t.Errorf("pool %d listens at %q, want %q", i, path, want)
		}
	}
}

// master reads a main file and a php.ini.
func master(text, php string) *parser.Master {
	main := fpm.Parse(&source.File{Name: "/etc/php-fpm.conf", Text: text})
	return &parser.Master{
		Config: fpm.Load([]*fpm.File{main}, func(string, source.Span) ([]*fpm.File, *source.Problem) { return nil, nil }),
		PHPIni: phpini.Load([]*source.File{{Name: "/etc/php.ini", Text: php}}),
	}
}

func show(r Result) string {
	var lines []string
	for _, r := range r.Refused {
		says := "says " + r.Says
		if r.Section != nil && r.Section.Name != "global" {
			says = r.Section.Name + " " + says
		}
		lines = append(lines, says)
	}
	for _, u := range r.Untold {
		if u.Needs == "" {
			lines = append(lines, "not told: "+u.Why)
		}
	}
	for _, d := range r.Duplicates {
		lines = append(lines, "twice "+d.Key)
	}
	for _, m := range r.MisreadTimes {
		lines = append(lines, "misread "+m.Text+" as "+strconv.FormatInt(m.Seconds, 10))
	}
	return strings.Join(lines, "\n")
}
