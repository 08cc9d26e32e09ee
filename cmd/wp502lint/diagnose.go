package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/bundle"
	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/report"
)

const diagnoseHelp = `Find the cause of 502s (503s of Apache) in logs, the line to edit, and the fix.

  wp502lint diagnose                     the logs that this host's files name
  wp502lint diagnose error.log php8.3-fpm.log dmesg.txt
  docker compose logs | wp502lint diagnose -
  wp502lint diagnose 'connect() to unix:/run/php/a.sock failed (2: ...'

A LOG is a file (.gz too), a folder, - for stdin, or a line in quotes:
of nginx, PHP-FPM, Apache, the kernel, systemd, syslog, containers, cloudflared.
Logs are only read. Without a configuration the answer is from the lines alone.

Flags, each also as WP502LINT_... in the environment:
  --in PATH                the configuration, as check takes it; repeatable
  --root, --config, --facts, --memory, --reserve, --worker-memory   as for check
  --since, --until TIME    only lines of that time: 2h, or 2026-11-26T03:00
  --tz ZONE                of times without a zone: Europe/Berlin; else UTC
  --format F               text (default), json or markdown
  --color WHEN             auto (default), always or never
  --follow                 wait for more lines, and say what is new
  --bundle FILE            also write a report for support: .md or .zip
  --unmasked               leave addresses, queries and cookies in the bundle

Exit status: 0 no sign of a 502, 1 there is one, 2 a log cannot be read.`

func diagnoseFlags() []cli.Flag {
	return slices.Concat([]cli.Flag{
		list("in", "PATH", "the configuration, as check takes it; repeatable"),
		text("format", "F", "text (default), json or markdown"),
		text("since", "TIME", "only lines from then on: 2h, or 2026-11-26T03:00"),
		text("until", "TIME", "only lines before then"),
		text("tz", "ZONE", "the zone of times without one, such as Europe/Berlin; UTC if not set"),
		text("color", "WHEN", "auto (default), always or never"),
		text("bundle", "FILE", "also write a report for support: Markdown, or a .zip"),
		toggle("follow", "then wait for more lines, and say what is new; Ctrl-C ends it"),
		toggle("unmasked", "leave addresses, query strings, cookies and tokens in the bundle"),
	}, chosen(targetFlags(), "root", "facts", "memory", "reserve", "worker-memory", "config"), common())
}

func diagnoseCommand(c command) *cli.Command {
	return &cli.Command{
		Name: "diagnose", Description: diagnoseHelp, Flags: diagnoseFlags(),
		Action: func(ctx *cli.Context) error {
			o, err := readDiagnoseOptions(ctx, c)
			if err != nil {
				return err
			}
			return c.diagnose(ctx.App.Writer, o)
		},
	}
}

// diagnoseOptions are the flags and arguments of diagnose.
type diagnoseOptions struct {
	wishes
	inputs  []string
	guessed bool // the configuration is that of the current directory
	format  string
	color   string
	logs    logs.Options
	bundle  *bundling // nil for none
	follow  bool
	zoned   bool // --tz is given
}

func readDiagnoseOptions(ctx *cli.Context, c command) (o diagnoseOptions, err error) {
	var errs [6]error
	o.wishes = wishes{root: ctx.String("root"), config: ctx.String("config"), args: present(ctx.StringSlice("in"))}
	o.Catalogue = c.rules
	o.inputs = ctx.Args().Slice()
	o.Host, errs[0] = overrides(ctx)
	o.format, errs[1] = oneOf(ctx, "format", "text", "json", "markdown")
	o.color, errs[2] = oneOf(ctx, "color", "auto", "always", "never")
	o.logs, errs[3] = readTimes(ctx, o.Host.Today)
	o.bundle, errs[4] = readBundling(ctx, o.inputs)
	o.follow, o.zoned = ctx.Bool("follow"), ctx.String("tz") != ""
	if o.follow && (o.bundle != nil || o.format != "text") {
		errs[5] = errors.New("--follow works only with --format text and without --bundle")
	}
	if o.root == "" && len(o.args) == 0 {
		o.chooseConfig()
	}
	return o, cmp.Or(errs[:]...)
}

// chooseConfig chooses the configuration if no flag names one: that of this host for its own
// logs, the copy of a host or the project in the current directory, else none. It is not guessed
// from other files there: a line has nothing to do with them.
func (o *diagnoseOptions) chooseConfig() {
	ofHost := func(arg string) bool {
		name, err := filepath.Abs(arg)
		_, missing := os.Lstat(arg)
		return err == nil && missing == nil && strings.HasPrefix(name+"/", "/var/log/")
	}
	if len(o.inputs) == 0 || slices.ContainsFunc(o.inputs, ofHost) {
		o.args = []string{"/"}
		return
	}
	for _, name := range []string{"etc/nginx", "etc/php", "etc/php-fpm.d", "etc/apache2", "etc/httpd", "usr/local/apache2/conf", ".git", ".wp502lint.yaml"} {
		if _, err := os.Stat(name); err == nil {
			if strings.HasPrefix(name, "etc/") || strings.HasPrefix(name, "usr/") {
				o.root = "."
			} else {
				o.guessed = o.config == ""
			}
			return
		}
	}
	o.blank = o.config == ""
}

