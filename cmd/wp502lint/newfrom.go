package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/wp502lint/wp502lint/gittree"
	"github.com/wp502lint/wp502lint/tree"
)

// compare makes the files of --new-from those that a run compares with. They are in the
// repository of the root, else in that of the current directory: a host may have one below.
func (in *inspection) compare() error {
	if in.newFrom == "" {
		return nil
	}
	repo := cmp.Or(repository(in.scene.root), in.scene.repo)
	if repo == "" {
		return errors.New("--new-from needs a git repository, and none is here or in a folder above; run it in one")
	}
	past, err := gittree.MergeBase(repo, in.newFrom)
	if err != nil {
		return fmt.Errorf("--new-from %s: %w", in.newFrom, err)
	}
	if in.Base, err = past.Tree(in.Tree); err != nil {
		return fmt.Errorf("--new-from %s: %w", in.newFrom, err)
	}
	in.past = past
	in.addProject(repo)
	return nil
}

// addProject adds the project file as it was, if it is outside of the root: findings about it
// have the name that it gets there.
func (in *inspection) addProject(repo string) {
	file := in.scene.project
	if file.text == nil {
		return
	}
	name := filepath.Join(resolved(file.folder), filepath.Base(file.name))
	if _, inside := below(name, resolved(in.scene.root)); inside {
		return
	}
	if name, ok := below(name, resolved(repo)); ok {
		if text, ok := in.past.File(name, maxProject); ok {
			in.Base = tree.Overlay(in.Base, map[string]string{file.text.Real: text})
		}
	}
}

// compared ends the comparison. The error is why git could not read all of it.
func (in *inspection) compared() error {
	if in.past == nil {
		return nil
	}
	if err := in.past.Close(); err != nil {
		return fmt.Errorf("--new-from %s: %w", in.newFrom, err)
	}
	return nil
}
