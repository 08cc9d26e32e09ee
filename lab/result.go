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
	// Answers are the answers to the requests of the host, in order; nil if nginx
	// does not run.
	Answers []Answers
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
		request.Path, request.Times = r.Path, r.Times
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
	for _, by := range []servers.Server{servers.Nginx, servers.FPM} {
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
// status other than 502.
func (r *Result) Worst() lint.Outcome {
	if _, refused := r.Refusals[servers.Nginx]; refused {
		return lint.NginxRefuses
	}
	if _, refused := r.Refusals[servers.FPM]; refused {
		return lint.FPMRefuses
	}
	if r.has(502) {
		return lint.BadGateway
	}
	return 0
}

// any reports whether is holds for one of the answers.
func (r *Result) any(is func(Answer) bool) bool {
	return slices.ContainsFunc(r.Answers, func(a Answers) bool { return slices.ContainsFunc(a.Answers, is) })
}

// has reports whether a request was answered with status.
func (r *Result) has(status int) bool {
	return r.any(func(a Answer) bool { return a.Status == status })
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
	}{{servers.Nginx, c.NginxRefuses}, {servers.FPM, c.FPMRefuses}} {
		if how, refused := r.Refusals[side.by]; refused != side.want {
			errs = append(errs, fmt.Errorf("%s refuses: %t (%s), the header says %t%s", side.by, refused, how, side.want, r.last(side.by)))
		}
	}
	if c.NginxRefuses {
		return errors.Join(errs...)
	}
	for i, want := range c.Requests {
		if i >= len(r.Answers) {
			errs = append(errs, fmt.Errorf("GET %s -> %d: nginx does not run", want.Path, want.Status))
		} else if !r.Answers[i].agrees(want) {
			errs = append(errs, fmt.Errorf("%s, the header says %d%s", r.Answers[i], want.Status, r.last(servers.Nginx)))
		}
	}
	return errors.Join(errs...)
}

// agrees reports whether the answers are those that a header specifies.
func (a Answers) agrees(want cases.Request) bool {
	if want.Status == 200 {
		return a.all(200)
	}
	return slices.ContainsFunc(a.Answers, func(answer Answer) bool { return answer.Status == want.Status })
}

// all reports whether every answer has a status.
func (a Answers) all(status int) bool {
	return !slices.ContainsFunc(a.Answers, func(answer Answer) bool { return answer.Status != status })
}

// last returns the last lines of a server, for an error.
func (r *Result) last(by servers.Server) string {
	lines := r.Lines[by]
	return "\n\t" + strings.Join(lines[max(0, len(lines)-4):], "\n\t")
}
