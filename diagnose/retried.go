package diagnose

import (
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// noticed returns v, unless an access log shows that no client got a 502 for f: nginx tried
// another address of the upstream.
func (j *judge) noticed(f *failure, v verdict) verdict {
	if f.web() == servers.Apache {
		return j.noticedBehindApache(f, v)
	}
	if v.number <= 0 || !j.served502() || !j.mayRetry(f) || j.left(f.at) > 0 || j.config.hides(f) {
		return v
	}
	v.number = 0
	switch f.row.Sign {
	case servers.ConnectNoSocket, servers.ConnectRefused, servers.ConnectUnreachable:
		v.cause = deadPeer
	}
	return v
}

// noticedBehindApache is noticed for Apache, which tries the next member of a balancer if it cannot
// connect (httpd modules/proxy/mod_proxy_balancer.c; measured on Apache 2.4).
func (j *judge) noticedBehindApache(f *failure, v verdict) verdict {
	switch f.row.Sign {
	case servers.ConnectNoSocket, servers.ConnectDenied, servers.ConnectRefused, servers.ConnectUnreachable:
	default:
		return v
	}
	several := slices.ContainsFunc(j.config.using(f), func(g *stack.Gateway) bool { return g.Pass != nil && len(g.Pass.Members) > 1 })
	if v.number <= 0 || f.at == never || !several || !j.served502() {
		return v
	}
	if j.unavailable == nil {
		j.unavailable = j.answeredWith(503)
	}
	if near(j.unavailable, f.at) {
		return v
	}
	v.cause, v.number = deadPeer, 0
	return v
}

// mayRetry reports whether nginx tries again after f: at another address, or with a new connection
// where a kept one had ended. By default it does so if no header arrived; with a method that changes
// something, only if the request was not sent either (ngx_http_upstream_next).
func (j *judge) mayRetry(f *failure) bool {
	sent := false
	switch f.row.Sign {
	case servers.Reset, servers.Closed, servers.SendFailed:
		sent = true
	case servers.NoLiveUpstreams, servers.HeaderTooBig, servers.HeaderBroken, servers.HeaderMissing, servers.NotFastCGI:
		return false
	}
	if f.row.By != servers.Nginx || f.row.Status != 502 {
		return false
	}
	return slices.ContainsFunc(j.config.using(f), func(g *stack.Gateway) bool {
		next, _ := g.NextUpstream().Known()
		switch kept := g.Upstream != nil && !g.Upstream.Keepalive.Absent(); {
		case slices.Contains(next, "off"), sent && f.changes && !slices.Contains(next, "non_idempotent"):
			return false
		default:
			return len(g.Peers) > 1 || sent && kept
		}
	})
}

// left returns how many 502s the access logs show about a time, without those of the failures that
// nginx cannot have tried again.
func (j *judge) left(at second) (n int) {
	if j.balance == nil {
		j.balance = map[second]int{}
		for k, count := range j.access {
			if k.status == 502 {
				j.balance[k.at] += count
				j.total += count
			}
		}
		for _, f := range j.all {
			if f.row.Status == 502 && f.row.By == servers.Nginx && !f.again && !j.mayRetry(f) {
				j.balance[f.at] -= f.count
			}
		}
	}
	if at == never {
		return j.total
	}
	n = max(j.balance[never], 0)
	for d := second(-slack); d <= slack; d++ {
		n += j.balance[at+d]
	}
	return n
}

// oneOfSeveral reports whether a finding is about one of several addresses, of which another is
// alive.
func oneOfSeveral(found []lint.Finding) bool {
	return slices.ContainsFunc(found, func(f lint.Finding) bool { return f.Rule.ID == "WP208" || f.Rule.ID == "WP417" })
}

// hides reports whether error_page may give f a status that is an answer of PHP.
func (c *Config) hides(f *failure) bool { return len(c.deciding(hidden, f)) > 0 }

// served502 reports whether there is an access log, which would have the 502s.
func (j *judge) served502() bool {
	return len(j.access) > 0 || slices.ContainsFunc(j.stats, func(s logs.Stats) bool { return s.Access > 0 })
}

// changes reports whether a method is one that nginx does not send twice by default
// (ngx_http_upstream_next).
func changes(method string) bool { return method == "POST" || method == "PATCH" || method == "LOCK" }
