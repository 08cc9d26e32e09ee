//go:build linux

package lab

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// apacheLine is a case over the frame with Apache in which it writes lines of rows.
type apacheLine struct {
	rows    []*servers.Signature
	archive string
}

// rowsOf is a list of rows.
func rowsOf(rows ...*servers.Signature) []*servers.Signature { return rows }

const (
	tcpPool = "-- etc/php/8.3/fpm/pool.d/www.conf --\n[www]\nuser = www-data\nlisten = 127.0.0.1:9000\npm = static\npm.max_children = 2\n"
	slowly  = "-- var/www/blog/slow.php --\n<?php $end = microtime(true) + 1.5; while (microtime(true) < $end) usleep(10000);\n"
	prefork = "-- etc/apache2/mods-enabled/mpm_event.load --\nLoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so\n"
	modPHP  = "-- etc/apache2/mods-enabled/php8.3.load --\nLoadModule php_module /usr/lib/apache2/modules/libphp8.3.so\n"
)

// handles gives the requests for PHP to a handler.
func handles(handler string) string {
	return conf("<FilesMatch \\.php$>\nSetHandler \"" + handler + "\"\n</FilesMatch>\n")
}

// also adds lines to the files of conf-enabled.
func also(lines string) string { return "-- etc/apache2/conf-enabled/also.conf --\n" + lines }

const fcgiTCP, balancer = "proxy:fcgi://127.0.0.1:9000", "proxy:balancer://php"

// balancerOf defines the balancer with members.
func balancerOf(lines string) string {
	return handles(balancer) + also("<Proxy balancer://php>\n"+lines+"</Proxy>\n") + module("proxy_balancer", "lbmethod_byrequests", "slotmem_shm")
}

// apacheConnects are the rows of connections that fail.
var apacheConnects = []apacheLine{
	{rowsOf(servers.ApacheConnectNoSocket, servers.ApacheNotConnected), "GET /index.php -> 503\n" + handles("proxy:unix:/run/php/old.sock|fcgi://localhost")},
	{rowsOf(servers.ApacheConnectDenied), "GET /index.php -> 503\n-- etc/php/8.3/fpm/pool.d/www.conf --\n[www]\nuser = www-data\nlisten = /run/php/php8.3-fpm.sock\nlisten.mode = 0600\npm = static\npm.max_children = 1\n"},
	{rowsOf(servers.ApacheConnectStaleSocket), "GET /index.php -> 503\nmode 0666 root:root run/php/old.sock\n" + handles("proxy:unix:/run/php/old.sock|fcgi://localhost") + "-- run/php/old.sock --\nno socket\n"},
	{rowsOf(servers.ApacheConnectFailed), "GET /index.php -> 503\n" + handles("proxy:unix:/run/php/"+strings.Repeat("x", 110)+"|fcgi://localhost")},
	{rowsOf(servers.ApacheConnectRefused), "GET /index.php -> 503\n" + handles("proxy:fcgi://127.0.0.1:9001")},
	{rowsOf(servers.ApacheConnectTCPFailed), "GET /index.php -> 503\n" + handles("proxy:fcgi://127.0.0.1:9001") + also("ErrorLogFormat \"[%t] %M\"\n")},
	{rowsOf(servers.ApacheConnectTimedOut), "GET /slow.php -> 503 x8\n" + handles(fcgiTCP) + also("<Proxy fcgi://127.0.0.1:9000>\nProxySet connectiontimeout=500ms\n</Proxy>\n") +
		strings.Replace(tcpPool, "2\n", "1\nlisten.backlog = 1\n", 1) + slowly},
	{rowsOf(servers.ApacheConnectUnreachable), "GET /index.php -> 503\n" + handles("proxy:fcgi://192.0.2.1:9000")},
	{rowsOf(servers.ApacheNoFiles), "GET /slow.php -> 503 x20\n" + handles(fcgiTCP) + tcpPool + envvars + "ulimit -n 30\n" + slowly},
	{rowsOf(servers.ApacheNameNotResolved), "GET /index.php -> 500\n" + handles("proxy:fcgi://php:9000")},
	{rowsOf(servers.ApacheWorkerDisabled), "GET /index.php -> 503\n" + also("<Proxy fcgi://localhost/>\nProxySet status=+D\n</Proxy>\n")},
	{rowsOf(servers.ApacheAllDisabled), "GET /index.php -> 503\n" + balancerOf("BalancerMember fcgi://127.0.0.1:9000 status=+D\n") + tcpPool},
	{rowsOf(servers.ApacheDisablesWorker), "GET /index.php -> 200 x4\n" + balancerOf("BalancerMember fcgi://127.0.0.1:9001\nBalancerMember fcgi://127.0.0.1:9000\n") + tcpPool},
	{rowsOf(servers.ApacheNoConnection), "GET /slow.php -> 503 x9\n" + also("<Proxy fcgi://localhost/>\nProxySet max=1 acquire=100\n</Proxy>\n") + slowly},
	{rowsOf(servers.ApacheNoHandler), "GET /index.php -> 500\n" + conf("ProxyPass / http://127.0.0.1:9000/\n")},
	{rowsOf(servers.ApacheAddressInvalid), "GET /index.php -> 400\n" + handles("proxy:unix://run/php/php8.3-fpm.sock|fcgi://localhost")},
}

