package host

import (
	"os"
	"path/filepath"
	"strings"
)

// process is the directory of a process in /proc (proc(5)). What cannot be read of it,
// since it has ended or belongs to another account, is empty.
type process string

// processes returns all processes of this machine.
func processes() (all []process) {
	found, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range found {
		all = append(all, process(dir))
	}
	return all
}

func (p process) read(name string) string {
	text, _ := os.ReadFile(string(p) + "/" + name)
	return string(text)
}

// title returns the first argument, which PHP-FPM replaces with its title.
func (p process) title() string {
	title, _, _ := strings.Cut(p.read("cmdline"), "\x00")
	return title
}

// executable returns the program of p.
func (p process) executable() string {
	name, _ := os.Readlink(string(p) + "/exe")
	return strings.TrimSuffix(name, " (deleted)")
}

// mapped returns the files that p has mapped, some of them several times.
func (p process) mapped() (names []string) {
	for line := range strings.Lines(p.read("maps")) {
		if i := strings.IndexByte(line, '/'); i >= 0 {
			names = append(names, strings.TrimSuffix(line[i:], "\n"))
		}
	}
	return names
}

// figures reads lines such as "VmRSS:   1234 kB" by name, in bytes.
func figures(text string) map[string]int64 {
	by := map[string]int64{}
	for line := range strings.Lines(text) {
		name, rest, _ := strings.Cut(line, ":")
		if n, err := ParseSize(strings.TrimSuffix(strings.TrimSpace(rest), "B")); err == nil {
			by[name] = n
		}
	}
	return by
}
