package host

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/tree"
)

var allFacts = []Fact{Users, Groups, Hosts, Memory, Reserve, Worker, Files, Today}

func known(f *Facts) []Fact {
	var list []Fact
	for _, fact := range allFacts {
		if f.Known(fact) {
			list = append(list, fact)
		}
	}
	return list
}

func TestCollect(t *testing.T) {
	day := time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)
	full := tree.Memory(map[string]string{"etc/passwd": "a:x:1:2::/:/\n", "etc/group": "a:x:2:\n", "etc/hosts": "::1 localhost\n"})
	empty := tree.Memory(nil)
	for _, c := range []struct {
		name string
		tree *tree.Tree
		over Overrides
		want []Fact
	}{
		{"nothing", nil, Overrides{}, nil},
		{"empty tree", empty, Overrides{}, []Fact{Files}},
		{"all files", full, Overrides{}, []Fact{Users, Groups, Hosts, Files}},
		{"only flags", nil, Overrides{Memory: 4 << 30, Reserve: 1 << 30, Worker: 80 << 20, Today: day}, []Fact{Memory, Reserve, Worker, Today}},
		{"all", full, Overrides{Memory: 4 << 30, Reserve: 1 << 30, Worker: 80 << 20, Today: day}, allFacts},
	} {
		f := Collect(c.tree, c.over)
		if got := known(f); !slices.Equal(got, c.want) {
			t.Errorf("%s: known %v, want %v", c.name, got, c.want)
		}
		if f.Memory != c.over.Memory || f.Reserve != c.over.Reserve || f.Worker != c.over.Worker || f.Today != c.over.Today {
			t.Errorf("%s: %+v, want the overrides %+v", c.name, f, c.over)
		}
	}
	if (*Facts)(nil).Known(Memory) || (&Facts{}).Known(Files) || Collect(full, Overrides{}).Known("nonsense") {
		t.Error("no facts, but something is known")
	}
}

// Nothing of this machine is a fact about a folder on it.
func TestNotLive(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tr, err := tree.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	f := Collect(tr, Overrides{})
	if got := known(f); !slices.Equal(got, []Fact{Files}) {
		t.Errorf("known %v, want only files", got)
	}
	if info, known := f.Files.Info("/x"); known {
		t.Errorf("the owner of a file in a folder is known: %+v", info)
	}
	if _, known := f.Files.IsSocket("/x"); known {
		t.Error("IsSocket is known in a folder")
	}
}

func TestLive(t *testing.T) {
	if _, err := os.Stat("/proc/meminfo"); err != nil {
		t.Skip(err)
	}
	tr, err := tree.New("/")
	if err != nil {
		t.Fatal(err)
	}
	f := Collect(tr, Overrides{})
	if linux := runtime.GOOS == "linux"; (f.Memory > 0) != linux || linux && (f.Memory < 1<<20 || f.Memory > 1<<50) {
		t.Errorf("Memory = %d", f.Memory)
	}
	if got := Collect(tr, Overrides{Memory: 5}).Memory; got != 5 {
		t.Errorf("Memory given = %+v", got)
	}
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		t.Fatal(err)
	}
	var kB int64
	if _, err := fmt.Sscanf(string(text), "MemTotal: %d kB", &kB); err != nil || f.Memory > kB<<10 {
		t.Errorf("Memory = %d, more than MemTotal of %d kB (%v)", f.Memory, kB, err)
	}
	if exists, known := f.Files.Exists("/no-such-folder/x"); exists || !known {
		t.Errorf("Exists = %t, %t, want a known absence", exists, known)
	}
	if is, known := f.Files.IsSocket("/no-such-folder/x.sock"); is || !known {
		t.Errorf("IsSocket = %t, %t, want a known no", is, known)
	}
}