const envvars = "-- etc/apache2/envvars --\nexport APACHE_RUN_USER=www-data APACHE_RUN_GROUP=www-data APACHE_PID_FILE=/var/run/apache2/apache2.pid\n" +
	"export APACHE_RUN_DIR=/var/run/apache2 APACHE_LOCK_DIR=/var/lock/apache2 APACHE_LOG_DIR=/var/log/apache2\n"

// longEnvironment sets variables that take several records of FastCGI.
func longEnvironment() (lines string) {
	for i := range 30 {
		lines += fmt.Sprintf("SetEnvIf Host . LONG_%d=%s\n", i, strings.Repeat("x", 16000))
	}
	return lines
}

// apacheAnswers are those of answers that Apache cannot use, or that are an error.
var apacheAnswers = []apacheLine{
	{rowsOf(servers.ApacheAnswerTimedOut), "GET /slow.php -> 504\n" + also("ProxyTimeout 1\n") + slowly},
	{rowsOf(servers.ApacheReset, servers.ApacheDispatchFailed), "GET /slow.php -> 503\n" + tcpPool + "request_terminate_timeout = 1\n" + handles(fcgiTCP) + strings.Replace(slowly, "1.5", "3", 1)},
	{rowsOf(servers.ApacheAnswerRefused, servers.ApacheNotFastcgi), "GET /index.php -> 503\n" + handles("proxy:fcgi://127.0.0.1:80")},
	{rowsOf(servers.ApacheSendFailed), "GET /index.php -> 503 x20\n" + handles(fcgiTCP) + also(longEnvironment()) + tcpPool + "listen.allowed_clients = 192.0.2.1\n"},
	{rowsOf(servers.ApacheNotSCGI), "GET /index.php -> 500\n" + conf("ProxyPass / scgi://127.0.0.1:9000/\n") + module("proxy_scgi") + tcpPool},
	{rowsOf(servers.ApacheOriginClosed, servers.ApacheOriginError), "GET /index.php -> 502\n" + conf("ProxyPass / http://127.0.0.1:9000/\n") + module("proxy_http") + tcpPool},
	{rowsOf(servers.ApacheTLSFailed, servers.ApacheTLSNotSent), "GET /index.php -> 500\n" + conf("SSLProxyEngine on\nProxyPass / https://127.0.0.1:9000/\n") + module("proxy_http", "ssl") + tcpPool},
	{rowsOf(servers.ApacheSCGIHeader), "GET /index.php -> 500 x4\n" + conf("ProxyPass /index.php scgi://127.0.0.1:81/\nListen 81\n<VirtualHost *:81>\nTimeout 1\n</VirtualHost>\n") + module("proxy_scgi")},
	{rowsOf(servers.ApacheHeaderTooBig, servers.ApacheHeaderUnread), "GET /big.php -> 500\n-- var/www/blog/big.php --\n<?php header('X-Big: ' . str_repeat('x', 9000));\n"},
	{rowsOf(servers.ApacheHeaderBroken), "GET /bad.php -> 500\n-- var/www/blog/bad.php --\n<?php header('X Bad: a');\n"},
	{rowsOf(servers.ApacheScriptUnknown), "GET /index.php -> 404\n" + handles("proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost/srv")},
	{rowsOf(servers.ApacheScriptDenied), "GET /a.phtml -> 403\n-- var/www/blog/a.phtml --\n<?php\n"},
	{rowsOf(servers.ApachePHPFatal), "GET /fatal.php -> 500\n-- etc/php/8.3/fpm/php.ini --\nlog_errors = On\ndisplay_errors = Off\n-- var/www/blog/fatal.php --\n<?php nosuch();\n"},
	{rowsOf(servers.ApacheModuleFatal), "GET /fatal.php -> 500\n" + handles("application/x-httpd-php") + also("php_admin_flag log_errors on\nphp_admin_flag display_errors off\n") + prefork + modPHP + "-- var/www/blog/fatal.php --\n<?php nosuch();\n"},
	{rowsOf(servers.ApacheHtaccessRefused), "GET /index.php -> 500\n" + also("<Directory /var/www/blog>\nAllowOverride All\n</Directory>\n") + "-- var/www/blog/.htaccess --\nphp_value memory_limit 1M\n"},
	{rowsOf(servers.ApacheHtaccessUnread), "GET /index.php -> 403\nmode 0600 root:root var/www/blog/.htaccess\n" + also("<Directory /var/www/blog>\nAllowOverride All\n</Directory>\n") + "-- var/www/blog/.htaccess --\n# nothing\n"},
	{rowsOf(servers.ApacheVariableDropped), "GET /index.php -> 200\n" + also("SetEnvIf Host . LONG="+strings.Repeat("x", 17000)+"\n")},
}

