package perf

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestMeasure measures the stages of a run and whole processes, in interleaved rounds
// so that other load on the machine affects all of them alike, and prints the figures
// of docs/PERFORMANCE.md. With UPDATE=1 it writes them there. It takes minutes and does
// not test what the linter reports: it runs if WP502LINT_PERF is 1.
func TestMeasure(t *testing.T) {
	if os.Getenv("WP502LINT_PERF") != "1" {
		t.Skip("this measures for minutes: WP502LINT_PERF=1 go test ./internal/perf -run Measure -v -count=1 -timeout 60m")
	}
	stages := stageQuantities(t) // first, while the process is small, as a benchmark of its own
	p := findPrograms(t)
	trees := []*measured{
		p.plant(t, Tree{Sites: 1}, "hello", "readall", "nginx -t", "php-fpm -t"),
		p.plant(t, Tree{Sites: 100}, "readall", "nginx -t", "php-fpm -t"),
		p.plant(t, Tree{Sites: 1000}, "readall", "nginx -t", "php-fpm -t"),
		p.plant(t, Tree{Sites: 10_000}, "readall"),
		p.plant(t, Tree{Sites: 50_000}, "readall"),
		p.plant(t, Tree{Sites: 1000, Apache: true}, "readall", "apache2 -t"),
	}
	p.measure(t, trees, 15)
	rows := slices.Concat(stages, quantities(trees), unheld(trees))
	holds(t, rows)
	text := p.machine() + "\n" + ratioTable(rows) + "\n" + medianTable(trees)
	fmt.Println(text)
	if os.Getenv("UPDATE") == "1" {
		publish(t, "../../docs/PERFORMANCE.md", "figures", text)
	}
}

// quantity is a figure, its limit, and its goal. The figure is infinite or NaN if there
// was nothing to measure. Limit and goal are so if the figure depends more on the
// machine than on the linter.
type quantity struct {
	what             string
	value, hold, aim float64
}

// holds fails if a quantity does not hold.
func holds(t *testing.T, rows []quantity) {
	t.Helper()
	for _, r := range rows {
		if known(r.value) && known(r.hold) && r.value > r.hold {
			t.Errorf("%s: %.3g, and the most that holds is %.3g", r.what, r.value, r.hold)
		}
	}
}

// The limits on allocations per site.
const (
	holdLinkAllocs, aimLinkAllocs   = 40, 30
	holdWholeAllocs, aimWholeAllocs = 100, 80

	holdApacheAllocs, aimApacheAllocs = 160, 120
)

// stageQuantities computes the figures of the stages, which are measured one after the
// other in each of several rounds.
func stageQuantities(t *testing.T) []quantity {
	var link, rules []float64 // by round, divided by reading
	cost := func(stage func(*testing.B)) float64 { return float64(testing.Benchmark(stage).NsPerOp()) }
	for range 9 {
		read := cost(BenchmarkRead)
		link, rules = append(link, cost(BenchmarkLink)/read), append(rules, cost(BenchmarkRules)/read)
	}
	linking, all := allocations(t, Tree{Sites: benchSites})
	_, apache := allocations(t, Tree{Sites: benchSites, Apache: true})
	return []quantity{
		{"BenchmarkLink ÷ BenchmarkRead", middle(link), 0.8, 0.5},
		{"BenchmarkRules ÷ BenchmarkRead", middle(rules), 0.3, 0.15},
		{"allocations a site, linking, 1,000 sites", linking, holdLinkAllocs, aimLinkAllocs},
		{"allocations a site, whole run, 1,000 sites", all, holdWholeAllocs, aimWholeAllocs},
		{"allocations a site, whole run, 1,000 virtual hosts of Apache", apache, holdApacheAllocs, aimApacheAllocs},
	}
}

