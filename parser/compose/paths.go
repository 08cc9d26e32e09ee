package compose

import (
	"path"
	"strings"
)

// resolve returns the absolute path in the project that a path is, relative to dir.
// outside reports that it is a path of the machine: absolute, of a home directory, above the
// project, or of Windows. It is then as it is written.
func resolve(dir string, v Value) (abs Value, outside bool) {
	text := v.Text
	switch {
	case v.inside:
		return v.with(path.Clean(text)), false
	case strings.HasPrefix(text, "/"), strings.HasPrefix(text, "~"), strings.HasPrefix(text, `\\`), len(text) > 1 && text[1] == ':':
		return v, true
	}
	depth := strings.Count(strings.Trim(path.Clean(dir), "/"), "/") + 1
	if path.Clean(dir) == "/" {
		depth = 0
	}
	clean := path.Clean(text)
	for rest := clean; rest == ".." || strings.HasPrefix(rest, "../"); rest = strings.TrimPrefix(strings.TrimPrefix(rest, ".."), "/") {
		if depth--; depth < 0 {
			return v, true
		}
	}
	return v.with(path.Join(dir, clean)), false
}

// remote reports whether a build context or an included file is the URL of a repository.
func remote(text string) bool {
	for _, prefix := range [...]string{"https://", "http://", "git://", "ssh://", "oci://", "github.com/", "git@"} {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}
