package nginxt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// This file judges arguments by what the rows of the table say: the kind of a value, its
// range, the words that it may be, and since when.

// values judges the arguments of a directive that is not a block.
func (x *inspector) values(d nginx.Directive, row *servers.NginxDirective, check argumentCheck, v visit) {
	if x.quiet(d.File()) {
		return
	}
	if row.Vars != 0 {
		x.variables(d, row)
	}
	if !x.kinds(d, row) {
		x.words(d, row)
		x.needed(d, row)
	}
	if check != nil {
		check(x, d, row, v)
	}
}

// kinds judges the first two arguments by their kinds. words is true if the first is what the
// kind says, or was judged, and no words are left to judge.
func (x *inspector) kinds(d nginx.Directive, row *servers.NginxDirective) (done bool) {
	if row.Second != 0 && d.NumArgs() > 1 {
		x.value(d, row, 1, row.Second, row.SecondRange)
	}
	switch {
	case row.Value == 0:
		return false
	case row.Value == servers.NginxBuffers:
		x.buffers(d, row)
	case len(row.Words) == 0 || row.OfFrom > 0:
		x.value(d, row, 0, row.Value, row.Range)
	default:
		if _, _, word := row.Word(0, d.Arg(0).String()); !word {
			x.value(d, row, 0, row.Value, row.Range)
		}
	}
	return row.OfFrom == 0
}

// buffers judges a number and a size.
func (x *inspector) buffers(d nginx.Directive, row *servers.NginxDirective) {
	number, size := d.Arg(0).String(), d.Arg(1).String()
	if n, ok := nginx.Number(number); (!ok || n == 0) && x.stays(number) {
		x.add(Refusal{At: d.Arg(0).Span(), Fault: WrongValue, Name: row.Name, Text: number, Want: row.Value})
	} else if n, ok := nginx.Size(size); (!ok || n == 0) && x.stays(size) {
		x.add(Refusal{At: d.Arg(1).Span(), Fault: WrongValue, Name: row.Name, Text: size, Want: row.Value})
	}
}

// value judges argument i, which has a kind.
func (x *inspector) value(d nginx.Directive, row *servers.NginxDirective, i int, kind servers.NginxValue, limits servers.NginxRange) {
	text := d.Arg(i).String()
	n, ok := measure(kind, text)
	switch {
	case ok && fits(kind, limits, n):
	case !x.stays(text), row.Vars.In(i) && nginx.HasVariable(text) && !servers.Older(x.version, row.VarsSince):
	case !ok && row.Name == "limit_conn":
		x.refuse(d, d.Arg(i).Span(), fmt.Sprintf("limit_conn wants a number of connections, not %q", text), limitConn(text))
	case !ok:
		bad := Refusal{At: d.Arg(i).Span(), Fault: WrongValue, Name: row.Name, Text: text, Want: kind}
		if i == 0 && row.OfFrom == 0 {
			bad.Or = x.choice(row)
		}
		x.add(bad)
	case kind == servers.NginxPower:
		x.refuse(d, d.Arg(i).Span(), fmt.Sprintf("%s wants a power of two %s, not %s", row.Name, limits, text), fmt.Sprintf("\"%s\" directive must be 512, 1k, 2k,", row.Name))
	case !limits.Has(n):
		x.refuse(d, d.Arg(i).Span(), fmt.Sprintf("%s wants %s, not %s", row.Name, wanted(kind, limits), text), outside(row, limits, text))
	default: // NginxPool
		x.refuse(d, d.Arg(i).Span(), fmt.Sprintf("%s wants a multiple of %d bytes, not %s", row.Name, poolStep, text), fmt.Sprintf("the pool size must be a multiple of %d", poolStep))
	}
}

