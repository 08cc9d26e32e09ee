//go:build linux

package lab

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// answers reports whether Apache answers at an address at which it listens. It binds them before
// it is certain that it starts (httpd server/main.c, main), and which log says that it has is
// up to the configuration. The request is none of HTTP, so that no handler gets it.
func (p *Process) answers() bool {
	return slices.ContainsFunc(p.listensAt(), func(at netip.AddrPort) bool {
		return answersAt(at, asPlain) || answersAt(at, asTLS)
	})
}

// answersAt reports whether there is an answer at an address.
func answersAt(at netip.AddrPort, ask func(net.Conn) bool) bool {
	conn, err := net.DialTimeout("tcp", at.String(), 50*time.Millisecond)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(200 * time.Millisecond)) // a socket supports deadlines
	return ask(conn)
}

func asPlain(conn net.Conn) bool {
	_, _ = fmt.Fprint(conn, "\x01\r\n\r\n") // what is wrong shows in the answer
	n, _ := conn.Read(make([]byte, 16))
	return n > 0
}

// asTLS reports whether a handshake succeeds, or fails for another reason than that the
// connection ends: mod_ssl closes those of asPlain.
func asTLS(conn net.Conn) bool {
	err := tls.Client(conn, &tls.Config{InsecureSkipVerify: true}).Handshake() // only whether it answers is of interest
	return !slices.ContainsFunc([]error{io.EOF, syscall.ECONNRESET, syscall.EPIPE, os.ErrDeadlineExceeded}, func(end error) bool { return errors.Is(err, end) })
}

// listensAt returns the TCP addresses at which the master listens (proc(5), /proc/pid/net/tcp).
func (p *Process) listensAt() (all []netip.AddrPort) {
	proc := fmt.Sprintf("/proc/%d/", p.cmd.Process.Pid)
	open := map[string]bool{}
	fds, _ := os.ReadDir(proc + "fd") // a process that has ended has none
	for _, fd := range fds {
		link, _ := os.Readlink(proc + "fd/" + fd.Name())
		open[link] = true
	}
	for _, name := range []string{"tcp", "tcp6"} {
		table, _ := os.ReadFile(proc + "net/" + name) // likewise
		for line := range strings.Lines(string(table)) {
			if f := strings.Fields(line); len(f) > 9 && f[3] == "0A" && open["socket:["+f[9]+"]"] {
				if at, ok := listening(f[1]); ok {
					all = append(all, at)
				}
			}
		}
	}
	return all
}

// listening reads an address of /proc/net/tcp: words of 32 bits in the order of the machine, in
// hexadecimal digits. Of an unspecified address it returns the loopback of its family.
func listening(text string) (at netip.AddrPort, ok bool) {
	digits, port, _ := strings.Cut(text, ":")
	n, err := strconv.ParseUint(port, 16, 16)
	if err != nil {
		return at, false
	}
	var bytes []byte
	for ; len(digits) >= 8; digits = digits[8:] {
		word, err := strconv.ParseUint(digits[:8], 16, 32)
		if err != nil {
			return at, false
		}
		bytes = append(bytes, byte(word), byte(word>>8), byte(word>>16), byte(word>>24))
	}
	addr, ok := netip.AddrFromSlice(bytes)
	switch {
	case addr == netip.IPv4Unspecified():
		addr = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	case addr == netip.IPv6Unspecified():
		addr = netip.IPv6Loopback()
	}
	return netip.AddrPortFrom(addr, uint16(n)), ok
}
