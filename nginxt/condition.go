package nginxt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// term is a word between the parentheses of an if.
type term struct {
	text string
	at   nginx.Word
}

// condition judges the condition of an if (nginx ngx_http_rewrite_module.c,
// ngx_http_rewrite_if_condition; measured on nginx 1.22).
func (x *inspector) condition(d nginx.Directive) {
	if x.quiet(d.File()) {
		return
	}
	for _, w := range d.Args() {
		if source.TemplateMark(w.String()) != "" || source.Stub(w.String()) {
			return
		}
	}
	first, last := d.Arg(0), d.Arg(d.NumArgs()-1)
	if !strings.HasPrefix(first.String(), "(") {
		if x.config.Literal || !nginx.MayBeReplaced(first.String()) {
			x.badCondition(d, first, first.String())
		}
		return
	}
	if !strings.HasSuffix(last.String(), ")") {
		x.badCondition(d, last, last.String())
		return
	}
	switch terms := conditionTerms(d); {
	case len(terms) == 0 || terms[0].text == "": // (), or ( "" )
		x.badCondition(d, first, ")")
	case len(terms[0].text) > 1 && terms[0].text[0] == '$':
		x.comparison(d, terms)
	default:
		x.fileTest(d, terms)
	}
}

// comparison judges a condition that begins with a variable.
func (x *inspector) comparison(d nginx.Directive, terms []term) {
	if len(terms) != 1 && len(terms) != 3 {
		x.badCondition(d, terms[0].at, terms[0].text)
		return
	}
	if len(terms) == 1 {
		x.tested(d, terms[0])
		return
	}
	switch operator, value := terms[1], terms[2]; operator.text {
	case "~", "~*", "!~", "!~*":
		x.tested(d, terms[0])
		x.expression(d, value.at, value.text)
	case "=", "!=":
		x.tested(d, terms[0])
		x.compiled(d, value.at, value.text)
	default:
		x.refuse(d, operator.at.Span(), fmt.Sprintf("if compares with =, !=, ~, ~*, !~ or !~*, not with %s", source.Excerpt(operator.text)), fmt.Sprintf("unexpected \"%s\" in condition", operator.text))
	}
}

// tested judges the variable of a condition: nginx takes all of the word for its name, also
// characters that other names do not have.
func (x *inspector) tested(d nginx.Directive, one term) {
	name := one.text[1:]
	i := strings.IndexFunc(name, func(c rune) bool { return c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') })
	switch {
	case i < 0:
		x.compiled(d, one.at, one.text)
	case !x.main || !x.defined.Undefined(nginx.Part{Text: one.text, Variable: name}):
	case i > 0 && strings.ContainsAny(name[i:i+1], "=!~<>&|"):
		x.refuse(d, one.at.Span(), fmt.Sprintf("if needs blanks around its operator: %s is one word", source.Excerpt(one.text)), fmt.Sprintf("unknown \"%s\" variable", name))
	default:
		x.refuse(d, one.at.Span(), fmt.Sprintf("if takes one variable before its operator, not %s", source.Excerpt(one.text)), fmt.Sprintf("unknown \"%s\" variable", name))
	}
}

// fileTest judges a condition such as -f $request_filename.
func (x *inspector) fileTest(d nginx.Directive, terms []term) {
	switch operator := terms[0]; operator.text {
	case "-f", "!-f", "-d", "!-d", "-e", "!-e", "-x", "!-x":
		if len(terms) != 2 {
			x.badCondition(d, operator.at, operator.text)
			return
		}
		x.compiled(d, terms[1].at, terms[1].text)
	default:
		x.badCondition(d, operator.at, operator.text)
	}
}

// badCondition reports a condition that nginx cannot read.
func (x *inspector) badCondition(d nginx.Directive, at nginx.Word, text string) {
	x.refuse(d, at.Span(), "if takes ($variable), ($variable = value), ($variable ~ expression) or (-f path), with one condition between the parentheses",
		fmt.Sprintf("invalid condition \"%s\"", text))
}

// ConditionWords returns the words between the parentheses of an if; none if there are no
// parentheses.
func ConditionWords(d nginx.Directive) (words []string) {
	if !strings.HasPrefix(d.Arg(0).String(), "(") {
		return nil
	}
	for _, one := range conditionTerms(d) {
		words = append(words, one.text)
	}
	return words
}

// conditionTerms returns the words between the parentheses of an if.
func conditionTerms(d nginx.Directive) (terms []term) {
	last := d.NumArgs() - 1
	for i, w := range d.Args() {
		text := w.String()
		if i == 0 {
			if text = text[1:]; text == "" && last > 0 {
				continue
			}
		}
		if i == last {
			if text == ")" || text == "" {
				continue
			}
			text = strings.TrimSuffix(text, ")")
		}
		terms = append(terms, term{text, w})
	}
	return terms
}
