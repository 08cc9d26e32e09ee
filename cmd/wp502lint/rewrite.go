package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// change is a new text for a file.
type change struct {
	name     string // the file itself, not a link to it
	shown    string // as a user opens it
	old, new string
}

// rewrite replaces files by new ones with the new texts. It writes nothing unless
// it can replace every file with its owner, mode and attributes kept. At every
// moment a file has either its old or its new text.
func rewrite(changes []change) error {
	temps := make([]string, 0, len(changes))
	defer func() {
		for _, temp := range temps {
			os.Remove(temp) // those that did not replace the file
		}
	}()
	for _, c := range changes {
		temp, err := c.prepare()
		if temp != "" {
			temps = append(temps, temp)
		}
		if err != nil {
			return fmt.Errorf("nothing is fixed: %s: %w", c.shown, err)
		}
	}
	for i, c := range changes {
		err := c.unchanged()
		if err == nil {
			err = os.Rename(temps[i], c.name)
		}
		if err != nil {
			return fmt.Errorf("%d of %d files are fixed: %s: %w", i, len(changes), c.shown, cause(err))
		}
		sync(filepath.Dir(c.name))
	}
	return nil
}

// prepare writes the new text to a file in the same directory. Its name starts with
// a dot, so that no include pattern of a server matches it.
func (c change) prepare() (temp string, err error) {
	info, err := os.Lstat(c.name)
	switch {
	case err != nil:
		return "", cause(err)
	case !info.Mode().IsRegular():
		return "", errors.New("it is not a regular file")
	case hardLinks(info) > 1:
		return "", errors.New("it has a second name (a hard link), which would keep the old text")
	}
	if err := c.unchanged(); err != nil {
		return "", err
	}
	dir, base := filepath.Split(c.name)
	temp = filepath.Join(dir, fmt.Sprintf(".%s.%08x.tmp", base, rand.Uint32()))
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", cause(err)
	}
	_, err = f.WriteString(c.new)
	err = cause(err)
	if err == nil {
		err = keep(f, c.name, info)
	}
	if err == nil {
		err = cause(f.Sync())
	}
	if closed := f.Close(); err == nil {
		err = cause(closed)
	}
	return temp, err
}

// unchanged returns an error if the file no longer has the text that was linted.
func (c change) unchanged() error {
	text, err := os.ReadFile(c.name)
	if err != nil {
		return cause(err)
	}
	if string(text) != c.old {
		return errors.New("it has changed meanwhile")
	}
	return nil
}

// sync makes renames in dir durable.
func sync(dir string) {
	if d, err := os.Open(dir); err == nil {
		d.Sync() // not every file system can, and the file is complete either way
		d.Close()
	}
}
