//go:build unix

package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// credentials are files with passwords that a repository may hold or reach. Each
// password begins with hunter.
var credentials = map[string]string{
	".env":                 "APP_NAME=shop\nDB_PASSWORD=hunter-env\nAPI_TOKEN=%hunter_env_mark%\nMAIL=\"hunter(env\n",
	"id_rsa":               "-----BEGIN OPENSSH PRIVATE KEY-----\nhunterb3BlbnNzaC1rZXktdjEAAAAA=\nhunterQyNTUxOQAAACB;\n-----END OPENSSH PRIVATE KEY-----\n",
	".netrc":               "machine hunter-host.example login hunter-login password hunter-netrc\n",
	".aws/credentials":     "[default]\naws_access_key_id = hunter-id\naws_secret_access_key = hunter/aws+key=\n",
	".docker/config.json":  "{\n  \"auths\": {\"hunter.example\": {\"auth\": \"hunterdXNlcjpwYXNz\"}}\n}\n",
	"shadow":               "root:$6$hunter$hunterhash/:19000:0:99999:7:::\nwww-data:*:19000:0:99999:7:::\n",
	"my.cnf":               "[client]\nuser = hunter-user\npassword = hunter-mysql\nhost = hunter-host\n",
	"wp-config.php":        "<?php\ndefine('DB_NAME','hunter-name');\ndefine('DB_PASSWORD','hunter-wp');\n$table_prefix='hunter_';\nif(!defined('ABSPATH')){define('ABSPATH','/hunter/');}\n",
	"htpasswd":             "admin:$apr1$hunter$hunterhash.\n",
	"deploy.pl":            "use strict;\nuse warnings;\nmy $password = \"hunter-perl\";\nsever hunter-near;\nlogin($password);\n",
	"pgpass":               "db.example:5432:shop:hunter-user:hunter-pg;\nlisten hunter-pg two three;\nother hunter-pg;\n",
	"gradle.properties":    "repo.user=hunter-user\nrepo.password=hunter-gradle\nsigning.key=@HUNTER_KEY@\n",
	"template.properties":  "password=hunter-a\n{{ hunter_b }}=x\nlogin=__hunter_c__\n[hunter\n",
	"service-account.yaml": "private_key: |\n  hunter-yaml\nclient: {id: hunter-id}\n",
}

// lure lays out a repository whose configurations lead to the credentials, in it and
// in the folder beside it. It returns the repository.
func lure(t *testing.T) (repo string) {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"repo/.git/HEAD":                          "",
		"repo/etc/php/8.3/fpm/pool.d/www.conf":    "[www]\nuser = www-data\nlisten = /run/php/php8.3-fpm.sock\npm = ondemand\npm.max_children = 4\n",
		"repo/etc/nginx/sites/blog":               "server { location ~ \\.php$ { fastcgi_pass unix:/run/php/php8.2-fpm.sock; } }\n",
		"repo/etc/php/8.3/fpm/conf.d/10-own.ini":  "memory_limit = 128M\n",
		"repo/etc/php/8.3/fpm/php.ini":            "engine = On\n",
		"repo/other/nginx.conf":                   "events {}\n",
		"repo/etc/systemd/system/nginx.service":   "[Service]\nExecStart=/usr/sbin/nginx\n",
		"repo/etc/php/8.3/fpm/pool.d/zz-own.conf": "[zz]\nuser = zz\nlisten = /run/zz.sock\npm = ondemand\npm.max_children = 4\n",
	}
	links := map[string]string{}
	var nginx, fpm strings.Builder
	for i, name := range slices.Sorted(maps.Keys(credentials)) {
		files["repo/secrets/"+name] = credentials[name]
		files["outside/"+name] = credentials[name]
		links[fmt.Sprintf("repo/etc/nginx/in-%d", i)] = "../../secrets/" + name
		links[fmt.Sprintf("repo/etc/nginx/out-%d", i)] = "../../../outside/" + name
		links[fmt.Sprintf("repo/etc/php/8.3/fpm/pool.d/in-%d.conf", i)] = "/secrets/" + name
		links[fmt.Sprintf("repo/etc/php/8.3/fpm/conf.d/in-%d.ini", i)] = "../../../../../secrets/" + name
		links[fmt.Sprintf("repo/etc/php/8.3/fpm/conf.d/out-%d.ini", i)] = filepath.Join(dir, "outside", name)
		links[fmt.Sprintf("repo/sites-enabled/in-%d", i)] = "../secrets/" + name
		links[fmt.Sprintf("repo/sites-enabled/out-%d", i)] = "../../outside/" + name
		fmt.Fprintf(&nginx, "include in-%d;\ninclude out-%d;\ninclude ../../../outside/%s;\ninclude %s;\ninclude /secrets/%s;\n",
			i, i, name, filepath.Join(dir, "outside", name), name)
		fmt.Fprintf(&fpm, "include = /secrets/%s\ninclude = ../../../../../../outside/%s\ninclude = %s\n", name, name, filepath.Join(dir, "outside", name))
	}
	nginx.WriteString("include /proc/self/environ;\ninclude /etc/passwd;\ninclude /dev/zero;\ninclude fifo;\ninclude zero;\ninclude huge;\n")
	fpm.WriteString("include = /proc/self/environ\ninclude = /etc/passwd\ninclude = /etc/php/8.3/fpm/pool.d/*.conf\n")
	files["repo/etc/nginx/nginx.conf"] = "events {}\n" + nginx.String() + "http { include sites/*; }\n"
	files["repo/etc/php/8.3/fpm/php-fpm.conf"] = "[global]\n" + fpm.String()
	links["repo/etc/nginx/zero"] = "/dev/zero"
	place(t, dir, files, links)
	waiting(t, filepath.Join(dir, "repo"))
	return filepath.Join(dir, "repo")
}

