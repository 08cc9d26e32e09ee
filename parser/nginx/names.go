package nginx

import "strings"

// bodyKind is the language inside a pair of braces.
type bodyKind uint8

const (
	directives        bodyKind = iota
	table                      // lines of data, read by a handler of the module
	tableWithIncludes          // the same, but include takes effect
	lua                        // Lua, read by a lexer of the module
)

// blockNames are the directives that are always blocks, with the language of their
// body (nginx 1.22, the command tables of the modules). server is left out: it is a
// block only in a context that holds servers, and a plain directive in an upstream.
var blockNames = map[string]bodyKind{
	"http": directives, "events": directives, "stream": directives, "mail": directives,
	"location": directives, "if": directives, "limit_except": directives, "upstream": directives,
	"map": tableWithIncludes, "geo": tableWithIncludes, "types": tableWithIncludes,
	"split_clients": table, "charset_map": table,
}

var holdsServers = map[string]bool{"http": true, "stream": true, "mail": true}

// kindOf returns the language of the body of the named directive. All Lua blocks
// are named *_by_lua_block.
func kindOf(name string) bodyKind {
	if strings.HasSuffix(name, "_by_lua_block") {
		return lua
	}
	return blockNames[name]
}

// opensBlock reports whether a line that starts with name starts a block.
func opensBlock(name string) bool {
	_, ok := blockNames[name]
	return ok || name == "server"
}

// mayNeedBlock quickly rejects nearly every name that is not in blockNames.
func mayNeedBlock(name string) bool {
	if len(name) == 0 {
		return false
	}
	switch name[0] {
	case 'l', 'i', 'h', 'e', 's', 'm', 'u', 'g', 't', 'c':
		return true
	}
	return false
}
