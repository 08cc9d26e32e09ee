package diagnose

import (
	"strings"
	"testing"
)

// Responses are told apart, and a line that is far away is none of them.
func TestResponses(t *testing.T) {
	for _, test := range []struct {
		name, text, want string
		count            int
	}{
		{"two status lines", "HTTP/2 521\nHTTP/2 521\n", "edge-521", 2},
		{"a redirect that has headers of Cloudflare", "HTTP/1.1 301 Moved\nServer: cloudflare\nCF-RAY: 8f-AMS\n\nHTTP/1.1 502 Bad Gateway\nServer: nginx\n", "no-edge", 1},
		{"two pages", "502 Bad Gateway\ncloudflare\n502 Bad Gateway\ncloudflare\n", "edge-502", 2},
		{"pages of two errors", "Error code 521\nError code 522\n", "edge-521", 1},
		{"a page and its status", "HTTP/2 530\nserver: cloudflare\n\nerror code: 1033\n", "edge-1033", 1},
		{"a footer far away", "502 Bad Gateway\n" + strings.Repeat("\n", maxApart) + "cloudflare\n", "unknown", 1},
		{"a footer without a page", "HTTP/2 502\nserver: cloudflare\n\ncloudflare\n", "edge-unknown", 1},
		{"headers without a status", "server: cloudflare\ncf-ray: 8f-AMS\n", "", 0},
		{"a page of the past", "<hr><center>cloudflare-nginx</center>\n", "", 0},
	} {
		d := read(t, "page.txt", test.text)
		got, count := "", 0
		if len(d.Incidents) > 0 {
			got, count = d.Incidents[0].Cause.ID, d.Incidents[0].Count
		}
		if got != test.want || count != test.count {
			t.Errorf("%s: %s × %d, want %s × %d", test.name, got, count, test.want, test.count)
		}
	}
}

// However many responses there are, few are kept, and that is said.
func TestResponsesAreBounded(t *testing.T) {
	d := read(t, "page.txt", strings.Repeat("HTTP/2 200\nHTTP/2 522\nserver: cloudflare\n", 2*maxResponses))
	if len(d.Incidents) != 1 || d.Incidents[0].Count != maxResponses || d.Dropped == 0 {
		t.Errorf("%d incidents, %d dropped", len(d.Incidents), d.Dropped)
	}
}
