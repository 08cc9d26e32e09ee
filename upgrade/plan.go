// Package upgrade plans how a host goes from one PHP version to another without a
// failed request: which pools the new PHP-FPM needs and where they listen, what changes in
// nginx and Apache, and the commands in their order. It writes nothing.
//
// The old PHP-FPM goes on serving until the web server passes everything to the new one, so a
// pool never takes over the address of another: an address changes hands only with a gap, and
// a master that finds it taken does not start (measured on PHP-FPM 8.2).
package upgrade

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

// Options say what to plan.
type Options struct {
	// Engine says what to read and how to judge it; its Tree is the host.
	Engine engine.Options
	// From and To are PHP versions, such as 8.2 and 8.4.
	From, To string
	// In are files and directories in the tree: only the sites in them move, and the old
	// PHP-FPM goes on. nil: all.
	In []string
	// DropOld also stops and disables the old PHP-FPM, once nothing passes to it.
	DropOld bool
}

// Plan is what an upgrade does.
type Plan struct {
	From, To string
	// Refused is why nothing can be done, and nothing is to be written; "" if there is
	// something to do, or nothing is left to do.
	Refused string
	// Unread is set if that is because a file cannot be read.
	Unread bool
	// Steps are what is done and what has to be known, in order.
	Steps []Step
	// Files are the changes, new files first.
	Files []tree.Amendment
	// Commands are to be run in this order after the files are written; Back are those that
	// undo them once the files are as before.
	Commands, Back []Command
	// Before and After are the findings on the host as it is and with the plan, and Brought
	// those of After that the plan brings.
	Before, After, Brought []lint.Finding
	// Left are the lines that still pass to the old version afterwards, though they should not.
	Left []source.Span
	// Result is the run on the host as it is.
	Result *engine.Result
}

// Step is one part of a plan.
type Step struct {
	Kind Kind
	// Text is what is done, or what has to be known, as a sentence without its full stop.
	Text string
	// Why is the reason; "" if it needs none.
	Why string
	// At is the line that it is about; the zero Span for none.
	At source.Span
	// Path is the file that it is about; "" if At says it.
	Path string
}

// Kind is what a step is about.
type Kind string

// The kinds of steps. Tell is for what the plan leaves to people.
const (
	Extensions Kind = "extension"
	Pools      Kind = "pool"
	Settings   Kind = "setting"
	Units      Kind = "unit"
	Gateways   Kind = "gateway"
	Images     Kind = "image"
	Tell       Kind = "tell"
)

// Command is one command of a plan. Do is what it does: test, start, reload,
// reload-or-restart, restart, stop, enable, disable, daemon-reload, wait or check.
type Command struct {
	Do   string `json:"do"`
	What string `json:"what,omitempty"` // a unit, without .service
	Line string `json:"line"`           // to copy
	// Seconds is how long a wait takes at least where its line cannot be run; 0 for others.
	Seconds int    `json:"seconds,omitempty"`
	Why     string `json:"why,omitempty"`
}

// Empty reports whether the plan changes no file.
func (p *Plan) Empty() bool { return len(p.Files) == 0 }

// Holds reports whether the plan may be written: it is not refused, brings no error, and
// leaves no server that does not start.
func (p *Plan) Holds() bool { return p.Refused == "" }

// Failed reports whether the host has an error after the plan, not every site moves, or the plan
// is refused.
func (p *Plan) Failed() bool {
	return p.Refused != "" || len(p.Left) > 0 || slices.ContainsFunc(p.After, func(f lint.Finding) bool { return f.Severity() == lint.Error })
}

// Make plans an upgrade. The error is that of engine.Open.
func Make(o Options) (*Plan, error) {
	e, err := engine.Open(o.Engine)
	if err != nil {
		return nil, err
	}
	p := &planner{opts: o, Plan: &Plan{From: o.From, To: o.To, Result: e.Lint(nil)}, drafts: map[string]*draft{}, targets: map[*stack.Pool]*target{}, told: map[string]bool{}}
	p.stack, p.Before = p.Result.Stack, p.Result.Findings
	p.After = p.Before
	p.readStatus()
	if p.Refused = p.plan(); p.Refused != "" {
		p.Steps, p.Files, p.Commands = nil, nil, nil
		return p.Plan, nil
	}
	p.Files = p.amendments()
	if err := p.judge(); err != nil {
		return nil, err
	}
	return p.Plan, nil
}

// planner makes one plan.
type planner struct {
	*Plan
	opts      Options
	stack     *stack.Stack
	old, new  edition
	drafts    map[string]*draft // by resolved name
	order     []*draft
	targets   map[*stack.Pool]*target // where the requests of an old pool go
	status    string                  // of dpkg
	addresses addresses
	told      map[string]bool
	// reload is set if the new PHP-FPM already answers a site, so that it may not restart;
	// fresh if its files change, and daemon if those of its unit do.
	reload, fresh, daemon bool
	project               bool            // containers of a project, not a host
	installs              bool            // the project gets another image or other packages
	webs                  map[string]bool // the web servers whose files change, by unit
}

// plan makes the steps and the drafts, or returns why nothing can be done.
func (p *planner) plan() string {
	if why := p.versions(); why != "" {
		return why
	}
	switch why := p.editions(); {
	case why != "" && p.old.layout == nil && p.inPlace():
		return ""
	case why != "" && p.old.layout == nil && p.inContainers(p.From):
		return p.planProject()
	case why != "" && p.old.layout == nil && p.inContainers(p.To):
		p.tell(Step{Text: fmt.Sprintf("no container runs PHP %s; nothing has to change", p.From)})
		return ""
	case why != "":
		return why
	}
	if why := p.unread(); why != "" {
		p.Unread = true
		return why
	}
	moving := p.moving()
	links := p.enabledLinks()
	if len(moving) == 0 && len(links) == 0 {
		p.tell(Step{Text: fmt.Sprintf("nothing passes to PHP %s; nothing has to change", p.From)})
		return ""
	}
	if why := p.generated(moving); why != "" {
		return why
	}
	p.reload = p.serves(p.new)
	p.extensions()
	p.carryPools(moving)
	p.carryGlobal()
	p.carryIni()
	p.carryUnit()
	p.moveGateways(moving)
	p.moveLinks(links)
	p.mentions()
	p.commands()
	return ""
}

// versions returns what is wrong with the two versions.
func (p *planner) versions() string {
	for _, v := range []string{p.From, p.To} {
		major, minor, ok := strings.Cut(v, ".")
		if !ok || major == "" || minor == "" || strings.Trim(major+minor, "0123456789") != "" {
			return fmt.Sprintf("%q is not a PHP version; one has the form 8.4", v)
		}
	}
	if p.From == p.To {
		return "--from and --to are both " + p.To
	}
	return ""
}

// do adds a step that changes something.
func (p *planner) do(s Step) { p.Steps = append(p.Steps, s) }

// tell adds a step for people, once.
func (p *planner) tell(s Step) {
	s.Kind = Tell
	if !p.told[s.Text+s.Path] {
		p.told[s.Text+s.Path] = true
		p.Steps = append(p.Steps, s)
	}
}
