package upgrade

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// line is one setting of a pool or of [global].
type line struct {
	key  string // with its [index]
	text string // the value as written
	at   source.Span
	name source.Span // of the key
}

// poolLines returns the lines of a pool that take effect, in their order.
func poolLines(pool *stack.Pool) (list []line) {
	for i := range pool.Section.Entries {
		e := &pool.Section.Entries[i]
		if e.Lost || e.Key() == "include" {
			continue
		}
		key := e.Key()
		if e.Indexed() {
			key += "[" + e.Index() + "]"
		}
		list = append(list, line{key, e.Value().At.Text(), e.Value().At, e.KeyAt()})
	}
	return list
}

// carryPools gives the new PHP-FPM the pools that the moving gateways use, and, unless only
// some sites move, all others of the old one.
func (p *planner) carryPools(moving []*stack.Gateway) {
	used := map[*stack.Pool]bool{}
	for _, g := range moving {
		for _, peer := range g.Peers {
			if peer.Pool != nil && peer.Pool.Master == p.old.master {
				used[peer.Pool] = true
			}
		}
	}
	var missing []*stack.Pool
	for _, pool := range p.old.master.Pools {
		switch twin := p.twin(pool); {
		case twin != nil && used[pool]:
			p.carryOver(pool, twin)
		case twin == nil && (used[pool] || p.opts.In == nil):
			missing = append(missing, pool)
		}
	}
	p.copyPools(missing)
}

// twin returns the pool of the new PHP-FPM with the name of an old one; nil for none.
func (p *planner) twin(pool *stack.Pool) *stack.Pool {
	for _, other := range p.new.master.Pools {
		if strings.EqualFold(other.Name, pool.Name) {
			return other
		}
	}
	return nil
}

// carryOver makes twin answer the requests of pool.
func (p *planner) carryOver(pool, twin *stack.Pool) {
	t := &target{name: twin.Name, listen: twin.Listen.Text, endpoint: twin.Listen.Endpoint}
	p.targets[pool] = t
	free := !p.meetsOld(twin)
	if p.stock(pool) || p.prepared(twin) {
		if !free {
			t.listen, t.endpoint = p.address(pool.Name, unquoted(twin.Listen.At.Text()))
			p.edit(twin.Listen.At, t.listen)
			p.fresh = true
			p.do(Step{Kind: Pools, At: twin.Listen.At, Text: fmt.Sprintf("pool %s of PHP %s listens on %s", twin.Name, p.To, t.listen), Why: fmt.Sprintf("the pool of PHP %s has %s, and one address cannot change hands without failed requests", p.From, pool.Listen.Text)})
		}
		return
	}
	lines := p.translated(poolLines(pool))
	if changed := p.carryLines(twin.Section.At(), lines, poolLines(twin), "listen"); changed > 0 {
		p.do(Step{Kind: Pools, At: twin.At, Text: fmt.Sprintf("pool %s gets %s of the pool of PHP %s", twin.Name, count(changed, "setting"), p.From), Why: "the pool of PHP " + p.To + " is as its package has it, and that of PHP " + p.From + " is not"})
		p.fresh = true
	}
	if text := unquoted(pool.Listen.At.Text()); !free || twin.Listen.Endpoint.Network != pool.Listen.Endpoint.Network {
		t.listen, t.endpoint = p.address(pool.Name, text)
		p.edit(twin.Listen.At, t.listen)
		p.do(Step{Kind: Pools, At: twin.Listen.At, Text: fmt.Sprintf("pool %s of PHP %s listens on %s", twin.Name, p.To, t.listen), Why: p.whyAddress(text, t.listen)})
		p.fresh = true
	}
}

// whyAddress says why an address is not the old one.
func (p *planner) whyAddress(old, now string) string {
	if path.Dir(old) != path.Dir(now) && strings.HasPrefix(old, "/") {
		return fmt.Sprintf("%s would not reach the web server: the service of PHP %s does not share its %s", old, p.To, path.Dir(old))
	}
	return fmt.Sprintf("PHP %s keeps %s until the web server has left it", p.From, old)
}

