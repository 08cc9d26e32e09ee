//go:build linux

package lab

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/fcgi"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/route"
	"github.com/wp502lint/wp502lint/tree"
)

// routeFiles are the files of the sites; each holds its own name.
var routeFiles = []string{"index.html", "index.php", "a/index.html", "a/b.txt", "a/index.php", "d/index.php", "d/e/f.txt", "img/x.png", "x.php", "a.php", "d/b.txt"}

const routeFrame = `daemon off; master_process off; worker_processes 1; user root; pid %[1]s/pid; error_log %[1]s/error.log crit;
events { worker_connections 1000; }
http { access_log off; client_body_temp_path %[1]s/t1; proxy_temp_path %[1]s/t2; fastcgi_temp_path %[1]s/t3; uwsgi_temp_path %[1]s/t4; scgi_temp_path %[1]s/t5;
fastcgi_param REQUEST_METHOD $request_method; fastcgi_param SERVER_PROTOCOL HTTP/1.0; fastcgi_param REQUEST_URI /; fastcgi_param HTTP_X_ENV "$uri$is_args$args";
server_names_hash_bucket_size 128; variables_hash_bucket_size 128; log_not_found off; default_type text/plain;
`

var routePairs = flag.Int("pairs", 2000, "compare this many requests with the router")

