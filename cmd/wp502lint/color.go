package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

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
	file, ok := out.(*os.File)
	return ok && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(file.Fd()))
}
