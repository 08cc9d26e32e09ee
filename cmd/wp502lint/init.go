package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

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
	found := findHere(in.lint())
	for _, name := range found.unwritable {
		c.complain("%s: left out: the name is not valid UTF-8, which YAML needs", report.Visible(name))
	}
	text := initial(found)
	name := ctx.String("output")
	if name == "-" {
		_, err := io.WriteString(ctx.App.Writer, text)
		return err
	}
	if name == "" {
		name = asOpened(filepath.Join(cmp.Or(in.scene.repo, in.scene.cwd), project.FileName), in.scene.cwd)
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
	nginx, apache, fpm []string // main files, relative to the root
	php                []string // the version of PHP-FPM; nil if not known, or several
	containers         []string
	unwritable         []string // main files whose names YAML cannot have
}

func findHere(r *engine.Result) (h here) {
	for _, f := range r.Stack.Files { // containers have the others
		name := strings.TrimPrefix(f.Path, "/")
		switch {
		case f.File == nil:
		case (f.Role == source.RoleNginx || f.Role == source.RoleApache || f.Role == source.RoleFPM) && !utf8.ValidString(name):
			h.unwritable = append(h.unwritable, name)
		case f.Role == source.RoleNginx:
			h.nginx = append(h.nginx, name)
		case f.Role == source.RoleApache:
			h.apache = append(h.apache, name)
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
		h.php = versions
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
		line("# Containers found here: %s. They are read through their images and mounts, unless nginx, apache or fpm is set.", quoted(h.containers))
	}
	line("# The main files to start at. Without these keys they are searched for.")
	line("#nginx: %s", foundOr(h.nginx, "[%s]", "etc/nginx/nginx.conf"))
	line("#apache: %s", foundOr(h.apache, "[%s]", "etc/apache2/apache2.conf"))
	line("#fpm: %s", foundOr(h.fpm, "[%s]", "etc/php/8.3/fpm/php-fpm.conf"))
	line("# The version of PHP where no path tells it.")
	line("#php: %s", foundOr(h.php, "%s", "8.3"))
	line("# What files cannot tell about the machine: for the rules about memory.")
	line("#host: {memory: 4GiB, reserve: 1GiB, worker-memory: 80MiB}")
	line("")
	line("# Rules that are off, or have a severity of their own.")
	line("#rules: {emergency-restart-missing: off}")
	line("# Findings that are not reported, each with the reason.")
	line("#ignore: [{rule: WP201, path: \"legacy/**\", reason: \"retired in March\"}]")
	return b.String()
}

// foundOr returns a value in the form of YAML, of the words that were found or else of an
// example, and a comment that says which.
func foundOr(words []string, form, example string) string {
	why := "found now"
	if len(words) == 0 {
		words, why = []string{example}, "for example"
	}
	return fmt.Sprintf(form, quoted(words)) + " # " + why
}

// quoted returns words for YAML, on one line and with nothing that ends a comment. The escapes
// of Go are escapes of YAML with the same meaning, except \x of a byte that is not UTF-8.
func quoted(words []string) string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = fmt.Sprintf("%q", strings.ToValidUTF8(word, "\ufffd"))
	}
	return strings.Join(all, ", ")
}
