package servers

import (
	_ "embed"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
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
	Vars     NginxVars
	// Of has all words that the arguments from number OfFrom on may be besides
	// Value, separated by commas; "" for any word. Case does not matter, and a
	// word that ends in = or : is a prefix.
	Of     string
	OfFrom int
	// Range is what the number may be, such as 400-599; "" for any.
	Range string
	// Once is set when a second one in the same block is refused.
	Once bool
	// Since is the version that added it, and Until the one that removed it; ""
	// for one that always existed, or still does.
	Since, Until string
	// Rival is the key of the name that conflicts with this one where Once is set:
	// the same name, except for alias, which conflicts with root.
	Rival NginxKey

	insides []nginxInside
}

// NginxValue is what the first argument of a directive must be; 0 for anything.
type NginxValue uint8

// The kinds of values.
const (
	NginxFlag    NginxValue = iota + 1 // on or off
	NginxSize                          // bytes, with k or m
	NginxOffset                        // bytes, with k, m or g
	NginxTime                          // with units, or seconds
	NginxSeconds                       // the same without milliseconds
	NginxNumber                        // decimal
	NginxBuffers                       // two arguments: a number and a size
)

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

var nginxVars = map[string]NginxVars{"vars": NginxAllVars, "vars1": NginxFirstVars, "vars2": NginxRestVars}

// Takes reports whether the argument i of d may be a word, counted from 0.
func (d *NginxDirective) Takes(i int, word string) bool {
	if d.Of == "" || i < d.OfFrom {
		return true
	}
	for one := range strings.SplitSeq(d.Of, ",") {
		if last := one[len(one)-1]; (last == '=' || last == ':') && len(word) >= len(one) && strings.EqualFold(word[:len(one)], one) || strings.EqualFold(one, word) {
			return true
		}
	}
	return false
}

// InRange reports whether d takes a number.
func (d *NginxDirective) InRange(n int64) bool {
	low, high, ok := strings.Cut(d.Range, "-")
	from, _ := strconv.ParseInt(low, 10, 64)
	to, _ := strconv.ParseInt(high, 10, 64)
	return !ok || from <= n && n <= to
}

var nginxValues = map[string]NginxValue{"flag": NginxFlag, "size": NginxSize, "offset": NginxOffset, "time": NginxTime, "sec": NginxSeconds, "number": NginxNumber, "buffers": NginxBuffers}

// nginxInside is the context inside a block, in some of the contexts around.
type nginxInside struct{ around, inside NginxContext }

