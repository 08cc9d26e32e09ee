package apachet

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// allowances are lines of AllowOverride, and what they leave to .htaccess files.
var allowances = []struct {
	line string
	o    Overrides
}{
	{"AllowOverride All", Overrides{Classes: httpd.WithAll}},
	{"AllowOverride FileInfo", Overrides{Classes: httpd.WithFileInfo}},
	{"AllowOverride Options Indexes", Overrides{Classes: httpd.WithOptions | httpd.WithIndexes, Options: []string{"all"}}},
	{"AllowOverride Options=Indexes,MultiViews AuthConfig", Overrides{Classes: httpd.WithOptions | httpd.WithAuthConfig, Options: []string{"indexes", "multiviews"}}},
	{"AllowOverride Limit Nonfatal=Override", Overrides{Classes: httpd.WithLimit, IgnoreForbidden: true}},
	{"AllowOverride FileInfo Nonfatal=Unknown", Overrides{Classes: httpd.WithFileInfo, IgnoreUnknown: true}},
	{"AllowOverride Indexes\nAllowOverrideList SetHandler Options", Overrides{Classes: httpd.WithIndexes, Names: []string{"sethandler", "options"}}},
}

// accessFiles are random .htaccess files and directories for them.
type accessFiles struct {
	dir   string
	texts []string
}

// TestAccessOfServer compares CheckAccess with what a real httpd answers below random
// .htaccess files: 500, with a line in its log.
func TestAccessOfServer(t *testing.T) {
	needServer(t)
	s := accessFiles{dir: t.TempDir()}
	if err := os.Chmod(filepath.Dir(s.dir), 0o755); err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	text := s.write(t, port)
	stop := serve(t, filepath.Join(s.dir, "httpd.conf"), port)
	statuses := make([]int, len(s.texts))
	for i := range s.texts {
		statuses[i] = get(t, fmt.Sprintf("http://127.0.0.1:%d/%d/a.txt", port, i))
	}
	stop()
	log, err := os.ReadFile(filepath.Join(s.dir, "error.log"))
	if err != nil {
		t.Fatal(err)
	}
	c, _ := loaded(t, tree.Memory(map[string]string{main: text}), main)
	var counts [3]int
	for i, text := range s.texts {
		kind, difference := s.compare(c, i, statuses[i], string(log))
		counts[kind]++
		if difference != "" {
			t.Errorf("%s\n%s\n%s", allowances[i%len(allowances)].line, text, difference)
		}
	}
	t.Logf("httpd accepted %d, refused %d, and refused a value of %d", counts[accepted], counts[refused], counts[valued])
	if counts[accepted] < len(s.texts)/20 || counts[refused] < len(s.texts)/10 {
		t.Error("the files try too little")
	}
}

// write makes the directories with their .htaccess files and returns the configuration.
func (s *accessFiles) write(t *testing.T, port int) string {
	t.Helper()
	var conf, sections strings.Builder
	rnd := rand.New(rand.NewPCG(502, *firstSeed))
	names := slices.Collect(httpd.Names())
	for i := range *configurations * 3 {
		var b strings.Builder
		g := &generator{rnd, &b, names}
		for range 1 + g.IntN(2) {
			g.item(0)
		}
		s.texts = append(s.texts, b.String())
		dir := filepath.Join(s.dir, "www", fmt.Sprint(i))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{".htaccess": b.String(), "a.txt": "a"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Fprintf(&sections, "<Directory %s>\n%s\n</Directory>\n", dir, allowances[i%len(allowances)].line)
	}
	fmt.Fprintf(&conf, "ServerRoot %s\nServerName a\nListen 127.0.0.1:%d\nPidFile httpd.pid\nErrorLog error.log\nDefaultRuntimeDir %s\nMutex pthread\n", s.dir, port, s.dir)
	for m := range httpd.Modules() {
		if _, err := os.Stat(filepath.Join(objects, m.Object)); err == nil && m.Object != "" && harmless(m.Name) {
			fmt.Fprintf(&conf, "LoadModule %s %s/%s\n", m.Name, objects, m.Object)
		}
	}
	fmt.Fprintf(&conf, "TypesConfig /dev/null\nDocumentRoot %s/www\n%s", s.dir, sections.String())
	if err := os.WriteFile(filepath.Join(s.dir, "httpd.conf"), []byte(conf.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return conf.String()
}

// harmless reports whether a module changes nothing without directives of its own.
func harmless(module string) bool {
	switch httpd.Short(module) {
	case "mpm_event", "alias", "actions", "auth_basic", "authn_core", "authn_file", "authz_core", "authz_host", "authz_user", "access_compat", "autoindex",
		"dir", "env", "expires", "headers", "include", "mime", "negotiation", "rewrite", "setenvif", "substitute", "deflate", "filter", "proxy", "cache", "request", "session",
		"ext_filter", "ratelimit", "usertrack", "cern_meta", "charset_lite", "imagemap", "speling", "userdir", "lua", "dav", "sed", "auth_form", "auth_digest":
		return true
	}
	return false
}

// serve starts httpd and returns what stops it.
func serve(t *testing.T, file string, port int) (stop func()) {
	t.Helper()
	cmd := exec.Command(apache2, "-DFOREGROUND", "-f", file)
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for deadline := time.Now().Add(10 * time.Second); ; {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			conn.Close()
			break
		}
		select {
		case err := <-ended:
			t.Fatalf("httpd: %v: %s", err, output.String())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatal("httpd does not listen")
		}
	}
	return func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		<-ended
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func get(t *testing.T, url string) int {
	t.Helper()
	client := http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := client.Get(url)
	if err != nil {
		return 0 // a directive ended the process
	}
	defer r.Body.Close()
	_, _ = io.Copy(io.Discard, r.Body)
	return r.StatusCode
}

// compare compares what httpd logged about file i with what CheckAccess says.
func (s *accessFiles) compare(c *apache.Config, i, status int, log string) (kind int, difference string) {
	name := filepath.Join(s.dir, "www", fmt.Sprint(i), ".htaccess")
	says := ""
	if m := regexp.MustCompile(`(?m)` + regexp.QuoteMeta(name) + `: (.*)$`).FindStringSubmatch(log); m != nil {
		says = m[1]
	}
	f := &source.File{Name: name, Text: s.texts[i]}
	r := CheckAccess(c, apache.LoadAccess(f, c, world{tree.Memory(nil)}), allowances[i%len(allowances)].o, &host.Facts{})
	got := ""
	if r != nil {
		got = r.Log
	}
	switch {
	case says == "":
		kind = accepted
	case judged.MatchString(says) && !other.MatchString(says), strings.HasSuffix(says, " not allowed here"):
		kind = refused
	default:
		kind = valued
	}
	if status == 0 || kind == accepted && r == nil || kind == valued || kind == refused && r != nil && strings.Contains(says, firstWords(got)) {
		return kind, ""
	}
	return kind, fmt.Sprintf("status %d: httpd says %q, CheckAccess says %q", status, says, got)
}
