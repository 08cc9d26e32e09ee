//go:build linux

package lab

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/servers"
)

// logFile is a file of a log.
type logFile struct{ name, text string }

// filesOf returns logs, sorted by name.
func filesOf(logs map[string]string) (files []logFile) {
	for _, name := range slices.Sorted(maps.Keys(logs)) {
		files = append(files, logFile{name, logs[name]})
	}
	return files
}

// transformations are the ways in which people have the logs of one incident. Each returns a copy.
var transformations = []struct {
	name string
	of   func([]logFile) []logFile
}{
	{"rotated", rotated},
	{"shuffled", shuffled},
	{"dateless", dateless},
	{"in one paste", pasted},
	{"of docker compose", func(files []logFile) []logFile { return joined("compose.txt", files, composed) }},
	{"of Docker", func(files []logFile) []logFile { return each(files, inJSON) }},
	{"with another clock", func(files []logFile) []logFile { return shifted(files, 2*time.Hour) }},
}

// rotated divides logs as logrotate does over time: the older half goes to .1, and the older half of
// that to .2.gz.
func rotated(files []logFile) (out []logFile) {
	for _, f := range files {
		lines := slices.Collect(strings.Lines(f.text))
		quarter, half := len(lines)/4, len(lines)/2
		for _, part := range []struct {
			name  string
			lines []string
		}{{f.name, lines[half:]}, {f.name + ".1", lines[quarter:half]}, {f.name + ".2.gz", lines[:quarter]}} {
			text := strings.Join(part.lines, "")
			if text == "" {
				continue
			}
			if strings.HasSuffix(part.name, ".gz") {
				text = compressed(text)
			}
			out = append(out, logFile{part.name, text})
		}
	}
	return out
}

func compressed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text) // memory takes all
	_ = z.Close()
	return b.String()
}

// shuffled changes the order of logs, in the same way each time.
func shuffled(files []logFile) []logFile {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b logFile) int { return strings.Compare(b.name, a.name) })
	r := rand.New(rand.NewPCG(1, uint64(len(files))))
	r.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	return files
}

// The times of lines: of nginx, of PHP-FPM, and of what syslog and journalctl put before them with
// the name of the host; and that inside a line of an access log.
var (
	nginxDate  = regexp.MustCompile(`(?m)^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d `)
	syslogDate = regexp.MustCompile(`(?m)^\w{3} [ \d]\d \d\d:\d\d:\d\d \S+ (?:kernel: |[\w.-]+\[\d+\]: )?(?:\[ *\d+\.\d+\] )?`)
	accessDate = regexp.MustCompile(`\[(\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\]`)
)

// dateless cuts the times off lines, with what comes before them. A line of an access log has its
// time in the middle and keeps it.
func dateless(files []logFile) (out []logFile) {
	for _, f := range files {
		text := syslogDate.ReplaceAllString(f.text, "")
		text = fpmDate.ReplaceAllString(nginxDate.ReplaceAllString(text, ""), "")
		out = append(out, logFile{f.name, text})
	}
	return out
}

// pasted joins logs without the times of their lines.
func pasted(files []logFile) []logFile {
	return joined("paste.txt", dateless(files), func(_, line string) string { return line })
}

// composed returns a line as docker compose logs prints it.
func composed(log, line string) string {
	if by := writers[log]; by == servers.FPM {
		return "php-1  | " + line
	} else if by == servers.Kernel {
		return line
	}
	return "web-1  | " + line
}

// inJSON returns a line as Docker's json-file driver stores it.
func inJSON(_, line string) string {
	text, _ := json.Marshal(map[string]string{"log": line + "\n", "stream": "stderr"}) // strings can be marshalled
	return string(text)
}

// each returns logs with their lines in another form.
func each(files []logFile, form func(log, line string) string) (out []logFile) {
	for _, f := range files {
		text := ""
		for _, line := range linesOf(f.text) {
			text += form(f.name, line) + "\n"
		}
		out = append(out, logFile{f.name, text})
	}
	return out
}

// joined returns one log of the lines of several, in another form.
func joined(name string, files []logFile, form func(log, line string) string) []logFile {
	text := ""
	for _, f := range each(files, form) {
		text += f.text
	}
	return []logFile{{name, text}}
}

// shifted returns logs in which the clock of nginx is in another zone than the others. Only lines of
// an access log tell their zone.
func shifted(files []logFile, by time.Duration) (out []logFile) {
	const nginxForm, accessForm = "2006/01/02 15:04:05 ", "[02/Jan/2006:15:04:05 -0700]"
	zone := time.FixedZone("", int(by.Seconds()))
	for _, f := range files {
		if strings.HasPrefix(f.name, "/var/log/nginx/") {
			f.text = replaceTimes(nginxDate, f.text, nginxForm, func(at time.Time) time.Time { return at.Add(by) })
			f.text = replaceTimes(accessDate, f.text, accessForm, func(at time.Time) time.Time { return at.In(zone) })
		}
		out = append(out, f)
	}
	return out
}

