package main

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// readTexts returns the texts that replace files of the tree, by their paths inside the
// root: those of --overlay, and standard input for --stdin-filename.
func (in *inspection) readTexts(stdin io.Reader) (map[string]string, error) {
	texts := map[string]string{}
	put := func(flag, name, text string) error {
		at, err := in.scene.real(name)
		if err != nil {
			return fmt.Errorf("%s %w", flag, err)
		}
		if info, err := in.Tree.Stat(at); err == nil && info.Type == tree.Dir {
			return fmt.Errorf("%s %s is a directory; name a file", flag, name)
		}
		if info, err := in.Tree.Stat(path.Dir(at)); err == nil && info.Type != tree.Dir {
			return fmt.Errorf("%s %s: %s is not a directory", flag, name, path.Dir(name))
		}
		// A link and its target are one file.
		if there, err := in.Tree.Open(at); err == nil {
			at = there.Real
		}
		if _, twice := texts[at]; twice {
			return fmt.Errorf("%s %s: this file is already replaced", flag, name)
		}
		texts[at] = text
		return nil
	}
	for _, overlay := range in.overlays {
		name, file, ok := strings.Cut(overlay, "=")
		if !ok || name == "" || file == "" {
			return nil, fmt.Errorf("--overlay takes REAL=TEMP, not %q; TEMP is read in place of REAL", overlay)
		}
		text, err := in.scene.readNamed(file)
		if err != nil {
			return nil, fmt.Errorf("--overlay %s: cannot read %s: %w", name, file, err)
		}
		if err := put("--overlay", name, text); err != nil {
			return nil, err
		}
	}
	if in.stdin != "" {
		text, err := readLimited(stdin, maxProject)
		if err != nil {
			return nil, fmt.Errorf("cannot read standard input: %w", err)
		}
		if err := put("--stdin-filename", in.stdin, text); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// real returns the path inside the root of a file that gets another text. An editor
// names its file by the path on this machine, which may be inside the folder that
// is the root.
func (s *scene) real(name string) (string, error) {
	if path.IsAbs(name) {
		for _, root := range []string{s.root, tree.Resolved(s.root)} {
			if in, ok := tree.Below(path.Clean(name), root); ok && root != "/" {
				return "/" + in, nil
			}
		}
		if s.root != "/" && !s.named {
			return "", fmt.Errorf("%s is outside the root %s; name what to lint as well, such as %s", name, s.root, path.Dir(name))
		}
	}
	in, why := s.inside(name, s.cwd)
	if why != "" {
		return "", errors.New(why)
	}
	return in, nil
}

// readLimited reads all of r, at most limit bytes.
func readLimited(r io.Reader, limit int64) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return "", cause(err)
	case int64(len(text)) > limit:
		return "", fmt.Errorf("larger than %d MiB", limit>>20)
	}
	return string(text), nil
}
