package apache

import "testing"

func TestWild(t *testing.T) {
	for name, want := range map[string]bool{
		"": false, "/www/app": false, "/www/*": true, "/www/?": true, "[ab]": true,
		"[a": false, "a]": false, "]a[": false, `\*`: false, `\[a]`: false, `[a\]`: false, `a\`: false, `\\*`: true,
	} {
		if Wild(name) != want {
			t.Errorf("Wild(%q) = %v", name, !want)
		}
	}
}
