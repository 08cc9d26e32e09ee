package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// NoWorkerUser reports an nginx.conf without a user line, and sockets that the account nginx was
// built with cannot connect to, and an Apache whose workers stay root.
var NoWorkerUser = &lint.Rule{
	ID:       "WP213",
	Name:     "no-worker-user",
	Former:   []string{"no-nginx-user"},
	Cause:    lint.Address,
	Outcomes: lint.Outcomes{lint.BadGateway: onlyServer, lint.Sometimes: otherServer, lint.None: "the workers of Apache stay root: it has no User or no Group, or a User with a number that no account has"},
	Faults:   []lint.Fault{stack.NoUserLine},
	Summary:  "The files of nginx or Apache name no account: nginx then runs as one that cannot connect to a pool's socket, and Apache as root.",
	Why: "Without `user` the workers run as the account that was chosen when nginx was built: `nobody`, unless the packager named another one (`nginx` in the packages of nginx.org, Alpine and RHEL). " +
		"Sockets of PHP-FPM usually belong to `www-data`, and any other account gets \"13: Permission denied\". The line is easily lost: it is outside every block, in a part of `nginx.conf` that is often replaced as a whole. " +
		"Without `User` or `Group`, or with a number as `User` that no account has, Apache starts, and its workers keep the rights of root. They may connect to every socket, so no request fails, and whoever takes over one of them has the whole machine.",
	Fix: "Put `user www-data;`, or the account that the sockets belong to, at the top of `nginx.conf`. In Apache, set both `User` and `Group` in the main file.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nE '^ *user '",
		"grep -rnE '^ *(User|Group) ' /etc/apache2",
		`nginx -V 2>&1 | tr ' ' '\n' | grep -E '^--(user|group)='`,
		"ps -o user,group,cmd -C nginx,apache2,httpd",
		"stat -c '%U:%G %a' SOCKET",
	},
	Sources: []string{
		nginxCore + "#user",
		"https://nginx.org/en/docs/configure.html",
		apacheUnixd + "#user",
	},
	Bad: `
GET /index.php -> 502
-- etc/nginx/nginx.conf --
events {}
# ^1:1 WP213 nginx.conf has no user line, so nginx runs as nobody, which may not write /run/php/php8.3-fpm.sock: www-data:www-data with mode 0660
# -etc/php/8.3/fpm/pool.d/www.conf WP213 pool www listens here
http {
    include /etc/nginx/sites-enabled/*;
}
`,
	Good: `
GET /index.php -> 200
-- etc/nginx/nginx.conf --
user www-data;
events {}
http {
    include /etc/nginx/sites-enabled/*;
}
`,
	Logs:  []*servers.Signature{servers.NginxConnectDenied, servers.ApacheNoAccount},
	Check: checkWorkerUser,
}

// checkWorkerUser reports each main file once, with the sockets that it cannot
// connect to.
func checkWorkerUser(p *lint.Pass) {
	for _, front := range p.Stack.Fronts {
		if front.Server != servers.Apache {
			continue
		}
		if uid, none := front.NoAccount(); none {
			p.Report(lint.Finding{
				Outcome: lint.None,
				At:      front.User.At(),
				Message: fmt.Sprintf("no account has the number %d, so the workers of Apache stay root", uid),
				Log:     []string{fmt.Sprintf("AH02155: getpwuid: couldn't determine user name from uid %d", uid)},
			})
		} else if front.User.Absent() {
			p.Report(lint.Finding{
				Outcome: lint.None,
				At:      front.At,
				Message: "Apache has no User or no Group line, so its workers stay root",
			})
		}
	}
	main := func(d *deniedPool) *stack.Front { return d.gateways[0].Front }
	for _, list := range grouped(denials(p, stack.NoUserLine), main) {
		b, may := list[0].denial, "write"
		if b.Dir {
			may = "pass through"
		}
		f := lint.Finding{
			At:      main(list[0]).At,
			Message: fmt.Sprintf("nginx.conf has no user line, so nginx runs as %s, which may not %s %s: %s", b.Tries.User, may, b.Path, permissions(b)),
			Log:     []string{notPermitted(list[0].gateways[0], b.Socket)},
		}
		spared := true
		for i, d := range list {
			spared = spared && d.spared
			if i < maxNear {
				f.Notes = append(f.Notes, lint.Note{At: d.socketAt(), Message: "pool " + d.pool.Name + " listens here"})
			}
		}
		if spared {
			f.Outcome = lint.Sometimes
		}
		p.Report(f)
	}
}
