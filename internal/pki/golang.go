package pki

import (
	"net/netip"
	"slices"
	"strings"
)

// SelfSigned reports whether the issuer of a certificate is its own subject.
func (c *Certificate) SelfSigned() bool { return c.subject == c.issuer }

// Names are what a certificate is for, as Go prints it: its alternative names.
func (c *Certificate) Names() []string {
	all := slices.Clone(c.DNSNames)
	for _, addr := range c.Addresses {
		all = append(all, addr.String())
	}
	return all
}

// Valid reports whether a certificate is for a host as Go finds it (crypto/x509,
// Certificate.VerifyHostname), which looks at no common name: an address among the addresses, a name
// among the names, in which * is a whole first label.
func (c *Certificate) Valid(host string) bool {
	if addr, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return slices.Contains(c.Addresses, addr)
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	_, domain, dotted := strings.Cut(host, ".")
	return slices.ContainsFunc(c.DNSNames, func(name string) bool {
		name = strings.ToLower(strings.TrimSuffix(name, "."))
		return name == host || dotted && name == "*."+domain
	})
}
