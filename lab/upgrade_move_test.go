//go:build linux

package lab

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/tree"
	"github.com/wp502lint/wp502lint/upgrade"
)

// move is a host whose PHP changes under load.
type move struct {
	*Boot
	stack   upgradeStack
	units   map[string]*unit
	forward *upgrade.Plan
}

// unit is a service of PHP-FPM.
type unit struct {
	command Command
	process *Process // nil if it does not run
}

// move returns the host that runs, with both versions of PHP-FPM, as their packages start them.
func (s upgradeStack) move(b *Boot) (*move, error) {
	m := &move{Boot: b, stack: s, units: map[string]*unit{}}
	b.Observed.Logs = map[string]string{}
	for i, c := range b.Host.Masters {
		version := strings.Split(c.Args[slices.Index(c.Args, "-y")+1], "/")[3]
		m.units["php"+version+"-fpm"] = &unit{c, b.FPM[i]}
	}
	for _, p := range b.started {
		if p.Refused != "" {
			return nil, fmt.Errorf("%s: %s: %s", p.Args[0], p.Refused, p.wrote())
		}
	}
	return m, nil
}

// carryOut plans, writes the files and runs the commands. Then there has to be nothing left to do,
// and no error.
func (m *move) carryOut(from, to string) (*upgrade.Plan, error) {
	p, machine, err := m.plan(from, to)
	if err != nil {
		return nil, err
	}
	if p.Failed() {
		return nil, fmt.Errorf("refused: %s; left %d; errors after: %v", p.Refused, len(p.Left), errorsOf(p.After))
	}
	if p.Empty() {
		return nil, fmt.Errorf("nothing is planned: %v", p.Steps)
	}
	if err := machine.Amend(p.Files); err != nil {
		return nil, err
	}
	if err := m.runAll(p.Commands); err != nil {
		return nil, err
	}
	again, _, err := m.plan(from, to)
	switch {
	case err != nil:
		return nil, err
	case !again.Empty() || again.Refused != "":
		return nil, fmt.Errorf("a second plan changes %v: %s", again.Files, again.Refused)
	}
	if left := errorsOf(again.Before); left != nil {
		return nil, fmt.Errorf("check finds %v", left)
	}
	return p, nil
}

// plan plans on the host as it is.
func (m *move) plan(from, to string) (*upgrade.Plan, *tree.Tree, error) {
	machine, err := tree.New("/")
	if err != nil {
		return nil, nil, err
	}
	p, err := upgrade.Make(upgrade.Options{
		Engine: engine.Options{Tree: machine},
		From:   from, To: to, In: m.stack.in, DropOld: m.stack.in == nil && !m.stack.keep,
	})
	return p, machine, err
}

func errorsOf(findings []lint.Finding) (list []string) {
	for i := range findings {
		if f := &findings[i]; f.Severity() == lint.Error {
			list = append(list, f.At.File.Name+": "+f.Message)
		}
	}
	return list
}

// goBack puts the files back, as git apply --reverse does, and runs the commands for that.
func (m *move) goBack(p *upgrade.Plan) error {
	for _, a := range slices.Backward(p.Files) {
		var err error
		switch a.Kind {
		case tree.Create, tree.MakeLink:
			err = os.Remove(a.Name)
		case tree.Edit:
			if err = os.WriteFile(a.Name+".back", []byte(a.Old), 0o644); err == nil {
				err = os.Rename(a.Name+".back", a.Name)
			}
		case tree.RemoveLink:
			err = os.Symlink(a.Old, a.Name)
		}
		if err != nil {
			return err
		}
	}
	return m.runAll(p.Back)
}

// longest is how long a command may take: what it waits for takes some seconds, but not the minute
// after which it gives up.
const longest = 40 * time.Second

