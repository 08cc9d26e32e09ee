package logs

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
)

// verdict is what a line is.
type verdict uint8

const (
	isOther   verdict = iota
	isRow             // an event with a row
	isSilent          // a row that says nothing
	isFailure         // an event of an access log
	isAccess          // another line of an access log
	isStrange         // it looks like a failure and matches no known row
)

// event returns what a line is, and the event if it is one.
func (w *worker) event(h *head) (*Event, verdict) {
	if r, ok := h.access(&w.o); ok {
		if !failing(r.Status) {
			return nil, isAccess
		}
		return h.event(r), isFailure
	}
	if h.entry != nil || h.text == "" {
		return nil, isOther
	}
	// The time of an ErrorLogFormat "[%t] %M" of Apache is written as that of dmesg -T is.
	if h.by == 0 || h.by&byKernel != 0 && strings.Contains(h.text, "AH") {
		if by := guessed(h.text); by != 0 {
			h.by = by
		}
	}
	m := w.match(h)
	switch {
	case m.row == nil && h.strange():
		return nil, isStrange
	case m.row == nil || h.harmless():
		return nil, isOther
	}
	e := h.event(h.request(m))
	e.Row, e.values = m.row.Signature, m.values
	if m.row.silent {
		return e, isSilent
	}
	return e, isRow
}

// event returns an event of the line.
func (h *head) event(r Request) *Event {
	return &Event{Writer: h.writer, Time: h.time, Clock: h.clock, Text: clipped(h.text), Request: r}
}

// match returns the first row that a line matches. Most lines of nginx say what an earlier one
// said about another request.
func (w *worker) match(h *head) match {
	if h.by != byNginx {
		text := h.text
		if h.level != "" { // of which module of Apache a line is says what it means
			text = "[" + h.level + "] " + text
		}
		row, values := table().find(text, h.by)
		return match{row, values}
	}
	said, _, found := strings.Cut(h.text, ", client: ")
	key, ok := messageOf([]byte(said))
	if !found || !ok {
		row, values := table().find(h.text, h.by)
		return match{row, values}
	}
	if m, known := w.memo[message{key.level, string(key.text)}]; known {
		return m
	}
	row, values := table().find(said, h.by)
	if row != nil && !row.silent && !h.harmless() {
		w.remember(message{key.level, string(key.text)}, match{row, values})
	}
	return match{row, values}
}

// harmless reports whether a line that looks like a row is about no request of a client.
func (h *head) harmless() bool {
	return unrelated(h.text) || h.by == byNginx && strings.HasPrefix(h.text, "[debug] ")
}

// unrelated reports whether nginx says that a line is about something else than a request of HTTP.
func unrelated(text string) bool {
	return slices.ContainsFunc(servers.NginxUnrelated, func(mark string) bool { return strings.Contains(text, mark) })
}

// clipped returns the part of a line that is kept.
func clipped(text string) string {
	text = strings.TrimRight(text, "\r\n\x00 ")
	if len(text) <= MaxText {
		return text
	}
	return strings.Clone(Clip(text, MaxText))
}
