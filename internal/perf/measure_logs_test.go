package perf

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// heavy are the logs that diagnose is measured on, next to another program. Where hold is infinite
// the ratio to it is not held.
var heavy = []struct {
	name      string
	bytes     int64
	pace      int // lines a second
	line      func(*traffic, []byte) []byte
	packed    bool // by gzip, after which the size is that of the text
	other     string
	hold, aim float64
}{
	{"logs of a busy host", 4 << 30, 400, (*traffic).day, false, grepCount, 2, 1.2},
	{"logs of a busy host, in gzip", 1 << 30, 400, (*traffic).day, true, gunzip, 1.3, 1},
	{"an error log, each line a 502", 512 << 20, 20, (*traffic).event, false, grepCount, math.Inf(1), math.Inf(1)},
	{"the same in `docker compose logs`", 512 << 20, 20, (*traffic).inCompose, false, grepCount, math.Inf(1), math.Inf(1)},
	{"the same in `journalctl -o json`", 512 << 20, 20, (*traffic).inJournal, false, grepCount, math.Inf(1), math.Inf(1)},
	{"each line another site, address and path", 512 << 20, 20, (*traffic).stranger, false, grepCount, math.Inf(1), math.Inf(1)},
}

const (
	grepCount, gunzip = "grep -c -F upstream", "gzip -dc"
	// holdPeak and aimPeak are of the memory of diagnose in MiB, whatever the log.
	holdPeak, aimPeak = 64, 48
)

// TestMeasureLogs measures diagnose on large logs, each next to a program that only reads it, and
// prints the figures of docs/PERFORMANCE.md; see TestMeasure. The logs are in the page cache.
func TestMeasureLogs(t *testing.T) {
	if os.Getenv("WP502LINT_PERF") != "1" {
		t.Skip("this measures for minutes: WP502LINT_PERF=1 go test ./internal/perf -run Measure -v -count=1 -timeout 60m")
	}
	p := findPrograms(t)
	var rows []quantity
	var table strings.Builder
	table.WriteString("| log | size | program | wall | of the log a second | processor | peak memory |\n|---|---|---|---|---|---|---|\n")
	peak := 0.0
	for _, h := range heavy {
		traffic := newTraffic(h.pace)
		file := largeLog(t, h.bytes, h.packed, func(b []byte) []byte { return h.line(traffic, b) })
		m := p.race(t, file, h.other, 7)
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, quantity{fmt.Sprintf("diagnose ÷ `%s`, %s", h.other, h.name), m.ratio(h.other), h.hold, h.aim})
		peak = max(peak, float64(slices.MaxFunc(m.samples("wp502lint"), func(a, b sample) int { return int(a.peak - b.peak) }).peak))
		for _, name := range m.names {
			s := m.median(name)
			fmt.Fprintf(&table, "| %s | %d MiB | %s | %s | %.0f MB | %s | %.1f MB |\n", h.name, h.bytes>>20, strings.Replace(name, "wp502lint", "wp502lint diagnose", 1),
				short(s.wall), float64(h.bytes)/1e6/s.wall.Seconds(), short(s.cpu), float64(s.peak)/1e6)
		}
	}
	rows = append(rows, quantity{"the most memory of diagnose on any of the logs, in MiB", peak / (1 << 20), holdPeak, aimPeak})
	holds(t, rows)
	text := ratioTable(rows) + "\n" + table.String()
	fmt.Println(text)
	if os.Getenv("UPDATE") == "1" {
		publish(t, "../../docs/PERFORMANCE.md", "logs", text)
	}
}

// largeLog writes a log of that many bytes.
func largeLog(t *testing.T, size int64, packed bool, line func([]byte) []byte) (name string) {
	name = filepath.Join(t.TempDir(), "large.log")
	f, err := os.Create(name)
	if err == nil {
		err = fillUp(f, size, line)
	}
	if err == nil {
		err = f.Close()
	}
	if err == nil && packed {
		err = exec.Command("gzip", name).Run()
		name += ".gz"
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// race runs diagnose and another program on a log in turn, after a warm-up round. Diagnose has two
// processors.
func (p *programs) race(t *testing.T, log, other string, rounds int) *measured {
	m := &measured{names: []string{"wp502lint"}, rounds: map[string][][]sample{}}
	commands := map[string][]string{"wp502lint": {"/usr/bin/env", "GOMAXPROCS=2", filepath.Join(p.bin, "wp502lint"), "diagnose", log}}
	if program := strings.Fields(other); len(program) > 0 {
		if _, err := exec.LookPath(program[0]); err == nil {
			m.names = append(m.names, other)
			// grep stops at the first match when its output is /dev/null.
			commands[other] = []string{"/bin/sh", "-c", "exec " + other + " \"$0\" > \"$1\"", log, os.DevNull}
			if other == grepCount {
				commands[other][4] = log + ".count"
			}
		}
	}
	for round := range rounds + 1 {
		for _, name := range m.names {
			s := p.run(t, commands[name], name == "wp502lint")
			if round > 0 {
				m.rounds[name] = append(m.rounds[name], []sample{s})
			}
		}
	}
	return m
}

// A large log has the same text every time, and lines of all kinds.
func TestTrafficIsDeterministic(t *testing.T) {
	var logs [2]strings.Builder
	for i := range logs {
		traffic := newTraffic(400)
		if err := fillUp(&logs[i], 4<<20, traffic.day); err != nil {
			t.Fatal(err)
		}
	}
	if logs[0].String() != logs[1].String() {
		t.Error("a log differs the second time")
	}
	for _, part := range []string{` HTTP/1.1" 502 `, "] NOTICE: [pool www] child", "FastCGI sent in stderr", " failed (11: ", time.Date(2026, 11, 26, 0, 0, 30, 0, time.UTC).Format("[02/Jan/2006:15:04:05")} {
		if !strings.Contains(logs[0].String(), part) {
			t.Errorf("no line has %q", part)
		}
	}
}