func TestUsers(t *testing.T) {
	u := ParseUsers(strings.Join([]string{
		"root:x:0:0:root:/root:/bin/bash",
		"# nobody:x:1:1::/:/",
		"",
		"  www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin  ",
		"www-data:x:44:44::/:/",
		"short:x:7:8",
		"nogid:x:7",
		"word:x:seven:8::/:/",
		"minus:x:-1:8::/:/",
		"blank:x::8::/:/",
		"big:x:4294967295:4294967296::/:/",
		"max:x:4294967294:4294967295::/:/",
		":x:1:1::/:/",
		"+:x:1:1::/:/",
		"+nis:x:1:1::/:/",
		"nothing",
		"crlf:x:9:9::/:/\r",
		"long:x:5:5:" + strings.Repeat("x", 100_000) + ":/:/",
		"\xff\x00:x:10:10::/:/",
		"last:x:11:12::/:/",
	}, "\n"))
	want := map[string]User{
		"root": {"root", 0, 0}, "www-data": {"www-data", 33, 33}, "short": {"short", 7, 8}, "max": {"max", 4294967294, 4294967295},
		"crlf": {"crlf", 9, 9}, "\xff\x00": {"\xff\x00", 10, 10}, "last": {"last", 11, 12},
	}
	if !u.Known || !reflect.DeepEqual(u.byName, want) {
		t.Errorf("ParseUsers = %t, %v\nwant %v", u.Known, u.byName, want)
	}
	if !u.Absent("nogid") || u.Absent("root") || (UserTable{}).Absent("nogid") {
		t.Error("Absent is wrong")
	}
}

func TestGroups(t *testing.T) {
	g := ParseGroups("root:x:0:\nweb:x:5:www,alice\nweb:x:6:bob\nshort:x:7\nbad:x:y:alice\n#c:x:8:alice\nlog:x:4:alice\n")
	want := map[string]Group{"root": {"root", 0, nil}, "web": {"web", 5, []string{"www", "alice"}}, "short": {"short", 7, nil}, "log": {"log", 4, []string{"alice"}}}
	if !g.Known || !reflect.DeepEqual(g.byName, want) {
		t.Errorf("ParseGroups = %t, %v\nwant %v", g.Known, g.byName, want)
	}
	// One member more than a line of etc/passwd could be long.
	many := strings.Repeat("somebody,", 20_000) + "last"
	if g := ParseGroups("big:x:1:" + many + "\n"); !slices.Equal(g.Of("last"), []uint32{1}) {
		t.Errorf("the last member of a long line has %v", g.Of("last"))
	}
	for user, want := range map[string][]uint32{"alice": {5, 4}, "www": {5}, "bob": {6}, "nobody": nil} {
		if got := g.Of(user); !slices.Equal(got, want) {
			t.Errorf("Of(%s) = %v, want %v", user, got, want)
		}
	}
	if !g.Absent("bad") || g.Absent("web") || (GroupTable{}).Absent("bad") {
		t.Error("Absent is wrong")
	}
}

