package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

// initialize writes a project file for what is found here, to --output or next to .git. It
// replaces no file.
func (c command) initialize(ctx *cli.Context) error {
	in, err := c.inspect(wishes{config: os.DevNull, Options: engine.Options{Catalogue: []*lint.Rule{}}})
	if err != nil {
		return err
	}
	text := initial(findHere(in.lint()))
	name := ctx.String("output")
	if name == "-" {
		_, err := io.WriteString(ctx.App.Writer, text)
		return err
	}
	if name == "" {
		name = project.FileName
		if s := in.scene; s.repo != "" && s.repo != s.cwd {
			name = filepath.Join(s.repo, project.FileName)
		}
	}
	if err := in.scene.planted(name); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	switch {
	case errors.Is(err, os.ErrExist):
		return fmt.Errorf("%s exists and is not replaced; \"wp502lint config init --output -\" prints what would be written", name)
	case err != nil:
		return fmt.Errorf("cannot write %s: %w", name, unopened(err))
	}
	if err := finish(f, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	_, err = fmt.Fprintf(ctx.App.Writer, "wrote %s\n", report.Visible(name))
	return err
}

// here is what a project file may name.
type here struct {
	nginx, fpm []string // main files, relative to the root
	php        string   // the version of PHP-FPM; "" if not known, or several
	containers []string
}

func findHere(r *engine.Result) (h here) {
	for _, f := range r.Files {
		name := strings.TrimPrefix(f.Path, "/")
		switch {
		case f.File == nil:
		case f.Role == source.RoleNginx:
			h.nginx = append(h.nginx, name)
		case f.Role == source.RoleFPM:
			h.fpm = append(h.fpm, name)
		}
	}
	var versions []string
	for _, s := range r.Stacks {
		for _, m := range s.Masters {
			if m.Version != "" && !slices.Contains(versions, m.Version) {
				versions = append(versions, m.Version)
			}
		}
	}
	if len(versions) == 1 {
		h.php = versions[0]
	}
	h.containers = r.Gateways.Containers
	return h
}

// initial returns the text of a project file. Every key in a comment is valid without its mark.
func initial(h here) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# yaml-language-server: $schema=%s", project.SchemaURL)
	line("# The project file of wp502lint. Every key is optional; flags and variables win over it.")
	line("")
	line("# How much is reported: gate (errors only), recommended or audit.")
	line("preset: %s", project.Recommended)
	line("# The severity from which the exit status is 1: error, warning, note or never.")
	line("fail-on: error")
	line("# development turns off the rules that only matter in production.")
	line("environment: production")
	line("")
	if len(h.containers) > 0 {
		line("# Containers found here: %s. Their files are found through the images and mounts.", quoted(h.containers))
	}
	line("# The main files to start at. Without these keys they are searched for; found now:")
	line("#nginx: [%s]", quotedOr(h.nginx, "etc/nginx/nginx.conf"))
	line("#fpm: [%s]", quotedOr(h.fpm, "etc/php/8.3/fpm/php-fpm.conf"))
	line("# The version of PHP where no path tells it.")
	line("#php: %s", quotedOr(slices.DeleteFunc([]string{h.php}, func(v string) bool { return v == "" }), "8.3"))
	line("# What files cannot tell about the machine: for the rules about memory.")
	line("#host: {memory: 4GiB, reserve: 1GiB, worker-memory: 80MiB}")
	line("")
	line("# Rules that are off, or have a severity of their own.")
	line("#rules: {emergency-restart-missing: off}")
	line("# Findings that are not reported, each with the reason.")
	line("#ignore: [{rule: WP201, path: \"legacy/**\", reason: \"retired in March\"}]")
	return b.String()
}

// quoted returns words for YAML, on one line and with nothing that ends a comment.
func quoted(words []string) string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = fmt.Sprintf("%q", word)
	}
	return strings.Join(all, ", ")
}

// quotedOr is quoted, of an example if there are no words.
func quotedOr(words []string, example string) string {
	if len(words) == 0 {
		words = []string{example}
	}
	return quoted(words)
}
