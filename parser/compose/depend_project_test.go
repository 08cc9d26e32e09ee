package compose

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// Where an edit would be a guess there is none.
func TestDependOnRefused(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/depend/refused.txt")
	if err != nil || len(archive.Files) < 15 {
		t.Fatal(err, len(archive.Files))
	}
	for _, f := range archive.Files {
		data := strings.ReplaceAll(string(f.Data), "<LS>", "\u2028")
		files := map[string]string{"/app/compose.yaml": data}
		if env, text, ok := strings.Cut(data, "\n"); ok && strings.HasPrefix(env, "COMPOSE_") {
			files = map[string]string{"/app/.env": env, "/app/compose.yaml": text}
		}
		p := Load(opener(files), []string{"/app/compose.yaml"}, nil)
		if p.Service("web") == nil || p.Service("php") == nil {
			t.Errorf("%s: not both services start", f.Name)
		}
		if edit, ok := p.DependOn("web", "php"); ok {
			t.Errorf("%s: got\n%s", f.Name, inserted(t, edit))
		}
	}
}

// A project of several files is edited where both services are declared, for whatever uses
// that file.
func TestDependOnFiles(t *testing.T) {
	archives, err := filepath.Glob("testdata/depend/*.txtar")
	if err != nil || len(archives) < 10 {
		t.Fatal(err, len(archives))
	}
	for _, name := range archives {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(name), func(t *testing.T) { dependInProject(t, string(text)) })
	}
}

// dependInProject compares the edit of a project with what is marked in it.
func dependInProject(t *testing.T, text string) {
	before, want := withMarks(text)
	all := All(memory(before), []string{"/app"}, names(before))
	edit, ok := all[0].DependOn("web", "php")
	if !ok {
		if before != want {
			t.Error("no edit")
		}
		return
	}
	archive := txtar.Parse([]byte(before))
	for i, f := range archive.Files {
		if "/"+f.Name == edit.At.File.Name {
			archive.Files[i].Data = []byte(inserted(t, edit))
		}
	}
	got := string(txtar.Format(archive))
	if got != want {
		t.Errorf("got\n%s", got)
	}
	for _, p := range All(memory(got), []string{"/app"}, names(got)) {
		for _, problem := range p.Problems {
			t.Errorf("%v: %s", problem.At.Begin(), problem.Message)
		}
		if !waits(p.named(), p.Service("web"), "php") {
			t.Errorf("%s does not have the order", p.Merged)
		}
	}
}

// names returns the names of the files of /app in an archive.
func names(archive string) map[string][]string {
	all := map[string][]string{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		if name, ok := strings.CutPrefix(f.Name, "app/"); ok {
			all["/app"] = append(all["/app"], name)
		}
	}
	return all
}
