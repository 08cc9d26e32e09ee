package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/stack"
)

// FileLimitLow reports limits of open files with which no worker can answer.
var FileLimitLow = &lint.Rule{
	ID:      "WP116",
	Name:    "file-limit-low",
	Cause:   lint.Died,
	Outcome: lint.Other,
	Summary: "rlimit_files is so low that workers cannot open a script.",
	Why:     "A worker of PHP-FPM needs about eight open files before it opens a script. With `rlimit_files` of 6 every request is a 404, since the script cannot be opened; with 3 or 4 the workers end as soon as they start, PHP-FPM starts new ones in a loop, and requests hang until nginx answers 504. `php-fpm -t` passes.",
	Fix:     "Remove `rlimit_files`, or set it to 1024 or more.",
	Bad: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
listen.mode = 0660
pm = ondemand
pm.max_children = 5
rlimit_files = 6
;              ^ WP116 6 open files are too few for a worker to open a script
`,
	Good: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
listen.mode = 0660
pm = ondemand
pm.max_children = 5
rlimit_files = 1024
`,
	Logs: []lint.Log{
		{By: lint.Nginx, Pattern: `Unable to open primary script: (?P<path>.+) \(Too many open files\)`},
	},
	Check: func(p *lint.Pass) {
		for _, m := range p.Stack.Masters {
			reportFileLimit(p, m.FileLimit)
			for _, pool := range m.Pools {
				reportFileLimit(p, pool.FileLimit)
			}
		}
	},
}

// fewFiles is the number of open files below which a worker cannot answer
// (measured on PHP-FPM 8.2).
const fewFiles = 10

func reportFileLimit(p *lint.Pass, limit stack.Setting[int64]) {
	if n, _ := limit.Known(); limit.Written() && n > 0 && n < fewFiles {
		p.Report(lint.Finding{At: limit.At(), Message: fmt.Sprintf("%d open files are too few for a worker to open a script", n)})
	}
}
