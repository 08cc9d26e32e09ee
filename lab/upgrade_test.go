//go:build linux

package lab

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wp502lint/wp502lint/upgrade"
)

// TestUpgrade carries plans out on hosts while they are requested: to the next PHP version, back
// again, forward once more, and down to the old version by a plan of its own. All answers have to
// be 200, and the last ones from the version that the way leads to.
func TestUpgrade(t *testing.T) {
	t.Parallel() // it waits while others work
	tried := tryUpgrades(t, slices.Sorted(maps.Keys(upgradeStacks)), upgradeStage)
	requests, seconds := 0, 0.0
	for name, r := range tried {
		t.Run(name, func(t *testing.T) {
			for _, way := range slices.Sorted(maps.Keys(r.Logs)) {
				t.Logf("%s: %s", way, r.Logs[way])
				var sent, failed int
				var took float64
				if _, err := fmt.Sscanf(r.Logs[way], loadSummary, &sent, &took, &failed); err != nil || failed > 0 {
					t.Errorf("%s: %q: %v", way, r.Logs[way], err)
				}
				requests, seconds = requests+sent, seconds+took
			}
			if len(r.Logs) != len(ways) {
				t.Errorf("%d ways, want %d", len(r.Logs), len(ways))
			}
		})
	}
	t.Logf("%d hosts: %d requests in %.0f s, %.0f a second and host, all 200", len(tried), requests, seconds, float64(requests)/seconds)
	if requests < 300*len(upgradeStacks) {
		t.Errorf("only %d requests", requests)
	}
}

// The load of TestUpgrade finds a gap: here the old PHP-FPM stops before the web server leaves it.
func TestUpgradeTooEarly(t *testing.T) {
	t.Parallel() // it waits while others work
	for name, r := range tryUpgrades(t, []string{"the stock pool", "Apache"}, hastyStage) {
		if got := r.Logs[ways[0].name]; !strings.Contains(got, "not 200") || strings.Contains(got, " 0 not 200") {
			t.Errorf("%s: %s, want answers that are not 200", name, got)
		}
	}
}

// tryUpgrades tries stacks with the stages of that name. They wait more than they work, so several
// run at once.
func tryUpgrades(t *testing.T, stacks []string, stage func(stack string) string) map[string]*Result {
	t.Helper()
	programs := needServers(t)
	if os.Getenv("WP502LINT_LAB") != "1" {
		t.Skip("only in the lab")
	}
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		tried = map[string]*Result{}
		slots = make(chan bool, 4)
	)
	for _, name := range stacks {
		group.Go(func() {
			slots <- true
			defer func() { <-slots }()
			r, err := upgradeStacks[name].try(programs[0], stage(name))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			tried[name] = r
		})
	}
	group.Wait()
	return tried
}

func (s upgradeStack) try(p Programs, stage string) (*Result, error) {
	c, err := s.host(p)
	if err != nil {
		return nil, err
	}
	h, err := NewHost(c, p)
	if err != nil {
		return nil, err
	}
	h.Stage = stage
	for _, name := range s.sites {
		request := h.Site
		request.Host, request.Path = name, "/index.php"
		h.Requests = append(h.Requests, request)
	}
	return Try(h)
}

func upgradeStage(stack string) string { return "upgrade " + stack }

func hastyStage(stack string) string { return "hasty upgrade " + stack }

// stageUpgrades adds the upgrades to the stages of the lab.
func stageUpgrades() {
	for name, s := range upgradeStacks {
		Stages[upgradeStage(name)] = &Stage{Condition: name, Run: s.goAll}
		Stages[hastyStage(name)] = &Stage{Condition: name, Run: s.goHastily}
	}
}

// way is a change of the PHP that serves a host.
type way struct {
	name string
	// to is the version that serves the sites that move, and already the one that serves those which
	// had 8.4 from the start.
	to, already string
	do          func(m *move) error
}

var ways = []way{
	{"1 forward", "8.4", "8.4", func(m *move) (err error) {
		m.forward, err = m.carryOut("8.2", "8.4")
		return err
	}},
	{"2 back", "8.2", "8.4", func(m *move) error { return m.goBack(m.forward) }},
	{"3 forward again", "8.4", "8.4", func(m *move) error {
		again, err := m.carryOut("8.2", "8.4")
		if err == nil && !slices.Equal(again.Files, m.forward.Files) {
			err = errors.New("the second plan differs from the first")
		}
		return err
	}},
	{"4 down", "8.2", "8.2", func(m *move) error {
		_, err := m.carryOut("8.4", "8.2")
		return err
	}},
}

// goAll goes all ways under load.
func (s upgradeStack) goAll(b *Boot) (bool, error) {
	m, err := s.move(b)
	if err != nil {
		return false, err
	}
	for _, w := range ways {
		if err := m.under(w); err != nil {
			return false, fmt.Errorf("%s: %w", w.name, err)
		}
	}
	return false, nil
}

// goHastily goes the first way and stops the old PHP-FPM too early.
func (s upgradeStack) goHastily(b *Boot) (bool, error) {
	m, err := s.move(b)
	if err != nil {
		return false, err
	}
	early := ways[0]
	early.do = func(m *move) error {
		p, tree, err := m.plan("8.2", "8.4")
		if err != nil {
			return err
		}
		stop := slices.IndexFunc(p.Commands, func(c upgrade.Command) bool { return c.Do == "stop" })
		commands := slices.Concat(p.Commands[stop:stop+1], p.Commands[:stop], p.Commands[stop+1:])
		return errors.Join(tree.Amend(p.Files), m.runAll(commands))
	}
	_ = m.under(early) // what the clients got is in its summary
	return false, nil
}
