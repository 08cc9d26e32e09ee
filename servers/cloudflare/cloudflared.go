// Package cloudflare has the facts about Cloudflare and cloudflared: the keys of its configuration, and
// what the edge does with every site that uses it.
package cloudflare

// Places are where cloudflared looks for its configuration, in its order, with ~ for the
// home directory of its account (cloudflared 2026.8.2, config/configuration.go). Installed as
// a service, it is given that in /etc (cmd/cloudflared/linux_service.go).
var Places = []string{
	"~/.cloudflared/config.yml", "~/.cloudflared/config.yaml",
	"~/.cloudflare-warp/config.yml", "~/.cloudflare-warp/config.yaml", "~/cloudflare-warp/config.yml", "~/cloudflare-warp/config.yaml",
	"/etc/cloudflared/config.yml", "/etc/cloudflared/config.yaml",
	"/usr/local/etc/cloudflared/config.yml", "/usr/local/etc/cloudflared/config.yaml",
}

// Kind is what the value of a key in the configuration of cloudflared is.
type Kind uint8

// The kinds of values. YAML makes a text of any scalar, and a flag of yes and on.
const (
	Text Kind = iota + 1
	Flag
	Number
	Natural  // a number that is not negative
	Duration // a text such as 30s: a bare number is refused
	Texts
	Numbers
	Mapping
	Mappings
)

// Key is a key in the configuration of cloudflared. Keys are case-sensitive, and it
// ignores those that it does not know.
type Key struct {
	Name string
	Kind Kind
	// Default is the value without the key, "" for none.
	Default string
	// Keys are those of a mapping, or of each mapping of a list.
	Keys []Key
}

// Keys are the keys of a configuration that has ingress rules (cloudflared 2026.8.2,
// config/configuration.go and ingress/config.go). Every flag of the command line is a key, too.
var Keys = []Key{
	{Name: "tunnel", Kind: Text},
	{Name: "ingress", Kind: Mappings, Keys: []Key{
		{Name: "hostname", Kind: Text},
		{Name: "path", Kind: Text},
		{Name: "service", Kind: Text},
		{Name: "originRequest", Kind: Mapping, Keys: originRequest},
	}},
	{Name: "warp-routing", Kind: Mapping, Keys: []Key{
		{Name: "connectTimeout", Kind: Duration, Default: "5s"},
		{Name: "maxActiveFlows", Kind: Natural},
		{Name: "tcpKeepAlive", Kind: Duration, Default: "30s"},
	}},
	{Name: "originRequest", Kind: Mapping, Keys: originRequest},
}

var originRequest = []Key{
	{Name: "connectTimeout", Kind: Duration, Default: "30s"},
	{Name: "tlsTimeout", Kind: Duration, Default: "10s"},
	{Name: "tcpKeepAlive", Kind: Duration, Default: "30s"},
	{Name: "noHappyEyeballs", Kind: Flag},
	{Name: "keepAliveConnections", Kind: Number, Default: "100"},
	{Name: "keepAliveTimeout", Kind: Duration, Default: "1m30s"},
	{Name: "httpHostHeader", Kind: Text},
	{Name: "originServerName", Kind: Text},
	{Name: "matchSNItoHost", Kind: Flag},
	{Name: "caPool", Kind: Text},
	{Name: "noTLSVerify", Kind: Flag},
	{Name: "disableChunkedEncoding", Kind: Flag},
	{Name: "bastionMode", Kind: Flag},
	{Name: "proxyAddress", Kind: Text, Default: "127.0.0.1"},
	{Name: "proxyPort", Kind: Natural},
	{Name: "proxyType", Kind: Text},
	{Name: "ipRules", Kind: Mappings, Keys: []Key{
		{Name: "prefix", Kind: Text},
		{Name: "ports", Kind: Numbers},
		{Name: "allow", Kind: Flag},
	}},
	{Name: "http2Origin", Kind: Flag},
	{Name: "access", Kind: Mapping, Keys: []Key{
		{Name: "required", Kind: Flag},
		{Name: "teamName", Kind: Text},
		{Name: "audTag", Kind: Texts},
		{Name: "environment", Kind: Text},
	}},
}
