package parser

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/source"
)

// byName are kinds of files that their names tell, as patterns in lower case.
var byName = []struct{ pattern, kind string }{
	{"compose*.y*ml", "a Compose file"},
	{"docker-compose*.y*ml", "a Compose file"},
	{"dockerfile", "a Dockerfile"},
	{"dockerfile.*", "a Dockerfile"},
	{"*.dockerfile", "a Dockerfile"},
	{"containerfile", "a Dockerfile"},
	{"*.service", "a systemd unit"},
	{"*.socket", "a systemd unit"},
	{"*.timer", "a systemd unit"},
	{"*.y*ml", "a YAML file"},
	{"*.json", "a JSON file"},
	{"*.toml", "a TOML file"},
	{"*.php", "a PHP script"},
	{"*.sh", "a script"},
	{"*.md", "a document"},
	{"*.pem", "a certificate or a key"},
	{"*.crt", "a certificate or a key"},
	{"*.key", "a certificate or a key"},
}

// byStart are kinds of files that the start of their text tells.
var byStart = []struct{ start, kind string }{
	{"#!", "a script"},
	{"<?php", "a PHP script"},
	{"<?xml", "an XML file"},
	{"-----BEGIN ", "a certificate or a key"},
	{"FROM ", "a Dockerfile"},
	{"services:", "a Compose file"},
	{"---\n", "a YAML file"},
}

// bySection are the owners of sections, by their names in lower case up to the first
// character that is not a letter.
var bySection = map[string]string{
	"unit": "a systemd unit", "service": "a systemd unit", "install": "a systemd unit", "socket": "a systemd unit", "timer": "a systemd unit",
	"uwsgi":   "a uWSGI configuration",
	"program": "a Supervisor configuration", "supervisord": "a Supervisor configuration", "supervisorctl": "a Supervisor configuration",
	"mysqld": "a MySQL configuration", "mariadb": "a MySQL configuration",
}

// kindOf returns what a file of no server is, such as "a Compose file"; "" if unknown.
func (r *reader) kindOf(f *source.File) string {
	base := strings.ToLower(path.Base(f.Name))
	for _, k := range byName {
		if ok, _ := path.Match(k.pattern, base); ok {
			return k.kind
		}
	}
	text := strings.TrimLeft(strings.TrimPrefix(f.Text, "\ufeff"), " \t\r\n")
	for _, k := range byStart {
		if strings.HasPrefix(text, k.start) {
			return k.kind
		}
	}
	if looksLikeIni(f.Text) {
		return sectionOwner(r.parseFPM(f).File)
	}
	return ""
}

// sectionOwner returns what a file with the sections of f is, if it is known to belong to
// another program than PHP.
func sectionOwner(f *ini.File) string {
	for line := range f.Lines() {
		if line.Kind() != ini.Section {
			continue
		}
		name := strings.ToLower(line.Key())
		if end := strings.IndexFunc(name, func(r rune) bool { return r < 'a' || r > 'z' }); end >= 0 {
			name = name[:end]
		}
		if kind := bySection[name]; kind != "" {
			return kind
		}
	}
	return ""
}
