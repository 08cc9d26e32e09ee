package gittree

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/tree"
)

// repository is a folder with a repository of git.
type repository struct {
	t   *testing.T
	dir string
}

// initialize makes an empty repository.
func initialize(t *testing.T) repository {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	r := repository{t, t.TempDir()}
	for name, value := range map[string]string{
		"HOME": r.dir, "GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
	} {
		t.Setenv(name, value)
	}
	r.git("init", "-q", "-b", "main", ".")
	return r
}

// git runs a command with the lines of its input.
func (r repository) git(args ...string) string { return r.pipe("", args...) }

func (r repository) pipe(in string, args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Stdin = r.dir, strings.NewReader(in)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		r.t.Fatalf("git %q: %v\n%s", args, err, said.String())
	}
	return strings.TrimSpace(string(out))
}

func (r repository) write(name, text string) {
	r.t.Helper()
	name = filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

func (r repository) commit() {
	r.t.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "-m", "x")
}

// at opens the files of a revision, with root as "/".
func (r repository) at(revision, root string) (*Revision, *tree.Tree) {
	r.t.Helper()
	then, err := MergeBase(r.dir, revision)
	if err != nil {
		r.t.Fatal(err)
	}
	now, err := tree.New(root)
	if err != nil {
		r.t.Fatal(err)
	}
	files, err := then.Tree(now)
	if err != nil {
		r.t.Fatal(err)
	}
	return then, files
}

// expect compares files with their texts; "" for one that does not exist.
func expect(t *testing.T, files *tree.Tree, want map[string]string) {
	t.Helper()
	for name, text := range want {
		got, err := files.Open(name)
		if text == "" && !errors.Is(err, fs.ErrNotExist) || text != "" && (err != nil || got.Content != text) {
			t.Errorf("%s: %q (%v), want %q", name, got.Content, err, text)
		}
	}
}

// Files of every kind are as they were, whatever the working tree holds by now.
func TestFiles(t *testing.T) {
	r := initialize(t)
	odd := "a \"b\"\n\tc\\é"
	r.write("plain", "then\r\n")
	r.write("empty", "")
	r.write("dir/"+odd, "odd")
	r.write("dir/deep/run", "#!/bin/sh\n")
	r.write("large", strings.Repeat("x", 1<<20))
	r.write(".gitignore", "ignored*\n")
	r.write("ignored-then", "then")
	r.git("add", "-f", "ignored-then")
	if err := os.Symlink("dir/deep/run", filepath.Join(r.dir, "link")); err != nil {
		t.Fatal(err)
	}
	r.git("add", "-A")
	r.git("update-index", "--chmod=+x", "dir/deep/run")
	r.git("commit", "-q", "-m", "x")
	r.git("rm", "-rqf", "dir", "plain", "link", "ignored-then")
	r.write("plain", "now")
	r.write("new", "now")
	r.write("ignored/now", "now")
	r.commit()
	then, files := r.at("HEAD~1", r.dir)
	files.MaxFile = 1 << 10
	expect(t, files, map[string]string{
		"/plain": "then\r\n", "/dir/" + odd: "odd", "/link": "#!/bin/sh\n", "/new": "", "/ignored/now": "now", "/ignored-then": "then", "/.git/HEAD": "",
	})
	if _, err := files.Open("/large"); !errors.Is(err, tree.ErrTooLarge) {
		t.Errorf("a large file: %v", err)
	}
	expect(t, files, map[string]string{"/dir/deep/run": "#!/bin/sh\n"}) // after what was passed over
	for name, mode := range map[string]fs.FileMode{"/dir/deep/run": 0o755, "/empty": 0o644} {
		if info, err := files.Stat(name); err != nil || info.Mode != mode {
			t.Errorf("%s: %v (%v)", name, info.Mode, err)
		}
	}
	if err := then.Close(); err != nil {
		t.Error(err)
	}
}

// A revision is read after Close too.
func TestReadAfterClose(t *testing.T) {
	r := initialize(t)
	r.write("plain", "then\r\n")
	r.commit()
	then, files := r.at("HEAD", r.dir)
	for range 2 {
		expect(t, files.Fresh(), map[string]string{"/plain": "then\r\n"})
		if err := errors.Join(then.Close(), then.Close()); err != nil {
			t.Error(err)
		}
	}
}

