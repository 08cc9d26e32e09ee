// Package mutate changes healthy stacks as a person may who edits them: the lab starts
// the results, to compare what the linter says of them with what servers do.
package mutate

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/source"
)

// Mutant is a healthy stack with one or two changes, which may break it or not.
type Mutant struct {
	Stack string // the name of the healthy stack
	Seed  uint64
	Case  *cases.Case
	// Changes describe what was changed, and where.
	Changes []string
	// Diff is a unified diff of the files, from the healthy stack.
	Diff string
}

// Stack is a healthy host to change.
type Stack struct {
	Name string
	// Case has every file of the host: it has no frame.
	Case *cases.Case
	// Roles are those of the configuration files, by name.
	Roles map[string]source.Role
	// Main is the main file of the web server.
	Main string
}

// The certificate and the key of the healthy stacks, which are made for each run.
const (
	Certificate = "/etc/ssl/site.pem"
	Key         = "/etc/ssl/site.key"
)

// Mutate changes one or two things in the files of nginx or Apache, PHP-FPM and php.ini of a
// healthy stack. Equal seeds and stacks give equal mutants.
func (s *Stack) Mutate(seed uint64) *Mutant {
	// A seed for which no change applies, or whose changes go too far, is replaced by
	// the next one derived from it.
	for try := uint64(0); ; try++ {
		d := newDraft(s, rand.New(rand.NewPCG(seed, try)))
		d.change()
		if d.IntN(3) == 0 {
			d.change()
		}
		diff := d.diff(s.Case)
		if len(d.changes) == 0 || diff == "" || d.tooCostly() || d.foreign() {
			if try == 1000 {
				panic("nothing can be changed in " + s.Name)
			}
			continue
		}
		return &Mutant{Stack: s.Name, Seed: seed, Case: d.archive(s.Case), Changes: d.changes, Diff: diff}
	}
}

// draft is a stack while it is being changed.
type draft struct {
	*rand.Rand
	files   []*draftFile
	links   []cases.Link
	modes   []cases.Mode
	changes []string
	// operators are the kinds of changes that may be made.
	operators []operator
}

// draftFile is one file of a draft.
type draftFile struct {
	name, text string
	role       source.Role // "" for other files
	main       bool        // a server is started with it
	gone       bool
}

func newDraft(s *Stack, r *rand.Rand) *draft {
	d := &draft{Rand: r, links: slices.Clone(s.Case.Links), modes: slices.Clone(s.Case.Modes), operators: operators}
	for _, f := range s.Case.Files {
		role := s.Roles[f.Name]
		main := role == source.RoleFPM || f.Name == s.Main
		d.files = append(d.files, &draftFile{name: f.Name, text: f.Text, role: role, main: main})
		if role == source.RoleApache {
			d.operators = apacheOperators
		}
	}
	return d
}

// change applies one change. It retries until one applies.
func (d *draft) change() {
	for range 50 {
		o := weighted(d, d.operators, func(o operator) int { return o.weight })
		if what := o.apply(d); what != "" {
			d.changes = append(d.changes, what)
			return
		}
	}
}

// operator is one kind of change to a draft. It returns a description, or "" if
// it found nothing to change.
type operator struct {
	weight int
	apply  func(*draft) string
}

var operators = []operator{
	{46, atOneOf((*draftFile).values, (*draft).changeValue)},
	{8, atOneOf((*draftFile).keys, (*draft).renameKey)},
	{7, atOneOf((*draftFile).statements, (*draft).deleteStatement)},
	{5, atOneOf((*draftFile).statements, (*draft).duplicateStatement)},
	{3, atOneOf((*draftFile).statements, (*draft).duplicateChanged)},
	{4, atOneOf((*draftFile).statements, (*draft).commentStatement)},
	{3, (*draft).moveStatement},
	{6, (*draft).insertStatement},
	{3, (*draft).breakTerminator},
	{3, atOneOf((*draftFile).statements, (*draft).layoutStatement)},
	{2, atOneOf((*draftFile).blocks, (*draft).deleteBlock)},
	{2, atOneOf((*draftFile).blocks, (*draft).duplicateBlock)},
	{2, (*draft).swapBlocks},
	{3, (*draft).renamePool},
	{5, (*draft).changeFile},
	{1, (*draft).changeMode},
	{6, (*draft).spoilPair},
	{4, (*draft).changeBytes},
	{3, (*draft).wholeFile},
}

