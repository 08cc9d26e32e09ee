package servers

import "slices"

// Signature is one form of log line that matters to a 502, and what it means. The lines are
// the single list that rules, diagnose and the tests on real servers share.
type Signature struct {
	// Name identifies the row: kebab-case, and that of its variable.
	Name string
	Log
	Sign Sign
	// Status is what the client gets for the request of the line; 0 for a line that is about no
	// request, or if the line does not tell.
	Status int
	Proof  Proof
}

// signatures are all rows, in the order in which a line is compared with them: the first that
// matches wins, so that a general row follows the special ones.
var signatures = slices.Concat(
	nginxRefusesText, nginxRefusesValues, nginxRefuses, nginxRequests, apacheSignatures, apacheItself,
	fpmRuns, fpmRefusesLine, fpmRefusesPool, fpmRefuses, machineSignatures, cloudflaredSignatures)

// Signatures returns all rows in the order in which a line is compared with them.
func Signatures() []*Signature { return signatures }

// SignatureOf returns the row of a line, without what a collector of logs puts before it;
// nil for a line that is in no row.
func SignatureOf(line string) *Signature {
	for _, s := range signatures {
		if s.Matches(line) {
			return s
		}
	}
	return nil
}

// Sign is what one log line is evidence of.
type Sign uint8

// The signs. NoSign is a line that is known and means nothing by itself.
const (
	NoSign Sign = iota

	// What the web server writes for one request. Each is one request, unless the line is a
	// consequence of an earlier one.

	ConnectNoSocket    // errno 2: no file at the path of the socket
	ConnectDenied      // errno 13
	ConnectRefused     // errno 111: nothing listens
	ConnectQueueFull   // errno 11: the queue of a unix socket is full
	ConnectUnreachable // errno 101, 113, 110
	ConnectNoPorts     // errno 99
	Reset              // 104 before the header: the worker died, or the peer dropped the connection
	Closed             // the peer closed the connection before the header
	SendFailed         // the peer closed the connection while the request was sent
	HeaderTooBig
	HeaderBroken    // a header or status that the web server refuses
	HeaderMissing   // the answer ended before its header did
	NotFastCGI      // the peer uses another protocol
	NoLiveUpstreams // consequence: all peers were marked as failed before
	NoResolver
	NameNotResolved
	TLSToPlain
	TLSNameRefused
	TLSNotVerified
	TLSFailed
	BackendFailed // consequence: Apache's second line about a request that failed
	TimedOut      // 504
	Truncated     // the answer was cut after its header: 200
	ClientClosed  // 499
	WorkerConnections
	FilesExhausted
	RateLimited
	NoConnection    // Apache had none to the backend that was free
	NoHandler       // no module of Apache handles the scheme of the address
	AddressMisread  // Apache cannot read the address of the handler
	HtaccessRefused // Apache cannot read or refuses a .htaccess file
	PHPFatal
	ScriptDenied // security.limit_extensions
	ScriptUnknown

	// What the web server writes about itself.

	PeerDisabled    // consequence
	WebRefused      // nginx or Apache does not start, or does not reload
	WebWorkerKilled // a worker of nginx or Apache died
	WebWorkersBusy  // all workers of Apache were busy
	WebReloading    // Apache was told to read its files anew
	ResolverSilent  // nothing answers where nginx looks up names

	// What PHP-FPM writes.

	ChildSignal
	ChildExited    // with a code
	ChildCorrupted // a worker found that its memory is damaged, and ends
	Terminating    // request_terminate_timeout ends a request
	Slow
	MaxChildren
	EmergencyRestart
	ClientDropped // listen.allowed_clients
	Reloading
	Stopping // the master was told to stop
	Stopped  // the master ended
	Ready    // the master serves
	Refused  // PHP-FPM does not start

	// What the kernel, systemd and the audit system write.

	Segfault
	OOMKill
	OOMScope // which limit was met
	OOMTask  // a row of the kernel's list of processes
	OOMCalled
	UnitExited
	UnitKilled
	UnitOOM
	UnitFailed
	UnitLimit  // systemd gives up
	UnitCannot // systemd cannot run the program
	UnitRestart
	Denied // SELinux or AppArmor

	// What cloudflared writes.

	TunnelUnreachable // nothing answers at the origin
	TunnelNoName
	TunnelToPlain
	TunnelToTLS
	TunnelCertificate
	TunnelAnswer // the answer has a header that is refused
	TunnelClosed
	TunnelDown
	TunnelRefused // cloudflared does not start
	TunnelNoRules

	// What a response that somebody pasted shows.

	ResponseStatus // its first line
	ResponseServer // which server says to have sent it
	ResponseRay    // it passed Cloudflare
	ResponseError  // a page of Cloudflare about an error
	ResponseShort  // the same in a few words
	ResponsePlain  // the page that web servers send for a status
	ResponseFooter // which server made that page
)

// OfResponse reports whether a line with the sign is one of a response, which has several.
func (s Sign) OfResponse() bool { return s >= ResponseStatus && s <= ResponseFooter }

// Proof is how a Signature is known.
type Proof uint8

// The proofs. Only the lines of Measured are written again by the tests on real servers.
const (
	Documented Proof = iota // read in the source of the server, or in a public report
	Measured                // a server wrote it
)
