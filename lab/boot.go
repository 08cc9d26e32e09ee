//go:build linux

package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/wp502lint/wp502lint/servers"
)

// Boot is a host whose servers have been started inside a sandbox.
type Boot struct {
	Host   *Host
	FPM    []*Process
	Nginx  *Process // nil if the host has none
	Apache *Process // likewise
	// Observed is what was seen so far, for a stage to add to.
	Observed *Result

	base    *os.Root // of the sandbox, outside the root of the case
	null    *os.File
	started []*Process // all of them, including those that a later start replaced
	tunnel  *tunnel    // after boot
}

// relay returns what passes requests on.
func (b *Boot) relay(by string) relay {
	switch by {
	case "tunnel":
		return b.tunnel
	case "edge":
		return edge{}
	}
	return nil
}

// try lays a host out, starts its servers, sends its requests, creates the condition
// of its stage and stops everything.
func (b *Boot) try() (r *Result, err error) {
	if b.Host.Containers != nil {
		return b.tryProject()
	}
	if err := mountRoot(caseDir); err != nil {
		return nil, errors.Join(err, unmountRoot())
	}
	defer func() { err = errors.Join(err, unmountRoot()) }()
	err = inRoot(caseDir, func() (err error) {
		defer func() { err = errors.Join(err, b.end()) }()
		if err := b.Host.layOut(); err != nil {
			return fmt.Errorf("laying out the case: %w", err)
		}
		if err := b.boot(); err != nil {
			return err
		}
		r, err = b.observe()
		return err
	})
	return r, err
}

// end ends everything in the sandbox.
func (b *Boot) end() (err error) {
	endAll(b.started)
	for _, p := range b.started {
		err = errors.Join(err, p.out.Close())
	}
	return err
}

func unmountRoot() error { return syscall.Unmount(caseDir, syscall.MNT_DETACH) }

// inRoot calls f with another root of this process.
func inRoot(dir string, f func() error) error {
	out, err := os.Open("/")
	if err != nil {
		return err
	}
	defer out.Close()
	if err := syscall.Chroot(dir); err != nil {
		return err
	}
	return errors.Join(os.Chdir("/"), f(), out.Chdir(), syscall.Chroot("."))
}

// boot starts the masters of PHP-FPM and then the web servers, and waits until each serves or
// has refused to start.
func (b *Boot) boot() (err error) {
	b.tunnel = b.Host.Tunnel.open()
	for _, c := range b.Host.Masters {
		p, err := b.start(c, jail{})
		if err != nil {
			return err
		}
		b.FPM = append(b.FPM, p)
	}
	if b.Host.Nginx != nil {
		if b.Nginx, err = b.start(*b.Host.Nginx, jail{}); err != nil {
			return err
		}
	}
	if b.Host.Apache != nil {
		b.Apache, err = b.start(*b.Host.Apache, jail{})
	}
	return err
}

// serves reports whether the web server runs that gets the requests.
func (b *Boot) serves() bool {
	web := b.Nginx
	if web == nil {
		web = b.Apache
	}
	return web != nil && web.Refused == ""
}

// observe sends the requests of the host and collects what its servers wrote.
func (b *Boot) observe() (*Result, error) {
	r := b.result()
	if b.serves() {
		for _, request := range b.Host.Requests {
			request.relay = b.relay(request.By)
			send := func() { r.Answers = append(r.Answers, request.sendAll(b.Host.Patience, nil)) }
			if request.By != "edge" {
				send()
			} else if err := withEdge(send); err != nil {
				return r, err
			}
		}
	}
	var err error
	b.Observed = r
	if stage := Stages[b.Host.Stage]; stage != nil {
		var failed bool
		if failed, err = stage.Run(b); failed {
			r.Failed = stage.Condition
		}
	}
	r.Lines[servers.Cloudflared] = b.tunnel.lines
	// A server may write messages about a worker after it stops it.
	for _, p := range slices.Backward(b.started) {
		p.Stop()
	}
	logs := map[string]bool{}
	for _, p := range b.started {
		r.Lines[p.By] = append(r.Lines[p.By], linesOf(p.wrote())...)
		r.Lines[p.By] = append(r.Lines[p.By], readLogs(p.Logs, logs)...)
	}
	return r, err
}

// result returns what is known after the start.
func (b *Boot) result() *Result {
	r := &Result{Apache: b.Host.Nginx == nil && b.Host.Apache != nil, Refusals: map[servers.Server]string{}, Lines: map[servers.Server][]string{}}
	for _, p := range b.started {
		if p.Refused != "" {
			r.Refusals[p.By] = p.Refused
			r.Accepted = r.Accepted || p.Accepted
		}
	}
	return r
}

// readLogs returns the lines of the files that patterns match, each file once.
func readLogs(patterns []string, seen map[string]bool) (lines []string) {
	for _, pattern := range patterns {
		names, _ := filepath.Glob(pattern)
		for _, name := range names {
			info, err := os.Stat(name)
			if seen[name] || strings.Contains(name, "access") || err != nil || !info.Mode().IsRegular() {
				continue
			}
			seen[name] = true
			text, _ := os.ReadFile(filepath.Clean(name))
			lines = append(lines, linesOf(string(text))...)
		}
	}
	return lines
}

func linesOf(text string) []string {
	if text = strings.TrimRight(text, "\n"); text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// Get sends n concurrent requests for a path to the first site of the host.
func (b *Boot) Get(path string, n int) ([]Answer, error) {
	r, err := b.request("GET", path)
	if err != nil {
		return nil, err
	}
	r.Times = n
	return r.sendAll(b.Host.Patience, nil).Answers, nil
}

// request returns a request to the first site of the host.
func (b *Boot) request(method, path string) (Request, error) {
	r := b.Host.Site
	if !b.serves() || r.Endpoint.Network == 0 {
		return r, errors.New("no site is served at a known address")
	}
	r.Method, r.Path = method, path
	return r, nil
}

// patience is the timeout of an answer unless a host sets its own.
const patience = 10 * time.Second
