// Package phpini is the configuration that PHP reads before its first request:
// php.ini and the conf.d files of one SAPI.
package phpini

import (
	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/source"
)

// Config is php.ini with its conf.d, in the order in which PHP reads them.
type Config struct {
	Files   []*source.File
	Entries []Entry
	// Defined are the settings that the command line of PHP sets with -d, which overrides
	// the files. Their values are not read.
	Defined []string
	// Problems are syntax errors and limits. None of them stops PHP: it skips the
	// rest of a file after the first syntax error, and starts.
	Problems []source.Problem
	// Foreign are those of Files that may be other files than a php.ini.
	Foreign []*source.File
}

// Entry is one setting. Its Key is as written: PHP's setting names are
// case-sensitive.
type Entry struct {
	ini.Line
	// Host and Path are true inside [HOST=…] and [PATH=…]: the setting then applies
	// only to requests for that host or directory.
	Host, Path bool
}
