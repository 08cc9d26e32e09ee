package bundle

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/source"
)

// What PHP itself says in an error (php-src Zend and main): the words at its start. Anything else
// may be a text of a script, and is masked.
var ofPHP = []string{
	"Allowed memory size of ", "Out of memory (", "Maximum execution time of ", "Maximum call stack size ", "Call to ", "Cannot ", "Class ", "Interface ", "Trait ", "syntax error, ",
	"Undefined ", "Failed opening ", "Failed to open stream: ", "PHP Request Startup: ", "Unsupported operand types", "Declaration of ", "Access level ", "Too few arguments", "Unable to load dynamic library", "Uncaught ",
}

var (
	levelOf  = lazyregexp.New(`^(?:(?:NOTICE|ERROR|WARNING): )?(?:PHP message: )?(?:PHP (?:Fatal error|Parse error|Warning|Notice|Deprecated|Recoverable fatal error|Core error|Startup): +)?`)
	placeOf  = lazyregexp.New(` in (/[^\s"':]+)(?: on line |:)(\d+)`)
	uncaught = lazyregexp.New(`^Uncaught ([A-Za-z_\\]{1,80}): `)
	unopened = lazyregexp.New(`(?:^|; )Unable to open primary script: /[^\s"']+ \([A-Z][a-z ]{3,40}\)$`)
	known    = lazyregexp.New(`^(?:Primary script unknown|Unable to open primary script|Access to the script '[^']*' has been denied|Connection disallowed: IP address '|Wrong IP address '|There are no allowed addresses|zend_mm_heap corrupted$|\*\*\* Error in |double free or corruption|(?:free|malloc|realloc|munmap_chunk)\(\): [a-z ]+$)`)
)

// script masks what a script wrote to standard error: a message of PHP keeps its kind, its place,
// and its words without what they quote.
func (m *masker) script(text string) string {
	if at := unopened.FindStringIndex(text); at != nil && at[0] > 0 {
		return m.script(text[:at[0]]) + m.chosen(text[at[0]:])
	}
	level := levelOf.FindString(text)
	rest := text[len(level):]
	if known.MatchString(rest) {
		return level + m.chosen(rest)
	}
	at := ""
	if p := placeOf.FindStringSubmatchIndex(rest); p != nil {
		at = " in " + m.chosen(rest[p[2]:p[3]]) + " on line " + rest[p[4]:p[5]]
		rest = rest[:p[0]]
	}
	thrown := uncaught.FindString(rest)
	message := rest[len(thrown):]
	if i := strings.Index(message, "Stack trace:"); i >= 0 {
		message = message[:i]
	}
	if !strings.HasSuffix(strings.TrimSpace(level), ":") || !strings.Contains(level, "PHP ") || !isOfPHP(message) {
		return level + thrown + source.Mask + at
	}
	return level + thrown + m.chosen(unquoted(message, at != "")) + at
}

// unquoted masks what a message of PHP quotes, from the first mark to the last: what is quoted may
// have such marks too. whole is set if the end of the message is known, so that the last mark is
// that of PHP; without it anything after the first may be quoted.
func unquoted(message string, whole bool) string {
	from := strings.IndexAny(message, `'"`)
	if from < 0 {
		return message
	}
	mark := message[from : from+1]
	rest := message[strings.LastIndex(message, mark):]
	if !whole || strings.ContainsAny(rest[1:], `'"`) {
		rest = "" // a mark at the end would be taken for that of the line
	}
	return message[:from+1] + source.Mask + rest
}

func isOfPHP(message string) bool {
	for _, words := range ofPHP {
		if strings.HasPrefix(message, words) {
			return true
		}
	}
	return false
}
