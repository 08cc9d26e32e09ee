package main

import (
	"cmp"
	"slices"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/inventory"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

const machinesHelp = `Print what was understood of each machine: the containers that the project
describes, or the host. It names what starts there, the files that this reads
and where they come from, the pools, the names that other containers use, and
where nginx or Apache connects to.

  wp502lint machines
  wp502lint machines --format json

PATHs are as for check.`

func machinesCommand(c command) *cli.Command {
	flags := chosen(targetFlags(), "root", "overlay", "stdin-filename", "facts", "config")
	format := stringFlag{&cli.StringFlag{Name: "format", Usage: "`F` text (default) or json"}}
	return &cli.Command{
		Name: "machines", Description: machinesHelp, Flags: slices.Concat([]cli.Flag{format}, flags, common()),
		Action: func(ctx *cli.Context) error {
			format, err := oneOf(ctx, "format", "text", "json")
			if err != nil {
				return err
			}
			w := wishes{
				root: ctx.String("root"), config: ctx.String("config"), args: ctx.Args().Slice(),
				overlays: present(ctx.StringSlice("overlay")), stdin: ctx.String("stdin-filename"),
				Options: engine.Options{Catalogue: []*lint.Rule{}}, // the model alone
			}
			if w.Host, err = overrides(ctx); err != nil {
				return err
			}
			return c.machines(ctx, w, format)
		},
	}
}

// machines prints the machines of a run.
func (c command) machines(ctx *cli.Context, w wishes, format string) error {
	in, err := c.inspect(w)
	if err != nil {
		return err
	}
	r := in.lint()
	all := inventory.Of(r.Stacks, c.rules)
	trouble := false
	if len(all) > 0 {
		trouble = c.failures(in, r)
	} else {
		trouble = c.complaints(in, r)
	}
	look := inventory.Options{Version: version(), Path: in.scene.shown, Root: cmp.Or(in.scene.shown(&source.File{Name: "/"}), ".")}
	write := inventory.Text
	if format == "json" {
		write = inventory.JSON
	}
	if err := write(ctx.App.Writer, all, look); err != nil {
		return err
	}
	if trouble || !in.sound {
		return errSaid
	}
	return nil
}
