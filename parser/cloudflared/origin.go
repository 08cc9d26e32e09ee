package cloudflared

import (
	"slices"
	"time"

	"github.com/wp502lint/wp502lint/servers/cloudflare"
	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// Origin is how cloudflared connects to a service: originRequest. The zero Origin has the
// defaults.
type Origin struct{ entries []entry }

// entry is a key that is set.
type entry struct {
	name  string
	at    source.Span // its value
	value any         // string, bool, int64, time.Duration, or nested Origins
}

// over returns o with what is set in another one alone.
func (o Origin) over(other Origin) Origin {
	out := Origin{slices.Clone(o.entries)}
	for _, e := range other.entries {
		if o.find(e.name) == nil {
			out.entries = append(out.entries, e)
		}
	}
	return out
}

func (o Origin) find(name string) *entry {
	if i := slices.IndexFunc(o.entries, func(e entry) bool { return e.name == name }); i >= 0 {
		return &o.entries[i]
	}
	return nil
}

// Flag returns a setting that is on or off, such as noTLSVerify; absent if it is not set.
func (o Origin) Flag(name string) source.Setting[bool] { return settingOf[bool](o, name) }

// Text returns a setting that is a text, such as originServerName; absent if it is not set.
func (o Origin) Text(name string) source.Setting[string] { return settingOf[string](o, name) }

// Duration returns a setting that is a time, such as keepAliveTimeout; absent if it is not set.
func (o Origin) Duration(name string) source.Setting[time.Duration] {
	return settingOf[time.Duration](o, name)
}

func settingOf[T any](o Origin, name string) source.Setting[T] {
	if e := o.find(name); e != nil {
		if v, ok := e.value.(T); ok {
			return source.Written(v, e.at)
		}
	}
	return source.Absent[T](source.Span{})
}

// On reports whether a flag is set and true.
func (o Origin) On(name string) bool {
	on, _ := o.Flag(name).Known()
	return on
}

// origin reads originRequest or warp-routing.
func (r *reader) origin(m member) Origin { return r.mapping(m.value, m.name, keysOf(m.name)) }

// mapping reads a mapping with known keys.
func (r *reader) mapping(n *yaml.Node, name string, keys []cloudflare.Key) (o Origin) {
	for _, m := range r.members(n, name) {
		i := slices.IndexFunc(keys, func(k cloudflare.Key) bool { return k.Name == m.name })
		if i < 0 {
			r.unused(m, keys)
			continue
		}
		if value := r.value(m, keys[i]); value != nil {
			o.entries = append(o.entries, entry{m.name, r.span(resolved(m.value)), value})
		}
	}
	return o
}

// value reads the value of a key; nil for none, and for one of another kind, which is refused.
func (r *reader) value(m member, key cloudflare.Key) any {
	n := resolved(m.value)
	if null(n) {
		return nil
	}
	switch key.Kind {
	case cloudflare.Mapping:
		return r.mapping(n, m.name, key.Keys)
	case cloudflare.Mappings:
		all := []Origin{}
		for _, item := range r.items(n, m.name) {
			all = append(all, r.mapping(item, m.name, key.Keys))
		}
		return all
	case cloudflare.Texts:
		return list[string](r, m, "a text")
	case cloudflare.Numbers:
		return list[int](r, m, "a whole number")
	case cloudflare.Text:
		return scalar[string](r, n, m.name, "a text")
	case cloudflare.Flag:
		return scalar[bool](r, n, m.name, "true or false")
	case cloudflare.Number:
		return scalar[int](r, n, m.name, "a whole number")
	case cloudflare.Natural:
		return scalar[uint64](r, n, m.name, "a whole number of at least 0")
	}
	return scalar[time.Duration](r, n, m.name, "a time with a unit, such as 30s")
}

// scalar reads a value as YAML makes one of a type; nil for one that it does not.
func scalar[T any](r *reader, n *yaml.Node, name, wants string) any {
	var v T
	if n.Kind != yaml.ScalarNode || n.Decode(&v) != nil {
		r.refuse(r.span(n), WrongValue, "%s is not %s", name, wants)
		return nil
	}
	return v
}

// list reads the items of a list.
func list[T any](r *reader, m member, wants string) []T {
	all := []T{}
	for _, item := range r.items(m.value, m.name) {
		if n := resolved(item); null(n) {
			var zero T
			all = append(all, zero)
		} else if v, ok := scalar[T](r, n, "an item of "+m.name, wants).(T); ok {
			all = append(all, v)
		}
	}
	return all
}
