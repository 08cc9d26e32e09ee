package fpm

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/source"
)

var seconds = []struct {
	text string
	want int64
	ok   bool
}{
	{"0", 0, true}, {"10", 10, true}, {"10s", 10, true}, {"2m", 120, true}, {"1h", 3600, true}, {"1d", 86400, true},
	{"1m30s", 1, true}, {"5m30s", 5, true}, {"1.5s", 1, true}, {"500ms", 500, true}, {"-1", -1, true},
	{"s", 0, true}, {" 5", 5, true}, {"x5", 0, true}, {"30sec", 0, false}, {"10S", 0, false}, {"1H", 0, false}, {"", 0, false}, {"5 ", 0, false},
}

var ints = []struct {
	text string
	want int64
	ok   bool
}{
	{"0", 0, true}, {"12", 12, true}, {"-3", -3, true}, {"", 0, true}, {"-", 0, true}, {"007", 7, true},
	{"+1", 0, false}, {"1k", 0, false}, {"5 # y", 0, false}, {"1.5", 0, false}, {"0x10", 0, false}, {"--1", 0, false},
}

// bools are values as written.
var bools = []struct {
	written  string
	want, ok bool
}{
	{"On", true, true}, {"ON", true, true}, {"yes", true, true}, {"True", true, true}, {"1", true, true},
	{"Off", false, true}, {"no", false, true}, {"None", false, true}, {"null", false, true}, {"0", false, true}, {"", false, true},
	{`"on"`, true, true}, {`"yes"`, true, true}, {`'true'`, true, true}, {`"1"`, true, true}, {`"no"`, false, true}, {`""`, false, true},
	{`"On"`, false, false}, {`"OFF"`, false, false}, {`"False"`, false, false}, {`"null"`, false, false},
	{"2", false, false}, {"maybe", false, false}, {"y", false, false},
}

func TestValues(t *testing.T) {
	for _, tt := range seconds {
		if got, ok := Seconds(tt.text); got != tt.want || ok != tt.ok {
			t.Errorf("Seconds(%q) = %d, %v, want %d, %v", tt.text, got, ok, tt.want, tt.ok)
		}
	}
	for _, tt := range ints {
		if got, ok := Int(tt.text); got != tt.want || ok != tt.ok {
			t.Errorf("Int(%q) = %d, %v, want %d, %v", tt.text, got, ok, tt.want, tt.ok)
		}
	}
	for _, tt := range bools {
		if got, ok := Bool(value(tt.written).Text); got != tt.want || ok != tt.ok {
			t.Errorf("Bool(%s) = %v, %v, want %v, %v", tt.written, got, ok, tt.want, tt.ok)
		}
	}
	if _, ok := Bool(value("${DEBUG}").Text); ok {
		t.Error("Bool(${DEBUG}) is known, want unknown")
	}
}

func value(written string) ini.Value {
	src := &source.File{Text: "k = " + written + "\n"}
	return ini.Parse(src, ini.LineMode).Line(0).Value()
}

// TestValuesAgainstFPM compares the same texts with PHP-FPM.
func TestValuesAgainstFPM(t *testing.T) {
	dir := needFPM(t)
	ask := func(key, written string) (string, bool) {
		out, ok := dir.test(t, "[www]\n"+needed+key+" = "+written+"\n")
		return dump(out)["www"][key], ok
	}
	for _, tt := range seconds {
		got, ok := ask("request_terminate_timeout", `"`+tt.text+`"`)
		if ok != tt.ok || ok && got != num(tt.want)+"s" {
			t.Errorf("PHP-FPM: Seconds(%q) = %s, %v, want %d, %v", tt.text, got, ok, tt.want, tt.ok)
		}
	}
	for _, tt := range ints {
		got, ok := ask("pm.max_requests", `"`+tt.text+`"`)
		if ok != tt.ok || ok && got != num(tt.want) {
			t.Errorf("PHP-FPM: Int(%q) = %s, %v, want %d, %v", tt.text, got, ok, tt.want, tt.ok)
		}
	}
	words := map[bool]string{true: "yes", false: "no"}
	for _, tt := range bools {
		got, ok := ask("catch_workers_output", tt.written)
		if ok != tt.ok || ok && got != words[tt.want] {
			t.Errorf("PHP-FPM: Bool(%s) = %s, %v, want %v, %v", tt.written, strings.TrimSpace(got), ok, tt.want, tt.ok)
		}
	}
}
