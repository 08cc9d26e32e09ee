package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
)

// sink is one report and where it goes.
type sink struct {
	format string
	file   string // "" or "-": stdout
}

func (s sink) stdout() bool { return s.file == "" || s.file == "-" }

// sinks reads --format and --output. No two reports have the same destination.
func sinks(formats []string, output string) ([]sink, error) {
	if formats = present(formats); len(formats) == 0 {
		formats = []string{"text"}
	}
	var out []sink
	used := output == ""
	for _, value := range formats {
		name, file, hasFile := strings.Cut(value, "=")
		if err := among("--format", name, report.Names()); err != nil {
			return nil, err
		}
		switch {
		case hasFile && file == "":
			return nil, fmt.Errorf("--format %s has no file after the =, e.g. sarif=out.sarif", value)
		case !hasFile:
			file, used = output, true
		}
		s := sink{name, file}
		if i := slices.IndexFunc(out, s.collides); i >= 0 {
			return nil, fmt.Errorf("--format %s and --format %s go to the same place; --format %s=FILE sends one to a file of its own", out[i].format, name, name)
		}
		out = append(out, s)
	}
	if !used {
		return nil, fmt.Errorf("--output %s has no report to write: every --format names its own file", output)
	}
	return out, nil
}

func (s sink) collides(other sink) bool {
	return s.stdout() && other.stdout() || !s.stdout() && !other.stdout() && samePath(s.file, other.file)
}

// samePath reports whether two names mean one path.
func samePath(a, b string) bool {
	from, err := filepath.Abs(a)
	to, otherErr := filepath.Abs(b)
	return err == nil && otherErr == nil && from == to
}

// ready returns an error for a file that cannot be written, before the run.
func (s sink) ready(at *scene) error {
	if name := os.Getenv("GITHUB_STEP_SUMMARY"); s.format == "github" && name != "" {
		if err := at.planted(name); err != nil {
			return summaryError(err)
		}
	}
	if s.stdout() {
		return nil
	}
	dir := filepath.Dir(s.file)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("cannot write %s: no such directory %s", s.file, dir)
	}
	if err := at.planted(s.file); err != nil {
		return fmt.Errorf("cannot write %s: %w", s.file, err)
	}
	if info, err := os.Stat(s.file); err == nil && info.IsDir() {
		return fmt.Errorf("cannot write %s: is a directory", s.file)
	}
	return nil
}

// write writes the report, to a file all or nothing.
func (s sink) write(stdout io.Writer, r *lint.Report, o report.Options) error {
	if s.stdout() {
		return report.Formats[s.format](stdout, r, o)
	}
	err := replace(s.file, func(w io.Writer) error { return report.Formats[s.format](w, r, o) })
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", s.file, err)
	}
	return nil
}