// place writes files and links below dir.
func place(t *testing.T, dir string, files, links map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range links {
		name = filepath.Join(dir, name)
		os.MkdirAll(filepath.Dir(name), 0o755)
		if err := os.Symlink(target, name); err != nil {
			t.Fatal(err)
		}
	}
}

// waiting adds files of which a read would wait, or never end.
func waiting(t *testing.T, repo string) {
	t.Helper()
	for _, name := range []string{"etc/nginx/fifo", "etc/php/8.3/fpm/pool.d/fifo.conf", "etc/php/8.3/fpm/conf.d/fifo.ini", "sites-enabled/fifo"} {
		if err := syscall.Mkfifo(filepath.Join(repo, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"etc/nginx/huge", "etc/php/8.3/fpm/pool.d/huge.conf", "etc/php/8.3/fpm/conf.d/huge.ini"} {
		name = filepath.Join(repo, name)
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(name, 1<<40); err != nil {
			t.Fatal(err)
		}
	}
}

// No output holds a part of a file that is not a configuration, whatever leads to it.
func TestNoCredentialsInOutput(t *testing.T) {
	program, repo := build(t), lure(t)
	projects := []string{"", "nginx: etc/nginx/nginx.conf\nfpm: etc/php/8.3/fpm/php-fpm.conf\n", "root: /\n", "nginx: /proc/self/environ\n"}
	for name := range credentials {
		projects = append(projects, "nginx: secrets/"+name+"\nfpm: secrets/"+name+"\n", "nginx: ../outside/"+name+"\n", credentials[name])
	}
	commands := [][]string{{"--verbose"}, {"--diff"}, {"baseline", "write"}, {"baseline", "check"}, {"config", "verify"}, {"secrets"}, {"sites-enabled", "--verbose"}}
	for _, format := range []string{"json", "sarif", "github", "gitlab", "junit"} {
		commands = append(commands, []string{"--format", format, "--no-ignore"})
	}
	for name := range credentials {
		if name != "pgpass" && name != "deploy.pl" { // a file that the user names, and that begins as one of nginx does
			commands = append(commands, []string{"--verbose", "secrets/" + name})
		}
	}
	for i, project := range projects {
		if err := os.WriteFile(filepath.Join(repo, ".wp502lint.yaml"), []byte(project), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, args := range commands {
			if i > 1 && len(args) > 1 && args[0] != "config" {
				continue
			}
			out := run502(t, program, repo, args...)
			if at := bytes.Index(out, []byte("hunter")); at >= 0 {
				t.Errorf("with the project file %q, %q prints\n%s", project, args, out[max(0, at-300):min(len(out), at+100)])
			}
		}
		os.Remove(filepath.Join(repo, ".wp502lint-baseline.json"))
	}
}

// run502 runs the program in a folder and returns all that it prints.
func run502(t *testing.T, program, dir string, args ...string) []byte {
	t.Helper()
	c := exec.Command(program, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "PWD="+dir, "GITHUB_ACTIONS=true", "ENVIRONMENT_SECRET=hunter-environ")
	out, err := c.CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return out
}
