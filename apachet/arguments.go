package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
)

// counts is how many words a directive takes, and how httpd words it.
type counts struct {
	least, most int
	says        string
}

// says are how httpd words the ways of taking words (httpd server/config.c, invoke_cmd).
var says = map[httpd.Args]string{
	httpd.None: "takes no arguments", httpd.Take1: "takes one argument", httpd.Take2: "takes two arguments", httpd.Take3: "takes three arguments",
	httpd.Take12: "takes 1-2 arguments", httpd.Take23: "takes two or three arguments", httpd.Take123: "takes one, two or three arguments",
	httpd.Take13: "takes one or three arguments", httpd.Iterate: "requires at least one argument", httpd.Iterate2: "requires at least two arguments",
}

// countsOf returns the words of each way of taking them.
func countsOf(args httpd.Args) (c counts, limited bool) {
	c.least, c.most, limited = args.Words()
	c.says = says[args]
	return c, limited
}

// ownCounts returns the words of a directive that counts them itself (httpd server/listen.c,
// ap_set_listener; modules/filters/mod_filter.c, filter_bytype).
func ownCounts(name string) (c counts, limited bool) {
	switch name {
	case "listen":
		return counts{1, 2, "requires 1 or 2 arguments"}, true
	case "addoutputfilterbytype":
		return counts{2, httpd.MaxWords, "requires at least two arguments"}, true
	}
	return counts{}, false
}

// arguments judges how many words a directive has, and that a flag is on or off.
func (x *checker) arguments(row *httpd.Directive, d *apache.Directive) *Refusal {
	if row.Args == httpd.Flag {
		return x.flag(row, d)
	}
	c, limited := countsOf(row.Args)
	if !limited {
		c, limited = ownCounts(d.Name)
	}
	if !limited {
		return nil
	}
	n := len(d.Args)
	ok := c.least <= n && n <= c.most
	need := c.least
	switch row.Args {
	case httpd.Iterate2:
		need = 1 // an empty second word ends the list
	case httpd.Argv:
		need = 0
	}
	for i := range min(need, n) {
		ok = ok && d.Args[i].Text != ""
	}
	if row.Args == httpd.Take13 && n == 2 && d.Args[1].Text != "" {
		ok = false
	}
	if ok {
		return nil
	}
	log := row.Name + " " + c.says
	return refusal(Directive, d, d.At, log+", and "+given(d), log)
}

// given words how many arguments d has.
func given(d *apache.Directive) string {
	for _, w := range d.Args {
		if w.Text == "" {
			return "one is empty"
		}
	}
	switch n := len(d.Args); n {
	case 0:
		return "none is given"
	case 1:
		return "one is given"
	default:
		return decimal(n) + " are given"
	}
}

// flag judges a word that must be on or off. What follows it is ignored.
func (x *checker) flag(row *httpd.Directive, d *apache.Directive) *Refusal {
	word := d.Arg(0)
	if strings.EqualFold(word, "on") || strings.EqualFold(word, "off") {
		return nil
	}
	log := row.Name + " must be On or Off"
	return refusal(Directive, d, d.At, log+", not "+quoted(word), log)
}
