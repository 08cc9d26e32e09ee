// Package wp502lint_test is the tests of the repository as a whole: who imports
// whom, the size of a file, and that the README tells the truth.
package wp502lint_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/wp502lint/wp502lint"

// layers says which packages of this module each of its packages may import,
// from the lowest to the highest. "dir/*" is every package below dir, and
// everything is every package. It is a statement of policy: an import that it
// forbids is a question about the design, not about this table.
var layers = map[string][]string{
	"internal/lazyregexp": {}, // every package may import it
	"internal/typo":       {}, // likewise
	"internal/aside":      {}, // likewise
	"internal/pieces":     {"source"},
	"internal/pcre":       {},
	"internal/expression": {"internal/pcre"},
	"internal/linediff":   {},
	"internal/pki":        {},
	"source":              {},
	"tree":                {"source"},
	"gittree":             {"tree"},
	"servers":             {},
	"servers/httpd":       {},
	"servers/cloudflare":  {},
	"netaddr":             {},
	"logs":                {"servers"},
	"parser/secret":       {"source"},
	"parser/nginx":        {"source", "servers", "parser/secret"},
	"parser/ini":          {"source", "parser/secret"},
	"parser/fpm":          {"source", "servers", "parser/ini", "parser/secret"},
	"parser/phpini":       {"source", "servers", "parser/ini", "parser/secret"},
	"parser/systemd":      {"source", "parser/secret"},
	"parser/dockerfile":   {"source", "parser/secret"},
	"parser/firewall":     {"source"},
	"parser/yamltext":     {"source"},
	"parser/kubernetes":   {"source", "parser/secret", "parser/yamltext"},
	"parser/hole":         {"source"},
	"parser/cloudflared":  {"source", "servers/cloudflare", "parser/secret", "parser/yamltext"},
	"parser/compose":      {"source", "parser/secret", "parser/yamltext"},
	"parser/filter":       {"source", "parser/hole"},
	"parser/shell":        {"source", "parser/hole", "parser/filter"},
	"parser/apache":       {"internal/pcre", "source", "servers", "servers/*", "parser/secret"},
	"parser":              {"source", "tree", "servers", "servers/*", "parser/*"},
	"deploy":              {"source", "tree", "servers", "parser", "parser/*"},
	"host":                {"source", "tree"},
	"service":             {"source", "servers", "host", "parser", "parser/*"},
	"nginxt":              {"internal/pcre", "source", "servers", "netaddr", "parser", "parser/*"},
	"route":               {"internal/pcre", "source", "servers", "netaddr", "parser", "parser/*", "nginxt"},
	"handler":             {"internal/pcre", "source", "servers", "servers/*", "netaddr", "parser", "parser/*"},
	"apachet":             {"internal/expression", "internal/pki", "source", "servers", "servers/*", "netaddr", "host", "parser", "parser/*", "handler"},
	"fpmt":                {"source", "servers", "service", "netaddr", "host", "parser", "parser/*"},
	// tree for the types of files that a socket's path may turn out to be.
	"stack": {"source", "tree", "deploy", "servers", "servers/cloudflare", "service", "netaddr", "nginxt", "route", "fpmt", "handler", "apachet", "host", "parser", "parser/*"},
	"lint":  {"internal/linediff", "source", "servers", "servers/*", "host", "stack"},
	// source for the edits of a fix, parser/cloudflared for the reasons of its refusals.
	"rules": {"internal/pki", "source", "servers", "servers/cloudflare", "service", "netaddr", "deploy", "nginxt", "fpmt", "apachet", "handler", "host", "parser/cloudflared", "parser/firewall", "stack", "lint"},
	"fix":   {"source", "lint"},
	"docs":  {"servers", "lint"},
	// What logs say, joined with what the model and check say.
	"diagnose": {"source", "servers", "logs", "netaddr", "parser/fpm", "stack", "lint", "rules"},
	"report":   {"source", "servers", "lint", "docs", "diagnose"},
	// tree for the files of the host, rules for the memory of a worker, report for its JSON and
	// for how it masks words. It reads files of the host only through the tree.
	"bundle": {"source", "tree", "host", "servers", "servers/*", "netaddr", "logs", "parser/secret", "parser/nginx", "parser/phpini", "stack", "lint", "rules", "docs", "diagnose", "report"},
	// report for how it spells words.
	"watch": {"source", "logs", "diagnose", "report"},
	// What diagnose says of a line is what the search of the site puts first.
	"docs/site": {"servers", "logs", "lint", "rules", "docs", "diagnose"},
	// report for its JSON, and for how it masks and spells words.
	"inventory": {"source", "deploy", "stack", "lint", "report"},
	// host for the sizes and dates that it takes from a user.
	"project": {"source", "host", "lint", "parser/yamltext"},
	"engine":  {"source", "tree", "parser", "deploy", "host", "stack", "lint", "rules", "fix", "docs", "project"},
	// report for its diffs, and for how it masks and spells words.
	"upgrade": {"source", "tree", "servers", "service", "netaddr", "parser/ini", "parser/phpini", "parser/nginx", "stack", "lint", "fix", "report", "engine"},
	// What a header says about files and the host, and what a run gives.
	"internal/cases": {"source", "tree", "host", "stack", "lint", "engine"},
	"internal/perf":  everything,
	// report for its diffs.
	"lab/mutate": {"source", "tree", "parser/ini", "parser/nginx", "report", "internal/cases"},
	"lab":        everything,
	// tree and host for what flags say about them, rules for its catalogue.
	"cmd/wp502lint": {"source", "tree", "gittree", "host", "logs", "lint", "rules", "docs", "diagnose", "report", "bundle", "watch", "inventory", "project", "engine", "upgrade"},
	".":             everything,
}