// The C library of this machine has the same groups for its users.
func TestGroupsAgainstInitgroups(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("js/wasm cannot start a program")
	}
	tr, err := tree.New("/")
	if err != nil {
		t.Fatal(err)
	}
	f := Collect(tr, Overrides{})
	if _, err := exec.LookPath("id"); err != nil || !f.Known(Users) || !f.Known(Groups) || f.Users.Elsewhere {
		t.Skip("no accounts in files here, or no id(1)")
	}
	for _, name := range []string{"root", "daemon", "www-data", "nobody"} {
		user, ok := f.Users.Lookup(name)
		if !ok {
			continue
		}
		out, err := exec.Command("id", "-G", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Fields(string(out))
		got := []string{fmt.Sprint(user.GID)}
		for _, gid := range f.Groups.Of(name) {
			if gid != user.GID {
				got = append(got, fmt.Sprint(gid))
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("groups of %s: %v, id says %v", name, got, want)
		}
	}
}

func TestElsewhere(t *testing.T) {
	type answer struct{ whole, part bool }
	for conf, want := range map[string]answer{
		"":                                     {false, false},
		"passwd: files systemd\n":              {false, true},
		"passwd: files ldap\n":                 {true, true},
		"passwd:\tfiles [NOTFOUND=return] db":  {false, false},
		"passwd: files [!UNAVAIL = return] db": {false, false},
		"# passwd: ldap\npasswd: compat # nis": {false, false},
		"hosts: files dns\n":                   {false, false},
		"passwd: sss files\n":                  {false, true},
	} {
		files := map[string]string{"etc/passwd": "", "etc/nsswitch.conf": conf, "var/lib/x": ""}
		part := Collect(tree.Memory(files), Overrides{}).Users.Elsewhere
		files["usr/bin/sh"] = ""
		if got := (answer{Collect(tree.Memory(files), Overrides{}).Users.Elsewhere, part}); got != want {
			t.Errorf("%q: Elsewhere = %+v, want %+v", conf, got, want)
		}
	}
	for sign, conf := range map[string]string{
		"etc/sssd/sssd.conf": "group: sss files", "etc/userdb/app.group": "group: files systemd",
		"System/Library/x": "", "Users/jane/x": "", "opt/homebrew/etc/x": "", "etc/passwd": "",
	} {
		files := map[string]string{"etc/passwd": "root:*:0:0::/:\n_www:*:70:70::/:\n", "etc/group": "", "usr/bin/sh": "", "etc/nsswitch.conf": conf}
		if sign != "etc/passwd" {
			files["etc/passwd"], files[sign] = "", ""
		}
		if g := Collect(tree.Memory(files), Overrides{}).Groups; !g.Elsewhere || g.Absent("x") {
			t.Errorf("with %s: %+v", sign, g)
		}
	}
}

// The accounts of libnss-extrausers are those of the machine if nsswitch.conf names them.
func TestExtraUsers(t *testing.T) {
	const conf = "passwd: files extrausers\ngroup: files extrausers\n"
	files := map[string]string{
		"etc/passwd": "root:x:0:0::/:/bin/sh\nweb1:x:7:7::/:/bin/sh", "etc/group": "www-data:x:33:\n", "etc/nsswitch.conf": conf,
		"var/lib/extrausers/passwd": "web1:x:10000:10000::/:/bin/false\nlow:x:499:499::/:/bin/false\nweb2:x:10001:10001::/:/bin/false",
		"var/lib/extrausers/group":  "web2:x:10001:www-data,web1\n",
	}
	f := Collect(tree.Memory(files), Overrides{})
	web1, _ := f.Users.Lookup("web1")
	web2, _ := f.Users.Lookup("web2")
	if web1.UID != 7 || web2.UID != 10001 || !f.Users.Absent("low") || !f.Users.Absent("web3") {
		t.Errorf("got %+v, %+v, %+v", web1, web2, f.Users)
	}
	if g, ok := f.Groups.Lookup("web2"); !ok || !slices.Equal(f.Groups.Of("www-data"), []uint32{g.GID}) || !f.Groups.Absent("web1") {
		t.Errorf("got %+v", f.Groups)
	}
	files["var/lib/extrausers/passwd"] = ""
	if u := Collect(tree.Memory(files), Overrides{}).Users; !u.Absent("web2") {
		t.Errorf("empty: %+v", u)
	}
	files["etc/nsswitch.conf"] = "passwd: files\n"
	if u := Collect(tree.Memory(files), Overrides{}).Users; !u.Absent("web2") {
		t.Errorf("not named: %+v", u)
	}
	files["etc/nsswitch.conf"] = conf
	delete(files, "var/lib/extrausers/passwd")
	if u := Collect(tree.Memory(files), Overrides{}).Users; !u.Elsewhere {
		t.Errorf("not among the files: %+v", u)
	}
	files["usr/bin/sh"] = ""
	if u := Collect(tree.Memory(files), Overrides{}).Users; !u.Absent("web2") {
		t.Errorf("missing: %+v", u)
	}
}

func TestNamesElsewhere(t *testing.T) {
	for conf, want := range map[string]bool{
		"hosts: files mdns4_minimal [NOTFOUND=return] dns\n": false,
		"hosts: files myhostname resolve dns\n":              false,
		"hosts: files mymachines dns\n":                      true,
		"passwd: files wins\n":                               false,
	} {
		files := map[string]string{"etc/hosts": "", "etc/nsswitch.conf": conf}
		if got := Collect(tree.Memory(files), Overrides{}).Hosts.Elsewhere; got != want {
			t.Errorf("%q: Elsewhere = %t, want %t", conf, got, want)
		}
	}
}

func TestHosts(t *testing.T) {
	h := ParseHosts("127.0.0.1\tlocalhost localhost.localdomain # me\n::1 LocalHost\n127.0.0.1 localhost\n# 10.0.0.1 no\n10.0.0.300 bad\nfe80::1%eth0 zone\n10.0.0.2\n 10.0.0.3 db\r\n127.1 short\n")
	addr := netip.MustParseAddr
	want := map[string][]netip.Addr{
		"localhost": {addr("127.0.0.1"), addr("::1")}, "localhost.localdomain": {addr("127.0.0.1")}, "db": {addr("10.0.0.3")},
	}
	if !h.Known || !reflect.DeepEqual(h.byName, want) {
		t.Errorf("ParseHosts = %t, %v\nwant %v", h.Known, h.byName, want)
	}
	if got := h.Lookup("LOCALHOST"); len(got) != 2 {
		t.Errorf("Lookup(LOCALHOST) = %v", got)
	}
	if got := (HostTable{}).Lookup("x"); got != nil {
		t.Errorf("Lookup in no table = %v", got)
	}
}

func TestPaths(t *testing.T) {
	tr := tree.Memory(map[string]string{"etc/nginx/nginx.conf": "", "run/php/x": "", "etc/passwd": "", "usr/bin/sh": ""})
	tr.Set("/run/php/fpm.sock", tree.Info{Type: tree.Socket, UID: 33, GID: 34, Mode: 0o660})
	tr.Link("/run/php/link.sock", "fpm.sock")
	tr.Link("/var/run", "/run")
	tr.Link("/etc/dangling", "gone")
	tr.Link("/etc/out", "../../opt/x")
	tr.Link("/etc/loop", "loop")
	p := &Paths{tree: tr}
	type answer struct{ yes, known bool }
	for name, want := range map[string]struct{ exists, socket answer }{
		"/etc/nginx/nginx.conf":   {answer{true, true}, answer{false, true}},
		"/etc/nginx":              {answer{true, true}, answer{false, true}},
		"/":                       {answer{true, true}, answer{false, true}},
		"/run/php/fpm.sock":       {answer{true, true}, answer{true, true}},
		"/run/php/link.sock":      {answer{true, true}, answer{true, true}},
		"/var/run/php/fpm.sock":   {answer{true, true}, answer{true, true}},
		"/run/php/gone.sock":      {answer{false, true}, answer{false, true}},
		"/var/run/a/b/c":          {answer{false, true}, answer{false, true}},
		"/etc/nginx/nginx.conf/x": {answer{false, true}, answer{false, true}},
		"/etc/dangling":           {answer{false, true}, answer{false, true}},
		"/gone":                   {answer{false, false}, answer{false, false}},
		"/opt/php/fpm.sock":       {answer{false, false}, answer{false, false}},
		"/etc/out":                {answer{false, false}, answer{false, false}},
		"/etc/out/x":              {answer{false, false}, answer{false, false}},
		"/etc/loop":               {answer{false, false}, answer{false, false}},
	} {
		exists, known := p.Exists(name)
		is, sure := p.IsSocket(name)
		if (answer{exists, known}) != want.exists || (answer{is, sure}) != want.socket {
			t.Errorf("%s: Exists = %t, %t, IsSocket = %t, %t, want %+v", name, exists, known, is, sure, want)
		}
		if p.Missing(name) != (known && !exists) {
			t.Errorf("Missing(%s) = %t", name, p.Missing(name))
		}
	}
	want := tree.Info{Real: "/run/php/fpm.sock", Type: tree.Socket, UID: 33, GID: 34, Mode: 0o660}
	if got, known := p.Info("/var/run/php/link.sock"); got != want || !known {
		t.Errorf("Info = %+v, %t, want %+v", got, known, want)
	}
	for _, none := range []*Paths{nil, {}} {
		if exists, known := none.Exists("/etc"); exists || known || none.Missing("/x") {
			t.Error("a path is known without a tree")
		}
	}
}

func TestParseSize(t *testing.T) {
	for s, want := range map[string]int64{
		"0": 0, "1073741824": 1 << 30, "80M": 80 << 20, "80m": 80 << 20, "512MiB": 512 << 20, "4GiB": 4 << 30, "4 gib": 4 << 30,
		"1k": 1024, "2T": 2 << 40, "7TiB": 7 << 40, " 5 ": 5, "8388607T": 8388607 << 40, "9223372036854775807": 1<<63 - 1,
		"4Gi": 4 << 30, "512Mi": 512 << 20, "1kB": 1000, "4GB": 4e9, "4gb": 4e9, "80MB": 80e6, "2TB": 2e12, "100B": 100,
		"1.5G": 3 << 29, "1.5GiB": 3 << 29, "0.5GB": 5e8, "0.000001MB": 1, "8388607.999999T": 9223372036853676296,
	} {
		if got, err := ParseSize(s); got != want || err != nil {
			t.Errorf("ParseSize(%q) = %d, %v, want %d", s, got, err, want)
		}
	}
	const negative, large = " is negative; expected a size such as 512MiB", " is too large for a size; the largest is 8388607TiB"
	for s, want := range map[string]string{
		"-1": "-1" + negative, "-4GiB": "-4GiB" + negative, "8388608T": "8388608T" + large, "9223372036854775808": "9223372036854775808" + large,
		"99999999999999999999999": "99999999999999999999999" + large, "18446744073709551615.9GB": "18446744073709551615.9GB" + large,
	} {
		if got, err := ParseSize(s); got != 0 || err == nil || err.Error() != want {
			t.Errorf("ParseSize(%q) = %d, %v\nwant %s", s, got, err, want)
		}
	}
	for _, s := range []string{"", "M", "+1", "-", "-x", "4 GiBs", "0x10", "1\x00", "١", "NaN", "inf", "1e9", "1.5", "1.G", ".5G", "1.2.3G", "1.5.G", "1.1234567G", "4 G B", "1_000M", "lots"} {
		got, err := ParseSize(s)
		want := fmt.Sprintf(sizeForm, s)
		if got != 0 || err == nil || err.Error() != want {
			t.Errorf("ParseSize(%q) = %d, %v\nwant %s", s, got, err, want)
		}
	}
}

func TestParseMemory(t *testing.T) {
	for s, want := range map[string]string{
		"4": "4 has no unit; did you mean 4GiB?", "64": "64 has no unit; did you mean 64GiB?", "512": "512 has no unit; did you mean 512MiB?",
		"1048575": "1048575 has no unit; did you mean 1048575MiB?", "4K": "4K is less than 1MiB; expected a size such as 512MiB",
		"0": "a size of 0 is not possible; expected one such as 512MiB", "0G": "a size of 0 is not possible; expected one such as 512MiB",
		"lots": fmt.Sprintf(sizeForm, "lots"),
	} {
		if got, err := ParseMemory(s); err == nil || err.Error() != want {
			t.Errorf("ParseMemory(%q) = %d, %v\nwant %s", s, got, err, want)
		}
	}
	for s, want := range map[string]int64{"1M": 1 << 20, "1048576": 1 << 20, "4294967296": 4 << 30, "4G": 4 << 30} {
		if got, err := ParseMemory(s); got != want || err != nil {
			t.Errorf("ParseMemory(%q) = %d, %v, want %d", s, got, err, want)
		}
	}
}

func FuzzTables(f *testing.F) {
	f.Add("root:x:0:0:root:/root:/bin/bash\n", "127.0.0.1 localhost\n", "512MiB")
	f.Add("a:b:1:2\r\n:::\n", "::1%x y\n#", "9T")
	f.Fuzz(func(t *testing.T, accounts, hosts, size string) {
		if len(accounts)+len(hosts)+len(size) > 8<<10 {
			return
		}
		users, groups := ParseUsers(accounts), ParseGroups(accounts)
		if !users.Known || !groups.Known {
			t.Errorf("tables of %q are unknown", accounts)
		}
		for name := range users.byName {
			if !strings.Contains(accounts, name) {
				t.Errorf("%q is no account of %q", name, accounts)
			}
		}
		ParseHosts(hosts)
		if n, err := ParseSize(size); n < 0 || err != nil && n != 0 {
			t.Errorf("ParseSize(%q) = %d, %v", size, n, err)
		}
	})
}
