package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/internal/typo"
)

// arguments are a sorted command line, because the flag parser of the standard
// library takes every flag after the first path for a path.
type arguments struct {
	command string   // "" when none was named
	flags   []string // --name or --name=value, in the order given
	paths   []string
}

// line returns the arguments as the library requires them: command, flags,
// paths.
func (a arguments) line() []string {
	return slices.Concat([]string{"wp502lint", a.command}, a.flags, []string{"--"}, a.paths)
}

// has reports whether flag is given without a value.
func (a arguments) has(flag string) bool { return slices.Contains(a.flags, "--"+flag) }

// reorder sorts args. The first one that is neither a flag nor the value of a
// flag may name the command; after -- all are paths.
func reorder(args []string, commands []*cli.Command) (arguments, error) {
	var a arguments
	var typed []string // the names of the flags as the user wrote them, such as -v
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			a.paths = append(a.paths, args[i+1:]...)
			return a, a.check(commands, typed)
		case len(arg) > 1 && arg[0] == '-':
			flag, used, err := readFlag(args[i:], commands)
			if err != nil {
				return a, err
			}
			a.flags, typed = append(a.flags, flag), append(typed, typedName(arg))
			i += used - 1
		case a.command == "" && len(a.paths) == 0 && named(arg, commands) != nil:
			a.command = arg
			// Its flags come first: another command may have one of the same name.
			commands = slices.Concat([]*cli.Command{named(arg, commands)}, commands)
		default:
			a.paths = append(a.paths, arg)
		}
	}
	return a, a.check(commands, typed)
}

// check returns an error for a flag that only another command has.
func (a arguments) check(commands []*cli.Command, typed []string) error {
	command := cmp.Or(a.command, "check")
	for i, flag := range a.flags {
		name, _, _ := strings.Cut(strings.TrimPrefix(flag, "--"), "=")
		if find(name, []*cli.Command{named(command, commands)}) == nil {
			return fmt.Errorf("%s takes no %s; \"wp502lint %s --help\" lists its flags", command, typed[i], command)
		}
	}
	return nil
}

// readFlag reads the flag at the start of args and returns it as --name or
// --name=value, and how many of args it is.
func readFlag(args []string, commands []*cli.Command) (flag string, used int, err error) {
	name, value, hasValue := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(args[0], "-"), "-"), "=")
	known := find(name, commands)
	if len(name) == 1 && strings.HasPrefix(args[0], "--") {
		known = nil // a short flag has one dash
	}
	switch {
	case known == nil:
		return "", 0, unknownFlag(args[0], commands)
	case !takesValue(known):
		return readToggle(known, value, hasValue)
	case hasValue:
		return "--" + known.Names()[0] + "=" + value, 1, nil
	case len(args) == 1 || len(args[1]) > 1 && args[1][0] == '-' && !isDigit(args[1][1]):
		return "", 0, needsValue(known)
	}
	return "--" + known.Names()[0] + "=" + args[1], 2, nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// samples are values of flags; the others take a file.
var samples = map[string]string{
	"root": "rootfs", "format": "json", "rule": "WP201 or 'WP2*'", "disable": "WP201 or 'WP2*'", "overlay": "/etc/nginx/nginx.conf=new.conf",
	"stdin-filename": "/etc/nginx/nginx.conf", "facts": "web1.json", "memory": "4GiB", "reserve": "1GiB", "worker-memory": "80MiB",
	"baseline": ".wp502lint-baseline.json", "config": ".wp502lint.yaml", "output": "report.txt", "fail-on": "warning", "color": "never",
	"preset": "gate", "new-from": "origin/main", "output-format": "concise", "in": "/etc/nginx", "since": "2h or 2026-11-26T03:00", "until": "2026-11-26T04:00", "tz": "Europe/Berlin", "bundle": "case.md",
}

// needsValue is the error about a flag that has no value.
func needsValue(flag cli.Flag) error {
	name := flag.Names()[0]
	value, usage := describe(flag)
	sample := samples[name]
	if name == "format" && strings.Contains(value, "FILE") {
		sample = "json or sarif=out.sarif"
	}
	if sample == "" {
		return fmt.Errorf("--%s needs a value: %s, %s", name, value, usage)
	}
	return fmt.Errorf("--%s needs a value, e.g. %s", name, sample)
}

func readToggle(known cli.Flag, value string, hasValue bool) (flag string, used int, err error) {
	name := "--" + known.Names()[0]
	if !hasValue {
		value = "true"
	}
	if _, ok := known.(fixFlag); ok {
		_, _, err := readFix(name, value)
		return name + "=" + value, 1, err
	}
	switch on, err := strconv.ParseBool(value); {
	case err != nil:
		return "", 0, fmt.Errorf("%s takes true or false, not %q", name, value)
	case on:
		return name, 1, nil
	}
	return name + "=false", 1, nil
}

// readFix reads the value of --fix that from, the flag or its variable, has.
func readFix(from, value string) (on, all bool, err error) {
	if value == "all" {
		return true, true, nil
	}
	if on, err = strconv.ParseBool(value); err != nil {
		err = fmt.Errorf("%s takes true, false or all, not %q", from, value)
	}
	return on, false, err
}

// typedName returns the name of a flag as the user wrote it, with one dash or two.
func typedName(arg string) string {
	name, _, _ := strings.Cut(arg, "=")
	return name
}

// unknownFlag is the error about a flag that no command has, as the user wrote it.
func unknownFlag(arg string, commands []*cli.Command) error {
	typed := typedName(arg)
	name := strings.TrimLeft(typed, "-")
	if find(name, commands) != nil { // --v
		return fmt.Errorf("unknown flag %s; did you mean -%s?", typed, name)
	}
	var names []string
	for _, command := range commands {
		for _, flag := range command.Flags {
			names = append(names, flag.Names()[0])
		}
	}
	if near := cmp.Or(synonyms[name], typo.Nearest(name, names)); near != "" {
		return fmt.Errorf("unknown flag %s; did you mean --%s?", typed, near)
	}
	return fmt.Errorf("unknown flag %s; \"wp502lint %s --help\" lists the flags", typed, commands[0].Name)
}

// synonyms are flags by the names that other programs give them.
var synonyms = map[string]string{
	"dry-run": "diff", "n": "diff", "check": "diff", "write": "fix", "select": "rule", "only": "rule", "ignore": "disable", "exclude": "disable", "skip": "disable",
	"V": "version", "silent": "quiet", "out": "output", "o": "output", "config-file": "config", "level": "fail-on", "severity": "fail-on",
}

// find returns the flag called name of any of the commands.
func find(name string, commands []*cli.Command) cli.Flag {
	for _, command := range commands {
		for _, flag := range command.Flags {
			if slices.Contains(flag.Names(), name) {
				return flag
			}
		}
	}
	return nil
}

func named(name string, commands []*cli.Command) *cli.Command {
	for _, command := range commands {
		if command.Name == name {
			return command
		}
	}
	return nil
}

func takesValue(flag cli.Flag) bool {
	doc, ok := flag.(cli.DocGenerationFlag)
	return ok && doc.TakesValue()
}
