package apachet

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// server is the main server or a virtual host, with the directives right inside of it and in
// sections that are read away.
type server struct {
	at         *apache.Directive // nil for the main server
	directives []*apache.Directive
}

// all returns the main server and the virtual hosts in order.
func (x *checker) all() []server {
	servers := []server{{nil, x.c.Directives}}
	for _, d := range x.c.Directives {
		if d.Name == "virtualhost" && d.Section && d.Maybe() == "" {
			servers = append(servers, server{d, d.Children})
		}
	}
	return servers
}

// named returns the directives with one of the names; certain is false if another may be
// in effect.
func (s *server) named(names ...string) (found []*apache.Directive, certain bool) {
	certain = true
	for _, d := range s.directives {
		for _, name := range names {
			if d.Name == name && d.Maybe() == "" {
				found = append(found, d)
			} else if d.Name == name {
				certain = false
			}
		}
	}
	return found, certain
}

// lastOf returns the last directive of a name; nil for none, or if another may be in effect.
func (s *server) lastOf(name string) *apache.Directive {
	found, certain := s.named(name)
	if len(found) == 0 || !certain {
		return nil
	}
	return found[len(found)-1]
}

// configured returns what httpd finds once all directives are processed: the directories of
// logs (httpd server/core.c, check_errorlog_dir; modules/loggers/mod_log_config.c,
// check_log_dir).
func (x *checker) configured(servers []server) *Refusal {
	if r := x.defaultLog(servers[0]); r != nil {
		return r
	}
	for _, s := range servers {
		if d := s.lastOf("errorlog"); d != nil && !piped(d.Arg(0)) && !isSyslog(d.Arg(0)) {
			log := func(dir string) string { return cannotAccess("AH02291", dir, logOf(s)) }
			if r := x.logDirectory(d, log); r != nil {
				return r
			}
		}
	}
	if x.modules.of("log_config_module") != present {
		return nil
	}
	for _, s := range servers {
		logs, _ := s.named("customlog", "transferlog", "globallog")
		for _, d := range logs {
			if piped(d.Arg(0)) {
				continue
			}
			log := func(dir string) string {
				return cannotAccess("AH02297", dir, "log file '"+d.Arg(0)+"' defined at "+lineOf(d))
			}
			if r := x.logDirectory(d, log); r != nil {
				return r
			}
		}
	}
	return nil
}

// defaultLog judges the error log of a main server without ErrorLog, whose directory Debian's
// package does not make (measured on the Apache 2.4 of Debian). Other distributions have one.
func (x *checker) defaultLog(main server) *Refusal {
	lines, certain := main.named("errorlog")
	dir := x.absolute("logs")
	if len(lines) > 0 || !certain || !x.modules.sealed || x.modules.built != debian || dir != debianRoot+"/logs" || !x.noDirectory(dir) {
		return nil
	}
	return x.omits(File, "no ErrorLog line outside of <VirtualHost>, so the error log is logs/error_log, and the directory "+quoted(dir)+" does not exist",
		"(2)No such file or directory: "+cannotAccess("AH02291", dir+"/", logOf(main)))
}

func cannotAccess(code, dir, of string) string {
	return code + ": Cannot access directory '" + dir + "' for " + of
}

func piped(word string) bool { return strings.HasPrefix(word, "|") }

func isSyslog(word string) bool { return word == "syslog" || strings.HasPrefix(word, "syslog:") }

// logOf names the error log of a server as httpd does.
func logOf(s server) string {
	if s.at == nil {
		return "main error log"
	}
	return "error log of vhost defined at " + lineOf(s.at)
}

// lineOf returns file and line of a directive as httpd prints them.
func lineOf(d *apache.Directive) string {
	at := d.Line()
	if at.IsZero() {
		at = d.At
	}
	return at.File.Name + ":" + decimal(at.File.LineAt(int(at.Start)))
}

// logDirectory judges that the directory of a log exists. What httpd says of it is made only
// if it does not.
func (x *checker) logDirectory(d *apache.Directive, log func(dir string) string) *Refusal {
	name := x.absolute(d.Arg(0))
	if x.unset(d) || name == "" {
		return nil
	}
	dir := path.Dir(name)
	if strings.HasSuffix(d.Arg(0), "/") {
		dir = name
	}
	if !x.noDirectory(dir) {
		return nil
	}
	return lacks(d, 0, "the directory "+quoted(dir)+" of "+spelled(d)+" does not exist", "(2)No such file or directory: "+log(strings.TrimSuffix(dir, "/")+"/"))
}
