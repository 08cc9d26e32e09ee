package deploy

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/parser/kubernetes"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// clusters adds the machines of all manifests that are about nginx or PHP. names are YAML
// files.
func (r *repository) clusters(names []string) {
	var manifests, about []string
	for _, name := range names {
		f, err := r.open(name)
		if err != nil {
			continue
		}
		if kubernetes.Is(f) {
			manifests = append(manifests, name)
		}
		if concerns(f) {
			about = append(about, name)
		}
	}
	for _, d := range kubernetes.Load(r.open, manifests) {
		inside := func(name string) bool { return strings.HasPrefix(name, strings.TrimSuffix(d.Name, "/")+"/") }
		if slices.ContainsFunc(about, inside) || slices.ContainsFunc(d.Files, concerns) {
			r.cluster(d)
		}
	}
}

// concerns reports whether a text is about nginx or PHP. That an Ingress has settings for a
// controller called nginx does not make it so.
func concerns(f *source.File) bool {
	return nginxImage.MatchString(f.Text) ||
		slices.ContainsFunc([]string{"php", "fastcgi", "nginx.conf", "proxy_pass", "image: nginx"}, func(word string) bool { return strings.Contains(f.Text, word) })
}

var nginxImage = lazyregexp.New(`nginx:[0-9a-z]`)

// cluster adds the machines of manifests that are applied together.
func (r *repository) cluster(d *kubernetes.Deployment) {
	r.out.problems(d.Problems)
	for _, p := range d.Problems {
		if p.Kind == source.Template {
			r.out.Unseen++
		}
	}
	for _, f := range d.Files {
		if kubernetes.Is(f) { // others are files of generators, which containers read
			r.out.read(f, source.RoleManifest)
		}
	}
	c := &cluster{repository: r, objects: d, deployment: &Deployment{Name: d.Name}, pods: map[*kubernetes.Pod]*Machine{}, services: map[*kubernetes.Pod][]*kubernetes.Service{}}
	if c.compose(); len(c.deployment.Machines) > 0 {
		r.out.Deployments = append(r.out.Deployments, c.deployment)
	}
}

// cluster makes the machines of manifests that are applied together.
type cluster struct {
	*repository
	objects    *kubernetes.Deployment
	deployment *Deployment
	// pods are the pods that run, with any of their containers: they share the ports.
	pods map[*kubernetes.Pod]*Machine
	// services are those that lead to a pod.
	services map[*kubernetes.Pod][]*kubernetes.Service
}

func (c *cluster) compose() {
	for _, s := range c.objects.Services {
		pods, _ := c.objects.PodsOf(s)
		for _, p := range pods {
			c.services[p] = append(c.services[p], s)
		}
	}
	for _, p := range c.objects.Pods {
		if !ends(p) {
			c.pod(p)
		}
	}
}

// ends reports whether a pod is a job that serves no requests: its programs run to their end.
func ends(p *kubernetes.Pod) bool { return p.Kind == "Job" || p.Kind == "CronJob" }

// pod adds the containers of a pod, which share its network.
func (c *cluster) pod(p *kubernetes.Pod) {
	ns := &Namespace{Host: p.HostNetwork}
	for _, one := range slices.Concat(p.Containers, p.Init) {
		if slices.Contains(p.Init, one) && !one.Sidecar {
			continue
		}
		m := &Machine{
			Name: p.Name + "/" + one.Name, At: one.At, Image: one.Image.Text, ImageAt: one.Image.At, Deployment: c.deployment,
			Cluster: true, Memory: one.MemoryLimit, MemoryAt: one.MemoryLimitAt,
			namespace: ns, dns: &podDNS{c, p}, restarts: p.Restart != "Never",
		}
		if c.pods[p] == nil {
			c.pods[p] = m
		}
		for _, s := range c.services[p] {
			m.Names = append(m.Names, s.Name)
		}
		ns.Members = append(ns.Members, m)
		c.deployment.Machines = append(c.deployment.Machines, m)
		c.start(p, one, m)
	}
}

