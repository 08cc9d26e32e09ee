package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/apachet"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/nginxt"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// FileMissing reports missing certificates, directories and accounts that nginx or Apache needs,
// and files that its account may not write.
var FileMissing = &lint.Rule{
	ID:       "WP422",
	Name:     "file-missing",
	Former:   []string{"nginx-file-missing"},
	Apache:   true,
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.NginxRefuses: lint.Always},
	Faults:   []lint.Fault{apachet.File},
	Summary:  "The web server needs a file, a directory or an account that does not exist, or cannot use a certificate, a key or a cipher.",
	Why: "A `listen` with `ssl` needs a certificate: for the default server of the address, or else for each of its servers, unless they have `ssl_reject_handshake`. A server with `ssl_certificate` needs `ssl_certificate_key`, whether it listens with `ssl` or not. At startup nginx reads certificates, keys, authorities of clients, revocation lists and DH parameters, and opens its logs. " +
		"A file that is empty, cut off or of another kind keeps it from starting. So do a key of another certificate and an encrypted key without `ssl_password_file`. Only `ssl_certificate` and `ssl_certificate_key` take variables: in `ssl_trusted_certificate` and the others, `$host` is part of the name. nginx needs `ssl_client_certificate` for `ssl_verify_client on`, and at least one cipher of TLSv1.2 or earlier in `ssl_ciphers`, in one line. It creates a log file or the directory of a cache, but not the directory above it. A relative path of a log starts at the prefix that nginx was built with: `/etc/nginx` in the packages and images of nginx.org, `/usr/share/nginx` in Debian's. " +
		"The account of the `user` line must exist. In a container that starts as another account than root (`USER`, `user:`, `runAsUser`), nginx may create its pid file, its logs and its directories for temporary files only where that account may write. " +
		"Apache checks the same before it answers a request: `DocumentRoot` is a directory, the directories of the logs and of the pid file exist, the accounts of `User` and `Group` exist and are not root, and `SSLEngine on` has a certificate with its key. Some of it `apachectl configtest` does not try.",
	Fix: "Add `ssl_certificate` and `ssl_certificate_key` (`SSLCertificateFile` and `SSLCertificateKeyFile` in Apache), correct the path, create the directory or the account, or give the directory to the account that the web server starts as.",
	Verify: []string{
		"nginx -t",
		"apachectl configtest",
		"namei -l PATH",
		"openssl x509 -noout -pubkey -in CERTIFICATE | openssl sha256; openssl pkey -pubout -in KEY | openssl sha256",
		"getent passwd USER",
	},
	Sources: []string{
		nginxSSL + "#ssl_certificate",
		nginxSSL + "#ssl_ciphers",
		nginxCore + "#user",
		apacheCore + "#documentroot",
	},
	Bad: `
nginx refuses
-- etc/nginx/sites-enabled/blog.conf --
server {
# ^1:1-7 WP422 this server listens with ssl and has no ssl_certificate
    listen 443 ssl;
    server_name blog.example;
    root /var/www/blog;
}
`,
	Good: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
}
`,
	Logs: []*servers.Signature{
		servers.NginxCertificateMissing, servers.NginxTLSFileRefused, servers.NginxCiphersRefused,
		servers.NginxClientCertificateMissing, servers.NginxFileUnusable, servers.NginxUserUnknown,
		servers.NginxGroupUnknown, servers.NginxModuleMissing, servers.ApacheAccountUnknown, servers.ApachePathMissing, servers.ApacheTLSRefused,
		servers.ApacheRunsAsRoot,
	},
	Check: func(p *lint.Pass) {
		checkApacheRefuses(p)
		for listener := range nginxListeners(p.Stack) {
			certificateless(p, listener, "ssl")
		}
		seen, judged := once[source.Span]{}, once[[2]source.Span]{}
		for site := range nginxSites(p.Stack) {
			sslWithout(p, site)
			siteTLS(p, site, seen, judged)
		}
		quicWithout(p)
		for g := range nginxGateways(p.Stack) {
			gatewayTLS(p, g, seen, judged)
		}
		prefix, told := nginxPrefix(p.Stack), once[string]{}
		for _, file := range p.Stack.Written {
			if file.Path = rooted(prefix, file.Path); strings.HasPrefix(file.Path, "/") {
				writtenFile(p, file, seen)
			} else {
				relativeFile(p, file, told)
			}
		}
		for _, module := range p.Stack.Loaded {
			module.Path = rooted(prefix, module.Path)
			moduleFile(p, module)
		}
		for _, front := range p.Stack.Fronts {
			if front.Server == servers.Nginx {
				account(p, front)
				temporary(p, front)
			}
		}
	},
}

// certificateless reports the servers of an address with TLS that have no
// certificate (nginx ngx_http_ssl_module.c, ngx_http_ssl_init).
func certificateless(p *lint.Pass, listener *stack.Listener, parameter string) {
	if !listener.SSL || len(listener.Default.Certificates()) > 0 {
		return
	}
	for _, site := range listener.Sites {
		if rejects, _ := site.RejectHandshake().Known(); !site.Front.Loose && !site.Front.Rendered && len(site.Certificates()) == 0 && !rejects {
			p.Report(lint.Finding{
				At:      site.At,
				Message: fmt.Sprintf("this server listens with %s and has no ssl_certificate", parameter),
				Log:     []string{fmt.Sprintf("[emerg] no \"ssl_certificate\" is defined for the \"listen ... %s\" directive", parameter)},
			})
			return
		}
	}
}

// sslWithout reports a server with the old ssl directive and no certificate.
func sslWithout(p *lint.Pass, site *stack.Site) {
	if on, _ := site.SSL().Known(); on && !site.Front.Loose && !site.Front.Rendered && len(site.Certificates()) == 0 {
		p.Report(lint.Finding{
			At:      site.SSL().At(),
			Message: "ssl is on for a server that has no ssl_certificate",
			Log:     []string{"[emerg] no \"ssl_certificate\" is defined for the \"ssl\" directive"},
		})
	}
}

// nginxPrefix returns the directory that relative paths of nginx start at; "" if it is not known.
func nginxPrefix(s *stack.Stack) (prefix string) {
	if s.Container == nil {
		return ""
	}
	for i, server := range s.Container.Nginx {
		if i > 0 && server.Prefix != prefix {
			return ""
		}
		prefix = server.Prefix
	}
	return prefix
}

// rooted returns a path with the prefix before a relative one, if that is known.
func rooted(prefix, name string) string {
	if prefix == "" || strings.HasPrefix(name, "/") {
		return name
	}
	return prefix + "/" + name
}

// nginxPrefixes are the directories that relative paths of nginx start at, as distributions,
// nginx.org and a build by hand set them (--prefix in nginx -V).
var nginxPrefixes = [...]string{"/etc/nginx", "/usr/share/nginx", "/var/lib/nginx", "/usr/lib/nginx", "/usr/local/nginx", "/usr"}

// moduleFile reports a module that does not exist.
func moduleFile(p *lint.Pass, module nginxt.LoadedModule) {
	files := p.Stack.Facts.Files
	missing := literal(module.Path) && (files.Missing(module.Path) || p.Stack.Container == nil && besideNginx(files, module.Path))
	if !strings.HasPrefix(module.Path, "/") {
		missing = !slices.ContainsFunc(nginxPrefixes[:], func(prefix string) bool { return !files.Missing(path.Join(prefix, module.Path)) })
	}
	if !missing {
		return
	}
	if dirOmitted(p.Stack, files, module.Path) {
		p.NotChecked(module.At, "whether the module "+module.Path+" exists: its directory is not among the files")
		return
	}
	p.Report(lint.Finding{
		At:      module.At,
		Message: fmt.Sprintf("the module %s does not exist", module.Path),
		Log:     []string{fmt.Sprintf("[emerg] dlopen() \"%s\" failed", module.Path)},
	})
}

// dirOmitted reports whether the directory of a file is not in the copy of a machine, so that
// nothing is known of the file.
func dirOmitted(s *stack.Stack, files *host.Paths, name string) bool {
	there, _ := files.Exists(path.Dir(name))
	return !there && !s.Live()
}

// lacksDir reports whether a directory does not exist when nginx starts. A copy of a machine
// often omits those of /run.
func lacksDir(s *stack.Stack, dir string) bool {
	made, _ := s.BootDir(dir)
	run := strings.HasPrefix(dir, "/run") || strings.HasPrefix(dir, "/var/run")
	return s.Facts.Files.Missing(dir) && !made && (s.Live() || !run)
}

// besideNginx reports whether a file does not exist in a directory that does, of a tree
// that has the program of nginx too and so is not a mere copy of a configuration.
func besideNginx(files *host.Paths, name string) bool {
	exists, _ := files.Exists(name)
	program, _ := files.Exists("/usr/sbin/nginx")
	return !exists && program && files.IsDir(path.Dir(name))
}

// relativeFile judges a relative path where the prefix of nginx is not known: it says once for
// each directory that it is not known whether nginx finds that.
func relativeFile(p *lint.Pass, file nginxt.WrittenFile, told once[string]) {
	dir := path.Dir(strings.TrimRight(file.Path, "/"))
	in := func(prefix string) bool { return p.Stack.Facts.Files.IsDir(path.Join(prefix, dir)) }
	switch {
	case dir == ".": // the prefix itself
	case noFile.MatchString(file.Path):
		p.Report(lint.Finding{
			At:      file.At,
			Message: fmt.Sprintf("nginx reads %s as a relative path, and the directory %s does not exist in its prefix", file.Path, dir),
		})
	case !file.Dir && !slices.ContainsFunc(nginxPrefixes[:], in) && told.first(dir):
		p.NotChecked(file.At, fmt.Sprintf("%s is relative to the prefix of nginx, and whether the directory %s exists there is not known", file.Path, dir))
	}
}

// noFile matches what is written where nginx expects a path, and is none: a home directory of
// a shell, the address of a server or a socket, and a slash with a backslash before it.
var noFile = lazyregexp.New(`^(?:~/|\\/|[a-z]+://|unix:)`)

// writtenFile reports a file that nginx cannot create, because its directory is
// missing or because it is a directory itself. A copy of a machine often omits
// the directories of caches.
func writtenFile(p *lint.Pass, file nginxt.WrittenFile, seen once[source.Span]) {
	dir := path.Dir(strings.TrimRight(file.Path, "/"))
	f := lint.Finding{At: file.At}
	why, barred := startsBarred(p.Stack, file)
	by, hides, call := hiddenFrom(p.Stack, file)
	switch {
	case hides != "":
		f.Message, f.Log = hides, []string{fmt.Sprintf("[emerg] open() \"%s\" failed (%s)", file.Path, call)}
		f.Notes = []lint.Note{{At: by.At, Message: "the unit restricts nginx here"}}
	case barred:
		f = barredFinding(p.Stack, file, why)
	case !file.Dir && (strings.HasSuffix(file.Path, "/") || p.Stack.Facts.Files.IsDir(file.Path)):
		f.Message = fmt.Sprintf("%s is a directory, but %s needs a file", file.Path, file.Name)
		f.Log = []string{fmt.Sprintf("[emerg] open() \"%s\" failed (21: Is a directory)", file.Path)}
	case p.Stack.Facts.Files.Blocks(dir) != "":
		f.Message = fmt.Sprintf("%s is not a directory, and %s leads through it", p.Stack.Facts.Files.Blocks(dir), file.Name)
		f.Log = []string{fmt.Sprintf("[emerg] %s() \"%s\" failed (20: Not a directory)", callOf(file), file.Path)}
	case !lacksDir(p.Stack, dir) || file.Dir && !p.Stack.Live():
		return
	default:
		f.Message = fmt.Sprintf("the directory %s does not exist, and nginx does not create it", dir)
		f.Log = []string{fmt.Sprintf("[emerg] %s() \"%s\" failed (2: No such file or directory)", callOf(file), file.Path)}
	}
	if seen.first(file.At) {
		p.Report(f)
	}
}

// hiddenFrom returns the setting because of which the only unit of nginx keeps it from a file, what
// that means, and the error of the system; "" if none does.
func hiddenFrom(s *stack.Stack, file nginxt.WrittenFile) (by service.Setting, message, failure string) {
	units := s.UnitsFor(servers.Nginx)
	if len(units) != 1 || file.Dir || s.Container != nil {
		return by, "", ""
	}
	name := s.Facts.Files.Leads(file.Path)
	switch sight, by := units[0].Sees(path.Dir(name)); sight {
	case service.Hidden:
		return by, fmt.Sprintf("%s has %s, so nginx does not find %s", by.Unit, by.Text, path.Dir(file.Path)), "2: No such file or directory"
	case service.ReadOnly:
		if sight, by := units[0].Sees(name); sight == service.ReadOnly {
			return by, fmt.Sprintf("%s has %s, so nginx may not write %s", by.Unit, by.Text, file.Path), "30: Read-only file system"
		}
	}
	return by, "", ""
}

// startsBarred returns why the account that nginx starts as may not create a file, or write to it.
func startsBarred(s *stack.Stack, file nginxt.WrittenFile) (why string, barred bool) {
	as := s.Process(servers.Nginx)
	if as == nil {
		return "", false
	}
	kind := host.NewFile
	if file.Dir {
		kind = host.NewDir
	}
	why, barred = s.Facts.Barred(as, file.Path, kind)
	return fmt.Sprintf("nginx starts as user %s, who may not %s", as.Name, why), barred
}

// barredFinding is the finding about a file that the account of nginx may not create, because of why.
func barredFinding(s *stack.Stack, file nginxt.WrittenFile, why string) lint.Finding {
	f := lint.Finding{
		At:      file.At,
		Message: why,
		Log:     []string{fmt.Sprintf("[emerg] %s() \"%s\" failed (13: Permission denied)", callOf(file), file.Path)},
	}
	if at := s.Process(servers.Nginx).At; !at.IsZero() && at != file.At {
		f.Notes = []lint.Note{{At: at, Message: "the account is set here"}}
	}
	return f
}

// temporary reports a directory for temporary files that nginx makes where it was built to, and
// where its account may not.
func temporary(p *lint.Pass, front *stack.Front) {
	c := p.Stack.Container
	if c == nil || front.Rendered || p.Stack.Unseen > 0 || len(front.Machine.Sites) == 0 {
		return
	}
	for _, temp := range c.NginxTemp {
		file := nginxt.WrittenFile{At: front.At, Path: temp.Path, Dir: true, Name: temp.Directive}
		why, barred := startsBarred(p.Stack, file)
		if !barred || slices.ContainsFunc(p.Stack.Written, func(w nginxt.WrittenFile) bool { return w.Name == temp.Directive }) {
			continue
		}
		if at := p.Stack.Process(servers.Nginx).At; !at.IsZero() {
			file.At = at
		}
		p.Report(barredFinding(p.Stack, file, why+", and "+temp.Directive+" is not set"))
		return // nginx refuses at the first one
	}
}

// callOf is the system call with which nginx makes a file.
func callOf(file nginxt.WrittenFile) string {
	if file.Dir {
		return "mkdir"
	}
	return "open"
}

// account reports a missing account that nginx is to run as.
func account(p *lint.Pass, front *stack.Front) {
	who, ok := front.User.Known()
	facts := front.Machine.Facts
	if !ok || facts == nil || !plainName(facts, who.User) || !plainName(facts, who.Group) {
		return
	}
	missing := func(what, name, call, why string) {
		p.Report(lint.Finding{
			At:      front.User.At(),
			Message: fmt.Sprintf("the %s %s does not exist%s", what, name, why),
			Log:     []string{fmt.Sprintf("[emerg] %s(\"%s\") failed", call, name)},
		})
	}
	switch {
	case facts.Users.Absent(who.User):
		missing("user", who.User, "getpwnam", "")
	case who.Group != "" && facts.Groups.Absent(who.Group):
		missing("group", who.Group, "getgrnam", "")
	case who.Group == "" && facts.Groups.Absent(who.User):
		missing("group", who.User, "getgrnam", ": nginx uses it because user names no group")
	}
}

// plainName reports whether name is that of an account, not a placeholder of a
// template.
func plainName(facts *host.Facts, name string) bool {
	return source.TemplateMark(name) == "" && !facts.Stub(name) && !(strings.Contains(name, "$") && name == strings.ToUpper(name))
}
