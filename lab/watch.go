//go:build linux

package lab

import (
	"fmt"
	"io"
	"os/exec"
	"sync"
	"syscall"
)

// watcher is a shell that ends every process group it was told of when this
// program ends, however it ends: it waits for the other end of its input to
// close. A server that is stopped in the ordinary way is struck off.
var watcher struct {
	sync.Mutex
	input io.Writer
}

const watchScript = `groups=" "
while read -r sign group; do
	case $sign in
	+) groups="$groups$group " ;;
	-) case $groups in *" $group "*) groups="${groups%% $group *} ${groups#* $group }" ;; esac ;;
	esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done`

// watch tells the watcher of a process group, with "+", or strikes it off, with
// "-".
func watch(sign string, group int) error {
	watcher.Lock()
	defer watcher.Unlock()
	if watcher.input == nil {
		cmd := exec.Command("sh", "-c", watchScript)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		input, err := cmd.StdinPipe()
		if err != nil {
			return err
		}
		if err := cmd.Start(); err != nil {
			return err
		}
		watcher.input = input
	}
	_, err := fmt.Fprintln(watcher.input, sign, group)
	return err
}
