package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// span returns the first place of words in f.
func span(f *source.File, words string) source.Span {
	i := strings.Index(f.Text, words)
	return f.Span(i, i+len(words))
}

func inputs(files ...*source.File) (all []source.Input) {
	for _, f := range files {
		all = append(all, source.Input{File: f, Path: f.Name, Role: source.RolePool})
	}
	return all
}

// block returns the text of a block of YAML: the lines of f from one line to another,
// without their first four blanks.
func block(f *source.File, from, to int) source.Text {
	var lines []source.Text
	for n := from; n <= to; n++ {
		s := f.Line(n)
		lines = append(lines, source.Part(f.Span(int(s.Start)+4, int(s.End)+1)))
	}
	return source.Join(lines...)
}

// One file in two containers is one file with one finding.
func TestSurfaceOnce(t *testing.T) {
	conf := file("/docker/www.conf", "[www]\nlisten = 9000\n")
	a, b := source.Whole(conf).File("/etc/php/www.conf"), source.Whole(conf).File("/opt/www.conf")
	again := file("/docker/www.conf", conf.Text) // read for itself
	r := rule("WP201", Outcomes{BadGateway: "often"})
	r.Check = func(p *Pass) {
		for _, f := range []*source.File{b, a} {
			p.Report(Finding{
				At: span(f, "9000"), Message: "m", Notes: []Note{{At: span(f, "[www]"), Message: "here"}},
				Fixes: []Fix{{Title: "x", Safe: true, Edits: []source.Edit{{At: span(f, "9000"), New: "9001"}}}},
			})
			p.NotChecked(span(f, "listen"), "why")
		}
	}
	rep := Run(&stack.Stack{Files: inputs(a, b, again)}, []*Rule{r})
	check(t, "findings", told(rep.Findings), []string{"/docker/www.conf 15-19 WP201 502: m; here; the same holds at 2 places that read this line"})
	if f := rep.Findings[0]; f.At.File != again || f.Notes[0].At.File != again || !f.Fixes[0].Safe || f.Fixes[0].Edits[0].At != f.At {
		t.Errorf("%+v", f)
	}
	if len(rep.NotChecked) != 1 || len(rep.Files) != 1 || rep.Files[0].File != again {
		t.Errorf("not checked %v, files %v", rep.NotChecked, rep.Files)
	}
}

// A report never points into a file of an image.
func TestSurfaceImages(t *testing.T) {
	dockerfile := file("/Dockerfile", "FROM php:8.3-fpm\nRUN echo 'user = root' >> /etc/php/zz.conf\n")
	image := source.Join(source.Text{String: "daemonize = no\n"}, source.Made("user = root\n", span(dockerfile, "user = root"))).File("/etc/php/zz.conf")
	image.Image, image.Owner = "php:8.3-fpm", span(dockerfile, "php:8.3-fpm")
	alone := source.Text{String: "a\n"}.File("/etc/alone")
	alone.Image = "nginx"
	daemonize := span(image, "daemonize")
	fix := Fix{Title: "set it", Safe: true, Edits: []source.Edit{{At: daemonize, New: "x"}}}
	r := rule("WP201", Outcomes{BadGateway: "often"},
		Finding{At: daemonize, Message: "a", Fixes: []Fix{fix}},
		Finding{At: daemonize, Message: "b", Notes: []Note{{At: span(image, "no"), Message: "here"}, {At: span(image, "root"), Message: "there"}}},
		Finding{At: span(image, "root"), Message: "c"},
		Finding{At: span(alone, "a"), Message: "d"})
	rep := Run(&stack.Stack{Files: inputs(image, alone), Unknown: []source.NotChecked{{At: daemonize, Why: "e"}}}, []*Rule{r})
	check(t, "findings", told(rep.Findings), []string{
		" 0-0 WP201 502: d; the file is nginx:/etc/alone",
		"/Dockerfile 5-16 WP201 502: a; the file is php:8.3-fpm:/etc/php/zz.conf",
		"/Dockerfile 27-38 WP201 502: b; the file is php:8.3-fpm:/etc/php/zz.conf; php:8.3-fpm:/etc/php/zz.conf: here; there",
		"/Dockerfile 27-38 WP201 502: c",
	})
	if x := rep.Findings[1].Fixes[0]; x.Safe || x.Edits != nil || x.Title != "set it" {
		t.Errorf("a fix in an image: %+v", x)
	}
	n := rep.NotChecked[0]
	check(t, "not checked", fmt.Sprint(n.At.Text(), " ", n.Why), "php:8.3-fpm php:8.3-fpm:/etc/php/zz.conf: e")
	check(t, "files", fmt.Sprint(len(rep.Files), rep.Files[0].Path, rep.Files[0].Role), "1/Dockerfilepool")
}

