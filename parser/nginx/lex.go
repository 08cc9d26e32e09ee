package nginx

import "strings"

// maxToken is the size of nginx's buffer in bytes, the limit of a token from its
// start (after an opening quote) to its delimiter, inclusive. It applies to comments
// too (nginx ngx_conf_file.c, NGX_CONF_BUFFER).
const maxToken = 4096

// class classifies the bytes of an unquoted word.
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

// wordEnd returns the end of the unquoted word that contains offset i. A backslash
// escapes the next byte, and a brace after a dollar sign opens no block.
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

// closingQuote returns the offset of the quote that ends the string containing
// offset i, or -1 if there is none.
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

// runsOver reports whether the token from start to end exceeds nginx's buffer:
// the buffer is full before the file ends.
func runsOver(text string, start, end int) bool {
	return end-start >= maxToken && start+maxToken < len(text)
}

// wordRunsOver is runsOver for a word, including a blank after it: nginx releases
// a word only where the next token starts.
func wordRunsOver(text string, start, end int) bool {
	if end < len(text) && class[text[end]] == blank {
		end++
	}
	return runsOver(text, start, end)
}

// quantifier returns the length of the {n}, {n,} or {n,m} at the start of text, or
// 0 if there is none.
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

// lineEnd returns the offset of the line feed at or after i, or the end of the text.
func lineEnd(text string, i int) int {
	if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(text)
}

// lineStart returns the offset of the first byte of the line that contains i.
func lineStart(text string, i int) int {
	return strings.LastIndexByte(text[:i], '\n') + 1
}