// runAll runs commands as someone does who copies their lines.
func (m *move) runAll(commands []upgrade.Command) error {
	for _, c := range commands {
		if words := strings.Fields(c.Line); words[0] == "systemctl" {
			if err := m.systemctl(words[1], words[2:]...); err != nil {
				return fmt.Errorf("%s: %w", c.Line, err)
			}
			continue
		}
		shell, begun := exec.Command("/bin/sh", "-c", c.Line), time.Now()
		shell.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}
		if out, err := shell.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", c.Line, err, out)
		}
		if took := time.Since(begun); took > longest {
			return fmt.Errorf("%s: it took %v", c.Line, took)
		}
	}
	return nil
}

// systemctl does what systemd does.
func (m *move) systemctl(do string, names ...string) (err error) {
	if do == "enable" || do == "disable" || do == "daemon-reload" {
		return nil
	}
	if name := names[0]; name == "nginx" {
		return m.Nginx.signal(syscall.SIGHUP)
	} else if name == "apache2" {
		return m.Apache.signal(syscall.SIGUSR1)
	}
	u := m.units[names[0]]
	if u == nil {
		return errors.New("no such unit")
	}
	if do == "reload-or-restart" {
		if do = "start"; u.process != nil {
			do = "reload"
		}
	}
	switch {
	case do == "reload" && u.process != nil:
		return u.process.signal(syscall.SIGUSR2)
	case do == "stop" && u.process != nil, do == "restart" && u.process != nil:
		u.process.Stop()
		u.process = nil
	}
	if do == "stop" || u.process != nil {
		return nil
	}
	if u.process, err = m.start(u.command, jail{}); err == nil && u.process.Refused != "" {
		err = fmt.Errorf("%s: %s", u.process.Refused, u.process.wrote())
	}
	return err
}

// clients is how many clients request the host at once.
const clients = 4

// loadSummary is the form of what the clients got.
const loadSummary = "%d requests in %f s, %d not 200"

// load is what clients get while something happens.
type load struct {
	group sync.WaitGroup
	done  chan struct{}
	begun time.Time

	mu   sync.Mutex
	sent int
	bad  []string
}

// request starts clients that request sites until done is closed: each a site after another, and
// every fourth one for longer.
func (l *load) request(sites []Request) {
	l.done, l.begun = make(chan struct{}), time.Now()
	for client := range clients {
		l.group.Go(func() {
			for i := client; ; i++ {
				select {
				case <-l.done:
					return
				case <-time.After(20 * time.Millisecond):
				}
				r := sites[i%len(sites)]
				if i%4 == 0 {
					r.Path += "?ms=120"
				}
				l.add(r.get(patience))
			}
		})
	}
}

func (l *load) add(a Answer, body string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent++
	if a.Status != http.StatusOK || !strings.HasSuffix(body, "/php.ini\n") { // or cut off
		l.bad = append(l.bad, fmt.Sprintf("after %v: %d %s %s", time.Since(l.begun), a.Status, a.Err, body))
	}
}

// under goes a way while clients request all sites. It fails if an answer is not 200, or if a
// site is served by the wrong version at the end.
func (m *move) under(w way) error {
	const before, after = 200 * time.Millisecond, 200 * time.Millisecond
	l := &load{}
	l.request(m.Host.Requests)
	time.Sleep(before)
	err := w.do(m)
	time.Sleep(after)
	close(l.done)
	l.group.Wait()
	m.Observed.Logs[w.name] = fmt.Sprintf(loadSummary, l.sent, time.Since(l.begun).Seconds(), len(l.bad))
	if err != nil || l.bad != nil {
		logs := readLogs([]string{"/var/log/nginx/error.log", "/var/log/apache2/error.log", "/var/log/php*"}, map[string]bool{})
		return errors.Join(err, fmt.Errorf("%s: %q\n%s", m.Observed.Logs[w.name], l.bad[:min(len(l.bad), 5)], strings.Join(logs, "\n")))
	}
	for _, r := range m.Host.Requests {
		want := w.to
		switch {
		case slices.Contains(m.stack.stay, r.Host):
			want = "8.2"
		case slices.Contains(m.stack.already, r.Host):
			want = w.already
		}
		if _, body := r.get(patience); !strings.Contains(body, "/"+want+"/") {
			return fmt.Errorf("%s is served by %s, want PHP %s", r.Host, body, want)
		}
	}
	return nil
}