// fits reports whether nginx accepts a number of a kind: it is in the range, a power of two for
// NginxPower, and a multiple of poolStep for NginxPool.
func fits(kind servers.NginxValue, limits servers.NginxRange, n int64) bool {
	switch {
	case !limits.Has(n):
		return false
	case kind == servers.NginxPower:
		return n&(n-1) == 0
	case kind == servers.NginxPool:
		return n%poolStep == 0
	}
	return true
}

// poolStep divides the size of a memory pool (nginx ngx_palloc.h, NGX_POOL_ALIGNMENT).
const poolStep = 16

// wanted names a kind of numbers and its range, for messages.
func wanted(kind servers.NginxValue, limits servers.NginxRange) string {
	noun := "a number"
	switch kind {
	case servers.NginxSize, servers.NginxOffset, servers.NginxPool:
		noun = "a size"
	case servers.NginxTime, servers.NginxSeconds:
		noun = "a time"
	}
	return strings.TrimSpace(noun + " " + limits.String())
}

// outside returns nginx's error for a number that is out of range.
func outside(row *servers.NginxDirective, limits servers.NginxRange, text string) string {
	switch {
	case row.Value == servers.NginxPool:
		return fmt.Sprintf("the pool size must be no less than %d", limits.From)
	case row.Name == "limit_conn":
		return limitConn(text)
	case limits.To == 0:
		return fmt.Sprintf("\"%s\" directive invalid value", row.Name)
	}
	return fmt.Sprintf("value must be between %d and %d", limits.From, limits.To)
}

// limitConn returns nginx's error for the number of a limit_conn.
func limitConn(text string) string {
	if n, _ := nginx.Number(text); n > 0 {
		return "connection limit must be less 65536"
	}
	return fmt.Sprintf("invalid number of connections \"%s\"", text)
}

// measure reads a value of a kind, as a number where it is one. ok is false if nginx
// does not accept it.
func measure(kind servers.NginxValue, text string) (n int64, ok bool) {
	switch kind {
	case servers.NginxFlag:
		return 0, strings.EqualFold(text, "on") || strings.EqualFold(text, "off")
	case servers.NginxSize, servers.NginxPool, servers.NginxPower:
		return nginx.Size(text)
	case servers.NginxOffset:
		return nginx.Offset(text)
	case servers.NginxTime:
		span, ok := nginx.Duration(text)
		return span.Milliseconds(), ok
	case servers.NginxSeconds:
		return 0, nginx.Seconds(text)
	case servers.NginxProbes:
		return 0, probes(text)
	}
	return nginx.Number(text)
}

// probes reports whether text may follow so_keepalive= (nginx ngx_http_core_module.c,
// ngx_http_core_listen).
func probes(text string) bool {
	if text == "on" || text == "off" {
		return true
	}
	idle, rest, _ := strings.Cut(text, ":")
	interval, count, _ := strings.Cut(rest, ":")
	_, number := nginx.Number(count)
	if idle != "" && !nginx.Seconds(idle) || interval != "" && !nginx.Seconds(interval) || count != "" && !number {
		return false
	}
	return strings.ContainsAny(text, "123456789") // one of them is not zero
}

// words judges arguments that must be one of a few words.
func (x *inspector) words(d nginx.Directive, row *servers.NginxDirective) {
	if len(row.Words) == 0 {
		return
	}
	for i, w := range d.Args() {
		text := w.String()
		if i < row.OfFrom || row.OfFrom == 0 && row.Vars.In(i) && nginx.HasVariable(text) {
			continue
		}
		word, value, known := row.Word(i, text)
		n, ok := int64(0), true
		if word.Value != 0 {
			n, ok = measure(word.Value, value)
		}
		switch {
		case known && ok && word.Range.Has(n) && word.In(x.version) && !(word.Elsewhere && x.linux), !x.stays(text):
			continue
		case known && !word.In(x.version):
			x.refuse(d, w.Span(), fmt.Sprintf("nginx %s has no %s for %s, which came with %s", x.version, strings.TrimRight(word.Name, "=:"), row.Name, word.Since), refusedWord(row, text))
		case known && word.Elsewhere && x.linux:
			x.refuse(d, w.Span(), fmt.Sprintf("%s takes no %s on Linux", row.Name, strings.TrimRight(word.Name, "=:")), refusedWord(row, text))
		case known:
			x.refuse(d, w.Span(), fmt.Sprintf("%s wants %s after %s, not %q", row.Name, kindOf(word), word.Name, value), refusedValue(row, word, text))
		case row.Loose:
			x.loose(d, row, w)
		case row.Name == "listen" && x.otherListen(row, text):
		default:
			x.refuse(d, w.Span(), x.noWord(row, text), refusedWord(row, text))
		}
	}
}

