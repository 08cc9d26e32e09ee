package parser

import "github.com/wp502lint/wp502lint/source"

// withhold marks the files that do not look like what a server reads them as. named are
// those that the user names one by one: of any other file, an include or a link in
// the tree may have led to a list of passwords.
func (r *reader) withhold(named map[*source.File]bool) {
	for _, n := range r.configs.Nginx {
		tables := n.tables()
		for i, f := range n.Files {
			if f.Foreign(named[f.Source] || tables[i]) {
				f.Source.Withheld = true
			}
		}
	}
	for _, m := range r.configs.Masters {
		for _, f := range m.Files {
			if r.fpm[f].Foreign(named[f]) {
				f.Withheld = true
			}
		}
		if m.PHPIni != nil {
			for _, f := range m.PHPIni.Foreign {
				f.Withheld = f.Withheld || !named[f]
			}
		}
	}
}

// tables returns for each of Files whether a table includes it, directly or not: then
// its lines are data.
func (n *Nginx) tables() []bool {
	tables := make([]bool, len(n.Files))
	var todo []int32
	for list, files := range n.Lists {
		if n.table[list] {
			todo = append(todo, files...)
		}
	}
	for len(todo) > 0 {
		f := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if tables[f] {
			continue
		}
		tables[f] = true
		for _, list := range n.Includes[f] {
			todo = append(todo, n.Lists[list]...)
		}
	}
	return tables
}
