package lint

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// surface moves what the report says about texts that were made from others, such as the
// files of a container, to the places in the project that a person edits. It returns the
// ignores of these places, and an around that knows what each place was in its text.
//
// What an image brings is not in the project: a finding there moves to its first note that
// is, else to what names the image. The image is named in words, since a report has no
// places outside the project.
func (rep *Report) surface(ignores []*Ignore, around around) ([]*Ignore, around) {
	if !slices.ContainsFunc(rep.Files, func(in source.Input) bool { return in.File != nil && made(in.File) }) {
		return ignores, around
	}
	rep.withhold() // of a part of a file, which cannot be told afterwards
	s := surfacer{files: map[string]*source.File{}, same: map[*source.File]*source.File{}, texts: map[source.Span]source.Span{}}
	for _, in := range rep.Files {
		if in.File != nil && !made(in.File) {
			s.files[in.File.Real] = in.File
		}
	}
	rep.Files = s.inputs(rep.Files)
	rep.Findings = slices.DeleteFunc(rep.Findings, func(f Finding) bool { return f.Outcome.Severity() == Info && s.shipped(f.At) })
	for i := range rep.Findings {
		s.finding(&rep.Findings[i])
	}
	for i := range rep.NotChecked {
		s.notChecked(&rep.NotChecked[i])
	}
	return s.ignores(ignores), func(at source.Span) (blocks, words []string) {
		if text, ok := s.texts[at]; ok {
			at = text
		}
		return around(at)
	}
}

// made reports whether f is not a file of the project that is read from where it is.
func made(f *source.File) bool { return f.Pieces != nil || f.Image != "" }

// shipped reports whether at is as an image or a build brings it: a note on it calls for a change
// that cannot be made there.
func (s *surfacer) shipped(at source.Span) bool {
	place, _ := s.place(at)
	return !at.IsZero() && place.IsZero() && made(at.File)
}

// surfacer finds the places of texts in the project.
type surfacer struct {
	// files are those of the project by their resolved names: one may have been read for
	// itself and as a part of a text.
	files map[string]*source.File
	same  map[*source.File]*source.File // which of files is used for a file
	texts map[source.Span]source.Span   // by the place of a finding: its first place in a text
}

// place returns the place of at in the project; zero if there is none. same is set if the
// text there is that of at.
func (s *surfacer) place(at source.Span) (place source.Span, same bool) {
	if at.IsZero() || !made(at.File) {
		return s.canonical(at), true
	}
	if at.File.Pieces == nil {
		return source.Span{}, false
	}
	place, same = at.Origin()
	if !same && at.Start == at.End && at.Start > 0 { // the end of the part before it
		last := source.Span{File: at.File, Start: at.Start - 1, End: at.Start}
		if before, ok := last.Origin(); ok {
			place, same = source.Span{File: before.File, Start: before.End, End: before.End}, true
		}
	}
	return s.canonical(place), same
}

// canonical returns at in the file that represents all those equal to its own.
func (s *surfacer) canonical(at source.Span) source.Span {
	if at.IsZero() {
		return at
	}
	f, known := s.same[at.File]
	if !known {
		if f = s.files[at.File.Real]; f == nil || f.Text != at.File.Text {
			f = at.File
			s.files[f.Real] = f
		}
		if f != at.File {
			f.Adopt(at.File)
		}
		s.same[at.File] = f
	}
	at.File = f
	return at
}

// whole returns the file of the project that f is byte for byte; nil if there is none.
func (s *surfacer) whole(f *source.File) *source.File {
	at, same := s.place(f.Span(0, len(f.Text)))
	if !same || at.IsZero() || int(at.End-at.Start) != len(at.File.Text) {
		return nil
	}
	return at.File
}

// origins returns the files of the project that f was made from, in order.
func (s *surfacer) origins(f *source.File) (all []*source.File) {
	for _, p := range f.Pieces {
		at, _ := p.From.Origin()
		if at = s.canonical(at); !at.IsZero() && !slices.Contains(all, at.File) {
			all = append(all, at.File)
		}
	}
	return all
}

// inputs lists the files of the project in place of those that were made from them. A file
// is listed once, and those of images are not.
func (s *surfacer) inputs(files []source.Input) []source.Input {
	listed := map[*source.File]bool{}
	var all []source.Input
	for _, in := range files {
		if in.File == nil || !made(in.File) {
			all = append(all, in)
			listed[in.File] = true
		}
	}
	for _, in := range files {
		if in.File == nil || !made(in.File) {
			continue
		}
		if f := s.whole(in.File); f != nil && in.Withheld && !f.Readable() {
			f.Withheld = true
		}
		by, _ := s.place(in.By)
		for _, f := range s.origins(in.File) {
			if !listed[f] {
				listed[f] = true
				all = append(all, source.Input{File: f, Path: f.Name, Role: in.Role, By: by})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b source.Input) int { return strings.Compare(a.Path, b.Path) })
	return onceEach(all)
}

// onceEach leaves out the files that are not loaded in one container and are in another, or that
// several do not load.
func onceEach(all []source.Input) []source.Input {
	met := map[string]bool{}
	for _, in := range all {
		met[in.Path] = met[in.Path] || in.File != nil
	}
	return slices.DeleteFunc(all, func(in source.Input) bool {
		again := in.File == nil && met[in.Path]
		met[in.Path] = true
		return again
	})
}

func (s *surfacer) finding(f *Finding) {
	text := f.At
	f.Notes = slices.Clone(f.Notes)
	for i := range f.Notes {
		s.note(&f.Notes[i])
	}
	if f.At, _ = s.place(text); f.At.IsZero() && !text.IsZero() {
		if i := slices.IndexFunc(f.Notes, func(n Note) bool { return !n.At.IsZero() }); i >= 0 {
			f.At = f.Notes[i].At
		} else {
			f.At, _ = s.place(text.File.Owner)
		}
		f.Notes = slices.Insert(f.Notes, 0, Note{Message: "the file is " + outside(text.File)})
	}
	f.Notes = once(f.Notes)
	if _, met := s.texts[f.At]; !met && text != f.At {
		s.texts[f.At] = text
	}
	f.Fixes = slices.Clone(f.Fixes)
	for i := range f.Fixes {
		s.fix(&f.Fixes[i])
	}
}

// outside returns the name of a file that is not in the project.
func outside(f *source.File) string {
	if f.Image == "" {
		return f.Name
	}
	return f.Image + ":" + f.Name
}

func (s *surfacer) note(n *Note) {
	at, _ := s.place(n.At)
	if at.IsZero() && !n.At.IsZero() {
		n.Message = outside(n.At.File) + ": " + n.Message
	}
	n.At = at
}

func (s *surfacer) notChecked(n *NotChecked) {
	at, _ := s.place(n.At)
	if at.IsZero() && !n.At.IsZero() {
		n.Why = outside(n.At.File) + ": " + n.Why
		at, _ = s.place(n.At.File.Owner)
	}
	n.At = at
}
