package compose

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// The files that Compose reads without -f, the first one that exists of each list.
var (
	mainFiles     = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}
	overrideFiles = []string{"compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"}
)

// Named reports whether a file may be a Compose file by its name: *compose*.yml or .yaml, or
// the sample of one.
func Named(name string) bool {
	name = strings.ToLower(plain(path.Base(name)))
	ext := path.Ext(name)
	return (ext == ".yml" || ext == ".yaml") && strings.Contains(name, "compose")
}

// All reads the deployments of several directories; names are the files in each. What
// another deployment includes or extends is not one of its own.
func All(open Open, dirs []string, names map[string][]string) (all []*Project) {
	r := newReader(open)
	var found []*Project
	for _, dir := range dirs {
		found = append(found, r.deployments(dir, names[dir])...)
	}
	users := map[string][]*Project{} // of each file
	for _, p := range found {
		for _, f := range p.Files {
			if !slices.Contains(p.Merged, f.Name) {
				users[f.Name] = append(users[f.Name], p)
			}
		}
	}
	for _, p := range found {
		if !slices.ContainsFunc(users[p.Merged[0]], func(by *Project) bool { return !p.uses(by.Merged[0]) }) {
			all = append(all, p)
		}
	}
	beside := map[string][]*Project{}
	for _, p := range all {
		p.beside = beside
		for _, f := range p.Files {
			beside[f.Name] = append(beside[f.Name], p)
		}
	}
	return all
}

// deployments reads the deployments of a directory; names are the files in it. The first is
// what "docker compose up" starts: the files of COMPOSE_FILE in .env, else the main file with its
// override, which COMPOSE_FILE takes the place of. Each other Compose file is one of its own,
// on top of the main file if it does not describe its services without it.
func (r *reader) deployments(dir string, names []string) []*Project {
	env := r.environment(dir)
	of := copied(names)
	start := r.start(dir, of, env.vars)
	var all []*Project
	if len(start) > 0 {
		all = append(all, r.load(start, nil))
	}
	names = slices.Clone(names)
	slices.Sort(names)
	for _, name := range names {
		file := path.Join(dir, name)
		replaced := len(start) > 0 && env.vars["COMPOSE_FILE"].Text != "" && (slices.Contains(mainFiles, name) || slices.Contains(overrideFiles, name))
		replaced = replaced || path.Ext(name) != path.Ext(plain(name)) && of[plain(name)] != name
		if !Named(name) || replaced || slices.ContainsFunc(all, func(p *Project) bool { return p.uses(file) }) {
			continue
		}
		switch kind := r.kindOf(file, start, env.vars); {
		case kind == notCompose:
		case kind == onTop && len(start) > 0:
			all = append(all, r.load([]string{start[0], file}, nil))
		default:
			all = append(all, r.load([]string{file}, nil))
		}
	}
	return all
}

// uses reports whether a file is a part of p.
func (p *Project) uses(name string) bool {
	return slices.ContainsFunc(p.Files, func(f *source.File) bool { return f.Name == name })
}

// start returns the files that "docker compose up" reads; of are the files that have the names
// of the directory.
func (r *reader) start(dir string, of map[string]string, vars variables) []string {
	if list := vars["COMPOSE_FILE"].Text; list != "" {
		separator := vars["COMPOSE_PATH_SEPARATOR"].Text
		if separator == "" {
			separator = ":"
		}
		var files []string
		for name := range strings.SplitSeq(list, separator) {
			if abs, outside := resolve(dir, Value{Text: name}); !outside && name != "" {
				files = append(files, abs.Text)
			}
		}
		return files
	}
	var files []string
	for _, list := range [][]string{mainFiles, overrideFiles} {
		i := slices.IndexFunc(list, func(name string) bool { return of[name] != "" })
		if i < 0 {
			break
		}
		files = append(files, path.Join(dir, of[list[i]]))
	}
	return files
}

// content is what a file holds that may be a Compose file by its name.
type content uint8

const (
	notCompose content = iota
	alone              // describes its services
	onTop              // changes services of another file
)

// kindOf tells what a file is by its content.
func (r *reader) kindOf(file string, start []string, vars variables) content {
	services := r.services(file, vars)
	if services == nil {
		if r.includes(file, vars) {
			return alone
		}
		if p, err := r.parsed(file); err == nil && len(p.problems) > 0 && strings.Contains("\n"+p.file.Text, "\nservices:") {
			return alone
		}
		return notCompose
	}
	var base *node
	if len(start) > 0 {
		base = r.services(start[0], vars)
	}
	kind := alone
	for _, m := range services.members {
		switch m.value.kind {
		case mapping:
		case null, reset:
			continue
		default:
			return notCompose
		}
		if described(m.value) && !needs(m.value, services, base) {
			continue
		}
		if base == nil || !described(m.value) && base.get(m.key) == nil {
			return alone
		}
		kind = onTop
	}
	return kind
}

// includes reports whether a file without services includes other Compose files.
func (r *reader) includes(file string, vars variables) bool {
	docs, err := r.converted(file, r.scope(path.Dir(file), vars, "find"))
	if err != nil || len(docs.docs) == 0 {
		return false
	}
	list := docs.docs[0].get("include")
	return list != nil && list.kind == sequence && !slices.ContainsFunc(list.items, func(n *node) bool {
		return n.kind != scalar && n.get("path") == nil
	})
}

// described reports whether a service is whole.
func described(service *node) bool {
	return service.get("image") != nil || service.get("build") != nil || service.get("extends") != nil
}

// needs reports whether a service depends on one that only base has.
func needs(service, services, base *node) bool {
	for _, key := range [...]string{"depends_on", "links", "volumes_from"} {
		n := service.get(key)
		if n == nil || n.kind == null {
			continue
		}
		for _, m := range namesOf(n).members {
			name, _, _ := strings.Cut(m.key, ":")
			if services.get(name) == nil && base.get(name) != nil {
				return true
			}
		}
	}
	return false
}

// services returns the services of a file; nil if it is not a Compose file.
func (r *reader) services(file string, vars variables) *node {
	docs, err := r.converted(file, r.scope(path.Dir(file), vars, "find"))
	if err != nil || len(docs.docs) == 0 {
		return nil
	}
	doc := docs.docs[0]
	if isVersionOne(doc) {
		return doc
	}
	if s := doc.get("services"); s != nil && s.kind == mapping && len(s.members) > 0 {
		return s
	}
	return nil
}
