package main

import "github.com/urfave/cli/v2"

// The kinds of flags: those of the library, with cheap names. Before a command
// runs, the library compares every flag with all others, and computes the names
// with a regular expression each time, which takes a seventh of a run on one
// site.
type (
	stringFlag struct{ *cli.StringFlag }
	listFlag   struct{ *cli.StringSliceFlag }
	boolFlag   struct{ *cli.BoolFlag }
	// fixFlag is on, off, or all: alone it is on, as a boolFlag is.
	fixFlag struct{ *cli.StringFlag }
)

// Names returns the name and the aliases.
func (f stringFlag) Names() []string { return append([]string{f.Name}, f.Aliases...) }

// Names returns the name and the aliases.
func (f listFlag) Names() []string { return append([]string{f.Name}, f.Aliases...) }

// Names returns the name and the aliases.
func (f fixFlag) Names() []string { return append([]string{f.Name}, f.Aliases...) }

// TakesValue returns false: a value can follow only after an equals sign.
func (f fixFlag) TakesValue() bool { return false }

// Names returns the name and the aliases.
func (f boolFlag) Names() []string { return append([]string{f.Name}, f.Aliases...) }
