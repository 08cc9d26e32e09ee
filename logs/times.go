package logs

import (
	"strings"
	"sync"
	"time"
)

// stamp is a time at the start of a line.
type stamp struct {
	time  time.Time
	clock Clock
}

// number returns the decimal number that is the whole of text; -1 for anything else.
func number(text string) int {
	if text == "" || len(text) > 9 {
		return -1
	}
	n := 0
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return -1
		}
		n = n*10 + int(text[i]-'0')
	}
	return n
}

// shaped reports whether text begins with a form, in which 9 is any digit, A any letter
// and all else literal.
func shaped(text, form string) bool {
	if len(text) < len(form) {
		return false
	}
	for i := range len(form) {
		c := text[i]
		switch form[i] {
		case '9':
			if c < '0' || c > '9' {
				return false
			}
		case 'A':
			if c|0x20 < 'a' || c|0x20 > 'z' {
				return false
			}
		default:
			if c != form[i] {
				return false
			}
		}
	}
	return true
}

const months = "JanFebMarAprMayJunJulAugSepOctNovDec"

// month returns the month of a name of three letters; 0 for another word.
func month(name string) time.Month {
	if i := strings.Index(months, name); len(name) == 3 && i >= 0 && i%3 == 0 {
		return time.Month(i/3 + 1)
	}
	return 0
}

// weekday reports whether text begins with the short name of a day and a space.
func weekday(text string) bool {
	if len(text) < 4 || text[3] != ' ' {
		return false
	}
	switch text[:3] {
	case "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun":
		return true
	}
	return false
}

