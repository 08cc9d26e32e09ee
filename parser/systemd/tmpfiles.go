package systemd

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Directory is a directory that systemd creates at boot.
type Directory struct {
	Path string
	At   source.Span // the path in its line
}

// Tmpfiles returns the directories that a tmpfiles.d file creates: the types d, D, v, q
// and Q with any modifiers (tmpfiles.d(5)).
func Tmpfiles(f *source.File) (list []Directory) {
	offset := 0
	for line := range strings.Lines(f.Text) {
		at := offset
		offset += len(line)
		fields := strings.Fields(line)
		if len(fields) < 2 || !strings.ContainsAny(fields[0][:1], "dDvqQ") {
			continue
		}
		name := strings.Trim(fields[1], `"`)
		name = strings.Replace(name, "%t", "/run", 1)
		if rest, ok := strings.CutPrefix(name, "/var/run/"); ok {
			name = "/run/" + rest
		}
		kind := strings.Index(line, fields[0]) + len(fields[0])
		from := at + kind + strings.Index(line[kind:], fields[1])
		list = append(list, Directory{path.Clean(name), f.Span(from, from+len(fields[1]))})
	}
	return list
}
