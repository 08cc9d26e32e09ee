package main

import (
	"errors"
	"fmt"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/gittree"
	"github.com/wp502lint/wp502lint/tree"
)

// wishes are what check and baseline have in common: what to lint, and how. All
// are valid, except that paths are not checked yet.
type wishes struct {
	engine.Options // those that need no file
	root, config   string
	args           []string
	overlays       []string
	stdin          string
	accepted       string // the baseline; "": none
	newFrom        string // the revision that the files are compared with; "": none
	baselined      bool   // without accepted, the one of the project
	first          bool   // the baseline need not exist yet
	blank          bool   // no configuration is read
	given          given  // what wins over the project file
	lints, audits  bool   // the project file may name a baseline, and a preset
}

// inspection is an engine for the wishes of the user, and what the program needs
// besides it.
type inspection struct {
	wishes
	scene  *scene
	sound  bool // the project file is valid
	engine *engine.Engine
	// texts are those of the overlays, by their paths inside the root.
	texts map[string]string
	past  *gittree.Revision // of newFrom; nil: none
	// outside are messages about the paths that are in no root.
	outside []string
}

// lint lints the files with the texts of the overlays.
func (in *inspection) lint() *engine.Result { return in.engine.Lint(in.texts) }

// inspect prepares a run.
func (c command) inspect(w wishes) (in *inspection, err error) {
	in = &inspection{wishes: w}
	if in.scene, err = newScene(); err != nil {
		return nil, err
	}
	file, err := findProject(w.config, in.scene.cwd, in.scene.repo)
	if err != nil {
		return nil, err
	}
	if why := in.scene.unused(); why != "" && w.config == "" {
		c.complain("%s", why)
	}
	if in.Project, in.sound = c.readProject(file); in.Project == nil {
		return nil, errSaid
	}
	if w.blank {
		in.scene.root, in.Paths = in.scene.cwd, []string{}
		in.engine, err = engine.Open(in.Options)
		return in, err
	}
	if in.outside, err = in.scene.look(w.root, w.args, file, in.Project); err != nil {
		return nil, err
	}
	if len(w.args) > 0 {
		// Not nil, which would mean all files, when no path is in the root.
		in.Paths = append([]string{}, in.scene.paths...)
	}
	if err := in.accept(file); err != nil {
		return nil, err
	}
	if in.Baseline, err = in.readBaseline(); err != nil {
		return nil, err
	}
	if in.Tree, err = tree.New(in.scene.root); err != nil {
		return nil, fmt.Errorf("cannot read the root %w", err)
	}
	if err = in.compare(); err != nil {
		return nil, err
	}
	if in.texts, err = in.readTexts(c.stdin); err != nil {
		return nil, err
	}
	if in.engine, err = engine.Open(in.Options); err != nil {
		return nil, errors.New("--disable and the project file leave no rule to run")
	}
	return in, nil
}
