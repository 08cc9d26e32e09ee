package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
)

// app describes the commands to the library, which then never prints an error
// or ends the process.
func app(out io.Writer, c command) *cli.App {
	a := &cli.App{
		Name: "wp502lint", Writer: out, ErrWriter: c.stderr,
		HideVersion: true, HideHelp: true, DisableSliceFlagSeparator: true,
		ExitErrHandler: func(*cli.Context, error) {},
		Commands:       commands(c),
	}
	for _, command := range a.Commands {
		command.HideHelp = true
		command.OnUsageError = func(_ *cli.Context, err error, _ bool) error { return err }
	}
	return a
}

// commands are all commands, in the order of the help.
func commands(c command) []*cli.Command {
	return []*cli.Command{
		checkCommand(c), diagnoseCommand(c), machinesCommand(c), explainCommand(c), rulesCommand(c), baselineCommand(c), configCommand(c), factsCommand(c),
		completionCommand(c),
	}
}

// commandWords are what an argument that is not a path may have been meant to
// be.
func commandWords() []string {
	return append([]string{"help", "version"}, names(commands(command{}))...)
}

// run sorts args and runs the command that they name.
func run(a *cli.App, args []string) error {
	in, err := reorder(args, a.Commands)
	switch {
	case err != nil:
		return err
	case in.has("version"):
		_, err := fmt.Fprintln(a.Writer, "wp502lint", version())
		return err
	case in.has("help") && in.command == "":
		_, err := io.WriteString(a.Writer, topHelp)
		return err
	case in.command == "":
		in.command = "check"
	}
	command := named(in.command, a.Commands)
	if in.has("help") {
		_, err := io.WriteString(a.Writer, help(command))
		return err
	}
	if err := environment(command); err != nil {
		return err
	}
	return a.Run(in.line())
}

// environment returns an error for a variable that turns a flag neither on nor
// off, clearer than that of the library.
func environment(command *cli.Command) error {
	for _, flag := range command.Flags {
		toggle, ok := flag.(boolFlag)
		if !ok {
			continue
		}
		for _, variable := range toggle.EnvVars {
			value := os.Getenv(variable)
			if _, err := strconv.ParseBool(value); err != nil && value != "" {
				return fmt.Errorf("%s takes true or false, not %q", variable, value)
			}
		}
	}
	return nil
}

// version returns the version that the Go tool stamped on the program.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// help returns the help of a command: its description, then its flags unless
// the description lists them.
func help(command *cli.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", strings.TrimSpace(command.Description))
	if strings.Contains(command.Description, "\nFlags") {
		return b.String()
	}
	b.WriteString("\nFlags:\n")
	for _, flag := range command.Flags {
		value, usage := describe(flag)
		fmt.Fprintf(&b, "  %-22s %s\n", strings.TrimSpace("--"+flag.Names()[0]+" "+value), usage)
	}
	return b.String()
}

// describe returns the name of a flag's value in the help, "" for a flag
// without one, and the text about the flag.
func describe(flag cli.Flag) (value, usage string) {
	doc, ok := flag.(cli.DocGenerationFlag)
	if !ok {
		return "", ""
	}
	if parts := strings.SplitN(doc.GetUsage(), "`", 3); len(parts) == 3 {
		return parts[1], strings.TrimSpace(parts[2])
	}
	return "", doc.GetUsage()
}
