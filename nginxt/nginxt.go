// Package nginxt finds what `nginx -t` refuses in a configuration whose syntax is
// valid, in nginx's words and from the tables of servers: directives, their contexts
// and arguments, and the files that nginx opens for writing at startup.
package nginxt

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/pcre"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// contextOf is the block that directives are in, reduced to what affects nginx.
type contextOf struct {
	context servers.NginxContext
	// noURI is set inside a location that is not a plain prefix.
	noURI bool
}

// visit is a block, or the top level of a file, in a context.
type visit struct {
	block nginx.Directive // zero for the top level
	file  *file
	contextOf
}

// Result is what nginx says about one configuration. The lists are in no order.
type Result struct {
	Refused []Refusal
	Written []WrittenFile
	Sockets []ListeningSocket
	Loaded  []LoadedModule
	// LongNames are the server names, by where they are written, for which a bucket of
	// nginx's hash table is too small. nginx builds that table only for an address that
	// several servers share.
	LongNames map[source.Span]Refusal
	// Cut is the place of the first refusal that is left out, since there are too many; zero
	// if none is left out.
	Cut source.Span
}

// maxRefused limits how many refusals of one configuration are kept. nginx stops at the first.
const maxRefused = 100_000

// inspector judges the directives of one configuration: each file once per context
// in which it is included, not once per include.
type inspector struct {
	config  *parser.Nginx
	defined *Variables
	version string // of nginx; "" if unknown
	main    bool
	linux   bool      // nothing says that nginx runs on another system
	files   []file    // of config
	broken  bool      // one of them is quiet
	lists   [][]*file // see filesOf
	todo    []visit

	latest *file // that of the latest call of state

	Result
	others  bool // a module is loaded
	events  bool // there is an events block
	zones   zones
	pools   pools
	bound   map[blockSocket]nginx.Directive
	unbound []unbound
	workers []nginx.Directive // worker_connections
	formats formats
	naming  map[nginx.Directive]int // the blocks of Named directives; see again
	hashes  map[string]*hash
	hashed  []hashKey
	serves  bool                       // http has a server
	loaded  map[string]nginx.Directive // by the name of the module
	used    int                        // the last block with events, http, stream or mail in it
	tier    tier                       // of the current block
	around  nginx.Directive            // the current block if it is a location

	reported map[report]bool
	pairs    map[[2]nginx.Directive]bool // reported as TwiceInBlock

	few         []uniqueLocation                // the first locations of the current block
	locations   map[locationKey]nginx.Directive // the others
	known       []*known                        // by the key of the name
	block       int                             // the number of the current block
	sound       map[soundText]bool
	expressions map[string]pcre.Pattern // see pattern
	listens     map[string]*listened    // by the address as written; see readListen

	unresolvable func(host string) bool
}

// state returns the state of f.
func (x *inspector) state(f *nginx.File) *file {
	if x.latest == nil || x.latest.File != f {
		x.latest = &x.files[x.config.Index(f)]
	}
	return x.latest
}

// quiet reports whether f has a syntax error.
func (x *inspector) quiet(f *nginx.File) bool { return x.state(f).quiet }

// report identifies a finding: a file included in two contexts is reported once.
type report struct {
	at    source.Span
	fault Fault
}

func (x *inspector) add(bad Refusal) {
	key := report{bad.At, bad.Fault}
	switch {
	case x.reported[key]:
		return
	case len(x.Refused) == maxRefused:
		x.Cut = cmp.Or(x.Cut, bad.At)
		return
	}
	x.reported[key] = true
	x.Refused = append(x.Refused, bad)
}

