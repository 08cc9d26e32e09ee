package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
)

// sectionKind is what a section does with what is inside.
type sectionKind uint8

const (
	opaque     sectionKind = iota // its text is not made of directives, or it is unknown
	ofHost                        // <VirtualHost>
	ofPath                        // <Directory> and <Location>, of one path
	ofFile                        // <Files>, which leaves AllowOverride in force
	ifKind                        // <If>
	elseKind                      // <Else>
	ofMethods                     // <Limit>
	ofAccess                      // <RequireAll>
	ofProvider                    // <AuthzProviderAlias>
	ofProxy                       // <Proxy>
	plain                         // it changes nothing
)

// kindOf returns what a section does (httpd server/core.c, dirsection and others;
// modules/aaa/mod_authz_core.c; modules/proxy/mod_proxy.c; modules/md/mod_md_config.c).
func kindOf(name string) sectionKind {
	switch name {
	case "virtualhost":
		return ofHost
	case "directory", "directorymatch", "location", "locationmatch":
		return ofPath
	case "files", "filesmatch":
		return ofFile
	case "if", "elseif":
		return ifKind
	case "else":
		return elseKind
	case "limit", "limitexcept":
		return ofMethods
	case "requireall", "requireany", "requirenone":
		return ofAccess
	case "authnprovideralias", "authzprovideralias":
		return ofProvider
	case "proxy", "proxymatch":
		return ofProxy
	case "mdomainset", "mdomain":
		return plain
	}
	return opaque
}

// section judges the line of a section, and then what is inside.
func (x *checker) section(row *httpd.Directive, d *apache.Directive, s state) *Refusal {
	kind := kindOf(d.Name)
	if kind == opaque {
		return x.lateAt(d)
	}
	certain := d.Maybe() == ""
	if certain {
		if r := x.opening(row, d, kind); r != nil {
			return r
		}
		if check := x.kind(d).check; check != nil {
			if r := check(x, d, s); r != nil {
				return r
			}
		}
	}
	inside := x.inside(d, kind, s)
	if kind == ofMethods {
		limited, r := x.limits(d, s)
		if r != nil && certain {
			return r
		}
		inside.limited = limited
	}
	if r := x.walk(d.Children, inside); r != nil || !certain {
		return r
	}
	return x.closing(row, d, kind, s)
}

// opening judges what a section finds before what is inside.
func (x *checker) opening(row *httpd.Directive, d *apache.Directive, kind sectionKind) *Refusal {
	log := ""
	switch {
	case d.Unclosed:
		log = row.Name + "> directive missing closing '>'"
	case kind == elseKind && d.Raw() != "":
		log = "<Else> does not take an argument"
	case kind == ofAccess && d.Raw() != "":
		log = row.Name + "> directive doesn't take additional arguments"
	case kind == elseKind, kind == ofAccess, kind == ofProxy:
	case d.Raw() == "" && kind == plain:
		log = "<MDomainSet > section must specify a unique domain name"
	case d.Raw() == "", kind == ofProvider && (d.Arg(0) == "" || d.Arg(1) == ""):
		log = row.Name + "> directive requires additional arguments"
	}
	if log == "" {
		return nil
	}
	return refusal(Syntax, d, d.At, log, log)
}

// inside returns the state in a section.
func (x *checker) inside(d *apache.Directive, kind sectionKind, s state) state {
	s.around |= placeOf(d.Name)
	switch kind {
	case ofHost:
		s.virtual, s.scope = true, d
	case ofPath:
		s = s.in(d)
	case ofFile, ifKind, elseKind:
		if s.path {
			s.scope = d // AllowOverride of a .htaccess file stays in force
			return s
		}
		s = s.in(d)
	case ofAccess:
		s.allowed, s.unsure = httpd.WithAuthConfig, false
		s.limited &^= 1 << 63
	case ofProvider:
		s.allowed, s.scope, s.unsure = httpd.WithAuthConfig|httpd.InSection, d, false
	case ofProxy:
		s = s.in(d)
		s.allowed |= httpd.InProxy
	}
	return s
}

// closing judges what a section finds after what is inside.
func (x *checker) closing(row *httpd.Directive, d *apache.Directive, kind sectionKind, s state) *Refusal {
	if kind == ifKind || kind == elseKind {
		if r := x.chain(d, kind, s); r != nil {
			return r
		}
	}
	if kind == ofAccess {
		return combined(d)
	}
	if d.Name == "proxy" {
		return x.proxySection(d)
	}
	words := 1
	switch {
	case kind != ofPath && kind != ofFile && kind != ifKind && d.Name != "proxymatch":
		return nil
	case kind != ifKind && !strings.HasSuffix(d.Name, "match") && d.Arg(0) == "~":
		words = 2
	}
	if len(d.Args) <= words || x.unset(d) {
		return nil
	}
	log := "Multiple " + row.Name + "> arguments not (yet) supported."
	if kind == ifKind {
		log = "Multiple " + row.Name + "> arguments not supported."
	}
	return refusal(Syntax, d, d.Args[words].At, sectionOf(d)+" takes one argument, and "+given(d), log)
}

// chain judges that <Else> and <ElseIf> follow <If> (httpd server/core.c, ap_add_if_conf).
func (x *checker) chain(d *apache.Directive, kind sectionKind, s state) *Refusal {
	last := x.lastIf[s.scope]
	x.lastIf[s.scope] = d.Name
	if d.Name == "if" || last == "if" || last == "elseif" || s.unsure {
		return nil
	}
	log := "<Else> or <ElseIf> section without previous <If> or <ElseIf> section in same scope"
	return refusal(Syntax, d, d.At, sectionOf(d)+" has no <If> before it", log)
}
