package logs

import (
	"strings"

	"github.com/wp502lint/wp502lint/servers"
)

// programs is a set of the programs that may have written a line; 0: any.
type programs uint8

const (
	byNginx programs = 1 << iota
	byFPM
	byKernel
	bySystemd
	byAudit
	byApache
	byCloudflared
	bySupervisor
)

// programOf returns the set of one server.
func programOf(s servers.Server) programs {
	switch s {
	case servers.Nginx:
		return byNginx
	case servers.FPM:
		return byFPM
	case servers.Kernel:
		return byKernel
	case servers.Systemd:
		return bySystemd
	case servers.Supervisor:
		return bySupervisor
	case servers.Audit:
		return byAudit
	case servers.Apache:
		return byApache
	case servers.Cloudflared:
		return byCloudflared
	}
	return 0
}

// programTagged returns the programs whose lines have a tag of syslog, such as php-fpm8.2; 0 for
// a tag that says nothing. The kernel passes on what the audit system writes, and systemd writes
// with the name of the program that it cannot run in parentheses.
func programTagged(tag string) programs {
	if slash := strings.LastIndexByte(tag, '/'); slash >= 0 {
		tag = tag[slash+1:]
	}
	tag = strings.TrimSuffix(strings.TrimSuffix(tag, ".service"), ".scope")
	switch {
	case tag == "kernel":
		return byKernel | byAudit
	case strings.HasPrefix(tag, "systemd"), shaped(tag, "(A"), tag == "init":
		return bySystemd
	case strings.HasPrefix(tag, "supervisor"):
		return bySupervisor
	case tag == "audit", tag == "auditd", tag == "audisp-syslog", tag == "setroubleshoot":
		return byAudit
	case tag == "nginx", tag == "openresty", tag == "angie", tag == "freenginx":
		return byNginx
	case strings.HasPrefix(tag, "php") && !strings.Contains(tag, "cli"):
		return byFPM
	case strings.HasPrefix(tag, "apache"), tag == "httpd":
		return byApache
	case strings.HasPrefix(tag, "cloudflared"):
		return byCloudflared
	}
	return 0
}

// guessed returns the programs that a line without a prefix is of, as far as its words tell.
func guessed(text string) programs {
	if i := strings.Index(text, "AH"); i >= 0 && shaped(text[i:], "AH99999: ") {
		return byApache
	}
	if rest, ok := strings.CutPrefix(text, "["); ok { // [error] 123#123: of nginx
		_, rest, _ = strings.Cut(rest, "] ")
		number, rest, ok := strings.Cut(rest, "#")
		thread, _, _ := strings.Cut(rest, ":")
		if ok && digitsOnly(number) && digitsOnly(thread) {
			return byNginx
		}
	}
	return 0
}

// digitsOnly reports whether a text is a number.
func digitsOnly(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
