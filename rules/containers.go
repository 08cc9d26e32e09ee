package rules

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// nameAndPort is how nginx on the container of s addresses a TCP pool on another one; ""
// if it cannot.
func nameAndPort(s *stack.Stack, pool *stack.Pool) string {
	e := pool.Listen.Endpoint
	other := pool.Master.Machine.Container
	if other == nil || e.Network != netaddr.TCP || e.Addr.IsLoopback() {
		return ""
	}
	if name := s.Container.NameFor(other); name != "" {
		return name + ":" + strconv.Itoa(int(e.Port))
	}
	return ""
}

// onlyPHP returns the pool in the other containers that nginx on s can reach, if there is one
// only.
func onlyPHP(s *stack.Stack) (only *stack.Pool) {
	for pool := range s.Neighbours() {
		if nameAndPort(s, pool) == "" {
			continue
		}
		if only != nil {
			return nil
		}
		only = pool
	}
	return only
}

// pointTo is the fix that makes a peer of nginx on s name a pool of another container.
func pointTo(peer *stack.Peer, s *stack.Stack, pool *stack.Pool) []lint.Fix {
	if address := nameAndPort(s, pool); address != "" {
		return passTo(peer, address)
	}
	return nil
}

// passTo is the fix that gives a peer another address; none if the files do not have its
// address as it is.
func passTo(peer *stack.Peer, address string) []lint.Fix {
	if !verbatim(peer) {
		return nil
	}
	return []lint.Fix{{Title: "pass to " + address, Safe: true, Edits: []source.Edit{{At: peer.At, New: address}}}}
}

// verbatim reports whether the address of a peer is written as it is, and not made from a
// variable.
func verbatim(peer *stack.Peer) bool { return strings.Trim(peer.At.Text(), `"'`) == peer.Text }

// inContainer spells a target for people.
func inContainer(t deploy.Target) string {
	return fmt.Sprintf("port %d of container %s", t.Port, t.Machine.Name)
}

// refusedRemote is what nginx logs when nothing listens on the port of a container: it prints
// the address, not the name.
func refusedRemote(g *stack.Gateway, port uint16) string {
	if ofApache(g) {
		return fmt.Sprintf("(111)Connection refused: AH00957: FCGI: attempt to connect to <address>:%[1]d (<address>:%[1]d) failed", port)
	}
	return fmt.Sprintf(`connect() failed (111: Connection refused) while connecting to upstream, upstream: "fastcgi://<address>:%d"`, port)
}
