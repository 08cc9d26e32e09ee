//go:build linux

package lab

import (
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/wp502lint/wp502lint/internal/cases"
)

// Stage creates the condition under which a host fails although it starts and
// answers. The good example goes through the same condition.
type Stage struct {
	// Condition is its name, worded to follow "under the tested condition".
	Condition string
	// Swap are texts of the configuration and their replacements, in pairs: a
	// minute becomes a second in the lab.
	Swap []string
	// Files are scripts that are added to the site, by name.
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
		Run:       func(b *Boot) (bool, error) { return b.failsBadly("/slow.php", 1) },
	},
	"WP109": {Condition: "a reload during a request", Files: map[string]string{"slow.php": busyFor("3")}, Run: reloadMeanwhile},
	"WP110": {
		Condition: "a POST while the last request of a worker ends",
		Swap:      append([]string{"pm.max_requests = 500", "pm.max_requests = 1"}, oneWorker...),
		Files:     map[string]string{"late.php": "<?php echo \"late\\n\"; fastcgi_finish_request(); sleep(1);\n"},
		Run:       postAtEnd,
	},
	// PHP-FPM reads 1.9s as one second.
	"WP114": {
		Condition: "a request over the time limit as read",
		Swap:      []string{"request_terminate_timeout = 2.5m", "request_terminate_timeout = 1.9s", "request_terminate_timeout = 150s", "request_terminate_timeout = 2s"},
		Files:     map[string]string{"slow.php": busyFor("1.6")},
		Run:       func(b *Boot) (bool, error) { return b.failsBadly("/slow.php", 1) },
	},
	"WP208": {Condition: restart, Swap: oneWorker, Run: outlast},
	"WP415": {Condition: "20 requests at once", Run: func(b *Boot) (bool, error) { return b.fails(504, "/index.php", 20) }},
	"WP416": {
		Condition: "100 requests at once",
		Files:     map[string]string{"slow.php": busyFor("0.05")},
		Run:       func(b *Boot) (bool, error) { return b.failsBadly("/slow.php", 100) },
	},
	"WP417": {Condition: restart, Swap: oneWorker, Run: outlast},
	// A request takes longer than another waits for its connection.
	"WP428": {
		Condition: "9 requests at once",
		Files:     map[string]string{"slow.php": busyFor("1")},
		Run:       func(b *Boot) (bool, error) { return b.failsBadly("/slow.php", 9) },
	},
	"WP505": {Condition: "a file through the tunnel", Run: func(b *Boot) (bool, error) {
		r, err := b.request("GET", "/style.css")
		r.relay = b.tunnel
		return err == nil && r.send(b.Host.Patience).Status == http.StatusBadGateway, err
	}},
	// See TryCase.
	unordered: {Condition: "the container of nginx starts first"},
}

// unordered is the rule whose stage is the order in which containers start.
const unordered = "WP423"

const restart = "a restart of PHP-FPM during requests"

// oneWorker gives nginx a single worker: each worker detects separately which servers
// are down, and which worker gets a request is random.
var oneWorker = []string{"worker_processes auto;", "worker_processes 1;"}

// docroot is the directory with the site of the frame.
const docroot = "/var/www/blog/"

// busyFor returns a script that runs for some seconds and that no signal interrupts.
func busyFor(seconds string) string {
	return "<?php $end = microtime(true) + " + seconds + "; while (microtime(true) < $end) usleep(10000); echo \"slow\\n\";\n"
}

// set returns a case with the changes of a stage. A nil stage changes nothing.
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

// withText returns a copy of a case with a different text for one file.
func withText(c *cases.Case, name, text string) *cases.Case {
	changed := *c
	others := slices.DeleteFunc(slices.Clone(c.Files), func(f cases.File) bool { return f.Name == name })
	changed.Files = append(others, cases.File{Name: name, Text: text})
	return &changed
}

// fails sends n concurrent requests and reports whether one is answered with status.
func (b *Boot) fails(status int, path string, n int) (bool, error) {
	answers, err := b.Get(path, n)
	return slices.ContainsFunc(answers, func(a Answer) bool { return a.Status == status }), err
}

// badGateway is the status with which the web server answers for a dead pool.
func (b *Boot) badGateway() int {
	if b.Host.Nginx == nil {
		return 503 // Apache
	}
	return 502
}

// failsBadly is fails with that status.
func (b *Boot) failsBadly(path string, n int) (bool, error) { return b.fails(b.badGateway(), path, n) }

// outlast stops the live server briefly: both are then marked down for fail_timeout,
// although the live one is back.
func outlast(b *Boot) (bool, error) {
	b.FPM[0].Stop()
	if _, err := b.Get("/index.php", 1); err != nil {
		return false, err
	}
	if _, err := b.start(b.Host.Masters[0], jail{}); err != nil {
		return false, err
	}
	return b.failsBadly("/index.php", 1)
}

// reloadMeanwhile reloads PHP-FPM during a request.
func reloadMeanwhile(b *Boot) (failed bool, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		failed, err = b.failsBadly("/slow.php", 1)
	}()
	time.Sleep(time.Second) // until PHP has the request
	signalled := b.FPM[0].signal(syscall.SIGUSR2)
	<-done
	if err == nil {
		err = signalled
	}
	return failed, err
}

// postAtEnd sends a POST while the worker of the one before is at its end: PHP goes on after the answer,
// and the web server keeps a connection that nobody reads any more.
func postAtEnd(b *Boot) (bool, error) {
	for _, path := range []string{"/late.php", "/index.php"} {
		request, err := b.request("POST", path)
		if err != nil {
			return false, err
		}
		if request.send(b.Host.Patience).Status == b.badGateway() {
			return true, nil
		}
	}
	return false, nil
}
