package perf

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/tree"
)

// programs are the measured programs.
type programs struct {
	bin                string // the directory of our own programs
	nginx, apache, fpm string // "" if this machine has none
}

func findPrograms(t *testing.T) *programs {
	p := &programs{bin: t.TempDir()}
	for _, program := range []string{"../../cmd/wp502lint", "./testdata/readall", "./testdata/hello", "./testdata/timed"} {
		built := t.TempDir()
		out, err := buildStatic(built, program)
		if err != nil {
			t.Fatalf("%s: %v\n%s", program, err, out)
		}
		install(t, filepath.Join(built, filepath.Base(program)), p.bin)
	}
	p.nginx, _ = exec.LookPath("nginx")
	p.apache, _ = exec.LookPath("apache2")
	for _, name := range []string{"php-fpm", "php-fpm8.4", "php-fpm8.3", "php-fpm8.2"} {
		if found, err := exec.LookPath(name); err == nil {
			p.fpm = found
			break
		}
	}
	return p
}

// buildStatic builds a program as releases are built: without cgo, and without the
// flag library's generator of manuals.
func buildStatic(dir, program string) ([]byte, error) {
	cmd := exec.Command("go", "build", "-tags", "urfave_cli_no_docs", "-o", dir+string(filepath.Separator), program)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	return cmd.CombinedOutput()
}

// install copies a program into dir, as packages do. Linux starts what it has written in
// one go faster than what the linker has put together page by page.
func install(t *testing.T, program, dir string) {
	text, err := os.ReadFile(program)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, filepath.Base(program)), text, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// machine describes the machine of the measurement.
func (p *programs) machine() string {
	parts := []string{runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, fmt.Sprintf("%d processors (%s)", runtime.NumCPU(), processor())}
	for _, program := range []string{p.nginx, p.apache, p.fpm} {
		if program == "" {
			continue
		}
		out, _ := exec.Command(program, "-v").CombinedOutput()
		first, _, _ := strings.Cut(string(out), "\n")
		first, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimPrefix(first, "nginx version: "), "Server version: "), " (")
		parts = append(parts, first)
	}
	return strings.Join(parts, ", ") + ".\n"
}

// processor returns the model of the processor according to Linux.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	_, model, _ := strings.Cut(string(text), "model name")
	model, _, _ = strings.Cut(strings.TrimLeft(model, "\t :"), "\n")
	return cmp.Or(model, "model unknown")
}

// measured is a tree and the cost of the programs on it.
type measured struct {
	Tree
	files        int
	bytes        int64
	opened       float64 // files that the linter opened ÷ files to read
	plain, baked string  // the directories of the tree, for another host and in place
	names        []string
	rounds       map[string][][]sample // by program; those of one round together
}

// times returns how often a round runs each program: short runs more often, since their
// times vary more.
func (m *measured) times() int { return max(1, min(3, 300/m.Sites)) }

// samples returns all samples of a program in order, nil if it is not available.
func (m *measured) samples(name string) []sample { return slices.Concat(m.rounds[name]...) }

func (m *measured) median(name string) sample {
	list := m.samples(name)
	return sample{
		wall: middle(each(list, func(s sample) time.Duration { return s.wall })),
		cpu:  middle(each(list, func(s sample) time.Duration { return s.cpu })),
		peak: middle(each(list, func(s sample) int64 { return s.peak })),
	}
}

// ratio returns the linter's time divided by that of another program that ran next to
// it, the median of the runs, or NaN if the other one is not available.
func (m *measured) ratio(name string) float64 {
	others := m.samples(name)
	if others == nil {
		return math.NaN()
	}
	var ratios []float64
	for i, s := range m.samples("wp502lint") {
		ratios = append(ratios, s.wall.Seconds()/others[i].wall.Seconds())
	}
	return middle(ratios)
}

// sample is the cost of one process.
type sample struct {
	wall, cpu time.Duration
	peak      int64 // bytes
}

