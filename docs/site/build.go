//go:build ignore

// Build writes the site of the documentation into a folder: go run docs/site/build.go -o DIR.
// go build ./... ignores it, so that go install ./... installs wp502lint alone.
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"

	"github.com/wp502lint/wp502lint/docs/site"
	"github.com/wp502lint/wp502lint/rules"
)

func main() {
	log.SetFlags(0)
	out := flag.String("o", "", "the folder to write to")
	flag.Parse()
	if *out == "" || flag.NArg() > 0 {
		log.Fatal("use: go run docs/site/build.go -o DIR, in the root of the repository")
	}
	in := site.Input{Rules: rules.Explained(), Files: os.DirFS(".")}
	files, bytes := 0, 0
	err := site.Build(in, func(name string, text []byte) error {
		files, bytes = files+1, bytes+len(text)
		name = filepath.Join(*out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		return os.WriteFile(name, text, 0o644)
	})
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("%d files, %d bytes", files, bytes)
}
