package diagnose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers"
)

const (
	// maxResponses is how many responses are kept that failed.
	maxResponses = 1000
	// maxApart is how many lines of a response lie between two that tell something, and maxTold how
	// many of those are kept.
	maxApart, maxTold = 200, 12
)

// response is an answer of HTTP that somebody pasted, as far as its lines tell.
type response struct {
	code    int    // its status, or from 1000 on the number on a page of Cloudflare; 0 if no line tells
	server  string // what its header names
	footer  string // which server made its page
	passed  bool   // it passed Cloudflare
	branded bool   // its page is the one of Cloudflare that looks like no other
	site    string // that it is of
	page    bool   // a line of its page was met
	ended   bool   // a line was met that is the last of a page
	last    logs.Place
	lines   []Line
	count   int // how many there were
	// from and to are when, in an access log; never if its lines have no time.
	from, to second
}

// addResponse adds a line of a response to the one that it belongs to.
func (v *Evidence) addResponse(e *logs.Event) {
	r := v.responseOf(e)
	if r == nil {
		v.dropped++
		return
	}
	r.add(e)
	r.last = e.At
	if len(r.lines) < maxTold {
		r.lines = append(r.lines, Line{sampleOf(e), e.Row.By, e.Row.Sign})
	}
}

// responseOf returns the response that a line belongs to, which begins with it unless an earlier one
// goes on; nil beyond the limit. One that did not fail makes room for the next.
func (v *Evidence) responseOf(e *logs.Event) *response {
	n := len(v.responses)
	if n > 0 && v.responses[n-1].goesOn(e) {
		return v.responses[n-1]
	}
	if n > 0 && v.responses[n-1].cause() == nil {
		v.responses = v.responses[:n-1]
	}
	if len(v.responses) >= maxResponses {
		return nil
	}
	v.responses = append(v.responses, &response{count: 1, from: never, to: never})
	return v.responses[len(v.responses)-1]
}

// goesOn reports whether a line may be of r: no line that a response has once comes again.
func (r *response) goesOn(e *logs.Event) bool {
	if e.At.File != r.last.File || e.At.Line-r.last.Line > maxApart {
		return false
	}
	switch e.Row.Sign {
	case servers.ResponseStatus:
		return false
	case servers.ResponseServer:
		return r.server == "" && !r.page
	case servers.ResponseError, servers.ResponseShort, servers.ResponsePlain:
		return !r.ended && (!r.page || codeOf(e) == r.code || r.code == edgeStatus)
	case servers.ResponseFooter:
		return r.page && !r.ended
	}
	return true
}

// add takes what a line tells.
func (r *response) add(e *logs.Event) {
	r.code = max(r.code, codeOf(e))
	switch e.Row.Sign {
	case servers.ResponseServer:
		r.server = e.Field("name")
		r.passed = r.passed || r.server == "cloudflare"
	case servers.ResponseRay:
		r.passed, r.ended = true, r.page && strings.Contains(e.Text, "Cloudflare Ray ID")
	case servers.ResponseError:
		r.page, r.branded, r.passed = true, true, true
		r.site = cmp.Or(r.site, e.Field("name"), siteOf(e))
	case servers.ResponseShort:
		r.page, r.passed = true, true
	case servers.ResponsePlain:
		r.page, r.footer = true, cmp.Or(e.Field("name"), r.footer)
		r.ended = r.footer != ""
	case servers.ResponseFooter:
		r.footer, r.ended = e.Field("name"), true
	}
}

// siteOf returns the site that the title of a page begins with, which looks like the name of a container.
func siteOf(e *logs.Event) string {
	if e.Row == servers.EdgeTitle {
		return e.Writer
	}
	return ""
}

// codeOf returns the status that a line of a response tells, or the number of Cloudflare's error; 0 for none.
func codeOf(e *logs.Event) int {
	if word := e.Field("word"); word != "" {
		return codes[word]
	}
	code, _ := digits(e.Field("code"))
	return number(code)
}

// codes are the errors of Cloudflare by the title of their page.
var codes = map[string]int{
	"Web server is returning an unknown error": 520, "Web server is down": 521, "Origin is unreachable": 523,
	"Origin DNS error": 1016, "Argo Tunnel error": 1033, "Cloudflare Tunnel error": 1033,
}

// cause returns why a response failed, as far as it tells; nil for one that did not fail with a 502, with a
// 504 or with a status of Cloudflare.
func (r *response) cause() *Cause {
	if c := edgeError(r.code); c != nil {
		return c
	}
	switch {
	case r.code == 504 && r.footer != "cloudflare":
		return timeout
	case r.code != 502:
		return nil
	case r.branded:
		return edgePassed
	case r.footer == "cloudflare":
		return edgeItself
	case r.passed && r.footer != "":
		return edgePassed
	case r.passed:
		return edgeSilent
	case r.server != "":
		return noEdge
	case r.footer != "":
		return ownPage
	}
	return undecided
}

// respond makes incidents of the responses. What a log says about a 502 tells more than the response
// that shows it.
func (j *judge) respond() {
	known, decided := false, false
	for _, i := range j.order {
		known, decided = known || i.Number != 0, decided || i.Number > 0
	}
	for _, r := range j.allResponses() {
		c := r.cause()
		if c == nil || decided && c.Number == Undecided || known && c == undecided {
			continue
		}
		f := r.failure(c)
		if decided && c.Number > 0 {
			f.count = 0
		}
		i := j.add(f, because(c))
		i.during(r.from)
		i.during(r.to)
		for _, l := range r.lines {
			i.quote(l)
		}
	}
}

// failure returns a response as a request that failed.
func (r *response) failure(c *Cause) *failure {
	row := &servers.Signature{Name: "response", Log: servers.Log{By: servers.Cloudflare}, Sign: servers.ResponseStatus, Status: min(r.code, edgeStatus)}
	at := max(slices.IndexFunc(r.lines, func(l Line) bool { return l.Sign == servers.ResponseStatus }), 0)
	f := &failure{failureKey: failureKey{row: row, server: r.site, at: never, file: r.last.File}, count: r.count, sample: r.lines[at].Sample}
	if c == noEdge || c == ownPage {
		f.upstream = cmp.Or(r.server, r.footer)
	}
	return f
}
