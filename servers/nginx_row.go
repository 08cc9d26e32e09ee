package servers

import (
	"math"
	"strings"
)

// nginxRow reads a line of the table of directives.
func nginxRow(line string) NginxDirective {
	name, line, _ := strings.Cut(line, " ")
	_, line, _ = strings.Cut(line, " ") // the module
	contexts, line, _ := strings.Cut(line, " ")
	arguments, line, _ := strings.Cut(line, " ")
	d := NginxDirective{Name: name, Min: int(arguments[0] - '0'), Max: math.MaxInt, insides: nginxInsides(name)}
	for i := range len(contexts) {
		if bit := strings.IndexByte(nginxContexts, contexts[i]); bit >= 0 {
			d.Contexts |= 1 << bit
		} else {
			d.Contexts = NginxAnywhere | NginxTable
		}
	}
	if last := arguments[len(arguments)-1]; last != '+' {
		d.Max = int(last - '0')
	}
	for line != "" {
		var mark string
		mark, line, _ = strings.Cut(line, " ")
		if key, value, ok := strings.Cut(mark, "="); ok {
			d.set(key, value)
		} else {
			d.mark(mark)
		}
	}
	return d
}

// mark sets what a mark without a value says.
func (d *NginxDirective) mark(mark string) {
	switch mark {
	case "block":
		d.Block = true
	case "once":
		d.Once = true
	case "named":
		d.Named = true
	case "exact":
		d.Exact = true
	case "loose":
		d.Loose = true
	case "elsewhere":
		d.Elsewhere = true
	default:
		if value := nginxValueOf(mark); value != 0 {
			d.Value = value
		} else if kind, second := strings.CutSuffix(mark, "2"); second && nginxValueOf(kind) != 0 {
			d.Second = nginxValueOf(kind)
		} else {
			where, since, _ := strings.Cut(mark, "@")
			d.Vars, d.VarsSince = nginxVarsOf(where), since
		}
	}
}

// set sets what a mark with a value says.
func (d *NginxDirective) set(key, value string) {
	switch key {
	case "of":
		d.Words = nginxWords(value)
	case "of2", "of3":
		d.Words, d.OfFrom = nginxWords(value), int(key[2]-'1')
	case "range":
		d.Range = nginxRange(value)
	case "range2":
		d.SecondRange = nginxRange(value)
	case "needs":
		d.Needs = value
	case "fills":
		for name := range strings.SplitSeq(value, ",") {
			d.Fills = append(d.Fills, NginxKeyOf(name))
		}
	case "alone":
		d.Alone = value
	case "since":
		d.Since = value
	case "until":
		d.Until = value
	}
}

// nginxVarsOf returns where a mark says that variables are looked for; 0 for other marks.
func nginxVarsOf(mark string) NginxVars {
	switch mark {
	case "vars":
		return NginxAllVars
	case "vars1":
		return NginxFirstVars
	case "vars2":
		return NginxRestVars
	}
	return NginxNoVars
}
