package kubernetes

import "slices"

// clone returns objects that can be changed without changing those of o.
func (o *Objects) clone() (out Objects) {
	for _, p := range o.Pods {
		out.Pods = append(out.Pods, p.clone())
	}
	for _, s := range o.Services {
		c := *s
		out.Services = append(out.Services, &c)
	}
	for _, from := range o.ConfigMaps {
		c := *from
		out.ConfigMaps = append(out.ConfigMaps, &c)
	}
	for _, from := range o.Secrets {
		c := *from
		out.Secrets = append(out.Secrets, &c)
	}
	return out
}

func (p *Pod) clone() *Pod {
	c := *p
	containers := func(all []*Container) (out []*Container) {
		for _, from := range all {
			one := *from
			one.Env, one.EnvFrom = slices.Clone(one.Env), slices.Clone(one.EnvFrom)
			for i, e := range one.Env {
				if e.From != nil {
					ref := *e.From
					one.Env[i].From = &ref
				}
			}
			out = append(out, &one)
		}
		return out
	}
	c.Containers, c.Init = containers(p.Containers), containers(p.Init)
	c.Volumes = nil
	for _, from := range p.Volumes {
		v := *from
		v.Sources = slices.Clone(v.Sources)
		c.Volumes = append(c.Volumes, &v)
	}
	return &c
}

// rename gives each object a prefix and a suffix, and follows the references to them.
func (o *Objects) rename(prefix, suffix string) {
	if prefix+suffix == "" {
		return
	}
	renamed := func(all []*ConfigMap) func(*string) {
		names := map[string]bool{}
		for _, c := range all {
			names[c.Name] = true
			c.Name = prefix + c.Name + suffix
		}
		return func(name *string) {
			if names[*name] {
				*name = prefix + *name + suffix
			}
		}
	}
	config, secret, services := renamed(o.ConfigMaps), renamed(o.Secrets), map[string]bool{}
	for _, s := range o.Services {
		services[s.Name] = true
		s.Name = prefix + s.Name + suffix
	}
	for _, p := range o.Pods {
		p.Name = prefix + p.Name + suffix
		if services[p.ServiceName] {
			p.ServiceName = prefix + p.ServiceName + suffix
		}
		for _, v := range p.Volumes {
			for i := range v.Sources {
				config(&v.Sources[i].ConfigMap)
				secret(&v.Sources[i].Secret)
			}
		}
		for _, c := range slices.Concat(p.Containers, p.Init) {
			c.rename(config, secret)
		}
	}
}

func (c *Container) rename(config, secret func(*string)) {
	for i := range c.EnvFrom {
		config(&c.EnvFrom[i].ConfigMap)
		secret(&c.EnvFrom[i].Secret)
	}
	for _, e := range c.Env {
		if e.From != nil {
			config(&e.From.ConfigMap)
			secret(&e.From.Secret)
		}
	}
}