// eastmost is how far a clock may be before that of UTC: a log without year and zone is not of last
// year for that.
const eastmost = 14 * time.Hour

// readTimes returns how the flags say to read times.
func readTimes(ctx *cli.Context, today time.Time) (o logs.Options, err error) {
	now := time.Now()
	if !today.IsZero() && now.Sub(today).Abs() > 48*time.Hour {
		now = today
	}
	o.Now, o.Zone = now.Add(eastmost), time.UTC
	if name := ctx.String("tz"); name != "" {
		if o.Zone, err = logs.Zone(name); err != nil {
			return o, fmt.Errorf("--tz: %q is not a time zone, such as UTC, +02:00 or Europe/Berlin", name)
		}
	}
	if o.Since, err = instant("since", ctx.String("since"), now, o.Zone); err != nil {
		return o, err
	}
	if o.Until, err = instant("until", ctx.String("until"), now, o.Zone); err != nil {
		return o, err
	}
	if !o.Since.IsZero() && !o.Until.IsZero() && !o.Since.Before(o.Until) {
		return o, fmt.Errorf("--since %s is not before --until %s", o.Since.Format(time.DateTime), o.Until.Format(time.DateTime))
	}
	return o, nil
}

// instant returns the time that a flag gives: so long before now, or a date; zero if not given.
func instant(flag, value string, now time.Time, zone *time.Location) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	if days, err := strconv.ParseUint(strings.TrimSuffix(value, "d"), 10, 16); err == nil && strings.HasSuffix(value, "d") {
		return now.AddDate(0, 0, -int(days)), nil
	}
	if ago, err := time.ParseDuration(value); err == nil && ago >= 0 {
		return now.Add(-ago), nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime, "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.ParseInLocation(form, value, zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("--%s: %q is not a time; expected 2h, 30m, 3d or 2026-11-26T03:00", flag, value)
}

var errNoLogs = errors.New("none of the logs that the configuration names exists; name one, e.g. wp502lint diagnose /var/log/nginx/error.log")

// diagnose reads logs as o says and returns nil, errFindings or another error.
func (c command) diagnose(stdout io.Writer, o diagnoseOptions) error {
	in, err := c.inspect(o.wishes)
	if err != nil {
		return err
	}
	if o.bundle != nil {
		if err := o.bundle.ready(in.scene); err != nil {
			return err
		}
	}
	r := in.lint()
	trouble := c.failures(in, r)
	collectEarly()
	if o.follow {
		if err := c.follow(in, r, o); err != nil && !errors.Is(err, errFindings) || !trouble {
			return err
		}
		return errSaid
	}
	reader := logReader{command: c, evidence: &diagnose.Evidence{}, options: o.logs}
	if err := reader.readAll(in, r, o.inputs); err != nil {
		return err
	}
	config := configOf(r, o.guessed)
	kept := reader.evidence.Keep()
	d := diagnose.Run(reader.evidence, config)
	if err := c.print(stdout, in, d, o); err != nil {
		return err
	}
	if o.bundle != nil {
		o.bundle.read(in, r, reader.names)
		if err := o.bundle.write(c, in, caseOf(in, r, config, d, kept, o.bundle)); err != nil {
			return err
		}
	}
	switch {
	case trouble || reader.failed:
		return errSaid
	case d.Bad():
		return errFindings
	}
	return nil
}

// print writes a diagnosis in the format of the flags.
func (c command) print(stdout io.Writer, in *inspection, d *diagnose.Diagnosis, o diagnoseOptions) error {
	write := map[string]func(io.Writer, *diagnose.Diagnosis, report.Options) error{
		"text": report.DiagnosisText, "json": report.DiagnosisJSON, "markdown": report.DiagnosisMarkdown,
	}[o.format]
	return write(stdout, d, report.Options{
		Version: version(), Path: in.scene.shown, Mend: mendCommand(in), Color: o.color == "always" || colored(o.color, c.stdout),
	})
}

// mendCommand returns the command that fixes the files that a diagnosis read.
func mendCommand(in *inspection) string {
	words := []string{"wp502lint", "check"}
	if in.root != "" {
		words = append(words, "--root", in.root)
	}
	if in.config != "" {
		words = append(words, "--config", in.config)
	}
	return bundle.ShellCommand(append(append(words, "--fix"), in.args...)...)
}

// configOf returns the configuration that lines are judged by. guessed is set if it is that of the
// current directory.
func configOf(r *engine.Result, guessed bool) *diagnose.Config {
	return &diagnose.Config{Stacks: r.Stacks, Report: r.Report, Guessed: guessed}
}

// isLine reports whether an argument that is not a file is meant as a line of a log.
func isLine(arg string, o logs.Options) bool {
	_, ok := logs.Parse(arg, o)
	return ok || strings.ContainsAny(arg, " \n")
}
