package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/nginxt"
	. "github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// A rule declares what it reports and reports what it declares, or what that is with
// Apache: lint.Run panics on any other outcome, and each that is declared comes about in a case
// or in Bad. What a rule reports with Apache is on its page: it is about Apache too.
func TestOutcomes(t *testing.T) {
	seen := map[*lint.Rule]map[lint.Outcome]bool{}
	look := func(c *cases.Case) {
		for _, f := range cases.Lint(c, All).Findings {
			if seen[f.Rule] == nil {
				seen[f.Rule] = map[lint.Outcome]bool{}
			}
			seen[f.Rule][f.Outcome] = true
		}
	}
	for _, archive := range archives(t) {
		look(parse(t, archive))
	}
	for _, rule := range All {
		bad, good := examples(t, rule)
		look(bad)
		look(good)
	}
	for _, rule := range All {
		n := 0
		for outcome, when := range rule.Outcomes.All() {
			if n++; !seen[rule][outcome] && !seen[rule][outcome.With(servers.Apache)] {
				t.Errorf("%s declares %s (%s), and no case shows it", rule.ID, outcome, when)
			}
			if strings.HasSuffix(when, ".") || when == lint.Always && outcome != rule.Outcomes.Worst() {
				t.Errorf("%s is %s %q", rule.ID, outcome, when)
			}
		}
		if always := rule.Outcomes[rule.Outcomes.Worst()] == lint.Always; always != (n == 1) {
			t.Errorf("%s has %d outcomes, and one of them always: %t", rule.ID, n, always)
		}
		apache, possible := false, rule.Possible()
		for outcome := range seen[rule] {
			apache = apache || rule.Outcomes[outcome] == ""
			if possible[outcome] == "" {
				t.Errorf("%s reports %s in a case, and its page does not say so: it is not about Apache", rule.ID, outcome)
			}
		}
		if rule.Apache && !apache {
			t.Errorf("%s is about Apache too, and no case shows what it reports there", rule.ID)
		}
	}
}

// archives returns the texts of all cases, those of stock hosts included.
func archives(t *testing.T) (texts []string) {
	t.Helper()
	for _, below := range []string{"*", "*/*"} {
		names, err := filepath.Glob(filepath.Join(caseDir, below, "*.txtar"))
		if err != nil || len(names) == 0 {
			t.Fatalf("no cases in %s (%v)", below, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(text))
		}
	}
	return texts
}

// noFaults are the reasons that are not faults.
var noFaults = []lint.Fault{stack.Answers, stack.Elsewhere, stack.Untold, HandshakeFits}

// Every fault belongs to exactly one rule, so that no two rules report it and
// none is unreported.
func TestFaultsHaveOneOwner(t *testing.T) {
	owner := map[lint.Fault]string{}
	for _, rule := range All {
		for _, fault := range rule.Faults {
			if first := owner[fault]; first != "" || slices.Contains(noFaults, fault) {
				t.Errorf("fault %T(%d) is claimed by %s and also by %q", fault, fault, rule.ID, first)
			}
			owner[fault] = rule.ID
		}
	}
	for _, e := range []struct {
		dir, name string
		value     func(int) lint.Fault
	}{
		{"../stack", "Fault", func(n int) lint.Fault { return stack.Fault(n) }},
		{"../fpmt", "Fault", func(n int) lint.Fault { return fpmt.Fault(n) }},
		{"../nginxt", "Fault", func(n int) lint.Fault { return nginxt.Fault(n) }},
		{".", "tlsFault", func(n int) lint.Fault { return TLSFault(n) }},
	} {
		for n, name := range enum(t, e.dir, e.name) {
			if fault := e.value(n); name != "" && owner[fault] == "" && !slices.Contains(noFaults, fault) {
				t.Errorf("no rule claims %s", name)
			}
		}
	}
}

// enum returns the names of the constants of a type, by value: those of the block
// that gives it iota, or iota + 1 for one whose zero has no name.
func enum(t *testing.T, dir, name string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		file, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			block, ok := n.(*ast.GenDecl)
			if !ok || block.Tok != token.CONST {
				return true
			}
			first := block.Specs[0].(*ast.ValueSpec)
			if of, ok := first.Type.(*ast.Ident); !ok || of.Name != name {
				return false
			}
			if _, plain := first.Values[0].(*ast.Ident); !plain {
				names = append(names, "")
			}
			for _, spec := range block.Specs {
				names = append(names, spec.(*ast.ValueSpec).Names[0].Name)
			}
			return false
		})
	}
	if len(names) < 2 {
		t.Fatalf("%s has no constants of type %s", dir, name)
	}
	return names
}

// A verdict of healthy leaves no gateway of PHP unjudged: no rule about its address or its
// socket says that it was not checked.
func TestHealthy(t *testing.T) {
	verdicts := map[lint.Outcome]int{}
	for _, archive := range archives(t) {
		c := parse(t, archive)
		report, s := cases.Lint(c, All), c.Link()
		verdicts[report.Verdict]++
		if report.Verdict != 0 {
			continue
		}
		passes := map[source.Span]bool{}
		for _, g := range s.Gateways {
			passes[g.At] = passes[g.At] || g.PassesPHP()
			for _, peer := range g.Peers {
				passes[peer.At] = passes[peer.At] || g.PassesPHP()
			}
		}
		for _, n := range report.NotChecked {
			if n.Rule == SocketPermission || n.Rule == AllowedClients || n.Rule == SocketInPrivateTmp || n.Rule == SocketMismatch && passes[n.At] {
				t.Errorf("healthy, although %s was not checked: %s\n%s", n.Rule.ID, n.Why, archive)
			}
		}
	}
	if verdicts[0] == 0 || verdicts[lint.Unknown] == 0 {
		t.Errorf("no case is healthy, or none is unknown: %v", verdicts)
	}
}

// What the header of a case with containers claims is the verdict on it: an answer of 200
// means that every gateway was judged and found healthy.
func TestContainersAreJudged(t *testing.T) {
	for _, archive := range archives(t) {
		c := parse(t, archive)
		if !c.Containers() || !c.NginxRefuses && len(c.Requests) == 0 {
			continue
		}
		want := lint.Outcome(0)
		if c.FPMRefuses {
			want = lint.FPMRefuses // what nginx does without the container follows from it
		} else if c.NginxRefuses {
			want = lint.NginxRefuses
		} else if slices.ContainsFunc(c.Requests, func(r cases.Request) bool { return r.Status == 502 }) {
			want = lint.BadGateway
		}
		report := cases.Lint(c, All)
		if want == 0 && report.Gateways.PHP == 0 {
			want = lint.Unknown // nothing passes requests to PHP
		}
		if report.Verdict != want {
			t.Errorf("verdict %s, want %s: %+v\n%s", report.Verdict, want, report.Gateways.Reasons, archive)
		}
	}
}
