package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// scene is where a run takes place: the root, the paths and the current
// directory.
type scene struct {
	cwd  string // absolute
	root string // absolute; means / in every configuration
	repo string // the folder of .git at or above cwd; "" when there is none
	// paths are what to lint, absolute inside root, and given is each as the
	// user wrote it.
	paths   []string
	given   map[string]string
	project projectFile
	named   bool // the user named the root
	entries bool // paths are what the project file names
}

// newScene returns the scene of the current directory.
func newScene() (*scene, error) {
	cwd, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	return &scene{cwd: cwd, repo: repository(cwd), given: map[string]string{}}, nil
}

// look finds the root and converts paths to paths inside it. The root is / when every
// path is absolute, else the project: the folder that the project file names or is in,
// the folder of .git, or the current directory. It also converts the main files that
// config names. outside are messages about the paths that are in no root.
func (s *scene) look(root string, args []string, file projectFile, config *project.Config) (outside []string, err error) {
	s.named = root != ""
	switch {
	case root != "":
		s.root, err = filepath.Abs(root)
	case len(args) > 0 && allAbsolute(args):
		s.root, err = filepath.Abs(filepath.VolumeName(args[0]) + "/") // C:\ on Windows
	case file.text != nil:
		s.root = file.rootOf(config)
		err = file.stays("root", config.Root, s.root)
	case s.repo != "":
		s.root = s.repo
	default:
		s.root = s.cwd
	}
	if err != nil {
		return nil, err
	}
	s.adopt(file)
	config.Relative = s.relativeTo(file.folder)
	if len(args) > 0 {
		for _, arg := range args {
			if in, why := s.inside(arg, s.cwd); why != "" {
				outside = append(outside, why+s.meant(arg))
			} else {
				s.add(in, arg)
			}
		}
		return outside, nil
	}
	s.entries = true
	if err := s.enter(file, config); err != nil {
		return nil, err
	}
	if root == "" && s.root == "/" && !config.Entries() {
		return nil, errors.New(`nothing to lint: the root would be that of this host; "wp502lint check /" lints it`)
	}
	if config.Searches() {
		s.add("/", s.root)
	}
	return nil, nil
}

// meant returns a hint about a relative PATH outside of the root that exists inside it.
func (s *scene) meant(arg string) string {
	if !s.named || !filepath.IsLocal(arg) {
		return ""
	}
	if _, err := os.Lstat(filepath.Join(s.root, arg)); err != nil {
		return ""
	}
	return "; did you mean " + path.Join("/", filepath.ToSlash(arg)) + "?"
}

// relativeTo returns a function that converts a path inside the root to one from folder.
func (s *scene) relativeTo(folder string) func(name string) string {
	return func(name string) string {
		in, err := filepath.Rel(folder, filepath.Join(s.root, name))
		if err != nil {
			return name
		}
		return filepath.ToSlash(in)
	}
}

// adopt names the project file by its path inside the root, which is the same on
// every machine.
func (s *scene) adopt(file projectFile) {
	s.project = file
	if file.text == nil {
		return
	}
	name := file.text.Name
	if in, ok := tree.Below(name, s.root); ok {
		name = in
	} else {
		name = path.Base(name)
	}
	file.text.Name, file.text.Real = path.Join("/", name), path.Join("/", name)
}

// enter converts the main files that config names to paths inside the root.
func (s *scene) enter(file projectFile, config *project.Config) (err error) {
	if config.Nginx, err = s.entriesOf("nginx", config.Nginx, file); err != nil {
		return err
	}
	if config.Apache, err = s.entriesOf("apache", config.Apache, file); err != nil {
		return err
	}
	config.FPM, err = s.entriesOf("fpm", config.FPM, file)
	return err
}

// aside returns a scene at the same place for another project file.
func (s *scene) aside() *scene {
	return &scene{cwd: s.cwd, root: s.root, repo: s.repo, given: map[string]string{}}
}

// entriesOf returns the paths inside the root of the main files that key of the project
// file names.
func (s *scene) entriesOf(key string, names []string, file projectFile) (paths []string, err error) {
	for _, name := range names {
		in, why := s.inside(name, file.folder)
		if why != "" {
			return nil, fmt.Errorf("%s: %s", file.name, why)
		}
		// Links in a root that is in the repository are resolved inside it.
		if file.stays(key, name, s.root) != nil {
			if err := file.stays(key, name, filepath.Join(s.root, in)); err != nil {
				return nil, err
			}
		}
		s.add(in, name)
		paths = append(paths, in)
	}
	return paths, nil
}

