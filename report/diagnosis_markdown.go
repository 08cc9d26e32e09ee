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
		fmt.Fprintf(b, "%s\n", markdown.Replace(nothingWrong(d)))
		return b.Flush()
	}
	for n, i := range d.Incidents {
		if i.Number == 0 {
			continue
		}
		fmt.Fprintf(b, "## %d. %s\n\n%s\n\n", n+1, markdown.Replace(Visible(docs.Sentence(i.Summary()))), markdown.Replace(headline(i)))
		if says, _ := i.Alternative(); says != "" {
			fmt.Fprintf(b, "Or: %s.\n\n", markdown.Replace(Visible(says)))
		}
		if i.Rule != nil {
			fmt.Fprintf(b, "Rule: [%s %s](%s)\n\n", i.Rule.ID, i.Rule.Name, docs.URL(i.Rule))
		}
		var lines []string
		for _, l := range i.Lines {
			lines = append(lines, Visible(place(l))+clip(Visible(unqueried(l.Text))))
		}
		fmt.Fprintf(b, "Evidence (%s):\n\n%s\n\n", i.Sure, docs.Fence("", strings.Join(lines, "\n")))
		for _, p := range i.Places {
			message := secrets{}.mask(p.Message, p.At.File)
			fmt.Fprintf(b, "- `%s:%d`: %s\n", strings.ReplaceAll(Visible(o.path(p.At.File)), "`", "'"), p.At.Begin().Line, markdown.Replace(Visible(message)))
		}
		if fix := i.Fix(); fix != "" {
			fmt.Fprintf(b, "\n**Fix:** %s\n", fix)
		}
		if commands := i.Verify(); len(commands) > 0 {
			fmt.Fprintf(b, "\n**Verify:**\n\n%s\n", docs.Fence("sh", strings.Join(commands, "\n")))
		}
		fmt.Fprint(b, "\n")
	}
	points(b, "Not a 502", notBad(d))
	points(b, "To be more certain, add", d.Missing)
	points(b, "Clocks", Moved(d, Visible))
	return b.Flush()
}

// notBad returns the incidents that are not a 502, in a few words each.
func notBad(d *diagnose.Diagnosis) (says []string) {
	for _, i := range d.Incidents {
		if i.Number == 0 {
			says = append(says, short(i))
		}
	}
	return says
}

// points writes a list with a title, if it has any points.
func points(w io.Writer, title string, list []string) {
	for n, point := range list {
		if n == 0 {
			fmt.Fprintf(w, "**%s:**\n\n", title)
		}
		fmt.Fprintf(w, "- %s\n", markdown.Replace(Visible(point)))
		if n == len(list)-1 {
			fmt.Fprintln(w)
		}
	}
}
