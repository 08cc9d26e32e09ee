// Command readall only reads every file below a directory, with two
// goroutines: no Go program that looks at the files can be faster
// without reading less of them.
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

func main() {
	names := make(chan string, 256)
	var files, bytes atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for name := range names {
				text, err := os.ReadFile(name)
				if err != nil {
					fail(err)
				}
				files.Add(1)
				bytes.Add(int64(len(text)))
			}
		})
	}
	err := filepath.WalkDir(os.Args[1], func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			names <- name
		}
		return err
	})
	if err != nil {
		fail(err)
	}
	close(names)
	wg.Wait()
	fmt.Println(files.Load(), "files,", bytes.Load(), "bytes")
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
