//go:build unix

package gittree

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A pipe in place of an object has no end, nor has a program that does not answer.
func TestObjectWithoutEnd(t *testing.T) {
	wait := maxTime
	defer func() { maxTime = wait }()
	r := initialize(t)
	r.write("a", "pipe")
	r.commit()
	id := r.git("rev-parse", "HEAD:a")
	object := filepath.Join(r.dir, ".git", "objects", id[:2], id[2:])
	if err := os.Remove(object); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(object, 0o600); err != nil {
		t.Fatal(err)
	}
	then, files := r.at("main", r.dir)
	maxTime = 300 * time.Millisecond
	for range 2 {
		if _, err := files.Fresh().Open("/a"); err == nil {
			t.Error("a was read")
		}
	}
	if err := then.Close(); err == nil || err.Error() != "git cannot read a as it was: it takes longer than 300ms" {
		t.Errorf("%v", err)
	}
}
