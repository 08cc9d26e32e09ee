//go:build linux

package lab

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
)

// Stages are the circumstances of the rules whose outcome is 502-sometimes.
var Stages = map[string]Stage{
	"WP417": outlast,
}

// outlast takes the live server down for a moment: both are out for
// fail_timeout then, although the live one is back. Each worker of nginx finds
// that out for itself, so several requests are sent.
func outlast(b *Boot) error {
	const requests = 20
	if err := b.FPM[0].Stop(); err != nil {
		return err
	}
	if _, err := b.GetAtOnce("/index.php", requests); err != nil {
		return err
	}
	if err := b.RestartFPM(0); err != nil {
		return err
	}
	var last error
	for range requests {
		if last = b.want("/index.php", 502); last == nil {
			return nil
		}
	}
	return last
}

// want asks for a path and returns an error for any other status.
func (b *Boot) want(path string, status int) error {
	a, err := b.Get(path)
	if err != nil {
		return err
	}
	if a.Status != status {
		lines := b.Lines(lint.Nginx)
		return fmt.Errorf("GET %s -> %d, not %d: %s", path, a.Status, status, strings.Join(lines[max(0, len(lines)-3):], "; "))
	}
	return nil
}
