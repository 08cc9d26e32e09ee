package upgrade

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// commands puts down the commands in the order in which no request fails: the new PHP-FPM
// serves before the web server passes to it, and the old one goes on until the workers of the
// web server that still pass to it are gone (measured on nginx 1.22, Apache 2.4 and PHP-FPM 8.2).
func (p *planner) commands() {
	if len(p.order) == 0 {
		return
	}
	ctl := p.serviceCommand()
	program := "php-fpm" + p.To
	if p.new.layout.Program != "" {
		program = p.new.in(p.new.layout.Program)
	}
	unit := p.new.unit
	if p.daemon {
		p.run("daemon-reload", "", "systemctl daemon-reload", "")
	}
	p.run("test", unit, program+" -t --fpm-config "+p.new.main, "PHP-FPM must accept the new files before it reads them")
	p.run("enable", unit, ctl("enable", unit), "PHP-FPM "+p.To+" has to start at the next boot too")
	switch {
	case p.reload && p.fresh:
		p.run("reload-or-restart", unit, ctl("reload-or-restart", unit), "sites already use it: a reload takes the new pools in without a gap"+p.timeoutWarning())
		p.Commands = append(p.Commands, Command{Do: "wait", What: unit, Line: p.untilListening(), Seconds: 2, Why: "a reload returns before PHP-FPM listens on the new addresses"})
	case p.fresh:
		p.run("restart", unit, ctl("restart", unit), "a service that its package has started does not read new files by a start; no site uses it yet")
	default:
		p.run("start", unit, ctl("start", unit), "it does nothing if the package has started it")
	}
	for _, web := range slices.Sorted(maps.Keys(p.webs)) {
		p.run("test", web, webTest(web), "the web server must accept its new files")
		p.run("reload", web, ctl("reload", web), "from now on new requests go to PHP "+p.To)
		p.run("wait", web, waitFor(web), "a reload returns before the old workers are gone, and they pass to PHP "+p.From+" as long as their requests last")
	}
	p.run("check", "", "ss -xltnp | grep php-fpm", "the sockets of PHP "+p.To+" have to exist; then request each site with curl")
	if p.opts.DropOld && p.opts.In == nil {
		p.run("stop", p.old.unit, ctl("stop", p.old.unit), "nothing passes to it any more")
		p.run("disable", p.old.unit, ctl("disable", p.old.unit), "a service that stays enabled comes back at the next boot")
	}
	p.back(ctl)
}

// back puts down what undoes the commands once the files are as before.
func (p *planner) back(ctl func(do, unit string) string) {
	add := func(do, what, line string) { p.Back = append(p.Back, Command{Do: do, What: what, Line: line}) }
	if p.daemon {
		add("daemon-reload", "", "systemctl daemon-reload")
	}
	if p.opts.DropOld && p.opts.In == nil {
		add("enable", p.old.unit, ctl("enable", p.old.unit))
	}
	add("start", p.old.unit, ctl("start", p.old.unit))
	for _, web := range slices.Sorted(maps.Keys(p.webs)) {
		add("test", web, webTest(web))
		add("reload", web, ctl("reload", web))
		add("wait", web, waitFor(web))
	}
	if p.fresh && p.reload {
		add("reload-or-restart", p.new.unit, ctl("reload-or-restart", p.new.unit))
	} else if p.fresh {
		add("restart", p.new.unit, ctl("restart", p.new.unit))
	}
}

func (p *planner) run(do, what, line, why string) {
	p.Commands = append(p.Commands, Command{Do: do, What: what, Line: line, Why: why})
}

// serviceCommand returns how the host controls its services: OpenRC on Alpine, else systemd.
func (p *planner) serviceCommand() func(do, unit string) string {
	if p.there("/etc/alpine-release") || p.there("/sbin/openrc-run") {
		return func(do, unit string) string {
			switch do {
			case "enable":
				return "rc-update add " + unit + " default"
			case "disable":
				return "rc-update del " + unit + " default"
			case "reload-or-restart":
				do = "reload"
			}
			return "rc-service " + unit + " " + do
		}
	}
	return func(do, unit string) string { return "systemctl " + do + " " + unit }
}

// untilListening returns a command that ends when something listens on the addresses of the
// new pools.
func (p *planner) untilListening() string {
	var tests []string
	for _, t := range p.targets {
		tests = append(tests, "ss -Hxltn | grep -qF '"+strings.TrimPrefix(t.endpoint.String(), "unix:")+" '")
		if t.endpoint.Port != 0 {
			tests[len(tests)-1] = fmt.Sprintf("ss -Hltn | grep -q ':%d '", t.endpoint.Port)
		}
	}
	slices.Sort(tests)
	const most = 3 // they come up together
	tests = slices.Compact(tests)
	return "timeout 60 sh -c \"until " + strings.Join(tests[:min(len(tests), most)], " && ") + "; do sleep 0.2; done\""
}

// webTest returns the command with which a web server tests its files.
func webTest(web string) string {
	switch web {
	case "apache2", "httpd":
		return "apachectl configtest"
	}
	return "nginx -t"
}

// waitFor returns a command that ends when the old workers of a web server are gone, after a
// minute at most. Those of Apache have no mark. The brackets keep pgrep from finding the shell that
// runs it.
func waitFor(web string) string {
	switch web {
	case "apache2", "httpd":
		return "sleep 15"
	}
	return "for second in $(seq 60); do sleep 1; pgrep -f '[n]ginx: worker process is shutting down' >/dev/null || break; done"
}

// timeoutWarning says that a reload of the new PHP-FPM ends requests under way.
func (p *planner) timeoutWarning() string {
	if s, known := p.new.master.ControlTimeout().Known(); known && s == 0 {
		return "; its process_control_timeout is 0, so the reload ends the requests that are under way: reload at a quiet time"
	}
	return ""
}