// apacheStarts are those of Apache itself, and of files that it refuses.
var apacheStarts = []apacheLine{
	{rowsOf(servers.ApacheIncludeMissing), also("Include /etc/apache2/none.conf\n")},
	{rowsOf(servers.ApacheModuleNotLoaded), also("LoadModule foo_module /usr/lib/apache2/modules/mod_foo.so\n")},
	{rowsOf(servers.ApacheSyntaxError), also("<Files a>\n</Directory>\n")},
	{rowsOf(servers.ApacheErrorPlace, servers.ApacheArgumentCount), also("SetHandler a b\n")},
	{rowsOf(servers.ApacheInvalidCommand), also("RewriteEngine on\n")},
	{rowsOf(servers.ApacheMisplaced), also("<VirtualHost *:80>\nListen 81\n</VirtualHost>\n")},
	{rowsOf(servers.ApacheValueRefused), also("<Directory /var/www/blog>\nOptions +FollowSymLinks Indexes\n</Directory>\n")},
	{rowsOf(servers.ApacheSocketPathTooLong), also("<Proxy unix:/run/php/" + strings.Repeat("x", 110) + "|fcgi://localhost/>\nProxySet timeout=9\n</Proxy>\n")},
	{rowsOf(servers.ApachePathMissing), also("ErrorLog /var/log/none/error.log\n")},
	{rowsOf(servers.ApachePathMissing), also("ErrorLog /srv\n")},
	{rowsOf(servers.ApacheNoMPM), "-- etc/apache2/mods-enabled/mpm_event.load --\n"},
	{rowsOf(servers.ApacheThreadedPHP), modPHP},
	{rowsOf(servers.ApacheProviderMissing), also("<Proxy balancer://php>\nBalancerMember fcgi://127.0.0.1:9000\n</Proxy>\n") + module("proxy_balancer", "lbmethod_byrequests")},
	{rowsOf(servers.ApacheAddressInUse, servers.ApacheNoListener, servers.ApacheNotStarted), also("Listen 127.0.0.1:80\n")},
	{rowsOf(servers.ApacheAccountUnknown), also("User nosuch\n")},
	{rowsOf(servers.ApacheNotBound), also("Listen 192.0.2.1:80\n")},
	{rowsOf(servers.ApacheListenTwice), also("Listen 80\n")},
	{rowsOf(servers.ApacheTLSRefused), also("<VirtualHost *:443>\nSSLEngine on\n</VirtualHost>\n") + module("ssl")},
	{rowsOf(servers.ApacheRunsAsRoot), also("User root\n")},
	{rowsOf(servers.ApacheWorkersBusy), "GET /slow.php -> 200 x2\n" + also("ServerLimit 1\nMaxRequestWorkers 1\nStartServers 1\n") + prefork + slowly},
	{rowsOf(servers.ApacheWorkerKilled), "GET /killed.php -> 000\n" + handles("application/x-httpd-php") + prefork + modPHP + "-- var/www/blog/killed.php --\n<?php ini_set('memory_limit', '-1'); for ($i = 0; $i < 500000; $i++) $a = [$a ?? null]; unset($a); echo 1;\n"},
	{rowsOf(servers.ApacheReloading), "GET /slow.php -> 200\n" + also("ErrorLog \"|/bin/sh -c 'cat >> /var/log/apache2/piped.log'\"\nCustomLog \"|/bin/sh -c 'sleep 1; [ -e /run/reloaded ] || { touch /run/reloaded; kill -USR1 $PPID; }; cat > /dev/null'\" combined\n") + slowly},
	{rowsOf(servers.ApacheUndefined), "GET /index.php -> 200\n" + also("SetEnvIf Host . SOCK=${NONE}\n")},
	{rowsOf(servers.ApacheNoAccount), "GET /index.php -> 200\n" + also("User #4294967295\n")},
}

