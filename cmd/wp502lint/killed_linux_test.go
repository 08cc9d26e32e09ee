package main

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// half is a host on which everything that upgrade can do to a file happens: it makes files, a
// directory and a link, edits files, and removes a link.
var half = map[string]string{
	"etc/passwd":                                       "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n",
	"etc/group":                                        "www-data:x:33:\n",
	"etc/nginx/nginx.conf":                             "user www-data;\nevents {}\nhttp {\n    include sites-enabled/*;\n}\n",
	"etc/nginx/fastcgi_params":                         "fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;\n",
	"etc/nginx/sites-enabled/a":                        "server {\n    root /srv/a;\n    location ~ \\.php$ { include fastcgi_params; fastcgi_pass unix:/run/php/a.sock; }\n}\n",
	"etc/nginx/sites-enabled/b":                        "server {\n    server_name b.example;\n    root /srv/b;\n    location ~ \\.php$ { include fastcgi_params; fastcgi_pass unix:/run/php/php8.2-fpm.sock; }\n}\n",
	"etc/apache2/apache2.conf":                         "ServerRoot /etc/apache2\nListen 81\nLoadModule mpm_event_module modules/mod_mpm_event.so\nLoadModule proxy_module modules/mod_proxy.so\nLoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so\nLoadModule authz_core_module modules/mod_authz_core.so\nUser www-data\nGroup www-data\nDocumentRoot /srv/c\nIncludeOptional conf-enabled/*.conf\n",
	"etc/apache2/conf-available/php8.2-fpm.conf":       "<FilesMatch \"\\.php$\">\n    SetHandler \"proxy:unix:/run/php/php8.2-fpm.sock|fcgi://localhost\"\n</FilesMatch>\n",
	"etc/apache2/conf-available/php8.4-fpm.conf":       "<FilesMatch \"\\.php$\">\n    SetHandler \"proxy:unix:/run/php/php8.4-fpm.sock|fcgi://localhost\"\n</FilesMatch>\n",
	"etc/php/8.2/fpm/pool.d/a.conf":                    halfPool("a", "/run/php/a.sock"),
	"etc/nginx/sites-enabled/d":                        "server {\n    server_name d.example;\n    root /srv/d;\n    location ~ \\.php$ { include fastcgi_params; fastcgi_pass 127.0.0.1:9001; }\n}\n",
	"etc/php/8.2/fpm/pool.d/d.conf":                    halfPool("d", "127.0.0.1:9001"),
	"etc/php/8.2/fpm/php.ini":                          "memory_limit = 512M\n",
	"usr/lib/php/8.2/php.ini-production":               "memory_limit = 128M\n",
	"etc/systemd/system/php8.2-fpm.service.d/own.conf": "[Service]\nLimitNOFILE=65536\n",
	"etc/php/8.4/fpm/conf.d/10-opcache.ini":            "zend_extension = opcache.so\n",
}

func halfPool(name, listen string) string {
	return "[" + name + "]\nuser = www-data\nlisten = " + listen + "\nlisten.owner = www-data\npm = static\npm.max_children = 5\n"
}

// layHalf writes the host into a new folder.
func layHalf(t *testing.T) (root string) {
	t.Helper()
	root = filepath.Join(t.TempDir(), "host")
	files := maps.Clone(half)
	for _, v := range []string{"8.2", "8.4"} {
		dir := "etc/php/" + v + "/fpm/"
		files[dir+"php-fpm.conf"] = "[global]\ninclude = /" + dir + "pool.d/*.conf\n"
		files[dir+"pool.d/www.conf"] = halfPool("www", "/run/php/php"+v+"-fpm.sock")
		files["lib/systemd/system/php"+v+"-fpm.service"] = "[Service]\nExecStart=/usr/sbin/php-fpm" + v + " --nodaemonize --fpm-config /" + dir + "php-fpm.conf\n"
		files["usr/sbin/php-fpm"+v] = ""
	}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	enabled := filepath.Join(root, "etc/apache2/conf-enabled")
	if err := os.Mkdir(enabled, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../conf-available/php8.2-fpm.conf", filepath.Join(enabled, "php8.2-fpm.conf")); err != nil {
		t.Fatal(err)
	}
	return root
}

