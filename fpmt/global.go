package fpmt

import (
	"fmt"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// globalSettings judges what PHP-FPM checks after it has read [global] (php-src
// fpm_conf.c, fpm_conf_post_process).
func (j *judge) globalSettings() {
	j.within(servers.KeyLogLimit, 512, 1<<31-1, "a number from 512", servers.RefuseLogLimit)
	j.within(servers.KeyProcessMax, 0, 1<<31-1, "a number from 0", servers.RefuseMax)
	j.restarts()
	j.fileLimit()
	j.priority(servers.RefusePriority)
	j.mechanism()
	j.globalPaths()
}

// within reports a number that is set and out of range.
func (j *judge) within(key servers.FPMKey, least, most int64, wants string, refusal servers.FPMRefusal) {
	f := j.figure(key, fpm.Int)
	if f.entry != nil && f.ok && (f.n < least || f.n > most) {
		j.invalid(f.entry, wants, j.named(refusal))
	}
}

// restarts judges emergency_restart_threshold, for which PHP-FPM allocates memory if
// emergency_restart_interval is not 0 either (php-src fpm_children.c,
// fpm_children_init_main; measured on PHP-FPM 8.2: -1 alone is taken).
func (j *judge) restarts() {
	if interval := j.figure(servers.KeyEmergencyRestartInterval, fpm.Seconds); interval.ok && interval.n != 0 {
		j.within(servers.KeyEmergencyRestartThreshold, 0, 1<<31-1, "a number from 0 to 2147483647", servers.RefuseSilently)
	}
}

// mostFiles is the highest limit of open files that a Linux of systemd allows: the value
// that systemd gives fs.nr_open (src/core/main.c, bump_file_max_and_nr_open).
const mostFiles = 1<<30 - 8

// fileLimit judges rlimit_files of [global]. That of a pool is set in its children, which
// run without it (measured on PHP-FPM 8.2).
func (j *judge) fileLimit() {
	f := j.figure(servers.KeyRlimitFiles, fpm.Int)
	if f.entry != nil && f.ok && (f.n < 0 || f.n > mostFiles) {
		j.report(f.entry, Refusal{Fault: InvalidValue, Message: fmt.Sprintf("rlimit_files is %s, and the kernel takes only 0 to fs.nr_open", source.Excerpt(f.entry.Value().Text)), Says: servers.RefuseFiles.Line(f.n)})
	}
}

// named returns PHP-FPM's message about the pool as a whole, or about [global].
func (j *judge) named(r servers.FPMRefusal) string {
	if j.scope == servers.FPMGlobal {
		return r.Line()
	}
	return r.Line(j.section.Name)
}

// unsetPriority is PHP-FPM's internal value of an unset process.priority, so that it
// accepts this number.
const unsetPriority = 64

func (j *judge) priority(refusal servers.FPMRefusal) {
	if f := j.figure(servers.KeyProcessPriority, fpm.Int); f.n != unsetPriority {
		j.within(servers.KeyProcessPriority, -19, 20, "a number from -19 to 20", refusal)
	}
}

// mechanism judges events.mechanism.
func (j *judge) mechanism() {
	text, e, known := j.text(servers.KeyEventsMechanism)
	if e == nil || !known {
		return
	}
	word := strings.ToLower(text)
	linux, exists := servers.FPMMechanisms[word]
	_, onLinux := j.master.Layout.FPMBuilt(servers.BuildFreeBSD)
	switch {
	case !exists, !linux && (onLinux && j.master.Layout.Name != "FreeBSD" && j.master.Layout.Name != "Homebrew" || j.onLinux()):
		j.invalid(e, "epoll, poll or select", servers.RefuseMechanism.Line(text))
	case !linux:
		j.untold(InvalidValue, e.Value().At, "cannot tell whether the system has "+text)
	case word != "epoll":
		for _, p := range j.master.Pools {
			pm := p.Text(servers.KeyPM)
			if manager, _ := pm.Known(); strings.EqualFold(manager, "ondemand") {
				j.report(e, Refusal{
					Fault:   InvalidValue,
					Message: fmt.Sprintf("pm = ondemand needs epoll, and events.mechanism is %s", text),
					Says:    servers.RefuseOndemand.Line(p.Name),
					Notes:   []source.Note{{At: pm.At(), Message: "pool " + p.Name + " is ondemand"}},
				})
			}
		}
	}
}

// onLinux reports whether the files are certainly those of a Linux.
func (j *judge) onLinux() bool {
	for _, sign := range []string{"/etc/debian_version", "/etc/redhat-release", "/etc/alpine-release", "/usr/lib/systemd", "/lib/systemd"} {
		if exists, known := j.Facts.Files.Exists(sign); exists && known {
			return true
		}
	}
	return false
}

// noPools reports a master without pools.
func (j *judge) noPools() {
	if j.master.Loose || len(j.master.Pools) > 0 {
		return
	}
	r := Refusal{Fault: NoPools, At: j.section.At(), Message: "no pool is defined: there is no include and no section besides [global]", Says: servers.RefuseNoPool.Line()}
	for i := range j.section.Entries {
		e := &j.section.Entries[i]
		if e.Key() != "include" || e.Bare() || e.Indexed() {
			continue
		}
		r.At, r.Key = e.ValueAt(), "include"
		pattern := e.Value().Text
		if !strings.HasPrefix(pattern, "/") && j.besides(pattern) {
			r.Message = fmt.Sprintf("no pool is defined: the include is relative to %s, and not to %s", j.master.Prefix, path.Dir(e.KeyAt().File.Name))
			j.explains(source.Include, r.At)
			j.missing(r)
			return
		}
		r.Message = fmt.Sprintf("no pool is defined: nothing that %s matches holds one", pattern)
		switch exists, why := j.searched(e); {
		case why != "":
			j.untold(NoPools, r.At, why)
			return
		case !exists && strings.ContainsAny(pattern, wildcards):
			return // the include cannot be followed, which is another fault
		}
	}
	if !j.master.Complete {
		j.untold(NoPools, r.At, "not all files of the master could be read")
		return
	}
	j.missing(r)
}

const wildcards = "*?["

// searched reports whether the directory that an include searches exists, or why that is unknown.
func (j *judge) searched(e *fpm.Entry) (exists bool, why string) {
	dir := j.prefixed(e.Value().Text, j.master.Prefix)
	if i := strings.IndexAny(dir, wildcards); i >= 0 {
		dir = dir[:i]
	}
	dir = path.Dir(dir)
	if e.Value().Why != "" {
		return false, "the files of this include are not known"
	}
	exists, known := j.Facts.Files.Exists(dir)
	if !exists && !known {
		why = "cannot tell whether " + dir + " has pools"
	}
	return exists, why
}

// prefixed returns a path of PHP-FPM, with the prefix before a relative one.
func (j *judge) prefixed(name, prefix string) string {
	if strings.HasPrefix(name, "/") {
		return path.Clean(name)
	}
	return path.Join(prefix, name)
}

// besides reports whether a relative path exists in the directory of the main file: then
// that was meant, and not the prefix.
func (j *judge) besides(name string) bool {
	if strings.HasPrefix(name, "/") {
		return false
	}
	if i := strings.IndexAny(name, wildcards); i >= 0 {
		name = path.Dir(name[:i] + "x")
	}
	beside, _ := j.Facts.Files.Exists(path.Join(path.Dir(j.master.Main.Name), name))
	own, _ := j.Facts.Files.Exists(path.Join(j.master.Prefix, name))
	return beside && !own
}
