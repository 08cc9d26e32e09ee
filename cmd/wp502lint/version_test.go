package main

import (
	"runtime/debug"
	"testing"
)

func TestDescribeBuild(t *testing.T) {
	build := func(version string, settings ...string) *debug.BuildInfo {
		info := &debug.BuildInfo{Main: debug.Module{Version: version}}
		for i := 0; i < len(settings); i += 2 {
			info.Settings = append(info.Settings, debug.BuildSetting{Key: settings[i], Value: settings[i+1]})
		}
		return info
	}
	const commit, date = "5e1b803c0ffee5e1b803c0ffee5e1b803c0ffee0", "2026-11-28T07:59:01Z"
	for _, test := range []struct {
		info *debug.BuildInfo
		want string
	}{
		{nil, "(devel)"},
		{build(""), "(devel)"},
		{build("v0.2.0"), "v0.2.0"}, // go install of a version
		{build("v0.2.0", "vcs.revision", commit, "vcs.time", date, "vcs.modified", "false"), "v0.2.0 (commit 5e1b803, 2026-11-28)"},
		{build("(devel)", "vcs.revision", commit, "vcs.time", date, "vcs.modified", "true"), "(devel) (commit 5e1b803, 2026-11-28, modified)"},
		{build("v0.2.0", "vcs.revision", "5e1"), "v0.2.0 (commit 5e1)"},
	} {
		if got := describeBuild(test.info); got != test.want {
			t.Errorf("%+v: %q, want %q", test.info, got, test.want)
		}
	}
}
