package tree

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func TestSizes(t *testing.T) {
	for _, n := range []int{0, 1, chunk - 1, chunk, chunk + 1, 3*chunk + 7, 1 << 20} {
		text := strings.Repeat("x", n)
		dir := build(t, map[string]string{"f": text})
		for kind, tr := range map[string]*Tree{"disk": open(t, dir), "memory": Memory(map[string]string{"f": text})} {
			if got, err := tr.Open("/f"); err != nil || got.Content != text {
				t.Errorf("%s: %d bytes: got %d, %v", kind, n, len(got.Content), err)
			}
			tr.MaxFile = int64(n)
			if got, err := tr.Open("/f"); err != nil || got.Content != text {
				t.Errorf("%s: %d bytes at the limit: got %d, %v", kind, n, len(got.Content), err)
			}
			tr.MaxFile = int64(n) - 1
			if _, err := tr.Open("/f"); n > 0 && !errors.Is(err, ErrTooLarge) {
				t.Errorf("%s: %d bytes over the limit: %v", kind, n, err)
			}
		}
	}
}

func TestTooLarge(t *testing.T) {
	dir := build(t, map[string]string{"sparse": "", "a": "12345", "b": "12345"})
	if err := os.Truncate(dir+"/sparse", 1<<40); err != nil {
		t.Fatal(err)
	}
	tr := open(t, dir)
	if _, err := tr.Open("/sparse"); err == nil || err.Error() != "larger than 16 MiB" || !errors.Is(err, ErrTooLarge) {
		t.Errorf("Open(/sparse): %v", err)
	}
	tr.MaxTotal = 7
	if _, err := tr.Open("/a"); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"/b", "/a"} {
		_, err := tr.Open(name)
		if want := "the files read before it fill the limit of 7 bytes"; err == nil || err.Error() != want || !errors.Is(err, ErrTooLarge) {
			t.Errorf("Open(%s): %v\nwant %s", name, err, want)
		}
	}
}

// The files of /proc claim to be empty.
func TestUnknownSize(t *testing.T) {
	want, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		t.Skip(err)
	}
	got, err := open(t, "/").Open("/proc/cpuinfo")
	if err != nil || bytes.Count(want, []byte("\n")) != strings.Count(got.Content, "\n") {
		t.Errorf("got %d bytes, %v, want %d", len(got.Content), err, len(want))
	}
}

// Some files of a kernel wait for data that never comes, as a pipe does.
func TestSilentFile(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("js/wasm has no pipes")
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if _, err := w.WriteString("begins"); err != nil {
		t.Fatal(err)
	}
	if text, err := readAll(r, 0, 100); text != "" || err != errSilent {
		t.Errorf("readAll = %q, %v, want %v", text, err, errSilent)
	}
}

// More directories than are kept open, from several goroutines at once.
func TestManyDirectories(t *testing.T) {
	files := map[string]string{}
	for i := range 3 * maxHandles {
		files[fmt.Sprintf("d%d/f", i)] = fmt.Sprint(i)
	}
	dir := build(t, files)
	tr := open(t, dir)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 3 * maxHandles {
				i = (i*7 + worker*31) % (3 * maxHandles)
				name := fmt.Sprintf("/d%d/f", i)
				if got, err := tr.Open(name); err != nil || got.Content != fmt.Sprint(i) {
					t.Errorf("Open(%s) = %+v, %v", name, got, err)
				}
				if list, err := tr.List(fmt.Sprintf("/d%d", i)); err != nil || len(list) != 1 {
					t.Errorf("List(/d%d) = %v, %v", i, list, err)
				}
			}
		})
	}
	all.Wait()
	d := tr.store.(*disk)
	if len(d.handles) > maxHandles {
		t.Errorf("%d directories are open, want at most %d", len(d.handles), maxHandles)
	}
	for name, h := range d.handles {
		if h.users != 0 {
			t.Errorf("%s still has %d users", name, h.users)
		}
	}
	if want := 8 * 3 * maxHandles; tr.Opened() != want {
		t.Errorf("Opened = %d, want %d", tr.Opened(), want)
	}
}

// Linux follows 40 links for one name and no more.
func TestLinkChain(t *testing.T) {
	for _, c := range []struct {
		links int
		want  string
	}{{maxLinks, ""}, {maxLinks + 1, "more than 40 symbolic links on its path"}} {
		files := map[string]string{"l0": "x", "d/x": "x"}
		dirs := map[string]string{"d0/x": "x"}
		for i := range c.links {
			files[fmt.Sprintf("l%d", i+1)] = fmt.Sprintf("-> l%d", i)
			dirs[fmt.Sprintf("d%d", i+1)] = fmt.Sprintf("-> /d%d", i)
		}
		for name, files := range map[string]map[string]string{fmt.Sprintf("/l%d", c.links): files, fmt.Sprintf("/d%d/x", c.links): dirs} {
			for kind, tr := range map[string]*Tree{"disk": open(t, build(t, files)), "memory": remember(files)} {
				for range 2 { // the second time from memory
					why := ""
					if _, err := tr.Open(name); err != nil {
						why = err.Error()
					}
					if why != c.want {
						t.Errorf("%s: Open(%s): %q, want %q", kind, name, why, c.want)
					}
				}
			}
		}
	}
}
