package diagnose

import (
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// gateway returns one of a site of a web server, which uses a socket.
func gateway(web servers.Server, file *source.File, name, port, socket, host string) *stack.Gateway {
	on, _ := netaddr.Literal("127.0.0.1")
	number, _ := netaddr.Port(port)
	return &stack.Gateway{
		Front: &stack.Front{Server: web}, Protocol: stack.FastCGI, PHP: true, At: file.Span(0, 1),
		Site:  &stack.Site{Names: []string{name}, Listens: []stack.Listen{{Endpoint: netaddr.TCPEndpoint(on, number)}}},
		Peers: []*stack.Peer{{Endpoint: netaddr.UnixEndpoint(socket), Address: netaddr.Address{Host: host}}},
	}
}

// both is a host with nginx and two sites of Apache, all of which use the socket of an older PHP.
func both() *Config {
	nginx, apache := &source.File{Name: "/etc/nginx/nginx.conf", Text: "a"}, &source.File{Name: "/etc/apache2/apache2.conf", Text: "a"}
	s := &stack.Stack{Gateways: []*stack.Gateway{
		gateway(servers.Nginx, nginx, "blog.example", "80", "/run/old.sock", ""),
		gateway(servers.Apache, apache, "blog.example", "8080", "/run/old.sock", "blog"),
		gateway(servers.Apache, apache, "shop.example", "8081", "/run/shop.sock", "shop"),
	}}
	report := &lint.Report{}
	for _, g := range s.Gateways[:2] {
		report.Findings = append(report.Findings, lint.Finding{
			Rule: lint.Named(rules.All, "WP201"), At: g.At, Log: []string{"connect() to unix:/run/old.sock failed (2: No such file or directory) while connecting to upstream"},
		})
	}
	return &Config{Stacks: []*stack.Stack{s}, Report: report}
}

// A line of one web server is about its own gateways, and explained by the findings about them.
func TestWebs(t *testing.T) {
	c := both()
	for web, row := range map[servers.Server]*servers.Signature{servers.Nginx: servers.NginxConnectNoSocket, servers.Apache: servers.ApacheConnectNoSocket} {
		f := &failure{failureKey: failureKey{row: row, upstream: "/run/old.sock"}}
		if got := c.using(f); len(got) != 1 || webOf(got[0]) != web {
			t.Errorf("%s: got %d gateways", web, len(got))
		}
		if got := c.predicting(f); len(got) != 1 || !strings.Contains(got[0].At.File.Name, strings.ToLower(webNames[web])) {
			t.Errorf("%s: got %v", web, got)
		}
	}
}

// Most lines of Apache name no address: what they tell leads to the only one.
func TestLocate(t *testing.T) {
	for _, test := range []struct {
		name         string
		row          *servers.Signature
		host, port   string
		detail       string
		want, server string
	}{
		{"nothing tells it", servers.ApacheReset, "", "", "", "", ""},
		{"the page that led there", servers.ApacheReset, "shop.example", "", "", "/run/shop.sock", "shop.example"},
		{"a page of another host", servers.ApacheReset, "search.example", "", "", "", ""},
		{"the port of Apache", servers.ApacheDispatchFailed, "", "8080", "", "/run/old.sock", ""},
		{"the name of the backend", servers.ApacheNotConnected, "", "", "shop", "/run/shop.sock", ""},
		{"nginx wrote it", servers.NginxReset, "shop.example", "", "", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := &failure{failureKey: failureKey{row: test.row, host: test.host, port: test.port, detail: test.detail}}
			both().locate([]*failure{f})
			if f.upstream != test.want || f.server != test.server {
				t.Errorf("got %q of %q, want %q of %q", f.upstream, f.server, test.want, test.server)
			}
		})
	}
}

// TestWords compares what an answer says to do for each web server.
func TestWords(t *testing.T) {
	ofNginx := []*Cause{nginxRefuse, hostNotFound, resolverMissing}
	for _, c := range Causes {
		if slices.Contains(ofNginx, c) {
			continue
		}
		for _, web := range []servers.Server{servers.Nginx, servers.Apache} {
			i := &Incident{Cause: c, Number: c.Number, Rule: c.rule(), Web: web}
			all := strings.Join(append(i.Verify(), i.Summary()), "\n")
			other := "apachectl"
			if web == servers.Apache {
				other = "nginx"
			}
			if strings.Contains(all, other) || strings.ContainsAny(i.Summary(), "%") {
				t.Errorf("%s of %s:\n%s", c.ID, web, all)
			}
		}
	}
	i := &Incident{Cause: socketMismatch, Number: 2, Rule: socketMismatch.rule(), Web: servers.Apache}
	if fix := i.Fix(); !strings.Contains(fix, "SetHandler") || strings.Contains(fix, "fastcgi_pass") {
		t.Error(fix)
	}
	if !slices.Contains(i.Verify(), "apachectl configtest") {
		t.Error(i.Verify())
	}
	if all := i.Verify(); len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(all) {
		t.Error(all)
	}
	if i.Web = servers.Nginx; !strings.Contains(i.Fix(), "fastcgi_pass") {
		t.Error(i.Fix())
	}
}

// What Apache answers with another status than nginx has a next step.
func TestNext(t *testing.T) {
	for _, c := range []*Cause{timeout, headerTooBig, brokenHeader, phpFatal, dnsFailed, moduleMissing, addressMisread, htaccessRefused, scriptDenied, webBusy} {
		if i := (&Incident{Cause: c, Rule: c.rule(), Web: servers.Apache}); i.Fix() == "" {
			t.Errorf("%s has no next step", c.ID)
		}
	}
}
