package inventory

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

// origin returns the place in the project that a person edits to change what is at at; zero
// if an image brings it.
func origin(at source.Span) source.Span {
	if at.IsZero() || at.File.Image != "" {
		return source.Span{}
	}
	place, _ := at.Origin()
	return place
}

// place spells where at is: file:line in the project, or in an image; "" for nowhere.
func (p *printer) place(at source.Span) string {
	switch place := origin(at); {
	case at.IsZero():
		return ""
	case !place.IsZero():
		return fmt.Sprintf("%s:%d", p.path(place.File), place.Begin().Line)
	case at.File.Image != "":
		return at.File.Image + ":" + at.File.Name
	}
	return ""
}

func (p *printer) path(f *source.File) string {
	if p.Path == nil {
		return strings.TrimPrefix(f.Name, "/")
	}
	return p.Path(f)
}

// origin spells what makes a file.
func (p *printer) origin(f File) string {
	switch {
	case f.Image != "":
		return f.Image
	case f.Origin.IsZero():
		return ""
	case f.Whole:
		return p.path(f.Origin.File)
	}
	return p.place(f.Origin)
}

// visible spells words for a terminal.
func visible(words ...string) (out []string) {
	for _, w := range words {
		out = append(out, report.Visible(w))
	}
	return out
}
