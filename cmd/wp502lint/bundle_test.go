//go:build unix

package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/rules"
)

// ofVisitors are parts of everything that the files of leaky hold and a bundle does not.
var ofVisitors = []string{"S3cr3t", "203.0.113", "2001:db8", "2001%3A", "alice", "198.51.100"}

// leaky is a host with secrets and addresses in every place.
var leaky = map[string]string{
	"etc/passwd":     "root:x:0:0::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\n",
	"etc/os-release": "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n",
	"etc/nginx/nginx.conf": `user www-data;
events {}
http {
    set_real_ip_from 203.0.113.0/24;
    real_ip_header CF-Connecting-IP;
    include sites-enabled/*;
}
`,
	"etc/nginx/sites-enabled/blog": `server {
    listen 198.51.100.5:80;
    listen 10.0.0.5:80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        fastcgi_param DB_PASSWORD S3cr3t x y;
        fastcgi_param API S3cr3t-a;
        fastcgi_pass 198.51.100.9:9000;
    }
    location /api/ {
        proxy_set_header Authorization "Basic S3cr3tS3cr3t";
        proxy_pass http://alice:S3cr3t@198.51.100.9:3000/?key=S3cr3t;
    }
}
`,
	"etc/php/8.3/fpm/php-fpm.conf": "[global]\nerror_log = /var/log/php8.3-fpm.log\ninclude = /etc/php/8.3/fpm/pool.d/*.conf\n",
	"etc/php/8.3/fpm/pool.d/www.conf": `[www]
user = www-data
group = www-data
listen = 127.0.0.1:9000
pm = static
pm.max_children = 5
env[DB_PASSWORD] = S3cr3t
env[MAIL] = alice@mail.example
env[DATABASE_URL] = mysql://alice:S3cr3t@198.51.100.9/x
php_admin_value[mysqli.default_pw] = S3cr3t
pm.max_childrn = S3cr3t ; password=S3cr3t
`,
	"etc/php/8.3/fpm/conf.d/20-a.ini":                                               "extension=redis\nmysqli.default_pw = S3cr3t\n",
	"etc/cloudflared/config.yml":                                                    "tunnel: x\ncredentials-file: /S3cr3t.json\ningress:\n  - hostname: blog.example\n    service: http://alice:S3cr3t@198.51.100.9:80\n  - service: http_status:404\n",
	"var/www/blog/wp-includes/version.php":                                          "<?php\n$wp_version = '6.8.1';\n",
	"var/www/blog/wp-content/plugins/shop/shop.php":                                 "<?php\n/*\nPlugin Name: S3cr3t\nVersion: 1.2.3\n*/\n",
	"var/www/blog/wp-content/plugins/alice@mail.example/x.php":                      "<?php\n",
	"var/www/blog/wp-content/plugins/api_token=S3cr3t/x.php":                        "<?php\n",
	"var/www/blog/wp-content/plugins/tools-203.0.113.7/x.php":                       "<?php\n",
	"var/www/blog/wp-content/plugins/backup-S3cr3t9f8e7d6c5b4a39281706f5e4d3/x.php": "<?php\n",
	"var/www/blog/wp-content/plugins/a?b=S3cr3t/x.php":                              "<?php\n",
	"var/www/blog/wp-content/mu-plugins/2001:db8::7.php":                            "<?php\n",
	"var/log/nginx/error.log": `2026/11/26 03:12:33 [error] 7#7: *1 recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 203.0.113.7, server: blog.example, request: "GET /cart.php?token=S3cr3t&mail=alice@mail.example HTTP/1.1", upstream: "fastcgi://198.51.100.9:9000", host: "blog.example", referrer: "https://blog.example/?key=S3cr3t"
2026/11/26 03:12:34 [error] 7#7: *2 connect() failed (111: Connection refused) while connecting to upstream, client: 2001:db8::7, server: blog.example, request: "GET /reset/S3cr3t9f8e7d6c5b4a39281706f5e4d3/203.0.113.9 HTTP/1.1", upstream: "http://198.51.100.9:3000/?key=S3cr3t", host: "blog.example"
2026/11/26 03:12:35 [error] 7#7: *3 upstream sent invalid header: "X-Api-Key: S3cr3t" while reading response header from upstream, client: 203.0.113.7, server: blog.example, request: "GET /api/ HTTP/1.1", upstream: "http://198.51.100.9:3000/", host: "blog.example"
2026/11/26 03:12:36 [error] 7#7: *4 FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught Exception: S3cr3t of alice in /var/www/blog/a.php:3" while reading response header from upstream, client: 203.0.113.7, server: blog.example, request: "GET / HTTP/1.1", upstream: "fastcgi://198.51.100.9:9000", host: "blog.example"
`,
	"var/log/nginx/access.log": `203.0.113.7 - alice [26/Nov/2026:03:12:33 +0000] "GET /cart.php?token=S3cr3t HTTP/1.1" 502 157 "https://x/?S3cr3t" "S3cr3t/1.0 alice@mail.example" "203.0.113.9"
{"time":"2026-11-26T03:12:34+00:00","remote_addr":"2001:db8::7","request":"GET /a?b=S3cr3t HTTP/1.1","status":502,"http_cookie":"S3cr3t","http_authorization":"Basic S3cr3t"}
203.0.113.7 - alice [26/Nov/2026:04:12:33 +0000] "GET /alice@mail.example/203.0.113.9 HTTP/1.1" 502 157 "-" "-"
`,
	"var/log/php8.3-fpm.log": `[26-Nov-2026 03:12:33] WARNING: [pool www] child 9, script '/var/www/blog/a.php' (request: "GET /a.php?x=S3cr3t") execution timed out (30.3 sec), terminating
[26-Nov-2026 03:12:33] WARNING: [pool www] child 9 exited on signal 15 (SIGTERM) after 15.1 seconds from start
[26-Nov-2026 03:12:34] WARNING: [pool www] child 8 said into stderr: "ERROR: Connection disallowed: IP address '203.0.113.7' has been dropped."
[26-Nov-2026 03:12:36] ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:11] unknown entry 'pm.max_childrn'
`,
	"var/log/apache2/error.log": `[Thu Nov 26 03:12:33.742170 2026] [proxy_fcgi:error] [pid 9:tid 1] (104)Connection reset by peer: [client 203.0.113.7:43105] AH01075: Error dispatching request to : , referer: https://x.example/?S3cr3t
[Thu Nov 26 03:12:33.742170 2026] [proxy_fcgi:error] [pid 9:tid 1] [client 203.0.113.7:43105] AH01067: Failed to read FastCGI header, referer: https://x.example/?S3cr3t
`,
	"var/log/cloudflared.log": `2026-11-26T03:12:33Z ERR  error="Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: dial tcp 198.51.100.9:80: connect: connection refused" connIndex=0 dest=https://blog.example/a.php?x=S3cr3t event=0 ip=203.0.113.7 originService=http://alice:S3cr3t@198.51.100.9:80 type=http
`,
	"var/log/kern.log": `Nov 26 03:12:33 web kernel: [ 1234.500000] [   1234]    33  1234   120222    60111   720896        0             0 php-fpm8.3
Nov 26 03:12:33 web kernel: [ 1234.600000] Out of memory: Killed process 1234 (php-fpm8.3) total-vm:512340kB, anon-rss:201344kB, file-rss:20480kB, shmem-rss:30720kB, UID:33 pgtables:640kB oom_score_adj:0
`,
}

