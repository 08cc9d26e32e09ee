package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// cloudflare5xx begins the addresses of Cloudflare's pages about its own statuses.
const cloudflare5xx = "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/"

// EdgeError is a response of Cloudflare about an origin, or about itself.
var EdgeError = &lint.Rule{
	ID:       "WP714",
	Name:     "edge-error",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
	Summary:  "Cloudflare answers with 502, or with 520 to 530 in place of the origin.",
	Why: "Cloudflare shows its own page for three different things, and only the response tells them apart:\n\n" +
		"* **502 with the page of Cloudflare in its own look** (`Error code 502`, a picture of browser, Cloudflare and host): the origin answered 502, or cloudflared did, which is how it says that it cannot reach its origin (WP711). The reason is in their logs.\n" +
		"* **502 with a plain page that ends in `cloudflare`**: Cloudflare itself made it. The documentation names compressed answers with a wrong `Content-Length` or broken gzip, and traffic that moves to another data center, which takes seconds. A plain page without that word is one of the origin.\n" +
		"* **520 to 530**: never a 502. Cloudflare got no answer of the origin that it could pass on. 520: an unexpected answer; 521: the TCP connection was refused; 522: it timed out; 523: no route; 524: no answer within 120 seconds; 525: the TLS handshake failed; 526: an invalid certificate; 530 with error 1033: no cloudflared of the tunnel is connected, with 1016: the origin's name has no address. With 521 and 523 no request reaches nginx, so that it logs none.\n\n" +
		"`server: cloudflare` and `cf-ray` say that a response passed Cloudflare, and not who made it. A response with `server: nginx` and without `cf-ray` did not pass it. For the short text `error code: 502` the documentation does not say who made it.",
	Now: "1. The status, the headers `server` and `cf-ray`, and the last line of the page.\n" +
		"2. Whether the origin answers without Cloudflare: the second command, with the address of the origin from the DNS record.\n" +
		"3. Whether it answers on its own machine: the third command. A 502 here is one of the web server: its error log has the reason.\n" +
		"4. Through a tunnel: the log of cloudflared, and whether it runs at all.",
	Fix: "A 502 of the origin: correct the origin. A 502 of Cloudflare: turn gzip off at the origin for a test, and let nothing change a body after its `Content-Length` is set. " +
		"521 and 522: start the web server, let it listen on the port of the mode (443 for Full and Full (strict), 80 for Flexible), and let the firewall accept [the addresses of Cloudflare](https://www.cloudflare.com/ips). 523 and 1016: correct the DNS record. 524: shorten the request, or move it to a name that Cloudflare does not proxy. 525 and 526: a valid certificate on port 443. 1033: start cloudflared, and correct what it refuses in its file when it starts: `cloudflared tunnel ingress validate`. 503 for every name of a tunnel: give it ingress rules.",
	Verify: []string{
		"curl -sSI https://HOST/ | grep -iE '^(HTTP|server|cf-ray)'",
		"curl -sS -o /dev/null -w '%{http_code}\\n' --resolve HOST:443:ORIGIN_IP https://HOST/",
		"curl -sS -o /dev/null -w '%{http_code}\\n' --resolve HOST:80:127.0.0.1 http://HOST/",
		"ss -tlnp | grep -E ':(80|443) '",
		"systemctl status cloudflared --no-pager",
	},
	Sources: []string{
		cloudflare5xx,
		cloudflare5xx + "error-502-504/",
		"https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/error-1033/",
	},
	Logs: []*servers.Signature{
		servers.EdgeTitle, servers.EdgeShort, servers.ResponseLine, servers.EdgeCode, servers.EdgeWords, servers.ServerHeader,
		servers.RayHeader, servers.PlainPage, servers.PageFooter, servers.CloudflaredNoEdge, servers.CloudflaredNoRules, servers.CloudflaredLastRule,
		servers.CloudflaredRule, servers.CloudflaredAddress, servers.CloudflaredYAML,
	},
}
