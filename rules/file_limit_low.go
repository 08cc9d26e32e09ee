package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// FileLimitLow reports limits of open files with which no worker can answer.
var FileLimitLow = &lint.Rule{
	ID:    "WP116",
	Name:  "file-limit-low",
	Cause: lint.Died,
	Outcomes: lint.Outcomes{
		lint.FPMRefuses: "PHP-FPM itself needs more to start",
		lint.Other:      "a worker needs more to open a script",
	},
	Summary: "rlimit_files is so low that PHP-FPM cannot start, or that its workers cannot open a script.",
	Why:     "The limit of `[global]` also applies to the master, which needs nine open files and one for each pool; below that it logs that it cannot find a user or open a file. A worker of PHP-FPM needs about eight open files before it opens a script. With `rlimit_files` of 6 every request is a 404, since the script cannot be opened. With 3 or 4 the workers end as soon as they start, PHP-FPM starts new ones in a loop, and requests hang until the web server answers 504. `php-fpm -t` passes.",
	Fix:     "Remove `rlimit_files`, or set it to 1024 or more.",
	Verify: []string{
		"php-fpm8.3 -tt 2>&1 | grep rlimit_files",
		"grep 'open files' /proc/$(pgrep -o php-fpm)/limits",
		"journalctl -u UNIT -n 20 --no-pager",
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		fpmManual + "#rlimit-files-master",
	},
	Bad: `
fpm refuses
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
emergency_restart_threshold = 10
emergency_restart_interval = 1m
process_control_timeout = 10s
rlimit_files = 6
;              ^ WP116 6 open files are too few for PHP-FPM to start
include = /etc/php/8.3/fpm/pool.d/*.conf
`,
	Good: `
GET /index.php -> 200
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
emergency_restart_threshold = 10
emergency_restart_interval = 1m
process_control_timeout = 10s
rlimit_files = 1024
include = /etc/php/8.3/fpm/pool.d/*.conf
`,
	Logs: []*servers.Signature{
		servers.FPMUserUnknown, servers.FPMNotInitialized, servers.FPMFileLimitRefused, servers.NginxScriptUnopened,
	},
	Check: func(p *lint.Pass) {
		for _, m := range p.Stack.Masters {
			if n, _ := m.FileLimit.Known(); m.FileLimit.Written() && n > 0 && n < fewForMaster+int64(len(m.Pools)) {
				p.Report(lint.Finding{
					At:      m.FileLimit.At(),
					Message: fmt.Sprintf("%d open files are too few for PHP-FPM to start", n),
					Log:     []string{"ERROR: FPM initialization failed"},
				})
				continue
			}
			reportFileLimit(p, m.FileLimit)
			for _, pool := range m.Pools {
				reportFileLimit(p, pool.FileLimit())
			}
		}
	},
}

// fewFiles is how many open files a worker needs to answer, and fewForMaster
// how many PHP-FPM needs to start, plus one for each pool (measured on PHP-FPM
// 8.2).
const fewFiles, fewForMaster = 10, 9

func reportFileLimit(p *lint.Pass, limit source.Setting[int64]) {
	if n, _ := limit.Known(); limit.Written() && n > 0 && n < fewFiles {
		p.Report(lint.Finding{Outcome: lint.Other, At: limit.At(), Message: fmt.Sprintf("%d open files are too few for a worker to open a script", n)})
	}
}
