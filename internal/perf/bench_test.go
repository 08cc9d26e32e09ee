package perf

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

// The stages of a run on one tree. Each works on the result of the one before.

const benchSites = 1000

func BenchmarkLex(b *testing.B) {
	files, _ := Tree{Sites: benchSites}.inMemory(b)
	var sources []*source.File
	bytes, directives := 0, 0
	for name, text := range files {
		if strings.HasPrefix(name, "/etc/nginx/") {
			f := &source.File{Name: name, Text: text}
			sources, bytes, directives = append(sources, f), bytes+len(text), directives+nginx.Parse(f).Count()
		}
	}
	all := func() {
		for _, f := range sources {
			nginx.Parse(f)
		}
	}
	b.SetBytes(int64(bytes))
	for b.Loop() {
		all()
	}
	b.ReportMetric(testing.AllocsPerRun(1, all)/float64(directives), "allocs/directive")
}

func BenchmarkRead(b *testing.B) {
	files, _ := Tree{Sites: benchSites}.inMemory(b)
	b.ReportAllocs()
	for b.Loop() {
		parser.Read(tree.Memory(files), []string{"/etc"})
	}
}

func BenchmarkLink(b *testing.B) {
	files, _ := Tree{Sites: benchSites}.inMemory(b)
	t := tree.Memory(files)
	configs, facts := parser.Read(t, []string{"/etc"}), host.Collect(t, host.Overrides{})
	b.ReportAllocs()
	for b.Loop() {
		stack.Link(configs, facts)
	}
}

func BenchmarkRules(b *testing.B) {
	s := linked(b, benchSites)
	b.ReportAllocs()
	for b.Loop() {
		lint.Run(s, rules.All)
	}
}

// BenchmarkAround requests the blocks around every gateway, as fingerprints do.
func BenchmarkAround(b *testing.B) {
	s := linked(b, benchSites)
	b.ReportAllocs()
	for b.Loop() {
		for _, g := range s.Gateways {
			if _, words := s.Around(g.At); len(words) != 2 {
				b.Fatal(words)
			}
		}
	}
}

// BenchmarkNear searches for addresses similar to one that no pool has.
func BenchmarkNear(b *testing.B) {
	s := linked(b, 200)
	lost := &stack.Peer{Endpoint: netaddr.UnixEndpoint("/run/php/x100.sock")}
	b.ReportAllocs()
	for b.Loop() {
		new(rules.Near).To(&stack.Gateway{Machine: s.Machines[0], Protocol: stack.FastCGI}, lost)
	}
}

// linked is the model of a tree with that number of sites.
func linked(tb testing.TB, sites int) *stack.Stack {
	files, _ := Tree{Sites: sites}.inMemory(tb)
	t := tree.Memory(files)
	return stack.Link(parser.Read(t, []string{"/etc"}), host.Collect(t, host.Overrides{}))
}

// BenchmarkWhole is a complete run, from the disk to the text.
func BenchmarkWhole(b *testing.B) {
	for _, sites := range []int{1, 100, benchSites} {
		b.Run(fmt.Sprintf("sites=%d", sites), func(b *testing.B) {
			dir := b.TempDir()
			Tree{Sites: sites}.onDisk(b, dir)
			b.ReportAllocs()
			for b.Loop() {
				whole(b, dir)
			}
		})
	}
}

// whole is a run on the tree in dir.
func whole(tb testing.TB, dir string) {
	t, err := tree.New(dir)
	if err != nil {
		tb.Fatal(err)
	}
	if err := report.Text(io.Discard, judge(tb, t), report.Options{}); err != nil {
		tb.Fatal(err)
	}
}
