package dockerfile

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

func parse(text string) *File {
	return Parse(&source.File{Name: "/Dockerfile", Real: "/Dockerfile", Text: text})
}

// first returns the instruction after FROM of a file with this instruction.
func first(t *testing.T, text string) *Instruction {
	t.Helper()
	f := parse("FROM a\n" + text)
	if len(f.Problems) > 0 || len(f.Stages) != 1 || len(f.Stages[0].Instructions) == 0 {
		t.Fatalf("%s: %d stages, problems %v", text, len(f.Stages), f.Problems)
	}
	return f.Stages[0].Instructions[0]
}

// describe writes an instruction, each text with its place where the two differ.
func describe(in *Instruction) string {
	var out []string
	add := func(kind string, w Word) {
		text := kind + w.Text
		if at := w.At.Text(); at != w.Text {
			text += " @ " + at
		}
		out = append(out, text)
	}
	add("", Word{in.Keyword, in.At})
	for _, f := range in.Flags {
		add("--"+f.Name+" ", f.Value)
	}
	for _, w := range in.Words {
		add("", w)
	}
	for _, p := range in.Pairs {
		add("name ", p.Name)
		if p.HasValue {
			add("value ", p.Value)
		}
	}
	if !in.Shell.IsZero() {
		add("shell ", Word{in.Shell.joined().String, in.Shell.At})
	}
	for _, h := range in.Heredocs {
		add("heredoc ", Word{h.Name, h.Mark})
		add("body ", Word{h.Body.String, h.At})
	}
	if in.Nested != nil {
		out = append(out, describe(in.Nested))
	}
	return strings.Join(out, "|")
}

func TestPlaces(t *testing.T) {
	for text, want := range map[string]string{
		"COPY --from=b --link a /c":          "COPY @ COPY --from=b --link a /c|--from b|--link |a|/c",
		`COPY --chown="a b" c d`:             `COPY @ COPY --chown="a b" c d|--chown a b @ "a b"|c|d`,
		"COPY a\\\n b":                       "COPY @ COPY a\\\n b|a|b",
		"copy a\\\nb c ":                     "COPY @ copy a\\\nb c|ab @ a\\\nb|c",
		`COPY ["a b", "\u0063"]`:             `COPY @ COPY ["a b", "\u0063"]|a b @ "a b"|c @ "\u0063"`,
		"CMD [\"a\", \\\n# c\n \"b\"]":       "CMD @ CMD [\"a\", \\\n# c\n \"b\"]|a @ \"a\"|b @ \"b\"",
		"ENV a b  c":                         "ENV @ ENV a b  c|name a|value b  c",
		"ENV a='b c' \\\n  d=e":              "ENV @ ENV a='b c' \\\n  d=e|name a|value 'b c'|name d|value e",
		"ARG a":                              "ARG @ ARG a|name a",
		"ARG a= b=c=d":                       "ARG @ ARG a= b=c=d|name a|value |name b|value c=d",
		"RUN --mount=type=cache a && \\\n b": "RUN @ RUN --mount=type=cache a && \\\n b|--mount type=cache|shell a &&  b @ a && \\\n b",
		"WORKDIR  a b ":                      "WORKDIR @ WORKDIR  a b|a b",
		"HEALTHCHECK --timeout=1s CMD a":     "HEALTHCHECK @ HEALTHCHECK --timeout=1s CMD a|--timeout 1s|shell a",
		"HEALTHCHECK CMD [\"a\"]":            "HEALTHCHECK @ HEALTHCHECK CMD [\"a\"]|a @ \"a\"",
		"HEALTHCHECK NONE":                   "HEALTHCHECK @ HEALTHCHECK NONE|NONE",
		"ONBUILD COPY a b":                   "ONBUILD @ ONBUILD COPY a b|COPY @ COPY a b|a|b",
		"RUN cat <<A\nb\nA":                  "RUN @ RUN cat <<A|shell cat <<A|heredoc A @ <<A|body b\n @ b\nA",
		"COPY <<-'A' /b\n\t\tc\n\tA\nRUN d":  "COPY @ COPY <<-'A' /b|<<-'A'|/b|heredoc A @ <<-'A'|body c\n @ \t\tc\n\tA",
		"RUN a\r\n":                          "RUN @ RUN a|shell a",
		"ENTRYPOINT":                         "ENTRYPOINT",
	} {
		if got := describe(first(t, text)); got != want {
			t.Errorf("%q:\ngot  %q\nwant %q", text, got, want)
		}
	}
}

