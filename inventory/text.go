package inventory

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

// Options are what a format needs besides the machines.
type Options struct {
	Version string // of the program; "" if unknown
	// Path returns the path to print for a file. nil: the file's Name.
	Path func(*source.File) string
	// Root is what a person calls the root of a host.
	Root string
}

// mostLines limits how many lines of one kind are printed of a machine.
const mostLines = 40

type printer struct {
	Options
	w   io.Writer
	err error
}

// Text writes one block for each machine, for people.
func Text(w io.Writer, machines []*Machine, o Options) error {
	p := &printer{Options: o, w: w}
	if len(machines) > 1 {
		p.Root = "in no container"
	}
	deployment := ""
	for i, m := range machines {
		if i > 0 {
			p.line("")
		}
		p.machine(m, m.Deployment != deployment)
		deployment = m.Deployment
	}
	return p.err
}

func (p *printer) line(text string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, strings.TrimRight(text, " ")+"\n")
	}
}

// machine prints a machine; first is set for the first one of a deployment.
func (p *printer) machine(m *Machine, first bool) {
	title := cmp.Or(m.Name, p.Root)
	if at := p.place(m.At); at != "" {
		title += " (" + at + ")"
	}
	p.line(report.Visible(title))
	if m.Image != "" {
		p.rows("image", [][]string{{noted(m.Image, p.place(m.ImageAt))}})
	}
	if first && m.Sample != nil {
		p.rows("env", [][]string{{p.path(m.Sample) + ", as .env is missing"}})
	}
	p.rows("starts", p.starts(m))
	p.rows("reads", p.reads(m))
	var unused [][]string
	for _, name := range p.unused(m) {
		unused = append(unused, []string{name})
	}
	p.rows("unused", unused)
	var pools [][]string
	for _, pool := range m.Pools {
		pools = append(pools, []string{pool.Name, pool.Listen, p.place(pool.At)})
	}
	p.rows("pools", pools)
	if names := strings.Join(m.Names, ", "); names != "" {
		p.rows("names", [][]string{{names}})
	}
	if networks := networks(m); networks != nil {
		p.rows("networks", [][]string{{strings.Join(networks, ", ")}})
	}
	p.rows("connects", p.connects(m))
	if m.Memory > 0 {
		p.rows("memory", [][]string{{noted(bytes(m.Memory), p.place(m.MemoryAt))}})
	}
	var doubts [][]string
	for _, why := range m.Doubts {
		doubts = append(doubts, []string{why})
	}
	p.rows("doubts", doubts)
}

// noted returns text with the place that it is from.
func noted(text, place string) string {
	if place == "" {
		return text
	}
	return text + " (" + place + ")"
}

// networks spells the networks of a machine.
func networks(m *Machine) []string {
	all := slices.Clone(m.Networks)
	if m.OnHost {
		all = append(all, "that of the host")
	}
	if len(m.Shares) > 0 {
		all = append(all, "shared with "+strings.Join(m.Shares, " and "))
	}
	return all
}

func (p *printer) starts(m *Machine) (rows [][]string) {
	for _, s := range m.Servers {
		name := s.Program
		if s.Version != "" {
			name += " " + s.Version
		}
		if s.ModPHP {
			name += ", PHP inside it (mod_php)"
		}
		rows = append(rows, []string{name, noted(s.Main, p.place(s.At))})
	}
	switch {
	case m.Unknown != "":
		rows = append(rows, []string{"not known: " + m.Unknown})
	case len(rows) == 0 && m.Deployment != "":
		rows = append(rows, []string{"neither nginx, Apache, PHP-FPM nor cloudflared"})
	}
	return rows
}

// mostOfImage limits how many files of an image are printed of one directory, such as those with
// the modules of Apache.
const mostOfImage = 8

func (p *printer) reads(m *Machine) (rows [][]string) {
	type place struct{ dir, image string }
	of := func(f File) place { return place{path.Dir(f.Path), f.Image} }
	all := map[place]int{}
	for _, f := range m.Files {
		all[of(f)]++
	}
	for _, f := range m.Files {
		if n := all[of(f)]; f.Image != "" && n > mostOfImage {
			rows = append(rows, []string{path.Join(path.Dir(f.Path), "*"), fmt.Sprintf("%d files of %s", n, p.origin(f))})
			all[of(f)] = 0
			continue
		} else if n == 0 {
			continue
		}
		from := p.origin(f)
		if m.Deployment == "" {
			rows = append(rows, []string{from})
			continue
		}
		rows = append(rows, []string{f.Path, from})
	}
	return rows
}

// unused returns the paths to print for the files that the servers of m do not read.
func (p *printer) unused(m *Machine) []string {
	return list(m.Unused, func(name string) string { return p.path(&source.File{Name: name, Real: name}) })
}

func (p *printer) connects(m *Machine) (rows [][]string) {
	for _, g := range m.Gateways {
		first := []string{g.Address, p.place(g.At)}
		switch {
		case len(g.Peers) > 0:
		case g.Why == "": // a site of Apache that sends PHP as text, or answers itself
			rows = append(rows, append(first, "passes nothing on"))
		default:
			rows = append(rows, append(first, "not known: "+g.Why))
		}
		for _, peer := range g.Peers {
			rows = append(rows, append(first, leads(peer, peer.Address != g.Address)))
			first = []string{"", ""}
		}
	}
	return rows
}

// leads spells what is known of a peer.
func leads(p Peer, named bool) string {
	var b strings.Builder
	if named {
		b.WriteString(p.Address + ": ")
	}
	switch to := target(p); p.State {
	case Answers:
		b.WriteString(cmp.Or(to, p.Site, "nginx"))
	case Unknown:
		b.WriteString("not known: " + p.Why)
	default:
		b.WriteString("fails")
		if to != "" {
			b.WriteString(" at " + to)
		}
		if p.Rule != nil {
			fmt.Fprintf(&b, ": %s %s", p.Rule.ID, p.Rule.Name)
		}
	}
	return b.String()
}

// target spells where a connection arrives; "" if that is not known.
func target(p Peer) string {
	var words []string
	if p.Pool != "" {
		words = append(words, "pool "+p.Pool)
	}
	if p.Machine != "" {
		words = append(words, fmt.Sprintf("port %d of container %s", p.Port, p.Machine))
	}
	return strings.Join(words, ", ")
}

// rows writes lines of aligned cells below a label, which is on the first one.
func (p *printer) rows(label string, rows [][]string) {
	more := len(rows) - mostLines
	rows = rows[:min(len(rows), mostLines)]
	var widths []int
	for i, row := range rows {
		rows[i] = visible(row...)
		for n, cell := range rows[i] {
			if n == len(widths) {
				widths = append(widths, 0)
			}
			if n < len(row)-1 {
				widths[n] = max(widths[n], utf8.RuneCountInString(cell))
			}
		}
	}
	for _, row := range rows {
		var b strings.Builder
		fmt.Fprintf(&b, "  %-9s", label)
		for n, cell := range row {
			fmt.Fprintf(&b, "%-*s  ", widths[n], cell)
		}
		p.line(b.String())
		label = ""
	}
	if more > 0 {
		p.line(fmt.Sprintf("  %-9sand %d more (--format json lists all)", "", more))
	}
}

// bytes spells a size.
func bytes(n int64) string {
	for _, unit := range []struct {
		size int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n%unit.size == 0 {
			return fmt.Sprintf("%d %s", n/unit.size, unit.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}