// quantities computes the figures from the trees of 1, 100, 1,000, 10,000 and 50,000 sites, and
// that of 1,000 virtual hosts of Apache.
func quantities(trees []*measured) []quantity {
	one, hundred, thousand, tenThousand, fiftyThousand, apache := trees[0], trees[1], trees[2], trees[3], trees[4], trees[5]
	peak := func(m *measured) float64 { return float64(m.median("wp502lint").peak) }
	return []quantity{
		{"whole run ÷ `nginx -t`, 1,000 sites", thousand.ratio("nginx -t"), 0.12, 0.07},
		{"one site, whole run ÷ a Go program that prints hello", one.ratio("hello"), 3.2, 2.5},
		{"peak memory ÷ bytes of configuration, 10,000 sites less 100 sites", (peak(tenThousand) - peak(hundred)) / float64(tenThousand.bytes-hundred.bytes), 6.25, 5},
		{"growth of processor time from 1,000 to 10,000 sites, exponent", growth(thousand, tenThousand), 1.10, 1.05},
		{"growth of processor time from 10,000 to 50,000 sites, exponent", growth(tenThousand, fiftyThousand), 1.10, 1.05},
		{"1,000 virtual hosts of Apache ÷ 1,000 sites of nginx", between(apache, thousand), 1.3, 1.2},
		{"files opened ÷ distinct files, 1,000 sites", thousand.opened, 1.02, 1},
	}
}

// between returns the wall time of the linter on one tree divided by that on another, the median of the
// rounds.
func between(a, b *measured) float64 {
	wall := func(m *measured, round int) float64 {
		return middle(each(m.rounds["wp502lint"][round], func(s sample) float64 { return s.wall.Seconds() }))
	}
	var ratios []float64
	for round := range a.rounds["wp502lint"] {
		ratios = append(ratios, wall(a, round)/wall(b, round))
	}
	return middle(ratios)
}

// unheld are the figures without a limit, which depend on the machine: how fast it
// opens files compared with how fast it processes them.
func unheld(trees []*measured) (rows []quantity) {
	for _, m := range trees[2:5] {
		what := fmt.Sprintf("whole run ÷ a walk that only reads every file, %d sites", m.Sites)
		rows = append(rows, quantity{what, m.ratio("readall"), math.Inf(1), math.Inf(1)})
	}
	return rows
}

// growth returns the exponent e such that the processor time grows with the number of
// sites to the power of e, the median of the rounds.
func growth(from, to *measured) float64 {
	cpu := func(m *measured, round int) float64 {
		return middle(each(m.rounds["wp502lint"][round], func(s sample) float64 { return s.cpu.Seconds() }))
	}
	var exponents []float64
	for round := range from.rounds["wp502lint"] {
		exponents = append(exponents, math.Log(cpu(to, round)/cpu(from, round))/math.Log(float64(to.Sites)/float64(from.Sites)))
	}
	return middle(exponents)
}

func known(value float64) bool { return !math.IsNaN(value) && !math.IsInf(value, 0) }

func ratioTable(rows []quantity) string {
	var b strings.Builder
	b.WriteString("| quantity | hold | aim | measured |\n|---|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.what, spell("≤ ", r.hold, "not held"), spell("", r.aim, ""), spell("", r.value, "not measured"))
	}
	return b.String()
}

// spell formats a number, or returns otherwise if there is none.
func spell(before string, value float64, otherwise string) string {
	if !known(value) {
		return otherwise
	}
	return fmt.Sprintf("%s%.3g", before, value)
}

func medianTable(trees []*measured) string {
	var b strings.Builder
	b.WriteString("| sites | files | program | wall | processor | peak memory |\n|---|---|---|---|---|---|\n")
	for _, m := range trees {
		for _, name := range m.names {
			s := m.median(name)
			fmt.Fprintf(&b, "| %s | %d | %s | %s | %s | %.1f MB |\n", m.label(), m.files, name, short(s.wall), short(s.cpu), float64(s.peak)/1e6)
		}
	}
	return b.String()
}

// label names a tree.
func (m *measured) label() string {
	if m.Apache {
		return fmt.Sprint(m.Sites, ", Apache")
	}
	return fmt.Sprint(m.Sites)
}

func short(d time.Duration) string { return fmt.Sprintf("%.1f ms", d.Seconds()*1000) }

// publish writes text between the markers of a page with a name.
func publish(t *testing.T, page, marker, text string) {
	begin, end := "<!-- "+marker+" -->", "<!-- /"+marker+" -->"
	old, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(old), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s lacks %s or %s", page, begin, end)
	}
	if err := os.WriteFile(page, []byte(before+begin+"\n\n"+text+"\n"+end+after), 0o666); err != nil {
		t.Fatal(err)
	}
}
