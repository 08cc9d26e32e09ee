package parser

import (
	"maps"
	"path"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// reader reads one tree. It identifies files by their resolved name, so that a file
// with two names is opened and parsed once.
type reader struct {
	tree    *tree.Tree
	configs *Configs
	// system is set if the tree is laid out like the root of a machine.
	system bool
	// machine is set if the tree is the root file system of one machine, or a part of it.
	machine bool

	mu    sync.Mutex
	texts map[string]*source.File // by resolved name
	nginx map[*source.File]*nginx.File
	fpm   map[*source.File]*fpm.File
	// crowd is called once nginx has many files.
	crowd func()
	// laidOut is set if a directory was not walked because a known layout names all files.
	laidOut bool
	// idle are the files that a walk found and that nothing loads, by name.
	idle map[string]*source.File
	// access are the .htaccess files that a walk found.
	access []string
	// includers are the arguments of the includes that lead to files of PHP-FPM, and of
	// nginx where a file is withheld.
	includers map[*source.File]source.Span
	// strangers are the files that the user names and that cannot be linted on their own.
	strangers []stranger
	// units are those that were read; nil before.
	units *units
	// container is set for the root of a container, which has what its image brings, and literal
	// if its servers read their files as they are.
	container, literal bool
	// starting are how each cloudflared is started.
	starting []TunnelStart
	// starts are how a container starts Apache, by its main file.
	starts map[string]ApacheStart
	// held reports whether a container has the file with a resolved name; nil: none has any.
	held func(real string) bool
}

// open returns the text of the file name, read at most once.
func (r *reader) open(name string) (*source.File, error) {
	at, err := r.tree.Place(name)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	f := r.texts[at.Real]
	r.mu.Unlock()
	if f != nil {
		return f, nil
	}
	text, err := r.tree.OpenAt(at)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if f := r.texts[at.Real]; f != nil {
		return f, nil
	}
	f = text.File()
	f.Literal = r.literal
	if d, doubted := r.tree.DoubtOf(at.Real); doubted {
		f.Doubt, _ = r.tree.WhyDoubted(at.Real)
		f.Minor = d.Minor
	}
	r.texts[at.Real] = f
	return f, nil
}

// opened is the result of openAll for one name.
type opened struct {
	file *source.File
	err  error
}

// few is the number of files from which a second goroutine pays off.
const few = 32

// openAll opens many files concurrently, and calls then for each that can be read.
// Opening dominates a run, and more than a few goroutines gain nothing.
func (r *reader) openAll(names []string, then func(*source.File)) []opened {
	files := make([]opened, len(names))
	makeRoom(r, len(names), &r.texts)
	concurrently(len(names), func(i int) {
		f, err := r.open(names[i])
		if err == nil && then != nil {
			then(f)
		}
		files[i] = opened{f, err}
	})
	return files
}

// concurrently calls do for 0 to n-1, in several goroutines if there are many.
func concurrently(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), 4, max(1, n/few))
	var next atomic.Int64
	work := func() { // one after the other, so that all workers end at once
		for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
			do(int(i))
		}
	}
	var group sync.WaitGroup
	for range workers - 1 {
		group.Go(work)
	}
	work()
	group.Wait()
}

// maxRoom limits for how many names room is made: they may be the same few files.
const maxRoom = 100_000

// makeRoom makes room in m for n more entries if they are many: to grow little by little
// costs several times as much.
func makeRoom[K comparable, V any](r *reader, n int, m *map[K]V) {
	if n < few {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	roomy := make(map[K]V, len(*m)+min(n, maxRoom))
	maps.Copy(roomy, *m)
	*m = roomy
}

// parseNginx returns the tree of f, parsed at most once.
func (r *reader) parseNginx(f *source.File) *nginx.File {
	return parsed(r, &r.nginx, f, nginx.Parse)
}

// parseFPM returns the lines of f as PHP-FPM reads them, parsed at most once.
func (r *reader) parseFPM(f *source.File) *fpm.File { return parsed(r, &r.fpm, f, fpm.Parse) }

// parsed returns the cached result for f, or calls parse and caches it.
func parsed[T any](r *reader, memory *map[*source.File]*T, f *source.File, parse func(*source.File) *T) *T {
	r.mu.Lock()
	p := (*memory)[f]
	r.mu.Unlock()
	if p != nil {
		return p
	}
	p = parse(f)
	r.mu.Lock()
	defer r.mu.Unlock()
	if first := (*memory)[f]; first != nil {
		return first
	}
	(*memory)[f] = p
	return p
}

// beside locates an absolute name in a tree that is not the root of a machine. base is dir,
// the directory of a main file, and rest the longest tail of name that exists below
// it, or else the longest whose directory exists. If there is none, base is "" and
// rest is name.
func (r *reader) beside(name, dir string) (base, rest string) {
	if r.machine || r.exists(path.Dir(name)) {
		return "", name
	}
	rest = name
	found := false
	for tail, more := name[1:], true; more; _, tail, more = strings.Cut(tail, "/") {
		moved := path.Join(dir, tail)
		if r.exists(moved) {
			return strings.TrimSuffix(dir, "/"), "/" + tail
		}
		if folder := path.Dir(moved); !found && folder != dir && r.exists(folder) {
			found = true
			base, rest = strings.TrimSuffix(dir, "/"), "/"+tail
		}
	}
	return base, rest
}

func (r *reader) exists(name string) bool {
	_, err := r.tree.Stat(name)
	return err == nil
}
