package deploy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/kubernetes"
)

// podDNS is the names of a cluster as a pod finds them. Pods, containers and the objects
// that make pods have no name of their own there, only Services
// (kubernetes.io/docs/concepts/services-networking/dns-pod-service).
type podDNS struct {
	*cluster
	pod *kubernetes.Pod
}

// route is Machine.Route for a pod.
func (d *podDNS) route(host string, port uint16) Route {
	switch policy := cmp.Or(d.pod.DNSPolicy, "ClusterFirst"); {
	case d.pod.HostNetwork && policy == "ClusterFirst", policy == "Default":
		return Route{Why: "the names that the node of pod " + d.pod.Name + " knows are not known"}
	case policy == "None":
		return Route{Why: "the resolver of pod " + d.pod.Name + " is not known"}
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	first, rest, _ := strings.Cut(name, ".")
	for _, s := range d.objects.ServicesNamed(first) {
		if s.Answers(host, d.pod.Namespace) {
			return d.service(s, port)
		}
	}
	second, _, _ := strings.Cut(rest, ".")
	for _, s := range d.objects.ServicesNamed(second) {
		pods, all := d.objects.PodsOf(s)
		for _, p := range pods {
			if d.pods[p] != nil && slices.Contains(s.PodNames(p, d.pod.Namespace), name) {
				return Route{Targets: []Target{{d.pods[p], port}}}
			}
		}
		if !all {
			return tooMany(s)
		}
	}
	return d.unnamed(host)
}

// Searched reports whether a pod knows a host name only by the search list of its
// /etc/resolv.conf: not the full name of a Service.
func (m *Machine) Searched(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	return m.dns != nil && (!strings.Contains(name, ".") || !strings.HasSuffix(name, clusterDomain) && m.dns.route(host, 0).Why == "")
}

// clusterDomain is how the full names of Services end.
const clusterDomain = ".svc.cluster.local"

// service returns where a connection to a port of a Service arrives.
func (d *podDNS) service(s *kubernetes.Service, port uint16) (r Route) {
	switch {
	case !s.Patched.IsZero():
		return Route{Why: "a patch of Kustomize changes Service " + s.Name + ", which is not followed"}
	case s.ExternalName != "":
		return Route{Why: "Service " + s.Name + " is an ExternalName for " + s.ExternalName + ", which is not in this project"}
	case len(s.Selector) == 0:
		return Route{Why: "Service " + s.Name + " has no selector, so its endpoints are not known"}
	}
	pods, all := d.objects.PodsOf(s)
	for _, p := range pods {
		if !p.Patched.IsZero() || p.Replicas == 0 || d.pods[p] == nil {
			return Route{Why: "cannot tell whether pods of " + p.Kind + " " + p.Name + " run"}
		}
		for _, n := range s.PortsOn(p, int(port)) {
			r.Targets = append(r.Targets, Target{d.pods[p], uint16(n)})
		}
	}
	switch {
	case !all:
		return tooMany(s)
	case len(r.Targets) > 0:
		return r
	case d.objects.Partial:
		return Route{Why: "a manifest that is not read may have the pods of Service " + s.Name}
	case pods == nil && s.Headless:
		return Route{Missing: true} // its name has an address for each pod
	case pods == nil:
		return Route{Refused: "no pod has the labels that Service " + s.Name + " selects"}
	case !slices.ContainsFunc(s.Ports, func(sp kubernetes.ServicePort) bool { return sp.Port == int(port) }):
		return Route{Refused: fmt.Sprintf("Service %s has no port %d", s.Name, port)}
	}
	return Route{Refused: fmt.Sprintf("no pod has the port that port %d of Service %s leads to", port, s.Name)}
}

// tooMany is where a Service leads if not all of its pods were looked for.
func tooMany(s *kubernetes.Service) Route {
	return Route{Why: "too many pods have a label that Service " + s.Name + " selects"}
}

// unnamed is where a name leads that no Service of these manifests has.
func (d *podDNS) unnamed(host string) Route {
	for _, s := range d.objects.Everywhere {
		if s.Answers(host, d.pod.Namespace) {
			return Route{Why: "Service " + s.Name + " is one of " + s.At.File.Name + ", which may be applied together or not"}
		}
	}
	name, rest, dots := strings.Cut(strings.ToLower(strings.TrimSuffix(host, ".")), ".")
	namespace, domain, _ := strings.Cut(rest, ".")
	inCluster := domain == "svc" || domain == "svc.cluster.local"
	switch {
	case d.objects.Partial:
		return Route{Why: "a manifest that is not read may have Service " + name}
	case !dots, inCluster && d.owns(namespace) && name != "kubernetes":
		return Route{Missing: true}
	}
	return Route{Why: "the host " + host + " is not in this project"}
}

// owns reports whether a namespace is one of these manifests.
func (d *podDNS) owns(namespace string) bool {
	return slices.ContainsFunc(d.objects.Services, func(s *kubernetes.Service) bool { return cmp.Or(s.Namespace, "default") == namespace }) ||
		slices.ContainsFunc(d.objects.Pods, func(p *kubernetes.Pod) bool { return cmp.Or(p.Namespace, "default") == namespace })
}

// known is Machine.Known for a pod.
func (d *podDNS) known() (all []Named) {
	for _, s := range d.objects.Services {
		if m := d.first(s); m != nil {
			all = append(all, Named{s.Names(d.pod.Namespace)[0], m})
		}
	}
	return all
}

// first returns a container of the first pod that a Service leads to; nil for none.
func (d *podDNS) first(s *kubernetes.Service) *Machine {
	pods, _ := d.objects.PodsOf(s)
	for _, p := range pods {
		if m := d.pods[p]; m != nil {
			return m
		}
	}
	return nil
}

// namesOf is Machine.NameFor for a pod: all names.
func (d *podDNS) namesOf(other *Machine) (names []string) {
	for _, s := range d.services[other.dns.pod] {
		if first := d.first(s); first != nil && first.dns.pod == other.dns.pod {
			names = append(names, s.Names(d.pod.Namespace)[0])
		}
	}
	return names
}
