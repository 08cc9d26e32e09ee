package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// logReader reads the logs of one run.
type logReader struct {
	command
	evidence *diagnose.Evidence
	options  logs.Options
	files    int
	names    []string // of the files
	failed   bool
	met      []os.FileInfo // the files
}

// readAll reads inputs, or else the logs that the configuration names. The error is about a run
// without a log; what cannot be read is complained about.
func (l *logReader) readAll(in *inspection, r *engine.Result, inputs []string) error {
	if len(inputs) == 0 {
		l.readNamed(in, r)
	}
	for _, input := range inputs {
		l.read(input)
	}
	switch {
	case l.files > 0:
		return nil
	case len(inputs) == 0:
		return errNoLogs
	}
	return errSaid
}

// read reads what an argument names: standard input, a file, a folder or a line.
func (l *logReader) read(arg string) {
	if arg == "-" {
		l.from(l.stdin, "-")
		return
	}
	info, err := os.Stat(arg)
	switch {
	case err != nil && isLine(arg, l.options):
		l.line(arg)
	case err != nil:
		l.fail(arg, cause(err))
	case info.IsDir():
		l.folder(arg)
	case !info.Mode().IsRegular():
		l.fail(arg, errors.New("not a regular file; pipe it: wp502lint diagnose - < FILE"))
	default:
		l.file(arg, func() (*os.File, error) { return os.Open(arg) })
	}
}

// line reads a pasted line, of which any part may be missing, or the lines of a response.
func (l *logReader) line(text string) {
	if e, ok := logs.Parse(text, l.options); ok && (e.Row == nil || !e.Row.Sign.OfResponse()) {
		e.At.File = diagnose.Pasted
		l.evidence.Add(&e)
		l.evidence.Close(diagnose.Pasted, logs.Stats{Lines: 1, Events: 1})
		l.files++
		return
	}
	l.from(strings.NewReader(text), diagnose.Pasted)
}

// folder reads the files below a folder whose names are those of logs.
func (l *logReader) folder(dir string) {
	err := logsIn(dir, func(name string) {
		l.file(name, func() (*os.File, error) { return os.Open(name) })
	}, func(name string, err error) error {
		l.fail(name, cause(err))
		return nil
	})
	if err != nil {
		l.fail(dir, err)
	}
}

// logsIn calls each with the files below a folder whose names are those of logs, and fail with what
// cannot be read; an error of fail ends it. The error is also that it found no log.
func logsIn(dir string, each func(name string), fail func(name string, err error) error) error {
	found := false
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fail(name, err)
		}
		if isLogName(d.Name()) && isFile(name, d) {
			found = true
			each(name)
		}
		return nil
	})
	if err == nil && !found {
		return errors.New("no file in it has the name of a log (*.log, *.gz, *.txt, syslog, messages)")
	}
	return err
}

// isFile reports whether an entry of a folder is a file, or a link to one: the logs of Kubernetes are
// links.
func isFile(name string, d fs.DirEntry) bool {
	if d.Type() != fs.ModeSymlink {
		return d.Type().IsRegular()
	}
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// isLogName reports whether a file in a folder of logs is one by its name.
func isLogName(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	for _, part := range []string{".log", ".txt", "syslog", "messages", "dmesg", "journal.", "kern", "catalina.out", "error_log", "access_log", "-json"} {
		if strings.Contains(name, part) {
			return !strings.HasSuffix(name, ".journal") && !strings.HasSuffix(name, "~")
		}
	}
	return false
}

// file reads one file.
func (l *logReader) file(name string, open func() (*os.File, error)) {
	f, err := open()
	if err != nil {
		l.fail(name, cause(err))
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		l.fail(name, cause(err))
		return
	}
	if slices.ContainsFunc(l.met, func(other os.FileInfo) bool { return os.SameFile(info, other) }) {
		return // named twice, or by a link
	}
	l.met = append(l.met, info)
	l.from(f, name)
}

func (l *logReader) from(r io.Reader, name string) {
	stats, err := logs.Read(r, name, l.options, l.evidence.Add)
	if err != nil && stats.Bytes == 0 {
		l.fail(name, err)
		return
	}
	l.files++
	l.names = append(l.names, name)
	l.evidence.Close(name, stats)
	if err != nil {
		l.fail(name, err)
	}
}

func (l *logReader) fail(name string, why error) {
	l.failed = true
	l.complain("cannot read %s: %v", name, why)
}

// readNamed reads the logs that the configuration names, and those of the machine, in the tree of
// a run. One that does not exist is passed over: nothing was logged yet.
func (l *logReader) readNamed(in *inspection, r *engine.Result) {
	for _, name := range diagnose.LogsOf(r.Stacks) {
		f, err := in.openLog(in.Tree, name)
		if err == nil || !passedOver(err) {
			l.file(in.scene.shown(&source.File{Name: name}), func() (*os.File, error) { return f, err })
		}
	}
}

// openLog opens a log that the configuration names. The links of its name are resolved inside the
// root, and nothing is opened outside it, nor what is not a file: a FIFO would wait.
func (in *inspection) openLog(t *tree.Tree, name string) (*os.File, error) {
	info, err := t.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.Type != tree.File:
		return nil, tree.ErrNotRegular
	}
	return os.OpenInRoot(in.scene.root, strings.TrimPrefix(info.Real, "/"))
}

// passedOver reports whether a log that only the configuration names is not missed: nothing was
// logged yet, or it goes to a device.
func passedOver(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, tree.ErrNotRegular)
}
