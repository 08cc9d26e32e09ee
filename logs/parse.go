package logs

import (
	"html"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
)

// Parse reads one line that somebody pasted: it may be escaped for HTML or JSON, quoted as in an
// answer to a mail, wrapped, and cut at both ends. ok is false for a line that is not an event.
func Parse(line string, o Options) (e Event, ok bool) {
	for _, text := range forms(line) {
		w := worker{o: o}
		w.paste(text)
		if len(w.events) == 0 {
			w.silentRow(text)
		}
		if len(w.events) > 0 {
			e, ok = *w.events[0], true
			e.At = Place{}
			break
		}
	}
	switch {
	case !ok:
	case e.Row != nil && e.Row.Sign == servers.ResponseFooter && e.Text == e.Field("name"):
		return Event{}, false // the name of a server alone says nothing
	case e.Row == nil || e.Row.Sign != servers.NoSign:
		return e, true
	}
	// What was left of a special row may be a general one that means nothing.
	for _, text := range forms(line) {
		if special, found := cutEvent(text, &o, e.Row); found {
			return special, true
		}
	}
	if ok {
		return e, true
	}
	return leveled(line, o)
}

// leveled reads a line of PHP-FPM or nginx that is cut after its level.
func leveled(line string, o Options) (e Event, ok bool) {
	if h := strip(line, &o); h.by != 0 || h.clock != NoClock || strings.HasPrefix(h.text, "[") && !strings.HasPrefix(h.text, "[pool ") || shaped(h.text, "AAAAA: ") {
		return Event{}, false // it has one
	}
	for _, level := range []string{"ERROR: ", "ALERT: "} {
		// Of most lines about a pool the level alone tells that they are a refusal.
		if e, ok = Parse(level+line, o); ok && e.Row != nil && e.Row.Name != "fpm-refused-pool" {
			return e, true
		}
	}
	return Event{}, false
}

// silentRow records a line of which Read says nothing.
func (w *worker) silentRow(text string) {
	h := strip(text, &w.o)
	if e, v := w.event(&h); v == isSilent {
		w.events = append(w.events, e)
	}
}

// forms returns what a pasted line may have been before it was quoted.
func forms(line string) []string {
	text := strings.TrimSpace(line)
	if n := len(text); n > 1 && text[0] == text[n-1] && strings.IndexByte("\"'`", text[0]) >= 0 {
		text = text[1 : n-1]
	}
	all := []string{text}
	if strings.IndexByte(text, '&') >= 0 {
		all = append(all, html.UnescapeString(text))
	}
	if strings.IndexByte(text, '\\') >= 0 {
		all = append(all, unquoted.Replace(text))
	}
	return all
}
