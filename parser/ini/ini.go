// Package ini is the Zend INI dialect, in the two ways PHP reads it: one
// physical line at a time (PHP-FPM) and a file as a whole (php.ini).
//
// It decodes what Zend/zend_ini_scanner.l and zend_ini_parser.y of PHP 8.2
// decode, and keeps the place of everything it decodes. It knows no key and no
// server: what a line means is the business of packages fpm and phpini.
package ini

import "github.com/wp502lint/wp502lint/source"

// Mode says how a file is cut up before it is scanned.
type Mode uint8

const (
	// LineMode scans every physical line alone, as PHP-FPM does
	// (fpm_conf_load_ini_file): no value spans lines, and a syntax error
	// damages its own line only.
	LineMode Mode = iota
	// FileMode scans the file as a whole, as PHP does with php.ini: quoted
	// values span lines. PHP reads nothing behind the first syntax error;
	// Parse does, and leaves it to the reader to stop there.
	FileMode
)

// File is one file as the scanner read it. Its statements are kept in flat slabs
// without pointers, in the order of the text.
type File struct {
	Source *source.File
	// Problems are syntax errors in PHP's own words, limits, or one Template.
	Problems []source.Problem

	records []record
	indexes []index
	// texts are what records say that does not stand in the text as it is.
	texts []string
}

// LineKind is what sort of statement a Line is.
type LineKind uint8

const (
	// Section is a header: [name].
	Section LineKind = iota
	// Entry is name = value or name[index] = value.
	Entry
	// Bare is a name without "=". PHP passes it on with the value NULL: php.ini
	// ignores it, PHP-FPM refuses to start.
	Bare
)

// Line is one statement of a File. One physical line can hold several. It is a
// handle, comparable and fit to be the key of a map. The zero Line is no line; its
// methods return zero values.
type Line struct {
	file  *File
	index int32
}

// Form is a set of bits: how a value is written.
type Form uint8

const (
	// Quoted is a value with a part in double quotes.
	Quoted Form = 1 << iota
	// SingleQuoted is a value with a part in single quotes.
	SingleQuoted
	// Bool is one of the bare words true, on, yes, false, off, no, none and
	// null in any case, which PHP replaces by "1" or "".
	Bool
	// Expression is a value that PHP calculated with | & ^ ~ or !.
	Expression
	// Constant is a value with a bare word that PHP replaces by the value of
	// one of its constants.
	Constant
	// Env is a value with a reference ${NAME}.
	Env
)

// Value is what stands behind "=".
type Value struct {
	// Text is the value as PHP decodes it: "1" for On, "" for Off, none, null
	// and nothing at all. When Why is not "" it is only what can be known: each
	// unknown part stands in it as it is written.
	Text string
	// Why is not "" when the value is not known from the file alone, and says
	// the reason so that it reads well behind "not checked: ".
	Why string
	// At is the value as written, quotes included. For an empty value it covers
	// nothing and stands directly behind "=".
	At   source.Span
	Form Form
}
