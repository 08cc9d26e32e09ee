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
)

// maxProject limits a project file and a baseline, in bytes.
const maxProject = 16 << 20

// projectFile is the project file in effect, and its folder. The zero projectFile
// is none.
type projectFile struct {
	name   string // as a user opens it
	folder string // absolute
	text   *source.File
}

// findProject returns the project file that --config names, or else the nearest one
// from cwd upwards, no higher than the folder repo of .git. --config /dev/null is none.
func findProject(config, cwd, repo string) (p projectFile, err error) {
	switch config {
	case "":
	case os.DevNull:
		return p, nil
	default:
		return openProject(config, cwd)
	}
	for dir := cwd; ; dir = filepath.Dir(dir) {
		p, err = openProject(filepath.Join(dir, project.FileName), cwd)
		if !errors.Is(err, fs.ErrNotExist) {
			return p, err
		}
		if dir == repo || dir == filepath.Dir(dir) {
			return projectFile{}, nil
		}
	}
}

func openProject(name, cwd string) (p projectFile, err error) {
	abs := name
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(cwd, name)
	}
	if in, ok := below(abs, cwd); ok && in != "" {
		name = in
	}
	text, err := readFile(abs)
	if err != nil {
		return p, fmt.Errorf("cannot read the project file %s: %w", name, err)
	}
	return projectFile{name, filepath.Dir(abs), &source.File{Name: filepath.ToSlash(abs), Real: filepath.ToSlash(abs), Text: text}}, nil
}

// readFile reads a file that a user names outside of every root. It also reads
// what is not a regular file, as a shell passes for --facts <(…).
func readFile(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", cause(err)
	}
	defer f.Close()
	return readLimited(f, maxProject)
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
