package apachet

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/tree"
)

var (
	configurations = flag.Int("configurations", 60, "compare this many random configurations with apache2 -t")
	firstSeed      = flag.Uint64("seed", 1, "the seed of the first one")
)

const (
	apache2 = "/usr/sbin/apache2"
	objects = "/usr/lib/apache2/modules"
)

// TestServer compares Check with what a real httpd says about random configurations: random
// directives with random words in random sections, with modules loaded or not. Where httpd
// refuses the place, the number of words, the section or the name, Check reports that line;
// where it accepts, Check accepts; where it refuses a value, Check reports nothing before.
func TestServer(t *testing.T) {
	needServer(t)
	work, wrong := make(chan uint64), make(chan string)
	var counts [3]int
	var lock sync.Mutex
	var wait sync.WaitGroup
	for range 2 {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "logs"), 0o755); err != nil {
			t.Fatal(err)
		}
		wait.Go(func() {
			for seed := range work {
				kind, difference := compare(dir, seed)
				lock.Lock()
				counts[kind]++
				lock.Unlock()
				if difference != "" {
					wrong <- difference
				}
			}
		})
	}
	go func() {
		for i := range *configurations {
			work <- *firstSeed + uint64(i)
		}
		close(work)
		wait.Wait()
		close(wrong)
	}()
	for difference := range wrong {
		t.Error(difference)
	}
	t.Logf("httpd accepted %d, refused %d, and refused a value of %d", counts[accepted], counts[refused], counts[valued])
	if counts[accepted] < *configurations/20 || counts[refused] < *configurations/5 {
		t.Error("the configurations try too little")
	}
}

func needServer(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	if _, err := os.Stat(apache2); err != nil {
		if os.Getenv("WP502LINT_LAB") == "1" {
			t.Fatal("WP502LINT_LAB=1, but there is no apache2")
		}
		t.Skip(err)
	}
}

// The judgements of httpd.
const (
	accepted = iota
	refused  // for what Check judges
	valued   // for a value, which it does not
)

// judged matches httpd's words about places, numbers of words, sections and names, and other
// those about values that look alike.
var (
	judged = regexp.MustCompile(`must be On or Off$|not allowed here$|not allowed in <.*> context|cannot occur within|takes (no|one|two|three|1-2) ?.*arguments?|requires at least|requires 1 or 2` +
		`|^Invalid command|Cannot load|directive missing closing|directive requires additional|Multiple <.*arguments|doesn't take additional|does not take an arg` +
		`|without previous <If>|excludes all methods|already excluded|TRACE cannot|^Either all Options|^'Options|^You may not use|^'None' not|Unknown Authz|^negative Require|contains no authorization|has no effect in|expected after Nonfatal$` +
		`|^Illegal (override )?option|Expected </|without matching|was not closed|MPM|threaded`)
	other = regexp.MustCompile(`^(Argument|value) must`)
	// afterwards matches what a section reports only after what is inside.
	afterwards = regexp.MustCompile(`without previous <If>|^Multiple <|contains no auth|^<.*no effect in`)
)

var place = regexp.MustCompile(`(?s)Syntax error on line (\d+) of [^:]*: ?\n?(.*)`)

// compare runs httpd and Check on the configuration of a seed.
func compare(dir string, seed uint64) (kind int, difference string) {
	text := generate(rand.New(rand.NewPCG(502, seed)), dir)
	file := filepath.Join(dir, "httpd.conf")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return accepted, err.Error()
	}
	output, err := exec.Command(apache2, "-t", "-f", file).CombinedOutput()
	line, says := 0, strings.TrimSpace(string(output))
	if m := place.FindStringSubmatch(says); m != nil {
		line, _ = strconv.Atoi(m[1])
		says = strings.TrimSpace(m[2])
	}
	switch {
	case err == nil:
		kind, says = accepted, ""
	case judged.MatchString(says) && !other.MatchString(says):
		kind = refused
	default:
		kind = valued
	}
	files := tree.Memory(map[string]string{file: text})
	main, _ := files.File(file)
	r := Check(apache.Load(main, world{files}), &host.Facts{})
	got, log := 0, ""
	if r != nil && r.Start {
		r = nil // apache2 -t does not report it
	}
	if r != nil {
		got, log = reported(r), r.Log
	}
	switch {
	case kind == accepted && r == nil, kind == valued && (r == nil || got >= line || afterwards.MatchString(log)):
		return kind, ""
	case kind == refused && r != nil && (got == line || line == 0) && strings.Contains(says, firstWords(log)):
		return kind, ""
	}
	return kind, fmt.Sprintf("seed %d: httpd says %d %q, Check says %d %q, of\n%s", seed, line, says, got, log, numbered(text))
}

// reported returns the line that a refusal says Apache reports.
func reported(r *Refusal) int {
	at := r.At
	if !r.Line.IsZero() {
		at = r.Line
	}
	return at.File.LineAt(int(at.Start))
}

// firstWords returns the start of a message, without what has another case.
func firstWords(log string) string {
	words := strings.Fields(log)
	return strings.Join(words[:min(3, len(words))], " ")
}

func numbered(text string) string {
	var b strings.Builder
	n := 0
	for line := range strings.Lines(text) {
		if n++; !strings.HasPrefix(line, "LoadModule") {
			fmt.Fprintf(&b, "%4d %s", n, line)
		}
	}
	return b.String()
}

