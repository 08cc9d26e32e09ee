package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// readFile reads a file that a user names outside of every root. Of what is not a
// regular file it reads only what a shell passes for --facts <(…): another FIFO may
// never have a writer.
func readFile(name string) (string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return "", cause(err)
	}
	if !info.Mode().IsRegular() && !strings.HasPrefix(filepath.ToSlash(name), "/dev/") && !strings.HasPrefix(name, "/proc/") {
		return "", irregular(info.Mode())
	}
	f, err := os.Open(name)
	if err != nil {
		return "", cause(err)
	}
	defer f.Close()
	return readLimited(f, maxProject)
}

// readNamed reads a file that a flag names. One in the repository is not a link to a file
// elsewhere: whoever sent the repository did not choose what is read.
func (s *scene) readNamed(name string) (string, error) {
	abs := name
	if !filepath.IsAbs(name) {
		abs = filepath.Join(s.cwd, name)
	}
	if _, ok := tree.Below(abs, s.repo); ok && s.repo != "" {
		if info, err := os.Lstat(abs); err == nil && info.Mode()&fs.ModeSymlink == 0 && !info.Mode().IsRegular() {
			return "", irregular(info.Mode())
		}
		text, err := readWithin(s.repo, abs)
		return text, cause(err)
	}
	return readFile(name)
}

// irregular says what a file is that is not a regular one.
func irregular(mode fs.FileMode) error { return fmt.Errorf("is %s", tree.TypeOf(mode)) }

// readWithin reads the file name, which the user does not name, in the folder dir. It must
// be a regular file there. A link to a missing file is an error, but not fs.ErrNotExist.
func readWithin(dir, name string) (string, error) {
	in, ok := tree.Below(name, dir)
	if !ok {
		return "", tree.ErrOutside
	}
	if _, err := os.Lstat(name); err != nil {
		return "", err
	}
	t, err := tree.New(dir)
	if err != nil {
		return "", err
	}
	t.MaxFile = maxProject
	text, err := t.Open(in)
	if errors.Is(err, fs.ErrNotExist) {
		return "", errors.New("symbolic link leads to no file in " + dir)
	}
	return text.Content, err
}