// otherListen reports whether another build of nginx may have a parameter of listen. Only
// third-party directives show that nginx is such a build.
func (x *inspector) otherListen(row *servers.NginxDirective, text string) bool {
	name, _, _ := strings.Cut(text, "=")
	return x.defined.thirdParty() && (servers.NginxListenOfOthers(name) || len(nearParams(row, name)) == 0)
}

// noWord says what may be in the place of a word that is none of a row's.
func (x *inspector) noWord(row *servers.NginxDirective, text string) string {
	choice := strings.Split(x.choice(row), ",")
	name, value, valued := strings.Cut(text, "=")
	if after := valuesAfter(row, name+"="); valued && len(after) > 0 {
		return fmt.Sprintf("%s wants %s after %s=, not %q", row.Name, typo.Either(after), name, value)
	}
	if len(choice) <= mostWords {
		return fmt.Sprintf("%s takes %s%s, not %q", row.Name, typo.Either(choice), afterArgument[row.OfFrom], text)
	}
	message := fmt.Sprintf("%s takes no %s%s", row.Name, source.Excerpt(text), afterArgument[row.OfFrom])
	if near := nearParams(row, name); len(near) > 0 {
		message += "; the nearest is " + strings.Join(near, " or ")
	}
	return message
}

// valuesAfter returns what may follow a name, where the words of a row say that.
func valuesAfter(row *servers.NginxDirective, name string) (values []string) {
	for _, word := range row.Words {
		if value, ok := strings.CutPrefix(word.Name, name); ok && value != "" {
			values = append(values, value)
		}
	}
	return values
}

// mostWords limits how many words a message lists.
const mostWords = 14

// kindOf names what may follow a word.
func kindOf(word servers.NginxWord) string {
	limits := word.Range.String()
	switch word.Value {
	case servers.NginxFlag:
		return "on or off"
	case servers.NginxSize, servers.NginxOffset:
		return strings.TrimSpace("a size " + limits)
	case servers.NginxTime, servers.NginxSeconds:
		return strings.TrimSpace("a time " + limits)
	case servers.NginxProbes:
		return "on, off or times such as 30m::10"
	}
	return strings.TrimSpace("a number " + limits)
}

