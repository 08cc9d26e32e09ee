package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// maxProject limits a project file and a baseline, in bytes.
const maxProject = 16 << 20

// projectFile is the project file in effect, and its folder. The zero projectFile
// is none.
type projectFile struct {
	name   string // as a user opens it
	folder string // absolute
	// repo is the repository that what the file says must not lead out of; "" for a
	// file that the user names.
	repo string
	text *source.File
}

// findProject returns the project file that --config names, or else the nearest one
// from cwd upwards, no higher than the folder repo of .git and none without it. --config
// /dev/null is none.
func findProject(config, cwd, repo string) (p projectFile, err error) {
	switch config {
	case "":
	case os.DevNull:
		return p, nil
	default:
		text, err := readFile(config)
		return newProject(config, cwd, "", text, err)
	}
	if repo == "" {
		return p, nil
	}
	for dir := cwd; ; dir = filepath.Dir(dir) {
		name := filepath.Join(dir, project.FileName)
		if text, err := readWithin(repo, name); !errors.Is(err, fs.ErrNotExist) {
			return newProject(name, cwd, repo, text, err)
		}
		if dir == repo || dir == filepath.Dir(dir) {
			return p, nil
		}
	}
}

func newProject(name, cwd, repo, text string, err error) (projectFile, error) {
	abs := name
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(cwd, name)
	}
	if shown := asOpened(abs, cwd); shown != abs {
		name = shown
	}
	if err != nil {
		return projectFile{}, fmt.Errorf("cannot read the project file %s: %w", name, cause(err))
	}
	return projectFile{name, filepath.Dir(abs), repo, &source.File{Name: filepath.ToSlash(abs), Real: filepath.ToSlash(abs), Text: text}}, nil
}

// unused returns a message about a project file in the current directory that is not in
// a repository.
func (s *scene) unused() string {
	if _, err := os.Lstat(filepath.Join(s.cwd, project.FileName)); err != nil || s.repo != "" {
		return ""
	}
	return fmt.Sprintf("%s is not used, since it is not in a git repository; --config %s uses it", project.FileName, project.FileName)
}

// stays returns an error if what a project file found upwards says, a path of this
// machine, leads out of its repository.
func (p projectFile) stays(what, said, path string) error {
	if p.repo == "" {
		return nil
	}
	if _, ok := tree.Below(path, p.repo); ok {
		if _, ok := tree.Below(tree.Resolved(path), tree.Resolved(p.repo)); ok {
			return nil
		}
	}
	return fmt.Errorf("%s: %s: %s is outside the repository %s; --config %s allows it", p.name, what, said, p.repo, p.name)
}

// readProject reads the project file and prints its problems; sound is false then.
// config is nil for invalid YAML.
func (c command) readProject(p projectFile) (config *project.Config, sound bool) {
	if p.text == nil {
		return &project.Config{}, true
	}
	config, problems := project.Read(p.text, c.rules)
	for _, problem := range problems {
		c.complain("%s: %s", placed(p.name, problem.At), problem.Message)
	}
	return config, len(problems) == 0
}

// placed returns name:line:column, or name alone for a problem of the whole
// file.
func placed(name string, at source.Span) string {
	if at.IsZero() {
		return name
	}
	begin := at.Begin()
	return fmt.Sprintf("%s:%d:%d", name, begin.Line, begin.Column)
}

// rootOf returns the folder that / means according to a project file.
func (p projectFile) rootOf(config *project.Config) string {
	if path.IsAbs(config.Root) {
		return path.Clean(config.Root)
	}
	return filepath.Join(p.folder, config.Root)
}
