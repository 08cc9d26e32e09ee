package linediff

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestChanged(t *testing.T) {
	for _, test := range []struct{ name, old, text, want string }{
		{"nothing", "a\nb\n", "a\nb\n", "..."},
		{"all new", "", "a\nb", "++"},
		{"a line between", "a\nb\n", "a\nx\nb\n", ".+.."},
		{"a line changed", "a\nb\nc\n", "a\nx\nc\n", ".+.."},
		{"a line removed", "a\nb\nc\n", "a\nc\n", "..."},
		{"two places", "a\nb\nc\nd\ne\n", "x\nb\nc\nd\ny\n", "+...+."},
		{"a block moved", "a\nb\nc\nd\n", "c\na\nb\nd\n", "+...."},
		{"only line ends", "a\nb\n", "a\r\nb\r\n", "..."},
		{"some line ends, and a line", "a\r\nb\nc\r", "a\nb\r\nx\nc", "..+."},
		{"a CR elsewhere", "a\nb\n", "a\r\r\nb\rc\n", "++."},
		{"only the last line end", "a\nb", "a\nb\n", "..+"},
		{"after a last line without end", "a", "a\nb", ".+"},
		{"everything removed", "a\nb", "", "+"},
	} {
		if got := drawn(Changed(test.old, test.text)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func drawn(changed []bool) string {
	var b strings.Builder
	for _, c := range changed {
		b.WriteByte(".+"[map[bool]int{true: 1}[c]])
	}
	return b.String()
}

// common returns how many lines a longest common subsequence has, by the textbook.
func common(a, b []string) int {
	row := make([]int, len(b)+1)
	for i := range a {
		diagonal := 0
		for j := range b {
			above := row[j+1]
			if a[i] == b[j] {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

// lines returns the lines of a text without their ends.
func lines(text string) (all []string) {
	for line := range strings.SplitSeq(text, "\n") {
		all = append(all, strings.TrimSuffix(line, "\r"))
	}
	return all
}

// check compares Changed with the textbook: the lines that are not changed are in both texts,
// in this order, and no more lines are.
func check(t *testing.T, old, text string) {
	t.Helper()
	changed := Changed(old, text)
	a, b := lines(old), lines(text)
	if len(changed) != len(b) {
		t.Fatalf("%d marks for %d lines", len(changed), len(b))
	}
	rest, kept := a, 0
	for i, line := range b {
		if changed[i] {
			continue
		}
		kept++
		at := slices.Index(rest, line)
		if at < 0 {
			t.Fatalf("line %d of %q is not changed, but not in %q either", i+1, text, old)
		}
		rest = rest[at+1:]
	}
	if want := common(a, b); kept != want {
		t.Fatalf("%q to %q: %d lines are not changed, want %d", old, text, kept, want)
	}
}

func TestChangedLikeTheTextbook(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		lines := make([]string, random.IntN(30))
		for i := range lines {
			lines[i] = string(rune('a' + random.IntN(1+random.IntN(9))))
		}
		return strings.Join(lines, "\n")
	}
	for range 20_000 {
		check(t, text(), text())
	}
}

// Beyond the limits only the equal ends are known to be unchanged.
func TestChangedLimits(t *testing.T) {
	old := "same\n" + strings.Repeat("a\n", 2*maxDistance) + "end"
	text := "same\n" + strings.Repeat("b\n", 2*maxDistance) + "end"
	got := drawn(Changed(old, text))
	if want := "." + strings.Repeat("+", 2*maxDistance) + "."; got != want {
		t.Errorf("%q", got)
	}
	// As large as a file may be, with one line of two at a time.
	start := time.Now()
	Changed("x\n"+strings.Repeat("a\nb\n", 4<<20), "y\n"+strings.Repeat("b\na\n", 4<<20)+"z")
	Changed(strings.Repeat("a\nb\n", 2<<20), strings.Repeat("b\nb\na\n", 2<<20))
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("two large texts take %v", took)
	}
}

func FuzzChanged(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nc\nb\n")
	f.Add("", "\n\n")
	f.Add("a\r\nb", "a\nb")
	f.Fuzz(func(t *testing.T, old, text string) {
		if len(old) <= 1<<9 && len(text) <= 1<<9 {
			check(t, old, text)
		}
	})
}
