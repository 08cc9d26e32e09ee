package kubernetes

import (
	"cmp"
	"slices"
)

// The methods here set what a strategic merge patch sets. Elements of lists are told apart
// by the keys of Kubernetes (k8s.io/api/core/v1, patchMergeKey). A patch that is nil, which
// has no such object, changes nothing and gives false.

func (p *Pod) merge(by *Pod) bool {
	if by == nil {
		return false
	}
	p.Labels = with(p.Labels, by.Labels)
	if !by.ReplicasAt.IsZero() {
		p.Replicas, p.ReplicasAt = by.Replicas, by.ReplicasAt
	}
	p.HostNetwork, p.SharedProcesses = p.HostNetwork || by.HostNetwork, p.SharedProcesses || by.SharedProcesses
	p.DNSPolicy, p.Hostname, p.Subdomain = cmp.Or(by.DNSPolicy, p.DNSPolicy), cmp.Or(by.Hostname, p.Hostname), cmp.Or(by.Subdomain, p.Subdomain)
	p.ServiceName, p.Restart = cmp.Or(by.ServiceName, p.ServiceName), cmp.Or(by.Restart, p.Restart)
	p.HostAliases = mergeList(p.HostAliases, by.HostAliases, func(a HostAlias) string { return a.IP }, replace)
	p.FSGroup = cmp.Or(by.FSGroup, p.FSGroup)
	if by.Groups != nil { // an atomic list
		p.Groups = by.Groups
	}
	name := func(c *Container) string { return c.Name }
	merge := func(c, with *Container) *Container {
		c.merge(with, by)
		return c
	}
	p.Containers, p.Init = mergeList(p.Containers, by.Containers, name, merge), mergeList(p.Init, by.Init, name, merge)
	if by.RunAsUser != nil {
		p.user(by.RunAsUser)
	}
	if by.RunAsGroup != nil {
		p.group(by.RunAsGroup)
	}
	p.Volumes = mergeList(p.Volumes, by.Volumes, func(v *Volume) string { return v.Name }, replace)
	return true
}

// user sets the account of the pod and of its containers that have none of their own.
func (p *Pod) user(id *int64) {
	for _, c := range slices.Concat(p.Containers, p.Init) {
		if c.RunAsUser == p.RunAsUser {
			c.RunAsUser = id
		}
	}
	p.RunAsUser = id
}

// group is user for the group.
func (p *Pod) group(id *int64) {
	for _, c := range slices.Concat(p.Containers, p.Init) {
		if c.RunAsGroup == p.RunAsGroup {
			c.RunAsGroup = id
		}
	}
	p.RunAsGroup = id
}

// merge sets what the container by, of the pod of, sets.
func (c *Container) merge(by *Container, of *Pod) {
	set := func(v *Value, by Value) {
		if !by.At.IsZero() {
			*v = by
		}
	}
	set(&c.Image, by.Image)
	set(&c.WorkingDir, by.WorkingDir)
	if by.Command != nil {
		c.Command = by.Command
	}
	if by.Args != nil {
		c.Args = by.Args
	}
	if by.EnvFrom != nil {
		c.EnvFrom = by.EnvFrom
	}
	if by.PostStart != nil {
		c.PostStart = by.PostStart
	}
	c.Env = mergeList(c.Env, by.Env, func(e EnvVar) string { return e.Name }, replace)
	c.Mounts = mergeList(c.Mounts, by.Mounts, func(m Mount) string { return m.Path }, replace)
	c.Ports = mergeList(c.Ports, by.Ports, func(p Port) int { return p.Number }, replace)
	if !by.MemoryLimitAt.IsZero() {
		c.MemoryLimit, c.MemoryLimitAt = by.MemoryLimit, by.MemoryLimitAt
	}
	if by.RunAsUser != of.RunAsUser { // of its own
		c.RunAsUser = by.RunAsUser
	}
	if by.RunAsGroup != of.RunAsGroup {
		c.RunAsGroup = by.RunAsGroup
	}
	c.ReadOnlyRoot, c.Readiness, c.Liveness, c.Sidecar = c.ReadOnlyRoot || by.ReadOnlyRoot, c.Readiness || by.Readiness, c.Liveness || by.Liveness, c.Sidecar || by.Sidecar
}

func (s *Service) merge(by *Service) bool {
	if by == nil {
		return false
	}
	s.Selector = with(s.Selector, by.Selector)
	s.Headless = s.Headless || by.Headless
	s.Type, s.ExternalName = cmp.Or(by.Type, s.Type), cmp.Or(by.ExternalName, s.ExternalName)
	s.Ports = mergeList(s.Ports, by.Ports, func(p ServicePort) int { return p.Port }, replace)
	return true
}

func (c *ConfigMap) merge(by *ConfigMap) bool {
	if by == nil {
		return false
	}
	c.Data, c.Keys = merged(c.Data, by.Data), merged(c.Keys, by.Keys)
	return true
}

// replace is the patch's element in place of the one before.
func replace[T any](_, by T) T { return by }

// mergeList returns all with the elements of by. One with the key of an element of all is
// merged with it.
func mergeList[T any, K comparable](all, by []T, key func(T) K, merge func(one, by T) T) []T {
	if len(by) == 0 {
		return all
	}
	all = slices.Clone(all)
	at := map[K]int{}
	for i, one := range all {
		at[key(one)] = i
	}
	for _, one := range by {
		if i, ok := at[key(one)]; ok {
			all[i] = merge(all[i], one)
			continue
		}
		at[key(one)] = len(all)
		all = append(all, one)
	}
	return all
}
