package logs

import (
	"strings"

	"github.com/wp502lint/wp502lint/servers"
)

// wrapWidth is from how many columns on a program may have wrapped a line.
const wrapWidth = 62

// paste looks for events in what somebody may have pasted: mail programs and terminals wrap
// lines. The lines of one record are joined if the whole is a row that its first line is not, or
// tells more about the request.
func (w *worker) paste(text string) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if text == "" {
		return
	}
	for i := 0; i < len(lines); {
		n := w.wrapped(lines[i:])
		w.lines++
		if n == 1 || !w.joined(lines[i:i+n]) {
			w.pasted(lines[i][:min(len(lines[i]), maxLine)])
			i++
			continue
		}
		w.lines += int64(n - 1)
		i += n
	}
}

// pasted looks at one line, which may be cut at its end, as by a program that shows the part of a
// line that fits. Lines of nginx about a connection name the client unless they are cut.
func (w *worker) pasted(line string) {
	h := strip(line, &w.o)
	e, v := w.event(&h)
	if m := ofCode(h.text); m.row != nil && v != isRow {
		w.matched(&h, m)
		return
	}
	general := v == isRow && e.Row.Sign == servers.NoSign
	if v != isOther && v != isStrange && v != isSilent && !general || h.by == 0 || h.entry != nil ||
		h.by == byNginx && (strings.Contains(h.text, ", client: ") || !strings.Contains(h.text, ": *")) {
		w.line([]byte(line))
		return
	}
	var known *servers.Signature
	if e != nil {
		known = e.Row
	}
	m := cutMatch(&h, known, true)
	if m.row == nil {
		w.line([]byte(line))
		return
	}
	w.matched(&h, m)
}

// matched records a line as one of a row.
func (w *worker) matched(h *head, m match) {
	e := h.event(h.request(m))
	e.Row, e.values, e.At.Line = m.row.Signature, m.values, int(w.lines)
	w.events = append(w.events, e)
}

// maxWrapped is how many lines one record may have been wrapped into.
const maxWrapped = 24

// wrapped returns how many of some lines may be one record that was wrapped.
func (w *worker) wrapped(lines []string) int {
	n := 1
	for n < len(lines) && n < maxWrapped {
		before, line := unmailed(lines[n-1]), unmailed(lines[n])
		first, _, _ := strings.Cut(line, " ")
		if line == "" || len(before)+1+len(first) <= wrapWidth || w.starts(line) {
			break
		}
		n++
	}
	return n
}

// starts reports whether a line begins a record: it has a time, a tag or a level.
func (w *worker) starts(line string) bool {
	h := strip(line, &w.o)
	if h.clock != NoClock || h.by != 0 || h.writer != "" || h.entry != nil {
		return true
	}
	for _, level := range [...]string{"[error]", "[crit]", "[alert]", "[emerg]", "[warn]", "[notice]", "[info]", "ALERT:", "ERROR:", "WARNING:", "NOTICE:", "nginx: ", "*", "<"} {
		if strings.HasPrefix(h.text, level) {
			return true
		}
	}
	if _, access := h.access(&w.o); access || strings.HasPrefix(h.text, "node=") || len(h.text) < len(line) {
		return true
	}
	_, v := w.event(&h)
	return v == isRow || v == isSilent
}

// joined records some lines as one; it reports false, and records nothing, if they are not an event,
// or if that says no more than the first line.
func (w *worker) joined(lines []string) bool {
	first := strip(lines[0], &w.o)
	alone, _ := w.event(&first)
	if alone != nil && alone.Request.Client != "" && strings.HasSuffix(alone.Text, `"`) {
		return false // nothing is missing
	}
	for _, text := range unwrapped(lines) {
		h := strip(text, &w.o)
		e, v := w.event(&h)
		if v != isRow && v != isFailure {
			continue
		}
		if alone != nil && alone.Row == e.Row && alone.Request == e.Request {
			return false
		}
		w.record(&h)
		return true
	}
	return false
}

// unwrapped returns what a line may have been before it was wrapped, the likelier first: mail
// programs wrap at a space, terminals at their width.
func unwrapped(lines []string) []string {
	var mail, terminal strings.Builder
	width, least := 0, maxLine
	for _, line := range lines[:len(lines)-1] {
		width, least = max(width, len(line)), min(least, len(line))
	}
	for i, line := range lines {
		if i > 0 {
			mail.WriteByte(' ')
		}
		mail.WriteString(unmailed(line))
		terminal.WriteString(line)
		if i < len(lines)-1 {
			terminal.WriteString("   "[:min(3, width-len(line))]) // spaces at the end were lost
		}
	}
	switch {
	case width-least > 3:
		return []string{mail.String()}
	case width < 79:
		return []string{mail.String(), terminal.String()}
	}
	return []string{terminal.String(), mail.String()}
}

// unmailed returns a line without what mail programs put around it.
func unmailed(line string) string {
	line = strings.TrimSpace(line)
	for strings.HasPrefix(line, ">") {
		line = strings.TrimSpace(line[1:])
	}
	return line
}