// start makes the file system of a container and follows what starts on it.
func (c *cluster) start(p *kubernetes.Pod, one *kubernetes.Container, m *Machine) {
	from := c.imageOf(one)
	v := &volumes{cluster: c, pod: p, container: one, image: from}
	c.configure(p, one, from)
	v.mount()
	for _, g := range p.Groups {
		m.join(from, source.Made(g.Text, g.At))
	}
	if p.FSGroup != nil { // kubernetes.io/docs/tasks/configure-pod-container/security-context
		m.Groups = append(m.Groups, uint32(*p.FSGroup))
	}
	if !p.Patched.IsZero() {
		from.files.Doubt("/", p.Patched, "a patch of Kustomize")
		m.Unknown = "a patch of Kustomize changes " + p.Kind + " " + p.Name + ", which is not followed"
	}
	c.boot(m, from)
	for _, kind := range []*[]Server{&m.Nginx, &m.FPM} {
		at, hidden := v.hides(m, *kind)
		if !hidden {
			continue
		}
		why := "what is in " + at.Text() + " is not in the project"
		if m.Unknown == "" {
			m.Unknown = why
		}
		c.out.Unknown = append(c.out.Unknown, source.NotChecked{At: at, Why: why})
		if kind == &m.Nginx {
			c.out.Unseen++
		}
	}
}

// imageOf returns the image of a container.
func (c *cluster) imageOf(one *kubernetes.Container) *image {
	m := c.published(one.Image.Text, one.Image.At)
	if name := bareName(one.Image.Text); c.built[name] && m.unknown == "" {
		return c.lacking(one.Image.Text, "the image "+one.Image.Text+" may be the one that the project builds", one.Image.At)
	}
	return m
}

// bareName returns the reference of an image without its tag and digest.
func bareName(ref string) string {
	ref, _, _ = strings.Cut(ref, "@")
	if i := strings.LastIndexByte(ref, ':'); i > strings.LastIndexByte(ref, '/') {
		ref = ref[:i]
	}
	return ref
}

// configure applies what a container says beyond its image and its volumes.
func (c *cluster) configure(p *kubernetes.Pod, one *kubernetes.Container, m *image) {
	c.environment(p, one, m)
	value := func(name string) (string, bool) {
		v, ok := m.env[name]
		return v.String, ok && !hole.In(v)
	}
	texts := func(values []kubernetes.Value) (all []source.Text) {
		for _, v := range values {
			all = append(all, source.Made(kubernetes.Expand(v.Text, value), v.At))
		}
		return all
	}
	if one.Command != nil {
		m.entrypoint, m.command, m.entry = texts(one.Command), nil, servers.EntryNone
	}
	if one.Args != nil {
		m.command = texts(one.Args)
	}
	if one.WorkingDir.Text != "" {
		m.dir = one.WorkingDir.Text
	}
	if one.RunAsUser != nil {
		m.user, m.userAt = strconv.FormatInt(*one.RunAsUser, 10), one.At
		if one.RunAsGroup != nil {
			m.user += ":" + strconv.FormatInt(*one.RunAsGroup, 10)
		}
	}
	hosts := source.Text{String: "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"}
	for _, a := range p.HostAliases {
		for _, name := range a.Names {
			if _, err := netip.ParseAddr(a.IP); err == nil {
				hosts = source.Join(hosts, source.Made(a.IP+" "+name.Text+"\n", name.At))
			}
		}
	}
	m.files.Put("/etc/hosts", hosts, "", tree.Owner{Mode: 0o644, Known: true})
}

// maxServices limits how many Services give a container variables by name; with more of them
// any variable may be set.
const maxServices = 50

// environment sets the variables of a container: those for the Services of its namespace,
// and over them its own (kubernetes.io/docs/concepts/services-networking/service,
// "Environment variables").
func (c *cluster) environment(p *kubernetes.Pod, one *kubernetes.Container, m *image) {
	m.env["KUBERNETES_SERVICE_HOST"] = hole.New(source.Span{})
	for i, s := range c.objects.Services {
		if s.Headless || cmp.Or(s.Namespace, "default") != cmp.Or(p.Namespace, "default") {
			continue
		}
		if i >= maxServices {
			m.open = s.At
			break
		}
		name := strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))
		for _, suffix := range []string{"_SERVICE_HOST", "_SERVICE_PORT", "_PORT"} {
			m.env[name+suffix] = hole.New(s.At)
		}
	}
	all, missing := c.objects.Variables(p, one)
	for _, v := range all {
		if m.env[v.Name] = v.Value; !v.Known {
			m.env[v.Name] = hole.New(v.At)
		}
	}
	for _, ref := range missing {
		if ref.Key == "" {
			m.open = ref.At
		}
	}
	for _, e := range one.Env {
		if e.From != nil && slices.ContainsFunc(missing, func(r kubernetes.KeyRef) bool { return r == *e.From }) {
			m.env[e.Name] = hole.New(e.At)
		}
	}
}
