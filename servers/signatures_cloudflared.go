package servers

import (
	"net/netip"
	"strings"
)

// cannotReach is how cloudflared begins its lines about an origin that gives no answer; visitors
// get 502 from the edge (cloudflared proxy/proxy.go, and public reports of 2022 to 2025).
const cannotReach = `Unable to reach the origin service\..*`

const exampleReach = `ERR  error="Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: `

const exampleReached = `" connIndex=0 event=1 ingressRule=0 originService=http://localhost:8080`

// What cloudflared writes.
var (
	CloudflaredNoName = &Signature{"cloudflared-no-name", Log{Cloudflared, cannotReach + `lookup (?P<name>\S+?)(?: on \S+)?: (?:no such host|server misbehaving|i/o timeout)`, "",
		exampleReach + `dial tcp: lookup web on 127.0.0.11:53: no such host` + exampleReached}, TunnelNoName, 502, Documented}
	CloudflaredRefused = &Signature{"cloudflared-refused", Log{Cloudflared, cannotReach + `dial (?:tcp|unix) (?P<addr>\S+?): (?:connect(?:ex)?: |i/o timeout)`, "",
		exampleReach + `dial tcp 127.0.0.1:8080: connect: connection refused` + exampleReached}, TunnelUnreachable, 502, Documented}
	CloudflaredToPlain = &Signature{"cloudflared-to-plain", Log{Cloudflared, cannotReach + `tls: first record does not look like a TLS handshake`, "",
		exampleReach + `tls: first record does not look like a TLS handshake` + exampleReached}, TunnelToPlain, 502, Documented}
	CloudflaredCertificate = &Signature{"cloudflared-certificate", Log{Cloudflared, cannotReach + `(?:x509: |tls: )`, "",
		exampleReach + `tls: failed to verify certificate: x509: certificate is valid for example.com, not localhost` + exampleReached}, TunnelCertificate, 502, Documented}
	CloudflaredToTLS = &Signature{"cloudflared-to-tls", Log{Cloudflared, cannotReach + `malformed HTTP (?:response|status code)`, "",
		exampleReach + `net/http: HTTP/1.x transport connection broken: malformed HTTP response "\x15\x03\x01"` + exampleReached}, TunnelToTLS, 502, Documented}
	CloudflaredClosed = &Signature{"cloudflared-closed", Log{Cloudflared, cannotReach + `(?:EOF|connection reset by peer|server closed idle connection)`, "",
		exampleReach + `EOF` + exampleReached}, TunnelClosed, 502, Documented}
	CloudflaredUnreachable = &Signature{"cloudflared-unreachable", Log{Cloudflared, `Unable to reach the origin service`, "",
		exampleReach + `unsupported protocol scheme` + exampleReached}, TunnelUnreachable, 502, Documented}
	CloudflaredClientClosed = &Signature{"cloudflared-client-closed", Log{Cloudflared, `(?:Incoming request ended abruptly|Unable to reach the origin service\.[^"]*): context canceled`, "",
		`ERR  error="Incoming request ended abruptly: context canceled" connIndex=1 event=1 ingressRule=0 originService=http://localhost:80`}, ClientClosed, 499, Documented}
	CloudflaredNoEdge = &Signature{"cloudflared-no-edge", Log{Cloudflared, `Lost connection with the edge|Serve tunnel error|failed to dial to edge with quic|Unable to establish connection with Cloudflare edge`, "",
		`ERR Serve tunnel error error="connection with edge closed" connIndex=0`}, TunnelDown, 530, Documented}
)

var cloudflaredSignatures = []*Signature{
	CloudflaredClientClosed, CloudflaredNoName, CloudflaredRefused, CloudflaredToPlain, CloudflaredCertificate,
	CloudflaredToTLS, CloudflaredClosed, CloudflaredUnreachable, CloudflaredNoEdge,
}

// CloudflaredFiles are where cloudflared looks for its configuration (cloudflared
// config/configuration.go and cmd/cloudflared/linux_service.go).
var CloudflaredFiles = []string{"/etc/cloudflared/config.yml", "/etc/cloudflared/config.yaml", "/root/.cloudflared/config.yml", "/usr/local/etc/cloudflared/config.yml"}

// cloudflareRanges are the addresses from which Cloudflare connects to origins
// (https://www.cloudflare.com/ips-v4 and ips-v6, as published in 2025).
const cloudflareRanges = `173.245.48.0/20 103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 141.101.64.0/18 108.162.192.0/18 190.93.240.0/20 188.114.96.0/20
197.234.240.0/22 198.41.128.0/17 162.158.0.0/15 104.16.0.0/13 104.24.0.0/14 172.64.0.0/13 131.0.72.0/22
2400:cb00::/32 2606:4700::/32 2803:f800::/32 2405:b500::/32 2405:8100::/32 2a06:98c0::/29 2c0f:f248::/32`

// OfCloudflare reports whether an address is one from which Cloudflare connects to origins.
func OfCloudflare(a netip.Addr) bool {
	for text := range strings.FieldsSeq(cloudflareRanges) {
		if p, err := netip.ParsePrefix(text); err == nil && p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}
