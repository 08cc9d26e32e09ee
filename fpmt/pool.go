package fpmt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// poolSettings judges what PHP-FPM checks after it has read a pool (php-src fpm_conf.c,
// fpm_conf_process_all_pools), in its order. It returns the addresses of the pool.
func (j *judge) poolSettings() Listens {
	j.required(servers.KeyListen, "listen", servers.RefuseNoListen)
	j.user()
	j.priority(servers.RefusePoolPrio)
	j.required(servers.KeyPM, "pm, which is static, dynamic or ondemand", servers.RefuseNoManager)
	j.required(servers.KeyPMMaxChildren, "pm.max_children", servers.RefuseChildren)
	j.within(servers.KeyPMMaxChildren, 1, 1<<31-1, "a number from 1", servers.RefuseChildren)
	switch text, _, _ := j.text(servers.KeyPM); strings.ToLower(text) {
	case "dynamic":
		j.within(servers.KeyPMMaxSpawnRate, 1, 1<<31-1, "a number from 1", servers.RefuseSpawnRate)
		j.spares()
	case "ondemand":
		j.idle()
	}
	j.statusPaths()
	j.slowlog()
	j.accessFormat()
	prefix := Prefix(j.master, j.section)
	at := j.listens(prefix)
	j.statusListen()
	j.accounts(at.Listen)
	j.chown(at.Listen)
	j.poolPaths(prefix, at.Listen)
	return at
}

// required reports a pool that lacks key, described by what. A loose pool file may rely
// on another file for it. What of a value is not known was said with the value itself.
func (j *judge) required(key servers.FPMKey, what string, refusal servers.FPMRefusal) {
	text, e, known := j.text(key)
	if e != nil && !known && e.Value().Why == "" && !slices.Contains(j.lost, key) {
		j.untold(MissingEntry, e.ValueAt(), "whether "+key.String()+" is empty: "+j.section.Unknown(e))
	}
	if slices.Contains(j.lost, key) || e != nil && (text != "" || !known || key != servers.KeyListen) {
		return
	}
	message, says := "pool "+j.section.Name+" has no "+what, j.named(refusal)
	switch {
	case e != nil:
		j.report(e, Refusal{Fault: MissingEntry, Message: "listen is empty, and pool " + j.section.Name + " has no other", Says: says})
	case j.open() != "":
		j.untold(MissingEntry, j.section.At(), message+", and "+j.open())
	default:
		j.missing(Refusal{Fault: MissingEntry, Key: key.String(), At: j.section.At(), Message: message, Says: says})
	}
}

// statusListen judges pm.status_listen, for which PHP-FPM makes a pool of its own (php-src
// fpm_conf.c, fpm_worker_pool_config_alloc; measured on PHP-FPM 8.2).
func (j *judge) statusListen() {
	if text, e, known := j.text(servers.KeyPMStatusListen); e != nil && known && text == "" {
		j.report(e, Refusal{Fault: MissingEntry, Message: "pm.status_listen is empty, and PHP-FPM wants an address",
			Says: servers.RefuseNoListen.Line(j.section.Name + "_status")})
	}
}

// open returns why a line that is not in the files may be elsewhere, "" if it cannot.
func (j *judge) open() string {
	switch {
	case j.master.Loose:
		return "a file that is not here may set it"
	case !j.master.Complete:
		return "not all files of the master could be read"
	}
	return ""
}

// user judges whether user is set: a master that runs as root requires it.
func (j *judge) user() {
	if _, e, _ := j.text(servers.KeyUser); e != nil || j.As != nil || j.RunsRoot || slices.Contains(j.lost, servers.KeyUser) {
		return
	}
	message := "pool " + j.section.Name + " has no user"
	switch {
	case j.open() != "":
		j.untold(MissingEntry, j.section.At(), message+", and "+j.open())
	case !j.Root:
		j.untold(MissingEntry, j.section.At(), message+", and whether PHP-FPM starts as root is not known")
	default:
		j.missing(Refusal{Fault: MissingEntry, Key: "user", At: j.section.At(),
			Message: message + ", and PHP-FPM starts as root", Says: servers.RefuseNoUser.Line(j.section.Name)})
	}
}

