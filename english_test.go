package wp502lint_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// phrase is a way of writing that readers stumble over, and what to write instead.
type phrase struct {
	pattern string // of words with one blank between them, in any case
	unless  string // what the same words may be, as a pattern for the whole match; "" for nothing
	instead string
}

// phrases are held in all that users and contributors read: messages, pages, help and comments.
// They are those of people who think in another language, and each has a common form.
var phrases = []phrase{
	{`\b(?:\w+ )?(?:is|are|was|were) no \w+`, `there (?:is|are|was|were) no \w+|.* no (?:longer|more)`, "is not a"},
	{`\bbehind\b(?: \w+)?(?: \w+)?`, `behind (?:a |the )?(?:proxy|CDN|load balancer|Cloudflare)\b.*`, "after"},
	{`\bin front of\b`, ``, "before"},
	{`\b(?:\w+ )?(?:asks?|asked|asking)\b`, `(?:engineer|you) asks?|ask`, "connects to, uses, needs"},
	{`\bknock(?:s|ed|ing)?\b`, ``, "connects to"},
	{`\b(?:speaks?|spoke|speaking|hears?|heard)\b`, ``, "uses, sends, listens"},
	{`\b(?:enters|entered|(?:may|not|can|to) enter)\b`, ``, "may open, may connect to"},
	{`\b(?:is|are|was|were|be) (?:not )?there\b(?: (?:an?|any|no)\b)?`, `.* (?:an?|any|no)`, "exists, is available, is missing"},
	{`\b(?:\w+ )?counts?\b(?:[.,;:]| (?:for|together|instead|without|only|once|alone|here|there|under|until|too)\b)`, `(?:the|these|their|one|a|and|of) counts?.*`, "takes effect, applies"},
	{`\b(?:stands?|stood|standing)\b`, ``, "is, represents, is set"},
	{`\b(?:go|goes|going) for\b`, ``, "applies to"},
	{`\bof others\b`, ``, "third-party, external"},
	{`\bnobody (?:knows?|knew|wrote|writes?|says?|said|told|listens|answers?|owns)\b`, ``, "cannot be resolved, not set"},
	{`\bhealthy as far as\b`, ``, "no problems found"},
	{`\bno nginx\.conf is among\b`, ``, "no nginx.conf given, so inherited settings are unknown"},
	{`\baddress of the host name \S+ is not known\b`, ``, `cannot resolve host "php" offline`},
	{`\blinks? points? outside\b`, ``, "symbolic link leads outside the root (--root)"},
	{`\bdiffers in a letter or two\b`, ``, "a similar address (typo?)"},
	{`\bis sound\b`, ``, "is valid"},
	{`\bthis entry lacks\b`, ``, `missing "reason"`},
	{`\bno facts in JSON\b`, ``, "not a facts file"},
	{`\btakes a value:`, ``, "needs a value, e.g."},
	{`\bthere is no flag\b`, ``, "unknown flag"},
	{`\bthe run itself went wrong\b`, ``, "usage error, or a path could not be read"},
	{`\bwhoever reads it later\b`, ``, "say why this is ignored"},
	{`\bsomething that cannot be done\b`, ``, "is impossible"},
	{`\bhands? (?:its|their) requests on in two ways\b`, ``, "has two *_pass directives; only the last takes effect"},
	{`\bin the circumstance\b`, ``, "under the tested condition"},
	{`\bas they ship it\b`, ``, "a stock distribution configuration"},
	{`\bone without a reason, or that hides nothing\b`, ``, "an ignore comment without a reason, or one that matches nothing"},
	{`\bmay not write the pool's socket\b`, ``, "cannot connect to the pool's socket"},
}

// quoted are texts that begin with a phrase of the table, and why each stays.
var quoted = map[string]string{
	"entered FATAL state": "supervisord writes it",
}

// prose is text that people read: words with one blank between them, and a line end where
// something else is between.
type prose struct {
	path   string
	text   strings.Builder
	starts []int // where in text each line begins
	lines  []int // and its number
}

// add adds a line, whose words go on from those before.
func (p *prose) add(line int, text string) {
	text = strings.Join(strings.Fields(text), " ")
	p.starts, p.lines = append(p.starts, p.text.Len()), append(p.lines, line)
	if text == "" {
		text = "\n"
	}
	p.text.WriteString(text + " ")
}

// line returns the line of a position in the text.
func (p *prose) line(at int) int {
	i, exact := slices.BinarySearch(p.starts, at)
	if !exact {
		i--
	}
	return p.lines[i]
}

