// Package perf measures speed: it generates hosting trees of any size and, in its
// tests, measures the linter on them.
package perf

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Tree is a host with Sites WordPress sites on nginx or Apache and PHP-FPM 8.2, laid out as
// by a control panel: every site has a file under sites-enabled and its own pool, and all
// sites include the same snippets. Every twentieth site has a fault; the rest is
// valid. Equal Trees have equal texts.
type Tree struct {
	// Sites is the number of sites, at least 1.
	Sites int
	// Apache is set for virtual hosts of Apache in place of servers of nginx, with settings
	// for the same purposes.
	Apache bool
	// Prefix precedes every path in the files. It is "" if the tree has a root of
	// its own, and the directory of the tree if real servers read it in place.
	Prefix string
}

// Fault is the fault of one site, and the one finding expected for it.
type Fault struct {
	Rule string // ID
	File string // absolute, without the prefix
	Line int    // from 1
}

// Write passes every file to put, by its absolute name without the prefix, and returns
// the faults in the order of the sites. Files that nothing loads end in .disabled. The
// error is the first one that put returns.
func (t Tree) Write(put func(name, text string) error) ([]Fault, error) {
	gateway := nginxShared(t.Sites)
	if t.Apache {
		gateway = apacheShared()
	}
	for _, files := range []map[string]string{shared(), gateway} {
		for name, text := range files {
			if err := put(name, t.bake(text)); err != nil {
				return nil, err
			}
		}
	}
	var faults []Fault
	for i := 1; i <= t.Sites; i++ {
		s := newSite(i)
		name, text := s.nginxFile(), s.nginx()
		line := lineOf(text, s.target)
		if t.Apache {
			name, text = s.apacheFile(), s.apache()
			line = lineOf(text, "<FilesMatch") + 1 // what handles index.php comes first
		}
		if s.fault != sound {
			faults = append(faults, s.finding(name, line))
		}
		if err := put(name, t.bake(text)); err != nil {
			return nil, err
		}
		if err := put(s.poolFile(), t.bake(s.pool())); err != nil {
			return nil, err
		}
	}
	return faults, nil
}

// bake replaces each @ of the text with the prefix.
func (t Tree) bake(text string) string { return strings.ReplaceAll(text, "@", t.Prefix) }

// fault is one way in which the two files of a site disagree.
type fault int

const (
	sound     fault = iota
	upgraded        // nginx uses the socket of another PHP version
	misspelt        // nginx uses a misspelt socket
	disabled        // the pool file has a name that php-fpm.conf does not include
	overTCP         // nginx uses a port, the pool has a socket
	collision       // the pool was copied from that of the previous site
)

// site is one site of a tree.
type site struct {
	number int
	name   string
	host   string
	listen string // of the pool, with @
	target string // the address that nginx uses
	fault  fault
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
	s.fault = upgraded + fault(i/20)%collision // each of the five in turn
	switch s.fault {
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
	if s.fault == disabled {
		name += ".disabled"
	}
	return name
}

// finding is the finding expected for the fault of a site that leads to a pool in that line of a file.
func (s *site) finding(name string, line int) Fault {
	if s.fault == collision {
		return Fault{"WP209", s.poolFile(), lineOf(s.pool(), "[")}
	}
	return Fault{"WP201", name, line}
}

// lineOf returns the number of the first line of text that contains part.
func lineOf(text, part string) int {
	before, _, _ := strings.Cut(text, part)
	return strings.Count(before, "\n") + 1
}
