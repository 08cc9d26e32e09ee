// Package systemd reads systemd units: a unit file with its drop-ins, every value
// with its place (systemd.syntax(7)), and the lines of tmpfiles.d(5).
package systemd

import (
	"math"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Unit is one unit with its settings.
type Unit struct {
	Name    string         // php8.3-fpm.service
	Files   []*source.File // the unit file, then its drop-ins, in the order in which they apply
	Entries []Entry
}

// Entry is one setting.
type Entry struct {
	Section string // Service
	Key     string // case-sensitive
	Value   string // continued lines joined by a blank
	At      source.Span
}

// Load reads the files of one unit in order, with the specifiers that its name tells filled in.
func Load(name string, files []*source.File) *Unit {
	u := &Unit{Name: name, Files: files}
	for _, f := range files {
		u.read(f)
	}
	u.instantiate()
	return u
}

// read adds the settings of a file. It skips a line that is neither a section nor a
// setting, as systemd does with a warning.
func (u *Unit) read(f *source.File) {
	f.Parsed = parsed{f}
	section := ""
	for rest := f.Text; rest != ""; {
		start := len(f.Text) - len(rest)
		var logical string
		logical, rest = takeLine(rest)
		text := strings.TrimSpace(logical)
		if text == "" || text[0] == '#' || text[0] == ';' {
			continue
		}
		if text[0] == '[' && strings.HasSuffix(text, "]") {
			section = text[1 : len(text)-1]
			continue
		}
		key, value, ok := strings.Cut(logical, "=")
		if !ok {
			continue
		}
		from := start + len(key) + 1 + len(value) - len(strings.TrimLeft(value, " \t\r\n"))
		to := start + len(strings.TrimRight(logical, " \t\r\n"))
		u.Entries = append(u.Entries, Entry{section, strings.TrimSpace(key), joined(value), f.Span(min(from, to), to)})
	}
}

// takeLine returns the first line of text, with the lines that continue it after a
// backslash, and the rest. Comments between them stay in; joined drops them.
func takeLine(text string) (logical, rest string) {
	end := 0
	for {
		line, _, more := strings.Cut(text[end:], "\n")
		last := end + len(line)
		if !more {
			return text, ""
		}
		trimmed := strings.TrimSpace(line)
		comment := trimmed != "" && (trimmed[0] == '#' || trimmed[0] == ';')
		if comment && end == 0 || !comment && !strings.HasSuffix(strings.TrimSuffix(line, "\r"), "\\") {
			return text[:last], text[last+1:]
		}
		end = last + 1
	}
}

// joined returns a value with its continued lines joined.
func joined(value string) string {
	if !strings.Contains(value, "\n") {
		return strings.TrimSpace(value)
	}
	var parts []string
	for line := range strings.Lines(value) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		parts = append(parts, strings.TrimSpace(strings.TrimSuffix(line, "\\")))
	}
	return strings.Join(parts, " ")
}

// Get returns the last setting of a key, which takes effect for a key with a single value.
func (u *Unit) Get(section, key string) (Entry, bool) {
	for i := len(u.Entries) - 1; i >= 0; i-- {
		if e := u.Entries[i]; e.Section == section && e.Key == key {
			return e, true
		}
	}
	return Entry{}, false
}

// All returns the settings of a key that is a list. An empty value clears the list so far.
func (u *Unit) All(section, key string) (list []Entry) {
	for _, e := range u.Entries {
		switch {
		case e.Section != section || e.Key != key:
		case e.Value == "":
			list = nil
		default:
			list = append(list, e)
		}
	}
	return list
}

// Bool reads a boolean (systemd parse_boolean).
func Bool(text string) (b, ok bool) {
	switch strings.ToLower(text) {
	case "1", "yes", "y", "true", "t", "on":
		return true, true
	case "0", "no", "n", "false", "f", "off":
		return false, true
	}
	return false, false
}

// Size reads a number of bytes with the units K, M, G and T (powers of 1024). ok is
// false for "infinity", a percentage, and anything else.
func Size(text string) (bytes int64, ok bool) {
	shift := 0
	if text != "" {
		if i := strings.IndexByte("BKMGT", text[len(text)-1]); i >= 0 {
			shift, text = 10*i, text[:len(text)-1]
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n << shift, err == nil && n >= 0 && n <= math.MaxInt64>>shift
}
