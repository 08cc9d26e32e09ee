package servers

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// groupNames are what the groups of expressions are called.
var groupNames = strings.Fields(`path addr pool pid signal word code seconds script request process object rss pages
	scope group unit name file line number operation step pattern port`)

// Every row is declared whole, and once.
func TestSignatures(t *testing.T) {
	names := map[string]bool{}
	kebab := regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`)
	for _, s := range Signatures() {
		if !kebab.MatchString(s.Name) || names[s.Name] {
			t.Errorf("%s is not in kebab-case, or is in the list twice", s.Name)
		}
		names[s.Name] = true
		re, err := regexp.Compile(s.Expression())
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		if re.MatchString("") || strings.Contains(s.Expression()+s.Example, "\n") {
			t.Errorf("%s: %s matches every line, or is more than one", s.Name, re)
		}
		if (s.Pattern == "") == (s.Refusal == "") {
			t.Errorf("%s has a pattern and a template, or neither", s.Name)
		}
		groups := re.SubexpNames()[1:]
		slices.Sort(groups)
		for i, name := range groups {
			if name != "" && (!slices.Contains(groupNames, name) || i > 0 && groups[i-1] == name) {
				t.Errorf("%s: %s has an unknown group %s, or has it twice", s.Name, re, name)
			}
		}
	}
}

// Every variable is in the list, and called after its row.
func TestSignaturesAreListed(t *testing.T) {
	declared := regexp.MustCompile(`(?m)^\t(\w+) += &Signature\{"([^"]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			if !strings.EqualFold(m[1], strings.ReplaceAll(m[2], "-", "")) {
				t.Errorf("%s: %s is called %s", file, m[2], m[1])
			}
			names[m[2]] = true
		}
	}
	for _, s := range Signatures() {
		if !names[s.Name] {
			t.Errorf("%s has no variable", s.Name)
		}
		delete(names, s.Name)
	}
	for name := range names {
		t.Errorf("%s is not in the list", name)
	}
}

// The example of a row is a line of that row and not of one before it: none is hidden.
func TestSignaturesInOrder(t *testing.T) {
	for _, s := range Signatures() {
		if got := SignatureOf(s.Example); got != s {
			name := "no row"
			if got != nil {
				name = got.Name
			}
			t.Errorf("the example of %s is one of %s: %s", s.Name, name, s.Example)
		}
	}
	if got := SignatureOf("[notice] start worker process 1234"); got != nil {
		t.Errorf("a line without a meaning is one of %s", got.Name)
	}
}
