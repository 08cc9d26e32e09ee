package engine_test

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// fragments are the parts that trees are composed of: the cases and the examples of the
// rules, whole and in pieces. Each list is sorted and holds a part once.
type fragments struct {
	stacks []*cases.Case
	texts  []string // of files
	names  []string // of files
	blocks []string // of nginx with all inside, and sections of an ini file
	lines  []string
	words  []string
}

// maxFragment is the size in bytes of the largest file and block that is a fragment:
// larger ones add time and no new structure.
const maxFragment = 4 << 10

var allFragments = sync.OnceValue(func() *fragments {
	files, names, blocks, lines, words := set{}, set{}, set{}, set{}, set{}
	all := &fragments{stacks: stacks()}
	for _, c := range all.stacks {
		for _, f := range c.Files {
			names[f.Name] = true
			files.add(f.Text)
			for i, line := range strings.SplitAfter(f.Text, "\n") {
				lines.add(line)
				for _, word := range wordPattern.FindAllString(line, -1) {
					words.add(word)
				}
				blocks.add(blockAt(f.Text, i))
			}
		}
	}
	all.texts, all.names, all.blocks = files.sorted(), names.sorted(), blocks.sorted()
	all.lines, all.words = lines.sorted(), words.sorted()
	return all
})

// stacks returns every case of testdata/configs and both examples of every rule, without
// those that are large.
func stacks() (all []*cases.Case) {
	archives, err := filepath.Glob("../testdata/configs/*/*.txtar")
	if err != nil || archives == nil {
		panic("no cases in testdata/configs")
	}
	for _, name := range archives {
		text, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		c, err := cases.Parse(text)
		if err != nil {
			panic(name + ": " + err.Error())
		}
		if len(text) <= 2*maxFragment {
			all = append(all, c)
		}
	}
	for _, r := range rules.All {
		bad, good, err := cases.Examples(r)
		if err != nil {
			panic(r.ID + ": " + err.Error())
		}
		all = append(all, bad, good)
	}
	return all
}

type set map[string]bool

func (s set) add(text string) {
	if text != "" && len(text) <= maxFragment {
		s[text] = true
	}
}

func (s set) sorted() []string { return slices.Sorted(maps.Keys(s)) }

var wordPattern = regexp.MustCompile(`[^\s;{}=]+`)

// blockAt returns the block or the section that starts in a line, counted from 0; "" if
// none does.
func blockAt(text string, line int) string {
	lines := strings.SplitAfter(text, "\n")
	section := strings.HasPrefix(lines[line], "[")
	if !section && !strings.Contains(lines[line], "{") {
		return ""
	}
	depth := 0
	for i, l := range lines[line:] {
		if section && i > 0 && strings.HasPrefix(l, "[") {
			return strings.Join(lines[line:line+i], "")
		}
		depth += strings.Count(l, "{") - strings.Count(l, "}")
		if !section && depth <= 0 {
			return strings.Join(lines[line:line+i+1], "")
		}
	}
	return strings.Join(lines[line:], "")
}

// composed is a tree of several files, and what to lint of it with which project file.
type composed struct {
	files   map[string]string // texts by absolute name
	links   []cases.Link
	modes   []cases.Mode
	project string   // the text of the project file; "": none
	paths   []string // nil: all
}

// tree returns c as a tree in memory.
func (c *composed) tree() *tree.Tree {
	t := tree.Memory(c.files)
	for _, l := range c.links {
		t.Link(l.Name, l.Target)
	}
	for _, m := range c.modes {
		t.Set(m.Path, tree.Info{Type: m.Type, UID: m.UID, GID: m.GID, Mode: m.Bits})
	}
	return t
}

// size returns how many bytes the files have.
func (c *composed) size() (n int) {
	for _, text := range c.files {
		n += len(text)
	}
	return n
}

// composer builds a tree as its recipe says: bytes that choose fragments and where they
// go. Every recipe is valid, so that each change that the fuzzer makes is another tree.
type composer struct {
	*composed
	*fragments
	recipe []byte
}

