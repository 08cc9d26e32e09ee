package nginxt

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// WrittenFile is a file, such as a log, that nginx opens for writing at startup, or a
// directory that it creates. nginx creates no parent directories (nginx ngx_cycle.c,
// ngx_init_cycle; ngx_file.c, ngx_create_paths).
type WrittenFile struct {
	At   source.Span // the whole directive
	Path string      // absolute, as written
	Dir  bool        // nginx creates a directory
	Name string      // of the directive
}

// writes records the file of a directive. nginx opens a path with a variable only
// when a request arrives.
func (x *inspector) writes(d nginx.Directive, dir bool) {
	text := d.Arg(0).String()
	if strings.HasPrefix(text, "/") && !nginx.HasVariable(text) && source.TemplateMark(text) == "" {
		x.Written = append(x.Written, WrittenFile{d.Span(), text, dir, d.Name()})
	}
}
