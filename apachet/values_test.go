package apachet

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/tree"
)

//go:embed testdata/values.txt
var valueText string

// valueModules are those that the lines of testdata/values.txt need, in an order in which
// httpd can load them.
const valueModules = "mpm_event access_compat alias auth_basic authn_core authn_file authz_core authz_groupfile authz_host authz_user deflate dir env expires filter headers " +
	"lbmethod_byrequests mime proxy remoteip reqtimeout rewrite setenvif slotmem_shm socache_shmcb ssl proxy_fcgi proxy_http proxy_balancer"

// valueHead is what is before the lines of a test of values, in a directory.
func valueHead(dir string) string {
	var b strings.Builder
	b.WriteString("ServerRoot " + dir + "\nServerName a\nErrorLog error.log\n")
	for name := range strings.FieldsSeq(valueModules) {
		b.WriteString("LoadModule " + name + "_module " + objects + "/mod_" + name + ".so\n")
	}
	return b.String()
}

// valueRow is one row of testdata/values.txt.
type valueRow struct {
	text string
	line int
	says string
}

func valueRows(t *testing.T) (rows []valueRow) {
	t.Helper()
	for line := range strings.Lines(valueText) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		n, err := strconv.Atoi(fields[1])
		if err != nil {
			t.Fatal(line)
		}
		row := valueRow{strings.ReplaceAll(fields[0], `\n`, "\n"), n, ""}
		if len(fields) > 2 {
			row.says = fields[2]
		}
		rows = append(rows, row)
	}
	return rows
}

// tested returns what apache2 -t would say about text after the head: the line and the
// words, as far as they are known.
func tested(t *testing.T, head, text string) (line int, says string, r *Refusal) {
	t.Helper()
	const name = "/etc/apache2/apache2.conf"
	files := tree.Memory(map[string]string{name: head + text + "\n"})
	main, err := files.File(name)
	if err != nil {
		t.Fatal(err)
	}
	r = Check(apache.Load(main, world{files}), &host.Facts{})
	if r == nil || r.Start {
		return 0, "", nil
	}
	return reported(r) - strings.Count(head, "\n"), r.Log, r
}

func TestValues(t *testing.T) {
	head := valueHead("/etc/apache2")
	refusals := 0
	for _, row := range valueRows(t) {
		line, says, r := tested(t, head, row.text)
		if (r == nil) != (row.says == "") || r != nil && row.line > 0 && line != row.line || !strings.HasPrefix(row.says, escaped(strings.TrimRight(says, " "))) {
			t.Errorf("%s:\ngot  %d %s\nwant %d %s", row.text, line, says, row.line, row.says)
		}
		if r != nil {
			refusals++
		}
		if r != nil && (r.Message == "" || r.At.IsZero() || strings.HasSuffix(r.Message, ".") || strings.Contains(r.Message, "\n")) {
			t.Errorf("%s: the message %q", row.text, r.Message)
		}
	}
	if all := len(valueRows(t)); refusals < all/4 || refusals > all*3/4 {
		t.Errorf("%d of %d are refused", refusals, all)
	}
}

// The words of a real httpd about the same lines. Another version may have other words.
func TestValuesOfServer(t *testing.T) {
	needServer(t)
	rows := valueRows(t)
	step := 8
	if os.Getenv("WP502LINT_LAB") == "1" {
		step = 1
	}
	dir := t.TempDir()
	head := valueHead(dir)
	for i := 0; i < len(rows); i += step {
		line, says, ok := serverSays(t, dir, head, rows[i].text)
		if ok != (rows[i].says == "") || line != rows[i].line {
			t.Errorf("%s:\nhttpd says %d %s\nthe table  %d %s", rows[i].text, line, says, rows[i].line, rows[i].says)
		}
	}
}

// serverSays is what a real httpd says about text after the head: the line that it names, its
// words, and whether it accepts the text.
func serverSays(t *testing.T, dir, head, text string) (line int, says string, ok bool) {
	t.Helper()
	file := filepath.Join(dir, "httpd.conf")
	if err := os.WriteFile(file, []byte(head+text+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	output, err := exec.Command(apache2, "-t", "-f", file).CombinedOutput()
	says = strings.TrimSpace(string(output))
	if err == nil {
		return 0, "", true
	}
	if m := place.FindStringSubmatch(says); m != nil {
		line, _ = strconv.Atoi(m[1])
		return line - strings.Count(head, "\n"), strings.TrimSpace(m[2]), false
	}
	return 0, says, false
}