func TestScript(t *testing.T) {
	tests := []struct{ text, script, joined string }{
		{"RUN a && b", "a && b", "a && b"},
		{"RUN a \\\n  b", "a \\\n  b", "a   b"},
		{"RUN a \\  \n b", "a \\\n   b", "a  b"},
		{"RUN a \\\r\n b", "a \\\n  b", "a  b"},
		{"RUN a \\\n# c\n b", "a \\\n     b", "a  b"},
		{"RUN a \\\n\n b\\\nc", "a \\\n  b\\\nc", "a  bc"},
		{"RUN 'a\\\nb' \\\n \"c\\\nd\"", "'a  b' \\\n \"c\\\nd\"", "'ab'  \"cd\""},
		{"RUN \"it's\" \\\n \\' \\\n b", "\"it's\" \\\n \\' \\\n b", "\"it's\"  \\'  b"},
		{"RUN a # it \\\n b", "a # it    b", "a # it  b"},
		{"RUN a#b \\\n c", "a#b \\\n c", "a#b  c"},
	}
	for _, test := range tests {
		s := first(t, test.text).Shell
		if s.Text != test.script || len(s.Text) != len(s.At.Text()) || s.joined().String != test.joined {
			t.Errorf("%q: got %q, %q at %q; want %q, %q", test.text, s.Text, s.joined().String, s.At.Text(), test.script, test.joined)
		}
	}
	if s := parse("# escape=`\nFROM a\nRUN b `\n c:\\d\n").Stages[0].Instructions[0].Shell; s.Text != "b \\\n c:\\d" {
		t.Errorf("escape: got %q", s.Text)
	}
}

// What a shell runs leads back to the file.
func TestCommand(t *testing.T) {
	tests := []struct{ text, command, script string }{
		{"RUN a \\\n b", "a  b", "a \\\n b"},
		{"RUN <<A\nb\nc\nA", "b\nc\n", "b\nc\n"},
		{"RUN <<A\nA", "", ""},
		{"RUN <<-A\n\tb\n\tA", "b\n", "\tb\n"},
		{"RUN <<A cat \\\n > b\nc\nA", "<<A cat  > b\nc\nA", "<<A cat \\\n > b\nc\nA"},
		{"RUN cat <<A > b && cat <<C \nd\nA\ne\nC", "cat <<A > b && cat <<C\nd\nA\ne\nC", "cat <<A > b && cat <<C \nd\nA\ne\nC"},
		{"RUN cat <<A\r\nb\r\nA\r\n", "cat <<A\nb\r\nA", "cat <<A \nb\r\nA"},
		{`RUN ["a"]`, "", ""},
		{"COPY <<A /c\nd\nA", "", ""},
	}
	for _, test := range tests {
		in := first(t, test.text)
		command, script := in.Command(), in.Script()
		if command.String != test.command || script.Text != test.script || len(script.Text) != len(script.At.Text()) {
			t.Errorf("%q: got %q and %q at %q; want %q and %q", test.text, command.String, script.Text, script.At.Text(), test.command, test.script)
		}
		if i := strings.LastIndex(test.command, "b"); i >= 0 {
			if at, same := command.File("/c").Span(i, i+1).Origin(); at.Text() != "b" || !same {
				t.Errorf("%q: b comes from %q", test.text, at.Text())
			}
		}
	}
}

func TestHeredoc(t *testing.T) {
	in := first(t, "COPY <<A b 3<<-\"C\" /d/\ne\nA\nf\nC\n")
	for i, want := range []string{"e\n", "", "f\n", ""} {
		got := ""
		if h := in.Heredoc(in.Words[i]); h != nil {
			got = h.Body.String
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", in.Words[i].Text, got, want)
		}
	}
}

func TestStages(t *testing.T) {
	text, err := os.ReadFile("testdata/stages")
	if err != nil {
		t.Fatal(err)
	}
	f := parse(string(text))
	if len(f.Args) != 2 || len(f.Stages) != 4 || len(f.Problems) != 0 {
		t.Fatalf("got %d args, %d stages, %v", len(f.Args), len(f.Stages), f.Problems)
	}
	vendor, php, nginx, last := f.Stages[0], f.Stages[1], f.Stages[2], f.Stages[3]
	if vendor.Name != "vendor" || vendor.Base.Text != "composer:2" || vendor.Platform.Text != "$BUILDPLATFORM" || len(nginx.Instructions) != 2 {
		t.Errorf("got %+v", vendor)
	}
	for target, want := range map[string]*Stage{"": last, "VENDOR": vendor, "php": php, "2": nginx, "4": nil, "-1": nil, "alpine": nil} {
		if got := f.Stage(target); got != want {
			t.Errorf("target %q: got %+v", target, got)
		}
	}
	if f.Parent(last, "php") != php || f.Parent(php, "php") != nil || f.Parent(last, "PHP") != nil || parse("").Stage("") != nil {
		t.Error("a stage starts from an earlier one of the same name, in lower case")
	}
	twice := parse("FROM a AS b\nFROM c AS b\nFROM b\n")
	if twice.Stage("b") != twice.Stages[1] || twice.Parent(twice.Stages[2], "b") != twice.Stages[1] {
		t.Error("of two stages with one name the last is meant")
	}
}

