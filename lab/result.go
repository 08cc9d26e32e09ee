//go:build linux

package lab

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// Result is what was observed of a host on real servers.
type Result struct {
	Refusals map[servers.Server]string // how a server that refused to start ended
	// Accepted is set if the server that refused had found nothing wrong when it only
	// checked its configuration (apache2 -t).
	Accepted bool
	// Answers are the answers to the requests of the host, in order; nil if the web server
	// does not run.
	Answers []Answers
	// Apache is set if Apache got the requests, and not nginx.
	Apache bool
	// Failed is the condition under which a request failed; "" for none.
	Failed string
	// Lines are the log lines of the servers.
	Lines map[servers.Server][]string
	// Logs are files of logs as a stage found them, by name.
	Logs map[string]string
	// Foreign are PHP versions that the case names and that are not installed:
	// another version ran instead.
	Foreign []string
}

// requestsOf returns the requests of a case, and one if it has none.
func requestsOf(c *cases.Case) []cases.Request {
	if len(c.Requests) == 0 {
		return []cases.Request{{Path: "/index.php", Status: 200, Times: 1}}
	}
	return c.Requests
}

// TryCase tries a case with the requests of its header, and creates the condition of
// the stage with that ID, if it exists.
func TryCase(c *cases.Case, p Programs, stage string) (*Result, error) {
	deployments := projectOf(c)
	if deployments == nil {
		h, err := NewHost(Stages[stage].set(c), p)
		if err != nil {
			return nil, err
		}
		h.Stage = stage
		return h.answer(c)
	}
	r, err := tryProject(c, deployments, p, false)
	if err != nil || stage != unordered || r.Worst() != 0 {
		return r, err
	}
	worst, err := tryProject(c, deployments, p, true)
	if err == nil && worst.Worst() != 0 {
		r.Failed, r.Lines = Stages[stage].Condition, worst.Lines
	}
	return r, err
}

// tryProject tries the deployments of a project one after the other.
func tryProject(c *cases.Case, deployments []*deploy.Deployment, p Programs, worst bool) (*Result, error) {
	all := &Result{Refusals: map[servers.Server]string{}, Lines: map[servers.Server][]string{}}
	for _, d := range deployments {
		h, err := newProject(c, d, p, worst)
		if err != nil {
			return nil, err
		}
		r, err := h.answer(c)
		if err != nil {
			return nil, err
		}
		all.join(r)
	}
	return all, nil
}

// join adds the result of the same requests to another nginx.
func (r *Result) join(other *Result) {
	maps.Copy(r.Refusals, other.Refusals)
	for by, lines := range other.Lines {
		r.Lines[by] = append(r.Lines[by], lines...)
	}
	for i, a := range other.Answers {
		if i == len(r.Answers) {
			r.Answers = append(r.Answers, Answers{Request: a.Request})
		}
		r.Answers[i].Answers = append(r.Answers[i].Answers, a.Answers...)
	}
}

// answer tries a host with the requests of a case.
func (h *Host) answer(c *cases.Case) (*Result, error) {
	for _, r := range requestsOf(c) {
		request := h.Site
		request.Path, request.Times, request.By = r.Path, r.Times, r.By
		if r.Host != "" {
			request.Host = r.Host
		}
		h.Requests = append(h.Requests, request)
	}
	r, err := Try(h)
	if err == nil {
		r.Foreign = h.foreign
	}
	return r, err
}

// String returns a summary: php-fpm refused: exit status 78.
func (r *Result) String() string {
	var seen []string
	for _, by := range []servers.Server{servers.Nginx, servers.Apache, servers.FPM} {
		if how, ok := r.Refusals[by]; ok {
			seen = append(seen, fmt.Sprintf("%s refused: %s", by, how))
		}
	}
	for _, a := range r.Answers {
		seen = append(seen, a.String())
	}
	text := strings.Join(seen, ", ")
	if r.Failed != "" {
		text += " at rest; fails under the tested condition (" + r.Failed + ")"
	}
	return text
}

// Worst returns the worst outcome, or zero if the host is healthy or answers with a
// status that is the outcome other. 503 is that of Apache alone: nginx answers so if it is
// told to.
func (r *Result) Worst() lint.Outcome {
	for _, refusal := range []struct {
		by      servers.Server
		outcome lint.Outcome
	}{{servers.Nginx, lint.NginxRefuses}, {servers.Apache, lint.ApacheRefuses}, {servers.FPM, lint.FPMRefuses}} {
		if _, refused := r.Refusals[refusal.by]; refused {
			return refusal.outcome
		}
	}
	switch {
	case r.has(502):
		return lint.BadGateway
	case r.Apache && r.has(503):
		return lint.Unavailable
	case r.any(func(a Answer) bool { return a.Source }):
		return lint.SourceSent
	}
	return 0
}

// any reports whether is holds for one of the answers.
func (r *Result) any(is func(Answer) bool) bool {
	return slices.ContainsFunc(r.Answers, func(a Answers) bool { return slices.ContainsFunc(a.Answers, is) })
}

// has reports whether a request was answered with status, and not with the text of a script.
func (r *Result) has(status int) bool {
	return r.any(func(a Answer) bool { return a.Status == status && !a.Source })
}

// Match returns the first line of a server that is one of row.
func (r *Result) Match(row *servers.Signature) (line string, ok bool) {
	for _, line := range r.Lines[row.By] {
		if servers.SignatureOf(line) == row {
			return line, true
		}
	}
	return "", false
}

// Holds compares the result with the header of a case: which server refuses, and how
// each request is answered. For concurrent requests, 200 means all of them and any
// other status at least one.
func (r *Result) Holds(c *cases.Case) error {
	var errs []error
	for _, side := range []struct {
		by   servers.Server
		want bool
	}{{servers.Nginx, c.NginxRefuses}, {servers.Apache, c.ApacheRefuses}, {servers.FPM, c.FPMRefuses}} {
		if how, refused := r.Refusals[side.by]; refused != side.want {
			errs = append(errs, fmt.Errorf("%s refuses: %t (%s), the header says %t%s", side.by, refused, how, side.want, r.last(side.by)))
		}
	}
	if c.NginxRefuses || c.ApacheRefuses {
		return errors.Join(errs...)
	}
	for i, want := range c.Requests {
		if i >= len(r.Answers) {
			errs = append(errs, fmt.Errorf("GET %s -> %s: the web server does not run", want.Path, want.Answer()))
		} else if !r.Answers[i].agrees(want) {
			errs = append(errs, fmt.Errorf("%s, the header says %s%s", r.Answers[i], want.Answer(), r.last(r.web())))
		}
	}
	return errors.Join(errs...)
}

// agrees reports whether the answers are those that a header specifies.
func (a Answers) agrees(want cases.Request) bool {
	if want.Status == 200 && !want.Source {
		return a.all(200)
	}
	return slices.ContainsFunc(a.Answers, func(answer Answer) bool { return answer.Status == want.Status && answer.Source == want.Source })
}

// all reports whether every answer has a status, and none is the text of a script.
func (a Answers) all(status int) bool {
	return !slices.ContainsFunc(a.Answers, func(answer Answer) bool { return answer.Status != status || answer.Source })
}

// web returns the web server that got the requests.
func (r *Result) web() servers.Server {
	if r.Apache {
		return servers.Apache
	}
	return servers.Nginx
}

// last returns the last lines of a server, for an error.
func (r *Result) last(by servers.Server) string {
	lines := r.Lines[by]
	return "\n\t" + strings.Join(lines[max(0, len(lines)-4):], "\n\t")
}
