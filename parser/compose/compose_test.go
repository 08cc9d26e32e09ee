package compose

import (
	"fmt"
	"io/fs"
	"testing"

	"github.com/wp502lint/wp502lint/source"
	"golang.org/x/tools/txtar"
)

// memory opens the files of an archive as those of a project.
func memory(archive string) Open {
	files := map[string]string{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		files["/"+f.Name] = string(f.Data)
	}
	return opener(files)
}

func opener(files map[string]string) Open {
	return func(name string) (*source.File, error) {
		text, ok := files[name]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return &source.File{Name: name, Real: name, Text: text}, nil
	}
}

// one loads a project of one file, without a final line feed of the archive.
func one(text string) *Project {
	return Load(opener(map[string]string{"/app/compose.yaml": text}), []string{"/app/compose.yaml"}, nil)
}

// Each fault of a file is one problem at its place, and the rest is read.
func TestProblems(t *testing.T) {
	tests := []struct{ text, want string }{
		{"services:\n  web:\n\timage: x\n", `3:1 "\t" 0 invalid YAML: this line is indented with a tab; use spaces`},
		{"services:\n  web: {image: x\n", `2:1 "  web: {image: x" 0 invalid YAML: did not find expected ',' or '}'`},
		{"services:\n  web: {image: x, image: y}\n", `2:19 "image" 0 duplicate key "image", first set on line 2`},
		{"services:\n  web: {image: x, ports: {}}\n", `2:26 "{" 0 ports is a mapping, expected a list`},
		{"services:\n  web: {image: x, volumes: }\n", `2:19 "volumes" 0 volumes has no value, expected a list`},
		{"services:\n  web: {image: 5}\n", `2:16 "5" 0 image is a number, expected a string`},
		{"- a\n", `1:1 "-" 0 a Compose file is a mapping, this is a list`},
		{"services:\n  web: {image: \"${A:?set A}\"}\n", `2:17 "${A:?set A}" 6 variable A is required and has no value: set A`},
		{"services:\n  web: {image: \"x${\"}\n", `2:18 "${" 0 "${" without a variable; write "$$" for a dollar sign`},
		{"services:\n  {{ name }}:\n    image: x\n", `2:3 "{{ name }}" 4 template marks; render the template first`},
		{"{% if x %}\nservices:\n  web: {image: x}\n", `1:1 "{% if x %}" 4 template marks; render the template first`},
		{"services:\n  web: {extends: web}\n", `2:18 "web" 1 service "web" extends itself`},
		{"services:\n  web: {image: x, extends: {file: b.yaml, service: a}}\n", `2:35 "b.yaml" 1 /app/b.yaml: no such file`},
		{"services:\n  web: {image: x, extends: {file: ../../b.yaml, service: a}}\n", `2:35 "../../b.yaml" 3 ../../b.yaml is outside the project, so it was not read`},
		{"services:\n  web: {extends: php}\n", `2:18 "php" 1 no service "php" in /app/compose.yaml`},
		{"include: [b.yaml]\nservices:\n  web: {image: x}\n", `1:11 "b.yaml" 1 /app/b.yaml: no such file`},
		{"include: [compose.yaml]\nservices:\n  web: {image: x}\n", `1:11 "compose.yaml" 1 include cycle: /app/compose.yaml > /app/compose.yaml`},
		{"include: [\"https://x/y.git\"]\nservices:\n  web: {image: x, depends_on: [php]}\n", `1:12 "https://x/y.git" 3 https://x/y.git is not in the project, so it was not read`},
		{"include: [\"${X}/y.yaml\"]\nservices:\n  web: {image: x, networks: [php]}\n", `1:12 "${X}/y.yaml" 3 the path depends on X, which has no value`},
		{"services:\n  web: {image: x, depends_on: [php]}\n", `2:32 "php" 1 no service "php" in this project`},
		{"services:\n  web: {image: x, links: [php]}\n  php: {image: y, profiles: [p]}\n", `2:27 "php" 1 service "web" needs "php", which has a profile that is not active; Compose refuses the project`},
		{"services:\n  web: {image: x, volumes: [data:/d]}\n", `2:29 "data" 1 no volume "data" in this project`},
		{"services:\n  web: {image: x, volumes: [\"ab::c\"]}\n", `2:30 "ab::c" 0 an entry of volumes has an empty part: "ab::c"`},
		{"services:\n  web: {image: x, ports: [\"a:b\"]}\n", `2:28 "a:b" 0 an entry of ports is not [[ADDRESS:]PUBLISHED:]PORT[/PROTOCOL]`},
		{"services:\n  web: {image: x, mem_limit: lots}\n", `2:30 "lots" 0 "lots" is not a size, such as 512m`},
		{"services:\n  web: {image: x, command: \"a 'b\"}\n", `2:29 "a 'b" 0 command has quotes or brackets without an end`},
		{"services:\n  web: {build: ., dockerfile: x}\n  php: {}\n", `3:3 "php" 0 service "php" has neither image nor build`},
		{"services:\n  web: &w\n    image: x\n    x-a: *w\n", `4:10 "*w" 0 the alias *w is inside its own anchor`},
		{"services:\n  web: {image: x, <<: [1]}\n", `2:24 "1" 0 "<<" in a list of something that is not a mapping`},
		{"services:\n  ? [a]\n  : {image: x}\n", `2:5 "[a" 0 a key is not a string`},
		{"a: b\x01", `1:5 "\x01" 0 invalid YAML: control characters are not allowed`},
		{"a\xff: b", "1:2 \"\\xff\" 0 invalid YAML: not UTF-8"},
	}
	for _, test := range tests {
		p := one(test.text)
		if len(p.Problems) == 0 {
			t.Errorf("%q: no problem", test.text)
			continue
		}
		b := p.Problems[0].At.Begin()
		got := fmt.Sprintf("%d:%d %q %d %s", b.Line, b.Column, p.Problems[0].At.Text(), p.Problems[0].Kind, p.Problems[0].Message)
		if got != test.want || len(p.Problems) != 1 {
			t.Errorf("%q:\ngot  %s (%d)\nwant %s", test.text, got, len(p.Problems), test.want)
		}
	}
}

