package source

// Setting is the value that a server uses for one directive, and where it comes
// from. The zero Setting is absent: it is not set and no default exists.
type Setting[T any] struct {
	value T
	state state
	at    Span
	why   string
}

type state uint8

const (
	absent state = iota
	written
	byDefault
	unknown
)

// Written returns the setting that is written at at.
func Written[T any](v T, at Span) Setting[T] { return Setting[T]{value: v, state: written, at: at} }

// Default returns the setting that a server uses by default; at is the header
// that lacks the directive.
func Default[T any](v T, at Span) Setting[T] { return Setting[T]{value: v, state: byDefault, at: at} }

// Absent returns the setting that is not set and has no default; at is the header
// that lacks it.
func Absent[T any](at Span) Setting[T] { return Setting[T]{at: at} }

// Unknown returns the setting at at whose value the files alone do not determine;
// why completes "not checked: ".
func Unknown[T any](at Span, why string) Setting[T] {
	return Setting[T]{state: unknown, at: at, why: why}
}

// Read returns the parsed text of s. Where parse refuses the text the setting is
// unknown, because name is not what wants says.
func Read[T any](s Setting[string], parse func(string) (T, bool), name, wants string) Setting[T] {
	if s.state == unknown || s.state == absent {
		return Setting[T]{state: s.state, at: s.at, why: s.why}
	}
	v, ok := parse(s.value)
	if !ok {
		return Unknown[T](s.at, name+" is not "+wants)
	}
	return Setting[T]{value: v, state: s.state, at: s.at}
}

// Or returns s, or the default v where s is absent.
func (s Setting[T]) Or(v T) Setting[T] {
	if s.state == absent {
		return Default(v, s.at)
	}
	return s
}

// Known returns the value if it is written or a default.
func (s Setting[T]) Known() (v T, ok bool) {
	return s.value, s.state == written || s.state == byDefault
}

// Written reports whether the directive is written with a known value.
func (s Setting[T]) Written() bool { return s.state == written }

// Absent reports whether the directive is not set and has no default.
func (s Setting[T]) Absent() bool { return s.state == absent }

// At returns where the directive is written, else the header that lacks it.
func (s Setting[T]) At() Span { return s.at }

// Why returns the reason for which the value is unknown, and "" for any other
// state.
func (s Setting[T]) Why() string { return s.why }
