package gittree

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/tree"
)

// The limits of a command. Variables for the tests alone.
var (
	// maxOutput is of bytes, which is some million names: a small tree object may name
	// another one again and again, and that the next.
	maxOutput = 128 << 20
	// maxTime ends a command without output, since such trees may hold no file, and the read
	// of an object, which may be a pipe.
	maxTime = time.Minute
)

// program is git in one repository.
type program struct{ name, repo string }

// find returns the git of PATH for the repository whose .git is in the folder repo.
func find(repo string) (*program, error) {
	name, err := exec.LookPath("git")
	if err != nil {
		return nil, errors.New("git is not installed or not in PATH; install it")
	}
	abs, err := filepath.Abs(repo)
	if err != nil {
		return nil, err
	}
	return &program{name, abs}, nil
}

// command returns a command of git that reads the repository and does nothing else, however
// that is configured: no hook, no monitor of files and no pager runs, no lock is taken and
// nothing is fetched.
func (g *program) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, g.name, append([]string{
		"-C", g.repo, "--no-replace-objects", "--no-optional-locks", "--literal-pathspecs", "--no-pager",
		"-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "protocol.allow=never",
	}, args...)...)
	cmd.Env = environment(os.Environ(), g.repo)
	return cmd
}

// environment returns the variables of git for a repository. A hook of git sets some that name
// another repository, index or folder. The user's own configuration stays: it may say
// that the repository is safe.
func environment(variables []string, repo string) []string {
	all := slices.DeleteFunc(slices.Clone(variables), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		if len(name) < 4 || !strings.EqualFold(name[:4], "GIT_") {
			return name == "LC_ALL" || name == "LANGUAGE"
		}
		switch name {
		case "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT", "GIT_EXEC_PATH":
			return false
		}
		return !strings.HasPrefix(name, "GIT_CONFIG_KEY_") && !strings.HasPrefix(name, "GIT_CONFIG_VALUE_")
	})
	return append(all,
		"GIT_CEILING_DIRECTORIES="+filepath.Dir(repo),    // a broken .git is not that of a folder above
		"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", // older versions of git know only the second
		"GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C",
	)
}

// output runs a command and returns what it prints. The error is what git says.
func (g *program) output(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), maxTime)
	defer cancel()
	cmd := g.command(ctx, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(out, int64(maxOutput)+1))
	if err == nil && len(text) > maxOutput {
		err = fmt.Errorf("it prints more than %d MiB", maxOutput>>20)
	}
	if err != nil {
		_ = cmd.Process.Kill() // it may have ended
	}
	ended := cmd.Wait()
	switch {
	case ctx.Err() != nil:
		err = errLate()
	case err == nil && ended != nil:
		err = sentence(said.String(), ended)
	}
	return string(text), err
}

func errLate() error { return fmt.Errorf("it takes longer than %v", maxTime) }

// commit returns the hash of the commit that a revision names, which does not start with a
// hyphen: git before 2.30 has no --end-of-options here.
func (g *program) commit(revision string) (string, error) {
	id, err := g.output("rev-parse", "--verify", "--quiet", revision+"^{commit}")
	return strings.TrimSpace(id), err
}

// none reports whether err is the exit status of a command that found nothing and has nothing
// to say.
func none(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.ExitCode() == 1
}

// maxSaid limits how much of what git says is repeated, in bytes.
const maxSaid = 500

// sentence returns what git says on its standard error as one line.
func sentence(said string, err error) error {
	var parts []string
	for line := range strings.Lines(said) {
		for _, label := range []string{"fatal: ", "error: ", "warning: "} {
			line = strings.TrimPrefix(line, label)
		}
		if line = strings.TrimSpace(line); line != "" {
			parts = append(parts, line)
		}
	}
	if parts == nil {
		return err
	}
	text := strings.ReplaceAll(strings.Join(parts, "; "), ":; ", ": ")
	return errors.New(text[:min(len(text), maxSaid)])
}

// reader reads one object after another through one process, which starts with the first.
type reader struct {
	*program
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	said bytes.Buffer
}

// read returns the text of the object id.
func (r *reader) read(id string, limit int64) (string, error) {
	if err := r.start(); err != nil {
		return "", err
	}
	process := r.cmd.Process
	late := time.AfterFunc(maxTime, func() { _ = process.Kill() }) // it may have ended
	text, err := r.object(id, limit)
	if !late.Stop() {
		r.close()
		return "", errLate()
	}
	return text, err
}

// object is read without a limit of time, after start.
func (r *reader) object(id string, limit int64) (string, error) {
	if _, err := io.WriteString(r.in, id+"\n"); err != nil {
		return "", r.failed(err)
	}
	header, err := r.out.ReadString('\n')
	if err != nil {
		return "", r.failed(err)
	}
	words := strings.Fields(header)
	if len(words) != 3 || words[0] != id {
		return "", errors.New("its object is missing, as in a partial clone; clone without --filter")
	}
	size, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil {
		return "", err
	}
	if size > limit {
		_ = r.cmd.Process.Kill() // a few bytes may expand to gigabytes
		r.close()
		return "", tree.ErrTooLarge
	}
	text := make([]byte, size+1) // with the line feed after it
	if _, err := io.ReadFull(r.out, text); err != nil {
		return "", r.failed(err)
	}
	return string(text[:size]), nil
}

func (r *reader) start() (err error) {
	if r.cmd != nil {
		return nil
	}
	cmd := r.command(context.Background(), "cat-file", "--batch")
	r.said.Reset()
	cmd.Stderr = &r.said
	if r.in, err = cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	r.out = bufio.NewReader(out)
	if err := cmd.Start(); err != nil {
		return err
	}
	r.cmd = cmd
	return nil
}

// failed ends the process and returns what git says, else err.
func (r *reader) failed(err error) error {
	r.close()
	return sentence(r.said.String(), err)
}

// close ends the process, which waits for the next object or has failed. A later read starts
// another.
func (r *reader) close() {
	if r.cmd != nil {
		r.in.Close()
		_ = r.cmd.Wait() // nothing is left to read
		r.cmd = nil
	}
}