// atOneOf returns the operator that applies change to one of the places of a file.
func atOneOf(places func(*draftFile) []place, change func(*draft, place) string) func(*draft) string {
	return func(d *draft) string {
		p := pick(d, places(d.file()))
		if p.draftFile == nil {
			return ""
		}
		return change(d, p)
	}
}

// weights are the relative frequencies with which files of each role are chosen.
var weights = map[source.Role]int{source.RolePool: 10, source.RoleNginx: 5, source.RoleApache: 8, source.RoleFPM: 4, source.RolePHPIni: 1}

// file chooses a configuration file.
func (d *draft) file() *draftFile { return weighted(d, d.files, (*draftFile).weight) }

func (f *draftFile) weight() int {
	w := weights[f.role]
	switch {
	case f.gone:
		return 0
	case strings.Contains(f.name, "sites-") || strings.Contains(f.name, "conf.d") && f.role == source.RoleNginx:
		return 2 * w
	case strings.HasSuffix(f.name, ".load"), strings.Contains(f.name, "mods-enabled/") || strings.Contains(f.name, "conf.modules.d/"):
		return (w + 3) / 4
	case strings.HasSuffix(f.name, "_params") || strings.HasSuffix(f.name, "mime.types") || strings.HasSuffix(f.name, ".ini"):
		return (w + 4) / 5
	}
	return w
}

// replace replaces a range of a file with new text.
func (f *draftFile) replace(from, to int, text string) { f.text = f.text[:from] + text + f.text[to:] }

// pick returns a random element.
func pick[T any](d *draft, of []T) (one T) {
	if len(of) == 0 {
		return one
	}
	return of[d.IntN(len(of))]
}

// weighted returns a random element, as often as its weight says.
func weighted[T any](d *draft, of []T, weight func(T) int) (one T) {
	sum := 0
	for _, one = range of {
		sum += weight(one)
	}
	n := d.IntN(sum)
	for _, one = range of {
		if n -= weight(one); n < 0 {
			break
		}
	}
	return one
}

// costly matches numbers that make a server start more processes or use more memory
// than a test is worth.
var costly = regexp.MustCompile(`(?i)(?:pm\.\w+|worker_processes|process\.max)\W{0,9}[1-9]\d{2,}` +
	`|(?:StartServers|ServerLimit|ThreadLimit|ThreadsPerChild|MaxRequestWorkers|(?:Min|Max)Spare\w+)\W{0,9}[1-9]\d{3,}` +
	`|(?:worker_connections|worker_aio_requests|hash_\w*size|rlimit_\w+)\W{0,4}[1-9]\d{5,}`)

// Costly reports whether the stack itself starts more than a mutant may.
func (s *Stack) Costly() bool { return newDraft(s, nil).tooCostly() }

func (d *draft) tooCostly() bool {
	for _, f := range d.files {
		if f.role == source.RolePHPIni || f.gone {
			continue
		}
		for _, m := range costly.FindAllString(comments.ReplaceAllString(f.text, ""), -1) {
			if !harmless.MatchString(m) {
				return true
			}
		}
	}
	return false
}

// foreign reports whether the PHP of the lab reads a draft otherwise than that of its host: official
// images have one without access control lists.
func (d *draft) foreign() bool {
	return slices.ContainsFunc(d.files, func(f *draftFile) bool {
		return !f.gone && strings.HasPrefix(f.name, "/usr/local/etc/php-fpm") && acl.MatchString(f.text)
	})
}

var acl = regexp.MustCompile(`(?m)^[ \t]*listen\.acl_`)

var comments = regexp.MustCompile(`(?m)^[ \t]*[;#].*$`)

// harmless matches such numbers that cost nothing.
var harmless = regexp.MustCompile(`pm\.(max_requests|max_spawn_rate|process_idle|status)|hash_\w*size\W+\d{1,5}$`)

// archive returns the changed case.
func (d *draft) archive(of *cases.Case) *cases.Case {
	c := &cases.Case{Header: of.Header}
	c.NoFrame = true
	c.Links, c.Modes = d.links, d.modes
	for _, f := range d.files {
		if !f.gone {
			c.Files = append(c.Files, cases.File{Name: f.name, Text: f.text})
		}
	}
	return c
}

// String names the mutant and what was changed.
func (m *Mutant) String() string {
	return fmt.Sprintf("%s seed %d: %s", m.Stack, m.Seed, strings.Join(m.Changes, "; "))
}
