package host

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/tree"
)

// IPv6 is what is known about a machine without IPv6. The zero IPv6 is that of every other.
type IPv6 struct {
	// Why says what turns it off; "" if nothing does.
	Why string
	// Kernel is set if the kernel has no IPv6 at all. Otherwise it has no IPv6 addresses, and
	// servers can listen on :: (measured on Linux 6).
	Kernel bool
}

// Lacks reports whether no server can listen on an address because the machine has no IPv6.
func (v IPv6) Lacks(addr netip.Addr) bool {
	return v.Why != "" && addr.Is6() && !addr.Is4In6() && (v.Kernel || !addr.IsUnspecified())
}

// disableIPv6 is the setting of the kernel that removes the IPv6 addresses of all interfaces.
const disableIPv6 = "net.ipv6.conf.all.disable_ipv6"

// kernelParameters are the files with the parameters of the kernel, which a boot loader reads.
var kernelParameters = []string{"/etc/default/grub", "/etc/kernel/cmdline", "/boot/cmdline.txt", "/boot/firmware/cmdline.txt"}

// ipv6Of returns what the files of a machine say about IPv6.
func ipv6Of(t *tree.Tree) (v IPv6) {
	for _, name := range kernelParameters {
		for line := range strings.Lines(contentOf(t, name)) {
			if line, _, _ = strings.Cut(strings.Replace(line, "=\"", " ", 1), "#"); slices.Contains(strings.FieldsFunc(line, func(c rune) bool { return strings.ContainsRune(" \t\n\"'", c) }), "ipv6.disable=1") {
				return IPv6{Why: "ipv6.disable=1 in " + name, Kernel: true}
			}
		}
	}
	names := []string{}
	for _, dir := range []string{"/usr/lib/sysctl.d", "/run/sysctl.d", "/etc/sysctl.d"} {
		found, _ := t.Glob(dir + "/*.conf")
		names = append(names, found...)
	}
	for _, name := range append(names, "/etc/sysctl.conf") {
		for line := range strings.Lines(contentOf(t, name)) {
			key, value, _ := strings.Cut(line, "=")
			if key = strings.ReplaceAll(strings.Trim(key, "- \t"), "/", "."); key != disableIPv6 {
				continue
			}
			if v = (IPv6{}); strings.TrimSpace(value) == "1" {
				v.Why = fmt.Sprintf("%s is 1 in %s", disableIPv6, name)
			}
		}
	}
	return v
}
