package shell

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Sources are those of a program that a script builds: it runs configure in a directory, and
// make install.
type Sources struct {
	Dir     string   // it may have a Hole
	Options []string // of configure; a value may have a Hole
	// Root is what make install takes for /; "" for / itself.
	Root string
	Vars map[string]source.Text // the environment
}

// configure is the configure of sources, if it is called by its path.
func (c *call) configure() status {
	if strings.Contains(c.word.String, "/") {
		c.w.Configure(Sources{Dir: c.dir, Options: textsOf(c.args), Vars: c.exported()})
	}
	return c.harmless()
}

// make is make, of which only the target install puts files elsewhere.
func (c *call) make() status {
	s := Sources{Dir: c.dir}
	opts, words := options(c.args, "Cjfo", "directory")
	if dir, given := valueOf(opts, "-C", "--directory"); given {
		s.Dir = c.abs(dir.String)
		c.mayMake(s.Dir)
	}
	installs := false
	for _, word := range words {
		name, value, _ := strings.Cut(word.String, "=")
		switch name {
		case "install":
			installs = true
		case "DESTDIR", "INSTALL_ROOT":
			s.Root = value
		}
	}
	st := c.harmless()
	if installs {
		c.w.MakeInstall(s)
	}
	return st
}
