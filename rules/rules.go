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
	Suppression,
	ByteOrderMark,

	EmergencyRestartMissing,
	EmergencyRestartInert,
	XdebugLoaded,
	XdebugOverrideInert,
	JITEnabled,
	MemoryOversubscribed,
	ProcessMaxShort,
	TerminateBeforeGateway,
	ReloadKillsRequests,
	RecycledKeepalive,
	HeaderBufferSmall,
	HeaderBufferWrongKnob,
	StderrInHeaderBuffer,
	TimeUnitMisread,
	PHPEndOfLife,
	FileLimitLow,
	PHPValueLeak,

	SocketMismatch,
	SocketPermission,
	SocketModeInvalid,
	AllowedClients,
	WrongProtocol,
	SocketPathTooLong,
	SocketInPrivateTmp,
	LocalhostTwice,
	PoolNameCollision,
	ListenMisread,
	ACLOverridesOwner,
	TrailingColon,
	NoNginxUser,

	PoolDuplicateListen,
	UnknownEntry,
	InvalidValue,
	PMArithmetic,
	MissingRequired,
	UnknownAccount,
	NoPools,
	MissingPath,
	SlowlogTimeouts,
	HashComment,
	ValueNeedsQuotes,
	StatusPathForm,
	OpcachePreload,
	SocketDirEphemeral,
	DuplicateKey,

	NginxDuplicateListen,
	UpstreamUndefined,
	UpstreamEmpty,
	UpstreamAllDown,
	ResolverMissing,
	StaleDNS,
	StaticHostUnresolvable,
	TLSNameNotSent,
	TLSToPlain,
	TLSVerify,
	BufferArithmetic,
	ProxyLoop,
	OriginOtherAddress,
	ServerNameConflict,
	KeepaliveStarvesPool,
	BacklogSmall,
	DeadPeer,
	PassTwice,
	ResolveNeedsZone,
	DirectiveRefused,
	NginxFileMissing,

	NginxLogBlind,
	FPMLogBlind,
	WorkerOutputLost,
	StaticPoolSilent,
	ErrorPageHides502,
}

// claimed are the faults of peers that each rule speaks about. A fault that no
// rule claims yet keeps the others silent all the same.
var claimed = map[string][]stack.Fault{
	"WP201": {stack.Nobody},
	"WP202": {stack.MayNotEnter},
	"WP205": {stack.WrongProtocol},
	"WP207": {stack.OwnTmp},
	"WP208": {stack.NameTwice},
	"WP209": {stack.MergedPool},
	"WP210": {stack.MisreadListen},
	"WP203": {stack.ModeMisread},
	"WP204": {stack.ClientRefused},
	"WP206": {stack.TooLong},
	"WP212": {stack.TrailingColon},
	"WP310": {stack.CommentedListen},
	"WP405": {stack.NoResolver},
	"WP407": {stack.Unresolvable},
	"WP413": {stack.OtherAddress},
	"WP402": {stack.Malformed, stack.NoUpstream, stack.UpstreamPort},
	"WP315": {stack.ShadowedListen},
	"WP213": {stack.NoUserLine},
}

// claimedEntries are the faults of PHP-FPM's entries that each rule speaks
// about.
var claimedEntries = map[string]stack.EntryFault{
	"WP302": stack.UnknownEntry,
	"WP303": stack.InvalidValue,
	"WP304": stack.SpareArithmetic,
	"WP305": stack.MissingEntry,
	"WP306": stack.UnknownAccount,
	"WP307": stack.NoPools,
	"WP308": stack.MissingPath,
	"WP309": stack.SlowlogTimeouts,
	"WP310": stack.HashComment,
	"WP311": stack.NeedsQuotes,
	"WP312": stack.PathForm,
	"WP313": stack.Preload,
}
