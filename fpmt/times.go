package fpmt

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/ini"
)

// plainTime reports whether PHP-FPM uses all of a time: digits and one unit.
func plainTime(text string) bool {
	digits := strings.TrimRight(text, "smhd")
	return digits != "" && len(text)-len(digits) <= 1 && strings.Trim(digits, "0123456789") == ""
}

// misreadTime records a time that PHP-FPM accepts and reads in its own way.
func (j *judge) misreadTime(e *fpm.Entry, v ini.Value) {
	seconds, ok := fpm.Seconds(v.Text)
	if !ok || e.Lost || v.Text == "" || plainTime(v.Text) || hashTail(v) >= 0 || len(j.MisreadTimes) >= maxRefusals {
		return
	}
	j.MisreadTimes = append(j.MisreadTimes, MisreadTime{spelled(e), v.At, v.Text, seconds, meantTime(v.Text)})
}

// timeParts matches a time as other programs accept it, such as 1h30m, 1.5s and
// 500ms.
var timeParts = lazyregexp.New(`^(?:\d+(?:\.\d+)?(?:ms|[smhd]|$) ?)+$`)

var timePart = lazyregexp.New(`(\d+(?:\.\d+)?)(ms|[smhd]|$)`)

var unitSeconds = map[string]float64{"": 1, "ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}

func meantTime(text string) (seconds float64) {
	if !timeParts.MatchString(text) {
		return 0
	}
	for _, part := range timePart.FindAllStringSubmatch(text, -1) {
		n, err := strconv.ParseFloat(part[1], 64)
		if err != nil {
			return 0
		}
		seconds += n * unitSeconds[part[2]]
	}
	return seconds
}
