package servers

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
