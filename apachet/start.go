package apachet

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// starts returns what only a start refuses, in the order in which httpd meets it: it opens the
// error logs, the sockets and the other logs, then its modules set themselves up, and at last
// it writes its number (httpd server/main.c, main).
func (x *checker) starts(servers []server) *Refusal {
	if x.c.Main == nil {
		return nil
	}
	for _, judge := range []func([]server) *Refusal{x.errorLogs, x.sockets, x.otherLogs, x.setUp, x.pidFile} {
		if r := judge(servers); r != nil {
			r.Start = true
			return r
		}
	}
	return nil
}

// program returns the program of a piped log, if its path is absolute and no shell looks for
// it (httpd server/log.c, ap_open_piped_log_ex).
func program(word string) string {
	word = strings.TrimPrefix(strings.TrimPrefix(word, "|"), "|")
	if !strings.HasPrefix(word, "/") {
		return ""
	}
	if i := strings.IndexAny(word, blanks); i >= 0 {
		word = word[:i]
	}
	return word
}

// isDirectory returns that a file which Apache writes is a directory; nil if it is not known to be one.
// The log has its path at the end.
func (x *checker) isDirectory(d *apache.Directive, name, log string) *Refusal {
	if name == "" || x.facts == nil || !x.facts.Files.IsDir(name) {
		return nil
	}
	return lacks(d, 0, quoted(d.Arg(0))+" is a directory, but "+spelled(d)+" needs a file", "(21)Is a directory: "+log+name)
}

// errorLogs judges the programs of error logs, and that each other one is a file (httpd server/log.c,
// open_error_log).
func (x *checker) errorLogs(servers []server) *Refusal {
	for _, s := range servers {
		d := s.lastOf("errorlog")
		if d == nil || x.unset(d) {
			continue
		}
		name := program(d.Arg(0))
		if piped(d.Arg(0)) && x.noFile(name) {
			return lacks(d, 0, "the program "+quoted(name)+" of ErrorLog does not exist",
				"(2)No such file or directory: AH00089: Couldn't start ErrorLog process '"+d.Arg(0)[1:]+"'.")
		}
		if piped(d.Arg(0)) || isSyslog(d.Arg(0)) {
			continue
		}
		if r := x.isDirectory(d, x.absolute(d.Arg(0)), "AH00091: apache2: could not open error log file "); r != nil {
			return r
		}
	}
	return nil
}

// otherLogs judges the programs of logs, that other logs are files, and the directory of ForensicLog
// (httpd modules/loggers/mod_log_config.c, ap_default_log_writer_init; mod_log_forensic.c, open_log).
func (x *checker) otherLogs(servers []server) *Refusal {
	for _, s := range servers {
		logs, _ := s.named("customlog", "transferlog", "globallog", "forensiclog")
		for _, d := range logs {
			word := d.Arg(0)
			name := program(word)
			switch {
			case x.unset(d):
			case piped(word) && x.noFile(name):
				return lacks(d, 0, "the program "+quoted(name)+" of "+spelled(d)+" does not exist",
					"(2)No such file or directory: AH00104: unable to start piped log program '"+word[1:]+"'")
			case d.Name != "forensiclog" && !piped(word) && x.modules.of("log_config_module") == present:
				if r := x.isDirectory(d, x.absolute(word), "AH00649: could not open transfer log file "); r != nil {
					return r
				}
			case d.Name == "forensiclog" && !piped(word) && x.modules.of("log_forensic_module") == present:
				if r := x.logDirectory(d, func(string) string { return "AH00651: could not open forensic log file " + x.absolute(word) + "." }); r != nil {
					return r
				}
			}
		}
	}
	return nil
}

// setUp judges what modules need that set themselves up, in the order of their LoadModule
// lines.
func (x *checker) setUp(servers []server) *Refusal {
	for _, m := range x.modules.loads {
		var r *Refusal
		switch m.Name {
		case "mime_module":
			r = x.mimeTypes(servers[0], m)
		case "proxy_balancer_module":
			r = x.balancing(m)
		case "ssl_module":
			r = x.certificates(servers)
		}
		if r != nil {
			return r
		}
	}
	return nil
}

// mimeTypes judges TypesConfig (httpd modules/http/mod_mime.c, mime_post_config).
func (x *checker) mimeTypes(main server, m apache.Module) *Refusal {
	const log = "(2)No such file or directory: AH01597: could not open mime types config file @."
	lines, certain := main.named("typesconfig")
	if !certain {
		return nil
	}
	if len(lines) > 0 {
		d := lines[len(lines)-1]
		if name := x.absolute(d.Arg(0)); !x.unset(d) && x.noFile(name) {
			return lacks(d, 0, "TypesConfig names "+quoted(d.Arg(0))+", which does not exist", strings.Replace(log, "@", name, 1))
		}
		return nil
	}
	// Debian's httpd looks in ServerRoot, others below its conf.
	name, other := x.absolute("mime.types"), x.absolute("conf/mime.types")
	if !x.modules.sealed || !x.gone(name) || !x.gone(other) {
		return nil
	}
	if x.modules.built != debian {
		name = other
	}
	return lacks(m.At, -1, "mod_mime needs "+quoted(name)+", which does not exist, and no TypesConfig names another file", strings.Replace(log, "@", name, 1))
}

// balancing judges what mod_proxy_balancer needs (httpd modules/proxy/mod_proxy_balancer.c,
// balancer_post_config; modules/proxy/proxy_util.c, ap_proxy_share_balancer).
func (x *checker) balancing(m apache.Module) *Refusal {
	if x.modules.of("slotmem_shm_module") == absent {
		return x.needs(m, "mod_proxy_balancer", "slotmem_shm_module", "AH01177: Failed to lookup provider 'shm' for 'slotmem': is mod_slotmem_shm loaded??")
	}
	var first *apache.Directive
	for _, w := range x.servers {
		for _, b := range w.balancers {
			if b.method == "" && (first == nil || b.at.Order < first.Order) {
				first = b.at
			}
		}
	}
	if first == nil || x.modules.of("lbmethod_byrequests_module") != absent {
		return nil
	}
	r := x.needs(m, "a balancer without lbmethod=", "lbmethod_byrequests_module", "AH02432: Cannot find LB Method: byrequests")
	return noted(r, first, "the balancer is here")
}

// needs returns that a module is missing which another one needs to start.
func (x *checker) needs(m apache.Module, what, module, log string) *Refusal {
	r := lacks(m.At, -1, what+" needs "+short(module)+", which no LoadModule line loads"+x.enable(module), log)
	r.Fault, r.Module = Module, module
	return r
}

// pidFile judges the directory of PidFile (httpd server/log.c, ap_log_pid).
func (x *checker) pidFile(servers []server) *Refusal {
	d := servers[0].lastOf("pidfile")
	if d == nil || x.unset(d) {
		return nil
	}
	name := under(x.runtimeDir(), d.Arg(0))
	if r := x.isDirectory(d, name, "AH00058: Error retrieving pid file "); r != nil {
		return r
	}
	if name == "" || !x.noDirectory(path.Dir(name)) {
		return nil
	}
	return lacks(d, 0, "the directory "+quoted(path.Dir(name))+" of PidFile does not exist",
		"(2)No such file or directory: AH00099: could not create "+name)
}
