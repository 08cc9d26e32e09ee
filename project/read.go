package project

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/parser/yamltext"
	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// Problem is one thing that is wrong with a project file.
type Problem struct {
	At      source.Span // zero: the file as a whole
	Message string      // lower case, no full stop
}

// Limits of a project file.
const (
	maxText     = 1 << 20 // bytes
	maxProblems = 100     // that are reported
	maxIgnores  = 1000    // entries of ignore:
	maxRules    = 200     // of one of them
	// maxPatterns limits how many entries of ignore: have a path with wildcards, besides a
	// final /**: each is compared with the path of every file that has findings.
	maxPatterns = 200
	maxPattern  = 256 // bytes of a path with wildcards
	maxBraces   = 2   // in such a path: each multiplies the work
)

// Read reads a project file. Catalogue lists all rules. Problems do not affect the
// other settings; for invalid YAML, and for a file larger than 1 MiB, the Config is nil.
func Read(f *source.File, catalogue []*lint.Rule) (*Config, []Problem) {
	c := &Config{Severities: map[*lint.Rule]lint.Severity{}}
	r := &reader{file: f, catalogue: catalogue}
	if len(f.Text) > maxText {
		return nil, []Problem{{Message: "a project file has at most 1 MiB, so this was not read"}}
	}
	var document yaml.Node
	decoder := yaml.NewDecoder(strings.NewReader(f.Text))
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF): // only comments, or nothing
	case err != nil:
		r.broken(err)
		return nil, r.problems
	default:
		if top := document.Content[0]; top.Tag != "!!null" {
			r.mapping(top, "", keys(c))
			r.agree(top, c)
		}
		var more yaml.Node
		if err := decoder.Decode(&more); err == nil {
			r.fail(&more, "a second document starts here; a project file has one")
		} else if !errors.Is(err, io.EOF) {
			r.broken(err)
		}
	}
	return c, r.problems
}

// reader reads the nodes of a YAML document strictly.
type reader struct {
	file      *source.File
	catalogue []*lint.Rule
	problems  []Problem
	patterns  int // paths with wildcards so far
	latest    struct{ line, column, offset int }
}

// broken reports invalid YAML.
func (r *reader) broken(err error) {
	line, message := yamltext.Failure(err)
	p := Problem{Message: "invalid YAML: " + message}
	if line >= 1 && line <= r.file.Lines() {
		p.At = r.file.Line(line)
	}
	r.problems = append(r.problems, p)
}

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	switch {
	case r.full():
	case len(r.problems) == maxProblems:
		r.problems = append(r.problems, Problem{r.span(n), "more than 100 problems; the others are not reported"})
	default:
		r.problems = append(r.problems, Problem{r.span(n), fmt.Sprintf(format, args...)})
	}
}

// full reports whether there are so many problems that reading ends.
func (r *reader) full() bool { return len(r.problems) > maxProblems }

// span returns the span of n: a word on its line, or the place where it starts. Nodes on
// one line come in order, mostly.
func (r *reader) span(n *yaml.Node) source.Span {
	if n.Line < 1 || n.Line > r.file.Lines() {
		return source.Span{}
	}
	line := r.file.Line(n.Line)
	at := &r.latest
	if at.line != n.Line || at.column > n.Column {
		at.line, at.column, at.offset = n.Line, 1, 0
	}
	for ; at.column < n.Column && at.offset < len(line.Text()); at.column++ {
		_, size := utf8.DecodeRuneInString(line.Text()[at.offset:])
		at.offset += size
	}
	switch rest := line.Sub(at.offset, len(line.Text())); {
	case rest.Text() == "":
		return line.Head()
	case n.Kind == yaml.ScalarNode && strings.HasPrefix(rest.Text(), n.Value):
		return rest.Sub(0, len(n.Value))
	default:
		return rest.Sub(0, 1)
	}
}

