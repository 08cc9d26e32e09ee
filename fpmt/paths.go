package fpmt

import (
	"fmt"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/source"
)

// globalPaths judges the files of [global], whose directories must exist.
func (j *judge) globalPaths() {
	for _, f := range []struct {
		key     servers.FPMKey
		refusal servers.FPMRefusal
	}{{servers.KeyErrorLog, servers.RefuseErrorLog}, {servers.KeyPID, servers.RefusePID}} {
		text, e, known := j.text(f.key)
		if e == nil || !known || strings.EqualFold(text, "syslog") && f.key == servers.KeyErrorLog {
			continue
		}
		full := text
		if !strings.HasPrefix(text, "/") {
			full = j.master.State + "/" + text
		}
		switch {
		case text == "":
			says := servers.RefuseSilently.Line() // its last line, whatever the directory
			if j.master.State != "" {
				says = f.refusal.Directory(full)
			}
			j.report(e, Refusal{Fault: MissingPath, Message: f.key.String() + " is empty, which PHP-FPM takes for a directory", Says: says})
		case strings.HasPrefix(text, "/") || j.master.State != "":
			j.file(e, full, f.refusal)
		}
	}
}

// poolPaths judges the directories that a pool needs. Its relative paths are resolved from prefix.
func (j *judge) poolPaths(prefix string, listen Listen) {
	name := j.section.Name
	file := func(key servers.FPMKey, refusal servers.FPMRefusal) {
		text, e, known := j.text(key)
		if e == nil || !known || text == "" || j.wrong[e] {
			return
		}
		full := j.prefixed(text, prefix)
		if strings.HasSuffix(text, "/") {
			full += "/"
		}
		if !j.unseen(e, text, prefix, path.Dir(full)) {
			j.file(e, full, refusal)
		}
	}
	switch text, e, known := j.text(servers.KeyAccessLog); {
	case e != nil && !known:
		j.untold(MissingPath, e.ValueAt(), j.section.Text(servers.KeyAccessLog).Why())
	case e != nil && text == "":
		j.report(e, Refusal{Fault: MissingPath, Message: "access.log is empty, and PHP-FPM wants the name of a file", Says: servers.RefuseAccessOpen.Line("")})
	}
	file(servers.KeyAccessLog, servers.RefuseAccessOpen)
	if timeout := j.figure(servers.KeyRequestSlowlogTimeout, fpm.Seconds); timeout.ok && timeout.n > 0 {
		file(servers.KeySlowlog, servers.RefuseSlowOpen)
	}
	if listen.Endpoint.Network == netaddr.Unix && listen.Misread == NotMisread {
		if e := j.section.Last(servers.KeyListen); e != nil {
			dir := netaddr.Dir(listen.Endpoint.Path)
			if strings.HasSuffix(listen.Text, "/") {
				dir = listen.Endpoint.Path
			}
			if dir != listen.Endpoint.Path && j.Facts.Files.IsDir(listen.Endpoint.Path) {
				j.report(e, Refusal{Fault: MissingPath, Message: fmt.Sprintf("%s is a directory, and listen wants the name of a socket", listen.Text), Says: servers.RefuseBind.InUse(listen.Text)})
			}
			if !j.through(e, dir, func() string { return servers.RefuseBind.NotDirectory(listen.Text) }) {
				j.directory(e, dir, func() string { return servers.RefuseBind.Line(listen.Text) })
			}
			j.closed(e, listen.Endpoint.Path, func() string { return servers.RefuseBind.Line(listen.Text) }, func() string { return servers.RefuseBind.ReadOnly(listen.Text) })
			j.barred(e, listen.Endpoint.Path, host.NewSocket, func() string { return servers.RefuseBind.Denied(listen.Text) })
		}
	}
	if text, e, known := j.text(servers.KeyPrefix); e != nil && known && text != "" {
		j.itself(e, text, j.master.Prefix, func() string { return servers.RefusePrefix.Line(name, text) })
	}
	j.roots(prefix)
}

