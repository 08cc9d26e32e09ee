//go:build linux

package lab

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"
)

// vethPeer is the attribute of a veth that describes its other end (Linux
// include/uapi/linux/veth.h, VETH_INFO_PEER).
const vethPeer = 1

// addVeth creates a pair of connected interfaces: name in the namespace of the calling
// thread, and inside in the namespace peer, a file descriptor (rtnetlink(7)).
func addVeth(name string, peer int) error {
	s, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	other := append(make([]byte, unix.SizeofIfInfomsg),
		append(attribute(unix.IFLA_IFNAME, text(inside)), attribute(unix.IFLA_NET_NS_FD, number(peer))...)...)
	body := append(make([]byte, unix.SizeofIfInfomsg), attribute(unix.IFLA_IFNAME, text(name))...)
	body = append(body, attribute(unix.IFLA_LINKINFO, append(attribute(unix.IFLA_INFO_KIND, text("veth")),
		attribute(unix.IFLA_INFO_DATA, attribute(vethPeer, other))...))...)
	header := make([]byte, unix.SizeofNlMsghdr)
	binary.NativeEndian.PutUint32(header, uint32(len(header)+len(body)))
	binary.NativeEndian.PutUint16(header[4:], unix.RTM_NEWLINK)
	binary.NativeEndian.PutUint16(header[6:], unix.NLM_F_REQUEST|unix.NLM_F_CREATE|unix.NLM_F_EXCL|unix.NLM_F_ACK)
	if err := unix.Sendto(s, append(header, body...), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	return acknowledged(s)
}

// acknowledged reads the answer of the kernel to one request (netlink(7), NLMSG_ERROR).
func acknowledged(s int) error {
	answer := make([]byte, 4096)
	n, _, err := unix.Recvfrom(s, answer, 0)
	if err != nil {
		return err
	}
	if n < unix.SizeofNlMsghdr+4 || binary.NativeEndian.Uint16(answer[4:]) != unix.NLMSG_ERROR {
		return fmt.Errorf("an unexpected answer of %d bytes", n)
	}
	if code := int32(binary.NativeEndian.Uint32(answer[unix.SizeofNlMsghdr:])); code != 0 {
		return unix.Errno(-code)
	}
	return nil
}

// attribute is a routing attribute, padded to 4 bytes.
func attribute(kind uint16, value []byte) []byte {
	a := make([]byte, unix.SizeofRtAttr, unix.SizeofRtAttr+len(value)+3)
	binary.NativeEndian.PutUint16(a, uint16(unix.SizeofRtAttr+len(value)))
	binary.NativeEndian.PutUint16(a[2:], kind)
	a = append(a, value...)
	for len(a)%4 != 0 {
		a = append(a, 0)
	}
	return a
}

func text(s string) []byte { return append([]byte(s), 0) }

func number(n int) []byte { return binary.NativeEndian.AppendUint32(nil, uint32(n)) }