// plain returns n, or the node that an alias refers to.
func plain(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// mapping reads the keys of n, which is the value of the key called name or the
// whole document, "".
func (r *reader) mapping(n *yaml.Node, name string, keys []key) {
	n = plain(n)
	if n.Kind != yaml.MappingNode {
		r.fail(n, "%s takes keys with values%s", cmp.Or(name, "a project file"), list(keys))
		return
	}
	if name == "" && foreign(n, keys) {
		r.fail(n, "not a project file: it has none of its keys%s", list(keys))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content) && !r.full(); i += 2 {
		word, value := n.Content[i], n.Content[i+1]
		at := slices.IndexFunc(keys, func(k key) bool { return k.name == word.Value })
		switch {
		case at < 0:
			r.unknown(word, name, keys)
		case seen[word.Value]:
			r.fail(word, "%s is set twice", word.Value)
		default:
			keys[at].read(r, value)
		}
		seen[word.Value] = true
	}
	for _, k := range keys {
		if k.required && !seen[k.name] {
			r.fail(n, "missing %q: %s", k.name, k.about)
		}
	}
}

// foreign reports whether no key of n is in keys or may have been meant to be: the file
// is of another kind, and its text must not be printed.
func foreign(n *yaml.Node, keys []key) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if word := n.Content[i].Value; typo.Nearest(word, names(keys)) != "" {
			return false
		}
	}
	return len(n.Content) > 0
}

func (r *reader) unknown(word *yaml.Node, name string, keys []key) {
	hint := cmp.Or(typo.DidYouMean(word.Value, names(keys)), list(keys))
	in := ""
	if name != "" {
		in = " in " + name
	}
	said := " " + word.Value
	if !keyForm.MatchString(word.Value) {
		said = "" // the file may be another one than a project file, with passwords
	}
	r.fail(word, "unknown key%s%s%s", said, in, hint)
}

var keyForm = lazyregexp.New(`^[A-Za-z][A-Za-z0-9_-]{0,39}$`)

func names(keys []key) []string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	return names
}

// list returns the end of a message that names keys.
func list(keys []key) string { return ": " + strings.Join(names(keys), ", ") }

// text returns a value that is one word or sentence.
func (r *reader) text(n *yaml.Node) string {
	n = plain(n)
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Value == "" {
		r.fail(n, "expected text")
		return ""
	}
	return n.Value
}

// nodes returns the values of a list, or the single value written instead of a
// list.
func (r *reader) nodes(n *yaml.Node) []*yaml.Node {
	if n = plain(n); n.Kind == yaml.SequenceNode {
		return n.Content
	}
	return []*yaml.Node{n}
}

func (r *reader) texts(n *yaml.Node) (all []string) {
	for _, n := range r.nodes(n) {
		if text := r.text(n); text != "" {
			all = append(all, text)
		}
	}
	return all
}

func (r *reader) oneOf(n *yaml.Node, words ...string) string {
	n = plain(n)
	if n.Kind == yaml.ScalarNode && slices.Contains(words, n.Value) {
		return n.Value
	}
	r.fail(n, "expected %s, got %q%s", typo.Either(words), n.Value, typo.DidYouMean(n.Value, words))
	return ""
}

func (r *reader) boolean(n *yaml.Node) bool {
	n = plain(n)
	var on bool
	if n.Kind != yaml.ScalarNode || n.Decode(&on) != nil {
		r.fail(n, "expected true or false")
	}
	return on
}

var versionForm = lazyregexp.New(`^\d+\.\d+(\.\d+)?$`)

// version returns a version as it is written: 8.10 is a number to YAML, and not 8.1.
func (r *reader) version(n *yaml.Node) string {
	n = plain(n)
	if n.Kind != yaml.ScalarNode || !versionForm.MatchString(n.Value) {
		r.fail(n, "expected a version, such as \"8.3\"")
		return ""
	}
	return n.Value
}

func (r *reader) size(n *yaml.Node) int64 {
	n = plain(n)
	bytes, err := host.ParseMemory(n.Value)
	if n.Kind != yaml.ScalarNode || n.Value == "" {
		err = errors.New("expected a size, such as 512MiB")
	}
	if err != nil {
		r.fail(n, "%v", err)
	}
	return bytes
}

