package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// providerModule returns the module that knows the first word of a Require; "" for a word that
// no module of httpd knows (the calls of ap_register_auth_provider in httpd's modules).
func providerModule(word string) string {
	switch word {
	case "all", "env", "method", "expr":
		return "authz_core_module"
	case "ip", "host", "forward-dns", "local":
		return "authz_host_module"
	case "user", "valid-user":
		return "authz_user_module"
	case "group", "file-group":
		return "authz_groupfile_module"
	case "file-owner":
		return "authz_owner_module"
	case "dbm-group", "dbm-file-group":
		return "authz_dbm_module"
	case "dbd-group", "dbd-login", "dbd-logout":
		return "authz_dbd_module"
	case "ldap-user", "ldap-group", "ldap-dn", "ldap-attribute", "ldap-filter":
		return "authnz_ldap_module"
	case "ssl", "ssl-verify-client":
		return "ssl_module"
	}
	return ""
}

// require judges the provider of a Require, and that "not" has an effect (httpd
// modules/aaa/mod_authz_core.c, add_authz_provider).
func (x *checker) require(d *apache.Directive, _ state) *Refusal {
	i := 0
	negative := strings.EqualFold(d.Arg(0), "not")
	if negative {
		i = 1
	}
	if x.unset(d) {
		return nil
	}
	if r := x.provider(d, i); r != nil {
		return r
	}
	if r := x.provided(d, i); r != nil {
		return r
	}
	if around := groupOf(d); negative && around != "requireall" {
		name := spelledGroup(around)
		return refusal(Directive, d, d.At, "Require not has no effect inside "+name, "negative Require directive has no effect in "+name+" directive")
	}
	return nil
}

// provider judges word i of a Require.
func (x *checker) provider(d *apache.Directive, i int) *Refusal {
	word := d.Arg(i)
	module := providerModule(word)
	at := d.At
	if i < len(d.Args) {
		at = d.Args[i].At
	}
	log := "Unknown Authz provider: " + word
	switch {
	case module != "" && x.modules.of(module) == absent:
		r := refusal(Unknown, d, at, "Require "+word+" needs "+short(module)+", which no LoadModule line loads"+x.enable(module), log)
		r.Module = module
		return r
	case module == "" && x.modules.sealed && !x.modules.others && !x.aliases:
		return refusal(Directive, d, at, "unknown word "+quoted(word)+" after Require", log)
	}
	return nil
}

// groupOf returns the name of the section that combines a Require with others; "" for none.
func groupOf(d *apache.Directive) string {
	for p := d.Parent; p != nil; p = p.Parent {
		switch kindOf(p.Name) {
		case ofAccess:
			return p.Name
		case ofMethods:
		default:
			return ""
		}
	}
	return ""
}

// spelledGroup returns a section as httpd prints it; without one, any Require is enough.
func spelledGroup(name string) string {
	switch name {
	case "requireall":
		return "<RequireAll>"
	case "requirenone":
		return "<RequireNone>"
	}
	return "<RequireAny>"
}

// combined judges what a <RequireAll> and the like combines, once that was read (httpd
// modules/aaa/mod_authz_core.c, add_authz_section).
func combined(d *apache.Directive) *Refusal {
	name := spelledGroup(d.Name)
	if !requires(d.Children) {
		log := name + " directive contains no authorization directives"
		return refusal(Directive, d, d.At, name+" contains no Require", log)
	}
	if around := groupOf(d); d.Name == "requirenone" && around != "requireall" {
		log := name + " directive has no effect in " + spelledGroup(around) + " directive"
		return refusal(Directive, d, d.At, name+" has no effect inside "+spelledGroup(around), log)
	}
	return nil
}

// requires reports whether a Require is, or may be, among directives.
func requires(list []*apache.Directive) bool {
	for _, d := range list {
		if d.Name == "require" || d.Maybe() != "" || requires(d.Children) {
			return true
		}
	}
	return false
}
