package upgrade

import (
	"fmt"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// carryUnit carries the drop-ins of the old unit.
func (p *planner) carryUnit() {
	const top = "/etc/systemd/system"
	old, now := path.Join(top, p.old.unit+".service.d"), path.Join(top, p.new.unit+".service.d")
	if old == now || p.opts.In != nil {
		return
	}
	names, _ := p.tree().Glob(tree.EscapeGlob(old) + "/*.conf")
	for _, name := range names {
		p.carryDropIn(name, path.Join(now, path.Base(name)))
	}
	if full := path.Join(top, p.old.unit+".service"); p.regular(full) {
		p.tell(Step{Path: full, Text: fmt.Sprintf("%s replaces the unit of PHP %s, and is not carried: that of PHP %s is another one", full, p.From, p.To)})
	}
}

// regular reports whether a name is a file and no link, which only enables or masks.
func (p *planner) regular(name string) bool {
	f, err := p.tree().Open(name)
	return err == nil && f.Real == p.resolved(name)
}

// carryDropIn copies one drop-in without the lines that start another program.
func (p *planner) carryDropIn(name, other string) {
	text := p.read(name)
	var kept []string
	started, sets, goesOn := false, false, false
	for _, l := range strings.SplitAfter(text, "\n") {
		if comment(l) {
			kept = append(kept, l)
			continue
		}
		key, _, ok := strings.Cut(l, "=")
		starts := goesOn || ok && strings.HasPrefix(strings.TrimSpace(key), "Exec")
		if goesOn = starts && strings.HasSuffix(strings.TrimRight(l, "\r\n"), "\\"); starts {
			started = true
			continue
		}
		sets = sets || ok
		kept = append(kept, renamed(l, p.From, p.To))
	}
	if started {
		p.tell(Step{Path: name, Text: fmt.Sprintf("the commands in %s are not carried: PHP-FPM %s starts as its own unit says, and has the pools", name, p.To)})
	}
	if !sets || !p.free(other) {
		return
	}
	p.create(other, strings.Join(kept, ""), name)
	p.fresh, p.daemon = true, true
	p.do(Step{Kind: Units, Path: name, Text: other + " gets the settings of " + name})
	if p.reload {
		p.tell(Step{Path: other, Text: fmt.Sprintf("the settings of the unit take effect when %s restarts, which this plan does not do, since sites already use it", p.new.unit)})
	}
}
