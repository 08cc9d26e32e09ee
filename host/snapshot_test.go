package host

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/tree"
)

// machine is a tree with everything that a snapshot reads from files.
func machine() *tree.Tree {
	t := tree.Memory(map[string]string{
		"etc/passwd": "root:x:0:0::/:/\nwww-data:x:33:33::/:/\n",
		"etc/group":  "root:x:0:\nweb:x:200:www-data\n",
		"etc/hosts":  "127.0.0.1 localhost\n::1 localhost ip6-localhost\n",
	})
	t.Set("/run/php", tree.Info{Type: tree.Dir, UID: 33, GID: 33, Mode: 0o750})
	t.Set("/run/php/a.sock", tree.Info{Type: tree.Socket, Mode: 0o660})
	return t
}

func TestTake(t *testing.T) {
	day := time.Date(2027, 1, 31, 12, 0, 0, 5, time.UTC)
	want := &Snapshot{
		Version: 1, Taken: time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC),
		Users:  []User{{"root", 0, 0}, {"www-data", 33, 33}},
		Groups: []Group{{"root", 0, nil}, {"web", 200, []string{"www-data"}}},
		Hosts:  []HostSnapshot{{"::1", []string{"ip6-localhost", "localhost"}}, {"127.0.0.1", []string{"localhost"}}},
		Paths: []PathSnapshot{
			{"/", "directory", 0, 0, "0755"}, {"/run", "directory", 0, 0, "0755"}, {"/run/php", "directory", 33, 33, "0750"},
			{"/run/php/a.sock", "socket", 0, 0, "0660"}, {"/run/php/b.sock", "missing", 0, 0, ""},
		},
	}
	if got := Take(machine(), []string{"/run/php/b.sock", "/run/php/a.sock"}, day); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// A snapshot gives the same facts elsewhere as on its machine.
func TestSnapshotTravels(t *testing.T) {
	taken := Take(machine(), []string{"/run/php/a.sock", "/run/none"}, time.Now())
	taken.Memory = &MemorySnapshot{Total: 8 << 30, Limit: 2 << 30}
	taken.Pools = []PoolSnapshot{{Pool: "www", Workers: 3, RSS: 100, PSS: 50}}
	var text bytes.Buffer
	if err := json.NewEncoder(&text).Encode(taken); err != nil {
		t.Fatal(err)
	}
	read, err := ReadSnapshot(&text)
	if err != nil {
		t.Fatal(err)
	}
	here, there := Collect(tree.Memory(nil), Overrides{Snapshot: read}), Collect(machine(), Overrides{})
	if here.Memory != 2<<30 || !reflect.DeepEqual(here.Pools, taken.Pools) {
		t.Errorf("memory %+v, pools %+v", here.Memory, here.Pools)
	}
	if got := Collect(nil, Overrides{Snapshot: read, Memory: 5}).Memory; got != 5 {
		t.Errorf("memory with an override is %+v, want 5", got)
	}
	u, _ := here.Users.Lookup("www-data")
	if v, _ := there.Users.Lookup("www-data"); u != v || !reflect.DeepEqual(here.Groups.Of("www-data"), there.Groups.Of("www-data")) {
		t.Errorf("accounts differ: %+v and %+v", u, v)
	}
	if len(here.Hosts.Lookup("localhost")) != 2 || here.Groups.Name(200) != "web" {
		t.Errorf("hosts %v, group %s", here.Hosts.Lookup("localhost"), here.Groups.Name(200))
	}
	for _, name := range []string{"/run", "/run/php", "/run/php/a.sock"} {
		a, known := here.Files.Info(name)
		b, _ := there.Files.Info(name)
		if !known || a != b {
			t.Errorf("%s is %+v, %t here and %+v there", name, a, known, b)
		}
	}
	if !here.Files.Missing("/run/none") || here.Files.Missing("/run/other") {
		t.Error("/run/none is missing, and /run/other was not looked at")
	}
}

func TestReadSnapshotErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                   `not a facts file (expected JSON from "wp502lint facts")`,
		"{}":                 "facts of version 0, but this program reads version 1",
		`{"version": 2}`:     "facts of version 2, but this program reads version 1",
		`{"version": "one"}`: `not a facts file (expected JSON from "wp502lint facts")`,
		`[1]`:                `not a facts file (expected JSON from "wp502lint facts")`,
		`{"version":1,"x":` + strings.Repeat("[", 100_000): "not a facts file ",
	} {
		if _, err := ReadSnapshot(strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("ReadSnapshot(%.20q) = %v, want %s", text, err, want)
		}
	}
}

// Any JSON that is read can be applied.
func FuzzSnapshot(f *testing.F) {
	f.Add(`{"version":1,"users":[{"name":"a"}],"hosts":[{"address":"x","names":["y"]}],"paths":[{"path":"","type":"x","mode":"9"}],"memory":{"total":-1,"limit":-5}}`)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 8<<10 {
			return
		}
		s, err := ReadSnapshot(strings.NewReader(text))
		if err != nil {
			return
		}
		facts := Collect(nil, Overrides{Snapshot: s})
		if facts.Memory < 0 {
			t.Errorf("%q: memory %d", text, facts.Memory)
		}
	})
}
