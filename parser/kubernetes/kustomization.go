package kubernetes

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// Kustomization is a kustomization file: how Kustomize makes manifests from others. Paths
// are as they are written, relative to the folder of the file.
type Kustomization struct {
	Component bool // of kind Component, which is only a part of other kustomizations
	// Resources are files, and folders with a kustomization, or addresses on the network.
	// Components change what was read before them.
	Resources, Components []Value
	// ConfigMapGenerator and SecretGenerator make ConfigMaps and Secrets from files.
	ConfigMapGenerator, SecretGenerator []Generator
	NamePrefix, NameSuffix, Namespace   string
	Labels                              map[string]string // for pods and selectors
	Images                              []ImageChange
	Replicas                            []ReplicaCount
	Patches                             []Patch
	// Unread are other fields that make or change objects, which are not followed.
	Unread []Value
}

// Generator makes a ConfigMap or a Secret.
type Generator struct {
	At        source.Span
	Name      Value
	Namespace string
	Behavior  string // merge or replace one of a base; else create
	Files     []KeyFile
	Literals  []Literal
	Envs      []Value // files with lines NAME=value
}

// KeyFile is a key whose value is the text of a file.
type KeyFile struct {
	Key, Path string
	At        source.Span
}

// Literal is a key with its value.
type Literal struct {
	Key  string
	Text source.Text
	At   source.Span
}

// ImageChange replaces parts of an image's reference.
type ImageChange struct {
	Name                    string
	NewName, NewTag, Digest Value
}

// ReplicaCount sets how many pods the object of a name makes.
type ReplicaCount struct {
	Name  string
	Count int
	At    source.Span // of the count
}

// Patch is a change of objects.
type Patch struct {
	At   source.Span
	Path string // of a file with it; "" if it is written inline
	// Kind and Name are regular expressions of the objects that it changes; "" is every one.
	// If both are empty, its own text names the object.
	Kind, Name string
	Inline     source.Text
}

// changing are fields of a kustomization that make or change objects and that are not
// followed (kustomize api/types/kustomization.go).
var changing = []string{"generators", "transformers", "helmCharts", "helmChartInflationGenerator", "replacements", "vars"}

func kustomization(o object) *Kustomization {
	k := &Kustomization{
		Component: o.text("kind") == "Component", Resources: append(o.values("resources"), o.values("bases")...), Components: o.values("components"),
		ConfigMapGenerator: generators(o, "configMapGenerator"), SecretGenerator: generators(o, "secretGenerator"),
		NamePrefix: o.text("namePrefix"), NameSuffix: o.text("nameSuffix"), Namespace: o.text("namespace"),
		Labels: o.words("commonLabels"),
	}
	for _, l := range o.objects("labels") {
		if l.flag("includeSelectors") {
			k.Labels = with(k.Labels, l.words("pairs"))
		}
	}
	for _, i := range o.objects("images") {
		k.Images = append(k.Images, ImageChange{i.text("name"), i.value("newName"), i.value("newTag"), i.value("digest")})
	}
	for _, r := range o.objects("replicas") {
		if n := r.number("count"); n != nil {
			k.Replicas = append(k.Replicas, ReplicaCount{r.text("name"), int(*n), r.at("count")})
		}
	}
	k.Patches = patches(o)
	for _, key := range changing {
		if n := o.get(key); n != nil {
			k.Unread = append(k.Unread, Value{key, o.span(n)})
		}
	}
	return k
}

func patches(o object) (all []Patch) {
	for _, key := range []string{"patches", "patchesJson6902"} {
		for _, p := range o.objects(key) {
			target := p.object("target")
			one := Patch{At: p.at("path"), Path: p.text("path"), Kind: target.text("kind"), Name: target.text("name")}
			if n := p.get("patch"); n != nil && n.Kind == yaml.ScalarNode {
				one.At, one.Inline = o.span(n), o.traced(n)
			}
			all = append(all, one)
		}
	}
	for _, n := range o.list("patchesStrategicMerge") {
		if n = plain(n); n == nil || n.Kind != yaml.ScalarNode {
			continue
		}
		p := Patch{At: o.span(n), Path: n.Value}
		if strings.Contains(n.Value, "\n") {
			p.Path, p.Inline = "", o.traced(n)
		}
		all = append(all, p)
	}
	return all
}

// with returns labels with others added.
func with(labels, more map[string]string) map[string]string {
	all := make(map[string]string, len(labels)+len(more))
	for _, from := range []map[string]string{labels, more} {
		for k, v := range from {
			all[k] = v
		}
	}
	return all
}

func generators(o object, key string) (all []Generator) {
	for _, g := range o.objects(key) {
		made := Generator{At: g.at("name"), Name: g.value("name"), Namespace: g.text("namespace"), Behavior: g.text("behavior"), Envs: g.values("envs")}
		if v := g.value("env"); v.Text != "" {
			made.Envs = append(made.Envs, v)
		}
		for _, v := range g.values("files") {
			name, file, ok := strings.Cut(v.Text, "=")
			if !ok {
				name, file = path.Base(v.Text), v.Text
			}
			made.Files = append(made.Files, KeyFile{name, file, v.At})
		}
		for _, n := range g.list("literals") {
			if n = plain(n); n != nil && n.Kind == yaml.ScalarNode {
				made.Literals = append(made.Literals, literal(o.traced(n), o.span(n)))
			}
		}
		all = append(all, made)
	}
	return all
}

// literal reads NAME=value, whose value may be in quotes (kustomize kv.go).
func literal(text source.Text, at source.Span) Literal {
	key, value, _ := strings.Cut(text.String, "=")
	from, to := len(text.String)-len(value), len(text.String)
	if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
		from, to = from+1, to-1
	}
	return Literal{key, text.Slice(from, to), at}
}
