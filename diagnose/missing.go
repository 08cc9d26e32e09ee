package diagnose

import (
	"cmp"

	"github.com/wp502lint/wp502lint/servers"
)

// missing returns what would make the first answer certain.
func (j *judge) missing(d *Diagnosis) (list []string) {
	if !d.Bad() {
		return nil
	}
	first := d.Incidents[0]
	if first.Cause == edgeItself {
		return []string{"the access log of the origin, in which the request was answered otherwise"}
	}
	unit := "php" + cmp.Or(first.version, "8.3") + "-fpm"
	if !d.Known || j.config.Guessed && len(first.Places) == 0 {
		list = append(list, "the configuration: --in /etc, or --root DIR for a copy of it")
	}
	if !j.hasErrorLog() {
		log := "/var/log/nginx/error.log"
		if first.Web == servers.Apache {
			log = "/var/log/apache2/error.log"
		}
		list = append(list, "the error log of the web server ("+log+")")
	}
	if first.Number == workerDied.Number && !j.has(servers.FPM) {
		list = append(list, "the log of PHP-FPM (/var/log/"+unit+".log, or journalctl -u "+unit+")")
	}
	if (first.Cause == workerKilled || first.Cause == workerDied || first.Cause == workerCrashed) && !j.has(servers.Kernel) {
		list = append(list, "the lines of the kernel (dmesg -T, or journalctl -k)")
	}
	if (first.Cause == fpmDown || first.Cause == crashLoop) && !j.has(servers.Systemd) {
		list = append(list, "the state of the service (systemctl status "+unit+", journalctl -u "+unit+")")
	}
	return list
}

// has reports whether there is a line of a server.
func (j *judge) has(by servers.Server) bool {
	for _, m := range j.marks {
		if m.Row.By == by {
			return true
		}
	}
	return false
}
