package main

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/report"
)

const configHelp = `Create a project file, check it, or print its JSON Schema for an editor.

  wp502lint config init              write a commented .wp502lint.yaml
  wp502lint config verify            the nearest .wp502lint.yaml upwards
  wp502lint config verify FILE       this one
  wp502lint config schema > .wp502lint.schema.json

init replaces no file. An editor completes keys and rules if it starts with
# yaml-language-server: $schema=.wp502lint.schema.json`

func configCommand(c command) *cli.Command {
	return &cli.Command{
		Name: "config", Description: configHelp,
		Flags: append([]cli.Flag{text("config", "FILE", "project file; else the nearest .wp502lint.yaml"),
			stringFlag{&cli.StringFlag{Name: "output", Usage: "`FILE` for init: the file, or - to print it"}}}, common()...),
		Action: func(ctx *cli.Context) error {
			verb, err := verbOf(ctx, verbs["config"]...)
			if err != nil {
				return err
			}
			if verb != "verify" && ctx.NArg() > 1 || ctx.NArg() > 2 {
				return fmt.Errorf("config %s takes no %q", verb, ctx.Args().Get(ctx.NArg()-1))
			}
			if verb != "init" && ctx.String("output") != "" {
				return fmt.Errorf("config %s takes no --output", verb)
			}
			switch verb {
			case "init":
				return c.initialize(ctx)
			case "schema":
				_, err := ctx.App.Writer.Write(project.Schema(c.rules))
				return err
			}
			return c.verify(ctx, cmp.Or(ctx.Args().Get(1), ctx.String("config")))
		},
	}
}

// verify reports whether a project file is valid.
func (c command) verify(ctx *cli.Context, name string) error {
	s, err := newScene()
	if err != nil {
		return err
	}
	file, err := findProject(name, s.cwd, s.repo)
	if err != nil {
		return err
	}
	if why := s.unused(); file.text == nil && why != "" && name == "" {
		return errors.New(why)
	}
	if file.text == nil {
		return fmt.Errorf("no %s found here or in a parent folder; \"wp502lint config init\" creates one", project.FileName)
	}
	if _, sound := c.readProject(file); !sound {
		return errSaid
	}
	_, err = fmt.Fprintf(ctx.App.Writer, "%s is valid\n", report.Visible(file.name))
	return err
}
