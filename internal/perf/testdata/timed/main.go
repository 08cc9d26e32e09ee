// Command timed runs a program and prints what it took: nanoseconds of the
// clock, nanoseconds of processor time, and the peak of its memory in bytes. It
// is small because a program inherits the peak of the one that starts it.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

func main() {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	state := cmd.ProcessState
	peak := state.SysUsage().(*syscall.Rusage).Maxrss
	if runtime.GOOS != "darwin" {
		peak *= 1 << 10
	}
	fmt.Println(state.ExitCode(), wall.Nanoseconds(), (state.UserTime() + state.SystemTime()).Nanoseconds(), peak)
}
