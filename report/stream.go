package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strings"
)

// list is a JSON list whose elements are made when they are written: a report may have
// more findings than fit into memory as JSON. It is written as one only where WriteJSON
// finds it: as the value itself, or in a field of it.
type list struct {
	size int
	at   func(i int) any
}

// listOf returns the list of f of each element.
func listOf[A, B any](in []A, f func(A) B) list {
	return list{len(in), func(i int) any { return f(in[i]) }}
}

// and returns the list with one more element.
func (l list) and(last any) list {
	return list{l.size + 1, func(i int) any {
		if i == l.size {
			return last
		}
		return l.at(i)
	}}
}

// WriteJSON writes v as all JSON of the project is written: with indents, with < and &
// as they are, and with escapes for everything that does not print. The error is that
// of w.
func WriteJSON(w io.Writer, v any) error {
	e := &encoder{Writer: bufio.NewWriter(w)}
	if l, ok := v.(list); ok {
		e.list(l, "")
	} else if fields := fieldsOf(v); fields != nil {
		e.object(fields)
	} else {
		e.value(v, "")
	}
	e.WriteByte('\n')
	if e.err != nil {
		return e.err
	}
	return e.Flush()
}

// encoder writes one value after the other.
type encoder struct {
	*bufio.Writer
	buffer bytes.Buffer
	err    error // the first of json
}

// field is a field of a struct as it is written.
type field struct {
	name  string
	value any
}

// fieldsOf returns the fields of a struct that has a list; nil for any other value.
func fieldsOf(v any) (fields []field) {
	s := reflect.ValueOf(v)
	if s.Kind() != reflect.Struct {
		return nil
	}
	lists := false
	for i := range s.NumField() {
		name, options, _ := strings.Cut(s.Type().Field(i).Tag.Get("json"), ",")
		if options == "omitempty" && s.Field(i).IsZero() {
			continue
		}
		if s.Field(i).Type() == reflect.TypeFor[list]() {
			lists = true
		} else if name == "" {
			return nil
		}
		fields = append(fields, field{name, s.Field(i).Interface()})
	}
	if !lists {
		return nil
	}
	return fields
}

const indent = "  "

func (e *encoder) object(fields []field) {
	e.WriteString("{")
	for i, f := range fields {
		e.next(i, indent)
		e.value(f.name, indent)
		e.WriteString(": ")
		if l, ok := f.value.(list); ok {
			e.list(l, indent)
		} else {
			e.value(f.value, indent)
		}
	}
	e.WriteString("\n}")
}

func (e *encoder) list(l list, prefix string) {
	e.WriteString("[")
	for i := range l.size {
		e.next(i, prefix+indent)
		e.value(l.at(i), prefix+indent)
	}
	if l.size > 0 {
		e.WriteString("\n" + prefix)
	}
	e.WriteString("]")
}

// next starts the line of element i.
func (e *encoder) next(i int, prefix string) {
	if i > 0 {
		e.WriteByte(',')
	}
	e.WriteString("\n" + prefix)
}

func (e *encoder) value(v any, prefix string) {
	e.buffer.Reset()
	j := json.NewEncoder(&e.buffer)
	j.SetEscapeHTML(false)
	j.SetIndent(prefix, indent)
	if err := j.Encode(v); e.err == nil {
		e.err = err
	}
	jsonEscaper{e.Writer}.Write(bytes.TrimSuffix(e.buffer.Bytes(), []byte("\n")))
}
