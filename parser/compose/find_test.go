package compose

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

const deployments = `
-- app/compose.yml --
include: [compose.included.yml]
services:
  web: {image: nginx}
  php: {image: php}
-- app/compose.included.yml --
services: {inc: {image: x}}
-- app/compose.override.yml --
services:
  web: {ports: ["80:80"]}
-- app/docker-compose.yml --
services:
  old: {image: x}
-- app/docker-compose.prod.yml --
services:
  web: {restart: always}
  new: {image: x}
-- app/docker-compose.alone.yml --
services:
  other: {image: x}
-- app/docker-compose.needs.yml --
services:
  job: {image: x, depends_on: [php]}
-- app/docker-compose.parts.yml --
services:
  unknown: {restart: always}
-- app/composer.yml --
- not compose
-- app/my-compose.yaml --
services:
  web: {image: x
-- app/values.yaml --
services: {web: {image: x}}
`

func TestDeployments(t *testing.T) {
	var names []string
	for _, f := range txtar.Parse([]byte(deployments)).Files {
		names = append(names, strings.TrimPrefix(f.Name, "app/"))
	}
	var got []string
	for _, p := range newReader(memory(deployments)).deployments("/app", names) {
		var files, services []string
		for _, f := range p.Files {
			files = append(files, strings.TrimPrefix(f.Name, "/app/"))
		}
		for _, s := range p.Services {
			services = append(services, s.Name)
		}
		got = append(got, strings.Join(files, " ")+": "+strings.Join(services, " "))
	}
	want := `compose.yml compose.override.yml compose.included.yml: inc web php
docker-compose.alone.yml: other
compose.yml docker-compose.needs.yml compose.included.yml: inc web php job
docker-compose.parts.yml: unknown
compose.yml docker-compose.prod.yml compose.included.yml: inc web php new
docker-compose.yml: old
my-compose.yaml: `
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

// A part of another deployment is not one of its own, unless each is a part of the other.
func TestAll(t *testing.T) {
	open := memory(`
-- app/compose.yaml --
include: [nginx/compose.yaml]
services: {php: {image: php, extends: {file: base/compose.yml, service: base}}}
networks: {back: }
-- app/nginx/compose.yaml --
services: {web: {image: nginx}}
-- app/base/compose.yml --
services: {base: {image: x}}
-- app/own/compose.yml --
services: {own: {image: x}}
-- app/a/compose.yml --
include: [../b/compose.yml]
services: {a: {image: x}}
-- app/b/compose.yml --
services: {b: {image: x, extends: {file: ../a/compose.yml, service: a}}}
`)
	names := map[string][]string{"/app": {"compose.yaml"}, "/app/nginx": {"compose.yaml"}, "/app/base": {"compose.yml"}, "/app/own": {"compose.yml"}, "/app/a": {"compose.yml"}, "/app/b": {"compose.yml"}}
	var got []string
	for _, p := range All(open, []string{"/app", "/app/a", "/app/b", "/app/base", "/app/nginx", "/app/own"}, names) {
		got = append(got, p.Merged[0])
	}
	if want := "/app/compose.yaml /app/a/compose.yml /app/b/compose.yml /app/own/compose.yml"; strings.Join(got, " ") != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
}
