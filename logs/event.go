// Package logs reads the logs of nginx, PHP-FPM, Apache, the kernel, systemd and cloudflared in
// every form in which people have them, and returns the lines that matter to a 502 as events.
package logs

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/servers"
)

// Event is one line that matters.
type Event struct {
	// Row is what the line is; nil for a line of an access log.
	Row *servers.Signature
	At  Place
	// Writer is the container, pod or unit that the line is of, as its prefix names it; "" if it
	// names none.
	Writer string
	// Time is when the line was written, as far as Clock tells.
	Time  time.Time
	Clock Clock
	// Text is the line without what other programs put before it, at most MaxText bytes.
	Text string
	// Request is the request that the line is about; its fields are "" where the line names none.
	Request Request

	values []string // of the groups of Row
}

// MaxText is how many bytes of a line are kept.
const MaxText = 4 << 10

// Place is a line of a log.
type Place struct {
	File string // as the user named it
	Line int    // from 1
}

// Clock says what the time of a line is relative to.
type Clock uint8

// The clocks.
const (
	NoClock Clock = iota // the line has no time
	Zoned                // the line has a zone, or seconds since 1970
	Local                // the line has no zone: Time is in that of Options
	Boot                 // Time is the seconds since the machine started, after the year 1
)

// Request is one request of a client.
type Request struct {
	Client   string // address
	Server   string // the first server_name of the site, or the host of an access log that has it
	Host     string // as the client sent it; in a line of Apache that of the page that led there
	Method   string
	URI      string // with its query string
	Upstream string // as the log writes it, such as fastcgi://unix:/run/php/php8.3-fpm.sock:
	Status   int    // what the client got, in an access log; 0 otherwise
	// UpstreamStatus is what the upstreams answered, in an access log that has it: "502, 200".
	UpstreamStatus string
}

// Field returns what a group of Row matched; "" for nothing, and if Row has no such group.
func (e *Event) Field(name string) string {
	if e.Row == nil {
		return ""
	}
	for i, group := range table().groups[e.Row] {
		if group == name && i < len(e.values) {
			return e.values[i]
		}
	}
	return ""
}

// Clip returns a copy of an event that shares no memory with the log, and how many bytes its texts
// have: each at most n.
func (e *Event) Clip(n int) (kept Event, size int) {
	keep := func(text string) string {
		text = strings.Clone(Clip(text, n))
		size += len(text)
		return text
	}
	kept = *e
	kept.Writer, kept.Text = keep(e.Writer), keep(e.Text)
	r := &kept.Request
	for _, s := range []*string{&r.Client, &r.Server, &r.Host, &r.Method, &r.URI, &r.Upstream, &r.UpstreamStatus} {
		*s = keep(*s)
	}
	kept.values = make([]string, len(e.values))
	for i, value := range e.values {
		kept.values[i] = keep(value)
	}
	return kept, size
}

// Clip returns the first n bytes of a text, or as many fewer as the last character needs.
func Clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for end := n; end > max(0, n-utf8.UTFMax); end-- {
		if utf8.RuneStart(text[end]) {
			return text[:end]
		}
	}
	return text[:n]
}

// Options say how to read what a log leaves out.
type Options struct {
	// Zone is that of times without one; nil: UTC.
	Zone *time.Location
	// Now is today: times without a year are of the year before it. Zero: they have no clock.
	Now time.Time
	// Since and Until bound the events that are returned; zero: no bound. Events without a time
	// are returned.
	Since, Until time.Time
	// Live is that the log is being written: lines that a slow reader has given are not held up,
	// and none was pasted.
	Live bool
}

// Stats say what was in a log.
type Stats struct {
	Bytes, Lines int64
	// Events are the lines that matter, and Access the lines of an access log.
	Events, Access int64
	// Outside are the lines that matter and that the options leave out for their time.
	Outside int64
	// Strange are lines of a server that look like a failure and match no known row; Samples are
	// some of them.
	Strange int64
	Samples []Sample
	// First and Last are the times of the first and the last line that has one.
	First, Last time.Time
	// LastServed is when an access log last shows an answer of PHP: a path that ends in .php, in a
	// slash or without an extension, and a status below 400, not after Options.Until; zero for never.
	LastServed time.Time
	// ServedLine is the line of LastServed, from 1; 0 for none.
	ServedLine int64
}

// Add adds what was in more of the log. Its ServedLine counts from the first line of the whole.
func (s *Stats) Add(more Stats) {
	s.Bytes += more.Bytes
	s.Lines += more.Lines
	s.Events += more.Events
	s.Access += more.Access
	s.Strange += more.Strange
	s.Outside += more.Outside
	s.Samples = append(s.Samples, more.Samples[:min(len(more.Samples), maxSamples-len(s.Samples))]...)
	if s.First.IsZero() {
		s.First = more.First
	}
	if !more.Last.IsZero() {
		s.Last = more.Last
	}
	if !more.LastServed.IsZero() {
		s.LastServed, s.ServedLine = more.LastServed, more.ServedLine
	}
}

// Sample is a line that is quoted.
type Sample struct {
	At   Place
	Text string
}
