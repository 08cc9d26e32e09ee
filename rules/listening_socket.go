package rules

import (
	"fmt"
	"path"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/nginxt"
)

// socketDirectory reports a unix socket that nginx cannot listen on, because its directory
// does not exist.
func socketDirectory(p *lint.Pass, socket nginxt.ListeningSocket) {
	dir := path.Dir(socket.Path)
	if !lacksDir(p.Stack, dir) {
		return
	}
	p.Report(lint.Finding{
		At:      socket.At,
		Message: fmt.Sprintf("nginx cannot listen on %s: the directory %s does not exist", socket.Path, dir),
		Log:     []string{fmt.Sprintf("[emerg] bind() to unix:%s failed (2: No such file or directory)", socket.Path)},
	})
}
