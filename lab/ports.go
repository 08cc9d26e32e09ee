//go:build linux

package lab

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
)

// firstPort and lastPort are below the ports that Linux gives to connections,
// so that none of those takes a port between the choice and the bind.
const firstPort, lastPort = 20000, 32000

// taken are the ports that this program has given out.
var taken struct {
	sync.Mutex
	ports map[uint16]bool
}

// freePort returns a port that nobody listens on, on any address, and that it
// has not returned before.
func freePort() (uint16, error) { return freePorts(1) }

// freePorts returns the first of n such ports in a row.
func freePorts(n int) (first uint16, err error) {
	taken.Lock()
	defer taken.Unlock()
	if taken.ports == nil {
		taken.ports = map[uint16]bool{}
	}
	for range 1000 {
		first := uint16(firstPort + rand.IntN(lastPort-firstPort))
		free := 0
		for free < n && take(first+uint16(free)) {
			free++
		}
		if free == n {
			return first, nil
		}
	}
	return 0, fmt.Errorf("no free port between %d and %d", firstPort, lastPort)
}

// take takes a port if it is free.
func take(port uint16) bool {
	if taken.ports[port] {
		return false
	}
	taken.ports[port] = true
	l, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	return err == nil && l.Close() == nil
}
