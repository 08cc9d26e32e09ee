package tree

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

var root = Owner{Mode: 0o755, Known: true}

func text(s string) source.Text { return source.Text{String: s} }

// show lists everything in a tree: names, with the texts of files, the targets of links
// and a slash for directories.
func show(t *testing.T, tr *Tree) (lines []string) {
	t.Helper()
	var walk func(dir string)
	walk = func(dir string) {
		list, err := tr.listReal(dir)
		if err != nil {
			t.Fatalf("%s: %v", dir, err)
		}
		for _, e := range list {
			name := join(dir, e.Name)
			switch e.Type {
			case Dir:
				lines = append(lines, name+"/")
				walk(name)
			case Link:
				target, err := tr.store.readlink(dir, e.Name)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				lines = append(lines, name+" -> "+target)
			default:
				got, err := tr.Open(name)
				if err != nil {
					got.Content = err.Error()
				}
				lines = append(lines, name+" "+got.Content)
			}
		}
	}
	walk("/")
	return lines
}

var checkout = map[string]string{
	"/app/index.php": "index", "/app/vendor/a.php": "a", "/app/vendor/b/c.php": "c", "/app/current": "-> vendor/b",
	"/docker/www.conf": "[www]", "/docker/link.conf": "-> www.conf", "/out": "-> /app/index.php",
}

var composeCases = []struct {
	name string
	do   func(c *Composition, project *Tree)
	want string // lines of show
}{
	{"later wins", func(c *Composition, p *Tree) {
		c.Put("/a", text("1"), "", root)
		c.Put("/a", text("2"), "", root)
	}, "/a 2"},
	{"put follows links", func(c *Composition, p *Tree) {
		c.Put("/etc/a", text("1"), "", root)
		c.Link("/etc/b", "a")
		c.Link("/conf", "/etc")
		c.Put("/conf/b", text("2"), "", root)
		c.Link("/etc/c", "../run/new")
		c.Put("/etc/c", text("3"), "", root)
	}, "/conf -> /etc|/etc/|/etc/a 2|/etc/b -> a|/etc/c -> ../run/new|/run/|/run/new 3"},
	{"remove does not follow the last link", func(c *Composition, p *Tree) {
		c.Put("/etc/a", text("1"), "", root)
		c.Link("/etc/b", "a")
		c.Remove("/etc/b")
		c.Remove("/none/at/all")
	}, "/etc/|/etc/a 1"},
	{"a directory stays one", func(c *Composition, p *Tree) {
		c.Mkdir("/a/b", root)
		c.Put("/a", text("1"), "", root)
		c.Link("/a/b", "x")
		c.Put("/f", text("1"), "", root)
		c.Mkdir("/f", root)
		c.Put("/f/below", text("1"), "", root)
	}, "/a/|/a/b/|/f 1"},
	{"unknown", func(c *Composition, p *Tree) {
		c.PutUnknown("/a", "made by sed", root)
	}, "/a made by sed"},
	{"copy a directory", func(c *Composition, p *Tree) {
		c.Put("/srv/index.php", text("old"), "", root)
		c.Put("/srv/more", text("kept"), "", root)
		c.Copy("/srv", p, "/app", CopyOptions{})
	}, "/srv/|/srv/current -> vendor/b|/srv/index.php index|/srv/more kept|/srv/vendor/|/srv/vendor/a.php a|/srv/vendor/b/|/srv/vendor/b/c.php c"},
	{"copy over what was copied", func(c *Composition, p *Tree) {
		c.Copy("/srv/vendor", p, "/docker", CopyOptions{})
		c.Copy("/srv", p, "/app", CopyOptions{Skip: func(rel string) bool { return rel == "vendor/b" || rel == "current" }})
		c.Put("/srv/index.php", text("new"), "", root)
	}, "/srv/|/srv/index.php new|/srv/vendor/|/srv/vendor/a.php a|/srv/vendor/link.conf -> www.conf|/srv/vendor/www.conf [www]"},
	{"copy files", func(c *Composition, p *Tree) {
		c.Mkdir("/etc", root)
		c.Copy("/etc", p, "/docker/www.conf", CopyOptions{})
		c.Copy("/etc/x.conf", p, "/docker/link.conf", CopyOptions{})
		c.Copy("/new", p, "/docker/link.conf", CopyOptions{Into: true})
		c.Copy("/etc/x.conf", p, "/app", CopyOptions{}) // not a directory
	}, "/etc/|/etc/www.conf [www]|/etc/x.conf [www]|/new/|/new/link.conf [www]"},
	{"links lead through the root", func(c *Composition, p *Tree) {
		c.Copy("/srv", p, "/", CopyOptions{})
		c.Put("/app/index.php", text("of the container"), "", root)
		c.Put("/srv/out", text("through"), "", root)
		c.Remove("/srv/app")
		c.Remove("/srv/docker")
	}, "/app/|/app/index.php through|/srv/|/srv/out -> /app/index.php"},
	{"mounts hide", func(c *Composition, p *Tree) {
		c.Put("/etc/php/zz.conf", text("1"), "php:8.3-fpm", root)
		c.Mount("/etc/php", p, "/docker", "")
		c.Put("/data/x", text("1"), "", root)
		c.Mount("/data", nil, "", "data")
		c.Mount("/etc/main.conf", p, "/docker/www.conf", "")
		c.Mount("/none", p, "/none", "")
	}, "/data/|/etc/|/etc/main.conf [www]|/etc/php/|/etc/php/link.conf -> www.conf|/etc/php/www.conf [www]|/none/"},
	{"stages", func(c *Composition, p *Tree) {
		build := NewComposition()
		build.Copy("/app", p, "/app", CopyOptions{})
		build.Put("/app/vendor/made", text("made"), "", root)
		build.Remove("/app/vendor/a.php")
		c.Copy("/srv", build.Tree(), "/app/vendor", CopyOptions{})
		build.Remove("/app/vendor/b")
		d := c.Clone()
		d.Remove("/srv/b")
		c.Put("/srv/made", text("again"), "", root)
	}, "/srv/|/srv/b/|/srv/b/c.php c|/srv/made again"},
}

