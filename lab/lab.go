// Package lab tests rules against real servers: it lays a case out in a sandbox,
// starts nginx and PHP-FPM there, sends requests and reads the logs.
//
// Only tests use it. A sandbox has its own mounts, network and processes, and the
// case is its root file system: each file is where the servers of the host would read
// it, and each address and port is the one that the case names. Processes in the
// sandbox cannot write or remove anything outside.
package lab
