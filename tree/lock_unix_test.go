//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package tree

import "testing"

// Two processes never change one root at once.
func TestAmendLocks(t *testing.T) {
	dir, list := amended(t)
	first, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	unlock, err := first.store.(*disk).lock()
	if err != nil {
		t.Fatal(err)
	}
	second, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Amend(list); err == nil {
		t.Error("amended beside another process")
	}
	unlock()
	if err := second.Amend(list); err != nil {
		t.Error(err)
	}
}
