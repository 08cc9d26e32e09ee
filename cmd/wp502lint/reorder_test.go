package main

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

func allCommands() []*cli.Command { return app(io.Discard, command{}).Commands }

func TestReorder(t *testing.T) {
	tests := []struct {
		args string
		want arguments
	}{
		{"", arguments{}},
		{"a b", arguments{"", nil, []string{"a", "b"}}},
		{"check a", arguments{"check", nil, []string{"a"}}},
		{"a check", arguments{"", nil, []string{"a", "check"}}},
		{"check check", arguments{"check", nil, []string{"check"}}},
		{"./rules", arguments{"", nil, []string{"./rules"}}},
		{"-- rules", arguments{"", nil, []string{"rules"}}},
		{"rules --format json", arguments{"rules", []string{"--format=json"}, nil}},
		{"--format json rules", arguments{"rules", []string{"--format=json"}, nil}},
		{"--format rules", arguments{"", []string{"--format=rules"}, nil}},
		{"a --format json b --strict c", arguments{"", []string{"--format=json", "--strict"}, []string{"a", "b", "c"}}},
		{"check a --root=/x", arguments{"check", []string{"--root=/x"}, []string{"a"}}},
		{"-root /x a", arguments{"", []string{"--root=/x"}, []string{"a"}}},
		{"--root= a", arguments{"", []string{"--root="}, []string{"a"}}},
		{"--format json=a=b", arguments{"", []string{"--format=json=a=b"}, nil}},
		{"--rule A --rule B", arguments{"", []string{"--rule=A", "--rule=B"}, nil}},
		{"a -- --strict b", arguments{"", nil, []string{"a", "--strict", "b"}}},
		{"check -- --", arguments{"check", nil, []string{"--"}}},
		{"-", arguments{"", nil, []string{"-"}}},
		{"--output - a", arguments{"", []string{"--output=-"}, []string{"a"}}},
		{"-q a -v", arguments{"", []string{"--quiet", "--verbose"}, []string{"a"}}},
		{"--memory -1", arguments{"", []string{"--memory=-1"}, nil}},
		{"a -h", arguments{"", []string{"--help"}, []string{"a"}}},
		{"--strict=true --quiet=false", arguments{"", []string{"--strict", "--quiet=false"}, nil}},
		{"--fix a --fix=1", arguments{"", []string{"--fix=true", "--fix=1"}, []string{"a"}}},
		{"--fix=all a", arguments{"", []string{"--fix=all"}, []string{"a"}}},
		{"explain WP201 --version", arguments{"explain", []string{"--version"}, []string{"WP201"}}},
	}
	for _, test := range tests {
		got, err := reorder(strings.Fields(test.args), allCommands())
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("reorder(%s)\n got %+v, %v\nwant %+v", test.args, got, err, test.want)
		}
	}
}

func TestReorderErrors(t *testing.T) {
	tests := []struct{ args, want string }{
		{"--fromat json", "unknown flag --fromat; did you mean --format?"},
		{"--work 1G", "unknown flag --work; did you mean --worker-memory?"},
		{"--zzzzzz", `unknown flag --zzzzzz; "wp502lint check --help" lists the flags`},
		{"diagnose --zzzzzz", `unknown flag --zzzzzz; "wp502lint diagnose --help" lists the flags`},
		{"diagnose --format", "--format needs a value, e.g. json"},
		{"--", ""},
		{"---", `unknown flag ---; "wp502lint check --help" lists the flags`},
		{"a --root", "--root needs a value, e.g. rootfs"},
		{"--format", "--format needs a value, e.g. json or sarif=out.sarif"},
		{"--root --strict", "--root needs a value, e.g. rootfs"},
		{"--v", "unknown flag --v; did you mean -v?"},
		{"-x", `unknown flag -x; "wp502lint check --help" lists the flags`},
		{"-fromat", "unknown flag -fromat; did you mean --format?"},
		{"rules -v", `rules takes no -v; "wp502lint rules --help" lists its flags`},
		{"--strict=perhaps", `--strict takes true or false, not "perhaps"`},
		{"--fix=some", `--fix takes true, false or all, not "some"`},
		{"rules --strict", `rules takes no --strict; "wp502lint rules --help" lists its flags`},
		{"--root / rules", `rules takes no --root; "wp502lint rules --help" lists its flags`},
	}
	for _, test := range tests {
		got := ""
		if _, err := reorder(strings.Fields(test.args), allCommands()); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("reorder(%s)\n got %s\nwant %s", test.args, got, test.want)
		}
	}
}

// FuzzReorder looks for arguments that the library reads differently from
// reorder: sorted arguments must stay the same when they are sorted again.
func FuzzReorder(f *testing.F) {
	f.Add("check", "--format", "json", "a")
	f.Add("--strict=1", "-h", "--", "--")
	f.Add("--root", "-", "rules", "=")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		once, err := reorder([]string{a, b, c, d}, allCommands())
		if err != nil {
			return
		}
		if once.command == "" {
			once.command = "check"
		}
		twice, err := reorder(once.line()[1:], allCommands())
		if err != nil || fmt.Sprint(twice) != fmt.Sprint(once) {
			t.Errorf("got %q, %v, want %q", twice, err, once)
		}
	})
}
