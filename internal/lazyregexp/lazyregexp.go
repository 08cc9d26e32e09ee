// Package lazyregexp has regular expressions that are compiled on first use. A
// run uses few of those in the program, and compiling all of them at startup
// takes longer than linting a site.
package lazyregexp

import (
	"regexp"
	"sync"
)

// Regexp is a regular expression of package regexp. Its methods are those of
// that package.
type Regexp struct {
	text  string
	once  sync.Once
	value *regexp.Regexp
}

var all []*Regexp

// New returns the expression text, for a package variable. An invalid text
// panics on first use: a test compiles All.
func New(text string) *Regexp {
	r := &Regexp{text: text}
	all = append(all, r)
	return r
}

func (r *Regexp) compiled() *regexp.Regexp {
	r.once.Do(func() { r.value = regexp.MustCompile(r.text) })
	return r.value
}

// All returns every expression of the program.
func All() []*Regexp { return all }

// String returns the text of the expression.
func (r *Regexp) String() string { return r.text }

// MatchString reports whether s has a match.
func (r *Regexp) MatchString(s string) bool { return r.compiled().MatchString(s) }

// FindStringIndex returns the place of the first match, and nil for none.
func (r *Regexp) FindStringIndex(s string) []int { return r.compiled().FindStringIndex(s) }

// FindStringSubmatch returns the first match and its groups, and nil for none.
func (r *Regexp) FindStringSubmatch(s string) []string { return r.compiled().FindStringSubmatch(s) }

// FindStringSubmatchIndex returns the places of the first match and its groups,
// and nil for none.
func (r *Regexp) FindStringSubmatchIndex(s string) []int {
	return r.compiled().FindStringSubmatchIndex(s)
}

// FindAllStringIndex is the method of regexp.Regexp.
func (r *Regexp) FindAllStringIndex(s string, n int) [][]int {
	return r.compiled().FindAllStringIndex(s, n)
}

// FindAllString returns the texts of at most n matches, all of them for n < 0.
func (r *Regexp) FindAllString(s string, n int) []string { return r.compiled().FindAllString(s, n) }

// FindAllStringSubmatch returns at most n matches and their groups.
func (r *Regexp) FindAllStringSubmatch(s string, n int) [][]string {
	return r.compiled().FindAllStringSubmatch(s, n)
}

// ReplaceAllStringFunc replaces every match in s by what repl returns for it.
func (r *Regexp) ReplaceAllStringFunc(s string, repl func(string) string) string {
	return r.compiled().ReplaceAllStringFunc(s, repl)
}

// ReplaceAllString replaces every match in s by repl, in which $1 is the first group.
func (r *Regexp) ReplaceAllString(s, repl string) string {
	return r.compiled().ReplaceAllString(s, repl)
}

// FindString returns the first match, and "" for none.
func (r *Regexp) FindString(s string) string { return r.compiled().FindString(s) }