// roots judges chroot, and chdir, which PHP-FPM looks up inside chroot after it has put the
// prefix before a relative one.
func (j *judge) roots(prefix string) {
	root, rootEntry, known := j.text(servers.KeyChroot)
	dir, dirEntry, told := j.text(servers.KeyChdir)
	name := j.section.Name
	says := ""
	if root != "" {
		root, says = chroot(root, prefix)
	}
	if rootEntry != nil && known && root != "" {
		j.itself(rootEntry, root, prefix, func() string { return servers.RefuseChroot.Line(name, says) })
	}
	switch {
	case dirEntry == nil || !told || dir == "" || rootEntry != nil && !known:
	case root != "" && prefix == "" && (root[0] != '/' || dir[0] != '/'):
		j.untold(MissingPath, dirEntry.ValueAt(), "the base directory of "+dir+" is unknown")
	case root != "":
		dir = joined(prefix, dir)
		within := says + "/" + dir
		j.itself(dirEntry, path.Clean(within), prefix, func() string { return servers.RefuseChdirIn.Line(name, dir, says, within) })
	default:
		j.itself(dirEntry, dir, prefix, func() string { return servers.RefuseChdir.Line(name, j.prefixed(dir, prefix)) })
	}
}

// chroot returns a chroot with the prefix for $prefix at its start, which PHP-FPM knows in
// no other setting, and as PHP-FPM says it, with the prefix before a relative one (php-src
// sapi/fpm/fpm/fpm_conf.c, fpm_evaluate_full_path; measured on PHP-FPM 8.2).
func chroot(text, prefix string) (root, says string) {
	rest, marked := strings.CutPrefix(text, "$prefix")
	switch {
	case !marked || prefix == "":
		return text, joined(prefix, text)
	case rest == "":
		return prefix, prefix
	}
	return path.Join(prefix, rest), prefix + "/" + rest
}

// joined returns a path of PHP-FPM as its messages have it: the prefix, a slash and a
// relative path.
func joined(prefix, name string) string {
	if strings.HasPrefix(name, "/") {
		return name
	}
	return prefix + "/" + name
}

// file judges a file that PHP-FPM creates at startup.
func (j *judge) file(e *fpm.Entry, name string, refusal servers.FPMRefusal) {
	if ends := strings.HasSuffix(name, "/"); ends || j.latestFile.lookUp(name, j.Facts.Files.IsDir) {
		j.report(e, Refusal{Fault: MissingPath, Message: fmt.Sprintf("%s is a directory, and %s wants a file", name, spelled(e)), Says: refusal.Directory(name)})
		return
	}
	dir := netaddr.Dir(name)
	if j.through(e, dir, func() string { return refusal.NotDirectory(name) }) {
		return
	}
	j.directory(e, dir, func() string { return refusal.Line(name) })
	j.closed(e, name, func() string { return refusal.Line(name) }, func() string { return refusal.ReadOnly(name) })
	j.barred(e, name, host.NewFile, func() string { return refusal.Denied(name) })
}

// barred judges whether the account of PHP-FPM may create the file of e, or write to it.
func (j *judge) barred(e *fpm.Entry, name string, kind host.Creation, says func() string) {
	if j.As == nil || j.View.Owns(netaddr.UnixEndpoint(path.Dir(name)).Path) {
		return
	}
	if why, barred := j.Facts.Barred(j.As, name, kind); barred {
		r := Refusal{Fault: MissingPath, Message: fmt.Sprintf("PHP-FPM starts as user %s, who may not %s", j.As.Name, why), Says: says()}
		if !j.As.At.IsZero() {
			r.Notes = []source.Note{{At: j.As.At, Message: "the account is set here"}}
		}
		j.report(e, r)
	}
}

// latest is the answer to the latest question about a path. Many pools name the same.
type latest struct {
	name   string // "" before the first question
	answer bool
}

// lookUp returns the answer for a name, which is not empty.
func (l *latest) lookUp(name string, find func(name string) bool) bool {
	if name != l.name {
		l.name, l.answer = name, find(name)
	}
	return l.answer
}

// directory judges the directory of the file of e. says is PHP-FPM's message if it is missing.
func (j *judge) directory(e *fpm.Entry, dir string, says func() string) {
	if j.lacks(dir) {
		j.report(e, Refusal{Fault: MissingPath, Message: fmt.Sprintf("there is no directory %s for %s", dir, spelled(e)), Says: says()})
	}
}

// through judges a directory that a path leads through, and reports whether a file is in the
// way.
func (j *judge) through(e *fpm.Entry, dir string, says func() string) bool {
	file := j.blocks(dir)
	if file != "" {
		j.report(e, Refusal{Fault: MissingPath, Message: fmt.Sprintf("%s is not a directory, and %s leads through it", file, spelled(e)), Says: says()})
	}
	return file != ""
}

// blocks returns the file in the way to a directory, "" for none. Results are cached, since
// most pools share their directories.
func (x *inspector) blocks(dir string) string {
	file, met := x.files[dir]
	if !met {
		file = x.Facts.Files.Blocks(dir)
		x.files[dir] = file
	}
	return file
}

