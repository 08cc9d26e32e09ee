package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/nginxt"
)

// socketDirectory reports a unix socket that nginx cannot listen on, because its directory
// does not exist. A copy of a machine often omits the directories of /run.
func socketDirectory(p *lint.Pass, socket nginxt.ListeningSocket) {
	dir := path.Dir(socket.Path)
	run := strings.HasPrefix(dir, "/run") || strings.HasPrefix(dir, "/var/run")
	if made, _ := p.Stack.BootDir(dir); made || !p.Stack.Facts.Files.Missing(dir) || run && !p.Stack.Live() {
		return
	}
	p.Report(lint.Finding{
		At:      socket.At,
		Message: fmt.Sprintf("nginx cannot listen on %s: the directory %s does not exist", socket.Path, dir),
		Log:     []string{fmt.Sprintf("[emerg] bind() to unix:%s failed (2: No such file or directory)", socket.Path)},
	})
}