// replaceTimes replaces the times of a text, which have a form.
func replaceTimes(expression *regexp.Regexp, text, form string, replace func(time.Time) time.Time) string {
	return expression.ReplaceAllStringFunc(text, func(old string) string {
		at, err := time.Parse(form, old)
		if err != nil {
			return old
		}
		return replace(at).Format(form)
	})
}

// sample is a set of logs with the kinds of lines that transformations change.
var sample = []logFile{
	{nginxAccess, "127.0.0.1 - - [28/Nov/2026:23:30:00 +0000] \"GET / HTTP/1.1\" 502 157 \"-\" \"-\"\n"},
	{nginxErrors, "2026/11/28 23:30:00 [error] 7#7: *1 a\n2026/11/28 23:30:01 [error] 7#7: *2 b\n2026/11/28 23:30:02 [error] 7#7: *3 c\n2026/11/28 23:30:03 [error] 7#7: *4 d\n"},
	{fpmLog, "[28-Nov-2026 23:30:00] NOTICE: ready to handle connections\n"},
	{journalLog, "Nov 28 23:30:00 web php-fpm8.3[12]: [28-Nov-2026 23:30:00] ERROR: e\n"},
	{kernelLog, "Nov 28 23:30:00 web kernel: [84600.000000] php-fpm8.3[12]: segfault at 18\n"},
}

// Transformations leave their input as it is.
func TestTransformations(t *testing.T) {
	logs := map[string]string{}
	for _, f := range sample {
		logs[f.name] = f.text
	}
	for _, transformation := range transformations {
		files := filesOf(logs)
		if got := transformation.of(files); len(got) == 0 || !slices.Equal(files, filesOf(logs)) {
			t.Errorf("%s: got %d files of %d", transformation.name, len(got), len(files))
		}
	}
}

func TestRotated(t *testing.T) {
	got := map[string]string{}
	for _, f := range rotated(sample) {
		if strings.HasSuffix(f.name, ".gz") {
			z, err := gzip.NewReader(strings.NewReader(f.text))
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			f.text = string(text)
		}
		got[f.name] = f.text
	}
	if len(got) != len(sample)+2 {
		t.Errorf("got %d files", len(got))
	}
	if whole := got[nginxErrors+".2.gz"] + got[nginxErrors+".1"] + got[nginxErrors]; whole != sample[1].text {
		t.Errorf("got %q", whole)
	}
	if newest := strings.Count(got[nginxErrors], "\n"); newest != 2 {
		t.Errorf("%d lines are in the newest file", newest)
	}
	if got[fpmLog] != sample[2].text {
		t.Errorf("got %q", got[fpmLog])
	}
}

func TestShuffled(t *testing.T) {
	got := shuffled(sample)
	if slices.Equal(got, sample) || !slices.Equal(got, shuffled(sample)) {
		t.Errorf("got %v", got)
	}
	slices.SortFunc(got, func(a, b logFile) int { return strings.Compare(a.name, b.name) })
	want := slices.Clone(sample)
	slices.SortFunc(want, func(a, b logFile) int { return strings.Compare(a.name, b.name) })
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestDateless(t *testing.T) {
	want := []string{
		sample[0].text,
		"[error] 7#7: *1 a\n[error] 7#7: *2 b\n[error] 7#7: *3 c\n[error] 7#7: *4 d\n",
		"NOTICE: ready to handle connections\n",
		"ERROR: e\n",
		"php-fpm8.3[12]: segfault at 18\n",
	}
	for i, f := range dateless(sample) {
		if f.text != want[i] {
			t.Errorf("%s: got %q", f.name, f.text)
		}
	}
}

func TestShifted(t *testing.T) {
	got := shifted(sample, 2*time.Hour)
	if want := "127.0.0.1 - - [29/Nov/2026:01:30:00 +0200] \"GET / HTTP/1.1\" 502 157 \"-\" \"-\"\n"; got[0].text != want {
		t.Errorf("got %q", got[0].text)
	}
	if want := "2026/11/29 01:30:00 [error] 7#7: *1 a\n"; !strings.HasPrefix(got[1].text, want) {
		t.Errorf("got %q", got[1].text)
	}
	if !slices.Equal(got[2:], sample[2:]) {
		t.Errorf("got %v", got[2:])
	}
}

func TestJoined(t *testing.T) {
	got := joined("compose.txt", sample[1:3], composed)
	if want := "web-1  | 2026/11/28 23:30:00 [error] 7#7: *1 a\n"; len(got) != 1 || !strings.HasPrefix(got[0].text, want) || strings.Count(got[0].text, "\n") != 5 {
		t.Errorf("got %q", got)
	}
	if want := "php-1  | [28-Nov-2026 23:30:00] NOTICE: ready to handle connections\n"; !strings.HasSuffix(got[0].text, want) {
		t.Errorf("got %q", got)
	}
	if got := pasted(sample[2:3]); got[0].text != "NOTICE: ready to handle connections\n" {
		t.Errorf("got %q", got)
	}
	if got, want := each(sample[:1], inJSON)[0].text, `{"log":"127.0.0.1 - - [28/Nov/2026:23:30:00 +0000] \"GET / HTTP/1.1\" 502 157 \"-\" \"-\"\n","stream":"stderr"}`+"\n"; got != want {
		t.Errorf("got %q", got)
	}
}
