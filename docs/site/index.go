package site

import (
	"fmt"
	"html/template"
	"strings"
)

// front is what the first page has from the README.
type front struct {
	Intro, Install, Run template.HTML
	Rules               int
}

// index writes the first page: what the program does, one run of it, and how to install it.
func (b *builder) index() error {
	readme, err := b.source("README.md")
	if err != nil {
		return err
	}
	_, readme, _ = strings.Cut(readme, "\n") // the title
	intro, _, _ := strings.Cut(readme, "\n## ")
	run, err := firstRun(readme)
	if err != nil {
		return err
	}
	install, err := section(readme, "Install")
	if err != nil {
		return err
	}
	data := front{Rules: len(b.Rules)}
	for _, part := range []struct {
		text string
		to   *template.HTML
	}{{intro, &data.Intro}, {install, &data.Install}, {run, &data.Run}} {
		done, err := b.markdown(part.text, "README.md", "")
		if err != nil {
			return err
		}
		*part.to = done.html
	}
	return b.put("", "index", page{Title: "wp502lint", Summary: "Finds what will answer 502, or 503 with Apache, in configurations of nginx, Apache and PHP-FPM.", Data: data})
}

// section returns the text below a heading of the second level.
func section(text, title string) (string, error) {
	_, rest, found := strings.Cut(text, "\n## "+title+"\n")
	if !found {
		return "", fmt.Errorf("README.md has no section %q", title)
	}
	text, _, _ = strings.Cut(rest, "\n## ")
	return text, nil
}

// firstRun returns the first run of the README: its command, its first finding and its last
// line.
func firstRun(readme string) (string, error) {
	before, rest, found := strings.Cut(readme, "<!-- demo -->\n```text\n")
	output, _, closed := strings.Cut(rest, "```\n")
	command := strings.LastIndex(before, "\ngo run ")
	if !found || !closed || command < 0 {
		return "", fmt.Errorf("README.md has no run between the marks demo")
	}
	line, _, _ := strings.Cut(before[command+1:], "\n")
	output = strings.TrimSpace(output)
	first, _, _ := strings.Cut(output, "\n\n")
	last := output[strings.LastIndex(output, "\n")+1:]
	return "```sh\n" + line + "\n```\n\n```text\n" + first + "\n\n…\n\n" + last + "\n```\n", nil
}
