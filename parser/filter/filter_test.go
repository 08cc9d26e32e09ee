package filter_test

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser/filter"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

const pool = "[www]\nuser = www-data\nlisten = 127.0.0.1:9000\n;listen.mode = 0660\n"

// What a program that is not known in all its parts leaves: ~ is a hole, at the end of a
// line that it may have changed. parser/shell compares the rest with sed itself.
func TestSedDoubts(t *testing.T) {
	tests := []struct{ program, want string }{
		{`s/listen = .*/listen = ` + "\x00/", "[www]\nuser = www-data\nlisten = ~\n;listen.mode = 0660\n"},
		{"s/^" + "\x00" + " = .*/x/", "[www]\nuser = www-data~\nlisten = 127.0.0.1:9000~\n;listen.mode = 0660~\n"},
		{"/" + "user\x00" + "/d", "[www]\nuser = www-data~\nlisten = 127.0.0.1:9000\n;listen.mode = 0660\n"},
		{`s/\(.\)\1/x/`, "[www]~\nuser = www-data~\nlisten = 127.0.0.1:9000~\n;listen.mode = 0660~\n"},
		{`s/^user.*/\U&/`, "[www]\nuser = www-data~\nlisten = 127.0.0.1:9000\n;listen.mode = 0660\n"},
		{`/user/l`, "[www]\nuser = www-data~\nlisten = 127.0.0.1:9000\n;listen.mode = 0660\n"},
	}
	for _, tt := range tests {
		program, understood := filter.ParseSed(hole.Plain(tt.program), false)
		if !understood {
			t.Errorf("%q is not understood", tt.program)
			continue
		}
		got := program.Run(hole.Plain(pool), false, source.Span{})
		if text := strings.ReplaceAll(got.String, hole.Mark, "~"); text != tt.want {
			t.Errorf("%q:\n got %q\nwant %q", tt.program, text, tt.want)
		}
	}
}

// A line that is not known stays so, unless all of it is replaced.
func TestSedOfDoubtfulLines(t *testing.T) {
	text := "listen = \x00\nuser = x\x00\nend\n"
	tests := []struct{ program, want string }{
		{`s/^listen = .*/listen = 9000/`, "listen = 9000\nuser = x~\nend\n"},
		{`s/user/group/`, "listen = ~\ngroup = x~\nend\n"},
		{`/user/d`, "listen = ~\nuser = x~\nend\n"},
		{`/end/d`, "listen = ~\nuser = x~\n"},
	}
	for _, tt := range tests {
		program, _ := filter.ParseSed(hole.Plain(tt.program), false)
		got := program.Run(hole.Plain(text), false, source.Span{})
		if text := strings.ReplaceAll(got.String, hole.Mark, "~"); text != tt.want {
			t.Errorf("%q:\n got %q\nwant %q", tt.program, text, tt.want)
		}
	}
}

func TestSedNotUnderstood(t *testing.T) {
	for _, program := range []string{"s/a/b", "s/a/b/e", "r /etc/x", "w /etc/x", "{p", "}", "s/a\\(b/c/", "y/ab/c/", "1,", "k", "s/a/b/w x", "e date"} {
		if _, understood := filter.ParseSed(hole.Plain(program), false); understood {
			t.Errorf("%q is understood", program)
		}
	}
}

func TestEnvsubst(t *testing.T) {
	values := map[string]string{"A": "1", "EMPTY": ""}
	got := filter.Envsubst(hole.Plain("$A ${A} $EMPTY. $uri ${uri} $$A ${A:-x} $"), func(name string, _ source.Span) (source.Text, bool) {
		value, isSet := values[name]
		return hole.Plain(value), isSet
	})
	if want := "1 1 . $uri ${uri} $1 ${A:-x} $"; got.String != want {
		t.Errorf("got %q, want %q", got.String, want)
	}
}