// spares judges the numbers of a dynamic pool.
func (j *judge) spares() {
	children, start := j.figure(servers.KeyPMMaxChildren, fpm.Int), j.figure(servers.KeyPMStartServers, fpm.Int)
	low, high := j.figure(servers.KeyPMMinSpareServers, fpm.Int), j.figure(servers.KeyPMMaxSpareServers, fpm.Int)
	for _, f := range []figure{children, start, low, high} {
		if !f.ok || f.entry == nil && slices.Contains(j.lost, f.key) {
			if f.entry == nil && !slices.Contains(j.lost, f.key) {
				j.untold(SpareArithmetic, j.section.At(), f.key.String()+" may be set in a file that is not here")
			}
			return
		}
	}
	name := j.section.Name
	bad := func(at figure, says string, format string, args ...any) {
		b := Refusal{Fault: SpareArithmetic, Message: fmt.Sprintf(format, args...), Says: says}
		for _, f := range []figure{children, start, low, high} {
			if f.entry != nil && f != at && strings.Contains(b.Message, f.key.String()) {
				b.Notes = append(b.Notes, source.Note{At: f.entry.Value().At, Message: f.key.String() + " is " + fmt.Sprint(f.n)})
			}
		}
		if at.entry != nil {
			j.report(at.entry, b)
			return
		}
		b.At = j.section.At()
		j.missing(b)
	}
	switch {
	case children.n < 1:
	case low.n <= 0:
		bad(low, servers.RefuseMinSpare.Line(name, low.n), "a dynamic pool needs pm.min_spare_servers of 1 or more, and it is %s", low)
	case high.n <= 0:
		bad(high, servers.RefuseMaxSpare.Line(name, high.n), "a dynamic pool needs pm.max_spare_servers of 1 or more, and it is %s", high)
	case low.n > children.n:
		bad(low, servers.RefuseSpareMax.Line(name, low.n, high.n, children.n), "pm.min_spare_servers is %d, more than pm.max_children, which is %d", low.n, children.n)
	case high.n > children.n:
		bad(high, servers.RefuseSpareMax.Line(name, low.n, high.n, children.n), "pm.max_spare_servers is %d, more than pm.max_children, which is %d", high.n, children.n)
	case high.n < low.n:
		bad(high, servers.RefuseSpares.Line(name, high.n, low.n), "pm.max_spare_servers is %d, less than pm.min_spare_servers, which is %d", high.n, low.n)
	case start.n > 0 && start.n < low.n:
		bad(start, servers.RefuseStart.Line(name, start.n, low.n, high.n), "pm.start_servers is %d, less than pm.min_spare_servers, which is %d", start.n, low.n)
	case start.n > high.n:
		bad(start, servers.RefuseStart.Line(name, start.n, low.n, high.n), "pm.start_servers is %d, more than pm.max_spare_servers, which is %d", start.n, high.n)
	}
}

// String formats a number for a message.
func (f figure) String() string {
	if f.entry == nil {
		return "not set"
	}
	return fmt.Sprint(f.n)
}

// idle judges pm.process_idle_timeout of a pool with pm = ondemand.
func (j *judge) idle() {
	f := j.figure(servers.KeyPMProcessIdleTimeout, fpm.Seconds)
	if f.entry != nil && f.ok && f.n < 1 {
		j.invalid(f.entry, "a time above 0 with pm = ondemand", servers.RefuseIdle.Line(j.section.Name, f.n))
	}
}

// statusPaths judges pm.status_path, ping.path and ping.response.
func (j *judge) statusPaths() {
	j.statusPath(servers.KeyPMStatusPath, "status")
	j.statusPath(servers.KeyPingPath, "ping")
	path, _, known := j.text(servers.KeyPingPath)
	response, e, told := j.text(servers.KeyPingResponse)
	if e != nil && known && told && path != "" && response == "" {
		j.report(e, Refusal{Fault: PathForm, Message: "ping.response is empty, and PHP-FPM refuses that together with ping.path", Says: servers.RefusePing.Line(j.section.Name, "")})
	}
}