var everything = []string{"*"}

// inTests are what the tests of a package may import besides; "" is every
// package.
var inTests = map[string][]string{
	"":        {"internal/cases", "internal/pieces", "rules"},
	"service": {"tree"},
	// The proofs of a rule apply its fixes, compare its page and print it.
	"rules": {"fix", "docs", "report"},
	// Its configurations are files in memory.
	"route":   {"tree"},
	"apachet": {"tree"},
	// The examples print what they find, and stock images have to be quiet.
	"engine": {"report", "servers"},
	// Its scripts have rules of their own, and repair cases on a disk.
	"cmd/wp502lint": {"stack", "fix"},
}

// impure are the packages that may touch the machine: files, processes, the
// network. All others are pure.
var impure = []string{"tree", "gittree", "host", "cmd/wp502lint", "internal/cases", "internal/perf", "lab", "."}

// owners are the third-party modules and the one package that may import each.
var owners = map[string][]string{
	"github.com/yuin/goldmark":             {"docs/site"},
	"github.com/owenrumney/go-sarif/v2":    {"report"},
	"github.com/urfave/cli/v2":             {"cmd/wp502lint"},
	"golang.org/x/term":                    {"cmd/wp502lint"},
	"golang.org/x/tools/txtar":             {"internal/cases"},
	"go.yaml.in/yaml/v3":                   {"project", "parser/yamltext", "parser/cloudflared", "parser/compose", "parser/kubernetes"},
	"github.com/rogpeppe/go-internal/diff": {"report"},
	"golang.org/x/sys/unix":                {"tree", "lab"},
	"github.com/bmatcuk/doublestar/v4":     {"project"},
	"github.com/moby/patternmatcher":       {"parser/dockerfile"},
	"mvdan.cc/sh/v3":                       {"parser/shell"},
}

// testOwners are the same for test files.
var testOwners = map[string][]string{
	"github.com/tufanbarisyildirim/gonginx": {"parser", "parser/nginx"},
	"gopkg.in/ini.v1":                       {"parser", "parser/ini", "parser/fpm"},
	"github.com/moby/buildkit":              {"parser/dockerfile"},
	"sigs.k8s.io/yaml":                      {"parser/kubernetes"},
	"github.com/compose-spec/compose-go/v2": {"parser/compose"},
	// The cases of the second opinion are archives.
	"golang.org/x/tools/txtar": {"parser/compose", "parser/shell"},
	// At the root it validates what the program says about the demo.
	"github.com/santhosh-tekuri/jsonschema/v6":   {"report", "project", "cmd/wp502lint", "."},
	"github.com/rogpeppe/go-internal/testscript": {"cmd/wp502lint"},
}

// goFile is one Go file of the repository, whatever its build tags say.
type goFile struct {
	path    string // with slashes, from the root
	pkg     string // the folder: "." at the root
	name    string // of the package clause
	test    bool
	alone   bool // a program of one file, which go build ./... ignores
	lines   int
	written bool // by hand
	imports []string
	long    []string // functions that have too many lines
}

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// goFiles reads every Go file of the repository.
func goFiles(t *testing.T) (files []goFile) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		base := d.Name()
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")):
			return filepath.SkipDir
		case d.IsDir() || path.Ext(base) != ".go":
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		positions := token.NewFileSet()
		tree, err := parser.ParseFile(positions, name, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		f := goFile{
			path: name, pkg: path.Dir(name), name: tree.Name.Name, test: strings.HasSuffix(name, "_test.go"),
			lines: bytes.Count(text, []byte("\n")), written: !generated.Match(text), alone: bytes.HasPrefix(text, []byte("//go:build ignore\n")),
		}
		for _, declared := range tree.Decls {
			fn, ok := declared.(*ast.FuncDecl)
			if ok && positions.Position(fn.End()).Line-positions.Position(fn.Pos()).Line >= maxFunctionLines {
				f.long = append(f.long, fn.Name.Name)
			}
		}
		for _, spec := range tree.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, imported)
		}
		files = append(files, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < len(layers) {
		t.Fatalf("only %d Go files were found", len(files))
	}
	return files
}

