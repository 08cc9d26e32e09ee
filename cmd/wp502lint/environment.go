package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"golang.org/x/term"

	"github.com/wp502lint/wp502lint/report"
)

// today returns the date of the run: SOURCE_DATE_EPOCH, so that a run can be
// repeated, else the clock's.
func today() (time.Time, error) {
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return time.Now().UTC(), nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH takes seconds since 1970, not %q", epoch)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// colored decides about colours: the flag wins over the environment
// (no-color.org, then bixense.com/clicolors), which wins over the type of out.
func colored(when string, out io.Writer) bool {
	force := os.Getenv("CLICOLOR_FORCE")
	switch {
	case when != "auto":
		return when == "always"
	case os.Getenv("NO_COLOR") != "":
		return false
	case force != "" && force != "0":
		return true
	}
	return terminal(out)
}

// widest is how many columns a page has at most: longer lines are hard to read.
const widest = 100

// pageOptions are how a page is printed: with the colours and the width of the terminal.
func (c command) pageOptions() report.Options {
	o := report.Options{Color: colored("auto", c.stdout), Terminal: terminal(c.stdout)}
	if file, ok := c.stdout.(*os.File); ok && o.Terminal {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil {
			o.Width = min(columns, widest)
		}
	}
	return o
}

// terminal reports whether out is a terminal that obeys escape sequences.
func terminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	return ok && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(file.Fd()))
}
