package shell

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/filter"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// sedOptions is how sed is called.
type sedOptions struct {
	program  source.Text // all -e and -f, one a line
	files    []source.Text
	inPlace  bool
	suffix   string // of the copy of each file
	extended bool
	quiet    bool
	known    bool // all options are understood
}

// sedCall reads the arguments of sed: without -e and -f, the first one that is not an
// option is the program.
func (c *call) sedCall() (o sedOptions) {
	o.known = true
	var programs []source.Text
	var rest []source.Text
	for i := 0; i < len(c.args); i++ {
		a := c.args[i]
		var program *source.Text
		used := false
		switch {
		case a.String == "--":
			rest = append(rest, c.args[i+1:]...)
			i = len(c.args)
		case strings.HasPrefix(a.String, "--"):
			program, used = o.long(c, a, c.args[i+1:])
		case len(a.String) > 1 && a.String[0] == '-':
			program, used = o.short(c, a, c.args[i+1:])
		default:
			rest = append(rest, a)
		}
		if program != nil {
			programs = append(programs, *program, hole.Plain("\n"))
		}
		if used {
			i++
		}
	}
	if len(programs) == 0 && len(rest) > 0 {
		programs, rest = rest[:1], rest[1:]
	}
	o.program, o.files = hole.Join(programs...), rest
	return o
}

// long reads a long option. It returns the program that it has as its value.
func (o *sedOptions) long(c *call, a source.Text, following []source.Text) (program *source.Text, used bool) {
	name, given, hasValue := strings.Cut(a.String, "=")
	switch name {
	case "--in-place":
		o.inPlace, o.suffix = true, given
	case "--regexp-extended":
		o.extended = true
	case "--quiet", "--silent":
		o.quiet = true
	case "--posix", "--separate", "--unbuffered", "--follow-symlinks", "--debug", "--sandbox":
	case "--expression", "--file":
		value := a.Slice(len(a.String)-len(given), len(a.String))
		if !hasValue && len(following) > 0 {
			value, used = following[0], true
		}
		if name == "--file" {
			value = c.contents(value, c.span)
		}
		return &value, used
	default:
		o.known = false
	}
	return nil, used
}

// short reads short options in one word. It returns the program that the last one has as
// its value.
func (o *sedOptions) short(c *call, a source.Text, following []source.Text) (program *source.Text, used bool) {
	for k := 1; k < len(a.String); k++ {
		switch a.String[k] {
		case 'i':
			o.inPlace, o.suffix = true, a.String[k+1:]
			return nil, false
		case 'E', 'r':
			o.extended = true
		case 'n':
			o.quiet = true
		case 's', 'u':
		case 'e', 'f':
			value := a.Slice(k+1, len(a.String))
			if value.String == "" && len(following) > 0 {
				value, used = following[0], true
			}
			if a.String[k] == 'f' {
				value = c.contents(value, c.span)
			}
			return &value, used
		default:
			o.known = false
		}
	}
	return nil, false
}

// sed edits files, or what it reads.
func (c *call) sed() status {
	o := c.sedCall()
	program, understood := filter.ParseSed(o.program, o.extended)
	if !o.known || !understood {
		return c.unknownSed(o)
	}
	if !o.inPlace {
		text, st := c.inputs(o.files)
		c.print(program.Run(text, o.quiet, c.span))
		return st
	}
	st := ok
	for _, t := range o.files {
		name, known := c.file(t)
		if !known {
			continue
		}
		switch kind := c.w.Stat(name); {
		case kind == Missing:
			if !strings.ContainsAny(name, "*?[") {
				st = c.lacks()
				c.result.Lost = append(c.result.Lost, Lost{name, c.span})
			}
			continue
		case kind == Dir:
			st = failed
			continue
		}
		text, known := c.w.Read(name)
		if !known {
			c.w.Doubt(name, c.span, c.name)
			continue
		}
		c.replace(name, o.suffix, text, program.Run(text, o.quiet, c.span))
	}
	return st
}

// unknownSed is a sed that is not understood: it may have changed any line.
func (c *call) unknownSed(o sedOptions) status {
	if !o.inPlace {
		c.printUnknown()
		return assumed
	}
	for _, t := range o.files {
		if name, known := c.file(t); known {
			c.w.Doubt(name, c.span, c.name)
		}
	}
	return assumed
}

// replace puts a new text in place of a file. sed -i makes a file of a link.
func (c *call) replace(name, suffix string, old, text source.Text) {
	if suffix != "" {
		backup := name + suffix
		if strings.Contains(suffix, "*") {
			backup = name[:strings.LastIndexByte(name, '/')+1] + strings.ReplaceAll(suffix, "*", name[strings.LastIndexByte(name, '/')+1:])
		}
		c.w.Copy(Copied{From: name, To: backup, Keep: true, At: c.span})
	}
	if text.String == old.String {
		return
	}
	if c.w.Lstat(name) == Link {
		temporary := name + ".sed"
		c.w.Copy(Copied{From: name, To: temporary, Keep: true, At: c.span})
		c.w.Remove(name, c.span)
		c.w.Move(temporary, name, c.span)
	}
	c.w.Edit(name, text, c.span)
}
