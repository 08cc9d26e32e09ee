package compose

import "strings"

// versionOne returns a document of the form without services: as one with it.
func (l *loader) versionOne(doc *node) *node {
	if !isVersionOne(doc) {
		return doc
	}
	l.project.V1 = true
	services := &node{kind: mapping, at: doc.at, scope: doc.scope}
	for _, m := range doc.members {
		services.members = append(services.members, member{m.key, m.at, modern(m.value, doc)})
	}
	return &node{kind: mapping, at: doc.at, scope: doc.scope, members: []member{{"services", doc.at, services}}}
}

// isVersionOne reports whether each member is a service.
func isVersionOne(doc *node) bool {
	for _, m := range doc.members {
		if m.value.get("image") == nil && m.value.get("build") == nil && m.value.get("extends") == nil {
			return false
		}
	}
	return len(doc.members) > 0 && doc.get("services") == nil
}

// modern returns a service with the attributes of the form without services: under their
// later names: dockerfile is a part of build, and net is network_mode, where container:NAME may
// be a service.
func modern(service, all *node) *node {
	if file, build := service.get("dockerfile"), service.get("build"); file != nil && build != nil && build.kind == scalar {
		both := *contextOf(build)
		both.members = append(both.members, member{"dockerfile", file.at, file})
		service = service.without("dockerfile").without("build")
		service.members = append(service.members, member{"build", build.at, &both})
	}
	if mode := service.get("net"); mode != nil && mode.kind == scalar {
		renamed := *mode
		if name, ok := strings.CutPrefix(mode.value.Text, "container:"); ok && all.get(name) != nil {
			renamed.value = mode.value.with("service:" + name)
		}
		service = service.without("net")
		service.members = append(service.members, member{"network_mode", mode.at, &renamed})
	}
	return service
}
