package fpm

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// hosting returns a master with n pool files of 25 settings each, as a hosting panel writes them.
func hosting(n int) (main *source.File, pools []*source.File, bytes int) {
	main = &source.File{Name: "/etc/php/8.2/fpm/php-fpm.conf", Text: "[global]\npid = /run/php/php8.2-fpm.pid\nerror_log = /var/log/php8.2-fpm.log\ninclude=/etc/php/8.2/fpm/pool.d/*.conf\n"}
	for i := range n {
		text := fmt.Sprintf(poolText, i)
		bytes += len(text)
		pools = append(pools, &source.File{Name: fmt.Sprintf("/etc/php/8.2/fpm/pool.d/site%d.conf", i), Text: text})
	}
	return main, pools, bytes
}

var poolText = strings.ReplaceAll(`; Pool of SITE, written by the panel.
[SITE]
user = web%[1]d
group = web%[1]d
listen = /run/php/SITE.sock
listen.owner = www-data
listen.group = www-data
listen.mode = 0660
pm = dynamic
pm.max_children = 10
pm.start_servers = 2
pm.min_spare_servers = 1
pm.max_spare_servers = 3
pm.max_requests = 500
pm.status_path = /fpm-status
ping.path = /fpm-ping
request_terminate_timeout = 120s
request_slowlog_timeout = 10s
slowlog = /var/log/php/SITE-slow.log
catch_workers_output = yes
chdir = /
env[TMPDIR] = /home/web%[1]d/tmp
; Limits of this site.
php_admin_value[memory_limit] = 256M
php_admin_value[error_log] = /home/web%[1]d/logs/php.log
php_admin_flag[log_errors] = on
php_admin_value[open_basedir] = /home/web%[1]d:/tmp:/usr/share/php
php_value[session.save_path] = "/home/web%[1]d/sessions"
`, "SITE", "site%[1]d.example.test")

// read parses the files of a master and loads them.
func read(main *source.File, pools []*source.File) *Config {
	files := make([]*File, len(pools))
	for i, f := range pools {
		files[i] = Parse(f)
	}
	return Load([]*File{Parse(main)}, func(string, source.Span) ([]*File, *source.Problem) { return files, nil })
}

func BenchmarkLoad(b *testing.B) {
	main, pools, bytes := hosting(1000)
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	var c *Config
	for b.Loop() {
		c = read(main, pools)
	}
	entries := len(c.Global.Entries)
	for _, p := range c.Pools {
		entries += len(p.Entries)
	}
	b.ReportMetric(float64(entries), "entries/op")
}

// TestMemory limits the memory of one master to 90 bytes per line, of which the line
// itself takes 36 and the entry 24. A hosting machine with 10,000 pools has 250,000 lines.
func TestMemory(t *testing.T) {
	const pools, lines = 2000, 25
	main, files, bytes := hosting(pools)
	read(main, files[:1]) // the buffers of the parser
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c := read(main, files)
	runtime.GC()
	runtime.ReadMemStats(&after)
	held := float64(after.HeapAlloc-before.HeapAlloc) / (pools * lines)
	allocs := float64(after.Mallocs-before.Mallocs) / (pools * lines)
	t.Logf("for each of %d lines: %d bytes of text, %.0f bytes held, %.2f allocations", pools*lines, bytes/(pools*lines), held, allocs)
	if held > 90 || allocs > 0.5 {
		t.Errorf("%.0f bytes and %.2f allocations for a line, want at most 90 and 0.5", held, allocs)
	}
	if len(c.Pools) != pools {
		t.Errorf("%d pools, want %d", len(c.Pools), pools)
	}
}
