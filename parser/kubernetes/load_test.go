package kubernetes

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// project is a project as an Open, and the names of its YAML files.
func project(texts map[string]string) (Open, []string) {
	files := map[string]*source.File{}
	var names []string
	for name, text := range texts {
		files[name] = file(name, text)
		if strings.HasSuffix(name, "yaml") {
			names = append(names, name)
		}
	}
	return func(name string) (*source.File, error) {
		if f := files[name]; f != nil {
			return f, nil
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}, names
}

// object returns a manifest of a kind, with more fields at the top level.
func manifest(kind, name, more string) string {
	version := "v1"
	if kind == "Deployment" {
		version = "apps/v1"
	}
	return "apiVersion: " + version + "\nkind: " + kind + "\nmetadata: {name: " + name + "}\n" + more + "\n---\n"
}

func podOf(name, labels, more string) string {
	return manifest("Deployment", name, "spec: {template: {metadata: {labels: {"+labels+"}}, spec: {"+more+"}}}")
}

// The manifests that the rows of loads use.
var (
	web  = podOf("web", "app: web", "containers: [{image: 'nginx:1.27'}], volumes: [{name: c, configMap: {name: conf}}]")
	conf = manifest("ConfigMap", "conf", "data: {a: b}")
)

// loads are projects and what is applied together in them.
var loads = []struct {
	name  string
	files map[string]string
	want  string
}{
	{"one folder", map[string]string{"/k8s/a.yaml": web, "/k8s/b.yaml": conf}, "/k8s: Deployment web nginx:1.27 <conf>; ConfigMap conf a=b"},
	{"folders that belong together", map[string]string{"/k8s/web/a.yaml": web, "/k8s/conf/b.yaml": conf}, "/k8s: Deployment web nginx:1.27 <conf>; ConfigMap conf a=b"},
	{"alternatives by name", map[string]string{"/dev/a.yaml": web, "/prod/a.yaml": web}, "/dev: Deployment web nginx:1.27 <conf>\n/prod: Deployment web nginx:1.27 <conf>"},
	{
		"alternatives, one with a namespace", map[string]string{"/a/a.yaml": manifest("Service", "a", ""), "/b/a.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\n"},
		"/a: Service a\n/b: Service b/a",
	},
	{
		"alternatives by labels", map[string]string{"/a/a.yaml": web + manifest("Service", "a", "spec: {selector: {app: web}}"), "/b/a.yaml": podOf("b", "app: web", "")},
		"/a: Deployment web nginx:1.27 <conf>; Service a\n/b: Deployment b",
	},
	{"again in one folder", map[string]string{"/a/a.yaml": manifest("Service", "a", ""), "/a/b.yaml": manifest("Service", "a", "")}, `/a: Service a; /a/a.yaml:3 Service "a" is defined again at b.yaml:3, which takes effect`},
	{"no manifests", map[string]string{"/a.yaml": "a: b\n", "/b.yaml": manifest("Namespace", "a", "")}, ""},
	{
		"namespace of all", map[string]string{"/a.yaml": manifest("Service", "a", "") + "apiVersion: v1\nkind: Service\nmetadata: {name: b, namespace: shop}\n"},
		"/: Service shop/a; Service shop/b",
	},
	{
		"generator", map[string]string{
			"/k/kustomization.yaml": "resources: [web.yaml]\nconfigMapGenerator:\n- name: conf\n  files: [a=x/a.conf, x/b.conf]\n  literals: [c='d e']\n  envs: [vars]\n",
			"/k/web.yaml":           web, "/k/x/a.conf": "A", "/k/x/b.conf": "B", "/k/vars": "# no\nV=1\n",
		}, "/k: Deployment web nginx:1.27 <conf>; ConfigMap conf V=1 a=A b.conf=B c=d e",
	},
	{
		"overlays", map[string]string{
			"/base/kustomization.yaml": "resources: [web.yaml, svc.yaml]\nconfigMapGenerator: [{name: conf, literals: [a=1, b=1]}]\n",
			"/base/web.yaml":           web, "/base/svc.yaml": manifest("Service", "php", "spec: {selector: {app: web}}"),
			"/over/dev/kustomization.yaml":  "bases: [../../base]\nnamePrefix: dev-\nnamespace: dev\nconfigMapGenerator: [{name: conf, behavior: merge, literals: [b=2]}]\nimages: [{name: nginx, newTag: '1.29'}]\nreplicas: [{name: web, count: 0}]\n",
			"/over/prod/kustomization.yaml": "resources: [../../base/]\npatches: [{path: p.yaml}]\nlabels: [{pairs: {env: prod}, includeSelectors: true}]\n",
			"/over/prod/p.yaml":             podOf("web", "", ""),
		}, "/over/dev: Deployment dev/dev-web nginx:1.29 x0 <dev-conf>; Service dev/dev-php; ConfigMap dev/dev-conf a=1 b=2\n" +
			"/over/prod: Deployment web nginx:1.27 <conf>; Service php; ConfigMap conf a=1 b=1",
	},
	{
		"one base twice", map[string]string{
			"/base/kustomization.yaml": "resources: [web.yaml]\n", "/base/web.yaml": web,
			"/a/kustomization.yaml": "resources: [../base]\n", "/b/kustomization.yaml": "resources: [../base]\n", "/all/kustomization.yaml": "resources: [../a, ../b]\n",
		}, "/all: Deployment web nginx:1.27 <conf>",
	},
	{
		"generator without a name", map[string]string{"/kustomization.yaml": "secretGenerator: [{literals: [a=b]}]\n"},
		"/ partial: /kustomization.yaml:1 this generator has no name",
	},
	{
		"object of Flux", map[string]string{"/kustomization.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n", "/a.yaml": conf},
		"/: ConfigMap conf a=b",
	},
	{
		"invalid document", map[string]string{"/a.yaml": conf + "kind: Pod\na: [\n"},
		"/ partial: ConfigMap conf a=b; /a.yaml:7 invalid YAML, so this document is not read: did not find expected node content",
	},
	{
		"duplicate key", map[string]string{"/a.yaml": conf + "apiVersion: v1\nkind: Service\nmetadata: {name: a, name: b}\n"},
		"/: Service b; ConfigMap conf a=b; /a.yaml:8 duplicate key \"name\"; only the last one takes effect",
	},
	{
		"chart of which one template looks like a manifest", map[string]string{"/c/Chart.yaml": "", "/c/templates/a.yaml": "{{ include \"a\" . }}\n", "/c/templates/b.yaml": conf},
		"/c partial: /c/templates/a.yaml:1 " + helm,
	},
	{
		"component", map[string]string{
			"/a/kustomization.yaml": "resources: [web.yaml]\ncomponents: [../c]\n", "/a/web.yaml": web,
			"/c/kustomization.yaml": "kind: Component\nimages: [{name: nginx, newName: docker.io/nginx}]\nresources: [conf.yaml]\n", "/c/conf.yaml": conf,
		}, "/a: Deployment web docker.io/nginx:1.27 <conf>; ConfigMap conf a=b",
	},
	{"component alone", map[string]string{"/c/kustomization.yaml": "kind: Component\nresources: [conf.yaml]\n", "/c/conf.yaml": conf}, ""},
	{
		"what cannot be read", map[string]string{"/kustomization.yaml": "resources: [a.yaml, https://example.com/x.yaml, d]\nhelmCharts: [{name: a}]\nconfigMapGenerator: [{name: a, files: [b]}]\n"},
		"/ partial: ConfigMap a; /kustomization.yaml:1 /a.yaml is not a file of the project, nor a folder with a kustomization; /kustomization.yaml:1 resources on the network are not read; " +
			"/kustomization.yaml:1 /d is not a file of the project, nor a folder with a kustomization; /kustomization.yaml:3 /b is not a file of the project; " +
			"/kustomization.yaml:2 helmCharts of a kustomization is not followed: what it makes or changes is unknown",
	},
	{
		"cycle", map[string]string{"/a/kustomization.yaml": "resources: [../b, a.yaml]\n", "/b/kustomization.yaml": "resources: [../a]\n", "/a/a.yaml": conf},
		"/a partial: ConfigMap conf a=b; /b/kustomization.yaml:1 this kustomization uses itself",
	},
	{
		"chart", map[string]string{
			"/c/Chart.yaml": "apiVersion: v2\nname: c\n", "/c/templates/a.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ a }}}\n",
			"/c/templates/b.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ b }}}\n", "/c/templates/c.yaml": conf, "/c/charts/d/Chart.yaml": "", "/c/charts/d/templates/a.yaml": "{{ if }}\napiVersion: v1\nkind: Pod\n",
		}, "/c partial: /c/charts/d/templates/a.yaml:1 " + helm,
	},
}

func TestLoad(t *testing.T) {
	for _, tt := range loads {
		open, names := project(tt.files)
		var all []string
		for _, d := range Load(open, names) {
			all = append(all, describe(d))
		}
		if got := strings.Join(all, "\n"); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// describe is the parts of a deployment that the tests compare.
func describe(d *Deployment) string {
	var parts []string
	in := func(namespace, name string) string { return strings.TrimPrefix(namespace+"/"+name, "/") }
	for _, p := range d.Pods {
		s := p.Kind + " " + in(p.Namespace, p.Name)
		for _, c := range p.Containers {
			s += " " + c.Image.Text
		}
		if p.Replicas != 1 {
			s += fmt.Sprintf(" x%d", p.Replicas)
		}
		if !p.Patched.IsZero() {
			s += " patched"
		}
		for _, v := range p.Volumes {
			for _, from := range v.Sources {
				s += " <" + from.ConfigMap + ">"
			}
		}
		parts = append(parts, s)
	}
	for _, s := range d.Services {
		parts = append(parts, "Service "+in(s.Namespace, s.Name))
	}
	for _, c := range d.ConfigMaps {
		s := "ConfigMap " + in(c.Namespace, c.Name)
		for _, key := range slices.Sorted(maps.Keys(c.Data)) {
			s += " " + key + "=" + c.Data[key].String
		}
		parts = append(parts, s)
	}
	for _, p := range d.Problems {
		parts = append(parts, fmt.Sprintf("%s:%d %s", p.At.File.Name, p.At.Begin().Line, p.Message))
	}
	name := d.Name
	if d.Partial {
		name += " partial"
	}
	return name + ": " + strings.Join(parts, "; ")
}
