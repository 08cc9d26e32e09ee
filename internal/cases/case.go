// Package cases reads and writes examples and test cases: a txtar archive that
// holds one small stack, with the expected findings drawn under their lines.
package cases

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/tree"
	"golang.org/x/tools/txtar"
)

// Case is one archive, with its marks taken out of the files.
type Case struct {
	Header
	// Files are the files of the archive without marks, in order. Their names
	// are absolute paths inside the root.
	Files []File
	// Marks are the expected findings and notes of the archive, in its order.
	Marks []Mark

	comment []byte            // the text above the first file, without marks
	under   map[string]string // the texts of the files below; nil: none
}

// File is a file of a case.
type File struct {
	Name string // absolute
	// Text is the file as on disk: without marks, and with the bytes that the
	// header sets.
	Text string

	plain string // Text before the header's bytes
	bom   bool
}

// Mark is one finding or note of an archive.
type Mark struct {
	File string // the file of the mark; "" for the header
	Line int    // of the archive, from 1
	Note bool   // the other side of a finding
	Rule string // ID
	Text string // the message
}

// Link is a symbolic link of a case.
type Link struct{ Name, Target string }

// Mode is the owner, the group and the permission of a path of a case. A path
// that is not in the archive is a directory if it ends in a slash, else a
// socket.
type Mode struct {
	Path     string // absolute
	Type     tree.Type
	UID, GID uint32
	Bits     fs.FileMode
}

// Request is a request and what the web server answers.
type Request struct {
	Host   string // "": the name of the first site
	Path   string
	Status int
	Times  int // how many requests at once; 1 or more
	// By is what passes the request on to the origin: tunnel for cloudflared, edge for Cloudflare;
	// "" if it goes to the web server itself.
	By     string
	Source bool // the answer is the text of the PHP script, with status 200
}

// Answer returns the answer as a header spells it: 503, or source.
func (r Request) Answer() string {
	if r.Source {
		return "source"
	}
	return strconv.Itoa(r.Status)
}

// Header is the content of the lines above the first file.
type Header struct {
	NginxRefuses  bool // nginx does not start
	ApacheRefuses bool // Apache does not start
	FPMRefuses    bool // PHP-FPM does not start
	Requests      []Request
	Memory        int64     // bytes; 0: not said
	Today         time.Time // zero: the day of the frame
	NginxVersion  string    // "": not said
	Cloudflare    bool      // the sites use Cloudflare
	Links         []Link
	Modes         []Mode
	NoFrame       bool // the files are the whole stack
	ApacheFrame   bool // the frame is the one with Apache

	line  int // of the archive, while it is read
	bytes []orders
	modes []modeLine
}

// Parse reads an archive. An error names the line of the archive.
func Parse(archive []byte) (*Case, error) {
	return parse(archive, func(h *Header) map[string]string {
		if h.ApacheFrame {
			return ApacheFrame().Texts()
		}
		return Frame().Texts()
	})
}

// Examples reads the examples of a rule. Good is laid over the files of Bad, also over
// those of its frame, and inherits nothing of its header.
func Examples(r *lint.Rule) (bad, good *Case, err error) {
	if bad, err = Parse([]byte(r.Bad)); err != nil {
		return nil, nil, fmt.Errorf("example Bad: %w", err)
	}
	if good, err = parse([]byte(r.Good), func(*Header) map[string]string { return bad.Texts() }); err != nil {
		return nil, nil, fmt.Errorf("example Good: %w", err)
	}
	return bad, good, nil
}

// parse reads an archive. Unless its header says that it has no frame, it is laid over the files
// that under returns.
func parse(archive []byte, under func(*Header) map[string]string) (*Case, error) {
	if len(archive) > 0 && !bytes.HasSuffix(archive, []byte("\n")) {
		// txtar adds it too, but only after it has checked whether the line
		// names a file.
		archive = append(slices.Clone(archive), '\n')
	}
	a := txtar.Parse(archive)
	c := &Case{}
	if err := c.parseHeader(a.Comment); err != nil {
		return nil, err
	}
	if !c.NoFrame {
		c.under = under(&c.Header)
	}
	line := 1 + bytes.Count(a.Comment, []byte("\n"))
	seen := map[string]bool{}
	for _, f := range a.Files {
		name := "/" + f.Name
		if name == "/" || path.Clean(name) != name {
			return nil, fmt.Errorf("line %d: %q is not the shortest path of a file below / without the first slash", line, f.Name)
		}
		if seen[name] {
			return nil, fmt.Errorf("line %d: %s is in the archive twice", line, f.Name)
		}
		seen[name] = true
		plain, marks, err := strip(string(f.Data), name, line+1)
		if err != nil {
			return nil, err
		}
		c.Files = append(c.Files, File{Name: name, Text: plain, plain: plain})
		c.Marks = append(c.Marks, marks...)
		line += 1 + bytes.Count(f.Data, []byte("\n"))
	}
	if err := c.setBytes(); err != nil {
		return nil, err
	}
	return c, c.setModes()
}

// file returns the file called name, and nil if the archive has none.
func (c *Case) file(name string) *File {
	for i := range c.Files {
		if c.Files[i].Name == name {
			return &c.Files[i]
		}
	}
	return nil
}
