package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
)

// sink is one report and where it goes.
type sink struct {
	format string
	file   string // "" or "-": stdout
}

func (s sink) stdout() bool { return s.file == "" || s.file == "-" }

// sinks reads --format and --output. No two reports have the same destination.
func sinks(formats []string, output string) ([]sink, error) {
	if formats = given(formats); len(formats) == 0 {
		formats = []string{"text"}
	}
	var out []sink
	used := output == ""
	for _, value := range formats {
		name, file, hasFile := strings.Cut(value, "=")
		if err := among("--format", name, report.Names()); err != nil {
			return nil, err
		}
		switch {
		case hasFile && file == "":
			return nil, fmt.Errorf("--format %s names no file after the =", value)
		case !hasFile:
			file, used = output, true
		}
		s := sink{name, file}
		if i := slices.IndexFunc(out, s.collides); i >= 0 {
			return nil, fmt.Errorf("--format %s and --format %s go to the same place; --format %s=FILE sends one to a file of its own", out[i].format, name, name)
		}
		out = append(out, s)
	}
	if !used {
		return nil, fmt.Errorf("--output %s has no report to write: every --format names its own file", output)
	}
	return out, nil
}

func (s sink) collides(other sink) bool {
	return s.stdout() && other.stdout() || !s.stdout() && !other.stdout() && samePath(s.file, other.file)
}

// samePath reports whether two names mean one path.
func samePath(a, b string) bool {
	from, err := filepath.Abs(a)
	to, otherErr := filepath.Abs(b)
	return err == nil && otherErr == nil && from == to
}

// ready returns an error for a file that cannot be written, before the run.
func (s sink) ready() error {
	if s.stdout() {
		return nil
	}
	dir := filepath.Dir(s.file)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("cannot write %s: there is not a directory %s", s.file, dir)
	}
	if info, err := os.Stat(s.file); err == nil && info.IsDir() {
		return fmt.Errorf("cannot write %s: it is a directory", s.file)
	}
	return nil
}

// write writes the report, to a file all or nothing.
func (s sink) write(stdout io.Writer, r *lint.Report, o report.Options) error {
	if s.stdout() {
		return report.Formats[s.format](stdout, r, o)
	}
	err := replace(s.file, func(w io.Writer) error { return report.Formats[s.format](w, r, o) })
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", s.file, err)
	}
	return nil
}

// replace writes the file name through a new file in the same directory, so
// that no reader sees half of it. It writes directly to what is not a regular
// file, such as /dev/stderr or a FIFO.
func replace(name string, write func(io.Writer) error) error {
	mode := os.FileMode(0o666)
	if info, err := os.Stat(name); err == nil {
		if !info.Mode().IsRegular() {
			f, err := os.OpenFile(name, os.O_WRONLY, 0)
			if err != nil {
				return cause(err)
			}
			return finish(f, write)
		}
		mode, name = info.Mode().Perm(), resolved(name)
	}
	temp := fmt.Sprintf("%s.%08x.tmp", name, rand.Uint32())
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return cause(err)
	}
	err = finish(f, write)
	if err == nil {
		err = os.Rename(temp, name)
	}
	if err != nil {
		os.Remove(temp)
	}
	return cause(err)
}

// finish writes to f and closes it.
func finish(f *os.File, write func(io.Writer) error) error {
	buffer := bufio.NewWriterSize(f, 1<<16)
	err := write(buffer)
	if err == nil {
		err = buffer.Flush()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return cause(err)
}

// cause returns the error of the operating system without the name of the file,
// which may be a temporary one.
func cause(err error) error {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return err
}