// choice returns the words of a row that the nginx in use has, separated by commas, each
// once: ipv6=on and ipv6=off are ipv6=.
func (x *inspector) choice(row *servers.NginxDirective) string {
	var names []string
	for _, word := range row.Words {
		name := word.Name
		if i := strings.IndexByte(name, '='); i >= 0 {
			name = name[:i+1]
		}
		if word.In(x.version) && !(word.Elsewhere && x.linux) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// loose judges a parameter that nginx does not have in a directive to which other builds of
// nginx add some, which have a name and a value.
func (x *inspector) loose(d nginx.Directive, row *servers.NginxDirective, w nginx.Word) {
	text := w.String()
	name, _, valued := strings.Cut(text, "=")
	bad := Refusal{At: w.Span(), Fault: BadParameter, Name: d.Name(), Text: text}
	if !strings.ContainsAny(name, ":/.$") && strings.Trim(name, "0123456789") != "" {
		bad.Near = nearParams(row, name)
		if len(bad.Near) == 0 && valued && len(name) > 1 {
			return
		}
	}
	x.add(bad)
}

// nearParams returns the parameters that name was probably meant to be. Names of up to
// three letters are left out: they resemble too many.
func nearParams(row *servers.NginxDirective, name string) []string {
	near := typo.Near(strings.ToLower(name), func(yield func(string) bool) {
		for _, word := range row.Words {
			if name, _, _ := strings.Cut(word.Name, "="); !yield(name) {
				return
			}
		}
	})
	return slices.DeleteFunc(near, func(known string) bool { return len(known) <= 3 })
}

// needed finds that the argument without which a directive makes no sense is missing.
func (x *inspector) needed(d nginx.Directive, row *servers.NginxDirective) {
	if row.Needs == "" {
		return
	}
	for _, w := range d.Args() {
		if text := w.String(); strings.HasPrefix(text, row.Needs) && len(text) > len(row.Needs) || text == "off" || !x.stays(text) || source.Stub(text) {
			return
		}
	}
	name := strings.TrimSuffix(row.Needs, "=")
	x.refuse(d, d.Span(), fmt.Sprintf("%s lacks %s", row.Name, row.Needs), fmt.Sprintf("\"%s\" must have %s\"%s\" parameter", row.Name, article(row.Name), name))
}

// article returns the word that one of nginx's messages has and the others lack.
func article(name string) string {
	if name == "open_file_cache" {
		return "the "
	}
	return ""
}

// afterArgument says after which argument the words are expected, for messages.
var afterArgument = [...]string{"", " after its first argument", " after its second argument"}

// refusedValue returns nginx's error for what follows a word.
func refusedValue(row *servers.NginxDirective, word servers.NginxWord, text string) string {
	name := strings.TrimSuffix(word.Name, "=")
	value := text[len(word.Name):]
	switch {
	case strings.HasPrefix(row.Name, "open_"), row.Loose, row.Name == "ssl_session_cache":
		return refusedWord(row, text)
	case name == "so_keepalive":
		return fmt.Sprintf("invalid so_keepalive value: \"%s\"", value)
	case row.Name == "resolver":
		return "invalid parameter: " + text
	case row.Name == "access_log" && name == "buffer":
		return fmt.Sprintf("invalid buffer size \"%s\"", value)
	case row.Name == "access_log" && name == "flush":
		return fmt.Sprintf("invalid flush time \"%s\"", value)
	case row.Name == "access_log":
		return fmt.Sprintf("invalid compression level \"%s\"", value)
	case row.Name == "listen":
		return fmt.Sprintf("invalid %s \"%s\"", name, text)
	}
	return fmt.Sprintf("invalid %s value \"%s\"", name, text)
}

// refusedWord returns nginx's error for a word.
func refusedWord(row *servers.NginxDirective, text string) string {
	switch {
	case strings.HasPrefix(row.Name, "open_"):
		return fmt.Sprintf("invalid \"%s\" parameter \"%s\"", row.Name, text)
	case row.Name == "ssl_session_cache":
		return fmt.Sprintf("invalid session cache \"%s\"", text)
	case row.Name == "use":
		return fmt.Sprintf("invalid event type \"%s\"", text)
	case row.Name == "protocol":
		return fmt.Sprintf("unknown protocol \"%s\"", text)
	case row.Name == "aio":
		return `"aio" directive invalid value`
	case row.Name == "listen" && strings.HasPrefix(text, "ipv6only=o"):
		return fmt.Sprintf("invalid ipv6only flags \"%s\"", text[len("ipv6only="):])
	case row.Name == "limit_except":
		return fmt.Sprintf("invalid method \"%s\"", text)
	case row.Name == "limit_req_zone", row.Name == "limit_conn_zone", row.Loose, row.OfFrom > 0, row.Name == "disable_symlinks", row.Name == "limit_req", row.Name == "random":
		return fmt.Sprintf("invalid parameter \"%s\"", text)
	}
	return fmt.Sprintf("invalid value \"%s\"", text)
}
