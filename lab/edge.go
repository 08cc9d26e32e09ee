//go:build linux

package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/wp502lint/wp502lint/servers/cloudflare"
)

// edge acts for Cloudflare, as its documentation describes it: it connects from one of its addresses to the port of
// the origin, sends the address of the visitor in CF-Connecting-IP, and answers 520 to 526 where
// the origin does not. Like a strict client it refuses a response with two lengths.
type edge struct{}

// The addresses of the edge, of an origin and of a visitor, in the namespace of the sandbox. That
// of the edge is in the first of Cloudflare's ranges.
var (
	edgeAddress    = netip.MustParseAddr("173.245.48.10")
	originAddress  = netip.MustParseAddr("192.0.2.80")
	visitorAddress = "198.51.100.7"
)

// send passes a request on to the origin.
func (edge) send(r Request, patience time.Duration) Answer {
	port := r.Endpoint.Port
	if !slices.Contains(cloudflare.Ports.Value, port) {
		port = 80
		if r.TLS {
			port = 443
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://%s%s", netip.AddrPortFrom(originAddress, port), r.Path), nil)
	if err != nil {
		return Answer{Err: err.Error()}
	}
	request.Host = r.Host
	request.Header.Set("CF-Connecting-IP", visitorAddress)
	request.Header.Set("X-Forwarded-For", visitorAddress)
	dialer := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(edgeAddress, 0)), Timeout: 2 * time.Second}
	transport := &http.Transport{DialContext: dialer.DialContext}
	defer transport.CloseIdleConnections()
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return Answer{Status: edgeStatus(err)}
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // the status was read before
	return Answer{Status: answer.StatusCode}
}

// edgeStatus is what Cloudflare answers where an origin fails.
func edgeStatus(err error) int {
	var late net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return 521
	case errors.As(err, &late) && late.Timeout():
		return 522
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return 523
	}
	return 520
}

// withEdge calls f while the loopback interface has the addresses of the edge and of the origin. Other
// cases in the sandbox count on addresses that it does not have.
func withEdge(f func()) error {
	names := []string{"lo:0", "lo:1"}
	err := ioctls(func(s int) error {
		return errors.Join(setAddress(s, names[0], edgeAddress), setAddress(s, names[1], originAddress))
	})
	if err == nil {
		f()
	}
	return errors.Join(err, ioctls(func(s int) error {
		return errors.Join(setDown(s, names[0]), setDown(s, names[1]))
	}))
}

// setDown takes the address of an alias away.
func setDown(s int, name string) error {
	ifr, err := unix.NewIfreq(name)
	if err != nil {
		return err
	}
	return unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, ifr)
}
