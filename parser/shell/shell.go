// Package shell reads what a shell script does to the machine that it runs on, without
// running anything: the RUN lines of a Dockerfile, the scripts that start a container.
//
// What is literal is followed through variables, branches and loops: files that are
// written, edited, moved and removed, accounts, packages, and the programs that start.
// Whatever else may have changed a file is a doubt about that file, or about the lines
// that it may have changed.
package shell

import (
	"github.com/wp502lint/wp502lint/source"
)

// Script is a script as a shell reads it.
type Script struct {
	Text string
	// At is where Text is written: as long as Text, and the same but for bytes that the
	// language around it takes out. Zero if the project holds no such place.
	At source.Span

	// execline is set if no shell reads it, and so refuses nothing of it.
	execline bool
}

// Whole returns the script that is the whole of f.
func Whole(f *source.File) Script { return Script{Text: f.Text, At: f.Span(0, len(f.Text))} }

// Flavor is the program that reads a script. They differ in what echo does with a
// backslash, in [[ and in braces.
type Flavor uint8

// The flavors of shells.
const (
	Sh   Flavor = iota // which one is not known
	Dash               // sh of Debian and Ubuntu
	Ash                // sh of BusyBox: Alpine
	Bash               // bash, and sh of Red Hat's distributions
)

// Env is what a script starts with.
type Env struct {
	// Vars are the variables of the environment. A value that is not known, or of which a
	// part is not, has a Hole.
	Vars map[string]source.Text
	// Open is set if there may be more variables than Vars: the image is not known.
	Open bool
	// Settable is set if what runs the script may set more variables than Vars. Conditions take one
	// without a value for unset, but in a text that the script writes it is unknown.
	Settable bool
	Dir      string // the working directory, absolute
	// Args are $0, $1 …
	Args []source.Text
	// Flavor is the shell that reads the script itself, and Sh is what /bin/sh is on the
	// machine.
	Flavor, Sh Flavor
	// Exit is set if the first command that fails ends the script: sh -e.
	Exit bool
	// Works is set if the script is known to work, as one that an image was built with: a
	// file that a command needs exists then, and was made by something not understood.
	Works bool
	// Budget is what the script may cost together with others; nil: it has one of its own.
	Budget *Budget
}

// Result is how a script ends.
type Result struct {
	// Failed is set if the script certainly ends with an error, because of the command
	// at FailedAt, and Refused if that is one that only fails: exit 1, false.
	Failed, Refused bool
	FailedAt        source.Span
	// Lost are the files that it edits and that certainly do not exist, though Works is set: it
	// ran on another machine than the one that it was followed on.
	Lost []Lost
	// Stays is set if the script does not end by itself: it waits for a program, or has
	// become one that stays.
	Stays bool
	// Vars are the exported variables at the end of the script.
	Vars map[string]source.Text
	// Dir is the working directory at the end; it may have a Hole.
	Dir      string
	Problems []source.Problem
}

// Lost is a file that is missing, and the command that edits it.
type Lost struct {
	Name string
	At   source.Span
}

// Run follows a script on w.
func Run(s Script, env *Env, w World) *Result {
	in := newInterp(s, env, w)
	in.run()
	return in.end()
}

// Exec follows a program with its arguments, as the first one of a container: a script of
// w, a shell with commands after -c, a wrapper such as tini, or a server.
func Exec(args []source.Text, at source.Span, env *Env, w World) *Result {
	in := newInterp(Script{}, env, w)
	in.exec = true
	in.status = in.execute(args, at, false)
	return in.end()
}

func (in *interp) end() *Result {
	r := in.result
	r.Vars, r.Dir, r.Stays = in.exported(), in.dir, in.stays
	if in.status == failed {
		r.Failed, r.Refused, r.FailedAt = true, in.refused, in.failedAt
	}
	return r
}
