package apachet

import (
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// The reasons for which APR refuses a network (apr_ipsubnet_create).
const (
	notAddress = "" // it looks like no address at all
	badAddress = "The specified IP address is invalid."
	badMask    = "The specified network mask is invalid."
)

// network says why APR refuses an address and its mask: ok is set if it does not. An address
// of IPv4 may be cut after any part if it has no mask.
func network(address, mask string, masked bool) (why string, ok bool) {
	digits := strings.Trim(address, "0123456789.") == "" && strings.Trim(address, ".") != ""
	v6 := strings.Contains(address, ":") && strings.Trim(address, "0123456789abcdefABCDEF:.") == ""
	if address == "" || !digits && !v6 {
		return notAddress, false
	}
	parsed, err := netip.ParseAddr(strings.TrimSpace(address))
	if digits && err != nil {
		parsed, err = cut(address, masked)
	}
	if err != nil {
		return badAddress, false
	}
	if !masked {
		return "", true
	}
	most := 32
	if parsed.Is6() {
		most = 128
	}
	if n, rest, found, fits := apache.Number(mask); found && rest == "" && fits && 0 < n && n <= int64(most) {
		return "", true
	}
	if m, err := netip.ParseAddr(mask); err == nil && m.Is4() && parsed.Is4() {
		return "", true
	}
	return badMask, false
}

// cut reads the first parts of an address of IPv4.
func cut(address string, masked bool) (addr netip.Addr, err error) {
	_, err = netip.ParseAddr("")
	parts := strings.Split(strings.TrimSuffix(address, "."), ".")
	if masked || len(parts) > 4 || len(parts) == 4 && strings.HasSuffix(address, ".") {
		return addr, err
	}
	for _, part := range parts {
		if n, _, digits, fits := apache.Number(part); !digits || !fits || n > 255 || len(part) > 3 {
			return addr, err
		}
	}
	return netip.IPv4Unspecified(), nil
}

// order judges Order (httpd modules/aaa/mod_access_compat.c, order).
func (x *checker) order(d *apache.Directive, _ state) *Refusal {
	if x.unset(d) || isOneOf(d.Arg(0), []string{"allow,deny", "deny,allow", "mutual-failure"}) {
		return nil
	}
	return refuse(d, 0, expected(d, "allow,deny or deny,allow, without a blank", d.Arg(0)), "unknown order")
}

// allow judges Allow and Deny (httpd modules/aaa/mod_access_compat.c, allow_cmd).
func (x *checker) allow(d *apache.Directive, _ state) *Refusal {
	if x.unset(d) {
		return nil
	}
	if !strings.EqualFold(d.Arg(0), "from") {
		return refuse(d, 0, spelled(d)+" has no from after it", "allow and deny must be followed by 'from'")
	}
	for i := 1; i < len(d.Args) && d.Arg(i) != ""; i++ {
		if r := allowed(d, i); r != nil {
			return r
		}
	}
	return nil
}

// allowed judges word i of Allow or Deny.
func allowed(d *apache.Directive, i int) *Refusal {
	word := d.Arg(i)
	lower := strings.ToLower(word)
	if strings.HasPrefix(lower, "env=") || lower == "all" {
		return nil
	}
	address, mask, masked := strings.Cut(word, "/")
	why, ok := network(address, mask, masked)
	switch {
	case ok:
		return nil
	case why != notAddress:
		return refuse(d, i, quoted(word)+" in "+spelled(d)+" is not a valid network", why)
	case masked:
		return refuse(d, i, quoted(word)+" in "+spelled(d)+" is not a network", "An IP address was expected")
	case strings.Contains(word, "#"):
		return refuse(d, i, "a comment after words of a directive is not possible", "No comments are allowed here")
	}
	return nil
}

// provided judges the words after the provider of a Require, which is word i (httpd
// modules/aaa/mod_authz_core.c, all_parse_config and others; mod_authz_host.c,
// ip_parse_config; mod_authz_user.c, user_parse_config).
func (x *checker) provided(d *apache.Directive, i int) *Refusal {
	rest := restOf(d.Raw(), i+1)
	switch d.Arg(i) {
	case "all":
		if isOneOf(rest, []string{"granted", "denied"}) {
			return nil
		}
		return refuse(d, i+1, "Require all takes granted or denied, not "+quoted(rest), "Argument for 'Require all' must be 'granted' or 'denied'")
	case "ip":
		return addresses(d, i+1)
	case "method":
		for j := i + 1; j < len(d.Args) && d.Arg(j) != ""; j++ {
			if _, ok := x.method(d.Arg(j), false); !ok {
				return refuse(d, j, "unknown request method "+quoted(d.Arg(j)), "Invalid Method '"+d.Arg(j)+"'")
			}
		}
	case "expr":
		return x.expression(d, i+1, unquoted(rest), condition, "Cannot parse expression in require line: ")
	case "host", "forward-dns", "user", "group", "env":
		if d.Arg(i) == "env" {
			return nil
		}
		return x.expression(d, i+1, rest, text, "Cannot parse expression in require line: ")
	}
	return nil
}

// addresses judges the words of Require ip from i on.
func addresses(d *apache.Directive, i int) *Refusal {
	if d.Arg(i) == "" {
		return refuse(d, -1, "Require ip names no address", "'require ip' requires an argument")
	}
	for ; i < len(d.Args) && d.Arg(i) != ""; i++ {
		address, mask, masked := strings.Cut(d.Arg(i), "/")
		if why, ok := network(address, mask, masked); !ok {
			if why != notAddress {
				why = ": " + why
			}
			return refuse(d, i, quoted(d.Arg(i))+" in Require ip is not a valid address or network", "ip address '"+d.Arg(i)+"' appears to be invalid"+why)
		}
	}
	return nil
}

// restOf returns the text of a line after its first n words, as written.
func restOf(raw string, n int) string {
	for range n {
		raw = strings.TrimLeft(raw, blanks)
		if raw == "" {
			return ""
		}
		if quote := raw[0]; quote == '"' || quote == '\'' {
			end := 1
			for end < len(raw) && raw[end] != quote {
				if raw[end] == '\\' && end+1 < len(raw) && (raw[end+1] == quote || raw[end+1] == '\\') {
					end++
				}
				end++
			}
			raw = raw[min(end+1, len(raw)):]
		} else if end := strings.IndexAny(raw, blanks); end >= 0 {
			raw = raw[end:]
		} else {
			raw = ""
		}
	}
	return strings.TrimLeft(raw, blanks)
}

// unquoted returns what is in the quotes around a text; Require expr takes one pair of double
// quotes away (httpd modules/aaa/mod_authz_core.c, expr_parse_config).
func unquoted(text string) string {
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		return text[1 : len(text)-1]
	}
	return text
}
