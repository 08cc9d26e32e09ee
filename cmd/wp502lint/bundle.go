package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/bundle"
	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/tree"
)

// bundling is a bundle to write, and what must stay as it is.
type bundling struct {
	name     string
	unmasked bool
	zone     string // of --tz
	// inputs are what was read: logs and configuration, as they are opened.
	inputs []string
}

// readBundling reads the flags about a bundle; nil if none is to be written. Inputs are the arguments.
func readBundling(ctx *cli.Context, inputs []string) (*bundling, error) {
	b := &bundling{name: ctx.String("bundle"), unmasked: ctx.Bool("unmasked"), zone: ctx.String("tz"), inputs: slices.Clone(inputs)}
	switch {
	case b.name == "" && b.unmasked:
		return nil, errors.New("--unmasked needs --bundle FILE")
	case b.name == "":
		return nil, nil
	}
	if facts := ctx.String("facts"); facts != "" {
		b.inputs = append(b.inputs, facts)
	}
	return b, nil
}

// ready returns an error for a file that cannot be the bundle, before the run and again when it is
// written.
func (b *bundling) ready(at *scene) error {
	if b.name == "-" {
		return errors.New("--bundle needs the name of a file, such as case.md or case.zip")
	}
	fail := func(why error) error { return fmt.Errorf("cannot write the bundle %s: %w", b.name, why) }
	if info, err := os.Stat(filepath.Dir(b.name)); err != nil || !info.IsDir() {
		return fail(fmt.Errorf("%s is not a directory", filepath.Dir(b.name)))
	}
	if err := at.planted(b.name); err != nil {
		return fail(err)
	}
	info, err := os.Stat(b.name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fail(cause(err))
	case !info.Mode().IsRegular():
		return fail(irregular(info.Mode()))
	}
	for _, input := range b.inputs {
		if read, err := os.Stat(input); err == nil && os.SameFile(read, info) {
			return fail(errors.New("is one of the inputs; choose another name"))
		}
	}
	if !isBundle(b.name) {
		return fail(errors.New("exists and is not a bundle; choose another name"))
	}
	return nil
}

// isBundle reports whether a file is a bundle that was written before, or empty.
func isBundle(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 4<<10))
	return err == nil && (len(head) == 0 || bytes.Contains(head, []byte(bundle.Mark)) || bytes.HasPrefix(head, []byte("PK")) && bytes.Contains(head, []byte(bundle.Name)))
}

// read notes the files of a run, and those that its flags name.
func (b *bundling) read(in *inspection, r *engine.Result, logs []string) {
	b.inputs = append(b.inputs, logs...)
	for _, f := range r.Files {
		b.inputs = append(b.inputs, filepath.Join(in.scene.root, f.Path))
	}
	if p := in.scene.project; p.text != nil {
		b.inputs = append(b.inputs, filepath.Join(p.folder, filepath.Base(p.name)))
	}
}

// write writes the bundle: a file that only its owner may read, all or nothing.
func (b *bundling) write(c command, in *inspection, of *bundle.Case) error {
	if err := b.ready(in.scene); err != nil {
		return err
	}
	write := bundle.Markdown
	if strings.EqualFold(filepath.Ext(b.name), ".zip") {
		write = bundle.Zip
	}
	if err := replaceFile(tree.Resolved(b.name), 0o600, func(w io.Writer) error { return write(w, of) }); err != nil {
		return fmt.Errorf("cannot write the bundle %s: %w", b.name, err)
	}
	if b.unmasked {
		c.complain("wrote %s, not masked: it may contain addresses, cookies and tokens", b.name)
	} else {
		c.complain("wrote %s; read it before you send it", b.name)
	}
	return nil
}

// caseOf returns what a bundle is made of.
func caseOf(in *inspection, r *engine.Result, config *diagnose.Config, d *diagnose.Diagnosis, kept *diagnose.Kept, b *bundling) *bundle.Case {
	return &bundle.Case{
		Diagnosis: d, Kept: kept, Stacks: r.Stacks, Report: r.Report, Tree: in.Tree,
		Cloudflare: in.Project != nil && in.Project.Cloudflare, Guessed: config.Guessed, Zone: b.zone, Version: version(), Now: time.Now(), Unmasked: b.unmasked, Path: in.scene.shown,
	}
}
