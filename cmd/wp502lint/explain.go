package main

import (
	"errors"
	"io"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/docs"
)

const explainHelp = `Show the page of a rule: a failing example, a correct one, the reason, and the
log lines that the servers write.

  wp502lint explain WP201
  wp502lint explain socket-mismatch`

func explainCommand(c command) *cli.Command {
	return &cli.Command{
		Name: "explain", Description: explainHelp, Flags: common(),
		Action: func(ctx *cli.Context) error {
			if ctx.NArg() != 1 {
				return errors.New("explain needs a rule, e.g. wp502lint explain WP201")
			}
			rule, err := lookup(c.rules, ctx.Args().First())
			if err != nil {
				return err
			}
			_, err = io.WriteString(ctx.App.Writer, docs.Page(rule))
			return err
		},
	}
}
