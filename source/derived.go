package source

import (
	"cmp"
	"iter"
	"slices"
)

// derivation is a file that was made from parts of another one, and the next of them.
type derivation struct {
	file *File
	from *File // as the Pieces of file have it
	next *derivation
}

// Derive records f with every file that its Pieces come from, so that the secrets of f are
// secrets there too, and returns f. It may be called at the same time for several files.
func (f *File) Derive() *File {
	met := map[*File]bool{nil: true}
	for _, p := range f.Pieces {
		if from := p.From.File; !met[from] {
			met[from] = true
			from.record(f, from)
		}
	}
	return f
}

// Adopt records with f all that was made from other, which is the same file, read again.
func (f *File) Adopt(other *File) {
	for d := other.derived.Load(); d != nil; d = d.next {
		f.record(d.file, d.from)
	}
}

func (f *File) record(file, from *File) {
	d := &derivation{file: file, from: from}
	for {
		d.next = f.derived.Load()
		if f.derived.CompareAndSwap(d.next, d) {
			break
		}
	}
	f.secrets.Store(nil)
}

// Derived yields the files that were made from parts of f, in any order.
func (f *File) Derived() iter.Seq[*File] {
	return func(yield func(*File) bool) {
		d := f.derived.Load()
		for d != nil && yield(d.file) {
			d = d.next
		}
	}
}

// Readable reports whether f is a configuration, by itself or as the whole of a file that was
// made from it. Then another use of it, for which it is Withheld, is only a mistake.
func (f *File) Readable() bool {
	if f.Parsed != nil {
		return !f.Withheld
	}
	for d := f.derived.Load(); d != nil; d = d.next {
		if len(d.file.Pieces) == 1 && d.file.Pieces[0].Same && len(d.file.Text) == len(f.Text) && d.file.Readable() {
			return true
		}
	}
	return false
}

// secretsOfDerived returns the secrets of f itself and those of the files that were made
// from it, where they come from.
func (f *File) secretsOfDerived() (all []Span) {
	if f.Parsed != nil {
		all = slices.Clone(f.Parsed.Secrets())
	}
	read := f.Readable()
	for d := f.derived.Load(); d != nil; d = d.next {
		if read && d.file.Withheld {
			continue
		}
		text := Text{d.file.Text, d.file.Pieces}
		for _, s := range d.file.Secrets() {
			for _, p := range text.Slice(int(s.Start), int(s.End)).Pieces {
				if p.From.File == d.from && p.From.Start < p.From.End {
					all = append(all, Span{f, p.From.Start, p.From.End})
				}
			}
		}
	}
	return disjoint(all)
}

// disjoint returns what spans cover, in order and without overlaps.
func disjoint(spans []Span) (all []Span) {
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	for _, s := range spans {
		if n := len(all); n > 0 && s.Start < all[n-1].End {
			all[n-1].End = max(all[n-1].End, s.End)
			continue
		}
		all = append(all, s)
	}
	return all
}