// bundleOf writes a bundle of a host and returns its files as one text.
func bundleOf(t *testing.T, root, name string, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args = append([]string{"diagnose", "--root", root, "--memory", "1GiB", "--bundle", name}, args...)
	status := command{strings.NewReader(""), &stdout, &stderr, rules.All, rules.RunTime}.main(append(args, filepath.Join(root, "var/log")))
	if status != exitFindings {
		t.Fatalf("exit status %d: %s", status, stderr.String())
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(name) != ".zip" {
		return string(text)
	}
	archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString("== " + f.Name + "\n" + string(part))
	}
	return all.String()
}

// What identifies a visitor or gives access is in no bundle, unless a flag allows it.
func TestBundleMasks(t *testing.T) {
	root := write(t, leaky)
	for _, name := range []string{"case.md", "case.zip"} {
		text := bundleOf(t, root, filepath.Join(t.TempDir(), name))
		for _, word := range ofVisitors {
			for line := range strings.Lines(text) {
				if strings.Contains(strings.ToLower(line), strings.ToLower(word)) {
					t.Errorf("%s tells %s: %s", name, word, line)
				}
			}
		}
		for _, want := range []string{"client-1", "client-2", "address-1", "/cart.php", "execution timed out", "Killed process 1234", "Uncaught Exception: … in /var/www/blog/a.php on line 3", "6.8.1", "bookworm"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
		open := bundleOf(t, root, filepath.Join(t.TempDir(), name), "--unmasked")
		for _, want := range []string{"203.0.113.7", "2001:db8::7", "token=S3cr3t", "alice@mail.example", "tools-203.0.113.7", "S3cr3t9f8e7d6c5b4a39281706f5e4d3", "key=S3cr3t", "X-Api-Key: S3cr3t", "x=S3cr3t", "198.51.100.9"} {
			if !strings.Contains(open, want) {
				t.Errorf("%s lacks %q although it is not masked", name, want)
			}
		}
	}
}

// No file that is read, and none of another kind, is written over.
func TestBundleKeepsFiles(t *testing.T) {
	root := write(t, leaky)
	log := filepath.Join(root, "var/log/nginx/error.log")
	link := filepath.Join(t.TempDir(), "case.md")
	if err := os.Symlink(log, link); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "notes.md")
	if err := os.WriteFile(other, []byte("# notes\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		log:  "is one of the inputs",
		link: "is one of the inputs",
		filepath.Join(root, "etc/nginx/nginx.conf"): "exists and is not a bundle",
		other:                      "is not a bundle",
		filepath.Join(root, "var"): "is a directory",
		"/nonexistent/case.md":     "is not a directory",
		"-":                        "--bundle needs the name of a file",
	} {
		before, _ := os.ReadFile(name)
		var stdout, stderr bytes.Buffer
		args := []string{"diagnose", "--root", root, "--bundle=" + name, log}
		status := command{strings.NewReader(""), &stdout, &stderr, rules.All, rules.RunTime}.main(args)
		after, _ := os.ReadFile(name)
		if status != exitTrouble || !strings.Contains(stderr.String(), want) || !bytes.Equal(before, after) {
			t.Errorf("%s: exit status %d, %s", name, status, stderr.String())
		}
	}
}
