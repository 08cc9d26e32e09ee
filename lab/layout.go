//go:build linux

package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/tree"
)

// layOut writes the roots of all containers and the storage that they share.
func (f *fleet) layOut() error {
	f.stores[projectStorage] = caseDir + "/project"
	for _, file := range f.Host.Files {
		if err := write(f.stores[projectStorage]+file.Name, file.Text); err != nil {
			return err
		}
	}
	for _, r := range f.containers {
		if err := os.Mkdir(r.root, 0o755); err != nil {
			return err
		}
		if err := mountRoot(r.root); err != nil {
			return err
		}
		if err := inRoot(r.root, func() error { return errors.Join(furnish(), makeAll(r.Entries)) }); err != nil {
			return fmt.Errorf("%s: %w", r.Name, err)
		}
		for _, m := range r.Mounts {
			if err := f.mount(r, m); err != nil {
				return fmt.Errorf("%s: mounting %s: %w", r.Name, m.Name, err)
			}
		}
		if err := inRoot(r.root, func() error { return r.complete(f.Host.Scripts) }); err != nil {
			return fmt.Errorf("%s: %w", r.Name, err)
		}
	}
	return nil
}

// mount mounts a part of a storage, which is created with the first mount of it.
func (f *fleet) mount(r *running, m Mount) error {
	store, exists := f.stores[m.Storage]
	if !exists {
		store = fmt.Sprintf("%s/storage-%d", caseDir, len(f.stores))
		f.stores[m.Storage] = store
		if err := os.Mkdir(store, 0o755); err != nil {
			return err
		}
		for _, e := range m.Filled {
			e.Name = path.Join(store, strings.TrimPrefix(e.Name, m.Name))
			if err := e.make(); err != nil {
				return err
			}
		}
	}
	from := path.Join(store, m.Path)
	info, err := os.Stat(from)
	if errors.Is(err, fs.ErrNotExist) { // Docker makes a folder (docs.docker.com/engine/storage/bind-mounts)
		if err := os.MkdirAll(from, 0o755); err != nil {
			return err
		}
		info, err = os.Stat(from)
	}
	if err != nil {
		return err
	}
	at := m.Name
	err = inRoot(r.root, func() (err error) {
		if info.IsDir() {
			err = os.MkdirAll(at, 0o755)
		} else {
			err = write(at, "")
		}
		if err == nil {
			at, err = filepath.EvalSymlinks(at) // in this root
		}
		return err
	})
	if err != nil {
		return err
	}
	return syscall.Mount(from, r.root+at, "", syscall.MS_BIND, "")
}

// builtTemporary has the folders for temporary files of the nginx of this machine. In images
// they are elsewhere: it gets the owner and the mode of that place.
const builtTemporary = "/var/lib/nginx"

// builtLog is the folder of the default error_log of PHP-FPM where the official images build it,
// below the prefix that the lab starts it with. make install makes it (php-src
// sapi/fpm/Makefile.frag).
const builtLog = "/usr/local/log"

// complete adds scripts to the folders that a container has, and reads its names.
func (r *running) complete(scripts []string) error {
	if err := write(noticeLog, ""); err != nil {
		return err
	}
	for _, name := range scripts {
		if _, err := os.Stat(name); err == nil {
			continue
		}
		if err := write(name, "<?php echo \"served\\n\";\n"); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(builtLog, 0o755); err != nil {
		return err
	}
	for _, name := range []string{noticeLog, builtTemporary} {
		if err := os.Chmod(name, 0o777); err != nil {
			return err
		}
	}
	if info, err := os.Stat(r.Temporary); err == nil {
		uid, gid := info.Sys().(*syscall.Stat_t).Uid, info.Sys().(*syscall.Stat_t).Gid
		if err := errors.Join(os.Chown(builtTemporary, int(uid), int(gid)), os.Chmod(builtTemporary, info.Mode())); err != nil {
			return err
		}
	}
	text, err := os.ReadFile("/etc/hosts")
	if r.hosts = string(text); errors.Is(err, os.ErrNotExist) {
		r.hosts, err = "127.0.0.1 localhost\n::1 localhost\n", nil
	}
	return err
}

func makeAll(entries []Entry) error {
	for _, e := range entries {
		if err := e.make(); err != nil {
			return err
		}
	}
	return nil
}

// make creates an entry in the root of this process.
func (e Entry) make() error {
	switch e.Type {
	case tree.Link:
		return link(cases.Link{Name: e.Name, Target: e.Text})
	case tree.Dir:
		if err := os.MkdirAll(e.Name, 0o755); err != nil {
			return err
		}
	default:
		if err := write(e.Name, e.Text); err != nil {
			return err
		}
	}
	return errors.Join(os.Chown(e.Name, int(e.UID), int(e.GID)), os.Chmod(e.Name, e.Mode))
}
