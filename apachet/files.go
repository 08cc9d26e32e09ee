package apachet

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// lastLine returns the last directive of a name outside of sections that is in effect; certain is
// false if one after it, or inside of sections, may be.
func (x *checker) lastLine(name string) (found *apache.Directive, certain bool) {
	certain = true
	for _, d := range x.c.Directives {
		if d.Name != name {
			continue
		}
		if d.Maybe() != "" || x.unset(d) {
			certain = false
			continue
		}
		found, certain = d, true
	}
	return found, certain
}

// root returns ServerRoot; "" if it is not known.
func (x *checker) root() string {
	if !x.rooted {
		x.rooted, x.serverRoot = true, x.findRoot()
	}
	return x.serverRoot
}

// findRoot is root, looked for.
func (x *checker) findRoot() string {
	d, certain := x.lastLine("serverroot")
	switch {
	case !certain:
		return ""
	case d != nil:
		return d.Arg(0)
	case x.c.Main == nil:
		return ""
	}
	switch x.c.Main.Name {
	case debianRoot + "/apache2.conf":
		return debianRoot
	case "/etc/httpd/conf/httpd.conf":
		return "/etc/httpd"
	}
	return ""
}

// absolute returns a path that is relative to ServerRoot; "" if it is not known (httpd
// server/config.c, ap_server_root_relative).
func (x *checker) absolute(name string) string {
	return under(x.root(), name)
}

// under returns a path that is relative to a directory.
func under(dir, name string) string {
	switch {
	case strings.HasPrefix(name, "/"):
		return path.Clean(name)
	case !strings.HasPrefix(dir, "/") || name == "":
		return ""
	}
	return path.Join(dir, name)
}

// runtimeDir returns DefaultRuntimeDir; "" if it is not known.
func (x *checker) runtimeDir() string {
	if d, certain := x.lastLine("defaultruntimedir"); certain && d != nil {
		return x.absolute(d.Arg(0))
	}
	return ""
}

// gone reports whether a path certainly does not exist. What is below /run and the like is
// often made before Apache starts.
func (x *checker) gone(name string) bool {
	if name == "" || x.facts == nil || x.facts.Files == nil {
		return false
	}
	for _, dir := range []string{"/run/", "/var/run/", "/var/lock/", "/dev/", "/proc/"} {
		if strings.HasPrefix(name, dir) {
			return false
		}
	}
	if _, doubted := x.facts.Files.Doubt(name); doubted {
		return false
	}
	if strings.Contains(name, "/$APACHE_") || strings.Contains(name, "/${APACHE_") { // a variable without its braces
		return true
	}
	at := x.facts.Files.Blocks(name)
	return x.facts.Files.Missing(name) && (at == "" || !x.copiedLink(at))
}

// noDirectory reports whether a path certainly is not a directory.
func (x *checker) noDirectory(name string) bool {
	if name == "" || x.facts == nil {
		return false
	}
	none, met := x.lackings[name]
	if !met {
		none = !x.facts.Files.IsDir(name) && (x.gone(name) || x.blocked(name))
		x.lackings[name] = none
	}
	return none
}

// blocked reports whether a path, or what it is in, certainly is a file. One that holds only a
// path is a symbolic link in a copy.
func (x *checker) blocked(name string) bool {
	at := x.facts.Files.Blocks(name)
	return at != "" && !x.copiedLink(at)
}

// copiedLink reports whether a file may be the copy of a symbolic link.
func (x *checker) copiedLink(name string) bool {
	text, _ := x.facts.Files.Text(name)
	return strings.Contains(text, "/") && !strings.ContainsAny(text, " \t\r\n<") && !x.facts.Files.Live()
}

// noFile reports whether a path certainly is not a file.
func (x *checker) noFile(name string) bool {
	return name != "" && x.facts != nil && (x.gone(name) || x.blocked(path.Dir(name)))
}

// lacks returns that a file is missing, which word i of d names.
func lacks(d *apache.Directive, i int, message, log string) *Refusal {
	r := refuse(d, i, message, log)
	r.Fault = File
	return r
}

// suexec judges SuexecUserGroup where the program of mod_suexec is missing, which Debian has in a
// package of its own (httpd modules/generators/mod_suexec.c, set_suexec_ugid; measured on
// Apache 2.4). Other builds have it elsewhere.
func (x *checker) suexec(d *apache.Directive, _ state) *Refusal {
	const program = "/usr/lib/apache2/suexec"
	if x.modules.built != debian || !x.noFile(program) || !x.facts.Files.IsDir(debianObjects) {
		return nil
	}
	return lacks(d, -1, spelled(d)+" needs "+program+", which does not exist", "SuexecUserGroup configured, but suEXEC is disabled: Missing suexec binary "+program)
}

