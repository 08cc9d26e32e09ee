package rules

import (
	"github.com/wp502lint/wp502lint/apachet"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// IncludeMissing reports includes that a server cannot follow.
var IncludeMissing = &lint.Rule{
	ID:     "WP002",
	Name:   "include-missing",
	Apache: true,
	Cause:  lint.Input,
	Outcomes: lint.Outcomes{
		lint.NginxRefuses: "in a file of nginx or Apache",
		lint.FPMRefuses:   "in a PHP-FPM file",
		lint.Other:        "in a compose file, whose include, extends or reference leads nowhere, so that Compose starts nothing of it",
	},
	Faults:  []lint.Fault{apachet.Include},
	Summary: "A server cannot follow an include and refuses to start.",
	Why: "A plain path that nginx cannot open is fatal, as is a directory or a dangling link that an include pattern matches. A pattern that matches nothing is not. " +
		"Apache refuses a path that does not exist, a pattern that matches nothing and a dangling link in `Include`; `IncludeOptional` skips them. Of a directory it reads every file, backup copies too. " +
		"PHP-FPM refuses to start when the directory of an include is missing, when a match is a dangling link, and when includes are nested more than five deep. It skips directories. " +
		"A file that includes itself makes nginx open files until it may not open more. Where a pattern includes itself in more than one way, as when two files of a folder include the whole folder, nginx does not even end. " +
		"A container does not start, and no server in it, when a directory is mounted over a file, or a file over a directory. Kubernetes creates a directory for a `subPath` that is missing in its ConfigMap. " +
		"nginx resolves a relative include from the directory of `nginx.conf`, Apache from `ServerRoot`, PHP-FPM from the prefix that PHP was built with, such as `/usr`.",
	Fix: "Create the file, mount a file over a file, correct the path, or remove the include. Write absolute paths in PHP-FPM files.",
	Verify: []string{
		"nginx -t",
		"apachectl configtest",
		"php-fpm8.3 -t",
		"namei -l PATH; docker compose config --quiet",
	},
	Sources: []string{
		nginxCore + "#include",
		apacheCore + "#include",
		fpmManual,
		"https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath",
	},
	Bad: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    include /etc/nginx/snippets/headers.conf;
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP002 nginx cannot open /etc/nginx/snippets/headers.conf: no such file or directory
}
`,
	Good: `
-- etc/nginx/snippets/headers.conf --
add_header X-Content-Type-Options nosniff;
`,
	Logs: []*servers.Signature{
		servers.NginxIncludeMissing, servers.NginxIncludeUnreadable, servers.ApacheIncludeMissing,
		servers.FPMIncludeUnreadable,
		servers.FPMIncludeDirectoryMissing, servers.FPMIncludeDepth,
	},
	Check: func(p *lint.Pass) {
		checkProblems(source.Include)(p)
		checkApacheRefuses(p)
	},
}
