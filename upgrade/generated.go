package upgrade

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// leaveTo says that a panel writes what an upgrade would change.
func (p *planner) leaveTo(panel servers.Panel, what string) string {
	return fmt.Sprintf("%s writes %s here and would undo every change; its own way is: %s", panel.Name, what, servers.At(panel.Way, p.To))
}

// generated returns why a panel has to do the upgrade; "" if none writes the files.
func (p *planner) generated(moving []*stack.Gateway) string {
	for _, panel := range servers.Panels {
		if panel.Sign != "" && p.there(panel.Sign) {
			return p.leaveTo(panel, "the configuration of the sites")
		}
	}
	read := map[*source.File]bool{}
	for _, g := range moving {
		if read[g.At.File] {
			continue
		}
		read[g.At.File] = true
		if who := generator(g.At.File.Text); who != "" {
			return fmt.Sprintf("%s says that %s writes it, which would undo every change; choose PHP %s there", g.At.File.Name, who, p.To)
		}
	}
	return ""
}

// generator returns the program that the head of a file says it comes from; "" for none.
func generator(text string) string {
	head := strings.ToLower(text[:min(len(text), 512)])
	if !strings.Contains(head, "generated") && !strings.Contains(head, "do not") {
		return ""
	}
	for _, panel := range servers.Panels {
		name := strings.ToLower(panel.Name)
		for line := range strings.Lines(head) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "#") && strings.Contains(line, name) && (strings.Contains(line, "generated") || strings.Contains(line, "do not modify") || strings.Contains(line, "do not edit")) {
				return panel.Name
			}
		}
	}
	return ""
}
