package parser

import (
	"fmt"
	"strings"
	"testing"
)

// The configuration of cloudflared is the one that it would read: that of its unit, the one of the
// service, that of a home directory; in a repository each that is one by its content.
func TestTunnels(t *testing.T) {
	const rules = "tunnel: x\ningress:\n  - service: http://localhost:80\n"
	const unit = "/etc/systemd/system/cloudflared.service"
	for _, test := range []struct {
		name, want string
		files      map[string]string
	}{
		{"service before home", "/etc/cloudflared/config.yml", map[string]string{"/etc/passwd": "", "/etc/cloudflared/config.yml": rules, "/root/.cloudflared/config.yml": rules}},
		{"home", "/home/blog/.cloudflared/config.yaml", map[string]string{"/etc/passwd": "", "/home/blog/.cloudflared/config.yaml": rules}},
		{"unit", "/srv/blog.yml", map[string]string{unit: "[Service]\nExecStart=/usr/bin/cloudflared --config /srv/blog.yml tunnel run\n", "/etc/passwd": "", "/srv/blog.yml": rules, "/etc/cloudflared/config.yml": rules}},
		{"home of the account", "/var/lib/cfd/.cloudflared/config.yml", map[string]string{
			unit: "[Service]\nUser=cfd\nExecStart=/usr/bin/cloudflared tunnel run\n", "/etc/passwd": "cfd:x:900:900::/var/lib/cfd:/bin/false\n",
			"/var/lib/cfd/.cloudflared/config.yml": rules, "/root/.cloudflared/config.yml": rules,
		}},
		{"token", "remote", map[string]string{unit: "[Service]\nExecStart=/usr/bin/cloudflared tunnel run --token x\n", "/etc/passwd": "", "/etc/cloudflared/config.yml": rules}},
		{"update", "/etc/cloudflared/config.yml", map[string]string{"/etc/systemd/system/cloudflared-update.service": "[Service]\nExecStart=/usr/bin/cloudflared update\n", "/etc/passwd": "", "/etc/cloudflared/config.yml": rules}},
		{"repository", "/deploy/tunnel/blog.yml", map[string]string{"/deploy/tunnel/blog.yml": rules, "/deploy/tunnel/example/config.yml": rules, "/chart/config.yml": "ingress:\n  enabled: true\n"}},
	} {
		var got []string
		for _, tunnel := range Read(plant(test.files), []string{"/"}).Tunnels {
			switch {
			case tunnel.Remote:
				got = append(got, "remote")
			case tunnel.Config != nil && tunnel.Config.File != nil:
				got = append(got, tunnel.Config.File.Name)
			default:
				got = append(got, fmt.Sprint(tunnel.Config))
			}
		}
		if all := strings.Join(got, " "); all != test.want {
			t.Errorf("%s: got %s, want %s", test.name, all, test.want)
		}
	}
}