// fileOf checks that a file exists, which a word of a directive names (httpd
// modules/ssl/ssl_engine_config.c, ssl_cmd_check_file). The log has its name and its path
// in the places of % and @.
func fileOf(i int, directory bool, log string) check {
	return func(x *checker, d *apache.Directive, _ state) *Refusal {
		word := d.Arg(i)
		if x.unset(d) || word == "" || strings.HasPrefix(word, "pkcs11:") {
			return nil
		}
		name := x.absolute(word)
		kind := "file"
		switch {
		case directory && x.noDirectory(name):
			kind = "directory"
		case !directory && (x.noFile(name) || name != "" && x.facts != nil && x.facts.Files.IsDir(name)):
		default:
			return nil
		}
		return lacks(d, i, spelled(d)+" names "+quoted(word)+", which is not an existing "+kind, strings.NewReplacer("%", spelled(d), "@", name).Replace(log))
	}
}

const (
	noTLSFile = "%: file '@' does not exist or is empty"
	noTLSDir  = "%: directory '@' does not exist"
)

// documentRoot judges DocumentRoot of the main server; in a virtual host it is only logged
// (httpd server/core.c, set_document_root).
func (x *checker) documentRoot(d *apache.Directive, s state) *Refusal {
	name := x.absolute(d.Arg(0))
	if x.unset(d) || s.virtual || s.unsure || !x.noDirectory(name) {
		return nil
	}
	return lacks(d, 0, "DocumentRoot names "+quoted(d.Arg(0))+", which is not an existing directory",
		"DocumentRoot '"+name+"' is not a directory, or is not readable")
}

// asRoot is the beginning of what httpd logs.
const asRoot = "Error:\tApache has not been designed to serve pages while"

// user judges User (httpd modules/arch/unix/mod_unixd.c, unixd_set_user; server/util.c,
// ap_uname2id).
func (x *checker) user(d *apache.Directive, _ state) *Refusal {
	word := d.Arg(0)
	if x.unset(d) || x.facts.Stub(word) && !notAccount(word) {
		return nil
	}
	root := word == "root"
	if number, ok := strings.CutPrefix(word, "#"); ok {
		root = apache.Int(number) == 0
	} else {
		absent := notAccount(word)
		if x.facts != nil {
			account, ok := x.facts.Users.Lookup(word)
			root = root || ok && account.UID == 0
			absent = absent || x.facts.Users.Absent(word)
		}
		if absent && !root {
			return noAccount(d, "the account "+quoted(word)+" of User does not exist", "AH00543: apache2: bad user name "+word)
		}
	}
	if !root {
		return nil
	}
	return lacks(d, 0, "Apache refuses to run as root", asRoot)
}

// notAccount reports whether no account or group can have a name: what is left of a variable.
func notAccount(word string) bool { return strings.ContainsAny(word, "${}%") }

// group judges Group (httpd server/util.c, ap_gname2id).
func (x *checker) group(d *apache.Directive, _ state) *Refusal {
	word := d.Arg(0)
	absent := notAccount(word) || x.facts != nil && !x.facts.Stub(word) && x.facts.Groups.Absent(word)
	if x.unset(d) || strings.HasPrefix(word, "#") || !absent {
		return nil
	}
	return noAccount(d, "the group "+quoted(word)+" of Group does not exist", "AH00544: apache2: bad group name "+word)
}

// noAccount returns that an account or a group does not exist.
func noAccount(d *apache.Directive, message, log string) *Refusal {
	r := lacks(d, 0, message, log)
	r.atOnce = true
	return r
}

// wrapper judges FcgidWrapper, or FCGIWrapper by its old name (mod_fcgid modules/fcgid/fcgid_conf.c, set_wrapper_config;
// measured on mod_fcgid 2.3.9).
func (x *checker) wrapper(d *apache.Directive, _ state) *Refusal {
	program, _, _ := strings.Cut(strings.TrimSpace(d.Arg(0)), " ")
	suffix, flag := d.Arg(1), d.Arg(2)
	switch {
	case x.unset(d):
		return nil
	case flag != "" && !strings.EqualFold(flag, "virtual"):
		return refuse(d, 2, expected(d, "virtual after the suffix", flag), "Invalid wrapper flag")
	case strings.HasPrefix(program, "/") && x.noFile(program):
		return lacks(d, 0, spelled(d)+" names "+quoted(program)+", which does not exist", "Wrapper "+program+" cannot be accessed: (2)No such file or directory")
	case suffix != "" && !strings.HasPrefix(suffix, ".") && !strings.EqualFold(suffix, "virtual"):
		return refuse(d, 1, expected(d, "a suffix such as .php", suffix), "Invalid wrapper file extension")
	}
	return nil
}

