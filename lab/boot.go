//go:build linux

package lab

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// Boot is a host whose servers were started.
type Boot struct {
	Host  *Host
	Nginx *Server // nil when the case has no main file of nginx
	FPM   []*Server

	programs Programs
	stopped  []*Server // masters that a later start replaced
}

// Boot starts the masters of PHP-FPM and then nginx, and waits until each
// serves or has refused. The caller stops what it returns. A server that does
// neither in time is an error.
func (h *Host) Boot(p Programs) (*Boot, error) {
	if len(h.Unstaged) > 0 {
		return nil, &Unstaged{h.Unstaged}
	}
	b := &Boot{Host: h, programs: p}
	for i := range h.masters {
		s, err := b.startFPM(i)
		if s != nil {
			b.FPM = append(b.FPM, s)
		}
		if err != nil {
			return nil, errors.Join(err, b.Stop())
		}
	}
	if h.nginx == nil {
		return b, nil
	}
	s, err := h.start(servers.Nginx, p.Nginx, h.nginx, nil, h.mover.logs, func(*Server) bool {
		info, err := os.Stat(h.pid)
		return err == nil && info.Size() > 0
	})
	if b.Nginx = s; err != nil {
		return nil, errors.Join(err, b.Stop())
	}
	return b, nil
}

// Unstaged is the error of a host that cannot be put on a loopback.
type Unstaged struct{ Why []string }

func (u *Unstaged) Error() string { return "not staged: " + strings.Join(u.Why, "; ") }

// startFPM starts master number i.
func (b *Boot) startFPM(i int) (*Server, error) {
	start := b.Host.masters[i]
	began := time.Now()
	env := []string{"PHP_INI_SCAN_DIR=" + start.scan}
	return b.Host.start(servers.FPM, b.programs.For(start.version), start.args, env, []string{start.log}, func(s *Server) bool {
		return s.said("ready to handle connections") || start.quiet && time.Since(began) > time.Second
	})
}

// RestartFPM starts a master again that was stopped.
func (b *Boot) RestartFPM(i int) error {
	s, err := b.startFPM(i)
	if s != nil {
		b.stopped = append(b.stopped, b.FPM[i])
		b.FPM[i] = s
	}
	return err
}

// Stop ends every server.
func (b *Boot) Stop() error {
	var errs []error
	if b.Nginx != nil {
		errs = append(errs, b.Nginx.Stop())
	}
	for _, s := range b.FPM {
		errs = append(errs, s.Stop())
	}
	return errors.Join(errs...)
}

// Refused returns the servers of a kind that refused to start.
func (b *Boot) Refused(by servers.Server) (refused []*Server) {
	for _, s := range b.servers(by) {
		if s.Refused {
			refused = append(refused, s)
		}
	}
	return refused
}

func (b *Boot) servers(by servers.Server) []*Server {
	if by == servers.FPM {
		return append(slices.Clone(b.stopped), b.FPM...)
	}
	if b.Nginx == nil {
		return nil
	}
	return []*Server{b.Nginx}
}

// Lines returns what the servers of a kind wrote, as it would read on the host
// of the case.
func (b *Boot) Lines(by servers.Server) (lines []string) {
	for _, s := range b.servers(by) {
		for _, line := range s.lines() {
			lines = append(lines, b.Host.restore(line))
		}
	}
	return lines
}

var portInText = regexp.MustCompile(`:\d{5}\b`)

// restore turns the paths and ports of this machine back to those of the case.
func (h *Host) restore(line string) string {
	line = strings.ReplaceAll(line, h.Dir, "")
	return portInText.ReplaceAllStringFunc(line, func(s string) string {
		n, _ := strconv.Atoi(s[1:])
		for port, free := range h.mover.ports {
			if int(free) == n {
				return ":" + strconv.Itoa(int(port))
			}
		}
		return s
	})
}

// Answer is what a request was answered with.
type Answer struct {
	Status int
	Body   string // its first 64 KiB
}

// Get asks the first site of the case, by its name, for a path.
func (b *Boot) Get(path string) (Answer, error) {
	if len(b.Host.Model.Sites) == 0 {
		return Answer{}, errors.New("the case has no site")
	}
	return b.GetFrom(b.Host.Model.Sites[0], path)
}

// GetFrom asks a site of the case, by its name, for a path.
func (b *Boot) GetFrom(site *stack.Site, path string) (Answer, error) {
	return b.request("GET", site, path)
}

func (b *Boot) request(method string, site *stack.Site, path string) (a Answer, err error) {
	if b.Nginx == nil || b.Nginx.Refused {
		return a, errors.New("nginx does not run")
	}
	network, address, secure := b.Host.door(site)
	if network == "" {
		return a, fmt.Errorf("the site %s listens nowhere that is known", site.Name())
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}
	transport := &http.Transport{DialContext: dial, DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} // its own certificate
	client := &http.Client{Transport: transport, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	scheme := "http"
	if secure {
		scheme = "https"
	}
	ask, err := http.NewRequest(method, scheme+"://"+nameOf(site)+path, nil)
	if err != nil {
		return a, err
	}
	answer, err := client.Do(ask)
	if err != nil {
		return a, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	return Answer{answer.StatusCode, string(body)}, err
}

// GetAtOnce sends n requests at the same time.
func (b *Boot) GetAtOnce(path string, n int) ([]Answer, error) {
	answers, errs := make([]Answer, n), make([]error, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { answers[i], errs[i] = b.Get(path) })
	}
	group.Wait()
	return answers, errors.Join(errs...)
}

// nameOf returns the name by which a site is asked.
func nameOf(site *stack.Site) string {
	for _, name := range site.Names {
		if name != "" && name != "_" && !strings.ContainsAny(name, "*~\"$") {
			return strings.TrimPrefix(name, ".")
		}
	}
	return "localhost"
}

// door returns the first address of this machine at which a site listens; the
// empty network when there is none.
func (h *Host) door(site *stack.Site) (network, address string, secure bool) {
	for _, l := range site.Listens {
		secure = slices.Contains(strings.Fields(l.At.Text()), "ssl")
		switch e := l.Endpoint; {
		case l.UDP:
		case e.Network == netaddr.Unix:
			return "unix", h.mover.place(e.Path), secure
		case e.Network == netaddr.TCP:
			host := e.Addr.String()
			if e.Addr.IsUnspecified() && e.Addr.Is4() {
				host = "127.0.0.1"
			} else if e.Addr.IsUnspecified() {
				host = "::1"
			}
			return "tcp", net.JoinHostPort(host, strconv.Itoa(int(h.mover.ports[e.Port]))), secure
		}
	}
	return "", "", false
}