func TestCompose(t *testing.T) {
	for _, test := range composeCases {
		c := NewComposition()
		test.do(c, remember(checkout))
		if got := strings.Join(show(t, c.Tree()), "|"); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestComposedTexts(t *testing.T) {
	project := remember(checkout)
	f, err := project.File("/docker/link.conf")
	if err != nil {
		t.Fatal(err)
	}
	build := NewComposition()
	build.Copy("/built", project, "/docker", CopyOptions{})
	by := f.Span(0, 1)
	build.Name("php:8.3-fpm", by)
	build.Put("/built/zz.conf", text("daemonize = yes"), "php:8.3-fpm", root)
	build.Clone().Put("/built/zz.conf", text("of the clone"), "", root)
	build.Put("/built/zz.conf", text("daemonize = no"), "", root) // changed by a command
	c := NewComposition()
	c.Copy("/etc", build.Tree(), "/built", CopyOptions{})
	c.PutUnknown("/etc/sed", "sed", root)
	tr := c.Tree()
	got, err := tr.File("/etc/www.conf")
	if err != nil || len(got.Pieces) != 1 || !got.Pieces[0].Same || got.Pieces[0].From != f.Span(0, len(f.Text)) {
		t.Errorf("a copied file: %+v, %v", got, err)
	}
	if again, _ := tr.File("/etc/link.conf"); again != got {
		t.Error("a file was read twice")
	}
	if zz, err := tr.File("/etc/zz.conf"); err != nil || zz.Image != "php:8.3-fpm" || zz.Owner != by || !source.Span.IsZero(first(zz.Span(0, 4).Origin())) {
		t.Errorf("a file of an image: %+v, %v", zz, err)
	}
	if _, err := tr.Open("/etc/sed"); !errors.Is(err, ErrUnknown) || err.Error() != "sed" {
		t.Errorf("an unknown text: %v", err)
	}
	project.MaxFile = 3
	if _, err := remember(checkout).File("/app"); !errors.Is(err, ErrIsDir) {
		t.Errorf("File of a directory: %v", err)
	}
	if _, err := project.File("/app/index.php"); !errors.Is(err, ErrTooLarge) {
		t.Errorf("File beyond MaxFile: %v", err)
	}
	small := c.Clone().Tree()
	small.MaxTotal = 6
	small.File("/etc/www.conf")
	if _, err := small.File("/etc/zz.conf"); !errors.Is(err, ErrTooLarge) {
		t.Errorf("Open beyond MaxTotal: %v", err)
	}
	if err := tr.Replace([]Change{{Real: "/etc/www.conf"}}); err == nil {
		t.Error("a composed tree was changed")
	}
}

func first(s source.Span, _ bool) source.Span { return s }

func TestComposedOverlay(t *testing.T) {
	project := remember(checkout)
	over := Overlay(project, map[string]string{"/docker/www.conf": "[new]"})
	if f, err := over.File("/docker/www.conf"); err != nil || f.Text != "[new]" {
		t.Errorf("File of an overlay: %v, %v", f, err)
	}
	c := NewComposition()
	c.Mount("/etc", over, "/docker", "")
	if got, _ := c.Tree().Open("/etc/link.conf"); got.Content != "[new]" {
		t.Errorf("a mount of an overlay: %q", got.Content)
	}
	top := Overlay(c.Tree(), map[string]string{"/etc/more": "x"})
	if got, _ := top.Open("/etc/www.conf"); got.Pieces == nil {
		t.Error("an overlay loses what a text was made from")
	}
	if !top.Missing("/etc/none") || top.Whole() || !top.Rooted() {
		t.Error("an overlay of a composed tree is not one")
	}
}

func TestComposedAbsence(t *testing.T) {
	project := remember(checkout)
	c := NewComposition()
	c.Put("/etc/passwd", text(""), "debian", root)
	c.Put("/usr/bin/php", text(""), "debian", root)
	c.Put("/etc/nginx/nginx.conf", text(""), "nginx", root)
	c.Complete("/etc/nginx")
	c.Absent("/usr/sbin/nginx")
	c.Absent("/opt/x/y")
	c.Mkdir("/run/php", root)
	c.Copy("/srv/new", project, "/app", CopyOptions{})
	c.Mkdir("/srv/app", root)
	c.Copy("/srv/app", project, "/app", CopyOptions{})
	c.Mount("/mnt", project, "/docker", "")
	c.Mount("/vol", nil, "", "vol")
	c.Mkdir("/doubted", root)
	c.Put("/doubted/x", text(""), "", root)
	c.Doubt("/doubted", source.Span{}, "make")
	c.Mkdir("/doubted/later", root)
	c.MkdirUnknown("/etc/nginx/more", root)
	c.Mkdir("/built/below", root)
	c.Incomplete("/built")
	c.Mkdir("/built/later", root)
	c.Remove("/gone")
	c.Put("/gone/a", text(""), "", root)
	partly := NewComposition()
	partly.Put("/app/x", text(""), "", root)
	c.Mkdir("/whole", root)
	c.Copy("/whole", partly.Tree(), "/app", CopyOptions{})
	tr := c.Tree()
	for name, want := range map[string]bool{
		"/none": false, "/etc/none": false, "/etc/nginx/none": true, "/etc/nginx/more/none": false, "/etc/nginx/conf.d/none": true,
		"/usr/sbin/nginx": true, "/opt": false, "/opt/x": false, "/opt/x/y": true, "/opt/x/y/z": true, "/run/php/a.sock": true, "/run/none": false,
		"/srv/new/none": false, "/srv/app/none": true, "/srv/app/vendor/b/none": true, "/mnt/none": true, "/vol/none": true,
		"/doubted/none": false, "/doubted/later/none": true, "/gone/none": true, "/whole/none": false, "/built/none": false, "/built/below/none": false, "/built/later/none": true, "/etc/passwd/x": false, "/srv/app/index.php": false,
	} {
		if got := tr.Missing(name); got != want {
			t.Errorf("%s: Missing = %t, want %t", name, got, want)
		}
	}
	if tr.Whole() || !tr.Rooted() {
		t.Error("a composed tree claims to be whole, or not to be a root")
	}
	if exists, known := tr.Exists("/gone/a"); !exists || !known {
		t.Error("a file in c does not exist")
	}
}

func TestShared(t *testing.T) {
	project := remember(checkout)
	c := NewComposition()
	c.Mount("/srv", project, "/app", "")
	c.Mount("/lib", project, "/app/vendor", "")
	c.Mount("/run/php", nil, "", "socket")
	c.Mount("/srv/cache", nil, "", "cache")
	c.Mount("/one.conf", project, "/docker/link.conf", "")
	c.Link("/php.sock", "/run/php/new.sock")
	tr := c.Tree()
	for name, want := range map[string]string{
		"/srv/vendor/b/c.php": "bind:/app/vendor/b/c.php", "/lib/b/c.php": "bind:/app/vendor/b/c.php", "/srv/current/c.php": "bind:/app/vendor/b/c.php",
		"/run/php/a.sock": "socket/a.sock", "/run/php": "socket/", "/php.sock": "socket/new.sock", "/srv/cache/x/y": "cache/x/y", "/one.conf": "bind:/docker/www.conf",
		"/etc/x": "", "/run": "",
	} {
		key, rest, ok := tr.Shared(name)
		if key+rest != want || ok != (want != "") {
			t.Errorf("%s: %s %s %t, want %s", name, key, rest, ok, want)
		}
	}
	if _, _, ok := project.Shared("/app"); ok {
		t.Error("the tree of a project shares something")
	}
}

func TestDoubtOf(t *testing.T) {
	project := remember(checkout)
	build := NewComposition()
	build.Copy("/app", project, "/app", CopyOptions{})
	build.Doubt("/app/vendor", source.Span{}, "build")
	c := NewComposition()
	c.Put("/etc/a", text(""), "", root)
	c.Put("/etc/b", text(""), "", root)
	c.Doubt("/etc/a", source.Span{}, "sed a")
	c.Doubt("/etc", source.Span{}, "first")
	c.Put("/etc/later", text(""), "", root)
	c.Doubt("/etc/b", source.Span{}, "second")
	c.Copy("/srv", build.Tree(), "/app", CopyOptions{})
	c.Doubt("/", source.Span{}, "all")
	c.Mount("/etc/php", project, "/docker", "")
	c.Put("/new/x", text(""), "", root)
	tr := c.Tree()
	for name, want := range map[string]string{
		"/etc/a": "sed a", "/etc/b": "first", "/etc/later": "all", "/etc/none": "first", "/etc/php/www.conf": "", "/new/x": "", "/new/y": "all",
		"/srv/index.php": "all", "/srv/vendor/a.php": "build", "/srv/vendor/none": "build",
	} {
		if d, ok := tr.DoubtOf(name); d.Words != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", name, d.Words, want)
		}
	}
	if list, _ := tr.List("/none"); list != nil {
		t.Error("a doubt makes a file")
	}
}

func TestOwners(t *testing.T) {
	project := remember(checkout)
	mode := fs.FileMode(0o750)
	c := NewComposition()
	c.Put("/a", text(""), "", Owner{})
	c.Copy("/plain", project, "/app", CopyOptions{})
	c.Copy("/owned", project, "/app", CopyOptions{Owner: &Owner{UID: 82, GID: 82, Known: true}, Mode: &mode})
	c.Put("/owned/own", text(""), "", root)
	c.Copy("/all", project, "/app", CopyOptions{})
	c.Put("/all/own", text(""), "", root)
	c.Chown("/all", 33, -1, true)
	c.Chmod("/all/vendor", 0o700, false)
	c.Copy("/lost", project, "/app", CopyOptions{Owner: &Owner{UID: 82, GID: 82, Known: true}, Mode: &mode})
	c.Put("/lost/own", text(""), "", root)
	c.Disown("/lost", true)
	c.Put("/lost/new", text(""), "", root)
	c.Disown("/owned/vendor/a.php", false)
	c.Mount("/mnt", project, "/app", "")
	c.Chown("/none", 33, 33, false)
	tr := c.Tree()
	for name, want := range map[string]Info{
		"/a": {Unknown: true}, "/plain/index.php": {Mode: 0o644}, "/owned/vendor/b": {Type: Dir, UID: 82, GID: 82, Mode: 0o750},
		"/owned/own": {Mode: 0o755}, "/all": {Type: Dir, UID: 33, Mode: 0o755}, "/all/own": {UID: 33, Mode: 0o755}, "/all/vendor": {Type: Dir, UID: 33, Mode: 0o700},
		"/all/vendor/a.php": {UID: 33, Mode: 0o644}, "/mnt": {Type: Dir, Unknown: true}, "/mnt/index.php": {Unknown: true},
		"/lost": {Type: Dir, Unknown: true}, "/lost/index.php": {Unknown: true}, "/lost/own": {Unknown: true}, "/lost/new": {Mode: 0o755},
		"/owned/vendor/a.php": {Unknown: true}, "/owned/vendor": {Type: Dir, UID: 82, GID: 82, Mode: 0o750},
	} {
		got, err := tr.Stat(name)
		if want.Real = name; got != want || err != nil {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, want)
		}
	}
	if list, _ := tr.List("/"); slices.ContainsFunc(list, func(e Entry) bool { return e.Name == "none" }) {
		t.Error("chown makes a file")
	}
}

// A doubt is minor if all doubts about a file are, also those that are not kept.
func TestMinorDoubts(t *testing.T) {
	c := NewComposition()
	c.Put("/a", text("x"), "", root)
	for range 2 * maxDoubts {
		c.DoubtMinor("/a", source.Span{}, "sed")
	}
	if d, ok := c.Tree().DoubtOf("/a"); !ok || !d.Minor {
		t.Errorf("minor: %+v %t", d, ok)
	}
	c.Doubt("/a", source.Span{}, "cp")
	c.DoubtMinor("/a", source.Span{}, "sed")
	if d, ok := c.Tree().DoubtOf("/a"); !ok || d.Minor {
		t.Errorf("not minor: %+v %t", d, ok)
	}
}
