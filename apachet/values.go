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
		if n := apache.Int(d.Arg(0)); x.unset(d) || least <= n && n <= most {
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
		n, rest, digits, fits := apache.Number(d.Arg(0))
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
