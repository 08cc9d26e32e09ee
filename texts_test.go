package wp502lint_test

import (
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"
)

// texts returns the scripts, the images and the files with some extensions of the repository, by
// their names with slashes, without what is in folders called as skipped says.
func texts(t *testing.T, skipped []string, extensions ...string) iter.Seq2[string, string] {
	t.Helper()
	return func(yield func(string, string) bool) {
		err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
			name = filepath.ToSlash(name)
			switch {
			case err != nil:
				return err
			case d.IsDir() && slices.Contains(skipped, d.Name()):
				return filepath.SkipDir
			case !d.Type().IsRegular() || !isScript(name) && !slices.Contains(extensions, path.Ext(name)):
				return nil
			}
			text, err := os.ReadFile(name)
			if err == nil && !yield(name, string(text)) {
				return filepath.SkipAll
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// isScript reports whether a file without an extension is a script or describes an image.
func isScript(name string) bool {
	return path.Dir(name) == ".ci" || path.Dir(name) == ".github/action" || path.Base(name) == "Dockerfile"
}
