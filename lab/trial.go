//go:build linux

package lab

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// Trial is what was seen of one case on real servers.
type Trial struct {
	Refusals map[servers.Server]string // how a server that refused ended
	Answers  []Answers
	// Failed says that a request failed in the circumstance of the stage.
	Failed bool
	// Foreign are versions of PHP that the case is about and that are not
	// installed: another version ran in their place.
	Foreign []string
	// Lines are what the servers wrote from their start to their end.
	Lines map[servers.Server][]string
}

// Answers are the statuses that one request of a case was answered with.
type Answers struct {
	Path     string
	Statuses []int // 0: no answer
	Err      error
}

// asked is what a case is asked that asks for nothing itself.
var asked = []cases.Request{{Path: "/index.php", Status: 200, Times: 1}}

// requestsOf returns the requests of a case.
func requestsOf(c *cases.Case) []cases.Request {
	if len(c.Requests) == 0 {
		return asked
	}
	return c.Requests
}

// Try boots a case, sends its requests, brings about the circumstance of stage if
// it is not nil, and ends everything.
func Try(c *cases.Case, p Programs, stage *Stage) (t *Trial, err error) {
	h, err := Lay(stage.set(c))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, h.Remove()) }()
	b, err := h.Boot(p)
	if err != nil {
		return nil, err
	}
	t = &Trial{Foreign: h.foreign(p), Refusals: map[servers.Server]string{}, Lines: map[servers.Server][]string{}}
	for _, by := range []servers.Server{servers.Nginx, servers.FPM} {
		for _, s := range b.Refused(by) {
			t.Refusals[by] = s.Exit()
		}
	}
	if b.Nginx != nil && !b.Nginx.Refused {
		for _, r := range requestsOf(c) {
			t.Answers = append(t.Answers, b.ask(r))
		}
	}
	var staged error
	if stage != nil {
		t.Failed, staged = stage.Run(b)
	}
	err = errors.Join(staged, b.Stop())
	for _, by := range []servers.Server{servers.Nginx, servers.FPM} {
		t.Lines[by] = b.Lines(by)
	}
	return t, err
}

// ask sends one request of a case, as often as it says.
func (b *Boot) ask(r cases.Request) Answers {
	answers, err := b.GetAtOnce(r.Path, r.Times)
	a := Answers{Path: r.Path, Err: err}
	for _, answer := range answers {
		a.Statuses = append(a.Statuses, answer.Status)
	}
	return a
}

// String returns what was answered: GET /index.php -> 502.
func (a Answers) String() string {
	var b strings.Builder
	b.WriteString("GET " + a.Path + " ->")
	for _, status := range a.Statuses {
		b.WriteString(" " + strconv.Itoa(status))
	}
	if a.Err != nil {
		b.WriteString(" (" + a.Err.Error() + ")")
	}
	return b.String()
}

// String returns what was seen: php-fpm refused: exit status 78.
func (t *Trial) String() string {
	var seen []string
	for _, by := range []servers.Server{servers.Nginx, servers.FPM} {
		if how, ok := t.Refusals[by]; ok {
			seen = append(seen, fmt.Sprintf("%s refused: %s", by, how))
		}
	}
	for _, a := range t.Answers {
		seen = append(seen, a.String())
	}
	if t.Failed {
		seen = append(seen, "and a failure in the circumstance")
	}
	return strings.Join(seen, ", ")
}

// has reports whether a request was answered with status.
func (t *Trial) has(status int) bool {
	for _, a := range t.Answers {
		for _, s := range a.Statuses {
			if s == status {
				return true
			}
		}
	}
	return false
}

// Match returns the first line that a server wrote and that log matches.
func (t *Trial) Match(log lint.Log) (line string, ok bool) {
	re, err := regexp.Compile(log.Pattern)
	if err != nil {
		return "", false
	}
	for _, line := range t.Lines[log.By] {
		if re.MatchString(line) {
			return line, true
		}
	}
	return "", false
}

// Holds compares what was seen with the header of a case: who refuses, and what
// each request is answered with. Of several requests at once, 200 means all and
// any other status at least one.
func (t *Trial) Holds(c *cases.Case) error {
	var errs []error
	for _, side := range []struct {
		by   servers.Server
		want bool
	}{{servers.Nginx, c.NginxRefuses}, {servers.FPM, c.FPMRefuses}} {
		if how, refused := t.Refusals[side.by]; refused != side.want {
			errs = append(errs, fmt.Errorf("%s refuses: %t (%s), the header says %t%s", side.by, refused, how, side.want, t.last(side.by)))
		}
	}
	if c.NginxRefuses {
		return errors.Join(errs...)
	}
	for i, r := range c.Requests {
		if i >= len(t.Answers) {
			errs = append(errs, fmt.Errorf("GET %s -> %d: nginx does not run", r.Path, r.Status))
		} else if !t.Answers[i].agrees(r) {
			errs = append(errs, fmt.Errorf("%s, the header says %d%s", t.Answers[i], r.Status, t.last(servers.Nginx)))
		}
	}
	return errors.Join(errs...)
}

// agrees reports whether the answers are those that a header asks for.
func (a Answers) agrees(r cases.Request) bool {
	n := 0
	for _, s := range a.Statuses {
		if s == r.Status {
			n++
		}
	}
	if r.Status == 200 {
		return n == len(a.Statuses)
	}
	return n > 0
}

// last returns the last lines that a server wrote, for an error.
func (t *Trial) last(by servers.Server) string {
	lines := t.Lines[by]
	return "\n\t" + strings.Join(lines[max(0, len(lines)-4):], "\n\t")
}
