package report

import "testing"

func TestFill(t *testing.T) {
	const colored = "\x1b[36mabc\x1b[0m"
	for _, c := range []struct {
		text, first, indent string
		width               int
		want                string
	}{
		{"", "- ", "  ", 10, "- "},
		{"one two\nthree", "", "", 7, "one two\nthree"},
		{"one two three", "- ", "  ", 9, "- one two\n  three"},
		{"tooo-long a", "", "", 4, "tooo-long\na"},
		{"ä ö ü", "", "", 3, "ä ö\nü"},
		{colored + " " + colored, "", "", 7, colored + " " + colored},
		{colored + " " + colored, "", "", 6, colored + "\n" + colored},
	} {
		if got := fill(c.text, c.first, c.indent, c.width); got != c.want {
			t.Errorf("%q in %d\ngot\n%q\nwant\n%q", c.text, c.width, got, c.want)
		}
	}
}