// apacheLines are cases with a line of every row of Apache that is measured.
var apacheLines = slices.Concat(apacheConnects, apacheAnswers, apacheStarts)

// text returns the case: without a request, Apache refuses its files.
func (l apacheLine) text() string {
	if strings.HasPrefix(l.archive, "GET ") {
		return "frame: apache\n" + l.archive
	}
	return "frame: apache\napache refuses\n" + l.archive
}

// addApacheLines adds to the cases of each rule those with lines of Apache that the rule names.
func addApacheLines(found map[string][]Form, all []*lint.Rule) {
	for _, rule := range all {
		for _, l := range apacheLines {
			if slices.ContainsFunc(rule.Logs, func(row *servers.Signature) bool { return slices.Contains(l.rows, row) }) {
				found[rule.Name] = append(found[rule.Name], Form{"the line of " + l.rows[0].Name, l.text()})
			}
		}
	}
}

// races limits how often a case is tried. In some, two ends of a connection close it at the same
// time, and on a slow machine the wrong one is often first.
const races = 8

// shows returns why a case does not do what its header says, or shows no line of a row.
func (l apacheLine) shows(c *cases.Case, p Programs) error {
	r, err := tryAndSee(c, p, "")
	if err != nil {
		return err
	}
	if err := r.Holds(c); err != nil {
		return err
	}
	for _, row := range l.rows {
		if _, ok := r.Match(row); !ok {
			return fmt.Errorf("%s: no line is one of the row %s:\n%s", r, row.Name, strings.Join(r.Lines[servers.Apache], "\n"))
		}
	}
	return nil
}

// Apache writes a line of every row of it that is measured, and no case shows another.
func TestApacheLines(t *testing.T) {
	p := needApache(t)
	shown := map[*servers.Signature]bool{}
	for _, l := range apacheLines {
		for _, row := range l.rows {
			shown[row] = true
		}
		t.Run(l.rows[0].Name, func(t *testing.T) {
			t.Parallel()
			c := parseCase(t, l.text())
			var err error
			for range races {
				if err = l.shows(c, p); err == nil {
					return
				}
			}
			t.Error(err)
		})
	}
	for _, row := range servers.Signatures() {
		if row.By == servers.Apache && shown[row] != (row.Proof == servers.Measured) {
			t.Errorf("%s: a case shows it: %t, it is measured: %t", row.Name, shown[row], row.Proof == servers.Measured)
		}
	}
}