func TestProblems(t *testing.T) {
	for text, want := range map[string]string{
		"FROM a\nFORM b":                `2 FORM b: unknown instruction "FORM" (did you mean FROM?)`,
		"":                              "1 : no FROM instruction",
		"RUN a\nENV b=c\nCOPY d e":      "1 : no FROM instruction",
		"RUN a\nFROM b":                 "1 RUN a: RUN before the first FROM; only ARG may precede it",
		"FROM a\nCOPY b":                "2 COPY b: COPY needs a source and a destination",
		"FROM a\nCOPY --form=b c d":     "2 --form=b: COPY has no option --form",
		"FROM a\nCOPY --from c d":       "2 --from: COPY needs a value for the option --from",
		"FROM a\nCOPY --link=1 c d":     "2 --link=1: COPY needs true or false for the option --link",
		"FROM a\nENV b":                 "2 ENV b: ENV needs a value: ENV NAME=VALUE",
		"FROM a\nENV b=c d":             `2 d: ENV needs NAME=VALUE, and "d" has no "="`,
		"FROM a\nCMD [1]":               "2 [1]: the JSON form takes strings only",
		"FROM a\nSHELL sh":              `2 SHELL sh: SHELL needs the JSON form: SHELL ["/bin/bash", "-c"]`,
		"FROM a\nRUN <<B\nc":            "2 <<B: the heredoc is not closed: no line is B",
		"FROM a\nWORKDIR ${b":           `2 ${b: "${" without "}"`,
		"FROM a\nENV b='c":              "2 'c: a single quote is not closed",
		"FROM a\nUSER ${b=c}":           `2 ${b=c}: unsupported operator "=" in ${b`,
		"FROM a AS 1b":                  `1 FROM a AS 1b: "1b" is not a valid stage name`,
		"FROM a b":                      "1 FROM a b: FROM takes an image, or an image, AS and a name",
		"# escape=x\nFROM a":            "1 # escape=x: the escape character is \\ or `, not x",
		"FROM {{ a }}\nRUN b":           "1 FROM {{ a }}: T the file is a template and cannot be read before {{ a }} is filled in",
		"{% if a %}\nFROM b":            "1 {% if a %}: T the file is a template and cannot be read before {% if a %} is filled in",
		"FROM a:%%TAG%%\nRNU":           "1 a:%%TAG%%: T the file is a template and cannot be read before %%TAG%% is filled in",
		"FROM a\nRUN curl -w %{http}":   "",
		"FROM a:${TAG:-1}\nENV A=__a__": "",
		"# syntax=b\nFROM a\nRUN --c d": "",
	} {
		var list []string
		for _, p := range parse(text).Problems {
			kind := map[source.Kind]string{source.Template: "T "}[p.Kind]
			list = append(list, fmt.Sprintf("%d %s: %s%s", p.At.Begin().Line, p.At.Text(), kind, p.Message))
		}
		if got := strings.Join(list, "\n"); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", text, got, want)
		}
	}
}

func TestComments(t *testing.T) {
	f := parse("# escape=`\n#\nFROM a `\n  # b\r\n  c\n  # d \nRUN <<E\n# e\nE\n#f")
	var got []string
	for _, c := range f.Source.Comments {
		got = append(got, c.Text())
	}
	if want := []string{"# escape=`", "#", "# b", "# d ", "#f"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestLimits reads what is too long or too deep, which ends in one problem.
func TestLimits(t *testing.T) {
	for text, want := range map[string]string{
		strings.Repeat("FROM a\n", maxInstructions+1):                         "instructions",
		strings.Repeat("FROM a"+strings.Repeat(" b", 1<<18)+"\n", 4):          "arguments",
		"FROM a\nRUN " + strings.Repeat("a \\\n", 1<<19):                      "longer than 1 MiB",
		"FROM a\n" + strings.Repeat("RNU\n", 1000):                            "more than 100 problems",
		"FROM a\n" + strings.Repeat("#"+strings.Repeat(" ", 1<<15)+"\n", 513): "16 MiB",
		"FROM a\nENV A=" + strings.Repeat("${A:-", 1000) + "\n":               "nested too deeply",
		"FROM a\nRUN " + strings.Repeat("a", 64<<10) + "\n":                   "65,535",
		"FROM a\nRUN " + strings.Repeat("<<a ", 1<<10) + "\n":                 "not closed",
	} {
		problems := parse(text).Problems
		if len(problems) == 0 || !strings.Contains(problems[len(problems)-1].Message, want) {
			t.Errorf("%.30q…: got %d problems, want the last to say %q", text, len(problems), want)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	text, err := os.ReadFile("testdata/continued")
	if err != nil {
		b.Fatal(err)
	}
	in := &source.File{Name: "/Dockerfile", Text: strings.Repeat(string(text), 100)}
	b.SetBytes(int64(len(in.Text)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(in)
	}
}
