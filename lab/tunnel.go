//go:build linux

package lab

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/cloudflared"
	"github.com/wp502lint/wp502lint/source"
)

// tunnel acts for cloudflared, without Cloudflare: it chooses the ingress rule of a request and
// connects to its service as cloudflared does, with the same HTTP client and the same settings
// (cloudflared 2026.8.2, ingress/origin_service.go, newHTTPTransport, and ingress/origin_proxy.go).
// Only the authorities that a rule names are trusted, none of the machine.
type tunnel struct {
	config *cloudflared.Config // nil if none of the files is one
	// space is where it runs, nil for the namespace of this process, and names are those that exist
	// there; nil for those of /etc/hosts.
	space *space
	names map[string][]netip.Addr

	mu    sync.Mutex
	lines []string // what cloudflared logs
}

// statusNoTunnel is what Cloudflare answers while no cloudflared is connected.
const statusNoTunnel = 530

// Tunnel is a cloudflared to run.
type Tunnel struct {
	Name, Text string // its configuration; "" for none
	URL        string // that answers all requests without ingress rules; "" for none
}

// newTunnel returns the cloudflared of a configuration; nil if its rules are not in the files.
func newTunnel(t *parser.Tunnel) *Tunnel {
	if t.Config == nil {
		return nil
	}
	out := &Tunnel{URL: t.Config.URL.Text}
	if f := t.Config.File; f != nil {
		out.Name, out.Text = f.Name, f.Text
	}
	return out
}

// open returns what acts for a cloudflared; nil is one that does not run.
func (c *Tunnel) open() *tunnel {
	t := &tunnel{}
	if c == nil {
		return t
	}
	if c.Name != "" {
		t.config = cloudflared.Parse(&source.File{Name: c.Name, Text: c.Text})
	}
	t.config = t.config.With(cloudflared.Options{URL: cloudflared.Value{Text: c.URL}})
	return t
}

// send passes a request on.
func (t *tunnel) send(r Request, patience time.Duration) (a Answer) {
	c := t.config
	switch {
	case c == nil:
		return Answer{Err: "the case has no tunnel"}
	case len(c.Refusals)+len(c.Problems) > 0:
		return Answer{Status: statusNoTunnel}
	case len(c.Rules) == 0:
		return Answer{Status: http.StatusServiceUnavailable}
	}
	rule, _ := c.Match(r.Host, r.Path)
	switch target := rule.Target; target.Kind {
	case cloudflared.Status:
		return Answer{Status: target.Status, Own: true}
	case cloudflared.HTTP, cloudflared.Socket:
	default:
		return Answer{Err: "the lab does not stage the service " + rule.Service.Text}
	}
	answer, err := t.forward(rule, r, patience)
	if err != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.lines = append(t.lines, fmt.Sprintf(`%s ERR  error="Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: %s" connIndex=0 event=1 ingressRule=%d originService=%s`,
			time.Now().UTC().Format(time.RFC3339), err, rule.Index, rule.Service.Text))
		return Answer{Status: http.StatusBadGateway}
	}
	return answer
}

// forward sends a request to the service of a rule.
func (t *tunnel) forward(rule *cloudflared.Rule, r Request, patience time.Duration) (a Answer, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	scheme := "http"
	if rule.Target.TLS() {
		scheme = "https"
	}
	host := "localhost"
	if rule.Target.Kind == cloudflared.HTTP {
		host = net.JoinHostPort(rule.Target.Host, strconv.Itoa(int(rule.Target.Port)))
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+host+r.Path, nil)
	if err != nil {
		return a, err
	}
	request.Host = r.Host
	if header, set := rule.Origin.Text("httpHostHeader").Known(); set && header != "" {
		request.Host = header
	}
	transport, err := t.transport(rule, request.Host)
	if err != nil {
		return a, err
	}
	defer transport.CloseIdleConnections()
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return a, err
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // the status was read before
	return Answer{Status: answer.StatusCode}, nil
}

// transport returns the client of cloudflared for a rule.
func (t *tunnel) transport(rule *cloudflared.Rule, host string) (*http.Transport, error) {
	o := rule.Origin
	pool := x509.NewCertPool()
	if name, set := o.Text("caPool").Known(); set && name != "" {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		pool.AppendCertsFromPEM(text)
	}
	config := &tls.Config{RootCAs: pool, InsecureSkipVerify: o.On("noTLSVerify")} // as the rule says
	config.ServerName, _ = o.Text("originServerName").Known()
	dial := t.dial
	if rule.Target.Kind == cloudflared.Socket {
		dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return t.dialOne(ctx, "unix", rule.Target.Path)
		}
	}
	transport := &http.Transport{TLSClientConfig: config, DialContext: dial, ForceAttemptHTTP2: o.On("http2Origin"), TLSHandshakeTimeout: 5 * time.Second}
	if o.On("matchSNItoHost") {
		transport.DialTLSContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return tls.Client(conn, &tls.Config{RootCAs: pool, InsecureSkipVerify: config.InsecureSkipVerify, ServerName: host}), nil // as the rule says
		}
	}
	return transport, nil
}

// dial connects to the addresses of a host in turn, until one accepts (Go net/dial.go, dialSerial).
func (t *tunnel) dial(ctx context.Context, network, address string) (conn net.Conn, err error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addrs, err := t.lookup(ctx, host)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	var first error
	for _, addr := range addrs {
		if conn, err = t.dialOne(ctx, network, net.JoinHostPort(addr.Unmap().String(), port)); err == nil {
			return conn, nil
		}
		first = cmp.Or(first, err)
	}
	return nil, first
}

// dialOne connects to one address from the namespace of the tunnel.
func (t *tunnel) dialOne(ctx context.Context, network, address string) (conn net.Conn, err error) {
	dialer := net.Dialer{Timeout: 5 * time.Second}
	err = t.space.do(func() (err error) {
		conn, err = dialer.DialContext(ctx, network, address)
		return err
	})
	return conn, err
}

// lookup returns the addresses of a host.
func (t *tunnel) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	if t.names == nil {
		return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	}
	if addrs := t.names[host]; len(addrs) > 0 {
		return addrs, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, Server: "127.0.0.11:53", IsNotFound: true}
}
