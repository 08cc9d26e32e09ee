// Package lab tests rules against real servers: it lays a case out in a sandbox,
// starts nginx or Apache and PHP-FPM there, sends requests and reads the logs.
//
// Only tests use it. A sandbox has its own mounts, network and processes, and the
// case is its root file system: each file is where the servers of the host would read
// it, and each address and port is the one that the case names. Processes in the
// sandbox cannot write or remove anything outside.
//
// The containers of a project share one sandbox. Each has a root with the files that
// deploy composes, over the programs of this machine, and a network namespace at a
// bridge, unless the project lets it share another. A name exists while its container
// runs. No container engine is needed, and no image is pulled.
package lab
