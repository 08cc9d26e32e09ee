package logs

import "strings"

// head is a line without what other programs put before it, and what they say.
type head struct {
	text string
	stamp
	by     programs
	writer string
	// timed is that the last thing that was taken away is a time, after which syslog and the
	// journal have a host and a tag.
	timed bool
	// level is what Apache writes after the date: proxy_fcgi:error.
	level string
	// errors is that the line is of an error log.
	errors bool
	// quoted is that somebody had put the line into a string, an object or HTML.
	quoted bool
	// entry is the object of JSON that the line is.
	entry *entry
}

// maxPrefixes is how many prefixes are taken away from one line.
const maxPrefixes = 12

// strip takes the prefixes away from a line.
func strip(text string, o *Options) head {
	h := head{text: text}
	if strings.IndexByte(text, 0x1b) >= 0 {
		h.text = withoutColours(text)
	}
	h.strip(o)
	return h
}

// within returns a part of the text of h, which has the same prefixes, and what follows from its
// own.
func (h *head) within(part string, o *Options) head {
	inner := head{text: part, stamp: h.stamp, by: h.by, writer: h.writer, quoted: h.quoted}
	inner.strip(o)
	return inner
}

// strip takes the prefixes away.
func (h *head) strip(o *Options) {
	for range maxPrefixes {
		before := len(h.text)
		h.step(o)
		if len(h.text) == before {
			break
		}
	}
	text := unescaped(h.text)
	h.text, h.quoted = text, h.quoted || text != h.text
}

// step takes one prefix away, if there is one that is known.
func (h *head) step(o *Options) {
	h.text = strings.TrimLeft(h.text, " \t\r\n\x00\ufeff")
	if h.text == "" {
		return
	}
	timed := h.timed
	h.timed = false
	if timed && h.afterTime() {
		return
	}
	switch c := h.text[0]; {
	case c == '>':
		h.text = h.text[1:]
	case c == '<':
		h.priority(o)
	case c == '{':
		h.object(o)
	case c == '"':
		h.member()
	case c == '[':
		h.bracket(o)
	case digit(c):
		h.digits(o)
	default:
		h.word(o)
	}
}

// clocked takes a time of n bytes away.
func (h *head) clocked(s stamp, n int) {
	h.text = h.text[n:]
	h.take(s)
	h.timed = true
}

// take keeps the better one of two times: one with a zone, else the one of the writer itself.
func (h *head) take(s stamp) {
	switch {
	case s.clock == NoClock, h.clock == Zoned, h.clock == Local && s.clock == Boot:
	default:
		h.stamp = s
	}
}

// bracket takes [pod/NAME/CONTAINER], a date or the seconds of the kernel away.
func (h *head) bracket(o *Options) {
	end := strings.IndexByte(h.text, ']')
	if end < 0 || end > 200 {
		return
	}
	inner, rest := h.text[1:end], h.text[end+1:]
	if name, ok := strings.CutPrefix(inner, "pod/"); ok {
		h.writer, h.text = name, rest
		return
	}
	if s, n := o.dayTime(h.text[1:]); n > 0 && n == len(inner) {
		h.text = rest
		h.take(s)
		if inner[2] == '-' {
			h.by, h.errors = byFPM, true
		}
		return
	}
	if s, n := o.asctime(inner); n > 0 && n == len(inner) {
		h.text = rest
		h.take(s)
		if shaped(rest, " [A") || strings.HasPrefix(rest, " [:") { // of no module
			h.by, h.errors = byApache, true
			h.apache()
		} else if h.by == 0 {
			h.by = byKernel | byAudit | bySystemd
		}
		return
	}
	padded := strings.TrimLeft(inner, " ")
	if whole, ns, n := seconds(padded); n > 0 && n == len(padded) {
		h.text = rest
		h.take(sinceBoot(whole, ns))
		h.timed = true
		if h.by == 0 && !(&head{text: strings.TrimLeft(rest, " ")}).tag(true) {
			h.by = byKernel | byAudit | bySystemd
		}
	}
}

// apache takes the module, level, process and client away that follow the date.
func (h *head) apache() {
	for {
		text := strings.TrimLeft(h.text, " ")
		end := strings.IndexByte(text, ']')
		if !strings.HasPrefix(text, "[") || end < 0 || strings.HasPrefix(text, "[client ") {
			h.text = text
			return
		}
		if h.level == "" {
			h.level = text[1:end]
		}
		h.text = text[end+1:]
	}
}

// digits takes a time that begins with a digit away.
func (h *head) digits(o *Options) {
	if s, n := o.isoTime(h.text); n > 0 {
		h.clocked(s, n)
		return
	}
	if s, n := o.nginxTime(h.text); n > 0 {
		h.clocked(s, n)
		if strings.HasPrefix(h.text, " [") {
			h.by, h.errors, h.timed = byNginx, true, false
		}
		return
	}
	if whole, ns, n := seconds(h.text); n > 0 && whole > 1e8 && strings.HasPrefix(h.text[n:], " ") {
		h.clocked(sinceEpoch(whole, ns), n)
	}
}

// word takes what begins with a letter away: a date, the name of a container, a tag.
func (h *head) word(o *Options) {
	if s, n := o.syslogTime(h.text); n > 0 {
		h.clocked(s, n)
		return
	}
	if weekday(h.text) {
		if s, n := o.isoTime(h.text[4:]); n > 0 {
			h.clocked(s, 4+n+zoneName(h.text[4+n:]))
			return
		}
		if s, n := o.asctime(h.text); n > 0 {
			h.text = h.text[n:]
			h.take(s)
			return
		}
	}
	if strings.HasPrefix(h.text, "type=") || strings.HasPrefix(h.text, "audit: type=") {
		h.audit()
		return
	}
	for _, name := range [...]string{"MESSAGE=", "node="} { // of journalctl -o verbose and export, and of ausearch
		if rest, ok := strings.CutPrefix(h.text, name); ok {
			if name == "node=" {
				_, rest, _ = strings.Cut(rest, " ")
			}
			h.text = rest
			return
		}
	}
	n := span(h.text, "._-@") // docker service logs has NAME@NODE
	if rest := strings.TrimLeft(h.text[n:], " "); n > 0 && strings.HasPrefix(rest, "| ") {
		h.writer, h.text = h.text[:n], rest[2:]
		return
	}
	h.tag(false)
}

// audit reads the time of type=AVC msg=audit(1700000000.123:456), which stays.
func (h *head) audit() {
	h.by = byAudit
	if _, rest, ok := strings.Cut(h.text, "audit("); ok {
		if whole, ns, n := seconds(rest); n > 0 {
			h.take(sinceEpoch(whole, ns))
		}
	}
}

// withoutColours takes the escapes away with which docker compose colours a name.
func withoutColours(text string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(text, "\x1b[")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		n := 0
		for n < len(after) && (digit(after[n]) || after[n] == ';') {
			n++
		}
		text = after[min(n+1, len(after)):]
	}
}
