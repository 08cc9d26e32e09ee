package shell

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// unknown is a command that is not understood: it may have changed each file that it
// names. One that the script becomes, or does not wait for, is a program that starts.
func (c *call) unknown() status {
	if c.exec || c.background {
		return c.start()
	}
	if strings.HasPrefix(c.word.String, "/") && strings.Contains(c.word.String, hole.Mark) {
		return assumed
	}
	for _, a := range c.args {
		c.doubt(a)
	}
	c.mayMake(c.dir)
	if c.stdin != nil && interprets(c.name) { // a program in another language
		c.doubtAll(c.stdin.String)
	}
	c.printUnknown()
	return assumed
}

// mayMake says that a command may have made any files below dir. All of the machine would be
// too much.
func (c *call) mayMake(dir string) {
	if dir != "/" && !strings.Contains(dir, hole.Mark) && !ofKernel(dir) {
		c.w.MayMake(dir)
	}
}

// interprets reports whether a command reads a program from its standard input.
func interprets(name string) bool {
	name = strings.TrimRight(name, "0123456789.")
	return name == "python" || name == "perl" || name == "php" || name == "ruby" || name == "node" || name == "lua"
}

// printUnknown prints something that is not known.
func (c *call) printUnknown() {
	if c.out != nil {
		c.print(hole.NewLines(c.span))
	}
}

// inWords finds the absolute names in the code or the text of a word.
var inWords = lazyregexp.New(`/[\w.@+-]+(?:/[\w.@+*-]+)+`)

// doubt throws a doubt about each file that a word of a command names.
func (c *call) doubt(word source.Text) {
	text := word.String
	switch {
	case text == "" || strings.Contains(text, "://"):
		return
	case hole.All(word):
		for _, p := range word.Pieces {
			c.doubtAll(p.From.Text())
		}
		return
	case strings.ContainsAny(text, " \t\n;'\"$(){}"):
		c.doubtAll(text)
		return
	}
	if text[0] == '-' { // --conf-path=/etc/nginx/nginx.conf, -C/etc
		n := strings.IndexByte(text, '/')
		if n < 0 {
			return
		}
		text = text[n:]
	}
	if _, after, found := strings.Cut(text, "=/"); found {
		text = "/" + after
	}
	if from, to, found := strings.Cut(text, ":/"); found { // a source and a target
		c.doubt(hole.Plain(from))
		text = "/" + to
	}
	if strings.HasPrefix(text, "/") || strings.HasPrefix(text, ".") {
		c.doubtName(c.abs(text))
		return
	}
	// A relative name is one if it starts with a file that exists. "s/a/b/" is not a name.
	first, _, _ := strings.Cut(text, "/")
	if first = c.abs(first); !strings.Contains(first, hole.Mark) && c.w.Lstat(first) != Missing {
		c.doubtName(c.abs(text))
	}
}

func (c *call) doubtAll(text string) {
	for i := 0; i < len(text); {
		m := inWords.FindStringIndex(text[i:])
		if m == nil {
			return
		}
		start, end := i+m[0], i+m[1]
		if start == 0 || !nameByte(text[start-1]) {
			c.doubtName(c.abs(text[start:end]))
		}
		i = end
	}
}

// nameByte reports whether a byte before a slash makes it part of a relative name, or of
// an expression such as s/a/b/.
func nameByte(b byte) bool {
	return b == '_' || b == '.' || b == '-' || b == '/' || b == '}' || '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z'
}

// ofKernel reports whether a file is in a file system of the kernel: what it holds depends
// on the host, and no server reads it as a configuration.
func ofKernel(name string) bool {
	for _, dir := range []string{"/dev/", "/proc/", "/sys/"} {
		if strings.HasPrefix(name+"/", dir) {
			return true
		}
	}
	return false
}

func (c *call) doubtName(name string) {
	if name != "/" && !ofKernel(name) {
		c.w.Doubt(name, c.span, hole.Name(c.name))
	}
}

// doubtScript throws a doubt about each file that a script names that cannot be read.
func (in *interp) doubtScript() {
	c := call{interp: in, name: "a script that cannot be read", span: in.script.At}
	c.doubtAll(in.script.Text[:min(len(in.script.Text), maxText)])
}
