package logs

import "strings"

// afterTime takes away what follows a time: the stream of a container, or a host and a tag.
func (h *head) afterTime() bool {
	for _, stream := range [...]string{"stdout F ", "stderr F ", "stdout P ", "stderr P "} {
		if rest, ok := strings.CutPrefix(h.text, stream); ok {
			h.text, h.timed = rest, true
			return true
		}
	}
	for _, l := range levelWords {
		if strings.HasPrefix(h.text, l.word) {
			if l.by != 0 {
				h.by = l.by
			}
			return false
		}
	}
	return h.tag(false) || h.tag(true)
}

// levelWords are levels that programs write after a time, where syslog has a host: those of
// cloudflared, and those of supervisord, which others have as well.
var levelWords = [...]struct {
	word string
	by   programs
}{
	{"ERR ", byCloudflared}, {"WRN ", byCloudflared}, {"INF ", byCloudflared}, {"DBG ", byCloudflared}, {"FTL ", byCloudflared},
	{"INFO ", 0}, {"WARN ", 0}, {"CRIT ", 0},
}

// tag takes a host, if there is to be one, and a tag of syslog away: web1 php-fpm8.2[123]: .
func (h *head) tag(host bool) bool {
	text := h.text
	if host {
		n := span(text, "._-")
		if n == 0 || n == len(text) || text[n] != ' ' || text[:n] == "PHP" {
			return false
		}
		text = strings.TrimLeft(text[n:], " ")
	}
	n := span(text, "._-/()@\\")
	if n == 0 {
		return false
	}
	name, rest := text[:n], text[n:]
	pid := false
	if strings.HasPrefix(rest, "[") {
		end := strings.IndexByte(rest, ']')
		if end < 0 || number(rest[1:end]) < 0 {
			return false
		}
		rest, pid = rest[end+1:], true
	}
	if rest != ":" && !strings.HasPrefix(rest, ": ") {
		return false
	}
	by := programTagged(name)
	if !host && !pid && by == 0 || !host && strings.HasSuffix(name, ".service") || !host && pid && notTag(rest) {
		return false
	}
	h.tagged(name, by)
	h.text = strings.TrimLeft(rest[1:], " ")
	return true
}

// notTag reports whether the text after NAME[PID]: makes it a line of the kernel about a process.
func notTag(rest string) bool {
	return strings.HasPrefix(rest, ": segfault at ") || strings.HasPrefix(rest, ": unhandled ")
}

// tagged says what the tag of a line tells: a program, or the unit or container that it is of.
func (h *head) tagged(name string, by programs) {
	if by != 0 {
		h.by = by
	}
	if h.writer == "" && (by == 0 || strings.HasSuffix(name, ".service")) && name != "-" {
		h.writer = name
	}
}

// span returns the length of the letters, digits and the bytes of also at the start of text.
func span(text, also string) int {
	for i := range len(text) {
		c := text[i]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || digit(c) || strings.IndexByte(also, c) >= 0 {
			continue
		}
		return i
	}
	return len(text)
}

// priority takes <30> of syslog away, and the rest of the head in the form of RFC 5424; or the mark of
// curl -v before a line of a response.
func (h *head) priority(o *Options) {
	if rest, ok := strings.CutPrefix(h.text, "< "); ok {
		h.text = rest
		return
	}
	end := strings.IndexByte(h.text, '>')
	if end < 2 || end > 4 || number(h.text[1:end]) < 0 {
		return
	}
	h.text = h.text[end+1:]
	rest, ok := strings.CutPrefix(h.text, "1 ")
	if !ok {
		return
	}
	fields := strings.SplitN(rest, " ", 6)
	if len(fields) < 6 {
		return
	}
	if s, n := o.isoTime(fields[0]); n > 0 {
		h.take(s)
	}
	h.tagged(fields[2], programTagged(fields[2]))
	h.text = withoutData(fields[5])
}

// withoutData takes the structured data of RFC 5424 away.
func withoutData(text string) string {
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		return strings.TrimPrefix(rest, " ")
	}
	quoted := false
	for i := 0; i < len(text) && text[0] == '['; i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == '"':
			quoted = !quoted
		case text[i] == ']' && !quoted && (i+1 == len(text) || text[i+1] != '['):
			return strings.TrimPrefix(text[i+1:], " ")
		}
	}
	return text
}
