package kubernetes

import (
	"cmp"
	"maps"
	"slices"

	"github.com/wp502lint/wp502lint/source"
)

// VolumeFile is a file that a volume brings.
type VolumeFile struct {
	Path string // relative to the volume
	Text source.Text
	Mode int64       // the bits of chmod
	At   source.Span // of the key that it is made from
}

// defaultMode is the mode of the files of a volume that does not set one (k8s.io/api/core/v1,
// ConfigMapVolumeSourceDefaultMode).
const defaultMode = 0o644

// VolumeFiles returns the files that ConfigMaps and Secrets put into a volume of p, by path, and the
// objects and keys that are missing, without which the pod does not start.
func (d *Deployment) VolumeFiles(p *Pod, v *Volume) (files []VolumeFile, missing []KeyRef) {
	byPath := map[string]VolumeFile{}
	volume := int64(defaultMode)
	if v.Mode != nil {
		volume = *v.Mode
	}
	for _, from := range v.Sources {
		ref := KeyRef{ConfigMap: from.ConfigMap, Secret: from.Secret, Optional: from.Optional, At: from.At}
		c := d.lookup(p, ref)
		if c == nil {
			if !from.Optional {
				missing = append(missing, ref)
			}
			continue
		}
		if from.Items == nil {
			for key, text := range c.Data {
				byPath[key] = VolumeFile{key, text, volume, c.Keys[key]}
			}
		}
		for _, i := range from.Items {
			text, ok := c.Data[i.Key]
			if !ok {
				if ref.Key, ref.At = i.Key, i.At; !from.Optional {
					missing = append(missing, ref)
				}
				continue
			}
			mode := volume
			if i.Mode != nil {
				mode = *i.Mode
			}
			byPath[i.Path] = VolumeFile{i.Path, text, mode, c.Keys[i.Key]}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byPath)) {
		files = append(files, byPath[name])
	}
	return files, missing
}

// lookup returns the object that a pod refers to; nil if there is none.
func (d *Deployment) lookup(p *Pod, ref KeyRef) *ConfigMap {
	if ref.Secret != "" {
		return d.Secret(p.Namespace, ref.Secret)
	}
	return d.ConfigMap(p.Namespace, ref.ConfigMap)
}

// Variable is a variable as the programs of a container see it.
type Variable struct {
	Name  string
	Value source.Text
	Known bool        // whether Value is known
	At    source.Span // where the variable gets its value
}

// Variables returns the variables that c, a container of p, sets, in the order of their
// names, and the objects and keys that are missing, without which the container does not start.
// The variables for Services, such as PHP_PORT, are left out.
func (d *Deployment) Variables(p *Pod, c *Container) (all []Variable, missing []KeyRef) {
	byName := map[string]Variable{}
	for _, e := range c.EnvFrom {
		ref := KeyRef{ConfigMap: e.ConfigMap, Secret: e.Secret, Optional: e.Optional, At: e.At}
		from := d.lookup(p, ref)
		if from == nil {
			if !e.Optional {
				missing = append(missing, ref)
			}
			continue
		}
		for key, text := range from.Data {
			byName[e.Prefix+key] = Variable{e.Prefix + key, text, true, from.Keys[key]}
		}
	}
	value := func(name string) (string, bool) {
		v, ok := byName[name]
		return v.Value.String, ok && v.Known
	}
	for _, e := range c.Env {
		v := Variable{Name: e.Name, Known: true, At: cmp.Or(e.Value.At, e.At)}
		switch {
		case e.From != nil:
			from := d.lookup(p, *e.From)
			text, ok := source.Text{}, false
			if from != nil {
				text, ok = from.Data[e.From.Key]
			}
			if !ok {
				if !e.From.Optional {
					missing = append(missing, *e.From)
				}
				continue
			}
			v.Value, v.At = text, from.Keys[e.From.Key]
		case e.Field != "":
			v.Known = false
		default:
			v.Value = source.Made(Expand(e.Value.Text, value), e.Value.At)
		}
		byName[e.Name] = v
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		all = append(all, byName[name])
	}
	return all, missing
}
