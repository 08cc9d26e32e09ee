package parser

import (
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// ReadRest is Read without the files that held reports by their resolved names: those that a
// container has are not files of the project itself.
func ReadRest(t *tree.Tree, paths []string, held func(real string) bool) *Configs {
	r := newReader(t)
	r.held = held
	found := r.findAll(paths)
	r.readAll(found)
	r.withhold(found.named)
	return r.configs
}

// ReadContainer reads the servers that run on the root of a container: nginx and fpm are their
// main files. With all set it is not known what runs, and all that is in the usual places is
// read. With literal set they read their files as they are.
func ReadContainer(t *tree.Tree, nginx, fpm []string, all, literal bool) *Configs {
	r := newReader(t)
	r.machine, r.system, r.container, r.literal = true, true, true, literal
	r.configs.Machine, r.configs.System, r.configs.All = true, true, true
	found := &entries{}
	for _, name := range nginx {
		r.addMain(name, source.RoleNginx, found)
	}
	for _, name := range fpm {
		r.addMain(name, source.RoleFPM, found)
	}
	if all {
		for _, dir := range containerFolders {
			if r.exists(dir) {
				r.findIn(dir, found)
			}
		}
	}
	r.readAll(found)
	for _, n := range r.configs.Nginx {
		n.Literal = literal
	}
	r.configs.Versions = nil // which PHP runs is known, or else unknown as a whole
	r.withhold(nil)
	return r.configs
}

// containerFolders are where images keep the configurations of nginx and PHP-FPM.
var containerFolders = []string{"/etc/nginx", "/etc/php", "/etc/php81", "/etc/php82", "/etc/php83", "/etc/php84", "/usr/local/etc", "/opt/bitnami/nginx/conf", "/opt/bitnami/php/etc", "/opt/docker/etc"}

// addMain adds the main file of a server.
func (r *reader) addMain(name string, role source.Role, found *entries) {
	f, err := r.open(name)
	if err != nil {
		r.skip(source.NotChecked{Path: name, Why: err.Error()}, role)
		return
	}
	found.add(f, role)
}