// The root may be in the repository or around it, also by another name.
func TestRoots(t *testing.T) {
	r := initialize(t)
	r.write("rootfs/etc/a", "then")
	r.write("rootfs2/etc/a", "other")
	r.commit()
	r.write("rootfs/etc/a", "now")
	_, files := r.at("main", filepath.Join(r.dir, "rootfs"))
	expect(t, files, map[string]string{"/etc/a": "then", "/rootfs/etc/a": ""})
	around := filepath.Dir(r.dir)
	if err := os.WriteFile(filepath.Join(around, "outside"), []byte("now"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, files = r.at("main", around)
	expect(t, files, map[string]string{"/outside": "now", "/" + filepath.Base(r.dir) + "/rootfs/etc/a": "then"})
	if files.Root() != around {
		t.Errorf("the root is %s", files.Root())
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(r.dir, "rootfs"), link); err != nil {
		t.Fatal(err)
	}
	_, files = r.at("main", link)
	expect(t, files, map[string]string{"/etc/a": "then"})

	// A second working tree has a file .git.
	other := repository{t, filepath.Join(t.TempDir(), "other")}
	r.git("worktree", "add", "-q", other.dir)
	other.write("rootfs/etc/a", "now")
	_, files = other.at("main", other.dir)
	expect(t, files, map[string]string{"/rootfs/etc/a": "then"})
}

// A root in a folder that git ignores is as it is now, unless it was in the repository.
func TestIgnoredRoots(t *testing.T) {
	r := initialize(t)
	r.write("tracked/root/a", "then")
	r.write(".gitignore", "build/\n")
	r.commit()
	r.git("rm", "-rq", "--cached", "tracked")
	r.write(".gitignore", "build/\ntracked/\n")
	r.commit()
	r.write("tracked/root/a", "now")
	r.write("tracked/root/b", "now")
	r.write("build/root/deep/a", "now")
	for _, root := range []string{"build", "build/root", "build/root/deep"} {
		_, files := r.at("HEAD~1", filepath.Join(r.dir, root))
		expect(t, files, map[string]string{strings.TrimPrefix("/build/root/deep/a", "/"+root): "now"})
	}
	_, files := r.at("HEAD~1", filepath.Join(r.dir, "tracked/root"))
	expect(t, files, map[string]string{"/a": "then", "/b": ""})
}

// A submodule is as it was at the commit that was recorded, whatever is checked out by now.
func TestSubmodules(t *testing.T) {
	r := initialize(t)
	inner := repository{t, t.TempDir()}
	inner.git("init", "-q", "-b", "main", ".")
	inner.write("a", "then")
	inner.write(".gitignore", "ignored\n")
	inner.commit()
	add := func(r repository, name, from string) {
		r.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", from, name)
	}
	outer := repository{t, t.TempDir()}
	outer.git("init", "-q", "-b", "main", ".")
	add(outer, "inner", inner.dir)
	outer.commit()
	for _, name := range []string{"same", "edited", "moved", "link", "shallow"} {
		add(r, name, inner.dir)
	}
	add(r, "deep/outer", outer.dir)
	r.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init", "--recursive")
	r.git("update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat("1", 40)+",unknown")
	r.git("update-index", "--cacheinfo", "160000,"+strings.Repeat("1", 40)+",shallow")
	r.git("commit", "-q", "-m", "x")
	add(r, "new", inner.dir)
	moved := repository{t, filepath.Join(r.dir, "moved")}
	moved.write("a", "now")
	moved.commit()
	for _, name := range []string{"edited/a", "edited/b", "edited/ignored", "deep/outer/inner/a", "unknown/a", "ignored"} {
		r.write(name, "now")
	}
	if err := errors.Join(os.RemoveAll(filepath.Join(r.dir, "link")), os.Symlink(inner.dir, filepath.Join(r.dir, "link"))); err != nil {
		t.Fatal(err)
	}
	then, files := r.at("HEAD", r.dir)
	expect(t, files, map[string]string{
		"/same/a": "then", "/edited/a": "then", "/edited/b": "", "/edited/ignored": "now", "/moved/a": "then", "/deep/outer/inner/a": "then",
		"/new/a": "", "/unknown/a": "", "/shallow/a": "", "/link/a": "", "/ignored": "",
	})
	if err := then.Close(); err != nil {
		t.Error(err)
	}
}

// A tree object may have any names: they lead nowhere.
func TestNamesThatLeadOut(t *testing.T) {
	r := initialize(t)
	blob := r.pipe("evil", "hash-object", "-w", "--stdin")
	top := r.object("100644 ok\x00"+raw(t, blob), "40000 ..\x00"+raw(t, r.object("100644 passwd\x00"+raw(t, blob))), "100644 a/../../b\x00"+raw(t, blob))
	r.git("update-ref", "refs/heads/main", r.git("commit-tree", "-m", "x", top))
	then, err := MergeBase(r.dir, "main")
	if err != nil || len(then.entries) != 1 || then.entries[0].name != "ok" {
		t.Errorf("%v (%v)", then, err)
	}
}

// A few objects may describe any number of files, or of directories without a file.
func TestTreesWithoutEnd(t *testing.T) {
	output, wait := maxOutput, maxTime
	defer func() { maxOutput, maxTime = output, wait }()
	r := initialize(t)
	for _, test := range []struct{ leaf, want string }{
		{"100644 a\x00" + raw(t, r.pipe("x", "hash-object", "-w", "--stdin")), ": it prints more than 1 MiB"},
		{"", ": it takes longer than 300ms"},
	} {
		maxOutput, maxTime = 1<<20, wait
		if test.leaf == "" {
			maxTime = 300 * time.Millisecond
		}
		id := r.object(test.leaf)
		for range 12 {
			var entries []string
			for i := range 64 {
				entries = append(entries, fmt.Sprintf("40000 %02d\x00", i)+raw(t, id))
			}
			id = r.object(entries...)
		}
		r.git("update-ref", "refs/heads/main", r.git("commit-tree", "-m", "x", id))
		if _, err := MergeBase(r.dir, "main"); err == nil || !strings.HasSuffix(err.Error(), test.want) {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
}

// object stores a tree object.
func (r repository) object(entries ...string) string {
	return r.pipe(strings.Join(entries, ""), "hash-object", "-w", "-t", "tree", "--literally", "--stdin")
}

// raw returns the bytes of a hash.
func raw(t *testing.T, id string) string {
	t.Helper()
	bytes, err := hex.DecodeString(id)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes)
}

// What a hook of git sets is not what is read, and nothing is fetched.
func TestEnvironment(t *testing.T) {
	repo := filepath.FromSlash("/srv/repo")
	got := environment([]string{
		"PATH=/bin", "HOME=/root", "GIT_DIR=.git", "GIT_INDEX_FILE=x", "GIT_WORK_TREE=x", "GIT_PREFIX=x", "GIT_EXTERNAL_DIFF=x", "GIT_TRACE=x",
		"GIT_ALLOW_PROTOCOL=ext", "GIT_NO_LAZY_FETCH=0", "GIT_CONFIG_PARAMETERS='a.b=c'", "git_dir=x",
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*", "GIT_CONFIG_GLOBAL=/x", "LC_ALL=de_DE", "LANGUAGE=de", "GIT=x",
	}, repo)
	want := []string{
		"PATH=/bin", "HOME=/root", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*", "GIT_CONFIG_GLOBAL=/x", "GIT=x",
		"GIT_CEILING_DIRECTORIES=" + filepath.Dir(repo), "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_OPTIONAL_LOCKS=0",
		"GIT_TERMINAL_PROMPT=0", "LC_ALL=C",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
}

func TestNotInstalled(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := MergeBase(".", "main"); err == nil || err.Error() != "git is not installed or not in PATH; install it" {
		t.Errorf("%v", err)
	}
}

// An error of one read is that of all: what was read is not the revision.
func TestMissingObject(t *testing.T) {
	r := initialize(t)
	r.write("a", "missing")
	r.write("b", "there")
	r.commit()
	id := r.git("rev-parse", "HEAD:a")
	if err := os.Remove(filepath.Join(r.dir, ".git", "objects", id[:2], id[2:])); err != nil {
		t.Fatal(err)
	}
	then, files := r.at("main", r.dir)
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			if _, err := files.Open("/a"); err == nil {
				t.Error("a was read")
			}
		})
	}
	readers.Wait()
	if err := then.Close(); err == nil || err.Error() != "git cannot read a as it was: its object is missing, as in a partial clone; clone without --filter" {
		t.Errorf("%v", err)
	}
}

// git may end at any moment.
func TestGitEnds(t *testing.T) {
	r := initialize(t)
	r.write("a", "then")
	r.commit()
	then, files := r.at("main", r.dir)
	expect(t, files, map[string]string{"/a": "then"})
	if err := then.readers[0].cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Fresh().Open("/a"); err == nil {
		t.Error("a was read")
	}
	if err := then.Close(); err == nil || !strings.HasPrefix(err.Error(), "git cannot read a as it was: ") {
		t.Errorf("%v", err)
	}
}
