package kubernetes

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// operation is one operation of a JSON patch (RFC 6902).
type operation struct {
	op, path string
	text     source.Text // the value, if scalar is set
	at       source.Span // of the value
	scalar   bool
}

// operations returns the operations of a JSON patch.
func (r *reader) operations(n *yaml.Node) (all []operation) {
	for _, element := range n.Content {
		if element = plain(element); element == nil || element.Kind != yaml.MappingNode {
			continue
		}
		o := r.object(element, "an operation")
		one := operation{op: o.text("op"), path: o.text("path")}
		if v := o.get("value"); v != nil && v.Kind == yaml.ScalarNode {
			one.text, one.at, one.scalar = o.traced(v), o.span(v), true
		}
		all = append(all, one)
	}
	return all
}

// sets reports whether the operation sets a scalar.
func (o operation) sets() bool { return o.scalar && (o.op == "add" || o.op == "replace") }

// aside matches the paths of what is not read of an object, and image that of the image of a
// container.
var (
	aside = lazyregexp.New(`^/(metadata/(annotations|labels)|` +
		`spec/(strategy|updateStrategy|minReadySeconds|revisionHistoryLimit|progressDeadlineSeconds|schedule|suspend|type|externalTrafficPolicy|loadBalancer[A-Za-z]*|ports/\d+/nodePort)|` +
		`spec/template/metadata/annotations|` +
		`spec/template/spec/(nodeSelector|nodeName|affinity|tolerations|topologySpreadConstraints|priorityClassName|serviceAccountName|imagePullSecrets|terminationGracePeriodSeconds|` +
		`(initC|c)ontainers/\d+/(imagePullPolicy|resources/requests|resources/limits/cpu)))(/|$)`)
	image = lazyregexp.New(`^/spec/template/spec/containers/(\d+)/image$`)
)

// edit applies the operations of a JSON patch. It reports whether all of them were understood.
func (p *Pod) edit(all []operation) bool {
	for _, o := range all {
		found := image.FindStringSubmatch(o.path)
		switch {
		case aside.MatchString(o.path):
		case !o.sets():
			return false
		case o.path == "/spec/replicas":
			n, err := strconv.Atoi(o.text.String)
			if err != nil {
				return false
			}
			p.Replicas, p.ReplicasAt = n, o.at
		case found != nil:
			n, err := strconv.Atoi(found[1])
			if err != nil || n >= len(p.Containers) {
				return false
			}
			p.Containers[n].Image = Value{o.text.String, o.at}
		default:
			return false
		}
	}
	return len(all) > 0
}

func (s *Service) edit(all []operation) bool {
	for _, o := range all {
		if !aside.MatchString(o.path) {
			return false
		}
	}
	return len(all) > 0
}

func (c *ConfigMap) edit(all []operation) bool {
	data, keys := merged(c.Data, nil), merged(c.Keys, nil)
	for _, o := range all {
		key, ok := strings.CutPrefix(o.path, "/data/")
		switch {
		case aside.MatchString(o.path):
		case !ok || !o.sets():
			return false
		default:
			key = strings.NewReplacer("~1", "/", "~0", "~").Replace(key)
			data[key], keys[key] = o.text, o.at
		}
	}
	c.Data, c.Keys = data, keys
	return len(all) > 0
}
