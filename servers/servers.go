package servers

// Server is a program whose configuration or log is read.
type Server string

// The servers.
const (
	Nginx Server = "nginx"
	FPM   Server = "php-fpm"
	PHP   Server = "php" // inside PHP-FPM, with files of its own
	// Engine is what starts containers: Docker with Compose, or Kubernetes.
	Engine Server = "engine"
)

// What writes log lines besides the servers.
const (
	Apache      Server = "apache"
	Kernel      Server = "kernel"
	Systemd     Server = "systemd"
	Supervisor  Server = "supervisord"
	Audit       Server = "audit" // SELinux and AppArmor
	Cloudflared Server = "cloudflared"
	Cloudflare  Server = "cloudflare" // or another server, as a response that somebody pasted shows
)