// The form without services: is that of docker-compose 1.x.
// An anchor before a key is that of the key, also for an alias inside its value.
func TestAnchorOfKey(t *testing.T) {
	p := one("services:\n  &db data:\n    container_name: *db\n    image: x\n  web:\n    image: y\n    hostname: *db\n    depends_on: [*db]\n    environment:\n      HOST: *db\n      &p PORT: *p\n")
	if len(p.Problems) != 0 {
		t.Fatalf("problems: %v", p.Problems)
	}
	for _, s := range p.Services {
		if s.Name == "data" && s.ContainerName.Text != "data" || s.Name == "web" && s.Hostname.Text != "data" {
			t.Errorf("service %s: container_name %q, hostname %q", s.Name, s.ContainerName.Text, s.Hostname.Text)
		}
	}
	if len(p.Services) != 2 {
		t.Errorf("%d services", len(p.Services))
	}
}

func TestVersionOne(t *testing.T) {
	p := one("web:\n  image: nginx\n  links: [php]\nphp:\n  build: .\n  dockerfile: php.Dockerfile\n  net: \"container:web\"\n")
	if !p.V1 || len(p.Services) != 2 || len(p.Problems) != 0 {
		t.Fatalf("got %+v", p)
	}
	web, php := p.Services[0], p.Services[1]
	if web.Links[0].Service != "php" || php.Build.Dockerfile.Text != "/app/php.Dockerfile" || php.NetworkMode.Text != "service:web" {
		t.Errorf("got %+v, %+v, %+v", web.Links, php.Build, php.NetworkMode)
	}
}

// No output shows a password of a Compose file or an env file.
func TestSecrets(t *testing.T) {
	p := Load(memory(`
-- app/.env --
DB_PASSWORD=one
NAME=app
export API_KEY="two words"
-- app/compose.yaml --
x-pw: &pw three
services:
  auth:
    image: mysql:8
    environment:
      MYSQL_ROOT_PASSWORD: four
      MYSQL_PASSWORD: *pw
      TOKEN: |
        five
        six
      URL: mysql://user:seven@db/x
    depends_on: {}
  list:
    image: x
    environment:
      - SECRET_KEY=eight
      - PASSWORD=${DB_PASSWORD}
    secrets: [key]
secrets:
  key:
    file: ./nine
`), []string{"/app/compose.yaml"}, nil)
	var got []string
	for _, f := range p.Files {
		for _, s := range f.Secrets() {
			got = append(got, s.Text())
		}
	}
	if want := `["three" "four" "five\n        six" "user:seven" "eight" "one" "\"two words\""]`; fmt.Sprintf("%q", got) != want {
		t.Errorf("got  %q\nwant %s", got, want)
	}
}

// What Compose and the shell set is known without an env file, unless it depends on a
// directory outside the project.
func TestBuiltIn(t *testing.T) {
	text := "services:\n  web: {image: \"x:${COMPOSE_PROJECT_NAME:-none}\", volumes: [\"${PWD}/a:/a\"]}\n"
	web := one(text).Services[0]
	if web.Image.Text != "x:app" || !web.Image.Known() || web.Mounts[0].Source.Text != "/app/a" || web.Mounts[0].Outside {
		t.Errorf("got %q, %+v", web.Image.Text, web.Mounts[0])
	}
	web = Load(opener(map[string]string{"/compose.yaml": text}), []string{"/compose.yaml"}, nil).Services[0]
	if web.Image.Text != "x:" || web.Image.Known() || web.Mounts[0].Source.Text != "/a" || web.Mounts[0].Outside {
		t.Errorf("at the root: got %q, %+v", web.Image.Text, web.Mounts[0])
	}
}
