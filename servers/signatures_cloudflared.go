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
	CloudflaredLengths = &Signature{"cloudflared-lengths", Log{Cloudflared, cannotReach + `message cannot contain multiple Content-Length headers`, "",
		exampleReach + `net/http: HTTP/1.x transport connection broken: http: message cannot contain multiple Content-Length headers; got ["3000" "10"]` + exampleReached}, TunnelAnswer, 502, Documented}
	CloudflaredUnreachable = &Signature{"cloudflared-unreachable", Log{Cloudflared, `Unable to reach the origin service`, "",
		exampleReach + `unsupported protocol scheme` + exampleReached}, TunnelUnreachable, 502, Documented}
	CloudflaredClientClosed = &Signature{"cloudflared-client-closed", Log{Cloudflared, `(?:Incoming request ended abruptly|Unable to reach the origin service\.[^"]*): context canceled`, "",
		`ERR  error="Incoming request ended abruptly: context canceled" connIndex=1 event=1 ingressRule=0 originService=http://localhost:80`}, ClientClosed, 499, Documented}
	CloudflaredNoEdge = &Signature{"cloudflared-no-edge", Log{Cloudflared, `Lost connection with the edge|Serve tunnel error|failed to dial to edge with quic|Unable to establish connection with Cloudflare edge`, "",
		`ERR Serve tunnel error error="connection with edge closed" connIndex=0`}, TunnelDown, 530, Documented}
)

// What cloudflared writes when it starts, of its configuration (cloudflared ingress/ingress.go,
// ingress/rule.go, ingress/origin_service.go and config/configuration.go). All but the first end it.
var (
	CloudflaredNoRules = &Signature{"cloudflared-no-rules", Log{Cloudflared, `No ingress rules were defined in provided config`, "",
		`WRN No ingress rules were defined in provided config (if any) nor from the cli, cloudflared will return 503 for all incoming HTTP requests`}, TunnelNoRules, 503, Documented}
	CloudflaredLastRule = &Signature{"cloudflared-last-rule", Log{Cloudflared, `The last ingress rule must match all URLs`, "",
		`Validation failed: The last ingress rule must match all URLs (i.e. it should not have a hostname or path filter)`}, TunnelRefused, 530, Documented}
	CloudflaredRule = &Signature{"cloudflared-rule", Log{Cloudflared, `Rule #\d+ (?:is matching the hostname '|has an invalid regex)|Hostname (?:patterns can have at most one wildcard|cannot contain a port)|You can't set the --url flag`, "",
		`Rule #1 is matching the hostname '', but this will match every hostname, meaning the rules which follow it will never be triggered.`}, TunnelRefused, 530, Documented}
	CloudflaredAddress = &Signature{"cloudflared-address", Log{Cloudflared, `(?P<addr>[^\s"=]*) is an invalid address, (?:please make sure it has a scheme|ingress rules don.t support)`, "",
		`localhost:8080 is an invalid address, please make sure it has a scheme and a hostname`}, TunnelRefused, 530, Documented}
	CloudflaredYAML = &Signature{"cloudflared-yaml", Log{Cloudflared, `error parsing YAML in config file at (?P<file>[^\s:]+)`, "",
		`error parsing YAML in config file at /etc/cloudflared/config.yml: yaml: line 5: mapping values are not allowed in this context`}, TunnelRefused, 530, Documented}
)

// What a response shows of who sent it, as curl or a browser shows it. A log only quotes it elsewhere than
// at the start of a line (Cloudflare's documentation of its 5xx and 1xxx errors, and public reports).
var (
	EdgeTitle = &Signature{"edge-title", Log{Cloudflare, `(?:^|(?P<name>[\w.-]+) \| )(?P<code>502: Bad gateway|504: Gateway time-out|520: Web server is returning|521: Web server is down|522: Connection timed out|523: Origin is unreachable|524: A timeout occurred|525: SSL handshake failed|526: Invalid SSL certificate)`, "",
		`blog.example | 521: Web server is down`}, ResponseError, 0, Documented}
	EdgeCode = &Signature{"edge-code", Log{Cloudflare, `^(?:<.*>|[A-Z][A-Za-z ]+)?Error code (?P<code>50[24]|52\d|530)(?:<.*)?$`, "",
		`Web server is down Error code 521`}, ResponseError, 0, Documented}
	EdgeWords = &Signature{"edge-words", Log{Cloudflare, `^(?:<.*>)?(?:Error (?P<code>1016|1033)|(?P<word>Web server is down|Origin is unreachable|Web server is returning an unknown error|(?:Cloudflare|Argo) Tunnel error|Origin DNS error))(?: Ray ID| *•|<| \||$)`, "",
		`Error 1033 Ray ID: 8f0c1d2e3f4a5b6c`}, ResponseError, 0, Documented}
	EdgeShort = &Signature{"edge-short", Log{Cloudflare, `^(?:<.*>)?error code: (?P<code>50[24]|52\d|530|1016|1033)(?:<.*)?$`, "",
		`error code: 522`}, ResponseShort, 0, Documented}
	ResponseLine = &Signature{"response-line", Log{Cloudflare, `^HTTP/[\d.]+ (?P<code>\d{3})(?: |$)`, "",
		`HTTP/2 521`}, ResponseStatus, 0, Documented}
	ServerHeader = &Signature{"server-header", Log{Cloudflare, `^[Ss]erver: (?P<name>cloudflare|nginx|openresty|Apache|LiteSpeed)`, "",
		`server: cloudflare`}, ResponseServer, 0, Documented}
	RayHeader = &Signature{"ray-header", Log{Cloudflare, `^(?:(?:cf-ray|CF-Ray|CF-RAY|cf-cache-status|CF-Cache-Status|Ray ID): |(?:<.*>)?Cloudflare Ray ID: )`, "",
		`cf-ray: 8f0c1d2e3f4a5b6c-AMS`}, ResponseRay, 0, Documented}
	PlainPage = &Signature{"plain-page", Log{Cloudflare, `^(?:<.*>)?(?P<code>502 Bad Gateway|504 Gateway Time-?out)(?:$|<(?:.*<center>(?P<name>cloudflare|nginx|openresty))?)`, "",
		`<center><h1>502 Bad Gateway</h1></center>`}, ResponsePlain, 0, Documented}
	PageFooter = &Signature{"page-footer", Log{Cloudflare, `^(?:<hr><center>)?(?P<name>cloudflare|nginx|openresty)(?:-nginx)?(?:/[\d.]+)?(?: \(\w+\))?(?:</center>|$)`, "",
		`<hr><center>cloudflare</center>`}, ResponseFooter, 0, Documented}
)

var cloudflaredSignatures = []*Signature{
	CloudflaredClientClosed, CloudflaredNoName, CloudflaredRefused, CloudflaredToPlain, CloudflaredCertificate,
	CloudflaredLengths, CloudflaredToTLS, CloudflaredClosed, CloudflaredUnreachable, CloudflaredNoEdge,
	CloudflaredNoRules, CloudflaredLastRule, CloudflaredRule, CloudflaredAddress, CloudflaredYAML,
	EdgeTitle, EdgeCode, EdgeWords, EdgeShort, ResponseLine, ServerHeader, RayHeader, PlainPage, PageFooter,
}
