package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/tree"
)

const factsHelp = `Print the facts of this host as JSON: memory and its limits, accounts,
/etc/hosts, the sockets and directories that its configuration names, and what
the workers of PHP-FPM use. Nothing is changed, and no environment and no
password is read. As root it sees more.

  sudo wp502lint facts > web1.json
  wp502lint check --facts web1.json --root rootfs /etc

PATHs are the configuration to read; without them, that of the packages.`

func factsCommand(c command) *cli.Command {
	return &cli.Command{
		Name: "facts", Description: factsHelp,
		Flags: append([]cli.Flag{text("output", "FILE", "the file to write the facts to")}, common()...),
		Action: func(ctx *cli.Context) error {
			paths := ctx.Args().Slice()
			if !allAbsolute(paths) {
				return fmt.Errorf("facts takes absolute paths of this host, not %q", paths[0])
			}
			if len(paths) == 0 {
				paths = []string{"/"}
			}
			t, err := tree.New("/")
			if err != nil {
				return fmt.Errorf("cannot read the root %w", err)
			}
			// Without rules, for the model alone.
			e, err := engine.Open(engine.Options{Tree: t, Paths: paths, Catalogue: []*lint.Rule{}})
			if err != nil {
				return err
			}
			r := e.Lint(nil)
			for _, f := range r.Failed {
				c.complain("%s", f.Message(f.Path))
			}
			err = c.writeFacts(ctx, host.Take(t, r.Stack.Paths(), time.Now()))
			if err == nil && len(r.Failed) > 0 {
				return errSaid
			}
			return err
		},
	}
}

// writeFacts writes the facts to stdout or a file.
func (c command) writeFacts(ctx *cli.Context, s *host.Snapshot) error {
	name := ctx.String("output")
	if name == "" || name == "-" {
		return report.WriteJSON(ctx.App.Writer, s)
	}
	at, err := newScene()
	if err == nil {
		err = at.planted(name)
	}
	if err == nil {
		err = replace(name, func(w io.Writer) error { return report.WriteJSON(w, s) })
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	return nil
}

// readFacts reads the file of --facts; nil when it is not given.
func readFacts(name string) (*host.Snapshot, error) {
	if name == "" {
		return nil, nil
	}
	at, err := newScene()
	if err != nil {
		return nil, err
	}
	text, err := at.readNamed(name)
	if err != nil {
		return nil, fmt.Errorf("--facts %s: %w", name, err)
	}
	s, err := host.ReadSnapshot(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("--facts %s: %w", name, err)
	}
	return s, nil
}