// compose returns the tree of a recipe: a stack, then one step after another.
func compose(recipe []byte) *composed {
	c := &composer{&composed{files: map[string]string{}}, allFragments(), recipe}
	base := c.stacks[c.pick(len(c.stacks))]
	maps.Copy(c.files, base.Texts())
	c.links, c.modes = slices.Clone(base.Links), base.Modes
	for len(c.recipe) > 0 {
		steps[c.pick(len(steps))](c)
	}
	return c.composed
}

// pick returns a number below n that the next bytes of the recipe choose; 0 at its end.
func (c *composer) pick(n int) int {
	value := 0
	for limit := 1; limit < n && len(c.recipe) > 0; limit <<= 8 {
		value, c.recipe = value<<8|int(c.recipe[0]), c.recipe[1:]
	}
	return value % max(n, 1)
}

func (c *composer) oneOf(list []string) string { return list[c.pick(len(list))] }

// file returns the name of a file of the tree: four times of five one of nginx or
// PHP-FPM, which more depends on than on /etc/hosts.
func (c *composer) file() string {
	names := slices.Sorted(maps.Keys(c.files))
	if c.pick(5) > 0 {
		names = slices.DeleteFunc(names, func(name string) bool {
			return !strings.Contains(name, "nginx") && !strings.Contains(name, "php")
		})
	}
	if len(names) == 0 {
		return "/etc/nginx/nginx.conf"
	}
	return c.oneOf(names)
}

// splice replaces a part of a file, which cut finds in its text.
func (c *composer) splice(cut func(text string) (start, end int), text string) {
	name := c.file()
	old := c.files[name]
	start, end := cut(old)
	c.files[name] = old[:start] + text + old[end:]
}

// lineStart cuts nothing, at the start of a line.
func (c *composer) lineStart(text string) (start, end int) {
	lines := strings.SplitAfter(text, "\n")
	at := len(strings.Join(lines[:c.pick(len(lines))], ""))
	return at, at
}

// someLines cuts up to eight lines.
func (c *composer) someLines(text string) (start, end int) {
	start, _ = c.lineStart(text)
	rest := strings.SplitAfter(text[start:], "\n")
	return start, start + len(strings.Join(rest[:min(len(rest), 1+c.pick(8))], ""))
}

// word cuts a word.
func (c *composer) word(text string) (start, end int) {
	words := wordPattern.FindAllStringIndex(text, -1)
	if len(words) == 0 {
		return 0, 0
	}
	at := words[c.pick(len(words))]
	return at[0], at[1]
}

// bytes cuts up to three bytes.
func (c *composer) bytes(text string) (start, end int) {
	start = c.pick(len(text) + 1)
	return start, min(start+c.pick(4), len(text))
}

// steps are what one part of a recipe can do to a tree.
var steps = [...]func(*composer){
	func(c *composer) { c.files[c.oneOf(c.names)] = c.oneOf(c.texts) },
	func(c *composer) { c.files[c.oneOf(c.names)] = c.files[c.file()] },
	func(c *composer) { delete(c.files, c.file()) },
	func(c *composer) { maps.Copy(c.files, c.stacks[c.pick(len(c.stacks))].Texts()) },
	func(c *composer) { c.splice(c.lineStart, c.oneOf(c.blocks)) },
	func(c *composer) { c.splice(c.lineStart, c.oneOf(c.lines)) },
	func(c *composer) { c.splice(c.someLines, c.oneOf(c.lines)) },
	func(c *composer) { c.splice(c.someLines, "") },
	func(c *composer) { c.splice(c.word, c.oneOf(c.words)) },
	func(c *composer) { c.splice(c.word, c.oneOf(c.words)) },
	func(c *composer) { c.splice(c.bytes, c.oneOf(oddBytes)) },
	func(c *composer) { c.splice(c.lineStart, c.oneOf(comments)) },
	func(c *composer) { c.splice(c.lineStart, c.oneOf(includes)) },
	func(c *composer) { c.project += c.oneOf(settings) },
	func(c *composer) { c.paths = append(c.paths, c.oneOf(places)) },
	func(c *composer) { c.paths = append(c.paths, c.file()) },
	(*composer).link,
	(*composer).twice,
	(*composer).recode,
}

// link adds a symbolic link: to a file of the tree, or to a place outside it.
func (c *composer) link() {
	name, target := c.oneOf(c.names), c.file()
	switch at := c.pick(2 * len(outside)); {
	case at < len(outside):
		target = outside[at]
	case at%2 == 0:
		target = "../" + path.Base(path.Dir(target)) + "/" + path.Base(target)
	}
	delete(c.files, name)
	c.links = append(c.links, cases.Link{Name: name, Target: target})
}

