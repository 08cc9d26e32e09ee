package shell

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// download is curl and wget: the file that they write is not known.
func (c *call) download() status {
	if c.exec || c.background {
		return c.start()
	}
	short, long := "o", "--output"
	if c.name == "wget" {
		short, long = "O", "--output-document"
	}
	to := source.Text{}
	for i, a := range c.args {
		before := ""
		if i > 0 {
			before = c.args[i-1].String
		}
		cluster := strings.HasPrefix(before, "-") && !strings.HasPrefix(before, "--") && strings.HasSuffix(before, short)
		switch value, given := strings.CutPrefix(a.String, long+"="); {
		case cluster, before == long:
			to = a
		case given:
			to = a.Slice(len(a.String)-len(value), len(a.String))
		}
	}
	if to.String == "" || to.String == "-" {
		c.mayMake(c.dir) // wget, curl -O
		c.printUnknown()
		return assumed
	}
	if name, known := c.file(to); known && !strings.HasPrefix(name, "/dev/") {
		c.w.WriteUnknown(name, c.span)
	}
	return assumed
}

// unpack is tar and unzip: what is in a directory afterwards is not known.
func (c *call) unpack() status {
	dir := hole.Plain(".")
	for i, a := range c.args {
		before := ""
		if i > 0 {
			before = c.args[i-1].String
		}
		value, given := strings.CutPrefix(a.String, "--directory=")
		switch {
		case before == "-C", before == "--directory", c.name == "unzip" && before == "-d":
			dir = a
		case given:
			dir = a.Slice(len(a.String)-len(value), len(a.String))
		}
	}
	if c.name != "unzip" && len(c.args) > 0 && !strings.Contains(c.args[0].String, "x") && !extracts(c.args) {
		c.printUnknown()
		return assumed // it makes an archive, or lists one
	}
	name := c.abs(dir.String)
	if !temporary(name) {
		c.doubtName(name)
	}
	c.mayMake(name)
	return assumed
}

func extracts(args []source.Text) bool {
	for _, a := range args {
		short := strings.HasPrefix(a.String, "-") && !strings.HasPrefix(a.String, "--")
		if a.String == "--extract" || a.String == "--get" || short && strings.Contains(a.String, "x") {
			return true
		}
	}
	return false
}

// temporary reports whether a directory is one in which no server reads.
func temporary(name string) bool {
	return name == "/tmp" || strings.HasPrefix(name, "/tmp/") || strings.HasPrefix(name, "/usr/src/") || strings.HasPrefix(name, "/var/tmp/")
}

// rsync copies: what is in a directory, if its name ends with a slash.
func (c *call) rsync() status {
	_, names := options(c.args, "e", "exclude", "include", "chown", "chmod", "rsh", "filter")
	if len(names) < 2 {
		return assumed
	}
	last := names[len(names)-1]
	into, known := c.file(last)
	if !known {
		return assumed
	}
	for _, t := range names[:len(names)-1] {
		from := t
		intoDir := c.w.Stat(into) == Dir || strings.HasSuffix(last.String, "/")
		if strings.HasSuffix(t.String, "/") {
			intoDir = false
		}
		if c.copyOne(from, into, intoDir, false, Copied{Tree: true, Keep: true, At: c.span}) == failed {
			return failed
		}
	}
	return ok
}

// maxFound is how many files find looks at.
const maxFound = 10_000

// finder is a call of find.
type finder struct {
	*call
	seen     int
	complete bool // all names are known
	lost     bool // some files that are known may have been missed
	names    []string
}

// find prints names, or runs a command for each.
func (c *call) find() status {
	f := &finder{call: c, complete: true}
	var roots []source.Text
	rest := c.args
	for len(rest) > 0 && !strings.HasPrefix(rest[0].String, "-") && rest[0].String != "(" && rest[0].String != "!" {
		roots, rest = append(roots, rest[0]), rest[1:]
	}
	tests, action, understood := findTests(rest)
	for _, root := range roots {
		if hole.In(root) || strings.Contains(c.abs(root.String), hole.Mark) {
			f.lost = true
			continue
		}
		f.walk(root.String, tests)
	}
	if !understood || f.lost {
		if len(action) > 0 && !harmless(path.Base(action[0].String)) {
			for _, root := range roots {
				c.doubt(root)
			}
		}
		c.printUnknown()
		return assumed
	}
	if len(action) == 0 {
		for _, name := range f.names {
			c.print(source.Made(name+"\n", c.span))
		}
		if !f.complete {
			c.printUnknown()
			return assumed
		}
		return ok
	}
	for _, name := range f.names {
		var args []source.Text
		for _, a := range action {
			if a.String == "{}" {
				a = source.Made(name, c.span)
			}
			args = append(args, a)
		}
		c.execute(args, c.span, false)
	}
	return ok
}

// findTest is a test of find for one file.
type findTest func(name string, kind Kind) bool

// findTests reads the expression of find: tests that all apply, and one action. understood
// is not set if there is anything else.
func findTests(args []source.Text) (tests []findTest, action []source.Text, understood bool) {
	understood = true
	for i := 0; i < len(args); i++ {
		value := source.Text{}
		if i+1 < len(args) {
			value = args[i+1]
		}
		switch args[i].String {
		case "-name", "-path":
			re, certain := (field{{value, expanded}}).expression()
			understood = understood && re != nil && certain
			whole := args[i].String == "-path"
			tests = append(tests, func(name string, _ Kind) bool {
				return re != nil && (whole && re.MatchString(name) || !whole && re.MatchString(path.Base(name)))
			})
			i++
		case "-type":
			want, known := map[string]Kind{"f": File, "d": Dir, "l": Link}[value.String]
			understood = understood && known
			tests = append(tests, func(_ string, kind Kind) bool { return kind == want })
			i++
		case "-exec":
			end := i + 1
			for end < len(args) && args[end].String != ";" && args[end].String != "+" {
				end++
			}
			action, i = args[i+1:end], end
		case "-delete":
			action = []source.Text{hole.Plain("rm"), hole.Plain("-rf"), hole.Plain("{}")}
		case "-print":
		default:
			understood = false
		}
	}
	return tests, action, understood
}

// walk finds the files that pass all tests.
func (f *finder) walk(name string, tests []findTest) {
	if f.seen++; f.seen > maxFound {
		f.lost = true
		return
	}
	kind := f.w.Lstat(f.abs(name))
	passes := kind != Missing
	for _, test := range tests {
		passes = passes && test(name, kind)
	}
	if passes {
		f.names = append(f.names, name)
	}
	switch kind {
	case Unknown:
		f.complete = false
	case Dir:
		names, complete := f.w.List(f.abs(name))
		f.complete = f.complete && complete
		for _, below := range sorted(names) {
			f.walk(strings.TrimSuffix(name, "/")+"/"+below, tests)
		}
	}
}

// openssl writes the files of -out and -keyout, such as a certificate and its key.
func (c *call) openssl() status {
	if c.exec || c.background {
		return c.start()
	}
	for i := 1; i < len(c.args); i++ {
		if name, known := c.file(c.args[i]); known && (c.args[i-1].String == "-out" || c.args[i-1].String == "-keyout") && !strings.HasPrefix(name, "/dev/") {
			c.w.WriteUnknown(name, c.span)
		}
	}
	c.printUnknown()
	return assumed
}
