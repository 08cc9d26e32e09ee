package ini

// tokenKind is a token of the Zend INI grammar. A one-character token has that
// character as its kind.
type tokenKind uint8

const (
	tEnd tokenKind = iota
	tSection
	tRaw // single quotes
	tConstant
	tNumber
	tString
	tWhitespace
	tLabel
	tOffset
	tDollarCurly
	tVarname
	tQuoted // a part of a text in double quotes
	tTrue
	tFalse
	tNull
	tEOL
)

// tokenNames are the names that PHP's messages use (zend_ini_parser.y).
var tokenNames = [...]string{
	tEnd:         "end of file",
	tSection:     "TC_SECTION",
	tRaw:         "TC_RAW",
	tConstant:    "TC_CONSTANT",
	tNumber:      "TC_NUMBER",
	tString:      "TC_STRING",
	tWhitespace:  "TC_WHITESPACE",
	tLabel:       "TC_LABEL",
	tOffset:      "TC_OFFSET",
	tDollarCurly: "TC_DOLLAR_CURLY",
	tVarname:     "TC_VARNAME",
	tQuoted:      "TC_QUOTED_STRING",
	tTrue:        "BOOL_TRUE",
	tFalse:       "BOOL_FALSE",
	tNull:        "NULL_NULL",
	tEOL:         "END_OF_LINE",
}

func (k tokenKind) String() string {
	if int(k) < len(tokenNames) {
		return tokenNames[k]
	}
	return "'" + string(rune(k)) + "'"
}

// token is one token and its place. from and to are offsets into the file's text,
// without quotes and without surrounding blanks where the scanner drops them.
type token struct {
	kind     tokenKind
	from, to int
}

// class is a set of bits: what a byte may be part of.
type class uint8

const (
	label   class = 1 << iota // a name, or the inside of ${…}
	value                     // an unquoted value; for "$" the next characters decide
	section                   // the inside of […]; the same for "$" and "\"
	word                      // a constant: letters, digits, _
	digit
	blank
	sign      // the first character of a template mark
	plainName // letters, digits, _ and .
)

var classes = makeClasses()

func makeClasses() (t [256]class) {
	set := func(c class, except string) {
		for i := range t {
			t[i] |= c
		}
		for _, b := range []byte(except) {
			t[b] &^= c
		}
	}
	set(label, "=\n\r\t;&|^$~(){}!\"[")
	set(value, "$= \t\n\r;&|^~()!\"'\x00")
	set(section, "$\n\r;\"']\\")
	for b := '0'; b <= '9'; b++ {
		t[b] |= word | digit | plainName
	}
	for b := 'a'; b <= 'z'; b++ {
		t[b] |= word | plainName
		t[b-'a'+'A'] |= word | plainName
	}
	t['_'] |= word | plainName
	t['.'] |= plainName
	for _, b := range []byte("{<@_%[(#!~$") {
		t[b] |= sign
	}
	t[' '] |= blank
	t['\t'] |= blank
	return t
}