// closed judges whether the unit of PHP-FPM lets it create the file name. hidden and readOnly are
// PHP-FPM's messages if the directory is empty for it, and if it may not write there.
func (j *judge) closed(e *fpm.Entry, name string, hidden, readOnly func() string) {
	if j.View == nil || j.wrong[e] {
		return
	}
	real := j.Facts.Files.Leads(netaddr.UnixEndpoint(name).Path)
	switch sight, by := j.View.Of(path.Dir(real)); sight {
	case service.Hidden:
		j.bySetting(e, fmt.Sprintf("%s has %s, so PHP-FPM does not find %s, the directory of %s", by.Unit, by.Text, path.Dir(name), spelled(e)), by, hidden())
	case service.ReadOnly:
		if sight, by = j.View.Of(real); sight == service.ReadOnly {
			j.bySetting(e, fmt.Sprintf("%s has %s, so PHP-FPM may not create %s", by.Unit, by.Text, name), by, readOnly())
		}
	}
}

// hidden reports whether the unit of PHP-FPM hides the directory that e names, and that it did.
func (j *judge) hidden(e *fpm.Entry, dir string, says func() string) bool {
	if j.View == nil || j.wrong[e] {
		return false
	}
	sight, by := j.View.Of(j.Facts.Files.Leads(dir))
	if sight == service.Hidden {
		j.bySetting(e, fmt.Sprintf("%s has %s, so PHP-FPM does not find %s", by.Unit, by.Text, dir), by, says())
	}
	return sight == service.Hidden || sight == service.Unknown
}

func (j *judge) bySetting(e *fpm.Entry, message string, by service.Setting, says string) {
	j.report(e, Refusal{Fault: MissingPath, Message: message, Says: says, Notes: []source.Note{{At: by.At, Message: "the unit restricts PHP-FPM here"}}})
}

// lacks reports whether a directory is missing when PHP-FPM starts: systemd creates some
// before that. Results are cached, since most pools share their directories.
func (x *inspector) lacks(dir string) bool {
	lacks, met := x.dirs[dir]
	if !met {
		made, _ := x.BootDir(netaddr.UnixEndpoint(dir).Path)
		sight, _ := x.View.Of(dir)
		lacks = !made && sight != service.Unknown && x.Facts.Files.Missing(dir)
		x.dirs[dir] = lacks
	}
	return lacks
}

// itself judges a setting that is a directory. A relative path is resolved from the
// prefix, which is hardly ever intended.
func (j *judge) itself(e *fpm.Entry, name, prefix string, says func() string) {
	b := Refusal{Fault: MissingPath}
	full := j.prefixed(name, prefix)
	switch {
	case !strings.HasPrefix(name, "/") && j.besides(name):
		b.Message = fmt.Sprintf("%s is relative to %s, and not to %s", spelled(e), prefix, path.Dir(j.master.Main.Name))
	case j.unseen(e, name, prefix, full):
		return
	case j.blocks(full) != "":
		b.Message = fmt.Sprintf("%s is not a directory, and %s leads there", j.blocks(full), spelled(e))
	case j.hidden(e, full, says):
		return
	case !j.latestDir.lookUp(full, j.Facts.Files.Missing):
		return
	default:
		b.Message = fmt.Sprintf("there is no directory %s, which %s names", full, spelled(e))
	}
	b.Says = says()
	j.report(e, b)
}

// unseen reports whether a relative path leads to a directory below the prefix of PHP that
// nothing tells about, and records that. Hardly anybody means a directory there, such as
// /usr/log, but some make one.
func (j *judge) unseen(e *fpm.Entry, text, prefix, dir string) bool {
	switch {
	case strings.HasPrefix(text, "/"):
		return false
	case prefix == "":
		j.untold(MissingPath, e.ValueAt(), "the base directory of "+text+" is unknown")
		return true
	case dir == prefix || j.section.Last(servers.KeyPrefix) != nil:
		return false // whoever sets a prefix knows how the pool's relative paths are resolved
	}
	exists, known := j.Facts.Files.Exists(dir)
	if !exists && !known {
		below := strings.TrimPrefix(dir, prefix+"/")
		j.untold(MissingPath, e.ValueAt(), fmt.Sprintf("%s is relative to the prefix of PHP; cannot tell whether the directory %s exists there", text, below))
	}
	return !exists && !known
}
