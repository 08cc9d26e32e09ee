package compose

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// maxIncludes limits how many files the deployments of a project include, all together, and
// maxNested how deep.
const (
	maxIncludes = 2000
	maxNested   = 50
)

// include returns a document with the services and resources that it includes.
func (l *loader) include(doc *node, including []string) *node {
	entries := doc.get("include")
	if entries == nil {
		return doc
	}
	doc = doc.without("include")
	if !l.shaped(entries, "include", entries.at, aList) {
		return doc
	}
	for _, entry := range entries.items {
		if l.imports++; l.imports > maxIncludes {
			l.missing(entry, "more than 2,000 files are included")
			break
		}
		if len(including) > maxNested {
			l.missing(entry, "files are included more than 50 deep")
			break
		}
		if from := l.entry(entry, including); from != nil {
			doc = l.imported(from, doc)
		}
	}
	return doc
}

// resources are the keys of a file that include brings.
var resources = [...]string{"services", "volumes", "networks", "secrets", "configs"}

// imported returns doc with the resources of an included model. What both have is
// merged, and what doc says wins.
func (l *loader) imported(from, doc *node) *node {
	brought := &node{kind: mapping, scope: from.scope}
	for _, key := range resources {
		if n := from.get(key); n != nil && n.kind == mapping {
			brought.members = append(brought.members, member{key, n.at, n})
		}
	}
	for i, m := range brought.members {
		if have := doc.get(m.key); have != nil && have.kind == mapping {
			kept := &node{kind: mapping, at: m.at, scope: m.value.scope}
			for _, r := range m.value.members {
				if k := have.find(r.key); k < 0 || have.members[k].value != r.value {
					kept.members = append(kept.members, r)
				}
			}
			brought.members[i].value = kept
		}
	}
	return l.merge(brought, doc, topRule)
}

// entry returns the model of one entry of include; nil if it has none.
func (l *loader) entry(entry *node, including []string) *node {
	paths, directory, envFiles := entry, (*node)(nil), (*node)(nil)
	if entry.kind == mapping {
		paths, directory, envFiles = entry.get("path"), entry.get("project_directory"), entry.get("env_file")
	}
	if paths == nil || paths.kind == mapping || paths.kind == null {
		l.fail(entry.at, source.Syntax, "an entry of include has no path")
		return nil
	}
	files := l.includedFiles(paths)
	if len(files) == 0 {
		return nil
	}
	if slices.Contains(including, files[0]) {
		l.fail(paths.at, source.Include, "include cycle: "+strings.Join(append(slices.Clip(including), files[0]), " > "))
		return nil
	}
	dir := path.Dir(files[0])
	if directory != nil && directory.kind == scalar {
		name, _ := resolve(directory.scope.dir, directory.value)
		dir = name.Text
	}
	s := l.includeScope(entry.scope, dir, envFiles)
	key := strings.Join(files, "\x00") + "\x00\x00" + dir + "\x00" + s.env
	if done := l.included[key]; done != nil {
		return done
	}
	model := l.model(files, s, including)
	l.included[key] = model
	return model
}

// includedFiles returns the files that an entry of include names and that exist.
func (l *loader) includedFiles(paths *node) (files []string) {
	for _, item := range listOf(paths).items {
		if !l.shaped(item, "path", item.at, text) {
			continue
		}
		if remote(item.value.Text) {
			l.missing(item, item.value.Text+" is not in the project, so it was not read")
			continue
		}
		name, ok := l.named(item)
		if !ok {
			continue
		}
		if _, err := l.file(name); err != nil {
			l.unreadable(name, err, item.at)
			continue
		}
		files = append(files, name)
	}
	return files
}

// named returns the file in the project that include or extends names.
func (l *loader) named(n *node) (name string, ok bool) {
	v, outside := resolve(n.scope.dir, n.value)
	switch {
	case len(n.value.Unknown) > 0:
		l.missing(n, "the path depends on "+n.value.Unknown[0]+", which has no value")
	case outside:
		l.missing(n, n.value.Text+" is outside the project, so it was not read")
	default:
		return v.Text, true
	}
	return "", false
}

// missing reports a file that Compose may find although it is not here.
func (l *loader) missing(n *node, message string) {
	l.project.Partial = true
	l.fail(n.at, source.Limit, message)
}

// includeScope returns what an included file is read with: the variables of the file
// that includes it, then those of its own env files.
func (l *loader) includeScope(outer *scope, dir string, envFiles *node) *scope {
	names := []string{path.Join(dir, ".env")}
	var by []source.Span
	if envFiles != nil {
		names = nil
		for _, item := range listOf(envFiles).items {
			if item.kind == scalar && item.value.Text != "/dev/null" {
				name, _ := resolve(item.scope.dir, item.value)
				names, by = append(names, name.Text), append(by, item.at)
			}
		}
	}
	if envFiles == nil {
		if _, err := l.file(names[0]); err != nil || dir == l.project.Dir {
			return l.scope(dir, outer.vars, outer.env)
		}
	}
	vars := variables{}
	for name, v := range outer.vars {
		vars[name] = v
	}
	own := variables{}
	for i, name := range names {
		f, err := l.file(name)
		if err != nil {
			if i < len(by) {
				l.unreadable(name, err, by[i])
			}
			continue
		}
		l.use(f)
		if l.spend(1+strings.Count(f.Text, "\n"), f.Span(0, 0)) {
			l.readEnv(f, own, outer.vars, l.fail)
		}
	}
	for name, v := range own {
		if _, set := vars[name]; !set {
			vars[name] = v
		}
	}
	return l.scope(dir, vars, outer.env+"\x01"+strings.Join(names, "\x01"))
}