// rewriteMap judges RewriteMap (httpd modules/mappers/mod_rewrite.c, cmd_rewritemap).
func (x *checker) rewriteMap(d *apache.Directive, _ state) *Refusal {
	if x.unset(d) {
		return nil
	}
	kind, name, ok := strings.Cut(d.Arg(1), ":")
	if !ok {
		kind, name = "txt", d.Arg(1)
	}
	switch strings.ToLower(kind) {
	case "int":
		if !isOneOf(name, []string{"tolower", "toupper", "escape", "unescape"}) && x.modules.sealed && !x.modules.others {
			return refuse(d, 1, "unknown internal map "+quoted(name), "RewriteMap: internal map not found:"+name)
		}
		return nil
	case "prg":
		name, _, _ = strings.Cut(strings.TrimLeft(name, " "), " ")
	case "txt", "rnd":
	case "dbd", "fastdbd":
		if x.modules.of("dbd_module") == absent {
			r := refuse(d, 1, "RewriteMap "+kind+": needs mod_dbd, which no LoadModule line loads"+x.enable("dbd_module"), "RewriteMap types dbd and fastdbd require mod_dbd!")
			r.Fault, r.Module = Unknown, "dbd_module"
			return r
		}
		return nil
	default:
		return nil
	}
	if name = strings.Trim(name, `"'`); !x.noFile(x.absolute(name)) {
		return nil
	}
	return lacks(d, 1, "RewriteMap names "+quoted(name)+", which does not exist", "RewriteMap: file for map "+d.Arg(0)+" not found:"+x.absolute(name))
}

// mutex judges Mutex (httpd server/util_mutex.c, ap_set_mutex).
func (x *checker) mutex(d *apache.Directive, _ state) *Refusal {
	if x.unset(d) {
		return nil
	}
	method, dir, _ := strings.Cut(d.Arg(0), ":")
	const list = " (Mutex mechanisms are: 'none', 'default', 'flock:/path/to/file', 'fcntl:/path/to/file', 'file:/path/to/file', 'pthread', 'sysvsem', 'posixsem', 'sem')"
	methods := []string{"none", "no", "default", "yes", "fcntl", "file", "flock", "posixsem", "sem", "sysvsem", "pthread"}
	switch {
	case d.Arg(0) == "":
		return refuse(d, -1, "Mutex names no mechanism", "Mutex requires at least a mechanism argument"+list)
	case !isOneOf(method, methods):
		return refuse(d, 0, "unknown mechanism "+quoted(method)+" in Mutex", "Invalid Mutex argument "+d.Arg(0)+list)
	case isOneOf(method, []string{"none", "no"}) && (len(d.Args) == 1 || d.Arg(1) == "default"):
		return refuse(d, 0, "Mutex none is not possible for all types", "None is not allowed for mutex type default")
	case isOneOf(method, []string{"fcntl", "file", "flock"}) && dir != "" && x.noDirectory(x.absolute(dir)):
		return lacks(d, 0, "Mutex names "+quoted(dir)+", which is not an existing directory", "Invalid Mutex directory in argument "+d.Arg(0))
	}
	return nil
}

// files judges the files of a directive that acts at once: LoadFile (httpd
// modules/core/mod_so.c, load_file) and DefaultRuntimeDir (server/core.c, set_runtime_dir).
func (x *checker) files(d *apache.Directive) *Refusal {
	if len(d.Args) == 0 || x.unset(d) {
		return nil
	}
	switch d.Name {
	case "loadfile":
		for i, w := range d.Args {
			if name := x.absolute(w.Text); x.noFile(name) {
				return lacks(d, i, "LoadFile names "+quoted(w.Text)+", which does not exist",
					"Cannot load "+w.Text+" into server: "+name+": cannot open shared object file: No such file or directory")
			}
		}
	case "defaultruntimedir":
		if x.noDirectory(x.absolute(d.Arg(0))) {
			return lacks(d, 0, "DefaultRuntimeDir names "+quoted(d.Arg(0))+", which is not an existing directory",
				"DefaultRuntimeDir must be a valid directory, absolute or relative to ServerRoot")
		}
	}
	return nil
}
