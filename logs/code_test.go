package logs

import (
	"strings"
	"testing"
)

// The number of a message of Apache is enough, if all of its rows have one status.
func TestCodes(t *testing.T) {
	for line, want := range map[string]string{
		"AH02454":                                "apache-connect-failed",
		"(13)Permission denied: AH02454":         "apache-connect-denied",
		"(2)No such file or directory: AH02454:": "apache-connect-no-socket",
		"(111)Connection refused: AH00957":       "apache-connect-refused",
		"AH00957":                                "apache-connect-tcp-failed",
		"AH01079":                                "apache-not-connected",
		"AH01144":                                "apache-no-handler",
		"AH10292":                                "apache-address-invalid",
		"(EAI 2)Name or service not known: [client 203.0.113.7:4] AH00898":     "apache-name-not-resolved",
		"[Sat Nov 28 10:00:00 2026] [proxy_fcgi:error] [pid 7:tid 9] AH01067":  "apache-reset",
		"web-1  | (104)Connection reset by peer: [client 203.0.113.7] AH01102": "apache-origin-closed",
		"AH00898":         "", // 500 or 502
		"AH01071":         "",
		"AH99999":         "",
		"see AH02454":     "",
		"AH02454 AH01079": "",
	} {
		got := ""
		_, err := Read(strings.NewReader(line+"\n"), "", Options{}, func(e *Event) { got = e.Row.Name })
		if err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", line, got, err, want)
		}
	}
}