// meetsOld reports whether a new pool listens where one of the old PHP-FPM does.
func (p *planner) meetsOld(twin *stack.Pool) bool {
	return slices.ContainsFunc(p.old.master.Pools, func(pool *stack.Pool) bool {
		a, b := pool.Listen.Endpoint, twin.Listen.Endpoint
		return !a.IsZero() && (a == b || a.Port != 0 && a.Network == b.Network && a.Port == b.Port)
	})
}

// translated returns lines with the version replaced where it is that of PHP: in the names of
// logs. The address is not among them.
func (p *planner) translated(lines []line) (list []line) {
	for _, l := range lines {
		if l.key == "listen" {
			continue
		}
		if logs(l.key) {
			l.text = p.renamedLog(l.text)
		}
		list = append(list, l)
	}
	return list
}

// logs reports whether the value of a key is the name of a log.
func logs(key string) bool {
	return key == "slowlog" || key == "access.log" || key == "error_log" || strings.HasSuffix(key, "[error_log]")
}

// renamedLog returns the name of a log for the new version, if its directory exists.
func (p *planner) renamedLog(text string) string {
	now := renamed(text, p.From, p.To)
	dir := path.Dir(unquoted(now))
	if dir != path.Dir(unquoted(text)) && !p.made(dir) {
		return path.Join(path.Dir(text), path.Base(now))
	}
	return now
}

// carryLines makes the section with the name at hold want in place of have, and returns how many
// of its lines change. Lines of keys that are kept stay as they are.
func (p *planner) carryLines(header source.Span, want, have []line, kept ...string) (changed int) {
	last, include := header, int32(len(header.File.Text))
	for _, h := range have {
		if h.key == "include" && h.at.File == header.File {
			include = min(include, h.at.Start)
		}
	}
	for _, h := range have { // what follows an include is in the last section of the included file
		if h.at.File == header.File && h.at.End > last.End && h.at.End < include {
			last = h.at
		}
	}
	end := header.File.Line(last.Finish().Line).End
	insert := ""
	for _, w := range want {
		i := slices.IndexFunc(have, func(h line) bool { return h.key == w.key })
		switch {
		case i < 0:
			insert += newline(header.File) + w.key + " = " + w.text
			changed++
		case unquoted(have[i].text) != unquoted(w.text):
			p.edit(have[i].at, w.text)
			changed++
		}
	}
	for _, h := range have {
		if !slices.Contains(kept, h.key) && !slices.ContainsFunc(want, func(w line) bool { return w.key == h.key }) {
			p.edit(source.Span{File: h.name.File, Start: h.name.Start, End: h.name.Start}, ";")
			changed++
		}
	}
	if insert != "" {
		p.edit(source.Span{File: header.File, Start: end, End: end}, insert)
	}
	return changed
}

