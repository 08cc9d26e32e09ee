package servers

import (
	_ "embed"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// The directives of nginx, one a line: name, module, contexts, numbers of
// arguments, and marks. They are the command tables of the modules in nginx's
// source tree (1.31, and what 1.22 still has); which ones nginx refuses twice
// in a block was measured on nginx 1.22.1. nginx_directives.txt explains the
// columns.
//
//go:embed nginx_directives.txt
var nginxText string

// NginxContext is a kind of block in an nginx file, one bit each.
type NginxContext uint16

// The contexts.
const (
	NginxMain NginxContext = 1 << iota
	NginxEvents
	NginxHTTP
	NginxServer
	NginxLocation
	NginxIfInServer
	NginxIfInLocation
	NginxLimitExcept
	NginxUpstream
	NginxStream
	NginxStreamServer
	NginxStreamUpstream
	NginxMail
	NginxMailServer
	// NginxTable is the body of a map, geo, types and the like.
	NginxTable
	// NginxAnywhere is every context that holds directives.
	NginxAnywhere = NginxTable - 1
)

// nginxContexts are the letters of the contexts, in the order of the bits.
const nginxContexts = "mehslIiLuSTUMN"

// nginxBlocks are the blocks of the contexts, in the order of the bits.
var nginxBlocks = [...]string{
	"the top level", "events {}", "http {}", "server {}", "location {}", "if {}", "if {}", "limit_except {}",
	"upstream {}", "stream {}", "server {}", "upstream {}", "mail {}", "server {}",
}

// Parts returns the parts of nginx that c is in, of http, stream and mail.
func (c NginxContext) Parts() (parts []string) {
	if c&(NginxServer|NginxLocation|NginxUpstream) != 0 {
		parts = append(parts, "http")
	}
	if c&(NginxStreamServer|NginxStreamUpstream) != 0 {
		parts = append(parts, "stream")
	}
	if c&NginxMailServer != 0 {
		parts = append(parts, "mail")
	}
	return parts
}

// Same reports whether another part of nginx has a block of the name of the context c.
func (c NginxContext) Same() bool {
	return c&(NginxServer|NginxUpstream|NginxStreamServer|NginxStreamUpstream|NginxMailServer) != 0
}

// String returns the block of one context, such as "http {}".
func (c NginxContext) String() string {
	for i, block := range nginxBlocks {
		if c == 1<<i {
			return block
		}
	}
	return "this block"
}

// Each returns the contexts that c is made of.
func (c NginxContext) Each() (list []NginxContext) {
	for bit := NginxMain; bit < NginxTable; bit <<= 1 {
		if c&bit != 0 {
			list = append(list, bit)
		}
	}
	return list
}

// NginxDirective is one row of the table: a directive of one module. Several
// modules may have one of the same name, for different contexts.
type NginxDirective struct {
	Name     string
	Contexts NginxContext
	Min, Max int // how many arguments it takes
	Block    bool
	Value    NginxValue // of the first argument
	Second   NginxValue // of the second
	Vars     NginxVars
	// VarsSince is the version that takes variables instead of a value of the kind
	// Value; "" if all do.
	VarsSince string
	// Words are all words that the arguments from number OfFrom on may be besides
	// Value; none for any word.
	Words  []NginxWord
	OfFrom int
	// Exact is set when the words are compared with their case.
	Exact bool
	// Loose is set when other builds of nginx have words besides.
	Loose bool
	// Needs is the word that one of the arguments must begin with, such as zone=;
	// "" for none.
	Needs string
	// Elsewhere is set when only systems other than Linux have the directive.
	Elsewhere bool
	// Range and SecondRange are what the numbers of the first two arguments may be.
	Range, SecondRange NginxRange
	// Once is set when a second one in the same block is refused.
	Once bool
	// Named is set when it has a name that no other of its kind may have, in all of http or
	// stream or, for a limit, in its block.
	Named bool
	// Alone is the word for which another one in the same block is refused, before or after it;
	// "" for none.
	Alone string
	// Fills are the keys of names that conflict with this one when they come after it in its
	// block: it gives each a value that is not set.
	Fills []NginxKey
	// Since is the version that added it, and Until the one that removed it; ""
	// for one that always existed, or still does.
	Since, Until string
	// Rival is the key of the name that conflicts with this one where Once is set:
	// the same name, except for alias, which conflicts with root.
	Rival NginxKey

	insides []nginxInside
}

// NginxVars tells in which arguments of a directive nginx looks for variables
// at startup, where it refuses undefined ones.
type NginxVars uint8

// Where variables are looked for.
const (
	NginxNoVars NginxVars = iota
	NginxAllVars
	NginxFirstVars
	NginxRestVars // all but the first
)

// In reports whether nginx looks for variables in argument i, counted from 0.
func (v NginxVars) In(i int) bool {
	return v == NginxAllVars || v == NginxFirstVars && i == 0 || v == NginxRestVars && i > 0
}

// nginxInside is the context inside a block, in some of the contexts around.
type nginxInside struct{ around, inside NginxContext }

// nginxInsides returns the contexts inside the block of a name.
func nginxInsides(name string) []nginxInside {
	switch name {
	case "events":
		return []nginxInside{{NginxMain, NginxEvents}}
	case "http":
		return []nginxInside{{NginxMain, NginxHTTP}}
	case "stream":
		return []nginxInside{{NginxMain, NginxStream}}
	case "mail":
		return []nginxInside{{NginxMain, NginxMail}}
	case "server":
		return []nginxInside{{NginxHTTP, NginxServer}, {NginxStream, NginxStreamServer}, {NginxMail, NginxMailServer}}
	case "upstream":
		return []nginxInside{{NginxHTTP, NginxUpstream}, {NginxStream, NginxStreamUpstream}}
	case "location":
		return []nginxInside{{NginxServer | NginxLocation, NginxLocation}}
	case "if":
		return []nginxInside{{NginxServer, NginxIfInServer}, {NginxLocation, NginxIfInLocation}}
	case "limit_except":
		return []nginxInside{{NginxLocation, NginxLimitExcept}}
	case "map", "geo", "types", "split_clients", "charset_map":
		return []nginxInside{{NginxAnywhere, NginxTable}}
	}
	return nil
}

// Inside returns the context inside the block of d in around, or all of them when
// around is several; 0 when nginx has no such block.
func (d *NginxDirective) Inside(around NginxContext) (inside NginxContext) {
	for _, in := range d.insides {
		if in.around&around != 0 {
			inside |= in.inside
		}
	}
	return inside
}

// NginxKey is the number of a name in the table, so that a name is looked up
// only once, when it is read; 0 for a name that is not nginx's own.
type NginxKey uint16

// nginxTable is the table. A run on one site uses forty names of seven hundred, so the rows of
// a name are parsed on first use.
type nginxTable struct {
	index // its numbers are the keys
	rows  []nginxRows
}

// nginxRows are the rows of a name, whose lines are adjacent in the text.
type nginxRows struct {
	at     int32 // the offset of the first line
	parsed atomic.Pointer[[]NginxDirective]
}

var nginx = sync.OnceValue(func() *nginxTable {
	lines := strings.Count(nginxText, "\n")
	table := &nginxTable{newIndex(lines), make([]nginxRows, 1, lines+1)}
	for at := 0; at < len(nginxText); at += strings.IndexByte(nginxText[at:], '\n') + 1 {
		if name, _, _ := strings.Cut(nginxText[at:], " "); name != table.names[len(table.names)-1] && name != "#" {
			table.add(name)
			table.rows = append(table.rows, nginxRows{at: int32(at)})
		}
	}
	return table
})

// parse reads the lines of a name.
func (t *nginxTable) parse(key NginxKey) (rows []NginxDirective) {
	rival := key
	if t.names[key] == "alias" { // a location takes root or alias (nginx ngx_http_core_root)
		rival = NginxKey(*t.find("root"))
	}
	for line := range strings.Lines(nginxText[t.rows[key].at:]) {
		d := nginxRow(strings.TrimSuffix(line, "\n"))
		if d.Name != t.names[key] {
			break
		}
		d.Rival = rival
		rows = append(rows, d)
	}
	return rows
}

// In reports whether a version of nginx may have d: 1.25 means any 1.25.x, and "" any
// version.
func (d *NginxDirective) In(version string) bool {
	return NginxHas(version, d.Since, d.Until)
}

// NginxKeyCount returns how many keys there are, 0 included.
func NginxKeyCount() int { return len(nginx().names) }

// NginxKeyOf returns the key of a name; 0 for one that is not nginx's own.
func NginxKeyOf(name string) NginxKey { return NginxKey(*nginx().find(name)) }

// Name returns the name of k; "" for 0.
func (k NginxKey) Name() string { return nginx().names[k] }

// Directives returns the rows of the table for a key; none for 0.
func (k NginxKey) Directives() []NginxDirective {
	if k == 0 {
		return nil
	}
	table := nginx()
	parsed := &table.rows[k].parsed
	if rows := parsed.Load(); rows != nil {
		return *rows
	}
	rows := table.parse(k)
	parsed.Store(&rows)
	return rows
}

// thirdParty are the directives of up to four letters that known third-party modules and
// forks of nginx have, and longer ones that are similar to one of nginx, by where they come
// from: the command tables of their sources, and the reference of NGINX Plus. Those of
// dynamic modules are in nginx_modules.txt.
var thirdParty = [...]string{
	"api", "f4f", "hls", "mgmt", "ntlm", "match", "queue", "state", // NGINX Plus
	"acme", "goto", "client", "http3_push", "http3_max_concurrent_pushes", // Angie
	"dso", "iwrr", "trim", "count", // Tengine
	"rtmp", "live", "push", "pull", "dash", "meta", "ping", "busy", "exec", "play", "sync", // nginx-rtmp-module
	"tcp", "check", // nginx_tcp_proxy_module
	"wasm", "v8", "ipc", "flag", // ngx_wasm_module
	"json", "xml", "yaml", // nchan
	"cgi", "doh", "eval", "let", "rdns", "srt", "ssl_ct", "sts", "ts", "unzip", "var", "vod", "waf", "webp", // of a module each
}

// NginxModuleOfOthers reports whether a name is a directive of a third-party
// module, although it looks like a typo.
func NginxModuleOfOthers(name string) bool {
	return slices.Contains(thirdParty[:], name) || NginxModuleBrings("", name)
}

// NginxListenOfOthers reports whether a word is a parameter of listen in a fork of nginx:
// Tengine's modules ngx_http_xquic and ngx_http_ssl, and nginx before 1.9.5.
func NginxListenOfOthers(word string) bool {
	switch word {
	case "xquic", "xudp", "https_allow_http", "spdy":
		return true
	}
	return false
}

// NginxNames returns the names of all directives of nginx, in order.
func NginxNames() iter.Seq[string] { return slices.Values(nginx().names[1:]) }

// NginxNameBegins reports whether the name of some directive of nginx begins with text.
func NginxNameBegins(text string) bool {
	names := nginx().names
	i, _ := slices.BinarySearch(names, text)
	return i < len(names) && strings.HasPrefix(names[i], text)
}

// NginxShares reports whether other programs whose files have the form of nginx's know a
// directive of this name (the manuals of BIND, ISC dhcpd, Varnish, UnrealIRCd and others).
func NginxShares(name string) bool {
	switch name {
	case "include", "set", "if", "return", "break", "allow", "deny", "user", "pid", "daemon", "listen", "server", "zone", "key",
		"state", "queue", "types", "type", "hash", "random", "root", "index", "alias", "expires", "protocol", "timeout", "resolver",
		"mail", "stream", "http", "events", "env", "internal", "error_log", "access_log", "use", "gzip", "auth", "mirror", "slice":
		return true
	}
	return false
}

// UsesVariables reports whether a directive of nginx only uses the variables in
// its arguments. Directives of other modules may define them.
func (k NginxKey) UsesVariables() bool {
	switch k.Name() {
	case "", "set", "map", "geo", "split_clients", "auth_request_set", "perl_set":
		return false
	}
	return true
}
