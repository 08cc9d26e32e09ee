package report

import (
	"bytes"
	"fmt"
	"io"
)

// Log writes to the log of a GitHub workflow, where no text may be a workflow command: a
// runner reads "::" after blanks at the start of a line as one, and "##[" anywhere
// (actions/runner, ActionCommand.cs). GitHub and Diff write commands of their own
// around it.
type Log struct {
	W io.Writer
	// Token is a word that no text can know.
	Token string

	inLine bool // the line has more than blanks
	signs  int  // how many # precede
}

// Write writes text with the commands in it written out.
func (l *Log) Write(text []byte) (n int, err error) {
	var b bytes.Buffer
	for i, c := range text {
		switch {
		case c == ':' && !l.inLine && (i+1 == len(text) || text[i+1] == ':'):
			b.WriteString(`\x3a`)
		case c == '[' && l.signs >= 2:
			b.WriteString(`\x5b`)
		default:
			b.WriteByte(c)
		}
		l.inLine = c != '\n' && (l.inLine || c != ' ' && c != '\t')
		if l.signs++; c != '#' {
			l.signs = 0
		}
	}
	_, err = l.W.Write(b.Bytes())
	return len(text), err
}

// verbatim writes text as it is. The runner reads no command before the token comes
// again.
func (l *Log) verbatim(text []byte) error {
	_, err := fmt.Fprintf(l.W, "::stop-commands::%s\n%s\n::%s::\n", l.Token, bytes.TrimSuffix(text, []byte("\n")), l.Token)
	return err
}

// raw returns the writer for the workflow commands of GitHub itself.
func raw(w io.Writer) io.Writer {
	if l, ok := w.(*Log); ok {
		return l.W
	}
	return w
}
