// Package bundle writes what an engineer asks for when a 502 is handed on: nine points about the
// requests, the machine and what changed, then what check found and what the logs say. It is a
// Markdown text, or an archive of it with the same as JSON.
//
// What identifies a visitor or gives access is masked; see masker.
package bundle

import (
	"archive/zip"
	"bytes"
	"io"
	"time"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

// Case is what a bundle is made of. What is nil is not known, and the bundle says how to get it.
type Case struct {
	Diagnosis *diagnose.Diagnosis
	Kept      *diagnose.Kept
	// Stacks are the models of the host and of the containers, the host first, and Report is what
	// check found in them.
	Stacks []*stack.Stack
	Report *lint.Report
	// Tree holds the files of the host.
	Tree *tree.Tree
	// Cloudflare is set if the project file says that the sites use Cloudflare.
	Cloudflare bool
	// Guessed is set if nothing says that the configuration is that of the host that wrote the logs.
	Guessed bool
	// Zone is the name of the time zone of the logs that the user gave; "" for none.
	Zone string
	// Version is that of the program.
	Version string
	Now     time.Time
	// Unmasked leaves addresses, query strings, tokens and the like as they are.
	Unmasked bool
	// Path returns the path to print for a file; nil: its Name.
	Path func(*source.File) string
}

// Every text of a bundle has Mark near its start, and an archive has the text as Name, its first file.
const (
	Mark = "\n\nWritten by wp502lint "
	Name = "bundle.md"
)

// Markdown writes the bundle as GitHub Flavored Markdown. The error is that of w.
func Markdown(w io.Writer, c *Case) error {
	_, err := w.Write(newWriter(c).markdown())
	return err
}

// Zip writes an archive of bundle.md, of diagnosis.json as diagnose --format json writes it, and of
// findings.json as check --format json does. An address has the same name in all of them. The error
// is that of w.
func Zip(w io.Writer, c *Case) error {
	b := newWriter(c)
	text := b.markdown()
	look := report.Options{Version: c.Version, Path: c.Path}
	var diagnosis, findings bytes.Buffer
	if err := report.DiagnosisJSON(&diagnosis, b.m.diagnosis(c.Diagnosis), look); err != nil {
		return err
	}
	if err := report.JSON(&findings, b.report(), look); err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, part := range []struct {
		name string
		data []byte
	}{{Name, text}, {"diagnosis.json", b.m.json(diagnosis.Bytes(), b.m.text)}, {"findings.json", b.m.json(findings.Bytes(), b.m.written)}} {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: c.Now})
		if err != nil {
			return err
		}
		if _, err := f.Write(part.data); err != nil {
			return err
		}
	}
	return z.Close()
}

// report returns the report of check; an empty one if there is none.
func (c *Case) report() *lint.Report {
	if c.Report == nil {
		return &lint.Report{}
	}
	return c.Report
}

// path returns the printed path of a file.
func (c *Case) path(f *source.File) string {
	if c.Path == nil {
		return f.Name
	}
	return c.Path(f)
}

// host returns the stack of the host; nil for none.
func (c *Case) host() *stack.Stack {
	if len(c.Stacks) == 0 || c.Stacks[0].Container != nil {
		return nil
	}
	return c.Stacks[0]
}

// first returns the incident that the bundle is about; nil if no line is a sign of a 502.
func (c *Case) first() *diagnose.Incident {
	if c.Diagnosis == nil || !c.Diagnosis.Bad() {
		return nil
	}
	return c.Diagnosis.Incidents[0]
}
