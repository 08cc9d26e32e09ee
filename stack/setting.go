package stack

import "github.com/wp502lint/wp502lint/source"

// Setting is the value that a server works with for one directive, and where it
// comes from. The zero Setting is absent: nobody wrote it and no default exists.
type Setting[T any] struct {
	value T
	state state
	at    source.Span
	why   string
}

type state uint8

const (
	absent state = iota
	written
	byDefault
	unknown
)

// known returns the setting that somebody wrote at at.
func known[T any](v T, at source.Span) Setting[T] {
	return Setting[T]{value: v, state: written, at: at}
}

// fallback returns the setting that a server falls back to; at is the header
// that lacks the directive.
func fallback[T any](v T, at source.Span) Setting[T] {
	return Setting[T]{value: v, state: byDefault, at: at}
}

// nothing returns the setting that nobody wrote and that has no default; at is
// the header that lacks it.
func nothing[T any](at source.Span) Setting[T] { return Setting[T]{at: at} }

// untold returns the setting that is written at at with a value that the files
// alone do not tell; why is ready to stand behind "not checked: ".
func untold[T any](at source.Span, why string) Setting[T] {
	return Setting[T]{state: unknown, at: at, why: why}
}

// Known returns the value if it is written or a default.
func (s Setting[T]) Known() (v T, ok bool) {
	return s.value, s.state == written || s.state == byDefault
}

// Written reports whether somebody wrote the directive with a known value.
func (s Setting[T]) Written() bool { return s.state == written }

// At returns where the directive is written, else the header that lacks it.
func (s Setting[T]) At() source.Span { return s.at }

// Why returns the reason for which the value is unknown, and "" for any other
// state.
func (s Setting[T]) Why() string { return s.why }
