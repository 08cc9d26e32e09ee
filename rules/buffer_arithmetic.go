package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// BufferArithmetic reports buffer sizes that nginx refuses together.
var BufferArithmetic = &lint.Rule{
	ID:       "WP411",
	Name:     "buffer-arithmetic",
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.NginxRefuses: lint.Always},
	Summary:  "Buffer sizes contradict each other, so nginx does not start.",
	Why: "The busy buffers are twice the larger of `fastcgi_buffer_size` and one of `fastcgi_buffers`, unless `fastcgi_busy_buffers_size` says otherwise. They must be at least as large as that buffer and fit into all buffers but one; `fastcgi_temp_file_write_size` and `fastcgi_max_temp_file_size` must be at least as large as it too. " +
		"With the default of 8 buffers of 4k, a `fastcgi_buffer_size` of more than 14k is already too large. " +
		"nginx checks the values that take effect in every server and location, inherited ones included, even without a `*_pass` there. Its message names the line of the closing brace of `http`. `proxy_`, `uwsgi_` and `scgi_` buffers follow the same rule.",
	Fixable: true,
	Fix:     "Raise `fastcgi_buffers` together with `fastcgi_buffer_size`, or lower the busy buffers.",
	Verify: []string{
		"nginx -t",
		"grep -rnE '_(buffer_size|buffers|busy_buffers_size|temp_file_write_size|max_temp_file_size) ' /etc/nginx",
		"getconf PAGESIZE",
	},
	Sources: []string{
		nginxFastCGI + "#fastcgi_busy_buffers_size",
		nginxFastCGI + "#fastcgi_buffers",
		nginxFastCGI + "#fastcgi_max_temp_file_size",
	},
	Bad: `
nginx refuses
-- etc/nginx/nginx.conf --
user www-data;
events {}
http {
    fastcgi_buffer_size 32k;
#   ^^^^^^^^^^^^^^^^^^^^^^^ WP411 fastcgi_busy_buffers_size is 2 × 32k = 64k by default, and fastcgi_buffers leaves (8 - 1) × 4k = 28k: with fastcgi_buffer_size 32k the smallest that works is fastcgi_buffers 17 4k
    include /etc/nginx/sites-enabled/*;
}
`,
	Good: `
-- etc/nginx/nginx.conf --
user www-data;
events {}
http {
    fastcgi_buffer_size 32k;
    fastcgi_buffers 17 4k;
    include /etc/nginx/sites-enabled/*;
}
`,
	Logs: []*servers.Signature{servers.NginxBuffersTooFew, servers.NginxBufferSizes},
	Check: func(p *lint.Pass) {
		for _, set := range p.Stack.Buffers {
			prefix := set.Protocol.Prefix()
			if set.Fault == stack.BuffersUnknown {
				p.NotChecked(set.At, prefix+"buffers may be set in an outer block: no nginx.conf given")
				continue
			}
			message, log, fix := sums{set, prefix}.refusal()
			f := lint.Finding{At: set.At, Message: message, Log: []string{"[emerg] " + log}}
			f.Notes = otherSizes(set)
			if fix.Title != "" {
				f.Fixes = []lint.Fix{fix}
			}
			p.Report(f)
		}
	},
}

// sums spells out the arithmetic of a buffer set.
type sums struct {
	*stack.BufferSet
	prefix string
}

