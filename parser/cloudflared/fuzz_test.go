package cloudflared

import (
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// No text makes the reader panic, and every place that it gives is inside the file.
func FuzzParse(f *testing.F) {
	for i := range 40 {
		f.Add(generate(uint64(i)).text)
	}
	f.Add("a: &a [*a]\ningress: [*a, {<<: [{service: x}, *a]}]\n")
	f.Add("? [a]\n: b\n<<: {ingress: [{service: !!binary x, hostname: !!int 5}]}\n")
	f.Fuzz(func(t *testing.T, text string) {
		file := &source.File{Name: "/config.yml", Text: text}
		c := Parse(file)
		inside := func(s source.Span) {
			if s.File != nil && (s.File != file || s.Start < 0 || s.End < s.Start || int(s.End) > len(text)) {
				t.Fatalf("the place %d-%d is outside of %q", s.Start, s.End, text)
			}
		}
		for _, r := range c.Refusals {
			inside(r.At)
		}
		for _, u := range c.Unused {
			inside(u.At)
		}
		for _, p := range c.Problems {
			inside(p.At)
		}
		for _, r := range c.Rules {
			inside(r.At)
			inside(r.Service.At)
			inside(r.Host.At)
		}
		for _, s := range file.Secrets() {
			inside(s)
		}
		c.Match("blog.example", "/wp-admin/")
	})
}
