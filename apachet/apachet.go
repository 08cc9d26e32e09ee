// Package apachet determines what Apache httpd refuses to start with, in its own words: what
// apache2 -t reports, and what only a start does. Apache stops at the first mistake, in the
// order of reading, and names one line.
//
// It follows httpd: first all is read (server/config.c, ap_build_config), which is when
// includes, LoadModule and Define act; then there must be one MPM (server/mpm_common.c,
// ap_check_mpm) that suits the modules; and then the directives are processed in order
// (ap_walk_config). What is not known for certain is not refused: without a main file, or
// with an include that was not read, other modules may be loaded.
package apachet

import (
	"slices"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/expression"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// Fault is why Apache refuses a configuration.
type Fault uint8

// The faults, each of one rule.
const (
	// Syntax: sections, quotes, continuation lines, macros.
	Syntax Fault = iota + 1
	// Include leads to no file.
	Include
	// Unknown: no loaded module knows the directive.
	Unknown
	// Module: one cannot be loaded: its file, its order, another MPM, a missing one.
	Module
	// Directive: the context, the number of arguments or a value.
	Directive
	// File: a file, directory, account or program that does not exist.
	File
	// Listen: two lines claim one address, there is none, or the machine does not have it.
	Listen
	// Socket: the path of a worker's socket is too long.
	Socket
)

// Refusal is why Apache does not start.
type Refusal struct {
	Fault Fault
	// At is what a person must edit.
	At source.Span
	// Line is where Apache says that the mistake is, if elsewhere; zero otherwise.
	Line source.Span
	// Message says what is wrong, worded as a finding.
	Message string
	// Log is Apache's own line, without the place. It may lack the end, which is the
	// description of a directive.
	Log string
	// Placed is how the log names the place.
	Placed Placed
	// Start is set if apache2 -t passes, and the start does not.
	Start bool
	// Module is the module that is missing; "" for none.
	Module string
	Notes  []source.Note

	atOnce bool // Apache ends where it meets the fault, and names no place
}

// checker judges one configuration.
type checker struct {
	c       *apache.Config
	facts   *host.Facts
	modules modules
	names   expression.Names
	kinds   map[bool]map[string]*kind // by name; true for sections
	// patterns are why regular expressions are not valid, "" for those that are: many sites have
	// the same ones.
	patterns map[string]string
	late     map[source.Span]apache.Problem
	methods  map[string]int
	lastIf   map[*apache.Directive]string
	// serverRoot is the result of root, if it is rooted, and lackings are those of noDirectory.
	serverRoot string
	rooted     bool
	lackings   map[string]bool
	last       *apache.Directive // the one before, once processed
	aliases    bool              // <AuthzProviderAlias> may add words of Require
	record
}

// newChecker returns a checker of what is in c, or in a .htaccess file below it.
func newChecker(c *apache.Config, f *host.Facts, problems []apache.Problem) *checker {
	x := &checker{
		c: c, facts: f, modules: loadedBy(c, f), kinds: map[bool]map[string]*kind{false: {}, true: {}}, patterns: map[string]string{},
		late: map[source.Span]apache.Problem{}, lastIf: map[*apache.Directive]string{}, lackings: map[string]bool{},
	}
	for _, p := range problems {
		if p.Late {
			x.late[p.At] = p
		}
	}
	x.names = x.modules.names()
	x.aliases = slices.ContainsFunc(c.Directives, func(d *apache.Directive) bool { return d.Name == "authzprovideralias" })
	return x
}

// Check returns why Apache refuses c: what it reports first. It returns nil if nothing is
// known that it refuses.
func Check(c *apache.Config, f *host.Facts) *Refusal {
	x := newChecker(c, f, c.Problems)
	if r := x.reading(); r != nil {
		r.Placed = Before
		return r
	}
	if r := x.processes(); r != nil {
		return r
	}
	if r := x.walk(c.Directives, x.outside()); r != nil {
		if !r.atOnce {
			r.Placed = Above
		}
		return r
	}
	servers := x.all()
	if r := x.configured(servers); r != nil {
		return r
	}
	return x.starts(servers)
}

// Overrides are what AllowOverride and AllowOverrideList leave to a .htaccess file.
type Overrides struct {
	// Classes are those of AllowOverride: bits such as httpd.WithFileInfo.
	Classes httpd.Where
	// Names are the directives of AllowOverrideList, in lower case.
	Names []string
	// Options are those of Options=, in lower case; nil for all.
	Options []string
	// IgnoreForbidden and IgnoreUnknown are Nonfatal=Override and Nonfatal=Unknown.
	IgnoreForbidden, IgnoreUnknown bool
}

// CheckAccess returns why Apache refuses a .htaccess file, with which it answers each request
// for a file below with 500 (httpd server/config.c, ap_parse_htaccess; measured on Apache 2.4).
func CheckAccess(c *apache.Config, a *apache.Access, o Overrides, f *host.Facts) *Refusal {
	x := newChecker(c, f, a.Problems)
	for _, p := range a.Problems {
		if !p.Late && p.Kind.Refused() {
			return problem(p)
		}
	}
	return x.walk(a.Directives, state{access: &o, path: true, allowed: o.Classes, limited: allMethods})
}

// refusal returns that d is refused because of at.
func refusal(fault Fault, d *apache.Directive, at source.Span, message, log string) *Refusal {
	r := &Refusal{Fault: fault, At: at, Message: message, Log: log}
	if !sameLine(at, d.Line()) {
		r.Line = d.Line()
	}
	return r
}

// omits returns that the configuration has no such line, at the start of its main file.
func (x *checker) omits(fault Fault, message, log string) *Refusal {
	return &Refusal{Fault: fault, At: (source.Span{File: x.c.Main}).Head(), Message: message, Log: log}
}

func sameLine(a, b source.Span) bool {
	return a.File == b.File && (b.IsZero() || a.File.LineAt(int(a.Start)) == b.File.LineAt(int(b.Start)))
}