// refusal returns what is wrong, what nginx says, and what makes it right.
func (s sums) refusal() (message, log string, fix lint.Fix) {
	largest := "the maximum of the value of \"" + s.prefix + "buffer_size\" and one of the \"" + s.prefix + "buffers\""
	least := size(s.Largest())
	switch s.Fault {
	case stack.TooFewBuffers:
		need := s.enough()
		return fmt.Sprintf("%sbuffers has one buffer and nginx needs two: the smallest that works is %sbuffers %s", s.prefix, s.prefix, need),
			fmt.Sprintf("there must be at least 2 \"%sbuffers\"", s.prefix), s.write("buffers", s.Buffers.At(), need)
	case stack.BusyTooSmall:
		busy, _ := s.Busy.Known()
		fix = s.write("busy_buffers_size", s.Busy.At(), least)
		if _, known := s.Buffers.Known(); known && s.Largest() > s.Room() {
			need := s.enough()
			more := s.write("buffers", s.Buffers.At(), need)
			fix.Title, fix.Edits = fix.Title+" and "+s.prefix+"buffers "+need, append(fix.Edits, more.Edits...)
			least += " with " + s.prefix + "buffers " + need
		}
		return fmt.Sprintf("%sbusy_buffers_size %s is smaller than %s: the smallest that works is %s", s.prefix, size(busy), s.largestIs(), least),
			fmt.Sprintf("\"%sbusy_buffers_size\" must be equal to or greater than %s", s.prefix, largest), fix
	case stack.BusyTooLarge:
		need := s.enough()
		return s.tooLarge(need), fmt.Sprintf("\"%sbusy_buffers_size\" must be less than the size of all \"%sbuffers\" minus one buffer", s.prefix, s.prefix), s.write("buffers", s.Buffers.At(), need)
	case stack.TempTooSmall:
		temp, _ := s.TempWrite.Known()
		return fmt.Sprintf("%stemp_file_write_size %s is smaller than %s: the smallest that works is %s", s.prefix, size(temp), s.largestIs(), least),
			fmt.Sprintf("\"%stemp_file_write_size\" must be equal to or greater than %s", s.prefix, largest), s.write("temp_file_write_size", s.TempWrite.At(), least)
	default:
		limit, _ := s.MaxTempSize()
		return fmt.Sprintf("%smax_temp_file_size %s is smaller than %s: the smallest that works is %s, or 0 for no temporary files", s.prefix, size(limit), s.largestIs(), least),
			fmt.Sprintf("\"%smax_temp_file_size\" must be equal to zero to disable temporary files usage or must be equal to or greater than %s", s.prefix, largest),
			s.write("max_temp_file_size", s.MaxTemp.At(), least)
	}
}

// tooLarge says how large the busy buffers are and how large they may be.
func (s sums) tooLarge(need string) string {
	b, _ := s.Buffers.Known()
	busy := "is " + size(s.BusySize())
	if !s.Busy.Written() {
		busy = fmt.Sprintf("is 2 × %s = %s by default", size(s.Largest()), size(s.BusySize()))
	}
	with := ""
	if s.Size.Written() {
		n, _ := s.Size.Known()
		with = fmt.Sprintf("with %sbuffer_size %s ", s.prefix, size(n))
	}
	return fmt.Sprintf("%sbusy_buffers_size %s, and %sbuffers leaves (%d - 1) × %s = %s: %sthe smallest that works is %sbuffers %s",
		s.prefix, busy, s.prefix, b.Number, size(b.Size), size(s.Room()), with, s.prefix, need)
}

// largestIs names the larger of the first buffer and one of the others.
func (s sums) largestIs() string {
	if b, _ := s.Buffers.Known(); b.Size == s.Largest() {
		return "one of the " + s.prefix + "buffers, " + size(b.Size)
	}
	return s.prefix + "buffer_size " + size(s.Largest())
}

// enough returns the arguments of *_buffers with the fewest buffers of the same
// size that work.
func (s sums) enough() string {
	b, _ := s.Buffers.Known()
	n := (max(s.BusySize(), s.Largest())-1)/b.Size + 2
	return fmt.Sprintf("%d %s", max(2, n), size(b.Size))
}

// write returns the fix that gives a directive new arguments: it edits the line
// of the directive in the block, or adds one.
func (s sums) write(suffix string, at source.Span, value string) lint.Fix {
	line := s.prefix + suffix + " " + value
	if strings.HasPrefix(at.Text(), s.prefix+suffix) {
		return lint.Fix{Title: "write " + line, Safe: true, Edits: []source.Edit{{At: at, New: line}}}
	}
	return insertAfter(s.At, "add "+line, line+";")
}

// otherSizes are the other lines of a set than the reported one.
func otherSizes(set *stack.BufferSet) (notes []lint.Note) {
	note := func(written bool, at source.Span) {
		if written && at != set.At {
			notes = append(notes, lint.Note{At: at, Message: "this applies as well"})
		}
	}
	note(set.Size.Written(), set.Size.At())
	note(set.Buffers.Written(), set.Buffers.At())
	switch set.Fault {
	case stack.BusyTooSmall, stack.BusyTooLarge:
		note(set.Busy.Written(), set.Busy.At())
	case stack.TempTooSmall:
		note(set.TempWrite.Written(), set.TempWrite.At())
	case stack.MaxTempTooSmall:
		note(set.MaxTemp.Written(), set.MaxTemp.At())
	}
	return notes
}

// size spells a number of bytes as nginx files do.
func size(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%dm", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%dk", n>>10)
	}
	return fmt.Sprint(n)
}
