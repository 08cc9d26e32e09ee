package logs

import (
	"testing"

	"github.com/wp502lint/wp502lint/servers"
)

// TestExamples compares the example of every row with all rows.
func TestExamples(t *testing.T) {
	for _, s := range servers.Signatures() {
		e, ok := Parse(s.Example, Options{Now: now})
		if !ok || e.Row != s {
			got := "nothing"
			if ok && e.Row != nil {
				got = e.Row.Name
			}
			t.Errorf("%s: %s\n%s", s.Name, got, s.Example)
		}
	}
}

// TestPrefixes reads the example of every row under the prefixes of its programs.
func TestPrefixes(t *testing.T) {
	prefixes := map[servers.Server][]string{
		servers.Nginx: {"2026/11/26 13:19:19 ", "2026-11-26T13:19:19.123456789Z 2026/11/26 13:19:19 ",
			"web-1  | 2026/11/26 13:19:19 ", "Nov 26 13:19:19 web1 nginx[12]: 2026/11/26 13:19:19 ", "<187>Nov 26 13:19:19 web1 nginx: 2026/11/26 13:19:19 ",
			"2026-11-26T13:19:19.123456789Z stderr F 2026/11/26 13:19:19 ", "[pod/web-1/nginx] 2026-11-26T13:19:19.123456789Z 2026/11/26 13:19:19 ", "> 2026/11/26 13:19:19 "},
		servers.FPM: {"[26-Nov-2026 13:19:19] ", "[26-Nov-2026 13:19:19.123456] ", "Nov 26 13:19:19 web1 php-fpm8.2[12]: ",
			"php-1  | [26-Nov-2026 13:19:19] ", "\x1b[36mphp-1  | \x1b[0m[26-Nov-2026 13:19:19] ", "<30>1 2026-11-26T13:19:19.123456+00:00 web1 php-fpm 12 - - "},
		servers.Kernel: {"[463201.380000] ", "[Thu Nov 26 13:19:19 2026] ", "2026-11-26T13:19:19,123456+00:00 ", "Nov 26 13:19:19 web1 kernel: ",
			"Nov 26 13:19:19 web1 kernel: [463201.380000] ", "2026-11-26T13:19:19.123456+00:00 web1 kernel: [463201.380000] ", "[463201.380000] web1 kernel: ", "1795699189.622679 web1 kernel: "},
		servers.Systemd: {"Nov 26 13:19:19 web1 systemd[1]: ", "2026-11-26T13:19:19+0000 web1 systemd[1]: ", "Thu 2026-11-26 13:19:19 UTC web1 systemd[1]: "},
	}
	for _, s := range servers.Signatures() {
		for _, prefix := range prefixes[s.By] {
			e, ok := Parse(prefix+s.Example, Options{Now: now})
			if !ok || e.Row != s {
				got := "nothing"
				if ok && e.Row != nil {
					got = e.Row.Name
				}
				t.Errorf("%s: %s: %q", s.Name, got, prefix+s.Example)
			}
		}
	}
}