// clockTime reads 15:04:05 with a fraction of . or , and returns its length; 0 for another text.
func clockTime(text string) (h, m, s, ns, n int) {
	if !shaped(text, "99:99:99") {
		return 0, 0, 0, 0, 0
	}
	h, m, s = number(text[:2]), number(text[3:5]), number(text[6:8])
	if h > 23 || m > 59 || s > 60 {
		return 0, 0, 0, 0, 0
	}
	n = 8
	if n+1 < len(text) && (text[n] == '.' || text[n] == ',') && digit(text[n+1]) {
		n++
		for unit := 100_000_000; n < len(text) && digit(text[n]); n++ {
			ns += unit * int(text[n]-'0')
			unit /= 10
		}
	}
	return h, m, s, ns, n
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// zone reads Z, +01:00, +0100, +01, UTC or GMT and returns its length; 0 for none.
func zone(text string) (*time.Location, int) {
	switch {
	case strings.HasPrefix(text, "UTC"), strings.HasPrefix(text, "GMT"):
		return time.UTC, 3
	case strings.HasPrefix(text, "Z"):
		return time.UTC, 1
	}
	for _, form := range [...]string{"99:99", "9999", "99"} {
		if len(text) > 0 && (text[0] == '+' || text[0] == '-') && shaped(text[1:], form) {
			n := len(form)
			seconds := number(text[1:3]) * 3600
			if n > 2 {
				seconds += number(text[n-1:n+1]) * 60
			}
			if text[0] == '-' {
				seconds = -seconds
			}
			if seconds == 0 {
				return time.UTC, n + 1
			}
			return time.FixedZone("", seconds), n + 1
		}
	}
	return nil, 0
}

// zoneName returns the length of the name of a zone after a time, with the space before it; 0 for
// none. The name tells nothing about the offset, but journalctl writes the zone of the machine.
func zoneName(text string) int {
	if len(text) < 4 || text[0] != ' ' {
		return 0
	}
	n := 1
	for n < len(text) && text[n] >= 'A' && text[n] <= 'Z' {
		n++
	}
	if n < 4 || n > 6 || n == len(text) || text[n] != ' ' {
		return 0
	}
	return n
}

// at returns the time of a date in a zone, which is that of the options if nil; it has no clock
// if the day does not exist.
func (o *Options) at(year int, mon time.Month, day, h, m, s, ns int, in *time.Location) stamp {
	clock := Zoned
	if in == nil {
		clock, in = Local, o.Zone
		if in == nil {
			in = time.UTC
		}
	}
	if mon < 1 || mon > 12 || day < 1 || day > 31 {
		return stamp{}
	}
	t := time.Date(year, mon, day, h, m, s, ns, in)
	if day > 28 && time.Date(year, mon, day, 0, 0, 0, 0, time.UTC).Day() != day {
		return stamp{}
	}
	return stamp{t, clock}
}

// isoTime reads 2026-11-26T13:32:59.123+01:00, with a space in place of T, and without zone, and
// returns its length; 0 for another text.
func (o *Options) isoTime(text string) (stamp, int) {
	if !shaped(text, "9999-99-99") || len(text) < 19 || text[10] != 'T' && text[10] != ' ' {
		return stamp{}, 0
	}
	h, m, s, ns, n := clockTime(text[11:])
	if n == 0 {
		return stamp{}, 0
	}
	n += 11
	rest := text[n:]
	in, size := zone(rest)
	if size == 0 && strings.HasPrefix(rest, " ") {
		if in, size = zone(rest[1:]); size > 0 {
			size++
		}
	}
	n += size
	return o.at(number(text[:4]), time.Month(number(text[5:7])), number(text[8:10]), h, m, s, ns, in), n
}

// nginxTime reads 2026/11/26 13:32:59 and returns its length; 0 for another text.
func (o *Options) nginxTime(text string) (stamp, int) {
	if !shaped(text, "9999/99/99 99:99:99") {
		return stamp{}, 0
	}
	h, m, s, ns, n := clockTime(text[11:])
	if n == 0 {
		return stamp{}, 0
	}
	return o.at(number(text[:4]), time.Month(number(text[5:7])), number(text[8:10]), h, m, s, ns, nil), 11 + n
}

// syslogTime reads Nov 26 13:32:59 and returns its length; 0 for another text.
func (o *Options) syslogTime(text string) (stamp, int) {
	if len(text) < 15 || text[3] != ' ' {
		return stamp{}, 0
	}
	mon := month(text[:3])
	day := number(strings.TrimLeft(text[4:6], " "))
	if mon == 0 || day < 1 {
		return stamp{}, 0
	}
	i := 7
	if text[6] != ' ' {
		return stamp{}, 0
	}
	h, m, s, ns, n := clockTime(text[i:])
	if n == 0 {
		// Nov 26 2026 13:32:59 is what some devices write.
		if !shaped(text[i:], "9999 ") {
			return stamp{}, 0
		}
		if h, m, s, ns, n = clockTime(text[i+5:]); n == 0 {
			return stamp{}, 0
		}
		return o.at(number(text[i:i+4]), mon, day, h, m, s, ns, nil), i + 5 + n
	}
	return o.yearless(mon, day, h, m, s, ns), i + n
}

// yearless returns the last time at or before Now that has the date.
func (o *Options) yearless(mon time.Month, day, h, m, s, ns int) stamp {
	if o.Now.IsZero() {
		return stamp{}
	}
	year := o.Now.Year()
	for back := range 9 { // the 29th of February is missing for up to eight years
		st := o.at(year-back, mon, day, h, m, s, ns, nil)
		if st.clock != NoClock && !st.time.After(o.Now) {
			return st
		}
	}
	return stamp{}
}

// asctime reads Thu Nov 26 13:31:08.742170 2026, without the day of the week as well, and returns
// its length; 0 for another text.
func (o *Options) asctime(text string) (stamp, int) {
	if !weekday(text) {
		return stamp{}, 0
	}
	rest := text[4:]
	if len(rest) < 20 || rest[3] != ' ' || rest[6] != ' ' {
		return stamp{}, 0
	}
	mon, day := month(rest[:3]), number(strings.TrimLeft(rest[4:6], " "))
	h, m, s, ns, n := clockTime(rest[7:])
	if mon == 0 || day < 1 || n == 0 || !shaped(rest[7+n:], " 9999") {
		return stamp{}, 0
	}
	end := 7 + n + 5
	return o.at(number(rest[end-4:end]), mon, day, h, m, s, ns, nil), 4 + end
}

// dayTime reads 26-Nov-2026 13:20:09.123456 with a zone after a space, or
// 26/Nov/2026:13:20:09 +0000, and returns its length; 0 for another text.
func (o *Options) dayTime(text string) (stamp, int) {
	if !shaped(text, "99-AAA-9999 ") && !shaped(text, "99/AAA/9999:") {
		return stamp{}, 0
	}
	h, m, s, ns, n := clockTime(text[12:])
	mon := month(text[3:6])
	if n == 0 || mon == 0 {
		return stamp{}, 0
	}
	n += 12
	var in *time.Location
	if n < len(text) && text[n] == ' ' {
		if known, size := zone(text[n+1:]); size > 0 {
			in = known
			n += 1 + size
		} else if end := strings.IndexByte(text[n:], ']'); end > 0 && end < 40 {
			in = o.zoneNamed(text[n+1 : n+end])
			n += end
		}
	}
	return o.at(number(text[7:11]), mon, number(text[:2]), h, m, s, ns, in), n
}

// Zone returns the zone of a name such as Europe/Berlin, UTC or +02:00.
func Zone(name string) (*time.Location, error) {
	if at, err := time.Parse("-07:00", name); err == nil {
		return at.Location(), nil
	}
	return time.LoadLocation(name)
}

// zones are those of named, at most maxZones; nil for a name that the machine does not know.
var zones struct {
	sync.Mutex
	named map[string]*time.Location
}

// maxZones is how many names are looked up: each reads files.
const maxZones = 64

// zoneNamed returns the zone with a name of the form that PHP writes, Europe/Berlin; nil if neither the
// options nor the machine know it.
func (o *Options) zoneNamed(name string) *time.Location {
	if o.Zone != nil && name == o.Zone.String() {
		return o.Zone
	}
	if strings.IndexByte(name, '/') < 0 {
		return nil
	}
	zones.Lock()
	defer zones.Unlock()
	zone, known := zones.named[name]
	if known || len(zones.named) >= maxZones {
		return zone
	}
	if zones.named == nil {
		zones.named = map[string]*time.Location{}
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		zone = nil
	}
	zones.named[name] = zone
	return zone
}

// seconds reads a number with a fraction, such as 1795699189.622679, and returns its length; 0
// for another text.
func seconds(text string) (whole int64, ns int, n int) {
	for n < len(text) && n < 12 && digit(text[n]) {
		whole = whole*10 + int64(text[n]-'0')
		n++
	}
	if n == 0 || n+1 >= len(text) || text[n] != '.' || !digit(text[n+1]) {
		return 0, 0, 0
	}
	n++
	for unit := 100_000_000; n < len(text) && digit(text[n]); n++ {
		ns += unit * int(text[n]-'0')
		unit /= 10
	}
	return whole, ns, n
}

// sinceBoot returns the time of a clock that starts with the machine.
func sinceBoot(whole int64, ns int) stamp {
	return stamp{time.Time{}.Add(time.Duration(whole)*time.Second + time.Duration(ns)), Boot}
}

// sinceEpoch returns the time of seconds since 1970.
func sinceEpoch(whole int64, ns int) stamp {
	return stamp{time.Unix(whole, int64(ns)).UTC(), Zoned}
}
