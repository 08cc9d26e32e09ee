package parser

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/servers"
)

const (
	mainText = "events {}\nhttp { server { listen 80; } }\n"
	poolText = "[www]\nlisten = /run/php.sock\npm = static\npm.max_children = 2\n"
)

// layoutFiles are the files of a layout for PHP 8.3 below root.
func layoutFiles(root string, l *servers.Layout) map[string]string {
	files := map[string]string{}
	put := func(pattern, text string) {
		if pattern != "" {
			files[root+servers.At(pattern, "8.3")] = text
		}
	}
	put(l.NginxConf, mainText)
	if l.FPMConf != "" {
		include := ""
		if l.Pools != "" {
			include = "include = " + servers.At(l.Pools, "8.3") + "\n"
			put(strings.ReplaceAll(l.Pools, "*", "www"), poolText)
		}
		put(l.FPMConf, "[global]\npid = /run/php.pid\n"+include)
		put(l.PHPIni, "memory_limit = 64M\n")
		if l.ConfD != "" {
			put(l.ConfD+"/20-b.ini", "b = 1\n")
			put(l.ConfD+"/10-a.ini", "a = 1\n")
		}
	}
	return files
}

// layoutWant is what describe says of such a tree.
func layoutWant(root string, l *servers.Layout) string {
	var b strings.Builder
	at := func(pattern string) string { return root + servers.At(pattern, "8.3") }
	if l.NginxConf != "" {
		fmt.Fprintf(&b, "nginx %s\n", at(l.NginxConf))
	}
	if l.FPMConf == "" {
		return b.String()
	}
	fmt.Fprintf(&b, "master %s (%s)", at(l.FPMConf), l.Name)
	if strings.Contains(l.FPMConf, "{") {
		b.WriteString(" PHP 8.3")
	}
	b.WriteString("\n")
	if l.Pools != "" {
		fmt.Fprintf(&b, "  %s\n  [www]\n", at(strings.ReplaceAll(l.Pools, "*", "www")))
	}
	fmt.Fprintf(&b, "  ini %s\n", at(l.PHPIni))
	if l.ConfD != "" {
		fmt.Fprintf(&b, "  ini %s/10-a.ini\n  ini %s/20-b.ini\n", at(l.ConfD), at(l.ConfD))
	}
	return b.String()
}

// Every layout is found from the root, from a directory on the way, and below a
// directory that holds a root file system.
func TestLayouts(t *testing.T) {
	for i := range servers.Layouts {
		l := &servers.Layouts[i]
		if l.Panel != "" && !slices.ContainsFunc(servers.Panels, func(p servers.Panel) bool { return p.Name == l.Panel }) {
			t.Errorf("%s: no panel is called %s", l.Name, l.Panel)
		}
		t.Run(l.Name, func(t *testing.T) {
			whole := layoutFiles("", l)
			whole["/etc/passwd"] = "root:x:0:0::/:/bin/sh\n"
			for _, test := range []struct {
				what  string
				files map[string]string
				paths []string
				want  string
			}{
				{"from the root", whole, []string{"/"}, layoutWant("", l)},
				{"from the directories of the main files", whole, mainDirs("", l), layoutWant("", l)},
				{"in rootfs/", layoutFiles("/docker/rootfs", l), []string{"/docker/rootfs"}, layoutWant("/docker/rootfs", l)},
				{"in a directory with brackets", layoutFiles("/app/[a*]", l), []string{"/app/[a*]"}, layoutWant("/app/[a*]", l)},
			} {
				if got := describe(Read(plant(test.files), test.paths)); got != test.want {
					t.Errorf("%s: got\n%s\nwant\n%s", test.what, got, test.want)
				}
			}
		})
	}
}

func mainDirs(root string, l *servers.Layout) (dirs []string) {
	for _, main := range []string{l.NginxConf, l.FPMConf} {
		if main != "" {
			dirs = append(dirs, root+path.Dir(servers.At(main, "8.3")))
		}
	}
	return dirs
}

func TestVersions(t *testing.T) {
	pools := func(v string) string { return "/etc/php/" + v + "/fpm/pool.d/www.conf" }
	files := map[string]string{
		"/etc/os-release":               "",
		"/etc/php/8.1/fpm/php-fpm.conf": "[global]\ninclude=/etc/php/8.1/fpm/pool.d/*.conf\n", pools("8.1"): poolText,
		pools("8.2"):                     strings.Replace(poolText, "www", "old", 1),
		"/etc/php/8.3/fpm/pool.d/readme": "", // no pool
	}
	tests := []reading{
		{"one of them has no main file", files, nil, `master /etc/php/8.1/fpm/php-fpm.conf (Debian, Ubuntu) PHP 8.1
  /etc/php/8.1/fpm/pool.d/www.conf
  [www]
also PHP 8.2
`},
		{"only pool files", map[string]string{pools("8.1"): poolText, pools("8.2"): strings.Replace(poolText, "www", "old", 1)}, nil,
			`pools /etc/php/8.1/fpm/pool.d/www.conf (Debian, Ubuntu) PHP 8.1 together
  [www]
pools /etc/php/8.2/fpm/pool.d/www.conf (Debian, Ubuntu) PHP 8.2 together
  [old]
also PHP 8.1
also PHP 8.2
`},
	}
	testReadings(t, tests)
	for root, want := range map[string]bool{"/etc/passwd": true, "/etc/os-release": true, "/etc/nginx/x": false} {
		if got := Read(plant(map[string]string{root: ""}), []string{"/"}).Machine; got != want {
			t.Errorf("a tree with nothing but %s: Machine is %v", root, got)
		}
	}
}
