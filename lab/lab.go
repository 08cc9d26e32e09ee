// Package lab is the place where rules meet real servers: it lays a case out in
// a sandbox, starts nginx and PHP-FPM there, sends requests and reads the logs.
//
// Only tests use it. A sandbox has mounts, a network and processes of its own,
// and the case is its root file system: each byte is where the servers of the
// host would read it, and each address and port is the one that the case names.
// Nothing outside the sandbox can be written or removed from inside.
package lab
