//go:build linux

package lab

import (
	"bufio"
	"cmp"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/stack"
)

// Request is a request to a web server.
type Request struct {
	Endpoint netaddr.Endpoint
	TLS      bool
	Apache   bool   // it goes to Apache
	Host     string // "" for an HTTP/1.0 request without a Host header
	Method   string // "" for GET
	Path     string
	Times    int // the number of concurrent requests; 0 is 1
	// By is what passes the request on: tunnel for cloudflared, edge for Cloudflare; "" for nothing.
	By string

	relay relay // what By is, in the sandbox
}

// relay passes requests on to a web server, as what By of a Request names.
type relay interface {
	send(r Request, patience time.Duration) Answer
}

// Answer is the answer to one request.
type Answer struct {
	Status int    // 0 for no answer
	Own    bool   // nginx answered itself, without passing the request on
	Source bool   // Apache sent the text of a script, which PHP has not got
	Err    string // why there is no answer
}

// Answers are the answers to one request, as often as it was sent.
type Answers struct {
	Request Request
	Answers []Answer
}

// rootRequest returns a request for the root of a site, with its name and its first known
// address. Its endpoint is zero if there is none.
func rootRequest(site *stack.Site) Request {
	for _, l := range site.Listens {
		if l.Endpoint.Network != 0 && !l.UDP {
			r := Request{Endpoint: l.Endpoint, TLS: l.SSL, Host: nameOf(site)}
			if len(site.Names) == 0 && !l.SSL {
				r.Host = "" // localhost is the name of the site that the packages of nginx.org bring
			}
			return r
		}
	}
	return Request{}
}

// nameOf returns the host name with which a site is requested.
func nameOf(site *stack.Site) string {
	for _, name := range site.Names {
		if name != "" && name != "_" && !strings.ContainsAny(name, "*~\"$") {
			return strings.TrimPrefix(name, ".")
		}
	}
	return "localhost"
}

// sendAll sends a request Times times, concurrently, from a network namespace.
func (r Request) sendAll(patience time.Duration, from *space) Answers {
	a := Answers{r, make([]Answer, max(1, r.Times))}
	var group sync.WaitGroup
	for i := range a.Answers {
		group.Go(func() {
			err := from.do(func() error {
				a.Answers[i] = r.send(patience)
				return nil
			})
			if err != nil {
				a.Answers[i] = Answer{Err: err.Error()}
			}
		})
	}
	group.Wait()
	return a
}

// send sends a request and waits for the answer.
func (r Request) send(patience time.Duration) Answer {
	if r.relay != nil {
		return r.relay.send(r, patience)
	}
	a, _ := r.get(patience)
	return a
}

// get is send that also returns the start of what was sent back.
func (r Request) get(patience time.Duration) (Answer, string) {
	a, body, err := r.exchange(time.Now().Add(patience))
	if err != nil {
		a.Err = err.Error()
	}
	return a, body
}

func (r Request) exchange(deadline time.Time) (a Answer, body string, err error) {
	dialer := net.Dialer{Deadline: deadline}
	network, address := r.address()
	conn, err := dialer.Dial(network, address)
	if err != nil {
		return a, "", err
	}
	defer conn.Close()
	if err := conn.SetDeadline(deadline); err != nil {
		return a, "", err
	}
	if r.TLS {
		conn = tls.Client(conn, &tls.Config{ServerName: r.Host, InsecureSkipVerify: true}) // the case has its own certificate
	}
	method := cmp.Or(r.Method, http.MethodGet)
	if r.Host == "" {
		_, err = fmt.Fprintf(conn, "%s %s HTTP/1.0\r\n\r\n", method, r.Path)
	} else {
		_, err = fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", method, r.Path, r.Host)
	}
	if err != nil {
		return a, "", err
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return a, "", err
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(answer.Body, 64<<10)) // the status was read before
	body = string(text)
	a.Status = answer.StatusCode
	a.Own = a.Status < 500 && strings.Contains(body, "<hr><center>nginx")
	a.Source = r.Apache && a.Status == http.StatusOK && strings.Contains(body, "<?php")
	return a, body, nil
}

// address returns the address at which a web server listens for the request.
func (r Request) address() (network, address string) {
	e := r.Endpoint.Dialed()
	if e.Network == netaddr.Unix {
		return "unix", e.Path
	}
	return "tcp", e.String()
}

// String returns the request and its answer: GET /index.php -> 502.
func (a Answers) String() string {
	text := "GET " + a.Request.Path + " ->"
	for _, answer := range a.Answers {
		text += " " + cases.Request{Status: answer.Status, Source: answer.Source}.Answer()
	}
	if i := slices.IndexFunc(a.Answers, func(answer Answer) bool { return answer.Err != "" }); i >= 0 {
		text += " (" + a.Answers[i].Err + ")"
	}
	return text
}
