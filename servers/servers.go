package servers

// Server is a program whose files are read or whose log is.
type Server string

// The servers.
const (
	Nginx Server = "nginx"
	FPM   Server = "php-fpm"
	PHP   Server = "php" // inside PHP-FPM, with files of its own
)
