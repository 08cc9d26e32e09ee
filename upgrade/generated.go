package upgrade

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// panels are programs that write the configuration of sites, the directory by which a host is
// known to have one, and their own way to give a site another PHP version (their
// documentation). What is edited in their files is lost when they write them again.
var panels = []struct{ name, sign, way string }{
	{"Hestia", "/usr/local/hestia/bin", "v-change-web-domain-backend-tpl USER DOMAIN PHP-%s, after v-add-web-php %s"},
	{"VestaCP", "/usr/local/vesta/bin", "v-change-web-domain-backend-tpl USER DOMAIN PHP-%s"},
	{"ISPConfig", "/usr/local/ispconfig/server", "choose the PHP version %s in the settings of the web site"},
	{"Plesk", "/usr/local/psa/version", "plesk bin domain -u DOMAIN -php_handler_id plesk-php%s-fpm"},
	{"cPanel", "/usr/local/cpanel/version", "whmapi1 php_set_vhost_versions version=ea-php%s vhost=DOMAIN"},
	{"DirectAdmin", "/usr/local/directadmin/directadmin", "set php1_release to %s with \"da build set\", then \"da build php\""},
	{"CloudPanel", "/home/clp/services/nginx", "clpctl, or the PHP settings of the site: version %s"},
	{"CyberPanel", "/usr/local/CyberCP", "cyberpanel changePHP --domainName DOMAIN --php 'PHP %s'"},
	{"RunCloud", "/etc/nginx-rc", "change the PHP version of the web application to %s in its dashboard"},
	{"aaPanel", "/www/server/panel", "choose PHP %s under Website, PHP version"},
	{"Froxlor", "/var/www/froxlor/lib", "choose the configuration of PHP %s for the domain"},
}

// generated returns why a panel has to do the upgrade; "" if none writes the files.
func (p *planner) generated(moving []*stack.Gateway) string {
	for _, panel := range panels {
		if !p.there(panel.sign) {
			continue
		}
		way := panel.way
		if n := strings.Count(way, "%s"); n > 0 {
			way = strings.ReplaceAll(way, "%s", p.To)
		}
		return fmt.Sprintf("%s writes the configuration of the sites here and would undo every change; its own way is: %s", panel.name, way)
	}
	read := map[*source.File]bool{}
	for _, g := range moving {
		if read[g.At.File] {
			continue
		}
		read[g.At.File] = true
		if who := generator(g.At.File.Text); who != "" {
			return fmt.Sprintf("%s says that %s writes it, which would undo every change; choose PHP %s there", g.At.File.Name, who, p.To)
		}
	}
	return ""
}

// generator returns the program that the head of a file says it comes from; "" for none.
func generator(text string) string {
	head := strings.ToLower(text[:min(len(text), 512)])
	if !strings.Contains(head, "generated") && !strings.Contains(head, "do not") {
		return ""
	}
	for _, panel := range panels {
		name := strings.ToLower(panel.name)
		for line := range strings.Lines(head) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "#") && strings.Contains(line, name) && (strings.Contains(line, "generated") || strings.Contains(line, "do not modify") || strings.Contains(line, "do not edit")) {
				return panel.name
			}
		}
	}
	return ""
}