// Check judges one configuration, or the fragments of one. version is that of the
// nginx in use, "" if unknown. unresolvable reports whether a host name certainly has no address.
func Check(config *parser.Nginx, variables *Variables, version string, unresolvable func(host string) bool) Result {
	x := &inspector{
		config: config, defined: variables, version: version, main: config.Main != nil, linux: onLinux(config), files: make([]file, len(config.Files)),
		known:    make([]*known, servers.NginxKeyCount()),
		lists:    make([][]*file, len(config.Lists)),
		reported: map[report]bool{}, locations: map[locationKey]nginx.Directive{}, expressions: map[string]pcre.Pattern{}, listens: map[string]*listened{},
		pairs:        map[[2]nginx.Directive]bool{},
		sound:        map[soundText]bool{},
		unresolvable: unresolvable,
	}
	contexts := make([]contextOf, len(config.Files))
	for i, f := range config.Files {
		quiet, rendered := false, false
		for _, p := range f.Problems {
			quiet = quiet || p.Kind == source.Syntax || p.Kind == source.Limit
			rendered = rendered || p.Kind == source.Template
		}
		x.files[i] = file{File: f, includes: config.Includes[i], quiet: quiet, judged: contexts[i : i : i+1]}
		x.broken = x.broken || quiet || rendered
	}
	if x.main {
		x.visitFile(x.state(config.Main), contextOf{context: servers.NginxMain})
	}
	for _, f := range config.Fragments {
		x.visitFile(x.state(f), contextOf{context: contextsOf(f)})
	}
	for len(x.todo) > 0 {
		v := x.todo[len(x.todo)-1]
		x.todo = x.todo[:len(x.todo)-1]
		x.level(v)
	}
	x.zones.judge(x)
	x.pools.judge(x)
	x.formats.judge(x)
	sockets := x.sockets()
	x.judgeConnections(sockets)
	x.judgeUnbound(sockets)
	x.judgeHashes()
	if !x.others {
		x.guess()
	}
	if x.main && !x.events && path.Base(config.Main.Source.Name) == "nginx.conf" && x.allRead() {
		x.add(Refusal{At: config.Main.Source.Span(0, 0), Fault: RefusedArgument, Name: "events", Message: "nginx wants an events block, and there is none", Says: `no "events" section in configuration`})
	}
	return x.Result
}

// allRead reports whether all files were read completely.
func (x *inspector) allRead() bool {
	for _, f := range x.config.Files {
		if len(f.Problems) > 0 {
			return false
		}
	}
	return true
}

// visitFile visits the top level of f once per context.
func (x *inspector) visitFile(f *file, in contextOf) {
	if !slices.Contains(f.judged, in) {
		f.judged = append(f.judged, in)
		x.todo = append(x.todo, visit{file: f, contextOf: in})
	}
}

// level judges the directives directly in a block or at the top level of a file.
func (x *inspector) level(v visit) {
	x.block++
	x.latest = v.file
	x.tier, x.around = tierOf(v.context), nginx.Directive{}
	if v.block.Name() == "location" {
		x.around = v.block
	}
	x.few = x.few[:0]
	if len(x.locations) > 0 {
		clear(x.locations)
	}
	if v.block.IsZero() {
		for d := range v.file.Directives() {
			x.directive(d, v)
		}
	}
	for d := range v.block.Children() {
		x.directive(d, v)
	}
}

// directive judges one directive of the current block or file.
func (x *inspector) directive(d nginx.Directive, v visit) {
	known := x.knownOf(d.Key())
	name := known.name
	if name == "include" && d.IsInclude() {
		x.include(d, v)
		return
	}
	if v.context == servers.NginxTable || d.Data() {
		return
	}
	if name == "" {
		x.unknown(d, d.Name())
		return
	}
	if len(known.rows) == 0 {
		x.lacking(d)
		return
	}
	if known.rows[0].Elsewhere && x.linux {
		x.refuse(d, d.NameWord().Span(), fmt.Sprintf("nginx on Linux has no directive %s", name), fmt.Sprintf("unknown directive \"%s\"", name))
		return
	}
	x.events = x.events || name == "events"
	row, ok := x.judge(d, known.rows, v)
	if !ok {
		return
	}
	if x.main {
		x.occurs(d, row)
	}
	if row.Block {
		x.enter(d, v, row)
	} else {
		x.settle(d, row, known, v)
	}
}

