package cloudflared

import (
	"path"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/source"
)

// Is reports whether a file looks like a configuration of cloudflared: it names a tunnel and its
// credentials, or has ingress rules as only cloudflared has them.
func Is(f *source.File) bool {
	switch path.Ext(f.Name) {
	case ".yml", ".yaml":
	default:
		return false
	}
	if !topIngress.MatchString(f.Text) {
		return topTunnel.MatchString(f.Text) && topCredentials.MatchString(f.Text)
	}
	return topTunnel.MatchString(f.Text) || topCredentials.MatchString(f.Text) || ownService.MatchString(f.Text)
}

var (
	topIngress     = lazyregexp.New(`(?m)^["']?ingress["']?:\s*(?:\[|(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*-\s)`)
	topTunnel      = lazyregexp.New(`(?m)^["']?tunnel["']?:`)
	topCredentials = lazyregexp.New(`(?m)^["']?credentials-file["']?:`)
	ownService     = lazyregexp.New(`(?m)\bservice["']?:\s*["']?(?:https?://|unix(?:\+tls)?:|http_status:|hello_world|hello-world|wss?://|tcp://|ssh://|rdp://|smb://|bastion|socks-proxy)`)
)
