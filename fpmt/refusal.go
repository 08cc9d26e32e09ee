package fpmt

import (
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/source"
)

// Fault is what is wrong with a line of [global] or of a pool, or with a section that lacks one.
type Fault uint8

// The faults of entries.
const (
	HashComment     Fault = iota + 1 // a line, or the end of a value, that starts with # or //, which are not comments
	NeedsQuotes                      // a value with a character that is an operator outside quotes
	UnknownEntry                     // a key that PHP-FPM does not know in this section
	InvalidValue                     // a value of the wrong kind or out of range
	SpareArithmetic                  // a dynamic pool with contradictory numbers
	MissingEntry                     // a required setting that a pool lacks
	UnknownAccount                   // a user or group that does not exist or may not be used
	NoPools                          // a master without pools
	MissingPath                      // a directory that does not exist, or where PHP-FPM may not create a file
	SlowlogTimeouts                  // a slow log that cannot be created
	PathForm                         // an invalid status or ping path
	Preload                          // a setting of opcache in php.ini that prevents PHP from starting
)

// Refusal is one place in the files of a master that PHP-FPM refuses, or reads other than it looks.
type Refusal struct {
	// Section is [global] or the pool of the place; nil for php.ini and for a line
	// that PHP-FPM cannot read.
	Section *fpm.Section
	Fault   Fault
	// Key is the entry as PHP-FPM spells it; "" for a line that is not an entry.
	Key string
	At  source.Span
	// Message is one sentence, lower case, no full stop.
	Message string
	// Says is the message with which PHP-FPM refuses to start; "" if it starts.
	Says  string
	Notes []source.Note
	Fixes []source.Fix // how the text is corrected
}

// Untold is a place where the files do not determine whether PHP-FPM refuses it.
type Untold struct {
	Fault Fault
	At    source.Span
	// Needs is the fact that would tell; "" for none.
	Needs host.Fact
	// Why is worded to follow "not checked: "; "" if Needs is set.
	Why string
}

// Duplicate is a setting that is set twice in one section of one file, to different
// values. In two files that is the usual way to override one.
type Duplicate struct {
	Section *fpm.Section // [global] or a pool
	Key     string
	// Lost and Counts are the two lines, each from its key to its value: the one
	// that is ignored and the one that takes effect.
	Lost, Counts source.Span
	// First is set if the first of the lines takes effect, as for env[…] and
	// php_*[…], and not the last.
	First bool
}

// MisreadTime is a time of which PHP-FPM uses only a part: it reads digits up to the
// first other character, and the last character as the unit.
type MisreadTime struct {
	Key     string
	At      source.Span
	Text    string
	Seconds int64   // what PHP-FPM uses
	Meant   float64 // what the text resembles; 0 if it resembles no time
}
