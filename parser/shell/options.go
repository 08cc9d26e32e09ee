package shell

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// option is an option of a command: -m, --mode.
type option struct {
	name  string
	value source.Text
}

// options splits the arguments of a command into options and the rest. valued are the
// options that take a value: one byte each for short ones, and the names of long ones.
func options(args []source.Text, short string, long ...string) (opts []option, rest []source.Text) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a.String == "--":
			return opts, append(rest, args[i+1:]...)
		case strings.HasPrefix(a.String, "--"):
			name, _, hasValue := strings.Cut(a.String, "=")
			o := option{name: name}
			switch {
			case hasValue:
				o.value = a.Slice(len(name)+1, len(a.String))
			case slices.Contains(long, name[2:]) && i+1 < len(args):
				i++
				o.value = args[i]
			}
			opts = append(opts, o)
		case len(a.String) > 1 && a.String[0] == '-':
			var used bool
			opts, used = cluster(opts, a, args[i+1:], short)
			if used {
				i++
			}
		default:
			rest = append(rest, a)
		}
	}
	return opts, rest
}

// leading splits the options before the first other argument from the rest.
func leading(args []source.Text, short string) (opts []option, rest []source.Text) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a.String == "--":
			return opts, args[i+1:]
		case len(a.String) < 2 || a.String[0] != '-':
			return opts, args[i:]
		case strings.HasPrefix(a.String, "--"):
			opts = append(opts, option{name: a.String})
		default:
			var used bool
			if opts, used = cluster(opts, a, args[i+1:], short); used {
				i++
			}
		}
	}
	return opts, nil
}

// cluster reads short options in one word: -rf. used is set if the value of the last one
// is the next word.
func cluster(opts []option, a source.Text, following []source.Text, valued string) (_ []option, used bool) {
	for k := 1; k < len(a.String); k++ {
		o := option{name: "-" + a.String[k:k+1]}
		if strings.IndexByte(valued, a.String[k]) < 0 {
			opts = append(opts, o)
			continue
		}
		if k+1 < len(a.String) {
			o.value = a.Slice(k+1, len(a.String))
		} else if len(following) > 0 {
			o.value, used = following[0], true
		}
		return append(opts, o), used
	}
	return opts, false
}

// has reports whether one of the options is given.
func has(opts []option, names ...string) bool {
	return slices.ContainsFunc(opts, func(o option) bool { return slices.Contains(names, o.name) })
}

// valueOf returns the value of the last of the options that is given.
func valueOf(opts []option, names ...string) (value source.Text, given bool) {
	for _, o := range opts {
		if slices.Contains(names, o.name) {
			value, given = o.value, true
		}
	}
	return value, given
}
