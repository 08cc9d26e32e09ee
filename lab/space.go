//go:build linux

package lab

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// space is a network namespace of a sandbox. The kernel removes it, and what is in it,
// when it is closed and no process runs there any more.
type space struct {
	fd   *os.File
	addr netip.Addr // on the bridge
}

// newSpace creates a network namespace in which only the loopback is up.
func newSpace() (s *space, err error) {
	s = &space{}
	return s, onThread(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("creating a network namespace: %w", err)
		}
		if s.fd, err = os.Open(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid())); err != nil {
			return err
		}
		return loopbackUp()
	})
}

// do calls f in the namespace: the sockets that f opens and the processes that it starts
// belong to it. A nil space is that of the sandbox.
func (s *space) do(f func() error) error {
	if s == nil {
		return f()
	}
	return onThread(func() error {
		if err := unix.Setns(int(s.fd.Fd()), unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("entering a network namespace: %w", err)
		}
		return f()
	})
}

// onThread calls f on a thread that ends with it, whatever f does to the thread.
func onThread(f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked
		done <- f()
	}()
	return <-done
}

const bridge, inside = "br0", "eth0"

// addBridge creates a bridge in the namespace of the calling thread, with further addresses.
func addBridge(addr netip.Addr, further []netip.Addr) error {
	return ioctls(func(s int) error {
		name, err := unix.NewIfreq(bridge)
		if err != nil {
			return err
		}
		if err := unix.IoctlIfreq(s, unix.SIOCBRADDBR, name); err != nil {
			return fmt.Errorf("creating a bridge: %w", err)
		}
		return setAddresses(s, bridge, addr, further)
	})
}

// connect connects a namespace to the bridge in the namespace of the calling thread. The
// namespace gets further addresses too.
func (s *space) connect(name string, further []netip.Addr) error {
	if err := addVeth(name, int(s.fd.Fd())); err != nil {
		return fmt.Errorf("connecting a network namespace: %w", err)
	}
	err := ioctls(func(fd int) error {
		port, err := unix.NewIfreq(name)
		if err != nil {
			return err
		}
		if err := unix.IoctlIfreq(fd, unix.SIOCGIFINDEX, port); err != nil {
			return err
		}
		to, err := unix.NewIfreq(bridge)
		if err != nil {
			return err
		}
		to.SetUint32(port.Uint32())
		if err := unix.IoctlIfreq(fd, unix.SIOCBRADDIF, to); err != nil {
			return fmt.Errorf("adding a port to a bridge: %w", err)
		}
		return setUp(fd, name)
	})
	if err != nil {
		return err
	}
	return s.do(func() error {
		return ioctls(func(fd int) error { return setAddresses(fd, inside, s.addr, further) })
	})
}

// ioctls calls f with a socket for netdevice(7).
func ioctls(f func(s int) error) error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	return errors.Join(f(s), unix.Close(s))
}

// setAddresses gives an interface several addresses.
func setAddresses(s int, name string, addr netip.Addr, further []netip.Addr) error {
	err := setAddress(s, name, addr)
	for i, addr := range further {
		err = errors.Join(err, setAddress(s, fmt.Sprintf("%s:%d", name, i), addr))
	}
	return err
}

// setAddress gives an interface an address in a network of 16 bits and brings it up.
func setAddress(s int, name string, addr netip.Addr) error {
	for _, one := range []struct {
		request uint
		value   []byte
	}{{unix.SIOCSIFADDR, addr.AsSlice()}, {unix.SIOCSIFNETMASK, []byte{255, 255, 0, 0}}} {
		ifr, err := unix.NewIfreq(name)
		if err != nil {
			return err
		}
		if err := errors.Join(ifr.SetInet4Addr(one.value), unix.IoctlIfreq(s, one.request, ifr)); err != nil {
			return fmt.Errorf("setting the address of %s: %w", name, err)
		}
	}
	return setUp(s, name)
}

// setUp brings an interface up.
func setUp(s int, name string) error {
	ifr, err := unix.NewIfreq(name)
	if err != nil {
		return err
	}
	ifr.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, ifr)
}
