//go:build linux

package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lab/mutate"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// Stack is a healthy host from which mutants are made.
type Stack struct {
	mutate.Stack
	// Model is the stack as the linter sees it.
	Model *stack.Stack
	// Host is the healthy host, without requests.
	Host *Host

	programs Programs
}

// packaged are the trees that Debian's packages install.
var packaged = []string{"/etc/nginx", "/etc/php/8.2/fpm", "/etc/php/8.2/mods-available"}

// Stacks reads the healthy stacks of a folder, which p is to run. The one called
// debian is laid over the configuration that packages installed on this machine, and
// is skipped if they are not installed.
func Stacks(dir string, p Programs) ([]*Stack, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || names == nil {
		return nil, fmt.Errorf("no stacks in %s (%v)", dir, err)
	}
	var stacks []*Stack
	for _, name := range names {
		archive, err := os.ReadFile(filepath.Clean(name))
		if err != nil {
			return nil, err
		}
		c, err := cases.Parse(archive)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		s := &Stack{Stack: mutate.Stack{Name: strings.TrimSuffix(filepath.Base(name), ".txtar"), Case: flatten(c)}}
		if err := withPair(s.Case); err != nil {
			return nil, err
		}
		if s.Name == "debian" {
			if _, err := os.Stat(packaged[1]); err != nil {
				continue
			}
			if err := under(s.Case); err != nil {
				return nil, err
			}
		}
		if err := s.read(p); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		stacks = append(stacks, s)
	}
	return stacks, nil
}

// flatten returns a case that includes the files of its frame.
func flatten(c *cases.Case) *cases.Case {
	flat := &cases.Case{Header: c.Header}
	flat.NoFrame = true
	if flat.Today.IsZero() {
		flat.Today = cases.Frame().Today
	}
	texts := c.Texts()
	if !c.ApacheFrame {
		// Every host has what the packages of nginx install there.
		texts["/usr/share/nginx/.keep"] = ""
	}
	for name, text := range texts {
		flat.Files = append(flat.Files, cases.File{Name: name, Text: text})
	}
	slices.SortFunc(flat.Files, func(a, b cases.File) int { return strings.Compare(a.Name, b.Name) })
	return flat
}

// withPair adds the certificate and the key to a case that names them.
func withPair(c *cases.Case) error {
	if !slices.ContainsFunc(c.Files, func(f cases.File) bool { return strings.Contains(f.Text, mutate.Certificate) }) {
		return nil
	}
	pair, err := selfSigned()
	c.Files = append(c.Files, cases.File{Name: mutate.Certificate, Text: string(pair[0])}, cases.File{Name: mutate.Key, Text: string(pair[1])})
	return err
}

// under puts the packaged configuration of this machine below a case. Xdebug is left
// out: it is for development, and a finding of its own. So are the modules of nginx, which are in
// packages that not every machine has.
func under(c *cases.Case) error {
	for _, dir := range packaged {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.Contains(name, "xdebug") || strings.Contains(name, "modules-enabled") || strings.Contains(name, "-win") || strings.Contains(name, "koi-") {
				return err
			}
			if d.Type() == fs.ModeSymlink {
				target, err := os.Readlink(name)
				c.Links = append(c.Links, cases.Link{Name: name, Target: target})
				return err
			}
			text, err := os.ReadFile(filepath.Clean(name))
			c.Files = append(c.Files, cases.File{Name: name, Text: string(text)})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// read links the stack and determines the files it is started with.
func (s *Stack) read(p Programs) error {
	s.Model = s.Case.Link()
	s.Roles = map[string]source.Role{}
	for _, f := range s.Model.Files {
		if f.File != nil && f.Role != source.RoleNotLoaded {
			s.Roles[f.Real] = f.Role
		}
	}
	host, nginx := readHost(s.Case, p)
	host.Patience = hasty
	s.Host, s.programs = host, p
	switch {
	case host.Masters == nil:
		return errors.New("no main file of PHP-FPM")
	case nginx != nil:
		s.Main = nginx.Main.Source.Name
	case host.Apache != nil:
		s.Main = apacheMain(s.Case.Files)
		s.readApache()
	default:
		return errors.New("no main file of a web server")
	}
	return nil
}

// readApache determines the files of Apache by where they are.
func (s *Stack) readApache() {
	for _, f := range s.Case.Files {
		base := path.Base(f.Name)
		if base == ".htaccess" || strings.HasPrefix(f.Name, apacheRoot(s.Main)+"/") && (strings.HasSuffix(base, ".conf") || strings.HasSuffix(base, ".load")) {
			s.Roles[f.Name] = source.RoleApache
		}
	}
}

// requests returns the requests for the stack and for a case that was made of it.
func (s *Stack) requests(c *cases.Case, model *stack.Stack) []Request {
	if s.Host.Nginx != nil {
		return requestsTo(s.Model, model)
	}
	all := apacheRequests(s.Case.Files, s.Main)
	for _, r := range apacheRequests(c.Files, s.Main) {
		if !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	for i := range all {
		all[i].Path = "/index.php"
	}
	return all
}
