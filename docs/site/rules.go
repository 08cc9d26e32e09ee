package site

import (
	"strings"

	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/lint"
)

// row is a rule in a table or in a link to its page.
type row struct {
	ID, Name, Summary string
	Severity          string // the worst
	Outcomes          []outcome
}

// outcome is what a rule reports, what that is with Apache, "" for the same, and when, "" for
// always.
type outcome struct{ Severity, Name, Apache, When string }

func rowOf(r *lint.Rule) row {
	out := row{ID: r.ID, Name: r.Name, Summary: docs.Sentence(r.Summary), Severity: r.Outcomes.Worst().Severity().String()}
	for o, when := range r.Outcomes.All() {
		if when == lint.Always {
			when = ""
		}
		apache := ""
		if other := r.WithApache(o); other != 0 {
			apache = other.String()
		}
		out.Outcomes = append(out.Outcomes, outcome{o.Severity().String(), o.String(), apache, when})
	}
	return out
}

// group is the rules of one cause.
type group struct {
	Code, Title string // WP2xx, and the cause as a sentence without a full stop
	Rules       []row
}

func (b *builder) groups() (all []group) {
	for _, r := range b.Rules {
		code := r.ID[:3] + "xx"
		if len(all) == 0 || all[len(all)-1].Code != code {
			all = append(all, group{Code: code, Title: titleOf(r.Cause)})
		}
		last := &all[len(all)-1]
		last.Rules = append(last.Rules, rowOf(r))
	}
	return all
}

func titleOf(c lint.Cause) string { return strings.TrimSuffix(docs.Sentence(c.String()), ".") }

// neighbours are the rules before and after one; nil at the ends.
type neighbours struct {
	row
	Code, Cause    string
	Previous, Next *row
}

// rules writes the table of rules, a page for each, and a page with its name that leads to it.
func (b *builder) rules() error {
	if err := b.put("rules/", "rules", page{Title: "Rules", Section: "rules", Summary: "Every rule, by the cause of the 502 or 503.", Data: b.groups()}); err != nil {
		return err
	}
	for i, r := range b.Rules {
		at := "rules/" + r.ID + "/"
		_, text, _ := strings.Cut(docs.Page(r, b.Rules), "\n") // the title
		done, err := b.markdown(text, docs.Path(r), at)
		if err != nil {
			return err
		}
		data := neighbours{row: rowOf(r), Code: r.ID[:3] + "xx", Cause: titleOf(r.Cause)}
		if i > 0 {
			previous := rowOf(b.Rules[i-1])
			data.Previous = &previous
		}
		if i+1 < len(b.Rules) {
			next := rowOf(b.Rules[i+1])
			data.Next = &next
		}
		p := page{Title: r.ID + " " + r.Name, Section: "rules", Summary: data.Summary, Body: done.html, Toc: done.toc, Data: data}
		if err := b.put(at, "rule", p); err != nil {
			return err
		}
		for _, name := range append([]string{r.Name}, r.Former...) {
			if err := b.put("rules/"+name+"/", "redirect", page{Title: p.Title, Data: "../" + r.ID + "/"}); err != nil {
				return err
			}
		}
	}
	return nil
}
