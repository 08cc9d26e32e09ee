package docs

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/lint"
)

var (
	fileLine = lazyregexp.New(`^-- (.+) --$`)
	ticks    = lazyregexp.New("`{3,}")
)

// example prints a txtar archive: its head in words, then every file with its marks as comments.
func (p *page) example(archive string) {
	head, files := split(archive)
	prose, staging := sorted(head)
	for _, paragraph := range prose {
		p.block(paragraph)
	}
	p.paragraph(strings.Join(staging, " "))
	for _, f := range files {
		p.paragraph("`" + f.name + "`")
		p.block(Fence(language(f.name), commented(f.text)))
	}
}

// stagings are the lines in the head of an example that say how the stack is set up or what it
// answers, in words; all other lines are prose. A line that says nothing to a reader has no words.
var stagings = []struct {
	line *lazyregexp.Regexp
	says string
}{
	{lazyregexp.New(`^nginx refuses$`), "nginx does not start."},
	{lazyregexp.New(`^apache refuses$`), "Apache does not start."},
	{lazyregexp.New(`^fpm refuses$`), "PHP-FPM does not start."},
	{lazyregexp.New(`^(GET|HEAD|POST|PUT) (\S+) -> (\d+)(?: x(\d+))?$`), "`$1 $2` is answered $3."},
	{lazyregexp.New(`^tunnel GET (\S+) -> (\d+)$`), "`GET $1` through the tunnel is answered $2."},
	{lazyregexp.New(`^edge GET (\S+) -> (\d+)$`), "`GET $1` through Cloudflare is answered $2."},
	{lazyregexp.New(`^(GET|HEAD|POST|PUT) (\S+) -> source$`), "`$1 $2` is answered 200 with the text of the PHP file."},
	{lazyregexp.New(`^cloudflare$`), "The sites use Cloudflare."},
	{lazyregexp.New(`^memory (\S+)$`), "The host has $1 of memory."},
	{lazyregexp.New(`^today (\S+)$`), "Today is $1."},
	{lazyregexp.New(`^link (\S+) -> (\S+)$`), "`$1` is a symbolic link to `$2`."},
	{lazyregexp.New(`^mode ([0-7]+) (\S+) (\S+)$`), "`$3` has mode $1 and belongs to $2."},
	{lazyregexp.New(`^bytes (\S+) bom$`), "`$1` starts with a byte order mark."},
	{lazyregexp.New(`^bytes (\S+) crlf$`), "The lines of `$1` end in CR LF."},
	{lazyregexp.New(`^bytes (\S+) no-final-newline$`), "`$1` does not end in a line end."},
	{lazyregexp.New(`^frame: (none|apache)$`), ""},
	{lazyregexp.New(`^\^(\S+) WP\d{3} (.*)$`), "`$1`: $2."},
	{lazyregexp.New(`^-(\S+) WP\d{3} (.*)$`), "Note in `$1`: $2."},
}

// staged returns in words how an example is set up or what it answers; ok is false for prose.
func staged(line string) (says string, ok bool) {
	for _, s := range stagings {
		if s.line.MatchString(line) {
			return s.line.ReplaceAllString(line, s.says), true
		}
	}
	return "", false
}

// mark is a comment that says where a rule fires, or what it notes elsewhere: the sign, the place, and the
// message after the ID.
var mark = lazyregexp.New(`^([#;])( *)(?:([\^-])[\^-]* |([\^-])(\d+)(?::\S*)? |-(\S+) )WP\d{3} (.*)$`)

// commented returns a text with its marks as the comments that a person would write.
func commented(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		m := mark.FindStringSubmatch(line)
		switch {
		case m == nil:
		case m[6] != "":
			lines[i] = m[1] + " note: " + m[7] + " (" + m[6] + ")"
		case m[5] == "0": // a note without a place
			lines[i] = m[1] + " note: " + m[7]
		case m[5] != "" && m[4] == "^":
			lines[i] = m[1] + " ^ " + m[7]
		case m[3] == "-" || m[4] == "-":
			if m[2] == "" {
				m[2] = " "
			}
			lines[i] = m[1] + m[2] + "^ note: " + m[7]
		default:
			lines[i] = m[1] + m[2] + "^ " + m[7]
		}
	}
	return strings.Join(lines, "\n")
}

// correct prints the good example, and that it does not repeat all files of the
// bad one where this is so.
func (p *page) correct(r *lint.Rule) {
	_, before := split(r.Bad)
	_, after := split(r.Good)
	says := "This works:"
	if slices.ContainsFunc(before, func(b file) bool {
		return !slices.ContainsFunc(after, func(a file) bool { return a.name == b.name })
	}) {
		says = "This works; files that are not shown stay as they are:"
	}
	p.paragraph(says)
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

// sorted returns the paragraphs of a head, and its stagings in words.
func sorted(head string) (prose, staging []string) {
	joins := false
	for line := range strings.SplitSeq(head, "\n") {
		line = strings.TrimSpace(line)
		says, ok := staged(line)
		switch {
		case ok && says != "":
			staging = append(staging, says)
		case ok || line == "":
		case joins:
			prose[len(prose)-1] += "\n" + line
		default:
			prose = append(prose, line)
		}
		joins = !ok && line != ""
	}
	return prose, staging
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
	case strings.Contains(name, "apache2/"), strings.Contains(name, "httpd/"), base == ".htaccess":
		return "apache"
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
