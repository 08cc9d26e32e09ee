package apachet

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/parser/apache"
)

// refuse returns that word i of d is refused: the whole directive if there is no such word.
func refuse(d *apache.Directive, i int, message, log string) *Refusal {
	at := d.At
	if i >= 0 && i < len(d.Args) {
		at = d.Args[i].At
	}
	return refusal(Directive, d, at, message, log)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// leading reads a number as C does: blanks, a sign, and digits up to any other character.
// Without a digit it is 0, and a number that does not fit is the greatest that does.
func leading(text string) (n int64, rest string, digits, fits bool) {
	rest = strings.TrimLeft(text, " \t\n\v\f\r")
	negative := strings.HasPrefix(rest, "-")
	if negative || strings.HasPrefix(rest, "+") {
		rest = rest[1:]
	}
	const most = 1<<63 - 1
	fits = true
	for rest != "" && isDigit(rest[0]) {
		digit := int64(rest[0] - '0')
		if n > (most-digit)/10 {
			n, fits = most, false
		} else if fits {
			n = n*10 + digit
		}
		rest, digits = rest[1:], true
	}
	if negative {
		n = -n
	}
	if !digits {
		rest = text
	}
	return n, rest, digits, fits
}

// integer reads an int as atoi of the C library does on Linux, with 32 bits.
func integer(text string) int {
	n, _, _, _ := leading(text)
	return int(int32(n))
}

// long reads a long as atol does, with 64 bits.
func long(text string) int64 {
	n, _, _, _ := leading(text)
	return n
}

// duration reads a time in microseconds, in a unit if it has none of its own: h, mi, s or ms,
// and whatever follows (httpd server/util.c, ap_timeout_parameter_parse).
func duration(text, unit string) (microseconds int64, ok bool) {
	n, rest, _, fits := leading(text)
	if rest == "" {
		rest = unit
	}
	factor := int64(0)
	switch {
	case rest[0] == 's':
		factor = 1_000_000
	case rest[0] == 'h':
		factor = 3_600_000_000
	case strings.HasPrefix(rest, "ms"):
		factor = 1000
	case strings.HasPrefix(rest, "mi"):
		factor = 60_000_000
	}
	if factor == 0 || !fits || n < 0 || n > (1<<63-1)/factor {
		return 0, false
	}
	return n * factor, true
}

// expected words what a directive takes, for a sentence.
func expected(d *apache.Directive, what, word string) string {
	return spelled(d) + " takes " + what + ", not " + quoted(word)
}

// oneOf checks that the first word is one of some.
func oneOf(log string, words ...string) check {
	return func(x *checker, d *apache.Directive, _ state) *Refusal {
		if x.unset(d) || isOneOf(d.Arg(0), words) {
			return nil
		}
		return refuse(d, 0, expected(d, typo.Either(words), d.Arg(0)), log)
	}
}

func isOneOf(word string, words []string) bool {
	return slices.ContainsFunc(words, func(known string) bool { return strings.EqualFold(word, known) })
}

// each checks every word of a directive.
func each(judge func(x *checker, d *apache.Directive, i int, s state) *Refusal) check {
	return func(x *checker, d *apache.Directive, s state) *Refusal {
		if x.unset(d) {
			return nil
		}
		for i := range d.Args {
			if r := judge(x, d, i, s); r != nil {
				return r
			}
		}
		return nil
	}
}

// optionsOf checks that every word is one of some, with a + or - before it if signs are
// allowed. The log has the word at its %.
func optionsOf(log string, signs bool, words ...string) check {
	return each(func(_ *checker, d *apache.Directive, i int, _ state) *Refusal {
		word := d.Args[i].Text
		if signs && word != "" && (word[0] == '+' || word[0] == '-') {
			word = word[1:]
		}
		if isOneOf(word, words) {
			return nil
		}
		return refuse(d, i, "unknown word "+quoted(word)+" in "+spelled(d)+typo.DidYouMean(word, words), strings.Replace(log, "%", word, 1))
	})
}

// number checks an int that has a least and a greatest value.
func number(least, most int, log string) check {
	what := "a number from " + decimal(least)
	if most < 1<<31-1 {
		what += " to " + decimal(most)
	}
	return func(x *checker, d *apache.Directive, _ state) *Refusal {
		if n := integer(d.Arg(0)); x.unset(d) || least <= n && n <= most {
			return nil
		}
		return refuse(d, 0, expected(d, what, d.Arg(0)), strings.Replace(log, "%", d.Arg(0), 1))
	}
}

// size checks a number of bytes that is 0 or has a least value; read reads it.
func size[T int | int64](read func(string) T, least T, log string) check {
	return func(x *checker, d *apache.Directive, _ state) *Refusal {
		if n := read(d.Arg(0)); x.unset(d) || n == 0 || n >= least {
			return nil
		}
		return refuse(d, 0, expected(d, "0 or at least "+decimal(int(least))+" bytes", d.Arg(0)), log)
	}
}

// whole checks a whole number that is not negative (httpd server/core.c, set_limit_req_body).
func whole(unreadable, negative string) check {
	return func(x *checker, d *apache.Directive, _ state) *Refusal {
		n, rest, digits, fits := leading(d.Arg(0))
		switch {
		case x.unset(d), digits && fits && rest == "" && n >= 0:
			return nil
		case !fits:
			return refuse(d, 0, expected(d, "a number that is not negative", d.Arg(0)), unreadable)
		}
		return refuse(d, 0, expected(d, "a number that is not negative", d.Arg(0)), negative)
	}
}

// around returns the innermost section around d that has one of the names; nil for none.
func around(d *apache.Directive, names ...string) *apache.Directive {
	for p := d.Parent; p != nil; p = p.Parent {
		if slices.Contains(names, p.Name) {
			return p
		}
	}
	return nil
}
