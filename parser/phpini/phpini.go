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
	// Problems are syntax errors and limits. None of them stops PHP: it reads
	// nothing behind the first syntax error of a file and starts all the same.
	Problems []source.Problem
}

// Entry is one setting. Its Key is as written: PHP compares names of settings
// with regard to case.
type Entry struct {
	ini.Line
	// Host and Path are true inside [HOST=…] and [PATH=…]: the setting then
	// holds for requests of that host or directory only.
	Host, Path bool
}
