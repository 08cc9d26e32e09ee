//go:build linux

package lab

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/servers/httpd"
)

// apacheMain returns the main file of Apache among the files of a host; "" for none.
func apacheMain(files []cases.File) string {
	for _, main := range httpd.Mains() {
		if slices.ContainsFunc(files, func(f cases.File) bool { return f.Name == main }) {
			return main
		}
	}
	return ""
}

// debianApache starts Apache as apache2ctl and apache2.service of Debian do: with the variables
// of envvars, and the directories that its packages make when the machine starts.
const debianApache = `if [ -f /etc/apache2/envvars ]; then . /etc/apache2/envvars; fi
for dir in "${APACHE_RUN_DIR:-/var/run/apache2}" "${APACHE_LOCK_DIR:-/var/lock/apache2}"; do
	[ -d "$dir" ] || mkdir -p "$dir"
done
[ -d "${APACHE_RUN_DIR:-/var/run/apache2}/socks" ] || mkdir "${APACHE_RUN_DIR:-/var/run/apache2}/socks"
exec "$@"`

// apacheCommand returns the command that starts Apache with its main file: in the foreground,
// and as the packages of its layout do.
func apacheCommand(files []cases.File, main string, p Programs) *Command {
	program := []string{p.Apache.Path, "-d", apacheRoot(main), "-f", main}
	if main == httpd.Mains()[0] {
		program = slices.Concat([]string{"/bin/sh", "-c", debianApache, "apache2ctl"}, program)
	}
	program = append(program, hurriedApache(files)...)
	return &Command{
		By: servers.Apache, Args: append(slices.Clip(program), "-DFOREGROUND"), Test: append(slices.Clip(program), "-t"),
		Logs: append([]string{"/var/log/apache2/*", "/var/log/httpd/*", "/usr/local/apache2/logs/*"}, apacheLogs(files, apacheRoot(main))...),
	}
}

// apacheRoot is the ServerRoot that the package with a main file builds Apache with.
func apacheRoot(main string) string {
	dir := path.Dir(main)
	if path.Base(dir) == "conf" {
		return path.Dir(dir)
	}
	return dir
}

// The directives of Apache that the lab has to know.
var (
	timeoutLine     = regexp.MustCompile(`(?im)^\s*Timeout\s+"?(\d+)`)
	ownTimeout      = regexp.MustCompile(`(?im)^\s*ProxyTimeout\s|\btimeout=\d`)
	certificateLine = regexp.MustCompile(`(?im)^\s*SSLCertificateFile\s+["']?(/[^"'\s]+)`)
	keyLine         = regexp.MustCompile(`(?im)^\s*SSLCertificateKeyFile\s+["']?(/[^"'\s]+)`)
	errorLogLine    = regexp.MustCompile(`(?im)^\s*ErrorLog\s+["']?([^"'\s]+)`)
)

// hurriedApache returns arguments that let Apache give up on PHP before the lab gives up on
// Apache, unless the files say how long it waits.
func hurriedApache(files []cases.File) []string {
	for _, f := range files {
		if ownTimeout.MatchString(f.Text) {
			return nil
		}
		for _, m := range timeoutLine.FindAllStringSubmatch(f.Text, -1) {
			if seconds, err := strconv.Atoi(m[1]); err == nil && seconds <= 5 {
				return nil
			}
		}
	}
	return []string{"-c", "<IfModule mod_proxy.c>", "-c", "ProxyTimeout 5", "-c", "</IfModule>"}
}

// apacheLogs returns the error logs that files name.
func apacheLogs(files []cases.File, root string) (logs []string) {
	for _, f := range files {
		for _, m := range errorLogLine.FindAllStringSubmatch(f.Text, -1) {
			switch name := m[1]; {
			case strings.ContainsAny(name, "|:$"):
			case strings.HasPrefix(name, "/"):
				logs = append(logs, name)
			default:
				logs = append(logs, path.Join(root, name))
			}
		}
	}
	return logs
}

// certifyApache adds the certificates and keys that the host lacks: of the lines of a file, the
// first of either kind go together, and so on.
func (h *Host) certifyApache() error {
	for _, f := range h.Files {
		keys := keyLine.FindAllStringSubmatch(f.Text, -1)
		for i, m := range certificateLine.FindAllStringSubmatch(f.Text, -1) {
			if i < len(keys) {
				if err := h.addPair(m[1], keys[i][1]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// apacheModules is where Debian's packages put the modules of Apache.
const apacheModules = "/usr/lib/apache2/modules"

// apacheDirs are the directories that packages of Apache make, and the account that Debian
// gives them.
var apacheDirs = map[string]int{"/var/log/apache2": 0, "/var/lib/apache2/fcgid": 33, "/var/lib/apache2/fcgid/sock": 33, "/var/cache/apache2/mod_cache_disk": 33,
	"/var/log/httpd": 0, "/run/httpd": 0, "/usr/local/apache2/logs": 0}

// isModule reports whether a file says that a module of Apache is installed: an empty file
// in its place.
func isModule(f cases.File) bool { return path.Dir(f.Name) == apacheModules && f.Text == "" }

// furnishApache puts into the root of this process what packages of Apache bring. If the host
// says which modules it has, the others of this machine are removed.
func (h *Host) furnishApache() error {
	for dir, owner := range apacheDirs {
		if err := errors.Join(os.MkdirAll(dir, 0o755), os.Chown(dir, owner, owner)); err != nil {
			return err
		}
	}
	// Where the packages of RHEL and the official image have their modules.
	for _, dir := range []string{"/usr/lib64/httpd/modules", "/usr/local/apache2/modules"} {
		if err := link(cases.Link{Name: dir, Target: apacheModules}); err != nil {
			return err
		}
	}
	// PHP as a module is replaced too, as frameVersion is.
	for _, module := range []string{"libphp" + frameVersion() + ".so", "libphp.so"} {
		if found, _ := filepath.Glob(apacheModules + "/libphp*.so"); found != nil && !slices.Contains(found, apacheModules+"/"+module) {
			if err := link(cases.Link{Name: apacheModules + "/" + module, Target: found[0]}); err != nil {
				return err
			}
		}
	}
	if !slices.ContainsFunc(h.Files, isModule) {
		return nil
	}
	installed, err := os.ReadDir(apacheModules)
	for _, m := range installed {
		name := path.Join(apacheModules, m.Name())
		if !slices.ContainsFunc(h.Files, func(f cases.File) bool { return f.Name == name }) {
			err = errors.Join(err, os.Remove(name))
		}
	}
	return err
}
