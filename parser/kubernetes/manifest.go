package kubernetes

import (
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// kind says how objects of one kind are read.
type kind struct {
	groups []string // of its apiVersion; "" is the core group, v1
	read   func(o object, out *Manifest)
}

// The kinds that are read. Of the last two, Rollout is Argo's form of a Deployment and
// DeploymentConfig OpenShift's.
var kinds = sync.OnceValue(func() map[string]kind {
	template := pod("spec", "template", "spec")
	return map[string]kind{
		"Pod":                   {[]string{""}, pod("spec")},
		"Deployment":            {[]string{"apps", "extensions"}, template},
		"StatefulSet":           {[]string{"apps"}, template},
		"DaemonSet":             {[]string{"apps", "extensions"}, template},
		"ReplicaSet":            {[]string{"apps", "extensions"}, template},
		"ReplicationController": {[]string{""}, template},
		"Job":                   {[]string{"batch"}, template},
		"CronJob":               {[]string{"batch"}, pod("spec", "jobTemplate", "spec", "template", "spec")},
		"Service":               {[]string{""}, service},
		"ConfigMap":             {[]string{""}, configMap},
		"Secret":                {[]string{""}, secretMap},
		"Rollout":               {[]string{"argoproj.io"}, template},
		"DeploymentConfig":      {[]string{"", "apps.openshift.io"}, template},
	}
})

// isList reports whether a kind is that of a list of objects: List, DeploymentList.
func isList(kind string) bool { return strings.HasSuffix(kind, "List") }

// top reads the object of a document.
func (r *reader) top(n *yaml.Node) {
	if n = plain(n); n != nil && n.Kind == yaml.SequenceNode {
		r.out.operations = r.operations(n)
	}
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	o := r.object(n, "the document")
	if version := o.text("apiVersion"); r.kustomizes && (version == "" || strings.HasPrefix(version, "kustomize.config.k8s.io/")) {
		r.out.Kustomization = kustomization(o)
		return
	}
	r.read(o, 0)
}

// read reads an object, or those of a list, which is in so many others.
func (r *reader) read(o object, lists int) {
	name := o.text("kind")
	group, _, grouped := strings.Cut(o.text("apiVersion"), "/")
	if !grouped {
		group = ""
	}
	if k, ok := kinds()[name]; ok && slices.Contains(k.groups, group) {
		k.read(o, r.out)
		return
	}
	if !isList(name) {
		return
	}
	if lists == maxLists {
		r.leave(o.at("kind"), source.Limit, "lists more than 5 deep are not read")
		return
	}
	for _, item := range o.objects("items") {
		r.read(item, lists+1)
	}
}

// identity returns the name and the namespace of an object, and the place of the name.
// ok is false if it has no name that is known.
func (o object) identity() (name, namespace string, at source.Span, ok bool) {
	meta := o.object("metadata")
	v := meta.value("name")
	switch {
	case strings.Contains(v.Text, mark):
		o.leave(v.At, source.Template, rendering)
	case v.Text == "" && !meta.has("generateName"):
		o.report(o.at("kind"), source.Syntax, "this object has no metadata.name")
	case v.Text == "":
		v = meta.value("generateName")
	}
	return v.Text, meta.text("namespace"), v.At, v.Text != "" && !strings.Contains(v.Text, mark)
}

func service(o object, out *Manifest) {
	s := &Service{}
	var ok bool
	if s.Name, s.Namespace, s.At, ok = o.identity(); !ok {
		return
	}
	spec := o.object("spec")
	s.Selector = spec.words("selector")
	s.Type, s.ExternalName = spec.text("type"), spec.text("externalName")
	s.Headless = spec.text("clusterIP") == "None"
	for _, p := range spec.objects("ports") {
		s.Ports = append(s.Ports, ServicePort{
			Name: p.text("name"), Port: p.port("port"), Target: p.value("targetPort"), Protocol: p.text("protocol"), At: p.at("port"),
		})
	}
	out.Services = append(out.Services, s)
}

func configMap(o object, out *Manifest) {
	if c := o.configMap(); c != nil {
		c.add(o, "data", false)
		c.add(o, "binaryData", true)
		out.ConfigMaps = append(out.ConfigMaps, c)
	}
}

func secretMap(o object, out *Manifest) {
	if c := o.configMap(); c != nil {
		c.add(o, "data", true)
		c.add(o, "stringData", false)
		out.Secrets = append(out.Secrets, c)
		for _, key := range []string{"data", "stringData"} {
			for _, f := range o.object(key).fields {
				o.hide(plain(f.value))
			}
		}
	}
}

func (o object) configMap() *ConfigMap {
	c := &ConfigMap{Data: map[string]source.Text{}, Keys: map[string]source.Span{}}
	var ok bool
	if c.Name, c.Namespace, c.At, ok = o.identity(); !ok {
		return nil
	}
	return c
}

// add adds the values of a key of o, which may be encoded.
func (c *ConfigMap) add(o object, key string, encoded bool) {
	for _, f := range o.object(key).fields {
		n := plain(f.value)
		if n == nil {
			c.set(f.key.Value, source.Text{}, o.span(f.key))
			continue
		}
		if n.Kind != yaml.ScalarNode {
			o.fail(n, "the value of %s is not a text", label(f.key.Value))
			continue
		}
		o.untyped(n, "the value of "+label(f.key.Value))
		value := o.traced(n)
		if encoded {
			var ok bool
			if value, ok = decoded(value, o.span(n)); !ok {
				o.report(o.span(n), source.Limit, "the value of "+label(f.key.Value)+" is not Base64")
			}
		}
		c.set(f.key.Value, value, o.span(f.key))
	}
}

// set sets the value of a key, which is written at a place.
func (c *ConfigMap) set(key string, value source.Text, at source.Span) {
	c.Data[key], c.Keys[key] = value, at
}

// hide notes that n is a secret.
func (r *reader) hide(n *yaml.Node) {
	if n != nil {
		s := r.span(n)
		r.secrets = append(r.secrets, extent{int(s.Start), int(s.End)})
	}
}
