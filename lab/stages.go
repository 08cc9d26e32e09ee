//go:build linux

package lab

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
)

// Stages are the circumstances of the rules whose outcome is 502-sometimes.
var Stages = map[string]Stage{
	// The live server is down for a moment. Both are out for fail_timeout then.
	"WP417": func(b *Boot) error {
		if err := b.FPM[0].Stop(); err != nil {
			return err
		}
		if err := b.want("/index.php", 502); err != nil {
			return err
		}
		if err := b.RestartFPM(0); err != nil {
			return err
		}
		return b.want("/index.php", 502)
	},
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
