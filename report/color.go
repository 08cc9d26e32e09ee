package report

import "github.com/wp502lint/wp502lint/lint"

// style is an SGR sequence of ECMA-48; "" prints as it is.
type style string

const (
	plain  style = ""
	bold   style = "\x1b[1m"
	red    style = "\x1b[1;31m"
	yellow style = "\x1b[1;33m"
	cyan   style = "\x1b[1;36m"
	green  style = "\x1b[1;32m"
	blue   style = "\x1b[34m"
	reset        = "\x1b[0m"
)

var severityStyles = [...]style{lint.Error: red, lint.Warning: yellow, lint.Info: cyan}

// palette paints text, or not: false is a terminal without colours.
type palette bool

func (p palette) paint(s style, text string) string {
	if !p || s == plain || text == "" {
		return text
	}
	return string(s) + text + reset
}