// generate makes a configuration that loads most modules.
func generate(rnd *rand.Rand, dir string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "ServerRoot %s\nServerName a\n", dir)
	var loads []*httpd.Module
	for _, needing := range []bool{false, true} {
		for m := range httpd.Modules() {
			if _, err := os.Stat(filepath.Join(objects, m.Object)); err != nil || m.Object == "" || m.MPM || phpModule.MatchString(m.Name) || (len(m.Needs) > 0) != needing {
				continue
			}
			if rnd.IntN(20) > 0 {
				loads = append(loads, m)
			}
		}
	}
	loads = append(loads, httpd.ModuleNamed("mpm_event_module"))
	if rnd.IntN(30) == 0 { // another order
		rnd.Shuffle(len(loads), func(i, j int) { loads[i], loads[j] = loads[j], loads[i] })
	}
	switch rnd.IntN(60) {
	case 0:
		loads = loads[:len(loads)-1]
	case 1:
		loads = append(loads, httpd.ModuleNamed("mpm_prefork_module"))
	}
	names := slices.Collect(httpd.Names())
	for _, m := range loads {
		fmt.Fprintf(&b, "LoadModule %s %s/%s\n", m.Name, objects, m.Object)
	}
	g := &generator{rnd, &b, names}
	for range 1 + rnd.IntN(3) {
		g.item(0)
	}
	return b.String()
}

// generator writes random directives.
type generator struct {
	*rand.Rand
	b     *strings.Builder
	names []string
}

// sections are those with what they usually have in their line.
var sections = []string{
	"Directory /x", "DirectoryMatch ^/x", "Location /x", "LocationMatch x", "Files x", "FilesMatch x$", "If true", "If true", "ElseIf true", "Else", "Limit GET",
	"LimitExcept GET POST", "RequireAll", "RequireAny", "RequireNone", "VirtualHost *:80", "VirtualHost *:81", "Proxy fcgi://a/", "ProxyMatch x", "IfModule mod_dir.c", "Directory ~ x", "Location ~ x", "Limit PUT POST",
}

// ordinary are directives that are right in many places.
var ordinary = []string{
	"SetHandler a", "Options Indexes", "AllowOverride All", "AllowOverride None", "DirectoryIndex index.php index.html", "Require all granted", "Require all granted", "Require ip 1.2.3.4", "Require not all denied", "Require valid-user", "Require foo", "ErrorDocument 404 /a", "SetEnv A b", "AddHandler a .php",
	"KeepAlive On x", "Timeout 3", "RewriteEngine On", "Options +Indexes -MultiViews", "ServerAlias a", "ServerAdmin a@b", "ProxyPass /a http://b/", "ProxyTimeout 3", "ProxySet timeout=3", "SSLProxyVerify none",
	"Options Indexes +MultiViews", "Options Bad", "AllowOverride Bad", "Options All Indexes", "Options +None", "Options None Indexes", "AllowOverrideList None a", "AllowOverride Nonfatal",
}

func (g *generator) item(depth int) {
	indent := strings.Repeat(" ", depth)
	switch n := g.IntN(20); {
	case n < 7 && depth < 4:
		line := pick(g, sections)
		switch g.IntN(25) {
		case 0:
			line = strings.Fields(line)[0]
		case 1:
			line += " more"
		}
		end := ">"
		if g.IntN(60) == 0 {
			end = ""
		}
		fmt.Fprintf(g.b, "%s<%s%s\n", indent, line, end)
		for range g.IntN(3) {
			g.item(depth + 1)
		}
		if g.IntN(60) > 0 {
			fmt.Fprintf(g.b, "%s</%s>\n", indent, strings.Fields(line)[0])
		}
	case n < 13:
		fmt.Fprintf(g.b, "%s%s\n", indent, pick(g, ordinary))
	case n == 13 && g.IntN(3) == 0:
		fmt.Fprintf(g.b, "%s%s x\n", indent, pick(g, []string{"Foo", "SetHandlr", "php_value", "Directory", "SecRuleEngine", "FastCgiExternalServer", "Deny"}))
	default:
		g.any(indent)
	}
}

// any writes a directive of the table, usually with as many words as it takes.
func (g *generator) any(indent string) {
	name := pick(g, g.names)
	row := httpd.Directives(name)[0]
	if row.OnRead || name == "Error" || strings.HasPrefix(name, "<") {
		name = "ServerName"
		row = httpd.Directives(name)[0]
	}
	n := 1 + g.IntN(2)
	if c, limited := countsOf(row.Args); limited && g.IntN(4) > 0 {
		n = c.least + g.IntN(min(c.most-c.least, 2)+1)
	} else if g.IntN(8) == 0 {
		n = g.IntN(5)
	}
	words := []string{name}
	for range n {
		words = append(words, pick(g, []string{"on", "off", "1", "a", `""`, "/x", "100", "Off", `"a b"`}))
	}
	if row.Args == httpd.Flag && g.IntN(4) > 0 {
		words = []string{name, "on"}
	}
	fmt.Fprintf(g.b, "%s%s\n", indent, strings.Join(words, " "))
}

func pick(g *generator, list []string) string { return list[g.IntN(len(list))] }
