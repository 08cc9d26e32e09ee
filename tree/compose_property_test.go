package tree

import (
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// model is a root as a plain map: the texts of files by name, "/" for a directory and
// "-> target" for a link. It has no layers, and copies what a Composition borrows.
type model map[string]string

// real resolves a name as the kernel does, up to the last name that exists.
func (m model) real(name string, follow bool) (real string, ok bool) {
	rest := strings.Split(strings.Trim(name, "/"), "/")
	at := "/"
	for links := 0; len(rest) > 0; {
		base := rest[0]
		rest = rest[1:]
		if base == ".." {
			at = path.Dir(at)
			continue
		}
		next := path.Join(at, base)
		is, there := m[next]
		target, link := strings.CutPrefix(is, "-> ")
		switch {
		case link && (follow || len(rest) > 0):
			if links++; links > 40 {
				return "", false
			}
			rest = append(strings.Split(strings.Trim(target, "/"), "/"), rest...)
			if target[0] == '/' {
				at = "/"
			}
		case !there, len(rest) > 0 && is != "/":
			return path.Join(next, path.Join(rest...)), true
		default:
			at = next
		}
	}
	return at, true
}

// parents makes the directories above real, and reports whether it can.
func (m model) parents(real string) bool {
	dir := path.Dir(real)
	if dir == "/" {
		return true
	}
	if is, there := m[dir]; there {
		return is == "/"
	}
	if !m.parents(dir) {
		return false
	}
	m[dir] = "/"
	return true
}

func (m model) put(name string, follow bool, what string) {
	real, ok := m.real(name, follow)
	if ok && real != "/" && m[real] != "/" && m.parents(real) {
		m[real] = what
	}
}

func (m model) mkdir(name string) {
	real, ok := m.real(name, true)
	if _, there := m[real]; ok && real != "/" && !there && m.parents(real) {
		m[real] = "/"
	}
}

func (m model) remove(name string) {
	if real, ok := m.real(name, false); ok {
		for n := range m {
			if n == real || strings.HasPrefix(n, real+"/") {
				delete(m, n)
			}
		}
	}
}

// lay copies what from has at src to real.
func (m model) lay(real string, from model, src string) {
	is := from[src]
	if src == "/" {
		is = "/"
	}
	if is != "/" || real != "/" && m[real] != "/" {
		for n := range m {
			if strings.HasPrefix(n, real+"/") {
				delete(m, n)
			}
		}
		if real != "/" {
			m[real] = is
		}
	}
	for n := range from {
		if is == "/" && path.Dir(n) == src {
			m.lay(path.Join(real, path.Base(n)), from, n)
		}
	}
}

func (m model) copy(to string, from model, src string) {
	there, ok := from.real(src, true)
	is, exists := from[there]
	real, inside := m.real(to, true)
	if !ok || !inside || !exists || strings.HasPrefix(is, "-> ") {
		return
	}
	if is != "/" {
		if real == "/" || m[real] == "/" {
			real, inside = m.real(path.Join(real, path.Base(src)), true)
		}
		if inside {
			m.put(real, true, is)
		}
		return
	}
	if old, met := m[real]; met && old != "/" || !m.parents(real) {
		return
	}
	m.lay(real, from, there)
}

func (m model) mount(name string, from model, src string) {
	real, ok := m.real(name, true)
	if !ok || real == "/" || !m.parents(real) {
		return
	}
	m.remove(real)
	m[real] = "/"
	if there, ok := from.real(src, true); ok && from[there] != "" {
		m.lay(real, from, there)
	}
}

func (m model) lines() (lines []string) {
	for n, is := range m {
		switch {
		case is == "/":
			lines = append(lines, n+"/")
		default:
			lines = append(lines, n+" "+is)
		}
	}
	slices.Sort(lines)
	return lines
}

// twins are a composition and the model of it, and those that a Clone made earlier.
type twins struct {
	random      *rand.Rand
	project     model
	projectTree *Tree
	m, stageM   model
	c, stage    *Composition
}

func (w *twins) name() string {
	n := ""
	for range 1 + w.random.IntN(3) {
		n += "/" + string("abcd"[w.random.IntN(4)])
	}
	return n
}

// step changes both in the same way, and says how.
func (w *twins) step() string {
	to, other, m, c := w.name(), w.name(), w.m, w.c
	switch w.random.IntN(20) {
	case 0, 1, 2, 3:
		m.put(to, true, "put at "+to)
		c.Put(to, source.Text{String: "put at " + to}, "", root)
		return "put " + to
	case 4, 5:
		m.mkdir(to)
		c.Mkdir(to, root)
		return "mkdir " + to
	case 6, 7:
		m.remove(to)
		c.Remove(to)
		return "remove " + to
	case 8, 9:
		if w.random.IntN(2) == 0 {
			other = "../" + other[1:]
		}
		m.put(to, false, "-> "+other)
		c.Link(to, other)
		return "link " + to + " " + other
	case 10, 11, 12, 13:
		m.copy(to, w.project, other)
		c.Copy(to, w.projectTree, other, CopyOptions{})
		return "copy " + to + " " + other
	case 14, 15:
		m.copy(to, w.stageM, other)
		c.Copy(to, w.stage.Tree(), other, CopyOptions{})
		return "copy from the stage " + to + " " + other
	case 16, 17:
		m.mount(to, w.project, other)
		c.Mount(to, w.projectTree, other, "")
		return "mount " + to + " " + other
	}
	w.stageM, w.stage = maps.Clone(m), c.Clone()
	c.Doubt(to, source.Span{}, "x")
	c.Chown(other, 1, 1, true)
	return "clone, doubt " + to + ", own " + other
}

// A composition holds after any changes what a map holds that copies everything.
func TestComposeAsModel(t *testing.T) {
	project := model{"/a": "/", "/a/a": "1", "/a/b": "/", "/a/b/c": "2", "/a/b/a": "-> ../a", "/b": "/", "/b/a": "3", "/b/b": "4", "/c": "-> /a/b"}
	files := map[string]string{}
	for n, is := range project {
		if is != "/" {
			files[n] = is
		}
	}
	for seed := range uint64(1000) {
		w := twins{
			random: rand.New(rand.NewPCG(seed, 0)), project: project, projectTree: remember(files),
			m: model{}, stageM: model{}, c: NewComposition(), stage: NewComposition(),
		}
		var did []string
		for range 25 {
			did = append(did, w.step())
			if got, want := plain(t, w.c.Tree()), w.m.lines(); !slices.Equal(got, want) {
				t.Fatalf("seed %d: %s\ngot  %q\nwant %q", seed, strings.Join(did, "; "), got, want)
			}
		}
		if got, want := plain(t, w.stage.Tree()), w.stageM.lines(); !slices.Equal(got, want) {
			t.Fatalf("seed %d: the stage has changed: %s\ngot  %q\nwant %q", seed, strings.Join(did, "; "), got, want)
		}
	}
}

// plain is show in the order of model.lines.
func plain(t *testing.T, tr *Tree) []string {
	t.Helper()
	lines := show(t, tr)
	slices.Sort(lines)
	return lines
}