// TestRoute compares the router with nginx, on random configurations and requests. -seed
// makes others.
func TestRoute(t *testing.T) {
	nginx := needServers(t)[0].Nginx.Path
	at, err := newSpace()
	if err != nil {
		t.Fatal(err)
	}
	defer at.fd.Close()
	score := &routeScore{t: t, nginx: nginx}
	err = at.do(func() error {
		if err := routeOrigins(); err != nil {
			return err
		}
		for batch := uint64(0); score.pairs < *routePairs; batch++ {
			if err := score.batch(rand.New(rand.NewPCG(*seed, batch)), min(*routePairs-score.pairs, 2000)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pairs, %d wrong, %d undecided, %d hops", score.pairs, score.wrong, score.undecided, score.hops)
	if score.undecided*100 > score.pairs*3 {
		t.Errorf("%d of %d pairs are undecided", score.undecided, score.pairs)
	}
}

// routeOrigins starts servers that say what they received.
func routeOrigins() error {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Got", r.Host+"|"+r.RequestURI)
		if env := r.Header.Get("X-Env"); env != "" {
			w.Header().Set("X-Got", env)
		}
		_, _ = io.WriteString(w, "origin") // the client may be gone
	})
	web, err := net.Listen("tcp4", "127.0.0.1:9000")
	if err != nil {
		return err
	}
	app, err := net.Listen("tcp4", "127.0.0.1:9001")
	if err != nil {
		return err
	}
	go routeWeb(web) // until the test ends
	go func() { _ = fcgi.Serve(app, handler) }()
	return nil
}

// routeWeb serves HTTP. A server of net/http would refuse some names of hosts that nginx sends.
func routeWeb(on net.Listener) {
	for {
		conn, err := on.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			req, err := http.ReadRequest(bufio.NewReader(conn))
			if err != nil {
				_, _ = io.WriteString(conn, "HTTP/1.0 400 Bad Request\r\n\r\n") // the client may be gone
				return
			}
			_, _ = io.Copy(io.Discard, req.Body)
			answer := fmt.Sprintf("HTTP/1.0 200 OK\r\nX-Got: %s|%s\r\nContent-Length: 6\r\n\r\n", req.Host, req.RequestURI)
			if req.Method != http.MethodHead {
				answer += "origin"
			}
			_, _ = io.WriteString(conn, answer)
		}()
	}
}

// routeScore counts what was compared.
type routeScore struct {
	t                             *testing.T
	nginx                         string
	pairs, wrong, undecided, hops int
	config                        *route.Config
}

// batch tries cases with one nginx.
func (s *routeScore) batch(r *rand.Rand, pairs int) error {
	dir := s.t.TempDir()
	root := dir + "/root"
	for _, name := range routeFiles {
		if err := os.MkdirAll(filepath.Dir(root+"/"+name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(root+"/"+name, []byte(root+"/"+name), 0o644); err != nil {
			return err
		}
	}
	var text strings.Builder
	fmt.Fprintf(&text, routeFrame, dir)
	var all []routeCase
	marks, prev := 0, [2]int{}
	for i := range (pairs + 49) / 50 {
		var one routeCase
		one, marks = routeWrite(r, marks, [2]int{10000 + 2*i, 10001 + 2*i}, prev, root)
		prev = one.ports
		all = append(all, one)
		text.WriteString(one.text)
	}
	text.WriteString("server { listen 127.0.0.1:9990; set $v x; }\n}\n") // no other one may set it
	if err := os.WriteFile(dir+"/nginx.conf", []byte(text.String()), 0o644); err != nil {
		return err
	}
	stop, err := s.serve(dir)
	if err != nil {
		return err
	}
	defer stop()
	parsed := parser.Read(tree.Memory(map[string]string{"/etc/nginx/nginx.conf": text.String()}), []string{"/etc/nginx/nginx.conf"}).Nginx[0]
	s.config = route.New(parsed, []*nginx.File{parsed.Main}, route.Options{Endpoints: routeEndpoints, Files: routeKind})
	for _, one := range all {
		for range min(50, pairs) {
			s.pair(r, one)
		}
	}
	return nil
}

// serve starts nginx.
func (s *routeScore) serve(dir string) (stop func(), err error) {
	out, err := os.Create(dir + "/out")
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(s.nginx, "-p", dir, "-c", dir+"/nginx.conf")
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
	}
	for range 1000 {
		if conn, err := net.Dial("tcp4", "127.0.0.1:10000"); err == nil {
			return stop, conn.Close()
		}
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	text, _ := os.ReadFile(dir + "/out") // it may be empty
	return nil, fmt.Errorf("nginx does not start: %.2000s", text)
}

func routeEndpoints(text string) []netaddr.Endpoint {
	a := netaddr.ParseListen(text)
	addr := netip.IPv4Unspecified()
	if a.Host != "*" {
		addr = netip.MustParseAddr(a.Host)
	}
	return []netaddr.Endpoint{netaddr.TCPEndpoint(addr, a.Port)}
}

func routeKind(name string) route.Kind {
	switch info, err := os.Stat(name); {
	case err != nil:
		return route.Missing
	case info.IsDir():
		return route.Dir
	}
	return route.Regular
}

// pair compares one request.
func (s *routeScore) pair(r *rand.Rand, one routeCase) {
	req := route.Request{
		Endpoint: netaddr.TCPEndpoint(netaddr.Loopback4, uint16(one.ports[r.IntN(10)/7])),
		Host:     routeHosts[r.IntN(len(routeHosts))], Method: []string{"GET", "GET", "GET", "GET", "HEAD", "POST", "PUT"}[r.IntN(7)],
		URI:    routePaths[r.IntN(len(routePaths))] + routeQueries[r.IntN(len(routeQueries))],
		Client: netaddr.Loopback4, Bare: true,
	}
	got := routeSend(req)
	if got == "refused" {
		return // nothing listens on the second port
	}
	s.pairs++
	want, hops, decided := s.want(req)
	if s.hops += hops; !decided {
		s.undecided++
		return
	}
	if got != want {
		if s.wrong++; s.wrong <= 3 {
			s.t.Errorf("%s %s Host %q port %d:\nnginx   %s\nrouter  %s\n%s", req.Method, req.URI, req.Host, req.Endpoint.Port, got, want, one.text)
		}
	}
}

// routeSend sends a request and returns what its answer says of the way that it took.
func routeSend(req route.Request) string {
	conn, err := net.DialTimeout("tcp4", req.Endpoint.String(), time.Second)
	if err != nil {
		return "refused"
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second)) // a socket supports deadlines
	line := fmt.Sprintf("%s %s HTTP/1.0\r\n", req.Method, req.URI)
	if req.Host != "" {
		line += "Host: " + req.Host + "\r\n"
	}
	if _, err := io.WriteString(conn, line+"\r\n"); err != nil {
		return err.Error()
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: req.Method})
	if err != nil {
		return "closed"
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body) // the header was read before
	h := answer.Header
	text := fmt.Sprintf("%d %s", answer.StatusCode, strings.Join(h["X-Mark"], " "))
	if !strings.HasPrefix(req.URI, "/%zz") && !strings.HasPrefix(req.URI, "/..") && !strings.Contains(req.Host, "..") {
		text += " " + strings.Join(h["X-Uri"], " ")
	}
	if strings.HasPrefix(string(body), "/") && len(body) < 200 && strings.Contains(string(body), "/root/") {
		text += " file " + filepath.Clean(string(body))
	}
	return text + " " + h.Get("X-Got")
}

// routeMark returns the mark of a block.
func routeMark(d nginx.Directive) string {
	for ; !d.IsZero(); d = d.Parent() {
		mark := ""
		for c := range d.Children() {
			if c.Name() == "add_header" && c.Arg(0).String() == "X-Mark" {
				mark = c.Arg(1).String()
			}
		}
		if mark != "" {
			return mark
		}
	}
	return ""
}

// want returns what the router says about a request, in the form of routeSend.
func (s *routeScore) want(req route.Request) (text string, hops int, decided bool) {
	var marks, uris []string
	status, got, file := 0, "", ""
	for again := true; again && hops < 10; hops++ {
		a, ok := s.config.Certain(req)
		if !ok || a.End == route.Closed {
			return "closed", hops, ok && hops == 0
		}
		uri := a.URI
		if a.Args != "" {
			uri += "?" + a.Args
		}
		marks = append([]string{routeMark(a.Block)}, marks...)
		if uri != "" {
			uris = append([]string{uri}, uris...)
		}
		if status == 0 {
			status = a.Status
		}
		if a.File != "" && !strings.HasSuffix(a.File, "/") && req.Method != "HEAD" { // not the list of a directory
			file = " file " + filepath.Clean(a.File)
		}
		var refused bool
		if got, refused, again = routeHop(&req, a, uri); refused {
			status = 400
		}
	}
	if status == 0 {
		status = 200
	}
	text = fmt.Sprintf("%d %s", status, strings.Join(marks, " "))
	if !strings.HasPrefix(req.URI, "/%zz") && !strings.HasPrefix(req.URI, "/..") && !strings.Contains(req.Host, "..") {
		text += " " + strings.Join(uris, " ")
	}
	return text + file + " " + got, hops - 1, true
}

// routeHop returns what an origin receives, and whether it refuses that; again is set if it
// is nginx itself, with the request to it.
func routeHop(req *route.Request, a route.Answer, uri string) (got string, refused, again bool) {
	if a.End != route.Passed {
		return "", false, false
	}
	if a.By.Name() == "fastcgi_pass" {
		return uri, false, false
	}
	target := strings.TrimPrefix(a.By.Arg(0).String(), "http://127.0.0.1:")
	if strings.HasPrefix(target, "9000") {
		if strings.Contains(a.Sent, " ") {
			return "", true, false
		}
		return a.SentHost + "|" + a.Sent, false, false
	}
	port, _ := strconv.Atoi(target) // written by the generator
	req.Endpoint.Port, req.Host, req.URI, req.Method = uint16(port), a.SentHost, a.Sent, a.Method
	return "", false, true
}