func TestSurfaceEdits(t *testing.T) {
	yaml := file("/config.yaml", "data:\n  www: |\n    [www]\n    listen = 9000\n    user = www\nenv: LISTEN=9000\n")
	text := source.Join(block(yaml, 3, 5), source.Made("pm = static\n", span(yaml, "env")), source.Part(span(yaml, "9000\n").Sub(0, 4)), source.Text{String: "\n"})
	pool := text.File("/www.conf")
	last := pool.Span(len(pool.Text)-5, len(pool.Text)-1)
	end := block(yaml, 3, 5).File("/end.conf")
	env := source.Join(source.Text{String: "listen = "}, source.Part(yaml.Span(len(yaml.Text)-5, len(yaml.Text)-1))).File("/env.conf")
	for _, test := range []struct {
		name string
		at   source.Span
		new  string
		want string // the text of the YAML file; "" if the edit cannot be made
	}{
		{"a word", span(pool, "9000"), "9001", strings.Replace(yaml.Text, "9000", "9001", 1)},
		{"a line before", span(pool, "listen").Head(), "a = b\n", strings.Replace(yaml.Text, "    listen", "    a = b\n    listen", 1)},
		{"a line after", span(pool, "9000\n").Sub(4, 4), "\na = b", strings.Replace(yaml.Text, "9000\n", "9000\n    a = b\n", 1)},
		{"a line removed", span(pool, "listen = 9000\n"), "", strings.Replace(yaml.Text, "    listen = 9000\n", "", 1)},
		{"a line replaced", span(pool, "listen = 9000\n"), "a\n\nb\n", strings.Replace(yaml.Text, "    listen = 9000\n", "    a\n\n    b\n", 1)},
		{"a line joined", span(pool, "9000\n"), "", ""},
		{"two lines", span(pool, "[www]\nlisten"), "x", ""},
		{"before what was made", span(pool, "pm").Head(), "a = b\n", strings.Replace(yaml.Text, "www\nenv", "www\n    a = b\nenv", 1)},
		{"what was made", span(pool, "static"), "dynamic", ""},
		{"the end", end.Span(len(end.Text), len(end.Text)), "a = b\n", strings.Replace(yaml.Text, "www\nenv", "www\n    a = b\nenv", 1)},
		{"a part of a line", span(env, "9000"), "9001", strings.Replace(yaml.Text, "=9000", "=9001", 1)},
		{"quotes after made lines", last, "'9001'", ""},
		{"quotes in a part of a line", span(env, "9000"), "'9001'", ""},
		{"a line in a part of a line", span(env, "9000").Head(), "x\n", ""},
	} {
		r := rule("WP201", Outcomes{BadGateway: "often"}, Finding{At: test.at, Message: "m", Fixes: []Fix{{Title: "x", Safe: true, Edits: []source.Edit{{At: test.at, New: test.new}}}}})
		x := Run(&stack.Stack{Files: inputs(pool, end, env)}, []*Rule{r}).Findings[0].Fixes[0]
		got := ""
		if x.Safe {
			at := x.Edits[0].At
			got = at.File.Text[:at.Start] + x.Edits[0].New + at.File.Text[at.End:]
		}
		check(t, test.name, got, test.want)
	}
}

