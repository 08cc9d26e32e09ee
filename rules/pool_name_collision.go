package rules

import (
	"fmt"
	"path"
	"slices"
	"strconv"

	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// PoolNameCollision reports pools of one name whose files PHP-FPM merges.
var PoolNameCollision = &lint.Rule{
	ID:     "WP209",
	Name:   "pool-name-collision",
	Apache: true,
	Cause:  lint.Address,
	Outcomes: lint.Outcomes{
		lint.BadGateway: "the web server uses the lost address, and " + onlyServer,
		lint.Sometimes:  "the web server uses the lost address, and " + otherServer,
		lint.None:       "nothing uses the lost address",
	},
	Faults:  []lint.Fault{stack.MergedPool},
	Summary: "Two files define a pool of the same name with different addresses; only the last address exists.",
	Why: "PHP-FPM reads a second `[name]`, in upper or lower case, as more of the same pool: it silently merges the two, and the last `listen` wins. A copied pool file whose pool was not renamed gives one pool, not two, " +
		"and the site that connects to the other address gets 502, or 503 with Apache.",
	Fix: "Give each pool a name of its own.",
	Verify: []string{
		`grep -rnE '^ *(\[|listen *=)' /etc/php/*/fpm/pool.d`,
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|listen ='`,
		"ss -xlp | grep php; ss -tlnp | grep php",
	},
	Sources: []string{
		fpmManual,
		fpmSourceConf,
	},
	Bad: `
GET /index.php -> 502
-- etc/php/8.3/fpm/pool.d/shop.conf --
[www]
user = www-data
group = www-data
listen = /run/php/shop.sock
;        ------------------ WP209 this listen is replaced
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
;^^^ WP209 pool www is defined in two files, and PHP-FPM merges them: nothing listens on /run/php/shop.sock
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
;        ------------------------ WP209 this listen takes effect
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/shop.sock;
#                    ----------------------- WP209 fastcgi_pass uses the lost address here
    }
}
`,
	Good: `
GET /index.php -> 200
-- etc/php/8.3/fpm/pool.d/shop.conf --
[shop]
user = www-data
group = www-data
listen = /run/php/shop.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
`,
	Logs: []*servers.Signature{
		servers.NginxConnectNoSocket, servers.NginxConnectRefused, servers.ApacheConnectNoSocket, servers.ApacheConnectRefused,
	},
	Check: func(p *lint.Pass) {
		gateways := gatewaysWith(p.Stack, stack.MergedPool)
		for _, pool := range p.Stack.Pools {
			if pool.Master.Together && pool.Section.Merged() {
				checkCollision(p, pool, gateways)
			}
		}
	},
}

func checkCollision(p *lint.Pass, pool *stack.Pool, gateways map[*stack.Pool][]*stack.Gateway) {
	for _, lost := range pool.Lost {
		if lost.At.File == pool.Listen.At.File || pool.Listen.Endpoint.Accepts(lost.Endpoint) {
			continue
		}
		f := lint.Finding{
			Outcome: lint.None,
			At:      pool.At,
			Message: fmt.Sprintf("pool %s is defined in %s files, and PHP-FPM merges them: nothing listens on %s", pool.Name, filesOf(pool), lost.Text),
			Notes: []lint.Note{
				{At: lost.At, Message: "this listen is replaced"},
				{At: pool.Listen.At, Message: "this listen takes effect"},
			},
		}
		for _, h := range pool.Section.Headers {
			if h.File == pool.Listen.At.File {
				f.At = h
			}
		}
		for _, g := range gateways[pool] {
			for _, peer := range g.Peers {
				if lost.Endpoint.Accepts(peer.Endpoint) {
					f.Outcome = min(f.Outcome, failing(g))
					f.Log = []string{refused(g, lost.Endpoint)}
					f.Notes = append(f.Notes, lint.Note{At: g.At, Message: passing(g) + " uses the lost address here"})
				}
			}
		}
		if ofImage(pool) {
			if f.Outcome == lint.None {
				continue // the official PHP images split the pool www over several files
			}
			f.At, f.Message = overImage(pool, lost)
		}
		p.Report(f)
	}
}

// ofImage reports whether an image brings a file that defines pool.
func ofImage(pool *stack.Pool) bool {
	return slices.ContainsFunc(pool.Section.Headers, func(h source.Span) bool { return h.File.Image != "" })
}

// overImage says how the files of a project and those of its image set listen twice.
func overImage(pool *stack.Pool, lost fpmt.Listen) (at source.Span, message string) {
	if by := pool.Listen.At.File; by.Image != "" {
		return lost.At, fmt.Sprintf("pool %s does not listen on %s: %s of image %s is read later and sets listen = %s", pool.Name, lost.Text, path.Base(by.Name), by.Image, pool.Listen.Text)
	}
	return pool.Listen.At, fmt.Sprintf("pool %s does not listen on %s, which the image sets: this file is read later", pool.Name, lost.Text)
}

// filesOf returns how many files define pool, two or more.
func filesOf(pool *stack.Pool) string {
	files := map[*source.File]bool{}
	for _, h := range pool.Section.Headers {
		files[h.File] = true
	}
	if len(files) == 2 {
		return "two"
	}
	return strconv.Itoa(len(files))
}
