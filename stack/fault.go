package stack

// Fault is why a connection to a peer fails. Link determines it once. If several apply,
// the most specific one wins: the values are in that order. A rule claims values, and
// no value belongs to two rules.
type Fault uint8

// The faults of peers.
const (
	// Answers is the absence of a fault: a pool or a site listens there.
	Answers Fault = iota
	// Elsewhere is an address of another machine, or a name that only another
	// machine may resolve.
	Elsewhere
	// Untold is an address that the files do not determine.
	Untold
	// Malformed is an address that nginx does not accept.
	Malformed
	// NoUpstream is an address of FastCGI, uwsgi or SCGI that has no port and
	// names no upstream.
	NoUpstream
	// Unresolvable is a host name that nginx looks up at startup, and that certainly
	// cannot be resolved.
	Unresolvable
	// NameUnknown is a host name that no container of the project answers to, where all
	// are known.
	NameUnknown
	// NoResolver is a host name that nginx looks up when a request arrives,
	// without a resolver that can resolve it.
	NoResolver
	// UpstreamPort is the name of an upstream followed by a port.
	UpstreamPort
	// TrailingColon is a unix path followed by a colon, or one of proxy_pass followed by a
	// slash, which nginx takes as part of the path.
	TrailingColon
	// TooLong is a unix path over 107 bytes.
	TooLong
	// NameTwice is a host name with several addresses of which some are dead.
	NameTwice
	// OwnTmp is a socket in a directory of which a systemd unit gives the web server or PHP-FPM
	// its own, such as /tmp.
	OwnTmp
	// WrongProtocol is a listener that uses another protocol.
	WrongProtocol
	// MisreadListen is a pool whose listen looks like this address and is read
	// differently by PHP-FPM.
	MisreadListen
	// CommentedListen is a pool whose listen would be this address without the #
	// after it, which PHP-FPM takes as part of the value.
	CommentedListen
	// MergedPool is a pool that lost this address to another file with a pool
	// of the same name.
	MergedPool
	// ShadowedListen is a listen line that a later line of the same file replaces.
	ShadowedListen
	// ClientRefused is a pool whose listen.allowed_clients does not contain the
	// address from which the web server connects.
	ClientRefused
	// ModeMisread is a socket whose listen.mode is not an octal number, so that
	// only root can connect to it.
	ModeMisread
	// MayNotEnter is a socket that the account of the web server may not write, or a parent
	// directory of it that this account may not search.
	MayNotEnter
	// NoUserLine is MayNotEnter for an nginx that starts as root, without a user directive.
	NoUserLine
	// TakenByWorker is the socket of a worker of Apache that has the name of the handler's
	// worker, so that its socket replaces the one that the handler names.
	TakenByWorker
	// Lowered is a socket path that Apache's AddHandler has made lower-case.
	Lowered
	// Misread is an address that Apache reads otherwise than it looks: one without a port, or
	// a relative path.
	Misread
	// OtherAddress is a loopback address with a port on which nginx itself
	// listens, but only at other loopback addresses.
	OtherAddress
	// NotListening is the address of a virtual host of Apache for whose port it has no Listen line.
	NotListening
	// InOtherContainer is a local address at which nothing listens, while a pool of
	// another container does.
	InOtherContainer
	// LoopbackOnly is a port of a container on which something listens for its own
	// network namespace alone.
	LoopbackOnly
	// PublishedPort is a port of a container on which nothing listens, and that the host
	// publishes for another one of it.
	PublishedPort
	// NobodyThere is a port of a container on which nothing listens.
	NobodyThere
	// NoOrigin is NobodyThere for another protocol than FastCGI.
	NoOrigin
	// Nobody is a local address on which nothing known listens.
	Nobody
)
