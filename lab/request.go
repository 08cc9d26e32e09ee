//go:build linux

package lab

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/stack"
)

// Request is a request to nginx.
type Request struct {
	Endpoint netaddr.Endpoint
	TLS      bool
	Host     string // "": a request of HTTP/1.0 without a name
	Method   string // "": GET
	Path     string
	Times    int // how many at once; 0 is 1
}

// Answer is what a request was answered with.
type Answer struct {
	Status int    // 0: no answer
	Own    bool   // nginx answered by itself: it handed nothing on
	Err    string // why there is no answer
}

// Answers are those to one request, as often as it was sent.
type Answers struct {
	Request Request
	Answers []Answer
}

// doorOf returns a request for the root of a site, by its name and the first of
// its addresses that is known. Its endpoint is zero when there is none.
func doorOf(site *stack.Site) Request {
	for _, l := range site.Listens {
		if l.Endpoint.Network != 0 && !l.UDP {
			return Request{Endpoint: l.Endpoint, TLS: l.SSL, Host: nameOf(site)}
		}
	}
	return Request{}
}

// nameOf returns the name by which a site is asked for.
func nameOf(site *stack.Site) string {
	for _, name := range site.Names {
		if name != "" && name != "_" && !strings.ContainsAny(name, "*~\"$") {
			return strings.TrimPrefix(name, ".")
		}
	}
	return "localhost"
}

// sendAll sends a request as often as it says, all at once.
func (r Request) sendAll(patience time.Duration) Answers {
	a := Answers{r, make([]Answer, max(1, r.Times))}
	var group sync.WaitGroup
	for i := range a.Answers {
		group.Go(func() { a.Answers[i] = r.send(patience) })
	}
	group.Wait()
	return a
}

// send sends a request and waits for the answer.
func (r Request) send(patience time.Duration) Answer {
	a, err := r.exchange(time.Now().Add(patience))
	if err != nil {
		a.Err = err.Error()
	}
	return a
}

func (r Request) exchange(deadline time.Time) (a Answer, err error) {
	dialer := net.Dialer{Deadline: deadline}
	network, address := r.address()
	conn, err := dialer.Dial(network, address)
	if err != nil {
		return a, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(deadline); err != nil {
		return a, err
	}
	if r.TLS {
		conn = tls.Client(conn, &tls.Config{ServerName: r.Host, InsecureSkipVerify: true}) // the case's own certificate
	}
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	if r.Host == "" {
		_, err = fmt.Fprintf(conn, "%s %s HTTP/1.0\r\n\r\n", method, r.Path)
	} else {
		_, err = fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", method, r.Path, r.Host)
	}
	if err != nil {
		return a, err
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return a, err
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(answer.Body, 64<<10)) // the status is there already
	a.Status = answer.StatusCode
	a.Own = a.Status < 500 && strings.Contains(string(body), "<hr><center>nginx")
	return a, nil
}

// address returns where nginx listens for the request.
func (r Request) address() (network, address string) {
	e := r.Endpoint
	if e.Network == netaddr.Unix {
		return "unix", e.Path
	}
	host := e.Addr.String()
	if e.Addr.IsUnspecified() && e.Addr.Is4() {
		host = "127.0.0.1"
	} else if e.Addr.IsUnspecified() {
		host = "::1"
	}
	return "tcp", net.JoinHostPort(host, strconv.Itoa(int(e.Port)))
}

// String returns what was answered: GET /index.php -> 502.
func (a Answers) String() string {
	var b strings.Builder
	b.WriteString("GET " + a.Request.Path + " ->")
	for _, answer := range a.Answers {
		b.WriteString(" " + strconv.Itoa(answer.Status))
	}
	for _, answer := range a.Answers {
		if answer.Err != "" {
			b.WriteString(" (" + answer.Err + ")")
			break
		}
	}
	return b.String()
}