// plant writes a tree for the linter and the other programs that are available.
func (p *programs) plant(t *testing.T, host Tree, others ...string) *measured {
	dir := t.TempDir()
	m := &measured{Tree: host, plain: filepath.Join(dir, "plain"), baked: filepath.Join(dir, "baked"), rounds: map[string][][]sample{}}
	host.onDisk(t, m.plain)
	if slices.Contains(others, "nginx -t") || slices.Contains(others, "apache2 -t") {
		host.Prefix = m.baked
		host.onDisk(t, m.baked)
	}
	m.count(t)
	for _, name := range append([]string{"wp502lint"}, others...) {
		if p.command(name, m) != nil {
			m.names = append(m.names, name)
		}
	}
	return m
}

// measure runs the programs on all trees in each round, after a warm-up round: a machine
// that gets slower meanwhile slows all of them alike.
func (p *programs) measure(t *testing.T, trees []*measured, rounds int) {
	for round := range rounds + 1 {
		for _, m := range trees {
			this := map[string][]sample{}
			for range m.times() {
				for _, name := range m.names {
					this[name] = append(this[name], p.run(t, p.command(name, m), name == "wp502lint" && m.Sites >= 20))
				}
			}
			for name, samples := range this {
				if round > 0 {
					m.rounds[name] = append(m.rounds[name], samples)
				}
			}
		}
	}
}

// count counts files, bytes, and how many of the files the linter opens.
func (m *measured) count(t *testing.T) {
	idle := 0
	_, err := m.Write(func(name, text string) error {
		m.files++
		m.bytes += int64(len(text))
		if strings.HasSuffix(name, ".disabled") {
			idle++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	tr, err := tree.New(m.plain)
	if err != nil {
		t.Fatal(err)
	}
	judge(t, tr)
	m.opened = float64(tr.Opened()) / float64(m.files-idle)
}

// command returns the command for a name, or nil if it is not available. The linter
// reads the tree as the root of another host; the servers read theirs in place.
func (p *programs) command(name string, m *measured) []string {
	switch {
	case name == "wp502lint":
		return []string{filepath.Join(p.bin, name), "check", "--root", m.plain, "/etc"}
	case name == "readall":
		return []string{filepath.Join(p.bin, name), m.plain + "/etc"}
	case name == "hello":
		return []string{filepath.Join(p.bin, name)}
	case name == "nginx -t" && p.nginx != "":
		return []string{p.nginx, "-t", "-p", m.baked + "/", "-c", m.baked + "/etc/nginx/nginx.conf"}
	case name == "apache2 -t" && p.apache != "":
		return []string{"/usr/bin/env", "APACHE_RUN_USER=www-data", "APACHE_RUN_GROUP=www-data", "APACHE_RUN_DIR=" + m.baked + "/run/apache2",
			"APACHE_PID_FILE=" + m.baked + "/run/apache2/apache2.pid", "APACHE_LOG_DIR=" + m.baked + "/var/log/apache2",
			p.apache, "-t", "-f", m.baked + "/etc/apache2/apache2.conf"}
	case name == "php-fpm -t" && p.fpm != "":
		etc := m.baked + "/etc/php/8.2/fpm/"
		return []string{"/usr/bin/env", "PHP_INI_SCAN_DIR=" + etc + "conf.d", p.fpm, "-t", "-c", etc + "php.ini", "-y", etc + "php-fpm.conf"}
	}
	return nil
}

// run runs a command once. It fails unless the exit status is 0, or 1 for findings.
func (p *programs) run(t *testing.T, command []string, findings bool) sample {
	out, err := exec.Command(filepath.Join(p.bin, "timed"), command...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", command, err, out)
	}
	var status, want int
	var wall, cpu, peak int64
	if _, err := fmt.Sscan(string(out), &status, &wall, &cpu, &peak); err != nil {
		t.Fatalf("timed says %q", out)
	}
	if findings {
		want = 1
	}
	if status != want {
		t.Fatalf("%v ends with %d, want %d", command, status, want)
	}
	return sample{time.Duration(wall), time.Duration(cpu), peak}
}

func each[T any](list []sample, of func(sample) T) (values []T) {
	for _, s := range list {
		values = append(values, of(s))
	}
	return values
}

// middle returns the median of values, which it sorts.
func middle[T cmp.Ordered](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}
