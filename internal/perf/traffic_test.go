package perf

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"time"
)

// traffic writes the logs of a host with 40 WordPress sites. Equal calls write equal logs.
type traffic struct {
	random *rand.Rand
	at     time.Time
	dates  [3]string // at as access logs, nginx and PHP-FPM write it
	lines  int       // of this second
	pace   int       // lines a second
	number int       // of the last request
}

func newTraffic(pace int) *traffic {
	t := &traffic{random: rand.New(rand.NewPCG(3, 0)), at: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC), pace: pace}
	t.spell()
	return t
}

// spell writes the time down once for all lines of a second.
func (t *traffic) spell() {
	t.dates = [3]string{t.at.Format("02/Jan/2006:15:04:05 -0700"), t.at.Format("2006/01/02 15:04:05"), t.at.Format("02-Jan-2006 15:04:05")}
}

// next begins a line.
func (t *traffic) next() {
	t.number++
	if t.lines++; t.lines > t.pace {
		t.lines, t.at = 1, t.at.Add(time.Second)
		t.spell()
	}
}

// pick returns one of a list.
func (t *traffic) pick(list []string) string { return list[t.random.IntN(len(list))] }

var (
	paths   = []string{"/", "/shop/", "/cart/", "/checkout/", "/wp-admin/admin-ajax.php", "/wp-login.php", "/wp-json/wp/v2/posts?per_page=10", "/2026/11/black-friday-amber-dune/", "/wp-content/uploads/2026/11/fern-granite-1024x768.jpg", "/wp-content/themes/store/style.css?ver=6.8", "/wp-includes/js/jquery/jquery.min.js?ver=3.7.1", "/feed/", "/xmlrpc.php", "/robots.txt"}
	clients = []string{"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "WordPress/6.8; https://amber.example", "curl/8.14.1"}
	// failures are what nginx writes about a request that ends with 502.
	failures = []string{
		"connect() to unix:/run/php/php8.3-fpm.sock failed (11: Resource temporarily unavailable) while connecting to upstream",
		"connect() to unix:/run/php/php8.3-fpm.sock failed (2: No such file or directory) while connecting to upstream",
		"recv() failed (104: Connection reset by peer) while reading response header from upstream",
		"upstream prematurely closed connection while reading response header from upstream",
		"upstream sent too big header while reading response header from upstream",
	}
	// complaints are what nginx writes about other requests.
	complaints = []string{
		`open() "/var/www/amber/wp-content/uploads/2025/03/old.png" failed (2: No such file or directory)`,
		`access forbidden by rule`,
		`FastCGI sent in stderr: "PHP message: PHP Warning:  Undefined array key "price" in /var/www/amber/wp-content/plugins/store/view.php on line 118" while reading response header from upstream`,
		`FastCGI sent in stderr: "PHP message: PHP Deprecated:  Optional parameter $a declared before required parameter $b is implicitly treated as a required parameter in /var/www/amber/wp-content/plugins/store/cart.php on line 7" while reading upstream`,
		`limiting requests, excess: 5.320 by zone "login"`,
		`upstream timed out (110: Connection timed out) while reading response header from upstream`,
	}
	// notices are what PHP-FPM writes on an ordinary day.
	notices = []string{
		"NOTICE: [pool www] child 4711 started",
		"NOTICE: [pool www] child 4711 exited with code 0 after 812.170431 seconds from start",
		`WARNING: [pool www] child 4711 said into stderr: "NOTICE: PHP message: PHP Warning:  Undefined variable $total in /var/www/amber/wp-content/themes/store/functions.php on line 40"`,
		"WARNING: [pool www] seems busy (you may need to increase pm.start_servers, or pm.min/max_spare_servers), spawning 8 children, there are 0 idle, and 12 total children",
		"WARNING: [pool www] server reached pm.max_children setting (40), consider raising it",
	}
)

// access appends a line of an access log: one of 20,000 is a 502.
func (t *traffic) access(b []byte) []byte {
	t.next()
	b = t.address(b)
	b = append(append(append(b, " - - ["...), t.dates[0]...), `] "GET `...)
	b = append(append(b, t.pick(paths)...), ` HTTP/1.1" `...)
	b = append(b, t.status()...)
	b = strconv.AppendInt(append(b, ' '), int64(t.random.IntN(90_000)), 10)
	b = append(append(append(b, ` "https://`...), t.pick(words)...), `.example/" "`...)
	return append(append(b, t.pick(clients)...), "\"\n"...)
}

// status returns what a client got.
func (t *traffic) status() string {
	switch n := t.random.IntN(20_000); {
	case n == 0:
		return "502"
	case n < 20:
		return "499"
	case n < 600:
		return "404"
	case n < 2_000:
		return "304"
	case n < 2_500:
		return "301"
	}
	return "200"
}

func (t *traffic) address(b []byte) []byte {
	n := t.random.Uint32()
	b = strconv.AppendInt(append(b, "203."...), int64(n>>24), 10)
	b = strconv.AppendInt(append(b, '.'), int64(n>>16&255), 10)
	return strconv.AppendInt(append(b, '.'), int64(n>>8&255), 10)
}

// error appends a line of nginx's error log that says one of a list.
func (t *traffic) error(b []byte, says []string) []byte {
	t.next()
	site := t.pick(words)
	b = append(append(b, t.dates[1]...), " [error] 1234#1234: *"...)
	b = append(append(strconv.AppendInt(b, int64(t.number), 10), ' '), t.pick(says)...)
	b = append(t.address(append(b, ", client: "...)), ", server: "...)
	b = append(append(append(b, site...), `.example, request: "GET `...), t.pick(paths)...)
	b = append(b, ` HTTP/1.1", upstream: "fastcgi://unix:/run/php/php8.3-fpm.sock:", host: "`...)
	return append(append(b, site...), ".example\"\n"...)
}

// fpm appends a line of PHP-FPM.
func (t *traffic) fpm(b []byte) []byte {
	t.next()
	b = append(append(append(b, '['), t.dates[2]...), "] "...)
	return append(append(b, t.pick(notices)...), '\n')
}

// day appends a line of one of the logs of a host. Of 10,000 lines, 9,700 are requests, and two are
// of nginx about a 502.
func (t *traffic) day(b []byte) []byte {
	switch n := t.random.IntN(10_000); {
	case n < 9_700:
		return t.access(b)
	case n < 9_702:
		return t.error(b, failures)
	case n < 9_950:
		return t.error(b, complaints)
	}
	return t.fpm(b)
}

// event appends a line that is an event.
func (t *traffic) event(b []byte) []byte { return t.error(b, failures) }

// inCompose appends what docker compose logs prints of an event.
func (t *traffic) inCompose(b []byte) []byte { return t.event(append(b, "nginx-1  | "...)) }

// inJournal appends what journalctl -o json prints of an event.
func (t *traffic) inJournal(b []byte) []byte {
	line := bytes.TrimSuffix(t.event(nil), []byte("\n"))
	b = fmt.Appendf(b, `{"__CURSOR":"s=7d2f;i=%x","__REALTIME_TIMESTAMP":"%d000000","_BOOT_ID":"7d2f4c1e","PRIORITY":"3","SYSLOG_IDENTIFIER":"nginx","_PID":"1234","_COMM":"nginx","_HOSTNAME":"web1","_SYSTEMD_UNIT":"nginx.service","MESSAGE":`, t.number, t.at.Unix())
	return append(strconv.AppendQuote(b, string(line)), "}\n"...)
}

// stranger appends an event with an address, a site and a path of its own.
func (t *traffic) stranger(b []byte) []byte {
	t.next()
	n := t.number
	return fmt.Appendf(b, `%s [error] 1234#1234: *%d connect() to unix:/run/php/a%d.sock failed (2: No such file or directory) while connecting to upstream, client: 2001:db8::%x, server: s%d.example, request: "GET /page-%d/ HTTP/1.1", upstream: "fastcgi://unix:/run/php/a%d.sock:", host: "s%d.example"`+"\n",
		t.dates[1], n, n, n&0xffff, n, n, n, n)
}

// fillUp writes lines of one kind to w until they are size bytes.
func fillUp(w io.Writer, size int64, line func([]byte) []byte) error {
	out := bufio.NewWriterSize(w, 1<<20)
	var b []byte
	for size > 0 {
		b = line(b[:0])
		size -= int64(len(b))
		if _, err := out.Write(b); err != nil {
			return err
		}
	}
	return out.Flush()
}