// twice repeats a part of a file.
func (c *composer) twice() {
	name := c.file()
	text := c.files[name]
	start, end := c.someLines(text)
	c.files[name] = text[:end] + text[start:]
}

// recode changes how a file encodes its lines.
func (c *composer) recode() {
	name := c.file()
	text := c.files[name]
	c.files[name] = [...]string{
		strings.ReplaceAll(text, "\n", "\r\n"), "\ufeff" + text, strings.TrimSuffix(text, "\n"), strings.ReplaceAll(text, "\n", "\r"),
	}[c.pick(4)]
}

// The parts that no case has often enough.
var (
	oddBytes = []string{
		"", "\x00", "\"", "'", "{", "}", ";", "#", "\\", "$", "[", "]", "=", "\r", "\n", "\t", " ", "\xff", "é", "\u2028", "\u202e",
		"\x1b[31m", "::error::x\n", "{{ a }}", "${A}", "[a\\](b)", "]](x)", "<", "&", "%", "99999999999999999999", "-1",
	}
	comments = []string{
		"# wp502lint:ignore WP201 -- r\n", "; wp502lint:ignore WP301, pool-name-collision -- r\n", "# wp502lint:ignore-file WP2 -- r\n",
		"# wp502lint:ignore socket-mismatch\n", "; wp502lint:ignore-file WP101 -- r\n", "# wp502lint:ignore WP999 -- \x1b[0m\n",
		"# wp502lint:ignore WP004 -- r\n", "# wp502lint: ignore\n",
	}
	includes = []string{
		"include *;\n", "include /etc/nginx/*/*;\n", "include /etc/nginx/nginx.conf;\n", "include ../../../../etc/passwd;\n",
		"include = /etc/php/*/fpm/*.conf\n", "include = /etc/php/8.3/fpm/pool.d/*\n", "include=/etc/nginx/nginx.conf\n",
		"include /etc/nginx/sites-enabled/*;\n", "include snippets/*.conf;\n",
	}
	settings = []string{
		"environment: development\n", "php: \"8.1\"\n", "nginx-version: \"1.22\"\n", "nginx: [etc/nginx/nginx.conf]\n",
		"fpm: [etc/php/8.3/fpm/php-fpm.conf]\n", "fpm: [etc/nginx/nginx.conf]\n", "host: {memory: 512MiB, nginx-user: nobody}\n",
		"rules: {WP201: off, WP101: error}\n", "rules: {WP402: note}\n", "ignore: [{rule: WP201, path: \"**\", reason: r}]\n",
		"ignore: [{rule: WP101, reason: \"\\e[0m\", until: 2020-01-01}]\n", "root: ..\n", "nginx: [/, ../../x]\n", "? [",
	}
	places  = []string{"/", "/etc", "/etc/nginx", "/etc/php", "/etc/php/8.3/fpm/pool.d", "/nowhere", "etc/../etc/nginx/conf.d", "/etc/nginx/\x00"}
	outside = []string{
		"/../../outside", "../../../../../../../outside/nginx.conf", "/proc/self/environ", ".", "/", "..", "nowhere", "/etc/nginx/sites-enabled",
	}
)

// config returns the project file of c as the program reads it; nil if it is not valid.
func (c *composed) config() *project.Config {
	config, problems := project.Read(&source.File{Name: "/" + project.FileName, Real: "/" + project.FileName, Text: c.project}, rules.All)
	if len(problems) > 0 {
		return nil
	}
	return config
}

// Every recipe is a tree, and the fragments exist.
func TestCompose(t *testing.T) {
	all := allFragments()
	if len(all.stacks) < 500 || len(all.texts) < 500 || len(all.blocks) < 500 || len(all.lines) < 1000 || len(all.words) < 1000 {
		t.Errorf("%d stacks, %d files, %d blocks, %d lines, %d words", len(all.stacks), len(all.texts), len(all.blocks), len(all.lines), len(all.words))
	}
	if c := compose(nil); len(c.files) == 0 {
		t.Error("an empty recipe makes no tree")
	}
}
