package rules

import "github.com/wp502lint/wp502lint/parser/firewall"

// edgeStatus is what Cloudflare answers where a firewall refuses its connection; 0 if it does not.
func edgeStatus(v firewall.Verdict) int {
	switch v {
	case firewall.Dropped:
		return 522
	case firewall.Rejected:
		return 521
	}
	return 0
}
