package mutate

import "strings"

// apacheLine is one line of a file of Apache, without blanks around it.
type apacheLine struct {
	from, to int
	words    [][2]int // the first is the name, with "<" if the line is that of a section
}

// apacheLines returns the lines of a file, without comments.
func (f *draftFile) apacheLines() (lines []apacheLine) {
	offset := 0
	for text := range strings.Lines(f.text) {
		start := offset
		offset += len(text)
		trimmed := strings.TrimSpace(text)
		if trimmed == "" || trimmed[0] == '#' {
			continue
		}
		from := start + strings.Index(text, trimmed)
		l := apacheLine{from: from, to: from + len(trimmed)}
		end := l.to
		if trimmed[0] == '<' {
			end -= len(trimmed) - len(strings.TrimRight(trimmed, ">"))
		}
		l.words = wordsIn(f.text, from, end)
		lines = append(lines, l)
	}
	return lines
}

// wordsIn returns the words between two offsets: a quote at the start of a word holds it
// together.
func wordsIn(text string, from, to int) (words [][2]int) {
	for at := from; at < to; {
		switch c := text[at]; {
		case c == ' ' || c == '\t':
			at++
			continue
		case c == '"' || c == '\'':
			if end := strings.IndexByte(text[at+1:to], c); end >= 0 {
				words = append(words, [2]int{at, at + end + 2})
				at += end + 2
				continue
			}
		}
		end := strings.IndexAny(text[at:to], " \t")
		if end < 0 {
			end = to - at
		}
		words = append(words, [2]int{at, at + end})
		at += end
	}
	return words
}

// name returns the name of a line, with "<" or "</" if it is that of a section.
func (l apacheLine) name(f *draftFile) string {
	if len(l.words) == 0 {
		return ""
	}
	return f.text[l.words[0][0]:l.words[0][1]]
}

func (f *draftFile) apacheValues() (places []place) {
	for _, l := range f.apacheLines() {
		for i, w := range l.words {
			if i > 0 {
				places = append(places, place{f, w[0], w[1], l.name(f)})
			}
		}
	}
	return places
}

func (f *draftFile) apacheKeys() (places []place) {
	for _, l := range f.apacheLines() {
		if len(l.words) > 0 {
			places = append(places, place{f, l.words[0][0], l.words[0][1], l.name(f)})
		}
	}
	return places
}

func (f *draftFile) apacheStatements() (places []place) {
	for _, l := range f.apacheLines() {
		if name := l.name(f); !strings.HasPrefix(name, "<") {
			places = append(places, place{f, l.from, l.to, name})
		}
	}
	return places
}

// apacheSections returns the sections with their ends.
func (f *draftFile) apacheSections() (places []place) {
	var open []int // by number in places
	for _, l := range f.apacheLines() {
		switch name := l.name(f); {
		case strings.HasPrefix(name, "</"):
			if n := len(open); n > 0 {
				places[open[n-1]].to = l.to
				open = open[:n-1]
			}
		case strings.HasPrefix(name, "<"):
			open = append(open, len(places))
			places = append(places, place{f, l.from, l.to, name})
		}
	}
	return places
}
