package main

import (
	"fmt"
	"io"
	"os"
	"strconv"

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
		checkCommand(c), diagnoseCommand(c), machinesCommand(c), upgradeCommand(c), explainCommand(c), rulesCommand(c), baselineCommand(c), configCommand(c), factsCommand(c),
		completionCommand(c), helpCommand(c), versionCommand(),
	}
}

// run sorts args and runs the command that they name.
func run(a *cli.App, args []string) error {
	in, err := reorder(args, a.Commands)
	switch {
	case err != nil:
		return err
	case in.has("version"):
		return printVersion(a.Writer)
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
