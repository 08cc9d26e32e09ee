package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A day without a 502 is one line, whatever else its logs say: missing files, clients that go
// away, a slow page, what PHP writes, workers that PHP-FPM starts and ends, and a reload by
// logrotate while nothing runs.
func TestHealthyDay(t *testing.T) {
	dir := t.TempDir()
	names := []string{filepath.Join(dir, "access.log"), filepath.Join(dir, "error.log"), filepath.Join(dir, "php8.3-fpm.log"), filepath.Join(dir, "syslog")}
	for i, text := range healthyDay(100_000) {
		if err := os.WriteFile(names[i], []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, logs := range [][]string{names, names[:1], names[1:2], names[2:3], names[3:], {dir}} {
		var out, errs bytes.Buffer
		status := command{strings.NewReader(""), &out, &errs, nil, nil}.main(append([]string{"diagnose"}, logs...))
		if status != 0 || strings.Count(out.String(), "\n") != 1 || !strings.HasPrefix(out.String(), "no sign of a 502 in ") || errs.Len() > 0 {
			t.Errorf("%s: status %d\n%s%s", logs, status, &out, &errs)
		}
	}
}

// healthyDay returns the access log, the error log, the log of PHP-FPM and the syslog of a day
// with so many lines in all.
func healthyDay(lines int) [4]string {
	var access, errors, fpm, syslog strings.Builder
	at := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	pid := 4000
	for i := range lines {
		at = at.Add(24 * time.Hour / time.Duration(lines))
		request := []string{"GET / HTTP/2.0", "POST /wp-admin/admin-ajax.php HTTP/2.0", "GET /wp-content/uploads/a.jpg HTTP/2.0", "GET /502/?error=502 HTTP/1.1"}[i%4]
		context := fmt.Sprintf(`, client: 203.0.113.%d, server: blog.example, request: "%s", upstream: "fastcgi://unix:/run/php/php8.3-fpm.sock:", host: "blog.example"`, i%250, request)
		nginx := fmt.Sprintf("%s [error] 812#812: *%d ", at.Format("2006/01/02 15:04:05"), i)
		hour := at.Format("02-Jan-2006 15:04:05")
		switch i % 100 {
		case 10:
			fmt.Fprintf(&errors, `%sopen() "/var/www/blog/old.png" failed (2: No such file or directory)%s`+"\n", nginx, context)
		case 20:
			fmt.Fprintf(&errors, `%sFastCGI sent in stderr: "PHP message: PHP Warning:  Undefined variable $a in /var/www/blog/wp-content/plugins/a/a.php on line 7" while reading response header from upstream%s`+"\n", nginx, context)
		case 30:
			fmt.Fprintf(&errors, "%supstream timed out (110: Connection timed out) while reading response header from upstream%s\n", nginx, context)
		case 40:
			pid++
			fmt.Fprintf(&fpm, "[%s] NOTICE: [pool www] child %d started\n", hour, pid)
		case 50:
			fmt.Fprintf(&fpm, "[%s] NOTICE: [pool www] child %d exited with code 0 after 610.170431 seconds from start\n", hour, pid)
		case 60:
			fmt.Fprintf(&fpm, `[%s] WARNING: [pool www] child %d said into stderr: "NOTICE: PHP message: PHP Notice:  Trying to access array offset on null in /var/www/blog/wp-content/themes/b/functions.php on line 9"`+"\n", hour, pid)
		case 70:
			fmt.Fprintf(&syslog, "%s web1 CRON[%d]: (root) CMD (test -x /usr/sbin/anacron)\n", at.Format(time.Stamp), pid)
		case 80:
			fmt.Fprintf(&syslog, "%s web1 systemd[1]: Started phpsessionclean.service - Clean php session files.\n", at.Format(time.Stamp))
		default:
			status := map[int]int{1: 404, 2: 301, 3: 304, 4: 404, 5: 499, 6: 504, 7: 403}[i%100]
			fmt.Fprintf(&access, `203.0.113.%d - - [%s] "%s" %d 5020 "https://blog.example/" "Mozilla/5.0"`+"\n", i%250, at.Format("02/Jan/2006:15:04:05 -0700"), request, max(status, 200))
		}
		if i == lines/2 {
			fmt.Fprintf(&fpm, "[%[1]s] NOTICE: Reloading in progress ...\n[%[1]s] NOTICE: reloading: execvp(\"/usr/sbin/php-fpm8.3\", {\"/usr/sbin/php-fpm8.3\", \"--nodaemonize\"})\n[%[1]s] NOTICE: using inherited socket fd=9, \"/run/php/php8.3-fpm.sock\"\n[%[1]s] NOTICE: fpm is running, pid 811\n[%[1]s] NOTICE: ready to handle connections\n[%[1]s] NOTICE: systemd monitor interval set to 10000ms\n", hour)
			fmt.Fprintf(&syslog, "%[1]s web1 systemd[1]: Reloading php8.3-fpm.service - The PHP 8.3 FastCGI Process Manager...\n%[1]s web1 systemd[1]: Reloaded php8.3-fpm.service - The PHP 8.3 FastCGI Process Manager.\n", at.Format(time.Stamp))
		}
	}
	return [4]string{access.String(), errors.String(), fpm.String(), syslog.String()}
}
