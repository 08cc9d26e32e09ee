package rules

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
)

// RunTime is every rule that only a log shows, in order of ID. They have a page and never run.
var RunTime = []*lint.Rule{
	WorkerCrashed,
	WorkerOutOfMemory,
	WorkerKilled,
	FPMDown,
	BacklogOverflow,
	BrokenHeader,
	OriginClosed,
	SELinuxDenied,
	DNSFailed,
	ServiceCrashLoop,
	TunnelOriginDown,
	ErrorLogBlind,
	NotReloaded,
	EdgeError,
}

// Explained returns every rule that has a page, in order of ID: those of All and RunTime.
func Explained() []*lint.Rule {
	all := slices.Concat(All, RunTime)
	slices.SortStableFunc(all, func(a, b *lint.Rule) int { return strings.Compare(a.ID, b.ID) })
	return all
}