// settle judges the arguments of a directive. In a fragment that may be for http, stream or
// mail, nginx refuses them for certain only if none of these accepts them.
func (x *inspector) settle(d nginx.Directive, row *servers.NginxDirective, known *known, v visit) {
	before := len(x.Refused)
	x.values(d, row, known.check, v)
	if x.main || len(x.Refused) == before {
		return
	}
	for i := range known.rows {
		other, n := &known.rows[i], d.NumArgs()
		in := other.Contexts & v.context
		if other == row || in == 0 || other.Block || n < other.Min || n > other.Max {
			continue
		}
		found := slices.Clone(x.Refused[before:])
		x.forget(before)
		v.context = in
		if x.values(d, other, known.check, v); len(x.Refused) == before {
			return
		}
		x.forget(before)
		x.Refused = append(x.Refused, found...)
	}
	for _, bad := range x.Refused[before:] {
		x.reported[report{bad.At, bad.Fault}] = true
	}
}

// forget takes back the refusals after the first n.
func (x *inspector) forget(n int) {
	for _, bad := range x.Refused[n:] {
		delete(x.reported, report{bad.At, bad.Fault})
	}
	x.Refused = x.Refused[:n]
}

// enter visits the body of a block.
func (x *inspector) enter(d nginx.Directive, v visit, row *servers.NginxDirective) {
	inside := row.Inside(v.context)
	if v.context == servers.NginxMain {
		x.used = x.block
	}
	if inside == servers.NginxTable {
		x.table(d, v)
	}
	if inside == 0 || inside == servers.NginxTable {
		return
	}
	x.serves = x.serves || inside&servers.NginxServer != 0
	noURI := row.Name == "if" || row.Name == "limit_except"
	if row.Name == "location" {
		modifier := x.location(d)
		noURI = modifier == "~" || modifier == "~*" || modifier == "@"
	}
	switch row.Name {
	case "if":
		x.condition(d)
	case "limit_except":
		x.words(d, row)
	}
	x.whole(d, inside)
	x.todo = append(x.todo, visit{block: d, file: v.file, contextOf: contextOf{inside, noURI}})
}

// manyWords reports whether a template may put another number of arguments, which row
// allows, in the place of one. A bare name in capitals represents more, never fewer;
// the first argument of fastcgi_param is such a name by itself.
func (x *inspector) manyWords(d nginx.Directive, row *servers.NginxDirective) bool {
	for _, w := range d.Args() {
		text := w.String()
		if !x.stays(text) || d.NumArgs() < row.Min && source.Stub(text) && !strings.HasSuffix(d.Name(), "_param") {
			return true
		}
	}
	return false
}

// judge decides whether nginx accepts a directive that it knows, as ngx_conf_handler
// does (nginx ngx_conf_file.c), and returns the row that applies.
func (x *inspector) judge(d nginx.Directive, rows []servers.NginxDirective, v visit) (*servers.NginxDirective, bool) {
	var row, fits *servers.NginxDirective // the rows that allow this context, and these arguments
	var where servers.NginxContext
	n, block := d.NumArgs(), d.HasBlock()
	for i := range rows {
		one := &rows[i]
		where |= one.Contexts
		if one.Contexts&v.context == 0 {
			continue
		}
		if row == nil || one.Block == block {
			row = one
		}
		if fits == nil && one.Block == block && one.Min <= n && n <= one.Max {
			fits = one
		}
	}
	if fits != nil || x.quiet(d.File()) || row != nil && row.Block == d.HasBlock() && x.manyWords(d, row) {
		return fits, fits != nil
	}
	bad := Refusal{At: d.Span(), Name: rows[0].Name}
	switch {
	case row == nil:
		bad.Fault, bad.Around, bad.Where, bad.At = MisplacedDirective, v.context, where, d.NameWord().Span()
		x.placedLater(&bad, d)
	case row.Block && !d.HasBlock():
		bad.Fault = BodyMissing
	case !row.Block && d.HasBlock():
		bad.Fault = BodyNotAllowed
	default:
		bad.Fault = WrongArguments
	}
	x.add(bad)
	return nil, false
}

// placedLater adds to a misplaced directive in which version of nginx its place is valid.
func (x *inspector) placedLater(bad *Refusal, d nginx.Directive) {
	for _, row := range d.Key().Directives() {
		if row.Contexts&bad.Around != 0 && !row.In(x.version) {
			bad.Version, bad.Since, bad.Until = x.version, row.Since, row.Until
			return
		}
	}
}
