// Package rules is the catalogue: one file a rule, and this table of contents.
package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/stack"
)

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
	SocketPermission,
	WrongProtocol,
	PoolNameCollision,
	ListenMisread,
	NoNginxUser,

	PoolDuplicateListen,

	NginxDuplicateListen,
	BufferArithmetic,
	DeadPeer,
}

// claimed are the faults of peers that each rule speaks about. A fault that no
// rule claims yet keeps the others silent all the same.
var claimed = map[string][]stack.Fault{
	"WP201": {stack.Nobody},
	"WP202": {stack.MayNotEnter},
	"WP205": {stack.WrongProtocol},
	"WP209": {stack.MergedPool},
	"WP210": {stack.MisreadListen},
	"WP213": {stack.NoUserLine},
}
