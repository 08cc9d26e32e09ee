package servers

// CloudflaredPlaces are where cloudflared looks for its configuration, in its order, with ~ for the
// home directory of its account (cloudflared 2026.8.2, config/configuration.go). Installed as
// a service, it is given that in /etc (cmd/cloudflared/linux_service.go).
var CloudflaredPlaces = []string{
	"~/.cloudflared/config.yml", "~/.cloudflared/config.yaml",
	"~/.cloudflare-warp/config.yml", "~/.cloudflare-warp/config.yaml", "~/cloudflare-warp/config.yml", "~/cloudflare-warp/config.yaml",
	"/etc/cloudflared/config.yml", "/etc/cloudflared/config.yaml",
	"/usr/local/etc/cloudflared/config.yml", "/usr/local/etc/cloudflared/config.yaml",
}

// CloudflaredKind is what the value of a key in the configuration of cloudflared is.
type CloudflaredKind uint8

// The kinds of values. YAML makes a text of any scalar, and a flag of yes and on.
const (
	CloudflaredText CloudflaredKind = iota + 1
	CloudflaredFlag
	CloudflaredNumber
	CloudflaredNatural  // a number that is not negative
	CloudflaredDuration // a text such as 30s: a bare number is refused
	CloudflaredTexts
	CloudflaredNumbers
	CloudflaredMapping
	CloudflaredMappings
)

// CloudflaredKey is a key in the configuration of cloudflared. Keys are case-sensitive, and it
// ignores those that it does not know.
type CloudflaredKey struct {
	Name string
	Kind CloudflaredKind
	// Default is the value without the key, "" for none.
	Default string
	// Keys are those of a mapping, or of each mapping of a list.
	Keys []CloudflaredKey
}

// CloudflaredKeys are the keys of a configuration that has ingress rules (cloudflared 2026.8.2,
// config/configuration.go and ingress/config.go). Every flag of the command line is a key, too.
var CloudflaredKeys = []CloudflaredKey{
	{Name: "tunnel", Kind: CloudflaredText},
	{Name: "ingress", Kind: CloudflaredMappings, Keys: []CloudflaredKey{
		{Name: "hostname", Kind: CloudflaredText},
		{Name: "path", Kind: CloudflaredText},
		{Name: "service", Kind: CloudflaredText},
		{Name: "originRequest", Kind: CloudflaredMapping, Keys: cloudflaredOrigin},
	}},
	{Name: "warp-routing", Kind: CloudflaredMapping, Keys: []CloudflaredKey{
		{Name: "connectTimeout", Kind: CloudflaredDuration, Default: "5s"},
		{Name: "maxActiveFlows", Kind: CloudflaredNatural},
		{Name: "tcpKeepAlive", Kind: CloudflaredDuration, Default: "30s"},
	}},
	{Name: "originRequest", Kind: CloudflaredMapping, Keys: cloudflaredOrigin},
}

var cloudflaredOrigin = []CloudflaredKey{
	{Name: "connectTimeout", Kind: CloudflaredDuration, Default: "30s"},
	{Name: "tlsTimeout", Kind: CloudflaredDuration, Default: "10s"},
	{Name: "tcpKeepAlive", Kind: CloudflaredDuration, Default: "30s"},
	{Name: "noHappyEyeballs", Kind: CloudflaredFlag},
	{Name: "keepAliveConnections", Kind: CloudflaredNumber, Default: "100"},
	{Name: "keepAliveTimeout", Kind: CloudflaredDuration, Default: "1m30s"},
	{Name: "httpHostHeader", Kind: CloudflaredText},
	{Name: "originServerName", Kind: CloudflaredText},
	{Name: "matchSNItoHost", Kind: CloudflaredFlag},
	{Name: "caPool", Kind: CloudflaredText},
	{Name: "noTLSVerify", Kind: CloudflaredFlag},
	{Name: "disableChunkedEncoding", Kind: CloudflaredFlag},
	{Name: "bastionMode", Kind: CloudflaredFlag},
	{Name: "proxyAddress", Kind: CloudflaredText, Default: "127.0.0.1"},
	{Name: "proxyPort", Kind: CloudflaredNatural},
	{Name: "proxyType", Kind: CloudflaredText},
	{Name: "ipRules", Kind: CloudflaredMappings, Keys: []CloudflaredKey{
		{Name: "prefix", Kind: CloudflaredText},
		{Name: "ports", Kind: CloudflaredNumbers},
		{Name: "allow", Kind: CloudflaredFlag},
	}},
	{Name: "http2Origin", Kind: CloudflaredFlag},
	{Name: "access", Kind: CloudflaredMapping, Keys: []CloudflaredKey{
		{Name: "required", Kind: CloudflaredFlag},
		{Name: "teamName", Kind: CloudflaredText},
		{Name: "audTag", Kind: CloudflaredTexts},
		{Name: "environment", Kind: CloudflaredText},
	}},
}
