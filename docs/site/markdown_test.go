package site

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wp502lint/wp502lint/lint"
)

func TestMarkdown(t *testing.T) {
	b := &builder{Input: Input{
		Rules: []*lint.Rule{{ID: "WP201"}, {ID: "WP704"}},
		Files: fstest.MapFS{"docs/CI.md": {Data: []byte("# In <hooks>\n")}},
	}}
	for source, want := range map[string]string{
		"## Why\n": `<h2 id="why">Why <a class="anchor" href="#why" data-pagefind-ignore aria-label="Link to Why">#</a></h2>`,
		// The IDs of other rules are links, but not in code and in links.
		"WP704, WP201 and WP999": `<p><a href="../../rules/WP704/">WP704</a>, WP201 and WP999</p>`,
		"a WP704\nb":             "<p>a <a href=\"../../rules/WP704/\">WP704</a>\nb</p>",
		"`WP704`":                "<p><code>WP704</code></p>",
		"[see WP704](#a)":        `<p><a href="#a">see WP704</a></p>`,
		// A link that shows a path shows the title instead.
		"[docs/CI.md](../CI.md#a)": `<p><a href="../../guides/ci/#a">In &lt;hooks&gt;</a></p>`,
		"[here](../CI.md)":         `<p><a href="../../guides/ci/">here</a></p>`,
		// A table without a head has its heads at the left.
		"| | |\n|---|---|\n| error, `502` | a |\n| Cause | b |\n": `<div class="scroll"><table class="facts"> <tbody> <tr> <th scope="row" class="error">error, <code>502</code></th> <td>a</td> </tr> <tr> <th scope="row">Cause</th> <td>b</td> </tr> </tbody> </table></div>`,
		"| a | b |\n|---|--:|\n| c | 1 |\n":                       `<div class="scroll"><table> <thead> <tr> <th scope="col">a</th> <th scope="col" class="number">b</th> </tr> </thead> <tbody> <tr> <td>c</td> <td class="number">1</td> </tr> </tbody> </table></div>`,
	} {
		got, err := b.markdown(source, "docs/rules/WP201.md", "rules/WP201/")
		text := strings.TrimSpace(string(got.html))
		if strings.Contains(want, "<table") {
			text = strings.ReplaceAll(text, "\n", " ")
		}
		if text != want || err != nil {
			t.Errorf("%s is\n%s\n%v, want\n%s", source, text, err, want)
		}
	}
	if _, err := b.markdown("[a](b.md) and [c](../d)", "README.md", ""); err == nil {
		t.Error("broken links give no error, want one")
	}
}

func TestHeadings(t *testing.T) {
	got, err := (&builder{}).markdown("# A `b`\n\n## C *d*\n\n### e\n", "README.md", "")
	if err != nil || got.title != "A b" || len(got.toc) != 1 || got.toc[0] != (heading{"c-d", "C d"}) {
		t.Errorf("got %q, %v, %v", got.title, got.toc, err)
	}
}

func TestCodeLine(t *testing.T) {
	for _, c := range []struct{ language, line, want string }{
		{"nginx", "#   ^ no <pool>", "<span class=\"mark\">#   ^<span>no &lt;pool&gt;\n</span></span>"},
		{"ini", "; note: a note", "<span class=\"mark note\"><span>a note\n</span></span>"},
		{"ini", ";  ^ note: a note", "<span class=\"mark note\">;  ^<span>a note\n</span></span>"},
		{"nginx", "  # a comment", "<span class=\"comment\">  # a comment</span>\n"},
		{"nginx", "listen 80; # a", "listen 80; # a\n"},
		{"sh", "# ls", "# ls\n"},
		{"text", "a.conf:1:2: error: a & b", "a.conf:1:2: <span class=\"error\">error</span>: a &amp; b\n"},
		{"text", "   |    ^^^", "   |    <span class=\"error\">^^^</span>\n"},
		{"text", "[error] a", "[error] a\n"},
	} {
		if got := codeLine(c.language, c.line); got != c.want {
			t.Errorf("%s is\n%s\nwant\n%s", c.line, got, c.want)
		}
	}
}
