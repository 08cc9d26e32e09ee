package nginx

import "strings"

// maxToken is how many bytes nginx looks at, from the start of a token (behind
// its quote) up to and including the sign that ends it, before it gives up: its
// buffer (nginx ngx_conf_file.c, NGX_CONF_BUFFER). Comments are no exception.
const maxToken = 4096

// class sorts the bytes by what they do inside an unquoted word.
var class = [256]byte{
	' ': blank, '\t': blank, '\r': blank, '\n': blank,
	';': sign, '{': sign, '\\': backslash, '$': dollar,
}

const (
	plain byte = iota
	blank
	sign
	backslash
	dollar
)

// wordEnd returns where the unquoted word that has a byte at i ends. A
// backslash protects the next byte, and no brace opens a block behind a dollar
// sign.
func wordEnd(text string, i int) int {
	for i < len(text) {
		switch class[text[i]] {
		case plain:
			i++
		case blank, sign:
			return i
		case backslash:
			i += 2
		case dollar:
			for i++; i < len(text) && text[i] == '{'; {
				i++
			}
		}
	}
	return len(text)
}

// closingQuote returns the offset of the quote that ends the string that has a
// byte at i, and -1 when there is none.
func closingQuote(text string, i int, quote byte) int {
	for i < len(text) {
		switch text[i] {
		case quote:
			return i
		case '\\':
			i += 2
		default:
			i++
		}
	}
	return -1
}

// runsOver reports whether nginx gives up on a token that starts at start and
// ends at end: whether its buffer is full and the file goes on.
func runsOver(text string, start, end int) bool {
	return end-start >= maxToken && start+maxToken < len(text)
}

// wordRunsOver is runsOver for a word. A blank behind it counts too: nginx
// forgets a word only where the next token starts.
func wordRunsOver(text string, start, end int) bool {
	if end < len(text) && class[text[end]] == blank {
		end++
	}
	return runsOver(text, start, end)
}

// quantifier returns the length of the {n}, {n,} or {n,m} that text starts
// with, and 0 when it starts with none.
func quantifier(text string) int {
	if text == "" || text[0] != '{' {
		return 0
	}
	i := 1
	for i < len(text) && ('0' <= text[i] && text[i] <= '9' || text[i] == ',' && i > 1) {
		i++
	}
	if i == 1 || i == len(text) || text[i] != '}' {
		return 0
	}
	return i + 1
}

// lineEnd returns the offset of the line feed at or behind i, or the end of
// the text.
func lineEnd(text string, i int) int {
	if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(text)
}

// lineStart returns the offset of the first byte of the line that i is in.
func lineStart(text string, i int) int {
	return strings.LastIndexByte(text[:i], '\n') + 1
}
