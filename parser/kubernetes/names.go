package kubernetes

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// domain is the domain of a cluster as it is installed. Few clusters have another one.
const domain = "cluster.local"

// byDefault is the namespace of objects when none is set anywhere.
const byDefault = "default"

// sameNamespace reports whether two namespaces are one; "" is the one by default.
func sameNamespace(a, b string) bool { return cmp.Or(a, byDefault) == cmp.Or(b, byDefault) }

// Selects reports whether the Service leads to a pod. Pods that do not run have the same
// labels: see Pod.Replicas.
func (s *Service) Selects(p *Pod) bool {
	if len(s.Selector) == 0 || !sameNamespace(s.Namespace, p.Namespace) {
		return false
	}
	for k, v := range s.Selector {
		if p.Labels[k] != v {
			return false
		}
	}
	return true
}

// labelled are pods by each of their labels, a key and a value.
type labelled map[[2]string][]*Pod

func (l labelled) add(p *Pod) {
	for k, v := range p.Labels {
		l[[2]string{k, v}] = append(l[[2]string{k, v}], p)
	}
}

// selected returns the pods that a Service leads to. Of those that have one of its labels,
// it looks at a thousand.
func (l labelled) selected(s *Service) (pods []*Pod, all bool) {
	const most = 1000
	var rarest []*Pod
	first := true
	for k, v := range s.Selector {
		if some := l[[2]string{k, v}]; first || len(some) < len(rarest) {
			rarest, first = some, false
		}
	}
	for _, p := range rarest[:min(len(rarest), most)] {
		if s.Selects(p) {
			pods = append(pods, p)
		}
	}
	return pods, len(rarest) <= most
}

// PortsOn returns the port numbers of a pod that answer for a port of the Service. There is
// none if the Service does not have the port, or the pod no port of the name in its
// target. A headless Service gives the pod's address, so its ports have no effect.
func (s *Service) PortsOn(p *Pod, port int) (numbers []int) {
	if s.Headless {
		return []int{port}
	}
	for _, sp := range s.Ports {
		if sp.Port != port || cmp.Or(sp.Protocol, "TCP") != "TCP" {
			continue
		}
		if n, err := strconv.Atoi(sp.Target.Text); err == nil || sp.Target.Text == "" {
			numbers = append(numbers, cmp.Or(n, port))
			continue
		}
		if n := p.port(sp.Target.Text); n != 0 {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// port returns the number of the pod's port with a name; 0 for none.
func (p *Pod) port(name string) int {
	for _, c := range slices.Concat(p.Containers, p.Init) {
		for _, port := range c.Ports {
			if port.Name == name && cmp.Or(port.Protocol, "TCP") == "TCP" {
				return port.Number
			}
		}
	}
	return 0
}

// FullName returns the name of the Service that every resolver of the cluster knows. Others
// are resolved by the search list of /etc/resolv.conf, which nginx's own resolver does not use.
func (s *Service) FullName() string {
	return s.Name + "." + cmp.Or(s.Namespace, byDefault) + ".svc." + domain
}

// Answers reports whether a host name, as a pod in a namespace looks it up at the start
// of a program, is that of the Service. For a Service without a namespace, any may be meant.
func (s *Service) Answers(host, namespace string) bool {
	host, absolute := strings.CutSuffix(strings.ToLower(host), ".")
	name, rest, more := strings.Cut(host, ".")
	if name != s.Name {
		return false
	}
	if !more {
		return !absolute && sameNamespace(s.Namespace, namespace)
	}
	label, rest, _ := strings.Cut(rest, ".")
	if s.Namespace != "" && label != s.Namespace {
		return false
	}
	return rest == "svc."+domain || !absolute && (rest == "" || rest == "svc")
}

// Names returns the names of the Service for a pod in a namespace, from the shortest.
func (s *Service) Names(namespace string) []string {
	return names(s.Name, s.Namespace, namespace)
}

func names(name, own, from string) (all []string) {
	full := name + "." + cmp.Or(own, byDefault)
	if sameNamespace(own, from) {
		all = append(all, name)
	}
	return append(all, full, full+".svc", full+".svc."+domain)
}

// PodNames returns the names that a headless Service gives to the pods of p, as Names does: of
// a StatefulSet whose ServiceName it is, one for each pod, and of a pod with a hostname and the
// Service as its subdomain.
func (s *Service) PodNames(p *Pod, namespace string) (all []string) {
	const most = 100 // replicas
	if !s.Headless || !s.Selects(p) {
		return nil
	}
	switch {
	case p.Kind == "StatefulSet" && p.ServiceName == s.Name:
		for i := range min(p.Replicas, most) {
			all = append(all, names(p.Name+"-"+strconv.Itoa(i)+"."+s.Name, s.Namespace, namespace)...)
		}
	case p.Hostname != "" && p.Subdomain == s.Name:
		all = names(p.Hostname+"."+s.Name, s.Namespace, namespace)
	}
	return all
}

// maxExpanded limits the length of an expanded text: variables with variables in them can
// double it with each.
const maxExpanded = 1 << 20

// Expand returns text with $(NAME) replaced by the value of that variable, in a command, in
// arguments and in values of variables. $$ is a dollar sign, and what is not known stays
// (k8s.io/kubernetes/third_party/forked/golang/expansion).
func Expand(text string, value func(name string) (string, bool)) string {
	var b strings.Builder
	last := strings.LastIndexByte(text, ')')
	done := 0 // of text
	for i := 0; i+1 < len(text) && b.Len() < maxExpanded; i++ {
		if text[i] != '$' {
			continue
		}
		switch {
		case text[i+1] == '$':
			b.WriteString(text[done : i+1])
			i++
			done = i + 1
		case text[i+1] == '(' && i < last:
			end := i + strings.IndexByte(text[i:], ')')
			if v, ok := value(text[i+2 : end]); ok {
				b.WriteString(text[done:i])
				b.WriteString(v)
				done = end + 1
			}
			i = end
		}
	}
	b.WriteString(text[done:])
	return b.String()
}
