package phpini

import (
	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/servers"
)

// foreign reports whether a file may be another one than a php.ini, such as a list of
// passwords that a link leads to: it has lines, and none is of a common setting.
func foreign(f *ini.File) bool {
	for line := range f.Lines() {
		if line.Kind() == ini.Entry && servers.PHPSetting(line.Key()) {
			return false
		}
	}
	for _, key := range f.Dropped {
		if servers.PHPSetting(key) {
			return false
		}
	}
	return len(f.Problems) > 0 || f.Count() > 0
}