// nginxInsides are the contexts of blocks, by name.
var nginxInsides = map[string][]nginxInside{
	"events":        {{NginxMain, NginxEvents}},
	"http":          {{NginxMain, NginxHTTP}},
	"stream":        {{NginxMain, NginxStream}},
	"mail":          {{NginxMain, NginxMail}},
	"server":        {{NginxHTTP, NginxServer}, {NginxStream, NginxStreamServer}, {NginxMail, NginxMailServer}},
	"upstream":      {{NginxHTTP, NginxUpstream}, {NginxStream, NginxStreamUpstream}},
	"location":      {{NginxServer | NginxLocation, NginxLocation}},
	"if":            {{NginxServer, NginxIfInServer}, {NginxLocation, NginxIfInLocation}},
	"limit_except":  {{NginxLocation, NginxLimitExcept}},
	"map":           {{NginxAnywhere, NginxTable}},
	"geo":           {{NginxAnywhere, NginxTable}},
	"types":         {{NginxAnywhere, NginxTable}},
	"split_clients": {{NginxAnywhere, NginxTable}},
	"charset_map":   {{NginxAnywhere, NginxTable}},
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

// nginxName is a name of the table with its lines, which are parsed on first
// use: a run on one site uses forty names of seven hundred.
type nginxName struct {
	name, lines string
	rival       NginxKey
	defines     bool // gives a value to a variable
	once        sync.Once
	rows        []NginxDirective
}

// nginxTable is the table. The lines of one name are adjacent.
type nginxTable struct {
	keys  map[string]NginxKey
	names []nginxName // by key
}

var nginx = sync.OnceValue(func() *nginxTable {
	names := make([]nginxName, 1, strings.Count(nginxText, "\n"))
	table := &nginxTable{keys: make(map[string]NginxKey, cap(names))}
	at := 0
	for line := range strings.Lines(nginxText) {
		if name, _, _ := strings.Cut(line, " "); name != names[len(names)-1].name && name != "#" {
			key := NginxKey(len(names))
			names = append(names, nginxName{name: name, lines: nginxText[at:], rival: key})
			table.keys[name] = key
		}
		at += len(line)
	}
	// A location takes root or alias (nginx ngx_http_core_root).
	names[table.keys["alias"]].rival = table.keys["root"]
	for _, name := range definers {
		names[table.keys[name]].defines = true
	}
	table.names = names
	return table
})

// parse reads the lines of a name.
func (n *nginxName) parse() {
	for line := range strings.Lines(n.lines) {
		d := nginxRow(strings.TrimSuffix(line, "\n"))
		if d.Name != n.name {
			break
		}
		d.Rival = n.rival
		n.rows = append(n.rows, d)
	}
}

func nginxRow(line string) NginxDirective {
	name, line, _ := strings.Cut(line, " ")
	_, line, _ = strings.Cut(line, " ") // the module
	contexts, line, _ := strings.Cut(line, " ")
	arguments, line, _ := strings.Cut(line, " ")
	d := NginxDirective{Name: name, Min: int(arguments[0] - '0'), Max: math.MaxInt, insides: nginxInsides[name]}
	for i := range len(contexts) {
		if bit := strings.IndexByte(nginxContexts, contexts[i]); bit >= 0 {
			d.Contexts |= 1 << bit
		} else {
			d.Contexts = NginxAnywhere | NginxTable
		}
	}
	if last := arguments[len(arguments)-1]; last != '+' {
		d.Max = int(last - '0')
	}
	for line != "" {
		var mark string
		mark, line, _ = strings.Cut(line, " ")
		d.Block, d.Once = d.Block || mark == "block", d.Once || mark == "once"
		d.Value, d.Vars = max(d.Value, nginxValues[mark]), max(d.Vars, nginxVars[mark])
		if key, value, ok := strings.Cut(mark, "="); ok {
			switch key {
			case "of":
				d.Of = value
			case "of2", "of3":
				d.Of, d.OfFrom = value, int(key[2]-'1')
			case "range":
				d.Range = value
			case "since":
				d.Since = value
			case "until":
				d.Until = value
			}
		}
	}
	return d
}

// In reports whether a version of nginx may have d: 1.25 means any 1.25.x, and "" any
// version.
func (d *NginxDirective) In(version string) bool {
	return version == "" || !Older(version, d.Since) && (d.Until == "" || Older(version, d.Until) || strings.HasPrefix(d.Until, version+"."))
}

// NginxKeyCount returns how many keys there are, 0 included.
func NginxKeyCount() int { return len(nginx().names) }

// NginxKeyOf returns the key of a name; 0 for one that is not nginx's own.
func NginxKeyOf(name string) NginxKey { return nginx().keys[name] }

// Name returns the name of k; "" for 0.
func (k NginxKey) Name() string { return nginx().names[k].name }

// Directives returns the rows of the table for a key; none for 0.
func (k NginxKey) Directives() []NginxDirective {
	n := &nginx().names[k]
	n.once.Do(n.parse)
	return n.rows
}

// thirdParty are directives of well known third-party modules that are similar
// to one of nginx.
var thirdParty = []string{"rtmp", "subs_filter", "subs_filter_types", "http3_push", "http3_max_concurrent_pushes", "echo", "zstd", "js_set", "match", "queue", "state"}

// NginxModuleOfOthers reports whether a name is a directive of a third-party
// module, although it looks like a typo.
func NginxModuleOfOthers(name string) bool { return slices.Contains(thirdParty, name) }

// NginxNames returns the names of all directives of nginx, in no order.
func NginxNames() iter.Seq[string] { return maps.Keys(nginx().keys) }

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

// definers are the directives of nginx that give a value to a variable.
var definers = []string{"set", "map", "geo", "split_clients", "auth_request_set", "perl_set"}

// UsesVariables reports whether a directive of nginx only uses the variables in
// its arguments. Directives of other modules may define them.
func (k NginxKey) UsesVariables() bool {
	return k != 0 && !nginx().names[k].defines
}
