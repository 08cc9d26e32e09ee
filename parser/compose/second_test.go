package compose

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/dotenv"
	composego "github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/wp502lint/wp502lint/source"
	"golang.org/x/tools/txtar"
)

// disk opens the files of a directory as those of a project.
func disk(root string) Open {
	return func(name string) (*source.File, error) {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if os.IsNotExist(err) {
			err = fs.ErrNotExist
		}
		return &source.File{Name: name, Real: name, Text: string(text)}, err
	}
}

// theirs reads a deployment with compose-go.
func theirs(root string, files []string) (p *types.Project, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	dir := filepath.Join(root, path.Dir(files[0]))
	details := types.ConfigDetails{WorkingDir: dir, Environment: types.Mapping{"PWD": dir}}
	if env := filepath.Join(dir, ".env"); exists(env) {
		vars, err := dotenv.GetEnvFromFile(map[string]string{}, []string{env})
		if err != nil {
			return nil, err
		}
		details.Environment.Merge(vars)
		if list := vars["COMPOSE_ENV_FILES"]; list != "" {
			var more []string
			for _, name := range strings.Split(list, ",") {
				more = append(more, filepath.Join(dir, name))
			}
			vars, err := dotenv.GetEnvFromFile(details.Environment, more)
			if err != nil {
				return nil, err
			}
			details.Environment.Merge(vars)
		}
	}
	for _, name := range files {
		details.ConfigFiles = append(details.ConfigFiles, types.ConfigFile{Filename: filepath.Join(root, name)})
	}
	return composego.LoadWithContext(context.Background(), details, func(o *composego.Options) {
		name := details.Environment["COMPOSE_PROJECT_NAME"]
		explicit := name != ""
		if !explicit {
			name = composego.NormalizeProjectName(filepath.Base(dir))
		}
		o.SetProjectName(name, explicit)
		o.Profiles = strings.Split(details.Environment["COMPOSE_PROFILES"], ",")
	})
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func where(name string, outside bool) string {
	if outside {
		return "outside"
	}
	return name
}

func texts(values []Value) string {
	var all []string
	for _, v := range values {
		all = append(all, v.Text)
	}
	return strings.Join(all, " ")
}

func ourCommand(c *Command) string {
	if c == nil {
		return "none"
	}
	words := []string{}
	for _, w := range c.Exec {
		words = append(words, w.Text)
	}
	return fmt.Sprintf("%q", words)
}

func theirCommand(c types.ShellCommand) string {
	if c == nil {
		return "none"
	}
	return fmt.Sprintf("%q", []string(c))
}

func target(name, otherwise, dir string) string {
	switch {
	case name == "":
		return otherwise
	case !path.IsAbs(name):
		return dir + name
	}
	return name
}

// difference returns the lines that only one side has.
func difference(ours, theirs []string) (out []string) {
	for _, line := range ours {
		if !slices.Contains(theirs, line) {
			out = append(out, "ours:   "+line)
		}
	}
	for _, line := range theirs {
		if !slices.Contains(ours, line) {
			out = append(out, "theirs: "+line)
		}
	}
	return out
}

// unpack writes an archive of testdata to a directory of its own.
func unpack(t testing.TB, name string) (root string) {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	root = t.TempDir()
	for _, f := range archive.Files {
		file := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// The loader of Compose itself reads the files of testdata as we do. What it refuses
// has a problem.
func TestSecondOpinion(t *testing.T) {
	// What Compose says is the same on all systems. Under js/wasm its functions have
	// addresses that the heap of these tests reaches, and Go 1.26 then dies at times with
	// "found bad pointer in Go heap".
	if runtime.GOOS == "js" {
		t.Skip("compose-go can crash Go under js/wasm")
	}
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) < 25 {
		t.Fatal(err, len(archives))
	}
	for _, archive := range archives {
		name := strings.TrimSuffix(filepath.Base(archive), ".txtar")
		t.Run(name, func(t *testing.T) {
			root := unpack(t, archive)
			files := startOf(t, root)
			ours := Load(disk(root), files, nil)
			theirs, err := theirs(root, files)
			if refused := err != nil; refused != strings.HasPrefix(name, "refused-") && !strings.HasPrefix(name, "profile-needed") {
				t.Errorf("compose-go: %v", err)
			}
			if err != nil {
				if len(ours.Problems) == 0 {
					t.Errorf("compose-go refuses this, and we have no problem: %v", err)
				}
				return
			}
			for _, p := range ours.Problems {
				t.Errorf("compose-go reads this; our problem at %v %q: %s", p.At.Begin(), p.At.Text(), p.Message)
			}
			if ours.Name != theirs.Name {
				t.Errorf("got name %q, want %q", ours.Name, theirs.Name)
			}
			for _, line := range difference(ourLines(ours), theirLines(theirs, root)) {
				t.Error(line)
			}
		})
	}
}

// startOf returns what "docker compose up" reads in /app.
func startOf(t *testing.T, root string) []string {
	t.Helper()
	var names []string
	entries, err := os.ReadDir(filepath.Join(root, "app"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	r := newReader(disk(root))
	return r.start("/app", copied(names), r.environment("/app").vars)
}
