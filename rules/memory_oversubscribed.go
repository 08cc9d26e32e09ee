package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// MemoryOversubscribed reports pools that may need more memory than is
// available.
var MemoryOversubscribed = &lint.Rule{
	ID:         "WP106",
	Name:       "memory-oversubscribed",
	Production: true,
	Cause:      lint.Died,
	Outcomes:   lint.Outcomes{lint.Sometimes: lint.Always},
	Summary:    "All workers together may need more memory than the machine has.",
	Why: "When memory runs out the kernel kills a process, often a PHP-FPM worker, and its request is a 502; on a small machine it may be the database instead. " +
		"The sum is `pm.max_children` times the memory of a worker over all pools of all masters, 25 % on top of that, and one opcache segment for each master. " +
		"The memory of a worker is `--worker-memory` if that is given, else what `wp502lint facts` measured (`--facts`). That is its PSS, or its RSS minus shared memory, because RSS counts opcache once for every worker. " +
		"Without a measurement it is `memory_limit`, an upper bound. A systemd unit with `MemoryMax=` and a container with a limit are judged like machines of their own.",
	Fix: "Lower `pm.max_children` to what fits, lower `memory_limit`, or give the machine more memory. `wp502lint check` prints the number that fits: available memory minus opcache, divided by 1.25 times the memory of a worker. `pm = ondemand` does not help, since it starts as many workers under load.",
	Verify: []string{
		"ps -o pid,rss,cmd --sort=-rss -C php-fpm8.3 | head",
		"free -m",
		"systemctl show UNIT -p MemoryCurrent -p MemoryMax",
		"journalctl -k --since -1d | grep -iE 'out of memory|oom-kill'",
	},
	Sources: []string{
		fpmManual + "#pm.max-children",
		phpCore + "#ini.memory-limit",
	},
	Bad: `
memory 512MiB
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 50
;                 ^^ WP106 50 workers may need 7.9 GiB, but only 512 MiB is available to PHP
;                 -- WP106 pool www: 50 × 128 MiB = 6.2 GiB, with the upper bound that memory_limit sets
; -0 WP106 a quarter is added for memory that PHP does not measure, and 128 MiB for opcache
; -0 WP106 pm.max_children = 2 fits
`,
	Good: `
memory 512MiB
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 2
`,
	Unproven: "running a machine out of memory is not staged; that workers grow to memory_limit and share one opcache was measured on PHP 8.2",
	Needs:    []host.Fact{host.Memory},
	Check:    checkMemory,
}

// share is what one pool may need.
type share struct {
	pool     *stack.Pool
	children int64
	worker   int64  // bytes
	how      string // where the figure of a worker comes from
}

func (s share) total() int64 { return s.children * s.worker }

// budget is memory and the pools that share it.
type budget struct {
	shares  []share
	opcache int64
	memory  int64 // bytes
	reserve int64
	limit   source.Setting[int64] // MemoryMax= of a unit, or the limit of a container
	unit    string                // the name of either; "" for the whole machine
}

// headroom is what workers may need beyond their figures: a quarter.
const headroom = 4

// checkMemory judges each machine. Files of no known machine are judged as one
// machine.
func checkMemory(p *lint.Pass) {
	for _, masters := range grouped(p.Stack.Masters, func(m *stack.Master) string { return m.Machine.File }) {
		checkMachine(p, masters)
	}
}

func checkMachine(p *lint.Pass, masters []*stack.Master) {
	facts := masters[0].Machine.Facts
	all := budget{memory: facts.Memory, reserve: facts.Reserve}
	if c := p.Stack.Container; c != nil && c.Memory == all.memory {
		all.unit, all.limit = "container "+c.Name, source.Written(c.Memory, c.MemoryAt)
	}
	var units []budget
	for _, m := range masters {
		shares, ok := memoryShares(p, m)
		if !ok {
			return
		}
		if len(shares) == 0 {
			continue
		}
		segment, _ := m.Opcache.Known()
		all.shares, all.opcache = append(all.shares, shares...), all.opcache+segment
		for _, u := range p.Stack.UnitsOf(m) {
			if limit, known := u.MemoryMax.Known(); known && limit < all.memory {
				units = append(units, budget{shares: shares, opcache: segment, memory: limit, limit: u.MemoryMax, unit: u.Name})
				break
			}
		}
	}
	if all.short() {
		p.Report(all.finding())
		return
	}
	for _, unit := range units {
		if unit.short() {
			p.Report(unit.finding())
		}
	}
}

// workers is what all workers take, without headroom.
func (b *budget) workers() (bytes int64) {
	for _, s := range b.shares {
		bytes += s.total()
	}
	return bytes
}

// need is what PHP takes, with headroom, and room what there is.
func (b *budget) need() int64 { return b.workers() + b.workers()/headroom + b.opcache }
func (b *budget) room() int64 { return b.memory - b.reserve }

// short reports whether the workers may need more than the budget has.
func (b *budget) short() bool { return len(b.shares) > 0 && b.need() > b.room() }