// pathCharacters are the characters that PHP-FPM accepts in a status path in addition to
// letters and digits.
const pathCharacters = "/_-.~"

func (j *judge) statusPath(key servers.FPMKey, kind string) {
	text, e, known := j.text(key)
	if e == nil || !known || text == "" {
		return
	}
	name := j.section.Name
	b := Refusal{Fault: PathForm}
	i := strings.IndexFunc(text, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(pathCharacters, r))
	})
	switch {
	case text[0] != '/':
		b.Message, b.Says = fmt.Sprintf("%s is %s, and PHP-FPM wants a leading /", key, source.Excerpt(text)), servers.RefusePathSlash.Line(name, kind, text)
		if i < 0 {
			b.Fixes = []source.Fix{{Title: "add a leading /", Safe: true, Edits: []source.Edit{{At: e.Value().At, New: "/" + text}}}}
		}
	case len(text) == 1:
		b.Message, b.Says = fmt.Sprintf("%s is / alone, and PHP-FPM wants a name after it", key), servers.RefusePathShort.Line(name, kind, text)
	case i >= 0:
		b.Message, b.Says = fmt.Sprintf("%s has %q in it, and PHP-FPM takes only letters, digits and / _ - . ~", key, []rune(text[i:])[0]), servers.RefusePathChars.Line(name, kind, text)
	default:
		return
	}
	j.report(e, b)
}

// slowlog judges the settings of the slow log.
func (j *judge) slowlog() {
	name := j.section.Name
	file, logged, known := j.text(servers.KeySlowlog)
	known = known && (logged == nil || !j.wrong[logged])
	timeout, depth := j.figure(servers.KeyRequestSlowlogTimeout, fpm.Seconds), j.figure(servers.KeyRequestSlowlogTraceDepth, fpm.Int)
	end := j.figure(servers.KeyRequestTerminateTimeout, fpm.Seconds)
	for _, f := range []figure{timeout, depth} {
		if f.entry == nil || !f.ok || f.n == 0 {
			continue
		}
		if known && file == "" && !slices.Contains(j.lost, servers.KeySlowlog) {
			j.report(f.entry, Refusal{Fault: SlowlogTimeouts, Message: fmt.Sprintf("%s is set, and slowlog is not", f.key), Says: servers.RefuseSlowlog.Line(name, f.key)})
		} else if logged == nil {
			j.untold(SlowlogTimeouts, f.entry.Value().At, "slowlog may be set in a file that is not here")
		} else if !known && logged.Value().Why == "" && !j.wrong[logged] {
			j.untold(SlowlogTimeouts, logged.ValueAt(), "cannot tell whether slowlog is empty: "+j.section.Unknown(logged))
		}
	}
	if timeout.entry != nil && end.entry != nil && timeout.ok && end.ok && timeout.n != 0 && end.n != 0 && timeout.n > end.n {
		j.report(timeout.entry, Refusal{
			Fault:   SlowlogTimeouts,
			Message: fmt.Sprintf("request_slowlog_timeout is %d s, longer than request_terminate_timeout, which is %d s", timeout.n, end.n),
			Says:    servers.RefuseSlowTime.Line(name, timeout.n, end.n),
			Notes:   []source.Note{{At: end.entry.Value().At, Message: "requests are ended after this time"}},
		})
	}
	if depth.entry != nil && depth.ok && depth.n < 0 && file != "" {
		j.invalid(depth.entry, "a number above 0", servers.RefuseDepth.Line(name, depth.n))
	}
}

// accessFormat judges access.format, which PHP-FPM tests if access.log is set.
func (j *judge) accessFormat() {
	log, _, known := j.text(servers.KeyAccessLog)
	format, e, told := j.text(servers.KeyAccessFormat)
	if e == nil || !known || !told || log == "" {
		return
	}
	if token := servers.FPMFormatError(format); token != "" {
		j.report(e, Refusal{Fault: InvalidValue, Message: fmt.Sprintf("PHP-FPM knows no %s in access.format", token), Says: servers.RefuseFormat.Line(j.section.Name, format)})
	}
}
