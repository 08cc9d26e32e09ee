package main

import "github.com/urfave/cli/v2"

// The kinds of flags. They are those of the library with names that cost nothing:
// it looks every flag up among all the others before a command runs, and asks a
// regular expression for the names each time, a seventh of a run on one site.
type (
	stringFlag struct{ *cli.StringFlag }
	listFlag   struct{ *cli.StringSliceFlag }
	boolFlag   struct{ *cli.BoolFlag }
)

// Names returns the name and the aliases.
func (f stringFlag) Names() []string { return append([]string{f.Name}, f.Aliases...) }

// Names returns the name and the aliases.
func (f listFlag) Names() []string { return append([]string{f.Name}, f.Aliases...) }

// Names returns the name and the aliases.
func (f boolFlag) Names() []string { return append([]string{f.Name}, f.Aliases...) }
