package deploy

import (
	"path"
	"regexp"
	"strings"

	"github.com/wp502lint/wp502lint/parser/filter"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// nginxEntrypoint does what the entrypoint of the nginx images does before nginx: it runs
// the scripts of /docker-entrypoint.d, of which the image's own fill templates (nginx
// docker-nginx, entrypoint).
func (r *runner) nginxEntrypoint() {
	t := r.files.Tree()
	list, _ := t.List("/docker-entrypoint.d")
	filled := false
	for _, e := range list {
		name := path.Join("/docker-entrypoint.d", e.Name)
		if !filled && e.Name > "20-envsubst-on-templates.sh" {
			r.fillTemplates()
			filled = true
		}
		switch file, err := r.files.Now().Open(name); {
		case err != nil || file.Image != "":
		case strings.HasSuffix(name, ".envsh"):
			r.env = r.interpret(file.Source()).Vars
		case strings.HasSuffix(name, ".sh"):
			r.script(name)
		}
	}
	if !filled {
		r.fillTemplates()
	}
	r.listenOnIPv6()
}

// setting returns a variable of the environment; def if it is not set.
func (r *runner) setting(name, def string) string {
	if v, ok := r.env[name]; ok && !hole.In(v) && v.String != "" {
		return v.String
	}
	return def
}

// fillTemplates is 20-envsubst-on-templates.sh.
func (r *runner) fillTemplates() {
	t := r.files.Tree()
	dir := r.setting("NGINX_ENVSUBST_TEMPLATE_DIR", "/etc/nginx/templates")
	suffix := r.setting("NGINX_ENVSUBST_TEMPLATE_SUFFIX", ".template")
	out := r.setting("NGINX_ENVSUBST_OUTPUT_DIR", "/etc/nginx/conf.d")
	allowed, err := regexp.Compile(r.setting("NGINX_ENVSUBST_FILTER", ""))
	if err != nil {
		allowed = regexp.MustCompile("")
	}
	budget := 10_000
	var walk func(rel string)
	walk = func(rel string) {
		list, _ := t.List(path.Join(dir, rel))
		for _, e := range list {
			name := path.Join(rel, e.Name)
			info, err := t.Stat(path.Join(dir, name))
			if budget--; budget < 0 || err != nil {
				return
			}
			if info.Type == tree.Dir {
				walk(name)
				continue
			}
			target, ok := strings.CutSuffix(name, suffix)
			if !ok {
				continue
			}
			file, err := t.Open(path.Join(dir, name))
			if err != nil {
				continue
			}
			text, open := r.substitute(file.Source(), allowed)
			(&world{image: r.image}).Write(path.Join(out, target), text, source.Span{})
			if open {
				r.files.Doubt(path.Join(out, target), r.open, "variables that are not in the project")
			}
		}
	}
	walk("")
}

// substitute is envsubst with the names of the variables that are defined and match allowed:
// others stay as they are. With open set one of those may be defined all the same: the project does
// not hold all variables, and the name has no small letter, as those of nginx have.
func (r *runner) substitute(text source.Text, allowed *regexp.Regexp) (filled source.Text, open bool) {
	filled = filter.Envsubst(text, func(name string, at source.Span) (source.Text, bool) {
		value, ok := r.env[name]
		may := allowed.MatchString(name)
		left := may && !ok && strings.ToUpper(name) == name
		r.left = r.left || left
		open = open || left && !r.image.open.IsZero()
		return changed(value, at), may && ok
	})
	return filled, open
}

// fill puts the environment into the files of the image that its entrypoint fills. What it
// makes of an empty value differs, and stays unknown as what has no known value does.
func (r *runner) fill() {
	if r.entry != r.base.Entry {
		return // the project starts another one
	}
	for _, name := range r.base.Filled {
		file, err := r.files.Now().Open(name)
		if err != nil || file.Image == "" {
			continue
		}
		r.files.Put(name, filter.Envsubst(file.Source(), func(variable string, at source.Span) (source.Text, bool) {
			value := r.env[variable]
			_, fills := r.base.Env[variable]
			return changed(value, at), fills && value.String != "" && !hole.In(value)
		}), file.Image, tree.Owner{})
		if !r.open.IsZero() {
			r.files.Doubt(name, r.open, "variables that are not in the project")
		}
	}
}

// changed returns value as the replacement of a mark: what a person edits is the value; the
// mark, if the project does not hold the value.
func changed(value source.Text, mark source.Span) source.Text {
	out := source.Text{String: value.String}
	for _, p := range value.Pieces {
		p.Same = false
		out.Pieces = append(out.Pieces, p)
	}
	if out.Pieces == nil {
		out.Pieces = []source.Piece{{From: mark}}
	}
	return out
}

// listenOnIPv6 is 10-listen-on-ipv6-by-default.sh, which changes only the image's own site.
func (r *runner) listenOnIPv6() {
	const name = "/etc/nginx/conf.d/default.conf"
	file, err := r.files.Now().Open(name)
	if err != nil || file.Image == "" || r.user != "" {
		return
	}
	text := strings.Replace(file.Content, "listen       80;", "listen       80;\n    listen  [::]:80;", 1)
	text = strings.Replace(text, "listen 80;", "listen 80;\n    listen [::]:80;", 1)
	if text != file.Content && !strings.Contains(file.Content, "[::]") {
		r.files.Put(name, source.Text{String: text}, file.Image, tree.Owner{Mode: 0o644, Known: true})
	}
}
