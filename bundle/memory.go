package bundle

import (
	"fmt"
	"slices"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/stack"
)

// memory answers the seventh point: whether all workers fit into the memory, with the numbers.
func (b *writer) memory() {
	killed, listed := b.workersOfKernel()
	known := false
	for _, m := range b.machines {
		if m.stack == nil || len(m.stack.Pools) == 0 {
			continue
		}
		known = true
		b.poolsOf(m, killed)
	}
	b.ofKernel(killed, listed)
	if b.Report != nil {
		for i := range b.Report.Findings {
			if f := &b.Report.Findings[i]; f.Rule == rules.MemoryOversubscribed {
				b.printf("check says (%s):\n\n", f.Rule.ID)
				b.finding(f)
				b.print("\n")
			}
		}
	}
	if !known {
		b.instruct("No pool of PHP-FPM is known.", "grep -rE '^ *(pm|pm.max_children|php_admin_value.memory_limit.) *=' /etc/php*/*/fpm/pool.d /etc/php-fpm.d", "free -m", "ps -o rss,args -C php-fpm"+b.php()+" --sort=-rss | head")
	}
}

// sum is what the workers of a machine may take.
type sum struct {
	rows           [][]string
	children, need int64
	// whole is set if every number is known, and limited if the memory of a worker is only known
	// from memory_limit.
	whole, limited bool
}

// add adds a pool. killed is the memory of a worker that the kernel told; 0 for none.
func (b *writer) add(all *sum, m machine, p *stack.Pool, killed int64) {
	n, known := p.MaxChildren().Known()
	count, worker, product := "not known", "not known", "not known"
	if known {
		count = fmt.Sprint(n)
		all.children += n
	}
	bytes, how, why := rules.WorkerMemory(m.stack, p)
	if why != "" {
		how = why
	}
	if isLimit(m.stack, p) {
		all.limited = true
		if killed > 0 {
			bytes, how, why = killed, "the largest RSS of a worker in the lines of the kernel", ""
		}
	}
	if why == "" {
		worker = size(bytes)
	}
	if known && why == "" && n < 1<<20 && bytes < 1<<40 {
		product = size(n * bytes)
		all.need += n * bytes
	} else {
		all.whole = false
	}
	all.rows = append(all.rows, []string{b.label(m), code(b.m.text(p.Name)), count, worker, product, prose(b.m.text(how))})
}

// poolsOf writes the sum of the pools of a machine.
func (b *writer) poolsOf(m machine, killed int64) {
	all := sum{whole: true}
	for _, p := range m.stack.Pools {
		b.add(&all, m, p, killed)
	}
	b.table([]string{"Where", "Pool", "pm.max_children", "One worker", "Product", "From"}, all.rows[:min(len(all.rows), mostRows)])
	b.more(len(all.rows)-mostRows, "pool")
	ram := int64(0)
	if m.stack.Facts != nil {
		ram = m.stack.Facts.Memory
	}
	if all.whole {
		b.printf("Sum: %d workers may take %s.", all.children, size(all.need))
	} else {
		b.print("Sum: not known, since a number is missing.")
	}
	if ram > 0 {
		b.printf(" Memory: %s.", size(ram))
		if all.whole {
			b.printf(" That is %d%% of it.", all.need*100/ram)
		}
	}
	b.print("\n\n")
	if ram == 0 {
		b.instruct("The memory of the machine is not known.", "free -m; cat /sys/fs/cgroup/memory.max 2>/dev/null")
	}
	if all.limited && killed == 0 {
		b.instruct("The memory of a worker is only known from memory_limit.", "ps -o rss,args -C php-fpm"+b.php()+" --sort=-rss | head", "sudo wp502lint facts > facts.json   # then: diagnose --facts facts.json")
	}
}

// isLimit reports whether the memory of a worker is not measured.
func isLimit(s *stack.Stack, p *stack.Pool) bool {
	if f := p.Master.Machine.Facts; f != nil && f.Worker > 0 {
		return false
	}
	_, measured := s.Measured(p)
	return !measured
}

// workersOfKernel returns the largest resident memory of a worker of PHP-FPM that the kernel told, 0
// for none, and the processes of the latest list of the kernel.
func (b *writer) workersOfKernel() (largest int64, listed []diagnose.Process) {
	if b.Kept == nil {
		return 0, nil
	}
	latest := ""
	for _, p := range b.Kept.Processes {
		if p.PHP() {
			largest = max(largest, p.RSS)
		}
		if !p.Killed {
			latest = max(latest, p.When)
		}
	}
	listed = slices.DeleteFunc(slices.Clone(b.Kept.Processes), func(p diagnose.Process) bool { return p.Killed || p.When != latest })
	return largest, listed
}

// ofKernel writes what the kernel told about processes when memory ran out.
func (b *writer) ofKernel(largest int64, listed []diagnose.Process) {
	if largest > 0 {
		b.printf("The kernel names workers of PHP-FPM with up to %s of resident memory.\n\n", size(largest))
	}
	if len(listed) == 0 {
		return
	}
	var php, workers, all int64
	var rows [][]string
	for _, p := range listed {
		all += p.RSS
		if p.PHP() {
			php, workers = php+p.RSS, workers+1
		}
		if len(rows) < 10 {
			rows = append(rows, []string{code(b.m.word(p.Name)), p.PID, size(p.RSS)})
		}
	}
	b.printf("Its list of processes (pages of 4096 bytes) has %d of PHP-FPM with %s together, of %s for all. The largest:\n\n", workers, size(php), size(all))
	b.table([]string{"Process", "PID", "Resident"}, rows)
}