// entries returns what is below a folder: the mode and the content of files, the targets of links.
func entries(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text := []byte(nil)
		switch {
		case d.Type() == fs.ModeSymlink:
			var target string
			target, err = os.Readlink(name)
			text = []byte(target)
		case d.Type().IsRegular():
			text, err = os.ReadFile(name)
		}
		found[strings.TrimPrefix(name, root)] = fmt.Sprintf("%v %s", info.Mode(), text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// An upgrade that is killed leaves every file whole, with the text that it had or the one that it
// gets, and the next run finishes it. It is killed before each call that changes something.
func TestKilledUpgrade(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		skip(t, "strace is missing")
	}
	program := build(t)
	write := func(root string, under ...string) (out []byte, dies bool) {
		args := slices.Concat(under, []string{program, "upgrade", "--from", "8.2", "--to", "8.4", "--root", root, "--write"})
		c := exec.Command(args[0], args[1:]...)
		out, err := c.CombinedOutput()
		status, ok := c.ProcessState.Sys().(syscall.WaitStatus)
		if dies = ok && status.Signaled() && status.Signal() == syscall.SIGKILL; err != nil && !dies {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return out, dies
	}
	root := layHalf(t)
	before := entries(t, root)
	out, _ := write(root)
	after := entries(t, root)
	if !strings.Contains(string(out), "files were changed") || len(after) <= len(before) {
		t.Fatalf("%s", out)
	}
	killed, changed := 0, map[int]bool{}
	for _, call := range []string{"mkdirat", "fchmod", "fsync", "renameat", "symlinkat", "unlinkat"} {
		for n := 1; ; n++ {
			root, place := layHalf(t), fmt.Sprintf("killed at %s %d", call, n)
			if out, dies := write(root, killedAt(call, n)...); !dies {
				if n == 1 {
					t.Errorf("%s is never called:\n%s", call, out)
				}
				break
			}
			killed++
			changed[wholly(t, place, entries(t, root), before, after)] = true
			if out, _ := write(root); !maps.Equal(entries(t, root), after) {
				t.Errorf("%s: the next run does not finish it:\n%s\n%v", place, out, differing(entries(t, root), after))
			}
		}
	}
	t.Logf("killed in %d places, with %v changes made", killed, slices.Sorted(maps.Keys(changed)))
	if killed < 20 || len(changed) < 5 {
		t.Errorf("killed in %d places", killed)
	}
}

// killedAt is the command that kills a program before its nth call of that name.
func killedAt(call string, n int) []string {
	return []string{"strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, n)}
}

// wholly returns how many entries have changed. Each is as it was, or as it will be; files that no server
// reads may be left.
func wholly(t *testing.T, place string, now, before, after map[string]string) (changed int) {
	t.Helper()
	for name, entry := range now {
		switch {
		case strings.HasPrefix(filepath.Base(name), ".") && strings.HasSuffix(name, ".tmp"):
		case entry != before[name] && entry != after[name]:
			t.Errorf("%s: %s is %q, want %q or %q", place, name, entry, before[name], after[name])
		case entry != before[name]:
			changed++
		}
	}
	return changed
}

// differing lists the names whose entries differ.
func differing(got, want map[string]string) (list []string) {
	for name := range maps.Keys(got) {
		if got[name] != want[name] {
			list = append(list, fmt.Sprintf("%s: %q, want %q", name, got[name], want[name]))
		}
	}
	for name := range maps.Keys(want) {
		if _, ok := got[name]; !ok {
			list = append(list, name+" is missing")
		}
	}
	return list
}
