package compose

import "testing"

func TestPlain(t *testing.T) {
	for name, want := range map[string]string{
		"docker-compose.yml.example":   "docker-compose.yml",
		"docker-compose.sample.yml":    "docker-compose.yml",
		"docker-compose-sample.yml":    "docker-compose.yml",
		"compose.yaml.dist":            "compose.yaml",
		"docker-compose.prod.yml.dist": "docker-compose.prod.yml",
		"docker-compose.prod.yml":      "docker-compose.prod.yml",
		"sample.yml":                   "sample.yml",
	} {
		if got := plain(name); got != want {
			t.Errorf("%s is a sample of %s, want %s", name, got, want)
		}
	}
}

const samples = `
-- app/docker-compose.yml.dist --
services:
  web:
    image: nginx:${NGINX}
    container_name: ${COMPOSE_PROJECT_NAME}-${SUFFIX}
    env_file: web.env
-- app/compose.override.yml --
services:
  web: {ports: ["80:80"]}
-- app/.env.example --
NGINX=1.27
SUFFIX=
-- app/web.env.sample --
HOST=php
PASSWORD=
-- both/compose.yaml --
services:
  web: {image: "nginx:${NGINX}"}
-- both/compose.yaml.example --
services:
  other: {image: x}
-- both/.env.dist --
NGINX=1.26
-- both/.env.example --
NGINX=1.27
-- two/compose.yaml.example --
services:
  one: {image: x}
-- two/compose.yaml.sample --
services:
  two: {image: x}
`

// A sample is read in place of what it is copied to, if it is the only one.
func TestSamples(t *testing.T) {
	app := newReader(memory(samples)).deployments("/app", []string{"docker-compose.yml.dist", "compose.override.yml"})
	if len(app) != 1 || len(app[0].Merged) != 2 || len(app[0].Problems) != 0 {
		t.Fatalf("%d deployments: %+v", len(app), app)
	}
	web := app[0].Service("web")
	if web.Image.Text != "nginx:1.27" || !web.Image.Known() {
		t.Errorf("the image is %q", web.Image.Text)
	}
	if name := web.ContainerName; name.Known() || name.Text != "app-" || name.Shown() != "app-${SUFFIX}" {
		t.Errorf("the name is %q, and shown as %q", name.Text, name.Shown())
	}
	if e := web.Environment; !e.Open.IsZero() || e.Values["HOST"].Text != "php" || e.Values["PASSWORD"].Known() {
		t.Errorf("the environment is %+v", e)
	}
	if app[0].Sample == nil || app[0].Sample.Name != "/app/.env.example" {
		t.Errorf("the sample is %v", app[0].Sample)
	}
	both := newReader(memory(samples)).deployments("/both", []string{"compose.yaml", "compose.yaml.example"})
	if len(both) != 1 || both[0].Sample != nil || both[0].Service("web").Image.Known() {
		t.Errorf("a sample beside its copy or another sample is read: %+v", both)
	}
	if two := newReader(memory(samples)).deployments("/two", []string{"compose.yaml.example", "compose.yaml.sample"}); len(two) != 0 {
		t.Errorf("one of two samples is read: %+v", two[0].Merged)
	}
}
