package nginxt

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// WrittenFile is a file that nginx opens to write when it starts, such as a log, or
// a directory that it makes. nginx makes neither with the directories above it
// (nginx ngx_cycle.c, ngx_init_cycle; ngx_file.c, ngx_create_paths).
type WrittenFile struct {
	At   source.Span // the whole directive
	Path string      // absolute, as written
	Dir  bool        // nginx makes a directory
	Name string      // of the directive
}

// writes keeps the file of a directive. A path with a variable in it is opened
// when a request comes.
func (x *inspector) writes(d nginx.Directive, dir bool) {
	text := d.Arg(0).String()
	if strings.HasPrefix(text, "/") && !nginx.HasVariable(text) && source.TemplateMark(text) == "" {
		x.Written = append(x.Written, WrittenFile{d.Span(), text, dir, d.Name()})
	}
}