// newline returns the line end of a file.
func newline(f *source.File) string {
	if strings.Contains(f.Text, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// copyPools makes files for pools that the new PHP-FPM lacks, one for each file of the old one.
func (p *planner) copyPools(pools []*stack.Pool) {
	var files []*source.File
	names := map[string]*stack.Pool{}
	seen := map[*source.File]bool{}
	for _, pool := range pools {
		names[strings.ToLower(pool.Name)] = pool
		for _, h := range pool.Section.Headers {
			if !seen[h.File] {
				seen[h.File] = true
				files = append(files, h.File)
			}
		}
		text := unquoted(pool.Listen.At.Text())
		t := &target{name: pool.Name}
		t.listen, t.endpoint = p.address(pool.Name, text)
		p.targets[pool] = t
		p.do(Step{Kind: Pools, At: pool.At, Text: fmt.Sprintf("pool %s goes to PHP %s and listens there on %s", pool.Name, p.To, strings.ReplaceAll(t.listen, "$pool", pool.Name)), Why: p.whyAddress(text, t.listen)})
	}
	for _, f := range files {
		p.copyFile(f, names)
	}
	if len(files) > 0 {
		p.fresh = true
	}
}

// copyFile makes the file of the new PHP-FPM that holds those of the pools, by their names in lower
// case, that are in the old file f.
func (p *planner) copyFile(f *source.File, pools map[string]*stack.Pool) {
	parsed := ini.Parse(f, ini.LineMode)
	var edits []source.Edit
	cut := func(from, to int32) {
		if to > from {
			edits = append(edits, source.Edit{At: source.Span{File: f, Start: from, End: to}})
		}
	}
	section, dropped, from := "", false, int32(0)
	for l := range parsed.Lines() {
		if l.Kind() == ini.Section {
			start := f.Line(l.KeyAt().Begin().Line).Start
			if dropped {
				cut(from, start)
			}
			section = strings.ToLower(l.Key())
			if dropped = pools[section] == nil; dropped {
				from = start
			}
			continue
		}
		key := l.Key()
		if l.Indexed() {
			key += "[" + l.Index() + "]"
		}
		at := l.Value().At
		switch pool := pools[section]; {
		case dropped || pool == nil:
			if key == "include" && section == "" {
				cut(l.KeyAt().Start, at.End)
			}
		case key == "include":
			cut(l.KeyAt().Start, at.End)
		case key == "listen":
			edits = append(edits, source.Edit{At: at, New: p.targets[pool].listen})
		case key == "pm.status_listen":
			now, _ := p.address(pool.Name, unquoted(at.Text()))
			edits = append(edits, source.Edit{At: at, New: now})
		case logs(key):
			if now := p.renamedLog(at.Text()); now != at.Text() {
				edits = append(edits, source.Edit{At: at, New: now})
			}
		}
	}
	if dropped {
		cut(from, int32(len(f.Text)))
	}
	name := p.freeName(path.Join(p.new.pools, renamed(strings.TrimSuffix(path.Base(f.Name), ".conf"), p.From, p.To)), ".conf")
	p.create(name, fix.Edited(f.Text, edits), f.Real)
}

// freeName returns a name that nothing has, with a number before ext if it has to.
func (p *planner) freeName(stem, ext string) string {
	name := stem + ext
	for n := 2; !p.free(name); n++ {
		name = fmt.Sprintf("%s-%d%s", stem, n, ext)
	}
	return name
}

// comment reports whether a line of an ini file, a unit or a script is a comment.
func comment(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";")
}

// unquoted returns the value of an ini line without its quotes.
func unquoted(text string) string {
	if n := len(text); n >= 2 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		return text[1 : n-1]
	}
	return text
}

// answer is whether something holds, where that may not be known.
type answer uint8

const (
	unknown answer = iota
	yes
	no
)

// stock reports whether a pool is certainly as its package brings it.
func (p *planner) stock(pool *stack.Pool) bool {
	for _, h := range pool.Section.Headers {
		if p.stockFile(h.File) != yes {
			return false
		}
	}
	return true
}

// prepared reports whether people have set up a pool of the new PHP-FPM: a site uses it, or
// its file is certainly not as its package brings it.
func (p *planner) prepared(twin *stack.Pool) bool {
	if len(p.stack.Callers[twin]) > 0 && !slices.ContainsFunc(p.old.master.Pools, func(o *stack.Pool) bool {
		return len(p.stack.Callers[o]) > 0 && o.Listen.Endpoint == twin.Listen.Endpoint
	}) {
		return true
	}
	return slices.ContainsFunc(twin.Section.Headers, func(h source.Span) bool { return p.stockFile(h.File) == no })
}

// stockFile reports whether a file is as its package brings it, by the sum that dpkg has for it.
func (p *planner) stockFile(f *source.File) answer {
	_, rest, ok := strings.Cut(p.status, "\n "+f.Real+" ")
	if !ok {
		if strings.Contains(p.status, "\nPackage: "+p.old.in(p.old.layout.Package)+"\n") || strings.HasPrefix(p.status, "Package: "+p.old.in(p.old.layout.Package)+"\n") {
			return no // dpkg knows all files of its packages below /etc
		}
		return unknown
	}
	sum := md5.Sum([]byte(f.Text))
	want, _, _ := strings.Cut(rest, "\n")
	want, _, _ = strings.Cut(want, " ")
	if want == hex.EncodeToString(sum[:]) {
		return yes
	}
	return no
}

// readStatus reads what dpkg knows of its packages.
func (p *planner) readStatus() { p.status = p.read("/var/lib/dpkg/status") }

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
