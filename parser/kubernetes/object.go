package kubernetes

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// object is a mapping with its merge keys and aliases resolved. The zero object has no fields.
type object struct {
	*reader
	node   *yaml.Node // where it is written; nil: it is not
	fields []field
}

// field is a key of a mapping with its value.
type field struct{ key, value *yaml.Node }

// plain returns n, or the node that an alias refers to; nil for a null.
func plain(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n == nil || n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	return n
}

// object returns the mapping n, which is called name in a problem.
func (r *reader) object(n *yaml.Node, name string) object {
	n = plain(n)
	if n == nil || !r.visit(n) {
		return object{reader: r}
	}
	if n.Kind != yaml.MappingNode {
		r.fail(n, "%s is not a mapping", name)
		return object{reader: r}
	}
	fields, ok := r.objects[n]
	if !ok {
		o := object{r, n, make([]field, 0, len(n.Content)/2)}
		o.add(n, map[string]int{}, 0)
		fields = o.fields
		r.objects[n] = fields
	}
	return object{r, n, fields}
}

// add adds the fields of n. Of two fields with one key the last one takes effect, and
// one of n before one that n merges.
func (o *object) add(n *yaml.Node, seen map[string]int, merges int) {
	own := len(o.fields)
	for i := 0; i+1 < len(n.Content) && o.visit(n.Content[i]); i += 2 {
		key, value := plain(n.Content[i]), n.Content[i+1]
		if key == nil || key.Kind != yaml.ScalarNode || key.Tag == "!!merge" {
			continue
		}
		at, again := seen[key.Value]
		switch {
		case !again:
			seen[key.Value] = len(o.fields)
			o.fields = append(o.fields, field{key, value})
		case at >= own:
			o.report(o.span(key), source.Limit, "duplicate key "+label(key.Value)+"; only the last one takes effect")
			o.fields[at] = field{key, value}
		}
	}
	if merges == maxMerges {
		return
	}
	for i := 0; i+1 < len(n.Content) && o.visits >= 0; i += 2 {
		if n.Content[i].Tag != "!!merge" {
			continue
		}
		from := plain(n.Content[i+1])
		if from == nil {
			continue
		}
		parts := []*yaml.Node{from}
		if from.Kind == yaml.SequenceNode {
			parts = from.Content
		}
		for _, part := range parts {
			if part = plain(part); part != nil && part.Kind == yaml.MappingNode && o.visit(part) {
				o.add(part, seen, merges+1)
			}
		}
	}
}

// label is a key as a message shows it.
func label(key string) string {
	const longest = 60
	if len(key) > longest {
		return strconv.Quote(key[:longest] + source.Mask)
	}
	return strconv.Quote(key)
}

// get returns the value of a key; nil if it is not set.
func (o object) get(key string) *yaml.Node {
	for _, f := range o.fields {
		if f.key.Value == key {
			return plain(f.value)
		}
	}
	return nil
}

// has reports whether a key is set, even to an empty mapping.
func (o object) has(key string) bool { return o.get(key) != nil }

// object returns the mapping of a key.
func (o object) object(key string) object { return o.reader.object(o.get(key), key) }

// objects returns the mappings in the list of a key.
func (o object) objects(key string) (all []object) {
	for _, n := range o.list(key) {
		if element := o.reader.object(n, "an element of "+key); element.node != nil {
			all = append(all, element)
		}
	}
	return all
}

// list returns the elements in the list of a key.
func (o object) list(key string) []*yaml.Node {
	n := o.get(key)
	switch {
	case n == nil:
		return nil
	case n.Kind != yaml.SequenceNode:
		o.fail(n, "%s is not a list", key)
		return nil
	case !o.visit(n):
		return nil
	}
	return n.Content
}

// values returns the texts in the list of a key; nil if it is not set.
func (o object) values(key string) (all []Value) {
	for _, n := range o.list(key) {
		if o.visit(n) {
			o.untyped(plain(n), "an element of "+key)
			all = append(all, o.scalar(plain(n), "an element of "+key))
		}
	}
	return all
}

// scalars is values for what need not be text.
func (o object) scalars(key string) (all []Value) {
	for _, n := range o.list(key) {
		if o.visit(n) {
			all = append(all, o.scalar(plain(n), "an element of "+key))
		}
	}
	return all
}

