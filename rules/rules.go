// Package rules is the catalogue: one file a rule, and this table of contents.
package rules

import "github.com/wp502lint/wp502lint/lint"

// All is every rule, in order of ID.
var All = []*lint.Rule{
	Syntax,
	IncludeMissing,
	ByteOrderMark,

	EmergencyRestartMissing,
	EmergencyRestartInert,
	XdebugLoaded,
	XdebugOverrideInert,
	MemoryOversubscribed,

	SocketMismatch,
	WrongProtocol,
	PoolNameCollision,
	ListenMisread,

	PoolDuplicateListen,

	NginxDuplicateListen,
	DeadPeer,
}