// inside converts a path that the user wrote to one inside the root: an absolute
// path is inside the root already, a relative one starts at from. why says why it
// has none.
func (s *scene) inside(arg, from string) (in, why string) {
	if arg == "" {
		return "", "a PATH is empty"
	}
	if rooted(arg) {
		return path.Clean(filepath.ToSlash(arg)), ""
	}
	abs := filepath.Clean(arg)
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(from, arg)
	}
	in, ok := tree.Below(abs, s.root)
	if !ok && !filepath.IsAbs(arg) {
		in, ok = tree.Below(filepath.Join(tree.Resolved(from), arg), tree.Resolved(s.root))
	}
	if !ok {
		return "", fmt.Sprintf("%s is outside the root %s", arg, s.root)
	}
	return "/" + in, ""
}

func (s *scene) add(inside, arg string) {
	if _, twice := s.given[inside]; !twice {
		s.paths = append(s.paths, inside)
		s.given[inside] = arg
	}
}

// shown returns the path of f from the current directory.
func (s *scene) shown(f *source.File) string {
	if f == s.project.text && f != nil {
		return s.project.name
	}
	return asOpened(filepath.Join(s.root, f.Name), s.cwd)
}

// uri returns the path of f from the root of the repository, for code scanning.
func (s *scene) uri(f *source.File) string {
	abs := filepath.Join(tree.Resolved(s.root), f.Real)
	if f == s.project.text {
		abs = filepath.Join(tree.Resolved(s.project.folder), path.Base(f.Name))
	}
	if in, ok := tree.Below(abs, tree.Resolved(cmp.Or(s.repo, s.cwd))); ok {
		return filepath.ToSlash(in)
	}
	return filepath.ToSlash(abs)
}

// failures returns a message for each path that could not be read, and forgets
// the path.
func (s *scene) failures(r *engine.Result) (messages []string) {
	for _, f := range r.Failed {
		arg := s.given[f.Path]
		message := f.Message(arg)
		if !f.Read {
			message += s.advice(arg)
		}
		messages = append(messages, message)
		delete(s.given, f.Path)
	}
	return messages
}

// read returns the paths that could be read, as the user wrote them.
func (s *scene) read() (args []string) {
	for _, p := range s.paths {
		if arg, ok := s.given[p]; ok {
			args = append(args, arg)
		}
	}
	return args
}

// advice returns a hint about a path that cannot be read.
func (s *scene) advice(arg string) string {
	if !strings.ContainsAny(filepath.ToSlash(arg), "/.") {
		if near := typo.Nearest(arg, names(commands(command{}))); near != "" {
			return fmt.Sprintf("; did you mean the command %s?", near)
		}
		if strings.Trim(arg, "abcdefghijklmnopqrstuvwxyz-") == "" {
			return `; "wp502lint help" lists the commands`
		}
	}
	if rooted(arg) && s.named {
		return fmt.Sprintf("; looked up in the root %s", s.root)
	}
	if !rooted(arg) || s.named || s.root == "/" || s.entries {
		return ""
	}
	if _, err := os.Stat(arg); err == nil {
		return fmt.Sprintf("; absolute paths are looked up in the root %s (--root / for this host)", s.root)
	}
	return ""
}

// rooted reports whether arg is a path from the root, as in configurations. On
// Windows C:\x does not: it starts at a drive.
func rooted(arg string) bool {
	return filepath.VolumeName(arg) == "" && path.IsAbs(filepath.ToSlash(arg))
}

// asOpened returns an absolute name as a user in the folder cwd opens it: relative to it if it is
// below.
func asOpened(name, cwd string) string {
	if in, ok := tree.Below(name, cwd); ok && in != "" {
		return in
	}
	return name
}

func allAbsolute(args []string) bool {
	return !slices.ContainsFunc(args, func(arg string) bool { return !rooted(arg) && !filepath.IsAbs(arg) })
}

// repository returns the folder at or above dir that holds .git, and "" when
// there is none.
func repository(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}