// value returns the text of a key.
func (o object) value(key string) Value { return o.scalar(o.get(key), key) }

// text returns the text of a key without its place.
func (o object) text(key string) string { return o.value(key).Text }

// scalar returns the text of n, which is called name in a problem.
func (r *reader) scalar(n *yaml.Node, name string) Value {
	switch {
	case n == nil:
		return Value{}
	case n.Kind == yaml.ScalarNode:
		return Value{n.Value, r.span(n)}
	}
	r.fail(n, "%s is not a text", name)
	return Value{}
}

// switches are the words that are booleans to kubectl (YAML 1.1), besides those that are in
// YAML 1.2.
var switches = []string{"y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"}

// untyped reports a scalar that is not a text where Kubernetes refuses the object for
// anything else. n may be nil.
func (r *reader) untyped(n *yaml.Node, name string) {
	if is := typeOf(n); is != "" {
		r.fail(n, "%s is %s where Kubernetes takes only text: put it in quotes", name, is)
	}
}

// typeOf returns what a scalar is if it is not a text.
func typeOf(n *yaml.Node) string {
	switch {
	case n == nil || n.Kind != yaml.ScalarNode:
		return ""
	case n.Tag == "!!int" || n.Tag == "!!float":
		return "a number"
	case n.Tag == "!!bool" || n.Style == 0 && slices.Contains(switches, n.Value):
		return "a boolean"
	}
	return ""
}

// flag returns whether a key is true.
func (o object) flag(key string) bool {
	n := o.get(key)
	return n != nil && n.Kind == yaml.ScalarNode && strings.EqualFold(n.Value, "true")
}

// number returns the whole number of a key; nil if it is not set or is not one. It may be
// octal, as modes of files are.
func (o object) number(key string) *int64 {
	v := o.value(key)
	if v.Text == "" {
		return nil
	}
	n, err := strconv.ParseInt(v.Text, 0, 64)
	if err != nil {
		if _, marked := source.FindMark(v.Text, 0); !marked && !strings.Contains(v.Text, "$") {
			o.report(v.At, source.Syntax, key+" is not a whole number")
		}
		return nil
	}
	return &n
}

// port returns the port number of a key; 0 if it is not set.
func (o object) port(key string) int {
	if n := o.number(key); n != nil && *n > 0 && *n <= math.MaxUint16 {
		return int(*n)
	}
	return 0
}

// words returns a mapping of texts, such as labels; nil if it is not set.
func (o object) words(key string) map[string]string {
	fields := o.object(key).fields
	if fields == nil {
		return nil
	}
	all := make(map[string]string, len(fields))
	for _, f := range fields {
		all[f.key.Value] = o.scalar(plain(f.value), key).Text
	}
	return all
}

// at returns the place of a key's value, or of the object without one.
func (o object) at(key string) source.Span {
	if n := o.get(key); n != nil {
		return o.span(n)
	}
	if o.node == nil {
		return source.Span{}
	}
	return o.span(o.node)
}

// units are those of a quantity (k8s.io/apimachinery/pkg/api/resource, suffix.go), from
// the longest.
var units = []struct {
	suffix string
	factor float64
}{
	{"Ki", 1 << 10}, {"Mi", 1 << 20}, {"Gi", 1 << 30}, {"Ti", 1 << 40}, {"Pi", 1 << 50}, {"Ei", 1 << 60},
	{"n", 1e-9}, {"u", 1e-6}, {"m", 1e-3}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}, {"P", 1e15}, {"E", 1e18},
}

// Quantity reads an amount of memory: 512Mi, 1G, 1e9. ok is false for any other text.
func Quantity(text string) (bytes int64, ok bool) {
	factor := 1.0
	for _, u := range units {
		if number, found := strings.CutSuffix(text, u.suffix); found {
			text, factor = number, u.factor
			break
		}
	}
	if strings.Trim(text, "0123456789.+eE-") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	n = math.Ceil(n * factor)
	if err != nil || !(n >= 0 && n < math.MaxInt64) {
		return 0, false
	}
	return int64(n), true
}
