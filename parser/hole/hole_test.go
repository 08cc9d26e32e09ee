package hole_test

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

func TestSettle(t *testing.T) {
	script := &source.File{Name: "/Dockerfile", Text: "RUN echo $PORT"}
	port := hole.New(script.Span(9, 14))
	text := hole.Join(hole.Plain("user = x\nlisten = "), port, hole.Plain("\nend"))
	settled, doubts := hole.Settle(text)
	if settled.String != "user = x\nlisten = \nend" || hole.In(settled) {
		t.Errorf("settled is %q", settled.String)
	}
	if len(doubts) != 1 || settled.String[doubts[0].Start:doubts[0].End] != "listen = \n" || doubts[0].At.Text() != "$PORT" {
		t.Errorf("doubts are %v", doubts)
	}
	if again, doubts := hole.Settle(settled); again.String != settled.String || doubts != nil {
		t.Errorf("a text without holes has doubts: %v", doubts)
	}
}

func TestMerge(t *testing.T) {
	tests := []struct{ name, old, text, want string }{
		{"the same", "a\nb\n", "a\nb\n", "a\nb\n"},
		{"another line", "a\nb\nc\n", "a\nx\nc\n", "a\nb~\nc\n"},
		{"more lines", "a\n", "a\nb\nc\n", "a\nb~\nc~\n"},
		{"fewer lines", "a\nb\nc\n", "a\nc\n", "a\nb~\nc\n"},
		{"other lines, and more", "a\nb\nc\n", "a\nx\ny\nc\n", "a\nb~\nx~\ny~\nc\n"},
		{"a new file", "", "a\n", "a~\n"},
		{"no line end", "a", "a\nb", "a~\na~\nb~\n"},
	}
	for _, tt := range tests {
		got := hole.Merge(hole.Plain(tt.old), hole.Plain(tt.text), source.Span{})
		if text := strings.ReplaceAll(got.String, hole.Mark, "~"); text != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, text, tt.want)
		}
	}
	if hole.Mergeable(hole.Plain("a\n"), hole.Plain("a\nserver {\n")) {
		t.Error("a brace that only one text opens can be merged")
	}
	if !hole.Mergeable(hole.Plain("a\n"), hole.Plain("a\nserver { }\n")) {
		t.Error("a block that only one text has cannot be merged")
	}
}

func TestJoinIsBounded(t *testing.T) {
	long := hole.Plain(strings.Repeat("x", 1<<20))
	if got := hole.Join(long, long); got.String != hole.Mark {
		t.Errorf("a text of %d bytes was made", len(got.String))
	}
}
