package handler

import (
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
)

// modules are the modules that a configuration loads.
type modules struct {
	at map[string]*apache.Directive
	// built are those that are compiled in, here or in Debian's httpd.
	built map[string]bool
	// why is why others may be loaded; "" if those are all.
	why string
	// foreign is one that is not of httpd or PHP: it may have handlers of any name.
	foreign string
}

// rendered is why a line may be missing that marks produce.
const rendered = "a template mark may produce it"

func modulesOf(c *apache.Config) modules {
	m := modules{at: map[string]*apache.Directive{}, built: map[string]bool{}}
	for module := range httpd.Modules() {
		if module.Always || module.Built {
			m.built[module.Name] = true
		}
	}
	switch {
	case c.Main == nil:
		m.why = "no apache2.conf or httpd.conf given"
	case len(c.Unread) > 0:
		m.why = c.Unread[0].Why
	case c.Rendered:
		m.why = rendered
	case len(c.Modules) == 0:
		m.why = "no LoadModule line of Apache is among the files"
	}
	for _, module := range c.Modules {
		if m.at[module.Name] == nil {
			m.at[module.Name] = module.At
		}
		if !stock(module.Name) {
			m.foreign = module.Name
		}
	}
	return m
}

// stock reports whether a module has no handlers but those in the table: one of httpd itself, or a
// third-party one that handles no files.
func stock(name string) bool {
	if m := httpd.ModuleNamed(name); m != nil && m.Own {
		return true
	}
	switch name {
	case "php_module", "php7_module", "php5_module", "fcgid_module", "security2_module", "evasive20_module", "rpaf_module",
		"xsendfile_module", "maxminddb_module", "geoip_module", "mpm_itk_module", "ruid2_module", "qos_module", "limitipconn_module", "cloudflare_module", "xforward_module",
		"apparmor_module", "authn_sasl_module", "authnz_external_module", "authnz_pam_module", "auth_gssapi_module", "auth_kerb_module", "lookup_identity_module",
		"bwlimited_module", "hostinglimits_module", "sysenv_module", "aclr_module", "bw_module": // cPanel, CloudLinux, Plesk
		return true
	}
	return false
}

// loaded reports whether a module is loaded, and whether that is known.
func (m modules) loaded(name string) (is, known bool) {
	if m.built[name] {
		return true, true
	}
	if d, ok := m.at[name]; ok {
		return true, maybe(d) == ""
	}
	return false, m.why == ""
}

// absent reports whether a module is known not to be loaded.
func (m modules) absent(name string) bool {
	is, known := m.loaded(name)
	return known && !is
}

// runs reports whether a module that starts the programs of a handler is certainly loaded:
// mod_cgi or mod_cgid for cgi-script, mod_fcgid for fcgid-script.
func (m modules) runs(name string) bool {
	for _, module := range programs[name] {
		if is, known := m.loaded(module); is && known {
			return true
		}
	}
	return false
}

var programs = map[string][]string{"cgi-script": {"cgi_module", "cgid_module"}, "fcgid-script": {"fcgid_module"}}

// mpm returns the name of the MPM; "" if it is unknown.
func (m modules) mpm() string {
	for _, name := range [...]string{"event", "worker", "prefork"} {
		if is, known := m.loaded("mpm_" + name + "_module"); is && known {
			return name
		}
	}
	return ""
}

// php returns whether mod_php is loaded (sapi/apache2handler/mod_php.c, php_module; php7_module
// and php5_module of older versions), and whether that is known.
func (m modules) php() (is, known bool) {
	for _, name := range [...]string{"php_module", "php7_module", "php5_module"} {
		if is, known := m.loaded(name); is {
			return true, known
		}
	}
	return false, m.why == ""
}

// phpHandler reports whether a name is one of the handlers and types of mod_php (sapi/apache2handler/sapi_apache2.c,
// php_handler).
func phpHandler(name string) bool {
	return name == "application/x-httpd-php" || name == "application/x-httpd-php-source" || name == "php-script"
}

// handlers are the handlers of other modules that answer a request for a file.
var handlers = map[string]string{
	"cgi-script": "cgi_module", "fcgid-script": "fcgid_module", "server-status": "status_module", "server-info": "info_module",
	"balancer-manager": "proxy_balancer_module", "imap-file": "imagemap_module", "lua-script": "lua_module",
	"qos-viewer": "qos_module", "qos-console": "qos_module", "modbw-handler": "bw_module", "send-as-is": "asis_module", "type-map": "negotiation_module", "ldap-status": "ldap_module",
}
