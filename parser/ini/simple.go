package ini

// simple reads the line text[from:to] if it is name = word or name[index] = word, as
// most lines are. It reports false, without having read anything, for a line that needs
// the scanner: for the same result, only faster.
func (p *parser) simple(from, to int) bool {
	p.limit = to
	i := p.skip(from, plainName)
	if i == from || classes[p.text[from]]&digit != 0 || keyword(p.text[from:i]) != 0 || len(p.out.records) == maxLines {
		return false
	}
	r := record{kind: Entry, key: region{int32(from), int32(i)}, index: -1, why: -1, simple: true}
	at := region{} // of the index
	if i < to && p.text[i] == '[' {
		end := p.skip(i+1, plainName)
		if end == i+1 || end == to || p.text[end] != ']' || !literal(p.text[i+1:end]) || p.mayMark(i+1, end) {
			return false
		}
		i, at = end+1, region{int32(i + 1), int32(end)}
	}
	if i = p.skip(i, blank); i == to || p.text[i] != '=' {
		return false
	}
	i = p.skip(i+1, blank)
	word := p.text[i:to]
	r.value = region{int32(i), int32(to)}
	switch kind := keyword(word); {
	case word == "" || p.skip(i, value) < to:
		return false
	case kind == tTrue:
		r.form, r.text = Bool, region{one, one}
	case kind != 0:
		r.form = Bool
	case !literal(word) || p.mayMark(i, to):
		return false
	default:
		r.text = r.value
	}
	if at.end > 0 {
		r.index = int32(len(p.out.indexes))
		p.out.indexes = append(p.out.indexes, index{at, at})
	}
	p.out.records = append(p.out.records, r)
	p.wellFormed = true
	return true
}

// mayMark reports whether text[from:to] has a template mark, or had one.
func (p *parser) mayMark(from, to int) bool {
	return (p.masked || maybeMark(p.text[from:to])) && p.hasMark(from, to)
}

// literal reports whether PHP certainly takes a word as it is: it replaces keywords, and
// the names of constants, which start with a capital.
func literal(text string) bool { return (text[0] < 'A' || text[0] > 'Z') && keyword(text) == 0 }
