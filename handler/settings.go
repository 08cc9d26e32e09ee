package handler

import (
	"cmp"
	"math"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

// settings reads what applies to Apache as a whole.
func (m *model) settings() {
	out, main := m.out, m.main
	m.serverRoot, _ = m.text(main, "serverroot").Known()
	if m.serverRoot == "" {
		m.serverRoot = cmp.Or(m.o.ServerRoot, "/etc/apache2") // most paths are absolute
	}
	m.runtimeDir, _ = m.text(main, "defaultruntimedir").Known()
	if m.runtimeDir == "" {
		m.runtimeDir = cmp.Or(m.o.RuntimeDir, "logs") // httpd include/httpd.h, DEFAULT_REL_RUNTIMEDIR
	}
	m.runtimeDir = m.absolute(m.runtimeDir)
	out.User, out.Group = m.text(main, "user"), m.text(main, "group")
	out.ErrorLog = m.errorLog()
	out.MPM = m.modules.mpm()
	m.processes()
	for _, sc := range m.scopes {
		s := sc.server
		s.Root = m.documentRoot(sc)
		if d := sc.last("sslengine"); d != nil {
			s.SSL = !strings.EqualFold(d.Arg(0), "off")
		}
		if names := sc.items.of("servername"); len(names) > 0 {
			if d := names[len(names)-1]; len(d.Args) > 0 {
				s.Names, s.NamesAt = append(s.Names, hostName(d.Arg(0))), append(s.NamesAt, d.Args[0].At)
			}
		}
		for _, d := range sc.items.of("serveralias") {
			s.Names, s.NamesAt = slices.Grow(s.Names, len(d.Args)), slices.Grow(s.NamesAt, len(d.Args))
			for _, w := range d.Args {
				s.Names, s.NamesAt = append(s.Names, w.Text), append(s.NamesAt, w.At)
			}
		}
	}
}

// hostName returns the name of [scheme://]name[:port] (httpd server/core.c,
// server_hostname_port).
func hostName(text string) string {
	if _, rest, ok := strings.Cut(text, "://"); ok {
		text = rest
	}
	if i := strings.LastIndexByte(text, ':'); i >= 0 && !strings.HasSuffix(text, "]") {
		text = text[:i]
	}
	return text
}

// errorLog is the ErrorLog of the main server, absolute where it is a file.
func (m *model) errorLog() source.Setting[string] {
	s := m.text(m.main, "errorlog")
	name, ok := s.Known()
	switch {
	case !ok && s.Absent():
		return source.Default(m.absolute("logs/error_log"), m.out.At)
	case !ok, strings.HasPrefix(name, "|"), strings.HasPrefix(name, "syslog"):
		return s
	}
	return source.Written(m.absolute(name), s.At())
}

// documentRoot is DocumentRoot, absolute and clean.
func (m *model) documentRoot(sc *scope) source.Setting[string] {
	for _, name := range [...]string{"virtualdocumentroot", "virtualdocumentrootip"} {
		if d := sc.last(name); d != nil {
			return source.Unknown[string](d.At, "the document root depends on the host name of the request")
		}
	}
	s := m.text(sc, "documentroot")
	if name, ok := s.Known(); ok {
		return source.Written(path.Clean(m.absolute(name)), s.At())
	}
	return s
}

// mpmLimits are the limits of an MPM that are not set: of all requests, of processes, of threads
// in each, and how many of those can be set. The first is fixed: ServerLimit and ThreadsPerChild
// do not raise it (httpd server/mpm/event/event.c, server/mpm/worker/worker.c,
// server/mpm/prefork/prefork.c, *_pre_config).
type mpmLimits struct{ workers, servers, threads, maxThreads int64 }

var limitsOf = map[string]mpmLimits{
	"event":   {16 * 25, 16, 25, 64},
	"worker":  {16 * 25, 16, 25, 64},
	"prefork": {256, 256, 1, 1},
}

// processes sets Processes and Threads.
func (m *model) processes() {
	out := m.out
	limits, ok := limitsOf[out.MPM]
	if !ok {
		out.Threads = source.Unknown[int64](out.At, "the MPM of Apache is unknown")
		out.Processes = out.Threads
		return
	}
	workers := m.number("maxrequestworkers")
	if m.main.last("maxrequestworkers") == nil && m.main.last("maxclients") != nil {
		workers = m.number("maxclients") // its name before Apache 2.4
	}
	out.Threads = source.Default(limits.threads, out.At)
	if limits.threads > 1 {
		out.Threads = atMost(m.number("threadsperchild").Or(limits.threads), m.number("threadlimit").Or(limits.maxThreads))
	}
	out.Processes = atMost(quotient(workers.Or(limits.workers), out.Threads), m.number("serverlimit").Or(limits.servers))
}

// quotient is how many processes of that many threads the workers fill.
func quotient(workers, threads source.Setting[int64]) source.Setting[int64] {
	w, ok := workers.Known()
	t, known := threads.Known()
	switch {
	case !ok:
		return workers
	case !known:
		return threads
	case workers.Written():
		return source.Written(max(w/t, 1), workers.At())
	}
	return source.Default(max(w/t, 1), threads.At())
}

// atMost is a number of at least 1 that limit limits.
func atMost(number, limit source.Setting[int64]) source.Setting[int64] {
	n, ok := number.Known()
	most, known := limit.Known()
	switch {
	case !ok:
		return number
	case !known:
		return limit
	case max(n, 1) > max(most, 1) && limit.Written():
		return source.Written(max(most, 1), limit.At())
	case number.Written():
		return source.Written(min(max(n, 1), max(most, 1)), number.At())
	}
	return source.Default(min(max(n, 1), max(most, 1)), number.At())
}

// number is a setting of the main server that is a number, as atoi(3) reads it.
func (m *model) number(name string) source.Setting[int64] {
	return source.Read(m.text(m.main, name), func(text string) (int64, bool) { return int64(apache.Int(text)), true }, name, "a number")
}

// defaultTimeout is Timeout if it is not set (httpd server/core.c; measured on Apache 2.4).
const defaultTimeout = 60 * time.Second

// timeout is how long a server waits for its backends: ProxyTimeout, else Timeout.
func (m *model) timeout(sc *scope) source.Setting[time.Duration] {
	for _, name := range [...]string{"proxytimeout", "timeout"} {
		if s := m.text(sc, name); !s.Absent() && (sc.last(name) != nil || name == "timeout") {
			return source.Read(s, seconds, name, "a number of seconds")
		}
	}
	return source.Default(defaultTimeout, sc.server.At)
}

// seconds reads a number of seconds. What follows the digits is ignored: 2min is two seconds
// (httpd server/core.c, set_timeout; modules/proxy/mod_proxy.c, set_proxy_timeout).
func seconds(text string) (time.Duration, bool) {
	return time.Duration(apache.Int(text)) * time.Second, true
}

// milliseconds reads a time whose unit is a millisecond unless it is written; ok is false for
// one that does not fit.
func milliseconds(text string) (d time.Duration, ok bool) {
	us, ok := apache.Duration(text, "ms")
	return time.Duration(us) * time.Microsecond, ok && us <= math.MaxInt64/int64(time.Microsecond)
}
