//go:build linux

package lab

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/wp502lint/wp502lint/internal/cases"
)

// Stage brings about the condition under which a host fails although it starts
// and answers. The good example is put through the same.
type Stage struct {
	// Condition names it, after "under the tested condition".
	Condition string
	// Swap are texts of the configuration and what stands in their place, in
	// pairs: a minute is a second in the lab.
	Swap []string
	// Files are scripts that are put into the site, by name.
	Files map[string]string
	// Run reports whether a request failed as the rule says.
	Run func(b *Boot) (failed bool, err error)
}

// Stages are the conditions of the rules whose outcome needs one, by ID.
var Stages = map[string]*Stage{
	"WP108": {
		Condition: "a request over the time limit",
		Swap:      []string{"request_terminate_timeout = 30", "request_terminate_timeout = 1", "request_terminate_timeout = 90", "request_terminate_timeout = 8"},
		Files:     map[string]string{"slow.php": busyFor("3")},
		Run:       func(b *Boot) (bool, error) { return b.fails(502, "/slow.php", 1) },
	},
	"WP109": {Condition: "a reload during a request", Files: map[string]string{"slow.php": busyFor("1.5")}, Run: reloadMeanwhile},
	"WP110": {Condition: "POST requests, 8 at a time", Swap: []string{"pm.max_requests = 500", "pm.max_requests = 2"}, Run: postAndPost},
	// 1.9s is one second to PHP-FPM.
	"WP114": {
		Condition: "a request over the time limit as read",
		Swap:      []string{"request_terminate_timeout = 2.5m", "request_terminate_timeout = 1.9s", "request_terminate_timeout = 150s", "request_terminate_timeout = 2s"},
		Files:     map[string]string{"slow.php": busyFor("1.6")},
		Run:       func(b *Boot) (bool, error) { return b.fails(502, "/slow.php", 1) },
	},
	"WP208": {Condition: restart, Swap: oneWorker, Run: outlast},
	"WP415": {Condition: "20 requests at once", Run: func(b *Boot) (bool, error) { return b.fails(504, "/index.php", 20) }},
	"WP416": {
		Condition: "100 requests at once",
		Files:     map[string]string{"slow.php": busyFor("0.05")},
		Run:       func(b *Boot) (bool, error) { return b.fails(502, "/slow.php", 100) },
	},
	"WP417": {Condition: restart, Swap: oneWorker, Run: outlast},
}

const restart = "a restart of PHP-FPM during requests"

// oneWorker makes nginx a single worker: each finds out for itself which servers
// are down, and which of them gets a request is chance.
var oneWorker = []string{"worker_processes auto;", "worker_processes 1;"}

// docroot is where the site of the frame has its files.
const docroot = "/var/www/blog/"

// busyFor returns a script that takes some seconds and that no signal cuts
// short.
func busyFor(seconds string) string {
	return "<?php $end = microtime(true) + " + seconds + "; while (microtime(true) < $end) usleep(10000); echo \"slow\\n\";\n"
}

// set returns a case with what a stage needs. A nil stage changes nothing.
func (s *Stage) set(c *cases.Case) *cases.Case {
	if s == nil {
		return c
	}
	swap := strings.NewReplacer(s.Swap...)
	for name, text := range c.Texts() {
		if swapped := swap.Replace(text); swapped != text {
			c = withText(c, name, swapped)
		}
	}
	for name, text := range s.Files {
		c = withText(c, docroot+name, text)
	}
	return c
}

// withText returns a copy of a case in which a file has another text.
func withText(c *cases.Case, name, text string) *cases.Case {
	changed := *c
	changed.Files = slices.Clone(c.Files)
	i := slices.IndexFunc(changed.Files, func(f cases.File) bool { return f.Name == name })
	if i < 0 {
		i, changed.Files = len(changed.Files), append(changed.Files, cases.File{Name: name})
	}
	changed.Files[i].Text = text
	return &changed
}

// fails sends n requests at once and reports whether one is answered with
// status.
func (b *Boot) fails(status int, path string, n int) (bool, error) {
	answers, err := b.Get(path, n)
	return slices.ContainsFunc(answers, func(a Answer) bool { return a.Status == status }), err
}

// outlast takes the live server down for a moment: both are out for
// fail_timeout then, although the live one is back.
func outlast(b *Boot) (bool, error) {
	b.FPM[0].Stop()
	if _, err := b.Get("/index.php", 1); err != nil {
		return false, err
	}
	if _, err := b.start(b.Host.Masters[0]); err != nil {
		return false, err
	}
	return b.fails(502, "/index.php", 1)
}

// reloadMeanwhile reloads PHP-FPM while a request is under way.
func reloadMeanwhile(b *Boot) (failed bool, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		failed, err = b.fails(502, "/slow.php", 1)
	}()
	time.Sleep(300 * time.Millisecond) // until the request is with PHP
	signalled := b.FPM[0].signal(syscall.SIGUSR2)
	<-done
	if err == nil {
		err = signalled
	}
	return failed, err
}

// postAndPost sends requests that nginx does not repeat until one meets the end
// of a worker.
func postAndPost(b *Boot) (bool, error) {
	const clients, each = 8, 250 // one of 140 is enough, on average of five runs
	request, err := b.request("POST", "/index.php")
	if err != nil {
		return false, err
	}
	var failed atomic.Bool
	var group sync.WaitGroup
	for range clients {
		group.Go(func() {
			for n := 0; n < each && !failed.Load(); n++ {
				if request.send(b.Host.Patience).Status == 502 {
					failed.Store(true)
				}
			}
		})
	}
	group.Wait()
	return failed.Load(), nil
}