func TestLayers(t *testing.T) {
	for _, f := range goFiles(t) {
		if layers[f.pkg] == nil {
			t.Errorf("%s: the package %s is not in the table of layers", f.path, f.pkg)
			continue
		}
		for _, imported := range f.imports {
			if why := forbidden(f, imported); why != "" {
				t.Errorf("%s imports %s: %s", f.path, imported, why)
			}
		}
	}
}

// forbidden returns why f may not import a package, and "" when it may.
func forbidden(f goFile, imported string) string {
	if ours, ok := strings.CutPrefix(imported, module+"/"); ok {
		return forbiddenLayer(f, ours)
	}
	if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") {
		return forbiddenModule(f, imported)
	}
	if touches(imported) && !f.test && !f.alone && !slices.Contains(impure, f.pkg) {
		return f.pkg + " is pure"
	}
	if imported == "unsafe" && !f.test || imported == "C" {
		return "nothing here needs it"
	}
	return ""
}

func forbiddenLayer(f goFile, imported string) string {
	allowed := layers[f.pkg]
	if f.test {
		allowed = slices.Concat(allowed, inTests[""], inTests[f.pkg], []string{f.pkg})
	}
	if f.alone {
		allowed = append(slices.Clone(allowed), f.pkg)
	}
	switch {
	case imported == "internal/lazyregexp", imported == "internal/typo", imported == "internal/aside", slices.Contains(allowed, "*"), slices.Contains(allowed, imported):
		return ""
	case slices.ContainsFunc(allowed, func(a string) bool {
		dir, whole := strings.CutSuffix(a, "*")
		return whole && strings.HasPrefix(imported, dir)
	}):
		return ""
	}
	return f.pkg + " may import " + strings.Join(allowed, ", ")
}

func forbiddenModule(f goFile, imported string) string {
	allowed, known := ownersOf(owners, imported)
	if f.test {
		more, too := ownersOf(testOwners, imported)
		allowed, known = append(slices.Clone(allowed), more...), known || too
	}
	switch {
	case !known:
		return "that module has no owner"
	case !slices.Contains(allowed, f.pkg):
		return "it belongs to " + strings.Join(allowed, ", ")
	}
	return ""
}

func ownersOf(table map[string][]string, imported string) ([]string, bool) {
	for name, pkgs := range table {
		if imported == name || strings.HasPrefix(imported, name+"/") {
			return pkgs, true
		}
	}
	return nil, false
}

// touches reports whether a package of the standard library does input or
// output.
func touches(imported string) bool {
	switch imported {
	case "os", "syscall", "net", "net/http", "io/ioutil", "path/filepath", "log", "plugin":
		return true
	}
	return strings.HasPrefix(imported, "os/") || strings.HasPrefix(imported, "log/")
}

// pre-commit runs go install ./..., which installs every program it finds.
func TestOneProgram(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.name == "main" && !f.alone && f.pkg != "cmd/wp502lint" {
			t.Errorf("%s is a program; only cmd/wp502lint is one", f.path)
		}
	}
}

// The limits of what a reader can take in at one sitting.
const (
	maxFileLines     = 400
	maxFunctionLines = 50
	maxPackageFiles  = 45
	maxPackageLines  = 5500
)

// larger are the packages with another limit of lines. Each is one idea that is large, and
// what could leave it would need most of its types.
var larger = map[string]int{
	"stack":        7600, // who connects to whom, on a host and between containers
	"servers":      5900, // what servers accept, default to and log, and what images and packages bring
	"parser/shell": 5800, // what a script does, with the commands that images are built with
}

func TestFilesFitOneSitting(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.written && !f.test && f.lines > maxFileLines {
			t.Errorf("%s has %d lines, more than %d", f.path, f.lines, maxFileLines)
		}
		for _, long := range f.long {
			t.Errorf("%s: %s has more than %d lines", f.path, long, maxFunctionLines)
		}
	}
}

// A package is one idea. rules has a file a rule, and needs no limit.
func TestPackagesAreOneIdea(t *testing.T) {
	files, lines := map[string]int{}, map[string]int{}
	for _, f := range goFiles(t) {
		if !f.test && f.pkg != "rules" {
			files[f.pkg]++
			lines[f.pkg] += f.lines
		}
	}
	for pkg := range files {
		limit := max(maxPackageLines, larger[pkg])
		if files[pkg] > maxPackageFiles || lines[pkg] > limit {
			t.Errorf("%s has %d files and %d lines, more than %d or %d", pkg, files[pkg], lines[pkg], maxPackageFiles, limit)
		}
	}
}
