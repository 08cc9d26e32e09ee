//go:build linux

package lab

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
)

// resolver is the address at which engines answer DNS queries in every container of a
// network (Docker, "Embedded DNS server").
const resolver = "127.0.0.11:53"

// answer answers DNS queries in the namespace of a container until the listener is closed.
func (r *running) answer() (io.Closer, error) {
	var socket net.PacketConn
	err := r.space.do(func() (err error) {
		socket, err = net.ListenPacket("udp4", resolver)
		return err
	})
	if err != nil {
		return nil, err
	}
	go func() {
		query := make([]byte, 512)
		for {
			n, from, err := socket.ReadFrom(query)
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if response := responseTo(query[:max(n, 0)], *r.names.Load()); response != nil {
				_, _ = socket.WriteTo(response, from) // the client repeats its query
			}
		}
	}()
	return socket, nil
}

// The parts of a DNS message (RFC 1035, 4.1).
const (
	dnsHeader   = 12
	dnsAnswered = 0x8180 // a response, with recursion
	dnsNoName   = 3
	dnsA        = 1
	dnsIN       = 1
)

// responseTo answers a query with one question; nil for one that cannot be read.
func responseTo(query []byte, names map[string][]netip.Addr) []byte {
	if len(query) < dnsHeader {
		return nil
	}
	name, rest := "", query[dnsHeader:]
	for len(rest) > 0 && rest[0] > 0 {
		n := int(rest[0]) + 1
		if len(rest) < n {
			return nil
		}
		name, rest = name+"."+string(rest[1:n]), rest[n:]
	}
	if len(rest) < 5 {
		return nil
	}
	addrs, known := names[strings.ToLower(strings.TrimPrefix(name, "."))]
	if binary.BigEndian.Uint16(rest[1:]) != dnsA {
		addrs = nil
	}
	out := append([]byte{}, query[:len(query)-len(rest)+5]...)
	flags := uint16(dnsAnswered)
	if !known {
		flags |= dnsNoName
	}
	binary.BigEndian.PutUint16(out[2:], flags)
	binary.BigEndian.PutUint64(out[4:], 1<<48|uint64(len(addrs))<<32) // one question
	for _, addr := range addrs {
		out = append(out, 0xc0, dnsHeader, 0, dnsA, 0, dnsIN, 0, 0, 2, 88, 0, 4) // the name of the question, for 600 s
		out = append(out, addr.AsSlice()...)
	}
	return out
}

// Published is a port of the host that leads to one of a container.
type Published struct {
	Addr      netip.Addr // the only address with the port; the zero value is any
	Port      uint16
	Container int // its number
	Target    uint16
}

func (p Published) address() string {
	if p.Addr.IsValid() {
		return netip.AddrPortFrom(p.Addr, p.Port).String()
	}
	return fmt.Sprintf(":%d", p.Port)
}

// publish forwards connections to a port of the host until the listener is closed.
func (f *fleet) publish(p Published) (io.Closer, error) {
	var listener net.Listener
	err := f.host.do(func() (err error) {
		listener, err = net.Listen("tcp4", p.address())
		return err
	})
	if err != nil {
		return nil, err
	}
	target := netip.AddrPortFrom(f.containers[p.Container].space.addr, p.Target).String()
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer client.Close()
				_ = f.host.do(func() error { return forward(client, target) }) // the client sees the end
			}()
		}
	}()
	return listener, nil
}

// forward passes data between a client and a target until both are at the end.
func forward(client net.Conn, target string) error {
	server, err := net.Dial("tcp4", target)
	if err != nil {
		return err
	}
	defer server.Close()
	var group sync.WaitGroup
	group.Go(func() {
		_, _ = io.Copy(server, client) // an error is an end too
		_ = server.(*net.TCPConn).CloseWrite()
	})
	_, err = io.Copy(client, server)
	_ = client.(*net.TCPConn).CloseWrite()
	group.Wait()
	return err
}
