package diagnose

import (
	"cmp"
	"slices"

	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers"
)

// loggedKey is what responses of Cloudflare in an access log have in common.
type loggedKey struct {
	file   string
	status int
	// unanswered is that the origin gave Cloudflare no answer.
	unanswered bool
}

// addLogged adds a line of an access log with a status that only Cloudflare sends, or of Cloudflare's own
// log with a 502. It reports false for another line.
func (v *Evidence) addLogged(e *logs.Event) bool {
	status := e.Request.Status
	if edgeError(status) == nil && (status != 502 || !e.OfCloudflare() || e.Request.UpstreamStatus == "") {
		return false
	}
	k := loggedKey{e.At.File, status, e.Request.UpstreamStatus == "0"}
	r := v.logged[k]
	if r == nil {
		r = &response{code: status, passed: true, footer: "origin", site: v.keep(logs.Clip(e.Request.Server, maxSample)), last: e.At, from: never, to: never}
		if k.unanswered {
			r.footer = "cloudflare"
		}
		r.lines = []Line{{sampleOf(e), servers.Cloudflare, servers.ResponseStatus}}
		if v.logged == nil {
			v.logged = map[loggedKey]*response{}
		}
		v.logged[k] = r
	}
	r.count++
	r.during(secondOf(e))
	return true
}

// during extends the time of r to at.
func (r *response) during(at second) {
	if at == never {
		return
	}
	if r.from == never || at < r.from {
		r.from = at
	}
	r.to = max(r.to, at)
}

// allResponses returns those that somebody pasted, and those of access logs.
func (v *Evidence) allResponses() []*response {
	all := slices.Clone(v.responses)
	for _, r := range v.logged {
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b *response) int {
		return cmp.Or(cmp.Compare(a.last.File, b.last.File), cmp.Compare(a.last.Line, b.last.Line))
	})
	return all
}
