package logs

import (
	"maps"
	"testing"
)

// The quick way to read an object gives what the thorough one gives, or nothing.
func FuzzObject(f *testing.F) {
	for _, text := range []string{
		`{"MESSAGE":"a \"b\" \\ \u00e9 \ud83d\ude00","_PID":"7","PRIORITY":3,"x":null,"y":-0.5e+3,"z":true}`,
		`{ "a" : "b" , "c":"d" } rest`, `{"a":01}`, `{"a":-}`, `{"a":truE}`, `{"a":nullx}`, `{"a":"` + "\xff" + `"}`, `{"a":"` + "\t" + `"}`, `{"a":"\`, `{"a":"b",}`, `{}`, `{"a":{"b":"c"}}`,
		`{"a":"b","a":1,"a":null}`, `{"` + "\xc3" + `":"` + "\xc3\xa9" + `"}`, `{"a":"\ud800"}`, `{"a" "b"}`, `{"a":"b" "c":1}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quick, thorough := entry{}, entry{}
		if !quick.quick(text) {
			return
		}
		if !thorough.thorough(text, 0) || !maps.Equal(quick, thorough) {
			t.Errorf("%q is %q, and quickly read %q", text, thorough, quick)
		}
	})
}
