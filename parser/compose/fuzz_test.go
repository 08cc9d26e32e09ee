package compose

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
	"golang.org/x/tools/txtar"
)

// Whatever the files hold, loading ends, does not fail, and each value leads to the place
// that it is made from.
func FuzzLoad(f *testing.F) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		files := map[string]string{}
		for _, file := range archive.Files {
			files["/"+file.Name] = string(file.Data)
		}
		f.Add(files["/app/compose.yaml"], files["/app/compose.override.yaml"], files["/app/.env"])
	}
	f.Fuzz(func(t *testing.T, main, over, env string) {
		files := map[string]string{"/app/compose.yaml": main, "/app/compose.override.yaml": over, "/app/.env": env}
		checkPlaces(t, Load(opener(files), []string{"/app/compose.yaml", "/app/compose.override.yaml"}, nil))
		for _, p := range newReader(opener(files)).deployments("/app", []string{"compose.yaml", "compose.override.yaml", ".env"}) {
			checkPlaces(t, p)
			for _, file := range p.Files {
				checkComments(t, file)
			}
		}
	})
}

// checkComments reports comments that are not in order or do not start with #.
func checkComments(t *testing.T, f *source.File) {
	end := int32(0)
	for _, c := range f.Comments {
		if c.Start < end || !strings.HasPrefix(c.Text(), "#") || strings.Contains(c.Text(), "\n") {
			t.Errorf("%s: comment %q at %d", f.Name, c.Text(), c.Start)
		}
		end = c.End
	}
}

// many returns a project of n services.
func many(n int) string {
	var b strings.Builder
	b.WriteString("x-base: &base\n  restart: always\n  environment: {A: 1, B: \"${B:-2}\"}\nservices:\n")
	for i := range n {
		fmt.Fprintf(&b, "  web%d:\n    <<: *base\n    image: \"nginx:${TAG:-1.27}\"\n    volumes:\n      - ./conf%d:/etc/nginx/conf.d:ro\n      - data:/data\n    ports: [\"%d:80\"]\n    depends_on: [php%d] # waits\n  php%d:\n    image: php:8.3-fpm\n    command: php-fpm -F\n", i, i, 1000+i%50000, i, i)
	}
	b.WriteString("volumes:\n  data:\n")
	return b.String()
}

func BenchmarkServices(b *testing.B) {
	for _, n := range []int{200, 10_000} {
		text := many(n / 2)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if p := one(text); len(p.Services) != n || len(p.Problems) != 0 {
					b.Fatal(len(p.Services), p.Problems)
				}
			}
		})
	}
}

// bombs are files that are far larger once they are expanded, or deep.
func bombs() map[string]string {
	aliases := "x0: &a0 [b, b, b, b, b, b, b, b, b, b]\n"
	merges := "x0: &m0 {a: 1, b: 2}\n"
	extends := "services:\n  s0: {image: x, environment: {A0: 1}}\n"
	for i := range 30 {
		aliases += fmt.Sprintf("x%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
		merges += fmt.Sprintf("x%d: &m%d {<<: [%s], k%d: 1}\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*m%d, ", i), 100), ", "), i)
	}
	for i := range 1500 {
		extends += fmt.Sprintf("  s%d: {extends: s%d, environment: {A%d: 1}}\n", i+1, i, i+1)
	}
	wide := "x: &x\n"
	for i := range 20_000 {
		wide += fmt.Sprintf("  k%d: v\n", i)
	}
	wide += "services:\n  web:\n    image: x\n    environment: *x\n"
	for i := range 2000 {
		wide += fmt.Sprintf("  w%d: {image: x, environment: {<<: *x}}\n", i)
	}
	return map[string]string{
		"aliases":  aliases + "services:\n  web:\n    image: x\n    volumes: *a30\n    environment: *a30\n    command: *a30\n    x: *a30\n",
		"merges":   merges + "services:\n  web:\n    image: x\n    environment: *m30\n",
		"extends":  extends,
		"wide":     wide,
		"flow":     "services: " + strings.Repeat("[", 100_000),
		"deep":     "services:\n  web: {image: x, x: " + strings.Repeat("{a: ", 9_000) + strings.Repeat("}", 9_001) + "\n",
		"lines":    "services:\n  web:\n    image: x\n    environment:\n" + strings.Repeat("      - A=1\n", 100_000),
		"one line": "services: {web: {image: x, environment: [" + strings.Repeat("A=1, ", 100_000) + "]}}",
		"braces":   "services:\n  web:\n    image: \"" + strings.Repeat("${A:-", 20_000) + strings.Repeat("}", 20_000) + "\"\n",
		"dollars":  "services:\n  web:\n    image: \"" + strings.Repeat("${", 50_000) + "\"\n",
		"quotes":   "services:\n  web:\n    image: x\n    command: " + strings.Repeat(`a"b"`, 50_000) + "\n",
		"template": "services:\n  web: " + strings.Repeat("{{ a }}", 20_000) + "\n",
		"values":   "services: [" + strings.Repeat("1,", 1_100_000) + "]",
		"comments": "services:\n  web:\n    image: x\n" + strings.Repeat("# a\n", 100_000),
	}
}

// A bomb is read in little memory, and is a problem where Compose refuses it.
func TestBombs(t *testing.T) {
	limits := map[string]source.Kind{"aliases": source.Limit, "values": source.Limit, "extends": source.Limit, "wide": source.Limit, "template": source.Template, "flow": source.Syntax, "merges": source.Limit, "braces": source.Syntax, "dollars": source.Syntax}
	for name, text := range bombs() {
		p := one(text)
		want, refused := limits[name]
		if refused && !slices.ContainsFunc(p.Problems, func(p source.Problem) bool { return p.Kind == want }) || !refused && len(p.Problems) > 0 {
			t.Errorf("%s: got %d problems: %.200v", name, len(p.Problems), p.Problems)
		}
	}
}

// Values that double with each variable, and an env file that every service reads, end.
func TestVariableBombs(t *testing.T) {
	env := "A0=xxxxxxxxxx\n"
	for i := range 60 {
		env += fmt.Sprintf("A%d=$A%d$A%d\n", i+1, i, i)
	}
	main := "services:\n"
	for i := range 2000 {
		main += fmt.Sprintf("  s%d: {image: \"x$A60\", env_file: [big.env], command: \"%s\"}\n", i, strings.Repeat("$A12", 100))
	}
	files := map[string]string{"/app/compose.yaml": main, "/app/.env": env, "/app/big.env": strings.Repeat("A=$A12\n", 2000)}
	p := Load(opener(files), []string{"/app/compose.yaml"}, nil)
	if len(p.Services) != 2000 || p.Services[1999].Image.Known() || p.Services[1999].Environment.Open.IsZero() {
		t.Errorf("got %d services, %+v", len(p.Services), p.Services[1999].Image)
	}
}

// Half a file, and a file without one of its lines, is read as well.
func TestParts(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(archive.Files[0].Data)
		for i := 0; i < len(text); i += 11 {
			checkPlaces(t, one(text[:i]))
		}
		lines := strings.SplitAfter(text, "\n")
		for i := range lines {
			checkPlaces(t, one(strings.Join(slices.Concat(lines[:i], lines[i+1:]), "")))
			checkPlaces(t, one(strings.ReplaceAll(text, lines[i], "\t"+lines[i])))
		}
	}
}

func BenchmarkBombs(b *testing.B) {
	for name, text := range bombs() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				one(text)
			}
		})
	}
}
