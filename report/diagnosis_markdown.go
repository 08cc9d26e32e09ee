package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/docs"
)

// DiagnosisMarkdown writes d as GitHub Flavored Markdown, for a ticket.
func DiagnosisMarkdown(w io.Writer, d *diagnose.Diagnosis, o Options) error {
	b := bufio.NewWriter(w)
	if !d.Bad() {
		fmt.Fprintf(b, "%s\n", prose(nothingWrong(d)))
		return b.Flush()
	}
	for n, i := range d.Incidents {
		if i.Number == 0 {
			continue
		}
		fmt.Fprintf(b, "## %d. %s\n\n%s\n\n", n+1, prose(sentence(i.Summary())), prose(headline(i)))
		if i.Rule != nil {
			fmt.Fprintf(b, "Rule: [%s %s](%s)\n\n", i.Rule.ID, i.Rule.Name, docs.URL(i.Rule))
		}
		fmt.Fprintf(b, "Evidence (%s):\n\n```\n", i.Sure)
		for _, l := range i.Lines {
			fmt.Fprintf(b, "%s%s\n", place(l), unfenced(clip(Visible(unqueried(l.Text)))))
		}
		fmt.Fprint(b, "```\n\n")
		for _, p := range i.Places {
			message := secrets{}.mask(p.Message, p.At.File)
			fmt.Fprintf(b, "- `%s:%d`: %s\n", unfenced(o.path(p.At.File)), p.At.Begin().Line, prose(message))
		}
		if fix := i.Fix(); fix != "" {
			fmt.Fprintf(b, "\n**Fix:** %s\n", fix)
		}
		if commands := i.Verify(); len(commands) > 0 {
			fmt.Fprintf(b, "\n**Verify:**\n\n```sh\n%s\n```\n", unfenced(strings.Join(commands, "\n")))
		}
		fmt.Fprint(b, "\n")
	}
	return b.Flush()
}

// unfenced returns text that ends no code block.
func unfenced(text string) string { return strings.ReplaceAll(text, "`", "'") }

// prose returns text as Markdown that shows it as it is.
func prose(text string) string {
	return strings.NewReplacer("\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "<", "&lt;", "[", "\\[", "|", "\\|", "#", "\\#").Replace(Visible(text))
}
