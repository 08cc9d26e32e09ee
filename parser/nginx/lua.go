package nginx

import "strings"

// luaBody reads the Lua code that starts at p.pos up to the brace that closes the
// block of the newest directive.
func (p *parser) luaBody() {
	e := len(p.entries) - 1
	b := &p.blocks[p.entries[e].block]
	end := luaEnd(p.text, p.pos)
	if end < 0 {
		end = p.luaUnclosed(e)
	}
	if end < 0 {
		b.close = ^int32(len(p.text))
		p.pos = len(p.text)
		return
	}
	b.close = int32(end)
	p.pos = end + 1
}

// luaEnd returns the offset of the brace that closes the Lua block containing offset
// i, or -1. Braces in strings, long brackets and comments are ignored (Lua 5.1
// manual, section 2.1; the lexer of ngx_http_lua_module).
func luaEnd(text string, i int) int {
	depth := 0
	for i < len(text) {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return i
			}
			depth--
		case '"', '\'':
			i = luaString(text, i)
			continue
		case '-':
			if strings.HasPrefix(text[i:], "--") {
				i = luaComment(text, i+2)
				continue
			}
		case '[':
			if end, long := luaLong(text, i); long {
				i = end
				continue
			}
		}
		i++
	}
	return -1
}

// luaString returns the end of the string that opens at text[i]: after its closing
// quote, or at the first line end that is not escaped.
func luaString(text string, i int) int {
	quote := text[i]
	for i++; i < len(text); i++ {
		switch c := text[i]; {
		case c == quote:
			return i + 1
		case c == '\n':
			return i
		case c != '\\' || i+1 == len(text):
		case text[i+1] == 'z': // skips the white space after it, including line ends
			for i++; i+1 < len(text) && strings.IndexByte(" \t\n\r\v\f", text[i+1]) >= 0; {
				i++
			}
		case strings.HasPrefix(text[i+1:], "\r\n"):
			i += 2
		default:
			i++
		}
	}
	return len(text)
}

// luaComment returns the end of the comment whose dashes end at i.
func luaComment(text string, i int) int {
	if end, long := luaLong(text, i); long {
		return end
	}
	return lineEnd(text, i)
}

// luaLong returns the end of the long bracket [[ or [=*[ that opens at text[i];
// long is false if none opens there.
func luaLong(text string, i int) (end int, long bool) {
	if i >= len(text) || text[i] != '[' {
		return 0, false
	}
	level := i + 1
	for level < len(text) && text[level] == '=' {
		level++
	}
	if level == len(text) || text[level] != '[' {
		return 0, false
	}
	closing := "]" + text[i+1:level] + "]"
	if n := strings.Index(text[level+1:], closing); n >= 0 {
		return level + 1 + n + len(closing), true
	}
	return len(text), true
}

// luaUnclosed reports that the Lua block of entry e is not closed, and guesses its
// end: the first later line that starts with a brace at or left of the directive's
// column. It guesses once per file; otherwise a hostile file would be reread each time.
func (p *parser) luaUnclosed(e int) int {
	p.unclosedBlock(int32(e))
	p.quietTo = len(p.text) + 1
	if p.luaLost {
		return -1
	}
	p.luaLost = true
	name := int(p.words[p.entries[e].word].start)
	indent := p.text[lineStart(p.text, name):name]
	if n := strings.Index(p.text[p.pos:], "\n"+indent+"}"); n >= 0 {
		return p.pos + n + 1 + len(indent)
	}
	return -1
}
