package rules

import (
	"fmt"
	"sort"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/stack"
)

// MemoryOversubscribed reports pools that may need more memory than there is.
var MemoryOversubscribed = &lint.Rule{
	ID:      "WP106",
	Name:    "memory-oversubscribed",
	Cause:   lint.Died,
	Outcome: lint.Sometimes,
	Summary: "All workers together may need more memory than the machine has.",
	Why: "When memory runs out the kernel kills a process, often a PHP-FPM worker, and its request is a 502; on a small machine it may be the database. " +
		"The sum is `pm.max_children` times the memory of a worker over all pools of all masters, a quarter on top, and one opcache segment for each master. " +
		"A worker counts with the figure given by `--worker-memory`, which is best measured as PSS or private memory under load; without it with `memory_limit`, an upper bound.",
	Fix: "Lower `pm.max_children` to what fits, lower `memory_limit`, or give the machine more memory. `pm = ondemand` does not help: the limit is the same.",
	Bad: `
memory 512MiB
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
listen.mode = 0660
pm = ondemand
pm.max_children = 50
;                 ^^ WP106 50 workers may need 7.9 GiB, and 512 MiB are there for PHP
;                 -- WP106 pool www: 50 × 128 MiB = 6.2 GiB, with the upper bound that memory_limit sets
; -0 WP106 a quarter is added for what PHP does not count, and 128 MiB for opcache
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
listen.mode = 0660
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
	worker   int64 // bytes
}

// headroom is what a worker may need beyond its figure: a quarter.
const headroom = 4

func checkMemory(p *lint.Pass) {
	shares, opcache, ok := memoryShares(p)
	if !ok || len(shares) == 0 {
		return
	}
	var workers, children int64
	for _, s := range shares {
		workers += s.children * s.worker
		children += s.children
	}
	available := p.Stack.Facts.Memory.Bytes - p.Stack.Facts.Reserve.Bytes
	need := workers + workers/headroom + opcache
	if need <= available {
		return
	}
	sort.SliceStable(shares, func(i, j int) bool {
		return shares[i].children*shares[i].worker > shares[j].children*shares[j].worker
	})
	p.Report(lint.Finding{
		At:      shares[0].pool.MaxChildren.At(),
		Message: fmt.Sprintf("%d workers may need %s, and %s are there for PHP", children, bytes(need), bytes(available)),
		Notes:   memoryProof(p, shares, opcache, available),
	})
}

// memoryShares returns what each pool may need, and the opcache segments of all
// masters. It is not ok when a figure is unknown, which it reports.
func memoryShares(p *lint.Pass) (shares []share, opcache int64, ok bool) {
	for _, m := range p.Stack.Masters {
		if len(m.Pools) == 0 {
			continue
		}
		segment, _ := m.Opcache.Known()
		opcache += segment
		for _, pool := range m.Pools {
			children, known := pool.MaxChildren.Known()
			if !known {
				if why := pool.MaxChildren.Why(); why != "" {
					p.NotChecked(pool.MaxChildren.At(), why)
					return nil, 0, false
				}
				continue
			}
			worker, why := workerMemory(p.Stack.Facts, pool)
			if why != "" {
				p.NotChecked(pool.At, "how much memory a worker of pool "+pool.Name+" may take: "+why)
				return nil, 0, false
			}
			shares = append(shares, share{pool, min(children, maxChildren), worker})
		}
	}
	return shares, opcache, true
}

// maxChildren keeps the sum from overflowing; no machine has as many workers.
const maxChildren = 1 << 20

// maxWorker keeps the sum from overflowing; no machine has as much memory.
const maxWorker = 1 << 40

// workerMemory returns the bytes that one worker of pool may take, or why they
// are not known.
func workerMemory(f *host.Facts, pool *stack.Pool) (bytes int64, why string) {
	if f.Worker.Known {
		return f.Worker.Bytes, ""
	}
	limit, known := pool.MemoryLimit.Known()
	switch {
	case !known:
		return 0, pool.MemoryLimit.Why()
	case limit < 0:
		return 0, "memory_limit is -1, so there is no limit"
	}
	return min(limit, maxWorker), ""
}

// memoryProof writes the sum down as a person would.
func memoryProof(p *lint.Pass, shares []share, opcache, available int64) (notes []lint.Note) {
	bound := "the upper bound that memory_limit sets"
	if p.Stack.Facts.Worker.Known {
		bound = "the figure given for a worker"
	}
	for i, s := range shares {
		if i == maxNear {
			notes = append(notes, lint.Note{Message: fmt.Sprintf("and %d more pools", len(shares)-i)})
			break
		}
		notes = append(notes, lint.Note{
			At:      s.pool.MaxChildren.At(),
			Message: fmt.Sprintf("pool %s: %d × %s = %s, with %s", s.pool.Name, s.children, bytes(s.worker), bytes(s.children*s.worker), bound),
		})
	}
	notes = append(notes, lint.Note{Message: fmt.Sprintf("a quarter is added for what PHP does not count, and %s for opcache", bytes(opcache))})
	if reserve := p.Stack.Facts.Reserve; reserve.Known {
		notes = append(notes, lint.Note{Message: fmt.Sprintf("%s of %s are kept for other programs", bytes(reserve.Bytes), bytes(p.Stack.Facts.Memory.Bytes))})
	}
	return append(notes, lint.Note{Message: fits(shares, available-opcache)})
}

// fits says which pm.max_children would fit, shared out in proportion.
func fits(shares []share, room int64) string {
	var workers int64
	for _, s := range shares {
		workers += s.children * s.worker
	}
	s := shares[0]
	most := int64(0)
	if room > 0 && workers > 0 {
		most = int64(float64(s.children) * float64(room) / (float64(workers) * (headroom + 1) / headroom))
	}
	if most < 1 {
		return "not even one worker of each pool fits"
	}
	if len(shares) == 1 {
		return fmt.Sprintf("pm.max_children = %d fits", most)
	}
	return fmt.Sprintf("pm.max_children = %d fits for pool %s when the others are cut in proportion", most, s.pool.Name)
}
