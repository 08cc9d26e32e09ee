package main

import (
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/urfave/cli/v2"
)

const versionHelp = `Print the version, and the commit that it was built from if that is known.

  wp502lint version`

func versionCommand() *cli.Command {
	return &cli.Command{
		Name: "version", Description: versionHelp, Flags: common(),
		Action: func(ctx *cli.Context) error {
			if ctx.NArg() > 0 {
				return fmt.Errorf("version takes no %q", ctx.Args().First())
			}
			return printVersion(ctx.App.Writer)
		},
	}
}

func printVersion(w io.Writer) error {
	info, _ := debug.ReadBuildInfo()
	_, err := fmt.Fprintln(w, "wp502lint", describeBuild(info))
	return err
}

// version returns the version that the Go tool stamped on the program, as reports have it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// shortCommit is how many digits of a commit people compare.
const shortCommit = 7

// describeBuild returns the version of a build, with its commit, the date of that, and whether
// files were changed since. A build of a downloaded module has a version alone. info may be nil.
func describeBuild(info *debug.BuildInfo) string {
	if info == nil {
		return "(devel)"
	}
	said := info.Main.Version
	if said == "" {
		said = "(devel)"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	commit := settings["vcs.revision"]
	if commit == "" {
		return said
	}
	from := []string{"commit " + commit[:min(len(commit), shortCommit)]}
	if date, _, _ := strings.Cut(settings["vcs.time"], "T"); date != "" {
		from = append(from, date)
	}
	if settings["vcs.modified"] == "true" {
		from = append(from, "modified")
	}
	return said + " (" + strings.Join(from, ", ") + ")"
}
