package stack

// Fault is why a connection to a peer fails. Link decides it once, and the most
// specific reason wins: that is the order of the values. A rule claims values,
// and no value belongs to two rules.
type Fault uint8

// The faults of peers.
const (
	// Answers is no fault: a pool or a site listens there.
	Answers Fault = iota
	// Elsewhere is an address of another machine, or a name that only another
	// machine may know.
	Elsewhere
	// Untold is an address that the files do not tell.
	Untold
	// Malformed is an address that nginx does not take.
	Malformed
	// NoUpstream is an address of FastCGI, uwsgi or SCGI that has no port and
	// names no upstream.
	NoUpstream
	// Unresolvable is a host name that nginx looks up when it starts, and that
	// certainly nobody knows.
	Unresolvable
	// NoResolver is a host name that nginx looks up when a request comes,
	// without a resolver that can know it.
	NoResolver
	// UpstreamPort is the name of an upstream with a port behind it.
	UpstreamPort
	// TrailingColon is a unix path with a colon behind it, which nginx takes
	// for a part of the name.
	TrailingColon
	// TooLong is a unix path over 107 bytes.
	TooLong
	// NameTwice is a host name with several addresses of which some are dead.
	NameTwice
	// OwnTmp is a socket in /tmp where a systemd unit gives nginx or PHP-FPM a
	// /tmp of its own.
	OwnTmp
	// WrongProtocol is a listener that speaks something else.
	WrongProtocol
	// MisreadListen is a pool whose listen looks like this address and is read
	// differently by PHP-FPM.
	MisreadListen
	// CommentedListen is a pool whose listen would be this address without the
	// # behind it, which PHP-FPM takes for a part of it.
	CommentedListen
	// MergedPool is a pool that lost this address to another file with a pool
	// of the same name.
	MergedPool
	// ShadowedListen is a listen line that a later line of the same file
	// replaces.
	ShadowedListen
	// ClientRefused is a pool whose listen.allowed_clients does not name the
	// address from which nginx comes.
	ClientRefused
	// ModeMisread is a socket whose listen.mode is no octal number, so that
	// nobody but root may write it.
	ModeMisread
	// MayNotEnter is a socket that the account of nginx may not write, or a
	// directory on the way to it that this account may not search.
	MayNotEnter
	// NoUserLine is MayNotEnter for an nginx without a user line.
	NoUserLine
	// OtherAddress is a loopback address with a port on which nginx itself
	// listens, but only for the other family of addresses.
	OtherAddress
	// Nobody is a local address on which nothing that is known listens.
	Nobody
)
