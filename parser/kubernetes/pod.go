package kubernetes

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/source"
)

// decoded returns the text that value encodes in Base64, or else an empty one. It is made
// from what is at from.
func decoded(value source.Text, from source.Span) (source.Text, bool) {
	clean := strings.NewReplacer("\n", "", " ", "").Replace(value.String)
	plain, err := base64.StdEncoding.DecodeString(clean)
	if err != nil {
		plain = nil
	}
	return source.Made(string(plain), from), err == nil
}

// pod returns what reads an object whose pod is described at path.
func pod(path ...string) func(o object, out *Manifest) {
	return func(o object, out *Manifest) {
		p := &Pod{Kind: o.text("kind")}
		var ok bool
		if p.Name, p.Namespace, p.At, ok = o.identity(); !ok {
			return
		}
		p.Replicas = 1
		if n := o.object("spec").number("replicas"); n != nil {
			p.Replicas, p.ReplicasAt = int(*n), o.object("spec").at("replicas")
		}
		p.ServiceName = o.object("spec").text("serviceName")
		outer, spec := o, o
		for _, key := range path {
			outer, spec = spec, spec.object(key)
		}
		p.Labels = outer.object("metadata").words("labels")
		p.read(spec)
		for _, claim := range o.object("spec").objects("volumeClaimTemplates") {
			v := claim.object("metadata").value("name")
			p.Volumes = append(p.Volumes, &Volume{Name: v.Text, At: v.At, Claim: v.Text})
		}
		out.Pods = append(out.Pods, p)
	}
}

// read reads the spec of a pod.
func (p *Pod) read(spec object) {
	p.HostNetwork, p.SharedProcesses = spec.flag("hostNetwork"), spec.flag("shareProcessNamespace")
	p.DNSPolicy, p.Hostname, p.Subdomain, p.Restart = spec.text("dnsPolicy"), spec.text("hostname"), spec.text("subdomain"), spec.text("restartPolicy")
	security := spec.object("securityContext")
	p.RunAsUser, p.RunAsGroup, p.FSGroup = security.number("runAsUser"), security.number("runAsGroup"), security.number("fsGroup")
	p.Groups = security.scalars("supplementalGroups")
	for _, a := range spec.objects("hostAliases") {
		p.HostAliases = append(p.HostAliases, HostAlias{a.text("ip"), a.values("hostnames")})
	}
	for _, v := range spec.objects("volumes") {
		p.Volumes = append(p.Volumes, volume(v))
	}
	for _, c := range spec.objects("containers") {
		p.Containers = append(p.Containers, p.container(c))
	}
	for _, c := range spec.objects("initContainers") {
		p.Init = append(p.Init, p.container(c))
	}
}

func (p *Pod) container(o object) *Container {
	limits, security := o.object("resources").object("limits"), o.object("securityContext")
	c := &Container{
		Name: o.text("name"), At: o.at("name"), Image: o.value("image"), Command: o.values("command"), Args: o.values("args"), WorkingDir: o.value("workingDir"),
		RunAsUser: cmp.Or(security.number("runAsUser"), p.RunAsUser), RunAsGroup: cmp.Or(security.number("runAsGroup"), p.RunAsGroup),
		ReadOnlyRoot: security.flag("readOnlyRootFilesystem"), Readiness: o.has("readinessProbe"), Liveness: o.has("livenessProbe"),
		PostStart: o.object("lifecycle").object("postStart").object("exec").values("command"), Sidecar: o.text("restartPolicy") == "Always",
	}
	if limit := limits.value("memory"); limit.Text != "" {
		c.MemoryLimit, _ = Quantity(limit.Text)
		c.MemoryLimitAt = limit.At
	}
	for _, e := range o.objects("env") {
		c.Env = append(c.Env, variable(e))
	}
	for _, e := range o.objects("envFrom") {
		name, secret := e.object("configMapRef"), e.object("secretRef")
		c.EnvFrom = append(c.EnvFrom, EnvFrom{e.text("prefix"), name.text("name"), secret.text("name"), name.flag("optional") || secret.flag("optional"), either(name, secret).at("name")})
	}
	for _, m := range o.objects("volumeMounts") {
		mount := Mount{Volume: m.text("name"), Path: m.text("mountPath"), SubPath: m.value("subPath"), ReadOnly: m.flag("readOnly"), At: m.at("mountPath")}
		if m.has("subPathExpr") {
			mount.SubPath = m.value("subPathExpr")
		}
		c.Mounts = append(c.Mounts, mount)
	}
	for _, port := range o.objects("ports") {
		c.Ports = append(c.Ports, Port{port.text("name"), port.port("containerPort"), port.text("protocol"), port.at("containerPort")})
	}
	return c
}

// either returns the first of two objects that is written.
func either(a, b object) object {
	if a.node != nil {
		return a
	}
	return b
}

// variable reads an element of env.
func variable(o object) EnvVar {
	e := EnvVar{Name: o.text("name"), At: o.at("name"), Value: o.value("value")}
	o.untyped(o.get("value"), "the value of "+label(e.Name))
	if secret.Name(e.Name) {
		o.hide(o.get("value"))
	}
	from := o.object("valueFrom")
	config, hidden := from.object("configMapKeyRef"), from.object("secretKeyRef")
	switch {
	case config.node != nil:
		e.From = &KeyRef{ConfigMap: config.text("name"), Key: config.text("key"), Optional: config.flag("optional"), At: config.at("name")}
	case hidden.node != nil:
		e.From = &KeyRef{Secret: hidden.text("name"), Key: hidden.text("key"), Optional: hidden.flag("optional"), At: hidden.at("name")}
	default:
		e.Field = cmp.Or(from.object("fieldRef").text("fieldPath"), from.object("resourceFieldRef").text("resource"))
	}
	return e
}

func volume(o object) *Volume {
	v := &Volume{Name: o.text("name"), At: o.at("name"), Claim: o.object("persistentVolumeClaim").text("claimName"), HostPath: o.object("hostPath").text("path")}
	config, hidden, projected := o.object("configMap"), o.object("secret"), o.object("projected")
	switch {
	case config.node != nil:
		v.Sources, v.Mode = []Projection{projection(config, "name", false)}, config.number("defaultMode")
	case hidden.node != nil:
		v.Sources, v.Mode = []Projection{projection(hidden, "secretName", true)}, hidden.number("defaultMode")
	case projected.node != nil:
		v.Mode = projected.number("defaultMode")
		for _, s := range projected.objects("sources") {
			switch config, hidden := s.object("configMap"), s.object("secret"); {
			case config.node != nil:
				v.Sources = append(v.Sources, projection(config, "name", false))
			case hidden.node != nil:
				v.Sources = append(v.Sources, projection(hidden, "name", true))
			}
		}
	case v.Claim == "" && v.HostPath == "":
		v.Other = slices.ContainsFunc(o.fields, func(f field) bool {
			return f.key.Value != "name" && f.key.Value != "emptyDir" && plain(f.value) != nil
		})
		v.EmptyDir = !v.Other // also for a volume without a kind
	}
	return v
}

// projection reads a reference to a ConfigMap or a Secret whose name is in key.
func projection(o object, key string, hidden bool) Projection {
	p := Projection{ConfigMap: o.text(key), Optional: o.flag("optional"), At: o.at(key)}
	if hidden {
		p.ConfigMap, p.Secret = "", p.ConfigMap
	}
	for _, i := range o.objects("items") {
		p.Items = append(p.Items, Item{i.text("key"), i.text("path"), i.number("mode"), i.at("key")})
	}
	return p
}
