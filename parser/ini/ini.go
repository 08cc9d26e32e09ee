// Package ini parses the Zend INI dialect in the two ways PHP reads it: one physical
// line at a time (PHP-FPM), and a file as a whole (php.ini).
//
// It decodes text as Zend/zend_ini_scanner.l and zend_ini_parser.y of PHP 8.2 do, and
// keeps the place of everything it decodes. It knows no key and no server: packages
// fpm and phpini interpret the lines.
package ini

import "github.com/wp502lint/wp502lint/source"

// Mode is how a file is split before it is scanned.
type Mode uint8

const (
	// LineMode scans every physical line separately, as PHP-FPM does
	// (fpm_conf_load_ini_file): no value spans lines, and a syntax error affects
	// only its own line.
	LineMode Mode = iota
	// FileMode scans the file as a whole, as PHP does with php.ini: quoted values
	// may span lines. PHP reads nothing after the first syntax error; Parse
	// continues, and the caller stops there.
	FileMode
)

// File is one parsed file. Its statements are kept in flat slices without pointers,
// in text order.
type File struct {
	Source *source.File
	// Problems are syntax errors in PHP's own words, limits, or one Template.
	Problems []source.Problem
	// Unlike is set if a mistake precedes everything well-formed in the file, which may be
	// a key or a list of passwords.
	Unlike bool
	// Dropped are the first names of a template, whose lines are not kept.
	Dropped []string

	records []record
	indexes []index
	// texts are the decoded texts of records that are not substrings of the file.
	texts []string
}

// LineKind is the kind of statement that a Line is.
type LineKind uint8

const (
	// Section is a header: [name].
	Section LineKind = iota
	// Entry is name = value or name[index] = value.
	Entry
	// Bare is a name without "=". PHP gives it the value NULL: php.ini ignores it,
	// PHP-FPM refuses to start.
	Bare
)

// Line is one statement of a File. One physical line may hold several. It is a
// handle: comparable, and usable as a map key. The zero Line is not a line; its
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
	// null in any case, which PHP replaces with "1" or "".
	Bool
	// Expression is a value that PHP computes with | & ^ ~ or !.
	Expression
	// Constant is a value with a bare word that PHP replaces with the value of a constant.
	Constant
	// Env is a value with a reference ${NAME}.
	Env
)

// Value is the value after "=".
type Value struct {
	// Text is the value as PHP decodes it: "1" for On, "" for Off, none, null
	// and an empty value. If Why is not "", each unknown part is kept as written.
	Text string
	// Why is "" if the file alone determines the value. Otherwise it is the
	// reason, worded to follow "not checked: ".
	Why string
	// At is the value as written, quotes included. For an empty value it is
	// empty and lies directly after "=".
	At   source.Span
	Form Form
}
