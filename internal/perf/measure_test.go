package perf

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMeasure measures whole processes, one after the other in rounds so that
// what else the machine does hits all of them alike, and prints the figures of
// docs/PERFORMANCE.md. With UPDATE=1 it writes them there. It takes minutes and
// is no test of what the linter says: it runs when WP502LINT_PERF is 1.
func TestMeasure(t *testing.T) {
	if os.Getenv("WP502LINT_PERF") != "1" {
		t.Skip("this measures for minutes: WP502LINT_PERF=1 go test ./internal/perf -run Measure -v -count=1 -timeout 60m")
	}
	p := findPrograms(t)
	trees := []measured{
		p.measure(t, 1, 30, "hello", "readall", "nginx -t", "php-fpm -t"),
		p.measure(t, 100, 15, "readall", "nginx -t", "php-fpm -t"),
		p.measure(t, 1000, 15, "readall", "nginx -t", "php-fpm -t"),
		p.measure(t, 10_000, 7, "readall"),
		p.measure(t, 50_000, 5, "readall"),
	}
	rows := quantities(trees)
	for _, r := range rows {
		if known(r.value) && r.value > r.hold {
			t.Errorf("%s: %.3g, and the most that holds is %.3g", r.what, r.value, r.hold)
		}
	}
	text := p.machine() + "\n" + ratioTable(rows) + "\n" + medianTable(trees)
	fmt.Println(text)
	if os.Getenv("UPDATE") == "1" {
		publish(t, "../../docs/PERFORMANCE.md", text)
	}
}

// quantity is a figure, the most that it may be, and what is aimed at. It is
// infinite or not a number when something was not there to measure.
type quantity struct {
	what             string
	value, hold, aim float64
}

// quantities works out the figures from the trees of 1, 100, 1,000, 10,000 and
// 50,000 sites.
func quantities(trees []measured) []quantity {
	one, hundred, thousand, tenThousand, fiftyThousand := trees[0], trees[1], trees[2], trees[3], trees[4]
	atTen := tenThousand.wall("wp502lint") / tenThousand.wall("readall")
	atFifty := fiftyThousand.wall("wp502lint") / fiftyThousand.wall("readall")
	ours := thousand.wall("wp502lint")
	peak := func(m measured) float64 { return float64(m.medians["wp502lint"].peak) }
	return []quantity{
		{"whole run ÷ a walk that only reads every file, 1,000 sites", ours / thousand.wall("readall"), 4, 2.5},
		{"the same, 10,000 sites", atTen, 5, 3},
		{"the same at 50,000 sites ÷ at 10,000 sites", atFifty / atTen, 1.3, 1},
		{"whole run ÷ `nginx -t`, 1,000 sites", ours / thousand.wall("nginx -t"), 0.20, 0.12},
		{"whole run ÷ (`nginx -t` + `php-fpm -t`), 1,000 sites", ours / (thousand.wall("nginx -t") + thousand.wall("php-fpm -t")), 0.10, 0.06},
		{"growth of processor time from 1,000 to 10,000 sites, exponent", growth(thousand, tenThousand), 1.10, 1.05},
		{"growth of processor time from 10,000 to 50,000 sites, exponent", growth(tenThousand, fiftyThousand), 1.10, 1.05},
		{"peak memory ÷ bytes of configuration, 10,000 sites less 100 sites", (peak(tenThousand) - peak(hundred)) / float64(tenThousand.bytes-hundred.bytes), 8, 5},
		{"one site, whole run ÷ a Go program that prints hello", one.wall("wp502lint") / one.wall("hello"), 4, 2.5},
		{"files opened ÷ distinct files, 1,000 sites", thousand.opened, 1.02, 1},
	}
}

// growth returns e so that the processor time grows with the sites to the
// power of e.
func growth(from, to measured) float64 {
	cpu := func(m measured) float64 { return m.medians["wp502lint"].cpu.Seconds() }
	return math.Log(cpu(to)/cpu(from)) / math.Log(float64(to.sites)/float64(from.sites))
}

func known(value float64) bool { return !math.IsNaN(value) && !math.IsInf(value, 0) }

func ratioTable(rows []quantity) string {
	var b strings.Builder
	b.WriteString("| quantity | hold | aim | measured |\n|---|---|---|---|\n")
	for _, r := range rows {
		value := "not measured"
		if known(r.value) {
			value = fmt.Sprintf("%.3g", r.value)
		}
		fmt.Fprintf(&b, "| %s | ≤ %.3g | %.3g | %s |\n", r.what, r.hold, r.aim, value)
	}
	return b.String()
}

func medianTable(trees []measured) string {
	var b strings.Builder
	b.WriteString("| sites | files | program | wall | processor | peak memory |\n|---|---|---|---|---|---|\n")
	for _, m := range trees {
		for _, name := range m.names {
			s := m.medians[name]
			fmt.Fprintf(&b, "| %d | %d | %s | %s | %s | %.1f MB |\n", m.sites, m.files, name, short(s.wall), short(s.cpu), float64(s.peak)/1e6)
		}
	}
	return b.String()
}

func short(d time.Duration) string { return fmt.Sprintf("%.1f ms", d.Seconds()*1000) }

// publish writes text between the marks of a page.
func publish(t *testing.T, page, text string) {
	const begin, end = "<!-- figures -->", "<!-- /figures -->"
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
