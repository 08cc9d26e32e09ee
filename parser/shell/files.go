package shell

import (
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// file returns the absolute name of a file that the command changes. known is not set if
// it is not known which one; then there is a doubt about it.
func (c *call) file(t source.Text) (name string, known bool) {
	name = c.abs(t.String)
	if strings.Contains(name, hole.Mark) {
		c.doubt(t)
		return name, false
	}
	return name, t.String != ""
}

func (c *call) remove() status {
	opts, names := options(c.args, "")
	st := ok
	for _, t := range names {
		name, known := c.file(t)
		if !known {
			continue
		}
		kind := c.w.Lstat(name)
		if kind == Missing {
			if !has(opts, "-f", "--force") && !strings.ContainsAny(name, "*?[") {
				st = c.lacks()
			}
			continue
		}
		if kind == Dir && c.name == "rm" && !has(opts, "-r", "-R", "--recursive") {
			st = failed
			continue
		}
		c.w.Remove(name, c.span)
	}
	return st
}

func (c *call) mkdir() status {
	opts, names := options(c.args, "m", "mode")
	mode, hasMode := valueOf(opts, "-m", "--mode")
	st := ok
	for _, t := range names {
		name := c.abs(t.String)
		if strings.Contains(name, hole.Mark) {
			continue // a directory changes no file
		}
		if c.w.Lstat(name) == File || c.w.Stat(name) == Dir && !has(opts, "-p", "--parents") {
			st = c.lacks()
			continue
		}
		c.w.Mkdir(name, c.span)
		if hasMode {
			c.w.Chmod(name, modeOf(mode.String, false), c.span)
		}
	}
	return st
}

func (c *call) touch() status {
	_, names := options(c.args, "drt", "date", "reference")
	for _, t := range names {
		if name := c.abs(t.String); !strings.Contains(name, hole.Mark) && c.w.Stat(name) == Missing {
			c.w.Write(name, source.Text{}, c.span)
		}
	}
	return ok
}

// copies is cp and mv.
func (c *call) copies() status {
	opts, names := options(c.args, "tS", "target-directory", "suffix")
	dir, intoDir := valueOf(opts, "-t", "--target-directory")
	if !intoDir {
		if len(names) < 2 {
			return failed
		}
		dir, names = names[len(names)-1], names[:len(names)-1]
	}
	into, known := c.file(dir)
	if !known {
		return assumed
	}
	tree := has(opts, "-r", "-R", "-a", "--recursive", "--archive")
	plainFile := has(opts, "-T", "--no-target-directory")
	intoDir = intoDir || !plainFile && (strings.HasSuffix(dir.String, "/") || c.isDir(into, names[0].String) || len(names) > 1)
	keepsOld := has(opts, "-n", "--no-clobber", "-u", "--update")
	st := ok
	for _, t := range names {
		if one := c.copyOne(t, into, intoDir, keepsOld, Copied{Tree: tree, Keep: has(opts, "-a", "-p", "--archive", "--preserve"), At: c.span}); one != ok {
			st = one
		}
	}
	return st
}

// isDir reports whether something is copied into a name. If it is not known what the name
// is, that is taken from how both names look.
func (c *call) isDir(name, from string) bool {
	switch c.w.Stat(name) {
	case Dir:
		return true
	case Unknown:
		return looksLikeDir(name) && !looksLikeDir(from)
	}
	return false
}

func looksLikeDir(name string) bool {
	ext := path.Ext(name)
	return ext == "" || ext == ".d"
}

// copyOne copies or moves one file or directory.
func (c *call) copyOne(t source.Text, into string, intoDir, keepsOld bool, how Copied) status {
	how.From, how.To = c.abs(t.String), into
	// cp -r dir/. to copies what is in dir.
	contents := strings.HasSuffix(t.String, "/.") || t.String == "."
	if intoDir && !contents {
		how.To = path.Join(into, path.Base(how.From))
	}
	if strings.Contains(how.From, hole.Mark) {
		c.w.Doubt(how.To, c.span, c.name)
		return assumed
	}
	if keepsOld && c.w.Lstat(how.To) != Missing {
		return ok
	}
	switch kind := c.w.Lstat(how.From); {
	case kind == Missing && strings.ContainsAny(how.From, "*?["):
		c.w.Doubt(how.To, c.span, c.name)
		return assumed
	case kind == Missing && c.works:
		c.w.Doubt(how.To, c.span, c.name)
		return assumed
	case kind == Missing:
		return failed
	case kind == Unknown && looksLikeDir(how.From):
		c.w.Doubt(how.To, c.span, c.name)
		return assumed
	case kind == Unknown:
		c.w.WriteUnknown(how.To, c.span)
		return assumed
	case c.name == "mv":
		c.w.Move(how.From, how.To, c.span)
	case kind == Dir && !how.Tree:
		return failed
	default:
		c.w.Copy(how)
	}
	return ok
}

func (c *call) link() status {
	opts, names := options(c.args, "tS", "target-directory", "suffix")
	if !has(opts, "-s", "--symbolic") {
		for i := range names {
			if i == len(names)-1 { // a hard link: two names for one file
				c.doubt(names[i])
			}
		}
		return assumed
	}
	dir, intoDir := valueOf(opts, "-t", "--target-directory")
	if !intoDir {
		if len(names) == 0 {
			return failed
		}
		if len(names) == 1 {
			dir = hole.Plain(".")
		} else {
			dir, names = names[len(names)-1], names[:len(names)-1]
		}
	}
	into, known := c.file(dir)
	if !known {
		return assumed
	}
	kind := c.w.Stat(into)
	if has(opts, "-n", "--no-dereference", "-T", "--no-target-directory") {
		kind = c.w.Lstat(into)
	}
	intoDir = intoDir || kind == Dir
	st := ok
	for _, t := range names {
		name := into
		if intoDir {
			name = path.Join(into, path.Base(t.String))
		}
		switch {
		case hole.In(t):
			c.w.Doubt(name, c.span, c.name)
			continue
		case c.w.Lstat(name) != Missing && c.w.Lstat(name) != Unknown && !has(opts, "-f", "--force"):
			st = c.lacks()
			continue
		}
		c.w.Link(name, t.String, c.span)
	}
	return st
}

// modeOf reads a mode of chmod.
func modeOf(text string, tree bool) Mode {
	if bits, err := strconv.ParseUint(text, 8, 16); err == nil {
		mode := fs.FileMode(bits & 0o777)
		for bit, special := range map[uint64]fs.FileMode{0o4000: fs.ModeSetuid, 0o2000: fs.ModeSetgid, 0o1000: fs.ModeSticky} {
			if bits&bit != 0 {
				mode |= special
			}
		}
		return Mode{Bits: mode, Tree: tree}
	}
	return Mode{Symbolic: text, Tree: tree}
}

func (c *call) chmod() status {
	var names []source.Text
	tree := false
	mode := source.Text{}
	for _, a := range c.args {
		switch {
		case a.String == "--recursive", strings.HasPrefix(a.String, "-") && strings.Trim(a.String, "-RfvcHLP") == "":
			tree = tree || strings.Contains(a.String, "R") || a.String == "--recursive"
		case mode.String == "" && !strings.HasPrefix(a.String, "--"):
			mode = a
		default:
			names = append(names, a)
		}
	}
	return c.each(names, func(name string) {
		m := modeOf(mode.String, tree)
		m.Unknown = hole.In(mode)
		c.w.Chmod(name, m, c.span)
	})
}

// chown is chown and chgrp.
func (c *call) chown() status {
	opts, names := options(c.args, "", "from", "reference")
	if len(names) == 0 {
		return failed
	}
	o := Owner{Tree: has(opts, "-R", "--recursive")}
	owner := names[0]
	if c.name == "chgrp" {
		o.Group = owner.String
	} else {
		var both bool
		if o.User, o.Group, both = strings.Cut(owner.String, ":"); !both {
			// The old form user.group, where no account has a dot in its name.
			o.User, o.Group, both = strings.Cut(owner.String, ".")
		}
		if both && o.Group == "" {
			o.Group = o.User
		}
	}
	o.Unknown = hole.In(owner)
	return c.each(names[1:], func(name string) { c.w.Chown(name, o, c.span) })
}

// each calls change for the names that exist.
func (c *call) each(names []source.Text, change func(name string)) status {
	st := ok
	for _, t := range names {
		name, known := c.file(t)
		if !known {
			continue
		}
		if c.w.Stat(name) == Missing {
			if !strings.ContainsAny(name, "*?[") {
				st = c.lacks()
			}
			continue
		}
		change(name)
	}
	return st
}

// install is install(1): copies with a mode and an owner, or directories.
func (c *call) install() status {
	opts, names := options(c.args, "mogtS", "mode", "owner", "group", "target-directory", "suffix")
	if has(opts, "-d", "--directory") {
		for _, t := range names {
			if name, known := c.file(t); known {
				c.w.Mkdir(name, c.span)
				c.attributes(name, opts)
			}
		}
		return ok
	}
	dir, intoDir := valueOf(opts, "-t", "--target-directory")
	if !intoDir {
		if len(names) < 2 {
			return failed
		}
		dir, names = names[len(names)-1], names[:len(names)-1]
	}
	into, known := c.file(dir)
	if !known {
		return assumed
	}
	intoDir = intoDir || c.isDir(into, names[0].String) || strings.HasSuffix(dir.String, "/")
	st := ok
	for _, t := range names {
		if has(opts, "-D") && !intoDir {
			c.w.Mkdir(path.Dir(into), c.span)
		}
		if one := c.copyOne(t, into, intoDir, false, Copied{At: c.span}); one != ok {
			st = one
			continue
		}
		name := into
		if intoDir {
			name = path.Join(into, path.Base(t.String))
		}
		c.attributes(name, opts)
	}
	return st
}

func (c *call) attributes(name string, opts []option) {
	if mode, given := valueOf(opts, "-m", "--mode"); given {
		c.w.Chmod(name, modeOf(mode.String, false), c.span)
	}
	user, _ := valueOf(opts, "-o", "--owner")
	group, _ := valueOf(opts, "-g", "--group")
	if user.String != "" || group.String != "" {
		c.w.Chown(name, Owner{User: user.String, Group: group.String}, c.span)
	}
}