// pattern returns a pattern for paths, "" for one that matches all; ok is false, with a
// problem, for a text that is none.
func (r *reader) pattern(n *yaml.Node) (pattern string, ok bool) {
	pattern = r.text(n)
	if !doublestar.ValidatePattern(pattern) {
		r.fail(n, "%q is not a pattern for paths", pattern)
		return "", false
	}
	if _, plain := asFolder(pattern); !plain {
		if len(pattern) > maxPattern || strings.Count(pattern, "{") > maxBraces {
			r.fail(n, "a path with wildcards has at most %d bytes and %d pairs of braces", maxPattern, maxBraces)
			return "", false
		}
		if r.patterns++; r.patterns > maxPatterns {
			r.fail(n, "at most %d entries of ignore have a path with wildcards besides a final /**, so this one is not read; a baseline holds any number of findings", maxPatterns)
			return "", false
		}
	}
	if pattern = path.Clean(pattern); pattern == "." {
		return "", true
	}
	return pattern, true
}

// rule returns the rule that n names; nil, with a problem, for none.
func (r *reader) rule(n *yaml.Node) *lint.Rule {
	n = plain(n)
	rule := lint.Named(r.catalogue, n.Value)
	if n.Kind == yaml.ScalarNode && strings.ContainsAny(n.Value, "*?[") {
		r.fail(n, "%q is a pattern, and a project file takes the ID or name of each rule; --rule and --disable take patterns", n.Value)
		return nil
	}
	if rule == nil || n.Kind != yaml.ScalarNode {
		r.fail(n, "%s", lint.Unnamed(r.catalogue, n.Value))
		return nil
	}
	return rule
}

func (r *reader) rules(n *yaml.Node, c *Config) {
	n = plain(n)
	if n.Kind != yaml.MappingNode {
		r.fail(n, "rules takes rules, each with %s", typo.Either(severityWords))
		return
	}
	seen := map[*lint.Rule]bool{}
	for i := 0; i+1 < len(n.Content) && !r.full(); i += 2 {
		rule := r.rule(n.Content[i])
		word := r.oneOf(n.Content[i+1], severityWords...)
		switch {
		case rule == nil || word == "":
		case seen[rule]:
			r.fail(n.Content[i], "%s (%s) is set twice", rule.ID, rule.Name)
		case word == off:
			c.Off = append(c.Off, rule)
		default:
			c.Severities[rule] = severities[word]
		}
		seen[rule] = true
	}
}

func (r *reader) ignores(n *yaml.Node, c *Config) {
	n = plain(n)
	if n.Kind != yaml.SequenceNode {
		r.fail(n, "ignore takes a list of entries, each with%s", list(entryKeys(&entry{})))
		return
	}
	if len(n.Content) > maxIgnores {
		r.fail(n.Content[maxIgnores], "ignore has at most %d entries, so this one and those after it are not read; a baseline holds any number of findings", maxIgnores)
		n.Content = n.Content[:maxIgnores]
	}
	for _, item := range n.Content {
		if r.full() {
			return
		}
		var e entry
		if r.mapping(item, "an entry of ignore", entryKeys(&e)); e.nowhere {
			continue
		}
		if len(e.rules) > maxRules {
			r.fail(e.rules[maxRules], "an entry of ignore has at most %d rules, so this one and those after it are not read", maxRules)
			e.rules = e.rules[:maxRules]
		}
		i := &lint.Ignore{At: r.span(item), Reason: strings.TrimSpace(e.reason), Covers: c.covers(e.path)}
		for _, n := range e.rules {
			if r.full() {
				return
			}
			if rule := r.rule(n); rule != nil && !slices.Contains(i.Rules, rule) {
				i.Rules = append(i.Rules, rule)
				i.At = r.span(plain(n))
			}
		}
		if e.until != nil {
			i.Until = r.date(e.until)
		}
		if len(i.Rules) > 0 {
			c.Ignores = append(c.Ignores, i)
		}
	}
}

func (r *reader) date(n *yaml.Node) time.Time {
	n = plain(n)
	day, err := time.Parse(time.DateOnly, n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		r.fail(n, "expected a date, such as 2027-03-01")
	}
	return day
}
