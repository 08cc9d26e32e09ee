package ini

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// TestSimple compares the lines that simple reads with what the scanner reads.
func TestSimple(t *testing.T) {
	parts := []string{
		"pm", "on", "On", "yes", "none", "null", "true", "no", "E_ALL", "PHP_OS", "LOG_", "a.b", "9", "1", "0660", "x-y", "_", "__X__", "@AB@", "%CD%",
		"=", "=", "=", " = ", "\t=\t", "[", "]", "[a]", "[b.c]", "[on]", "[TMP]", "[9]", "[]", " ", "\t", ";", "#", "\"", "'", "$", "${A}", "|", "&", "!", "(", ")", "/run/x.sock", "::1", "é", "\r", "512M", "\\", "{", "}", "\ufeff",
	}
	r := rand.New(rand.NewPCG(1, 2))
	simple := 0
	for range 200_000 {
		var b strings.Builder
		if r.IntN(2) == 0 { // begin as a simple line does
			b.WriteString([...]string{"pm.x=", "a[b] = ", "on1 =", "x\t= "}[r.IntN(4)])
		}
		for range 1 + r.IntN(6) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		if asScanned(t, b.String()) {
			simple++
		}
	}
	if simple < 10_000 {
		t.Errorf("only %d lines were simple", simple)
	}
}

func FuzzSimple(f *testing.F) {
	f.Add("pm.max_children = 5")
	f.Add("php_admin_value[memory_limit] = 512M")
	f.Add("on\t= E_ALL")
	f.Add("env[__NAME__] = a")
	f.Fuzz(func(t *testing.T, line string) {
		if len(line) <= maxInput && !strings.ContainsAny(line, "\n\x00") {
			asScanned(t, line)
		}
	})
}

// asScanned reports whether line is simple, and fails if it is then read differently
// than by the scanner.
func asScanned(t *testing.T, line string) bool {
	src := &source.File{Text: line + "\n"}
	p := &parser{screen: true, out: &File{Source: src}}
	p.file, p.text = src, src.Text
	if !p.simple(0, len(line)) {
		return false
	}
	if got, want := describe(p.out), describe(Parse(src, FileMode)); got != want {
		t.Fatalf("%q:\n got %s\nwant %s", line, got, want)
	}
	if v := p.out.Line(0).Value(); strings.ContainsAny(v.At.Text(), " \t;\"'|&^~!()=") || int(v.At.End) != len(line) {
		t.Fatalf("%q is not simple", line)
	}
	return true
}

func describe(f *File) string {
	var b strings.Builder
	for l := range f.Lines() {
		v := l.Value()
		fmt.Fprintf(&b, "%d %q %v %q %v %q %q %d %v|", l.Kind(), l.Key(), l.Indexed(), l.Index(), l.IndexAt(), v.Text, v.Why, v.Form, [4]int32{l.KeyAt().Start, l.KeyAt().End, v.At.Start, v.At.End})
	}
	return b.String() + fmt.Sprint(f.Problems)
}
