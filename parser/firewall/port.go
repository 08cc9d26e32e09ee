package firewall

import (
	"strconv"
	"strings"
)

// ports is a run of ports, both ends included.
type ports struct{ first, last uint16 }

// clientPorts are those that connections come from. A program has to be privileged to
// take a lower one, and clients of web servers are not.
var clientPorts = ports{1024, 65535}

var everyPort = ports{0, 65535}

// services are the names of ports that rules for web servers are written with
// (services(5)). Another name is a doubt.
var services = map[string]uint16{
	"ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "domain": 53, "http": 80, "www": 80,
	"pop3": 110, "ntp": 123, "imap2": 143, "imap": 143, "snmp": 161, "ldap": 389, "https": 443, "submissions": 465,
	"submission": 587, "ldaps": 636, "imaps": 993, "pop3s": 995, "mysql": 3306, "postgresql": 5432, "http-alt": 8080,
}

// parsePort reads a number or the name of a service.
func parsePort(text string) (uint16, bool) {
	if n, ok := services[text]; ok {
		return n, true
	}
	n, err := strconv.ParseUint(text, 10, 16)
	return uint16(n), err == nil
}

// parsePorts reads a port, or a range whose ends a separator joins. An end that is not
// written is the lowest or the highest port.
func parsePorts(text, separator string) (p ports, ok bool) {
	first, last, isRange := strings.Cut(text, separator)
	p = everyPort
	ok = text != ""
	if first != "" {
		p.first, ok = parsePort(first)
	}
	switch {
	case !isRange:
		p.last = p.first
	case last != "" && ok:
		p.last, ok = parsePort(last)
	}
	return p, ok && p.first <= p.last
}

func (p ports) has(port uint16) bool { return p.first <= port && port <= p.last }

// portMatch is the condition that a port is one of a list, or is not.
type portMatch struct {
	list []ports
	not  bool
}

func (m portMatch) holds(port uint16) bool {
	for _, p := range m.list {
		if p.has(port) {
			return !m.not
		}
	}
	return m.not
}

// ofClient reports whether the ports that clients connect from match: all of them,
// none, or some.
func (m portMatch) ofClient() (all, none bool) {
	all, none = m.not, !m.not
	for _, p := range m.list {
		if p.first <= clientPorts.first && p.last == clientPorts.last {
			return !m.not, m.not
		}
		if p.last >= clientPorts.first {
			all, none = false, false
		}
	}
	return all, none
}
