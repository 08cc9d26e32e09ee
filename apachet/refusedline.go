package apachet

import (
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// RefusedLine returns why Apache refuses the line at at of a .htaccess file, which it is known to
// refuse: what it refuses with AllowOverride All, or else that AllowOverride does not allow the
// line. It returns nil if that is not known.
func RefusedLine(c *apache.Config, a *apache.Access, at source.Span, f *host.Facts) *Refusal {
	r := CheckAccess(c, a, Overrides{Classes: httpd.WithAll}, f)
	if r != nil && at.Start <= r.At.Start && r.At.Start <= at.End {
		return r
	}
	if d := directiveAt(a.Directives, at); d != nil {
		return CheckAccess(c, &apache.Access{File: a.File, Directives: []*apache.Directive{d}}, Overrides{}, f)
	}
	return nil
}

// directiveAt returns the directive at at; nil for none.
func directiveAt(list []*apache.Directive, at source.Span) *apache.Directive {
	for _, d := range list {
		if d.At == at {
			return d
		}
		if inner := directiveAt(d.Children, at); inner != nil {
			return inner
		}
	}
	return nil
}
