// Package lab is the place where rules meet real servers: it lays a case out on
// a disk, boots nginx and PHP-FPM on it, sends requests and reads the logs.
//
// Only tests use it. A case says /run/php/php8.3-fpm.sock and port 80; on the
// disk both become something below a temporary directory and a free port, on
// both sides of every connection. What the servers write is turned back, so
// that a log line reads as it would on the host of the case.
package lab
