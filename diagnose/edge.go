package diagnose

// edgeRule is the rule about what Cloudflare answers.
const edgeRule = "WP714"

// edgeStatus is the status of a page of Cloudflare with an error from 1000 on about the name of the origin.
const edgeStatus = 530

// inErrorLog is where a web server says why it answered 502.
const inErrorLog = "The reason is in its error log, in that second. Give these lines to `wp502lint diagnose`."

// What a response says of a 502 (Cloudflare's documentation of the errors 502 and 504).
var (
	edgeItself = &Cause{ID: "edge-502", Number: 5, Rule: edgeRule, Says: "Cloudflare itself made the 502: the page is its plain one",
		Next: "Request the origin without Cloudflare. If it answers 200, compare its `Content-Length` with what it sends, and turn its gzip off for a test: of broken gzip, or of a length from before it, Cloudflare makes a 502. One that passes within seconds is traffic that Cloudflare moves to another data center."}
	edgePassed = &Cause{ID: "origin-502", Number: Undecided, Rule: edgeRule, Says: "the origin, or cloudflared, answered 502, and Cloudflare passed it on",
		Next: "The reason is in the log of the origin, in that second: `error.log` of its web server, or the log of cloudflared. Give these lines to `wp502lint diagnose`."}
	edgeSilent = &Cause{ID: "edge-unknown", Number: Undecided, Rule: edgeRule, Says: "the 502 came through Cloudflare, and the response does not tell whether the origin made it",
		Next: "Look at the page in a browser: Cloudflare shows one in its own look if the origin, or cloudflared, answered 502, and a plain one that ends in `cloudflare` if it made the 502 itself. Or look for the request in the access log of the origin: with a 502 there, the reason is in its error log."}
	noEdge  = &Cause{ID: "no-edge", Number: Undecided, Rule: "WP712", Says: "the web server %s answered 502, and the response did not pass Cloudflare", Next: inErrorLog}
	ownPage = &Cause{ID: "own-page", Number: Undecided, Rule: "WP712", Says: "the web server %s answered 502: the page is its own, and these lines do not tell whether Cloudflare passed it on", Next: inErrorLog}
)

// numbered is an error of Cloudflare, by its status or its number.
type numbered struct {
	code int
	*Cause
}

// edgeErrors are what Cloudflare answers in place of an origin (its documentation of the errors 5xx and
// 1xxx).
var edgeErrors = []numbered{
	{520, &Cause{ID: "edge-520", Rule: edgeRule, Says: "the origin gave Cloudflare an empty, unknown or unexpected answer: 520",
		Next: "Look in the log of the origin for a crash in that second. Headers above 128 KB, most often cookies, a broken HTTP/2 and a firewall or plugin that cuts connections of Cloudflare give the same."}},
	{521, &Cause{ID: "edge-521", Rule: edgeRule, Says: "the origin refused the TCP connection of Cloudflare: its web server is down or does not listen on that port, or a firewall rejects Cloudflare: 521",
		Next: "See whether the web server runs and listens: on port 443 with the mode Full or Full (strict), on 80 with Flexible. Then let the firewall and fail2ban accept the addresses of https://www.cloudflare.com/ips."}},
	{522, &Cause{ID: "edge-522", Rule: edgeRule, Says: "the origin did not answer Cloudflare's TCP connection within 19 seconds, or did not acknowledge the request within 90: 522",
		Next: "Look for a firewall that drops packets from Cloudflare (https://www.cloudflare.com/ips), for another address of the origin than that of the DNS record, and for a host that is off or overloaded."}},
	{523, &Cause{ID: "edge-523", Rule: edgeRule, Says: "Cloudflare has no route to the origin: 523",
		Next: "Compare the address in the DNS record of Cloudflare with that of the origin, and look for a broken route at the host."}},
	{524, &Cause{ID: "edge-524", Rule: edgeRule, Says: "the origin accepted the request and did not answer within the time that Cloudflare waits, 120 seconds by default: 524",
		Next: "Find the slow script: `request_slowlog_timeout` of PHP-FPM, `$request_time` of nginx. Run exports and imports in the background, with WP-CLI, or on a name that Cloudflare does not proxy. Timeouts of the origin above 120 seconds gain nothing."}},
	{525, &Cause{ID: "edge-525", Rule: edgeRule, Says: "the TLS handshake between Cloudflare and the origin failed: 525",
		Next: "Look for TLS on port 443 of the origin, a certificate for the name (SNI), and a cipher that both have. The error log of the origin may need the level `info`."}},
	{526, &Cause{ID: "edge-526", Rule: edgeRule, Says: "Cloudflare does not accept the certificate of the origin in the mode Full (strict): 526",
		Next: "Renew it, let it name the host, and send the whole chain; a certificate of Cloudflare's Origin CA is accepted as well."}},
	{527, &Cause{ID: "edge-527", Rule: edgeRule, Says: "the connection of Cloudflare to a Railgun at the origin failed: 527", Next: "Cloudflare has retired Railgun: remove it."}},
	{edgeStatus, &Cause{ID: "edge-530", Rule: edgeRule, Says: "Cloudflare cannot find the origin: 530, with a number from 1000 on in the page that says why",
		Next: "Read the number on the page. 1033: cloudflared of this tunnel is not connected. 1016: the name of the origin has no address."}},
	{1016, &Cause{ID: "edge-1016", Rule: edgeRule, Says: "Cloudflare cannot resolve the address of the origin: 530 with error 1016",
		Next: "Correct the A, AAAA or CNAME record in the DNS of Cloudflare: the name that a CNAME leads to has no address."}},
	{1033, &Cause{ID: "edge-1033", Rule: edgeRule, Says: "no cloudflared of the tunnel is connected to Cloudflare: 530 with error 1033",
		Next: "See whether cloudflared runs (`systemctl status cloudflared`, `docker ps`), what its log says when it starts, and whether it reaches the network: `cloudflared tunnel info NAME` lists its connections."}},
}

// edgeError returns the cause of a status or number; nil for another one.
func edgeError(code int) *Cause {
	for _, e := range edgeErrors {
		if e.code == code {
			return e.Cause
		}
	}
	return nil
}

// edgeCauses are all causes of edgeErrors.
func edgeCauses() (all []*Cause) {
	for _, e := range edgeErrors {
		all = append(all, e.Cause)
	}
	return all
}

// OfEdge reports whether a response of Cloudflare shows an incident.
func (i *Incident) OfEdge() bool { return i.Cause.Rule == edgeRule }
