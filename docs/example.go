package docs

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/lint"
)

var (
	fileLine = lazyregexp.New(`^-- (.+) --$`)
	// staging is a line in the head of an example that says how the stack is
	// set up or what it answers; all other lines are prose.
	staging = lazyregexp.New(`^(nginx refuses|fpm refuses|(GET|HEAD|POST|PUT) \S+ -> |memory \S|today \S|link .+ -> |mode [0-7]+ |bytes \S|frame: )`)
	ticks   = lazyregexp.New("`{3,}")
)

// example prints a txtar archive: its head, then every file with its marks.
func (p *page) example(archive string) {
	head, files := split(archive)
	head = strings.Replace(head, "frame: none\n", "", 1) // says nothing to a reader
	for _, paragraph := range paragraphs(head) {
		if staging.MatchString(paragraph) {
			paragraph = Fence("text", paragraph)
		}
		p.block(paragraph)
	}
	for _, f := range files {
		p.paragraph("`" + f.name + "`")
		p.block(Fence(language(f.name), f.text))
	}
}

// correct prints the good example, and that it does not repeat all files of the
// bad one where this is so.
func (p *page) correct(r *lint.Rule) {
	_, before := split(r.Bad)
	_, after := split(r.Good)
	if slices.ContainsFunc(before, func(b file) bool {
		return !slices.ContainsFunc(after, func(a file) bool { return a.name == b.name })
	}) {
		p.paragraph("Files that are not shown stay as they are.")
	}
	p.example(r.Good)
}

type file struct{ name, text string }

// split reads a txtar archive.
func split(archive string) (head string, files []file) {
	text := &head
	for line := range strings.Lines(archive) {
		if m := fileLine.FindStringSubmatch(strings.TrimRight(line, "\r\n")); m != nil {
			files = append(files, file{name: strings.TrimSpace(m[1])})
			text = &files[len(files)-1].text
		} else {
			*text += line
		}
	}
	return head, files
}

// paragraphs splits head at empty lines, and between prose and staging.
func paragraphs(head string) []string {
	var out []string
	var last string
	for line := range strings.SplitSeq(head, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case last != "" && staging.MatchString(line) == staging.MatchString(last):
			out[len(out)-1] += "\n" + line
		default:
			out = append(out, line)
		}
		last = line
	}
	return out
}

// Fence returns text as a code block that no line of text can end.
func Fence(language, text string) string {
	marks := "```"
	for _, run := range ticks.FindAllString(text, -1) {
		if len(run) >= len(marks) {
			marks = run + "`"
		}
	}
	return marks + language + "\n" + strings.TrimSuffix(text, "\n") + "\n" + marks
}

// language returns the word after a fence that selects the highlighting for the
// file of that name.
func language(name string) string {
	base := name[strings.LastIndexByte(name, '/')+1:]
	switch {
	case strings.HasSuffix(base, ".ini"), base == "php-fpm.conf",
		strings.Contains(name, "php") && strings.HasSuffix(base, ".conf") && !strings.Contains(name, "nginx"):
		return "ini"
	case strings.HasSuffix(base, ".yml"), strings.HasSuffix(base, ".yaml"):
		return "yaml"
	case strings.Contains(name, "nginx"):
		return "nginx"
	}
	return "text"
}
