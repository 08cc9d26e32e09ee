package servers

import (
	"strconv"
	"strings"
)

// NginxValue is what an argument of a directive must be; 0 for anything.
type NginxValue uint8

// The kinds of values.
const (
	NginxFlag    NginxValue = iota + 1 // on or off
	NginxSize                          // bytes, with k or m
	NginxOffset                        // bytes, with k, m or g
	NginxTime                          // with units, or seconds
	NginxSeconds                       // the same without milliseconds
	NginxNumber                        // decimal
	NginxBuffers                       // two arguments: a number and a size
	NginxPool                          // the size of a memory pool, a multiple of 16 bytes
	NginxProbes                        // the times and the count of TCP keepalive: 30m::10
	NginxPower                         // a size that is a power of two
)

// nginxValueOf returns the kind of values that a mark names; 0 for other marks.
func nginxValueOf(mark string) NginxValue {
	switch mark {
	case "flag":
		return NginxFlag
	case "size":
		return NginxSize
	case "offset":
		return NginxOffset
	case "time":
		return NginxTime
	case "sec":
		return NginxSeconds
	case "number":
		return NginxNumber
	case "buffers":
		return NginxBuffers
	case "pool":
		return NginxPool
	case "probes":
		return NginxProbes
	case "power":
		return NginxPower
	}
	return 0
}

// NginxRange is what a number, a size or a time may be, both ends included. Zero is any.
type NginxRange struct {
	From, To int64 // To is 0 for no end
}

// nginxRange reads a range such as 400-599, or 1- for one without an end.
func nginxRange(text string) NginxRange {
	low, high, _ := strings.Cut(text, "-")
	from, _ := strconv.ParseInt(low, 10, 64)
	to, _ := strconv.ParseInt(high, 10, 64)
	return NginxRange{from, to}
}

// Has reports whether n is in the range.
func (r NginxRange) Has(n int64) bool {
	return r.From <= n && (r.To == 0 || n <= r.To)
}

// String returns the range for a message, such as "from 1 to 9"; "" for any number.
func (r NginxRange) String() string {
	switch {
	case r.To != 0:
		return "from " + strconv.FormatInt(r.From, 10) + " to " + strconv.FormatInt(r.To, 10)
	case r.From != 0:
		return "of at least " + strconv.FormatInt(r.From, 10)
	}
	return ""
}

// NginxWord is one of the words that an argument may be, or the beginning of one: a name
// that ends in = or : has a value after it.
type NginxWord struct {
	Name      string
	Value     NginxValue // what follows the name; 0 for anything
	Range     NginxRange // of the value
	Elsewhere bool       // only systems other than Linux have it
	Since     string     // the version that added it; "" if it always existed
}

// Prefix reports whether a value follows the word.
func (w NginxWord) Prefix() bool {
	last := w.Name[len(w.Name)-1]
	return last == '=' || last == ':'
}

// In reports whether a version of nginx has the word.
func (w NginxWord) In(version string) bool { return NginxHas(version, w.Since, "") }

// nginxWords reads words with commas between them.
func nginxWords(text string) (words []NginxWord) {
	for text != "" {
		var word string
		word, text, _ = strings.Cut(text, ",")
		words = append(words, nginxWord(word))
	}
	return words
}

// nginxWord reads a word of the table: NAME, or NAME=KIND or NAME=KIND(RANGE), with ! for
// one that Linux does not have, and @VERSION for the one that added it.
func nginxWord(text string) (w NginxWord) {
	text, w.Since, _ = strings.Cut(text, "@")
	text, w.Elsewhere = strings.CutSuffix(text, "!")
	w.Name = text
	if i := max(strings.LastIndexByte(text, '='), strings.LastIndexByte(text, ':')); i >= 0 {
		kind, limits, limited := strings.Cut(text[i+1:], "(")
		if w.Value = nginxValueOf(kind); w.Value != 0 {
			w.Name = text[:i+1]
		}
		if limited {
			w.Range = nginxRange(strings.TrimSuffix(limits, ")"))
		}
	}
	return w
}

// Word returns the word of d that argument i is, counted from 0, and what follows it. ok
// is false if it may be none of them.
func (d *NginxDirective) Word(i int, text string) (word NginxWord, value string, ok bool) {
	if len(d.Words) == 0 || i < d.OfFrom {
		return NginxWord{}, "", true
	}
	for _, w := range d.Words {
		n := len(w.Name)
		if len(text) < n || !w.Prefix() && len(text) > n || text[:n] != w.Name && (d.Exact || !strings.EqualFold(text[:n], w.Name)) {
			continue
		}
		return w, text[n:], true
	}
	return NginxWord{}, "", false
}

// NginxHas reports whether a version of nginx may have what since added and until removed:
// 1.25 means any 1.25.x, and "" any version.
func NginxHas(version, since, until string) bool {
	return version == "" || !Older(version, since) && (until == "" || Older(version, until) || strings.HasPrefix(until, version+"."))
}
