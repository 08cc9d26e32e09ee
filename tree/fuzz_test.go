package tree

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// For any names, links and patterns, memory and disk agree, and nothing runs
// for long or panics.
func FuzzNames(f *testing.F) {
	for _, c := range openCases {
		f.Add(c.name, "../b", "/a/c")
	}
	f.Add("/a/l1", "l2", "/a/l1/../x")
	f.Add("/a/l2/l2/l2", "/", ".")
	f.Add("/a/../../l1", "../../..", "\xff")
	files := map[string]string{"a/c": "1", "a/b/d": "2", "l1": "-> a/l1", "l2": "-> /a/l2"}
	f.Fuzz(func(t *testing.T, name, target1, target2 string) {
		if len(name) > 500 || len(target1) == 0 || len(target2) == 0 || len(target1) > 200 || len(target2) > 200 ||
			strings.ContainsRune(name+target1+target2, 0) || longComponent(name+"/"+target1+"/"+target2) {
			return
		}
		files["a/l1"], files["a/l2"] = "-> "+target1, "-> "+target2
		disk, memory := open(t, build(t, files)), remember(files)
		a, errA := disk.Open(name)
		b, errB := memory.Open(name)
		if !reflect.DeepEqual(a, b) || (errA == nil) != (errB == nil) {
			t.Errorf("Open(%q) = %+v, %v on disk, %+v, %v in memory", name, a, errA, b, errB)
		}
	})
}

func longComponent(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(s string) bool { return len(s) > 255 })
}

func FuzzGlob(f *testing.F) {
	for _, c := range globCases {
		f.Add("/g/" + c.pattern)
	}
	tr := remember(globbed)
	f.Fuzz(func(t *testing.T, pattern string) {
		if len(pattern) > 500 {
			return
		}
		names, err := tr.Glob(pattern)
		if err != nil {
			return
		}
		if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("Glob(%q) = %q, not sorted and unique", pattern, names)
		}
		for _, name := range names {
			if _, err := tr.walk(name, false); err != nil {
				t.Errorf("Glob(%q) gives %q, which does not exist", pattern, name)
			}
		}
	})
}
