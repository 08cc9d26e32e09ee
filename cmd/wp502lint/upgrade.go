package main

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
	"github.com/wp502lint/wp502lint/upgrade"
)

const upgradeHelp = `Plan how a host or a project goes to another PHP version without a failed
request: pools, settings, the lines of nginx and Apache, and the commands in
their order. All is checked with the plan; without --write nothing changes.

  wp502lint upgrade --from 8.2 --to 8.4 --root host --diff

Exit status: 0 if there is no error after the plan, 1 if there is one or the
plan is refused, 2 if something cannot be read or written.`

// upgradeWishes are the options of upgrade.
type upgradeWishes struct {
	wishes
	from, to    string
	in          []string
	drop        bool
	diff, write bool
	format      string
}

func upgradeCommand(c command) *cli.Command {
	flags := []cli.Flag{
		text("from", "VERSION", "the PHP version that answers now, such as 8.2"),
		text("to", "VERSION", "the PHP version that is to answer, such as 8.4"),
		list("in", "PATH", "move only the sites in this file or folder; repeatable"),
		toggle("drop-old", "also stop and disable the old PHP-FPM"),
		toggle("keep-old", "leave the old PHP-FPM running (default)"),
		toggle("diff", "print the changes as a patch"),
		toggle("write", "change the files"),
		stringFlag{&cli.StringFlag{Name: "format", Usage: "`F` text (default), json or markdown"}},
	}
	return &cli.Command{
		Name: "upgrade", Description: upgradeHelp,
		Flags: slices.Concat(flags, chosen(targetFlags(), "root", "facts", "memory", "config"), common()),
		Action: func(ctx *cli.Context) error {
			w, err := readUpgrade(ctx, c)
			if err != nil {
				return err
			}
			return c.upgrade(ctx.App.Writer, w)
		},
	}
}

func readUpgrade(ctx *cli.Context, c command) (w upgradeWishes, err error) {
	if w.wishes, err = readWishes(ctx, c.rules); err != nil {
		return w, err
	}
	if w.format, err = oneOf(ctx, "format", "text", "json", "markdown"); err != nil {
		return w, err
	}
	w.from, w.to, w.in = ctx.String("from"), ctx.String("to"), present(ctx.StringSlice("in"))
	w.drop, w.diff, w.write = ctx.Bool("drop-old"), ctx.Bool("diff"), ctx.Bool("write")
	if w.root == "" {
		w.root = "/"
	}
	switch {
	case w.from == "" || w.to == "":
		err = errors.New("upgrade needs --from and --to, such as --from 8.2 --to 8.4")
	case len(w.args) > 0:
		err = fmt.Errorf("upgrade takes no path, and looks at all of --root; --in %s moves only the sites in it", w.args[0])
	case w.diff && w.write:
		err = errors.New("--diff and --write exclude each other")
	case w.drop && ctx.Bool("keep-old"):
		err = errors.New("--drop-old and --keep-old exclude each other")
	case w.drop && w.in != nil:
		err = errors.New("--drop-old cannot be used with --in: the other sites still need the old PHP-FPM")
	}
	return w, err
}

// upgrade plans, and prints or writes the plan.
func (c command) upgrade(stdout io.Writer, w upgradeWishes) error {
	in, err := c.inspect(w.wishes)
	if err != nil {
		return err
	}
	o := upgrade.Options{Engine: in.Options, From: w.from, To: w.to, DropOld: w.drop}
	o.Engine.Paths = nil
	if o.In, err = inside(in, w.in); err != nil {
		return err
	}
	p, err := upgrade.Make(o)
	if err != nil {
		return err
	}
	trouble := c.failures(in, p.Result)
	if w.write && p.Holds() {
		if err := in.amend(p); err != nil {
			return err
		}
	}
	if w.diff {
		if p.Refused != "" {
			c.complain("%s", p.Refused)
		}
		if err := c.printPlan(stdout, in.scene, p); err != nil {
			return err
		}
	} else if err := printUpgrade(stdout, in, p, w); err != nil {
		return err
	}
	switch {
	case trouble || p.Unread:
		return errSaid
	case p.Failed():
		return errFindings
	}
	return nil
}

// inside returns paths as they are in the root: absolute ones start there.
func inside(in *inspection, paths []string) (list []string, err error) {
	for _, name := range paths {
		clean := path.Clean("/" + strings.TrimPrefix(name, "/"))
		if rest, ok := tree.Below(name, in.scene.root); ok && in.scene.root != "/" && !inRoot(in, clean) {
			clean = path.Clean("/" + rest)
		}
		if !inRoot(in, clean) {
			return nil, fmt.Errorf("--in %s: no such file or folder in the root", name)
		}
		list = append(list, clean)
	}
	return list, nil
}

func inRoot(in *inspection, name string) bool {
	_, err := in.Tree.Stat(name)
	return err == nil
}

func printUpgrade(stdout io.Writer, in *inspection, p *upgrade.Plan, w upgradeWishes) error {
	look := upgrade.Print{Version: version(), Path: in.scene.shown, Written: w.write && p.Holds() && !p.Empty()}
	switch {
	case p.Unread:
		look.Exit = 2
	case p.Failed():
		look.Exit = 1
	}
	switch w.format {
	case "json":
		return upgrade.JSON(stdout, p, look)
	case "markdown":
		return upgrade.Markdown(stdout, p, look)
	}
	return upgrade.Text(stdout, p, look)
}

// amend writes the files of a plan.
func (in *inspection) amend(p *upgrade.Plan) error {
	var failed *tree.ReplaceError
	if err := uninterrupted(func() error { return in.Tree.Amend(p.Files) }); !errors.As(err, &failed) {
		return err
	}
	return fmt.Errorf("nothing written: %s: %w; if the host has changed, plan again", in.scene.shown(&source.File{Name: failed.Real}), failed.Err)
}

// printPlan prints the changes of a plan as a patch.
func (c command) printPlan(stdout io.Writer, s *scene, p *upgrade.Plan) error {
	hides := false
	read := map[string]*source.File{}
	for _, in := range p.Result.Files {
		if in.File != nil {
			read[in.File.Real] = in.File
		}
	}
	for _, a := range p.Files {
		hidden, err := patch(stdout, a, read, report.Options{Path: s.uri})
		if err != nil {
			return err
		}
		hides = hides || hidden
	}
	if hides {
		c.complain("secrets and control characters are not printed as they are, so this patch cannot be applied; --write changes the files")
	}
	return nil
}

// patch prints one change of a plan. read are the files that were read, by their resolved names.
func patch(w io.Writer, a tree.Amendment, read map[string]*source.File, o report.Options) (hidden bool, err error) {
	before, after := &source.File{Name: a.Name, Real: a.Name, Text: a.Old}, &source.File{Name: a.Name, Real: a.Name, Text: a.New}
	switch a.Kind {
	case tree.Edit:
		if f := read[a.Name]; f != nil {
			before = f
		}
		return report.Diff(w, before, after, o)
	case tree.RemoveLink:
		return report.Patch(w, before, nil, true, nil, o)
	}
	return report.Patch(w, nil, after, a.Kind == tree.MakeLink, read[a.Like], o)
}
