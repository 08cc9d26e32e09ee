package compose

import "github.com/wp502lint/wp502lint/source"

// reader keeps what was read for further deployments.
type reader struct {
	open  Open
	files map[string]*source.File
	errs  map[string]error
	yaml  map[string]*parsed
	docs  map[converted]*documents
	envs  map[string]environment // by directory
	// scopes are those of all deployments, by directory and environment.
	scopes map[string]*scope
	filler *filler
	// imports counts the files that are included.
	imports int
}

// converted identifies a file and what it is read with.
type converted struct {
	name  string
	scope *scope
}

func newReader(open Open) *reader {
	return &reader{open: open, files: map[string]*source.File{}, errs: map[string]error{}, yaml: map[string]*parsed{}, docs: map[converted]*documents{}, envs: map[string]environment{}, scopes: map[string]*scope{}, filler: &filler{maxFilled}}
}

func (r *reader) file(name string) (*source.File, error) {
	if f, ok := r.files[name]; ok {
		return f, r.errs[name]
	}
	f, err := r.open(name)
	r.files[name], r.errs[name] = f, err
	return f, err
}

// scope returns the scope of a directory; env identifies the variables.
func (r *reader) scope(dir string, vars variables, env string) *scope {
	key := dir + "\x00" + env
	s := r.scopes[key]
	if s == nil {
		s = &scope{dir, vars, env}
		r.scopes[key] = s
	}
	return s
}
