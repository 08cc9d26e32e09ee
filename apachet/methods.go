package apachet

import (
	"github.com/wp502lint/wp502lint/parser/apache"
)

// methodNames are the request methods of httpd, by number (httpd include/httpd.h, M_GET and
// others; modules/http/http_protocol.c, lookup_builtin_method).
var methodNames = [...]string{
	"GET", "PUT", "POST", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK",
	"UNLOCK", "VERSION-CONTROL", "CHECKOUT", "UNCHECKOUT", "CHECKIN", "UPDATE", "LABEL", "REPORT", "MKWORKSPACE", "MKACTIVITY",
	"BASELINE-CONTROL", "MERGE",
}

// firstOther is the number of the first method that is not in methodNames, after that of an
// invalid one.
const firstOther = len(methodNames) + 1

// method returns the number of a method, which it registers; ok is false for an unknown one if
// it may not.
func (x *checker) method(name string, register bool) (number int, ok bool) {
	if name == "HEAD" {
		name = "GET"
	}
	for i, known := range methodNames {
		if known == name {
			return i, true
		}
	}
	if n, known := x.methods[name]; known || !register {
		return n, known
	}
	if x.methods == nil {
		x.methods = map[string]int{}
	}
	x.methods[name] = min(firstOther+len(x.methods), 62)
	return x.methods[name], true
}

// limits judges the methods of a <Limit> or <LimitExcept> and returns those that the settings
// inside are for (httpd server/core.c, ap_limit_section).
func (x *checker) limits(d *apache.Directive, s state) (uint64, *Refusal) {
	except := d.Name == "limitexcept"
	var set uint64
	for _, w := range d.Args {
		number, ok := x.method(w.Text, s.access == nil)
		switch {
		case w.Text == "TRACE" && !except:
			log := "TRACE cannot be controlled by <Limit>, see TraceEnable"
			return s.limited, refusal(Directive, d, w.At, log, log)
		case !ok:
			log := "Could not register method '" + w.Text + "' for " + spelled(d) + " from .htaccess configuration"
			return s.limited, refusal(Directive, d, w.At, "unknown request method "+quoted(w.Text)+" in a .htaccess file", log)
		}
		set |= 1 << number
	}
	if except {
		set = ^set
	}
	switch {
	case s.limited&set == 0:
		log := spelled(d) + "> directive excludes all methods"
		return s.limited, refusal(Directive, d, d.At, log, log)
	case s.limited&set == s.limited:
		log := spelled(d) + "> directive specifies methods already excluded"
		return s.limited, refusal(Directive, d, d.At, log, log)
	}
	return s.limited & set, nil
}
