package logs

import (
	"bytes"
	"strings"
)

// message is what a line of nginx says, without the numbers before it and the request.
type message struct {
	level [2]byte
	text  string
}

// said is a message in a line.
type said struct {
	level [2]byte
	text  []byte
}

// match is what a line was found to be.
type match struct {
	row    *row
	values []string
}

// maxMemo is how many messages a worker remembers.
const maxMemo = 512

// remember keeps what a message was found to be.
func (w *worker) remember(key message, m match) {
	if w.memo == nil || len(w.memo) >= maxMemo {
		w.memo = map[message]match{}
	}
	for i := range m.values {
		m.values[i] = strings.Clone(m.values[i])
	}
	w.memo[key] = m
}

// messageOf returns the message of [error] 123#123: *45 message.
func messageOf(line []byte) (m said, ok bool) {
	i := bytes.Index(line, []byte(": *"))
	if i < 0 || len(line) < 3 || line[0] != '[' {
		return m, false
	}
	m.text = line[i+3:]
	if i = bytes.IndexByte(m.text, ' '); i < 0 {
		return m, false
	}
	m.text = m.text[i+1:]
	m.level = [2]byte{line[1], line[2]}
	return m, true
}

// nginx looks at a line of nginx that begins with its date; level is the first letter of its
// level.
func (w *worker) nginx(level byte, line []byte) {
	if level == 'd' {
		return
	}
	text := line[20:]
	client := bytes.Index(text, clientMark)
	if client >= 0 {
		text = text[:client]
		if key, ok := messageOf(text); ok {
			if m, known := w.memo[message{key.level, string(key.text)}]; known && len(line) <= MaxText {
				w.again(line, m, client)
				return
			}
		}
	}
	var set rowSet
	t := table()
	t.needles.scan(text, &set)
	if !set.within(&t.silent) {
		w.look(string(line))
		return
	}
	if set == (rowSet{}) && strangeNginx(level, text) {
		w.suspect(line[20:])
	}
}

// again records a line with a message that is known; client is where in it the request begins,
// from the level on.
func (w *worker) again(line []byte, m match, client int) {
	if w.date != string(line[:19]) {
		w.date = string(line[:19])
		w.stamp, _ = w.o.nginxTime(w.date)
	}
	text := strings.TrimRight(unescaped(string(line[20:])), "\r\n\x00 ")
	if unrelated(text) {
		return
	}
	e := &Event{Row: m.row.Signature, Time: w.time, Clock: w.clock, Text: text, values: m.values}
	e.At.Line = int(w.lines)
	e.Request = nginxRequest(text[min(client, len(text)):])
	w.events = append(w.events, e)
}
