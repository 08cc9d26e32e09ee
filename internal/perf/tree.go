// Package perf is the measurement of speed: hosting trees of any size, and, in
// its tests, what the linter needs to read them.
package perf

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Tree is a host with Sites WordPress sites on nginx and PHP-FPM 8.2, as a
// control panel lays it out: for every site a file under sites-enabled and a
// pool of its own, with snippets that all sites include. Every twentieth site
// has a fault; apart from those nothing is wrong. One Tree always has the same
// text.
type Tree struct {
	// Sites is how many there are, at least 1.
	Sites int
	// Prefix stands in front of every path in the files. It is "" when the
	// tree lies under a root of its own, and the directory of the tree when
	// real servers read it in place.
	Prefix string
}

// Fault is what is wrong with one site, and the one finding that it deserves.
type Fault struct {
	Rule string // ID
	File string // absolute, without the prefix
	Line int    // from 1
}

// Write hands every file to put, by its absolute name without the prefix, and
// returns the faults in the order of the sites. The files that nothing loads
// end in .disabled. The error is the first one of put.
func (t Tree) Write(put func(name, text string) error) ([]Fault, error) {
	for name, text := range shared(t.Sites) {
		if err := put(name, t.bake(text)); err != nil {
			return nil, err
		}
	}
	var faults []Fault
	for i := 1; i <= t.Sites; i++ {
		s := newSite(i)
		if s.fault != nil {
			faults = append(faults, s.finding())
		}
		if err := put(s.nginxFile(), t.bake(s.nginx())); err != nil {
			return nil, err
		}
		if err := put(s.poolFile(), t.bake(s.pool())); err != nil {
			return nil, err
		}
	}
	return faults, nil
}

// bake puts the prefix where the texts have a @.
func (t Tree) bake(text string) string { return strings.ReplaceAll(text, "@", t.Prefix) }

// fault is one way in which the two files of a site disagree.
type fault int

const (
	upgraded  fault = iota // nginx asks for the socket of another PHP version
	misspelt               // nginx asks for a socket with a typing error
	disabled               // the pool file has a name that php-fpm.conf does not include
	overTCP                // nginx asks for a port, the pool has a socket
	collision              // the pool was copied from that of the site before
	faults
)

// site is one site of a tree.
type site struct {
	number int
	name   string
	host   string
	listen string // of the pool, with @
	target string // what nginx asks for
	fault  *fault
	random *rand.Rand
}

var words = strings.Fields("amber birch copper dune elm fern granite heath iris jade kelp larch maple north olive pine quarry reed slate thistle")

func newSite(i int) *site {
	s := &site{number: i, name: fmt.Sprintf("site%05d", i), random: rand.New(rand.NewPCG(1, uint64(i)))}
	s.host = fmt.Sprintf("%s-%s-%d.example", s.word(), s.word(), i)
	socket := "@/run/php/php8.2-fpm-" + s.name + ".sock"
	s.listen, s.target = socket, "unix:"+socket
	if i%50 == 7 {
		s.listen = fmt.Sprintf("127.0.0.1:%d", 10000+i/50)
		s.target = s.listen
	}
	if i%20 != 0 {
		return s
	}
	kind := fault(i / 20 % int(faults))
	s.fault = &kind
	switch kind {
	case upgraded:
		s.target = strings.Replace(s.target, "php8.2", "php7.4", 1)
	case misspelt:
		s.target = strings.Replace(s.target, "-fpm-", "-fmp-", 1)
	case overTCP:
		s.target = fmt.Sprintf("127.0.0.1:%d", 30000+i/50)
	}
	return s
}

func (s *site) word() string { return words[s.random.IntN(len(words))] }

func (s *site) nginxFile() string { return "/etc/nginx/sites-enabled/" + s.name + ".conf" }

func (s *site) poolFile() string {
	name := "/etc/php/8.2/fpm/pool.d/" + s.name + ".conf"
	if s.is(disabled) {
		name += ".disabled"
	}
	return name
}

func (s *site) is(kind fault) bool { return s.fault != nil && *s.fault == kind }

// finding is what a linter is to say about the fault.
func (s *site) finding() Fault {
	if s.is(collision) {
		return Fault{"WP209", s.poolFile(), lineOf(s.pool(), "[")}
	}
	return Fault{"WP201", s.nginxFile(), lineOf(s.nginx(), s.target)}
}

// lineOf returns the line of the first place where text has part.
func lineOf(text, part string) int {
	before, _, _ := strings.Cut(text, part)
	return strings.Count(before, "\n") + 1
}