func (b *budget) finding() lint.Finding {
	slices.SortStableFunc(b.shares, func(x, y share) int { return cmp.Compare(y.total(), x.total()) })
	var children int64
	for _, s := range b.shares {
		children += s.children
	}
	need, room := apart(b.need(), b.room())
	message := fmt.Sprintf("%d workers may need %s, but only %s is available to PHP", children, need, room)
	if b.unit != "" {
		message = fmt.Sprintf("%d workers may need %s, and %s allows %s", children, need, b.unit, room)
	}
	return lint.Finding{At: b.shares[0].pool.MaxChildren().At(), Message: message, Notes: b.proof()}
}

// memoryShares returns what each pool of a master may need. It reports an
// unknown figure and is not ok then.
func memoryShares(p *lint.Pass, m *stack.Master) (shares []share, ok bool) {
	for _, pool := range m.Pools {
		children, known := value(p, pool.MaxChildren())
		switch {
		case pool.MaxChildren().Why() != "":
			return nil, false
		case !known:
			continue
		}
		worker, how, why := WorkerMemory(p.Stack, pool)
		if why != "" {
			p.NotChecked(pool.At, "how much memory a worker of pool "+pool.Name+" may take: "+why)
			return nil, false
		}
		shares = append(shares, share{pool, min(children, maxChildren), min(worker, maxWorker), how})
	}
	return shares, true
}

// maxChildren and maxWorker keep the sum from overflowing; no machine has as many
// workers, or as much memory.
const maxChildren, maxWorker = 1 << 20, 1 << 40

// WorkerMemory returns the bytes that one worker of pool may take and where the
// figure comes from, or why it is not known.
func WorkerMemory(s *stack.Stack, pool *stack.Pool) (bytes int64, how, why string) {
	if worker := pool.Master.Machine.Facts.Worker; worker > 0 {
		return worker, "the figure given for a worker", ""
	}
	if m, ok := s.Measured(pool); ok {
		switch {
		case m.PSS > 0:
			return m.PSS, fmt.Sprintf("the largest PSS of %d workers, as measured", m.Workers), ""
		case m.Private > 0:
			return m.Private, fmt.Sprintf("the most private memory of %d workers, as measured", m.Workers), ""
		case m.RSS > m.Shared:
			return m.RSS - m.Shared, fmt.Sprintf("the largest RSS of %d workers, as measured, less the opcache that they share", m.Workers), ""
		}
	}
	limit, known := pool.MemoryLimit().Known()
	switch {
	case !known:
		return 0, "", pool.MemoryLimit().Why()
	case limit < 0:
		return 0, "", "memory_limit is -1, so there is no limit"
	}
	return limit, "the upper bound that memory_limit sets", ""
}

// proof spells out the sum.
func (b *budget) proof() (notes []lint.Note) {
	for i, s := range b.shares {
		if i == maxNear {
			notes = append(notes, lint.Note{Message: fmt.Sprintf("and %d more pools", len(b.shares)-i)})
			break
		}
		notes = append(notes, lint.Note{
			At:      s.pool.MaxChildren().At(),
			Message: fmt.Sprintf("pool %s: %d × %s = %s, with %s", s.pool.Name, s.children, bytes(s.worker), bytes(s.total()), s.how),
		})
	}
	notes = append(notes, lint.Note{Message: fmt.Sprintf("a quarter is added for memory that PHP does not measure, and %s for opcache", bytes(b.opcache))})
	if b.reserve > 0 {
		notes = append(notes, lint.Note{Message: fmt.Sprintf("%s of %s are kept for other programs", bytes(b.reserve), bytes(b.memory))})
	}
	if b.unit != "" {
		notes = append(notes, lint.Note{At: b.limit.At(), Message: "the limit of " + b.unit})
	}
	return append(notes, lint.Note{Message: b.fits()})
}

// fits says which pm.max_children would fit, shared out in proportion and one
// at least.
func (b *budget) fits() string {
	counts := b.portions()
	if counts == nil {
		return "not even one worker of each pool fits"
	}
	if len(counts) == 1 {
		return fmt.Sprintf("pm.max_children = %d fits", counts[0])
	}
	var each []string
	for i, s := range b.shares[:min(len(counts), maxNear)] {
		each = append(each, fmt.Sprintf("%d for %s", counts[i], s.pool.Name))
	}
	if more := len(counts) - maxNear; more > 0 {
		each = append(each, fmt.Sprintf("and so on for %d more pools", more))
	}
	return "pm.max_children that fits, shared out in proportion: " + strings.Join(each, ", ")
}

// portions returns how many workers of each pool fit, the largest pool first;
// nil when not even one of each does.
func (b *budget) portions() (counts []int64) {
	room := float64(b.room()-b.opcache) * headroom / (headroom + 1)
	var least, left float64
	for _, s := range b.shares {
		least += float64(s.worker)
	}
	if left = room - least; left < 0 {
		return nil
	}
	// Each pool has one worker. The rest is shared out in proportion.
	wanted := float64(b.workers()) - least
	for _, s := range b.shares {
		n := int64(1)
		if wanted > 0 {
			n += int64(float64(s.children-1) * left / wanted)
		}
		counts = append(counts, max(1, min(n, s.children)))
	}
	return counts
}
