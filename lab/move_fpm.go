//go:build linux

package lab

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/source"
)

// requests are the keys of PHP-FPM whose values look like paths and are those
// of requests.
var requests = map[string]bool{"pm.status_path": true, "ping.path": true, "ping.response": true, "access.format": true}

// fpm moves one master, and returns where its log is.
func (m *mover) fpm(master *parser.Master) (log string) {
	sections := append([]*fpm.Section{master.Global}, master.Pools...)
	for _, s := range sections {
		for i := range s.Entries {
			e := &s.Entries[i]
			at := bare(e.Value().At)
			switch {
			case e.Bare() || requests[e.Key()]:
			case !e.Indexed() && (e.Key() == "listen" || e.Key() == "pm.status_listen"):
				m.poolListen(at, e.Value().Text)
			default:
				m.paths(at)
			}
		}
	}
	if master.PHPIni != nil {
		for i := range master.PHPIni.Entries {
			m.paths(bare(master.PHPIni.Entries[i].Value().At))
		}
	}
	return m.fpmLog(master)
}

// bare returns a value without its quotes.
func bare(at source.Span) source.Span {
	text := at.Text()
	if n := len(text); n >= 2 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		return at.Sub(1, n-1)
	}
	return at
}

// fpmLog returns where the log of a master is. One that names none would write
// to that of the machine, so it gets one, on the line of [global]; a file
// without that line gets two lines in front.
func (m *mover) fpmLog(master *parser.Master) string {
	if e, ok := master.Global.Get("error_log"); ok && strings.HasPrefix(e.Value().Text, "/") {
		return m.place(e.Value().Text)
	}
	log := m.root + "/var/log/php-fpm.log"
	if headers := master.Global.Headers; len(headers) > 0 {
		m.insert(headers[0].File, headers[0].End+1, " error_log = "+log)
	} else {
		m.insert(master.Main, 0, "[global]\nerror_log = "+log+"\n")
	}
	return log
}

// poolListen moves the address of a pool.
func (m *mover) poolListen(at source.Span, value string) {
	text := at.Text()
	switch a, ok := readAddress(text); {
	case strings.HasPrefix(text, "unix:"), !strings.Contains(value, ":") && strings.Trim(value, "0123456789") != "":
		m.paths(at)
	case strings.HasPrefix(text, "tcp://"):
		// PHP-FPM looks up the host tcp://….
		if !m.alone {
			m.cannot("looking up " + text + " needs a network of its own")
		}
		if a, ok := readAddress(text[len("tcp://"):]); ok {
			m.movePort(at.Sub(len("tcp://"), len(text)), a)
		}
	case strings.Trim(text, "0123456789") == "":
		if n, err := strconv.ParseUint(text, 10, 16); err == nil && n > 0 {
			m.edit(at, strconv.Itoa(int(m.port(uint16(n)))))
		}
	case ok:
		if a.host != "*" && !m.alone {
			m.reach(a.host)
		}
		if blank := strings.Index(text, ": "); blank == a.hostEnd {
			at = at.Sub(blank+2, len(text)) // PHP-FPM takes blanks in front of the port
			a, _ = readAddress("x:" + at.Text())
			a.portAt, a.behind = 0, a.behind-2
		}
		m.movePort(at, a)
	}
}