// literal adds a string of Go with what it is added to; a value between two strings is X.
func (p *prose) literal(at func(token.Pos) int, e ast.Expr) {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		p.literal(at, e.X)
		p.literal(at, e.Y)
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		for i, line := range strings.Split(text, "\n") {
			if e.Value[0] != '`' {
				i = 0
			}
			if err == nil && e.Kind == token.STRING {
				p.add(at(e.Pos())+i, line)
			}
		}
	default:
		p.add(at(e.Pos()), "X")
	}
}

// proseOfGo returns the comments of a file, and its strings unless it is a test: those are input.
func proseOfGo(name, text string) (*prose, error) {
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	p, at := &prose{path: name}, func(pos token.Pos) int { return files.Position(pos).Line }
	for _, group := range tree.Comments {
		for _, c := range group.List {
			for i, line := range strings.Split(c.Text, "\n") {
				p.add(at(c.Pos())+i, strings.TrimLeft(line, "/* \t"))
			}
		}
		p.add(at(group.End()), "")
	}
	if strings.HasSuffix(name, "_test.go") {
		return p, nil
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		sum, isSum := n.(*ast.BinaryExpr)
		lit, isLiteral := n.(*ast.BasicLit)
		switch {
		case isSum && sum.Op == token.ADD:
			p.literal(at, sum)
		case isLiteral:
			p.literal(at, lit)
		default:
			return true
		}
		p.add(at(n.End()), "")
		return true
	})
	return p, nil
}

// proseOfText returns the lines of a page, or of what else is text as a whole, and of a script
// its comments.
func proseOfText(name, text string, script bool) *prose {
	p := &prose{path: name}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if script && !strings.HasPrefix(line, "#") {
			line = ""
		}
		p.add(i+1, strings.TrimLeft(line, "#>-* \t"))
	}
	return p
}

// allProse reads the text of the repository. What is below testdata is input, as are the files
// of distributions and images in servers.
func allProse(t *testing.T) (all []*prose) {
	t.Helper()
	for name, text := range texts(t, []string{".git", ".release", "dist", "testdata", "vendor"}, ".go", ".md", ".yml", ".yaml", ".py", ".j2", ".1") {
		p := proseOfText(name, text, isScript(name))
		if path.Ext(name) == ".go" {
			var err error
			if p, err = proseOfGo(name, text); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, p)
	}
	if len(all) < 900 {
		t.Fatalf("only %d files were found", len(all))
	}
	return all
}

// finder returns what finds a phrase in a text, as positions and words.
func (p phrase) finder() func(text string) (at []int, words []string) {
	pattern, unless := regexp.MustCompile("(?i)"+p.pattern), regexp.MustCompile("(?i)^(?:"+p.unless+")$")
	return func(text string) (at []int, words []string) {
		for _, span := range pattern.FindAllStringIndex(text, -1) {
			match, allowed := text[span[0]:span[1]], false
			for words := range quoted {
				allowed = allowed || strings.HasPrefix(text[span[0]:], words)
			}
			if !allowed && !unless.MatchString(match) {
				at, words = append(at, span[0]), append(words, match)
			}
		}
		return at, words
	}
}

func TestEnglish(t *testing.T) {
	all := allProse(t)
	for _, p := range phrases {
		find, told := p.finder(), map[string]bool{}
		for _, text := range all {
			at, words := find(text.text.String())
			for i, word := range words {
				place := fmt.Sprintf("%s:%d", text.path, text.line(at[i]))
				if !told[place] {
					t.Errorf("%s: %q; write: %s", place, word, p.instead)
				}
				told[place] = true
			}
		}
	}
}

// A phrase is found however a line is wrapped, and its words in another sense are not.
func TestPhrases(t *testing.T) {
	for text, want := range map[string]string{
		"listen.mode is no octal number":                      "mode is no octal",
		"there is no file, and it is no longer read":          "",
		"a blank is missing behind root":                      "behind root",
		"nginx is behind a proxy":                             "",
		"nginx asks a resolver":                               "nginx asks",
		"Ask before you add a dependency":                     "",
		"the file is not there.":                              "is not there",
		"is there a second one":                               "",
		"only the last line counts, not the first":            "line counts,",
		"it counts lines; the counts, and one count for each": "",
		"a star stands for a word":                            "stands",
		"it is standalone":                                    "",
		"nobody knows the name":                               "nobody knows",
		"the account nobody is in /etc/passwd":                "",
		"gave up: fpm entered FATAL state":                    "",
		"nginx may not enter":                                 "not enter",
	} {
		p := proseOfText("", strings.ReplaceAll(text, " ", "\n"), false)
		var got []string
		for _, phrase := range phrases {
			_, words := phrase.finder()(p.text.String())
			got = append(got, words...)
		}
		if strings.Join(got, " | ") != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