func TestSurfaceIgnores(t *testing.T) {
	yaml := file("/config.yaml", "a: |\n    ; wp502lint:ignore WP201 -- a\n    listen = 1\n    listen = 2\nb: |\n    ; wp502lint:ignore-file WP201 -- b\n    listen = 3\n    listen = 4\nlisten = 5\n")
	a, b := block(yaml, 2, 4).File("/a.conf"), block(yaml, 6, 8).File("/b.conf")
	again := block(yaml, 2, 4).File("/again.conf")
	var findings []Finding
	for _, f := range []*source.File{a, again, b} {
		f.Comments = []source.Span{f.Line(1)}
		for n := 2; n <= 3; n++ {
			findings = append(findings, Finding{At: f.Line(n), Message: "m"})
		}
	}
	findings = append(findings, Finding{At: a.Span(0, 0), Message: "top"}, Finding{At: span(yaml, "listen = 5"), Message: "m"})
	r := rule("WP201", Outcomes{BadGateway: "often"}, findings...)
	var ignores []*Ignore
	judge := &Rule{ID: "WP299", Outcomes: Outcomes{None: "x"}, Judge: func(p *Pass) { ignores = p.Ignores }}
	rules := []*Rule{r, judge}
	files := inputs(a, again, b)
	rep := Run(&stack.Stack{Files: files}, rules, Comments(files, rules)...)
	check(t, "findings", told(rep.Findings), []string{
		"/config.yaml 58-68 WP201 502: m; the same holds at 2 places that read this line", "/config.yaml 143-153 WP201 502: m",
	})
	check(t, "ignored", rep.Ignored, 4)
	if len(ignores) != 2 || ignores[0].At.File != yaml || ignores[0].Line != 3 || !ignores[1].Hides(r) {
		t.Errorf("ignores: %+v", ignores)
	}
}

// The text of a file that is withheld in a container is withheld in the project.
func TestSurfaceWithheld(t *testing.T) {
	secret, dockerfile := file("/.env", "DB_PASSWORD=hunter2\n"), file("/Dockerfile", "FROM nginx\nCOPY <<EOF /x\nhunter3\nEOF\n")
	whole, part := source.Whole(secret).File("/etc/nginx/conf.d/a.conf"), source.Part(span(dockerfile, "hunter3\n")).File("/x")
	whole.Withheld, part.Withheld = true, true
	r := rule("WP201", Outcomes{BadGateway: "often"}, Finding{At: span(whole, "hunter2"), Message: "hunter2"}, Finding{At: span(part, "hunter3"), Message: "hunter3"})
	rep := Run(&stack.Stack{Files: inputs(whole, part)}, []*Rule{r})
	check(t, "findings", told(rep.Findings), []string{
		"/.env 0-0 WP201 502: not a PHP-FPM configuration", "/Dockerfile 25-25 WP201 502: not a PHP-FPM configuration",
	})
	if !secret.Withheld || dockerfile.Withheld || !span(dockerfile, "hunter3").Secret() || span(dockerfile, "FROM").Secret() {
		t.Error("a text is not withheld")
	}
}

// What a directive is stays a part of its fingerprint.
func TestSurfaceFingerprints(t *testing.T) {
	conf := file("/docker/www.conf", "a\nb\n")
	f := source.Whole(conf).File("/etc/www.conf")
	texts := map[source.Span]string{span(f, "a"): "a", span(f, "b"): "b"}
	rep := &Report{Files: inputs(f), Findings: []Finding{{Rule: &Rule{ID: "WP201"}, At: span(f, "b")}}}
	_, around := rep.surface(nil, func(at source.Span) (blocks, words []string) { return nil, []string{texts[at]} })
	if _, words := around(rep.Findings[0].At); words[0] != "b" {
		t.Errorf("words %q", words)
	}
}

// A file that one container reads as what it is has no secrets because another does not.
func TestSurfaceTwoRoles(t *testing.T) {
	conf := file("/docker/site.conf", "server {}\n")
	site, pool := source.Whole(conf).File("/etc/nginx/conf.d/site.conf"), source.Whole(conf).File("/etc/php/site.conf")
	site.Parsed, pool.Parsed, pool.Withheld = none{}, none{}, true
	r := rule("WP201", Outcomes{BadGateway: "often"}, Finding{At: span(site, "server"), Message: "m"}, Finding{At: span(pool, "server"), Message: "server"})
	rep := Run(&stack.Stack{Files: inputs(pool, site)}, []*Rule{r})
	check(t, "findings", told(rep.Findings), []string{
		"/docker/site.conf 0-0 WP201 502: not a PHP-FPM configuration", "/docker/site.conf 0-6 WP201 502: m",
	})
	if conf.Withheld || conf.Secrets() != nil {
		t.Error("the file is withheld")
	}
}

// none is a file without secrets.
type none struct{}

func (none) Secrets() []source.Span { return nil }
