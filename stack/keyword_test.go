package stack

import (
	"slices"
	"testing"
)

// Every keyword is a directive of nginx.
func TestKeywords(t *testing.T) {
	table := keywords()
	for k := kwHTTP; k < firstOfGateways+keyword(len(groups))*settingsOfGateway; k++ {
		switch {
		case k > kwRewrite && k <= firstSetting, k == kwWordPress, k == kwIdleIf, k >= kwScriptParam && k <= kwOtherParam:
		case k >= FastCGI.of(0) && (k-firstOfGateways)%settingsOfGateway >= readTimeout: // not every kind has every setting
		case !slices.Contains(table, k):
			t.Errorf("no directive has keyword %d", k)
		}
	}
}
