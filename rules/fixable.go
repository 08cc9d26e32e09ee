package rules

import "github.com/wp502lint/wp502lint/lint"

// Fixable reports whether --fix can fix what a rule finds, or some of it: a finding of it may
// have a safe fix.
func Fixable(r *lint.Rule) bool {
	switch r {
	case Suppression, ByteOrderMark, EmergencyRestartMissing, EmergencyRestartInert, JITEnabled,
		ReloadKillsRequests, HeaderBufferSmall, TimeUnitMisread, SocketMismatch, SocketPermission,
		SocketModeInvalid, AllowedClients, LocalhostTwice, ListenMisread, TrailingColon,
		HashComment, ValueNeedsQuotes, StatusPathForm, DuplicateKey, TLSToPlain, BufferArithmetic,
		BacklogSmall, NameUnknown, StartupOrder, OtherContainer, ListensOnLoopback, PublishedPort,
		FPMLogBlind, WorkerOutputLost:
		return true
	}
	return false
}
