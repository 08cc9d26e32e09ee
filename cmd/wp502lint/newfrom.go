package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"

	"github.com/wp502lint/wp502lint/gittree"
	"github.com/wp502lint/wp502lint/project"
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
	if in.config == "" || in.scene.project.text != nil {
		if err := in.compareProject(repo); err != nil {
			return fmt.Errorf("--new-from %s: %w", in.newFrom, err)
		}
	}
	return nil
}

// compareProject makes the settings of the project file as it was those of the files as they
// were, if it was in the repository.
func (in *inspection) compareProject(repo string) error {
	before, err := in.repositoryBefore(repo)
	if err != nil {
		return err
	}
	file, known := in.projectBefore(before, tree.Resolved(repo))
	if !known {
		return nil
	}
	was := in.scene.aside()
	was.adopt(file)
	config := &project.Config{}
	if file.text != nil {
		config, _ = project.Read(file.text, in.Catalogue)
		// Findings about a file outside of the root have the name that it gets there.
		if _, inside := tree.Below(filepath.Join(tree.Resolved(file.folder), path.Base(file.text.Name)), tree.Resolved(was.root)); !inside {
			in.Base = tree.Overlay(in.Base, map[string]string{file.text.Real: file.text.Text})
		}
	}
	if config == nil || in.Paths == nil && was.enter(file, config) != nil {
		return nil
	}
	config.Relative = was.relativeTo(file.folder)
	in.BaseProject = config
	return nil
}

// repositoryBefore returns all files of the repository as they were.
func (in *inspection) repositoryBefore(repo string) (*tree.Tree, error) {
	if in.Tree.Root() == repo {
		return in.Base, nil
	}
	now, err := tree.New(repo)
	if err != nil {
		return nil, err
	}
	return in.past.Tree(now)
}

// projectBefore returns the project file that was in effect: the one with the name of
// --config, else the nearest one upwards, which may be another one than today's. It is zero if
// there was none; known is false outside of the repository and if it cannot be read.
func (in *inspection) projectBefore(before *tree.Tree, repo string) (file projectFile, known bool) {
	folder, name, home := in.scene.cwd, project.FileName, in.scene.repo
	if in.config != "" {
		today := in.scene.project
		folder, name, home = today.folder, filepath.Base(today.name), ""
	}
	for {
		at, ok := tree.Below(tree.Resolved(folder), repo)
		if !ok {
			return projectFile{}, known
		}
		known = true
		text, err := before.Open(path.Join("/", at, name))
		if err == nil {
			file, _ = newProject(filepath.Join(folder, name), in.scene.cwd, home, text.Content, nil)
			return file, true
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return projectFile{}, false
		}
		if at == "" || in.config != "" {
			return projectFile{}, true
		}
		folder = filepath.Dir(folder)
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
