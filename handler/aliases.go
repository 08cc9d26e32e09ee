package handler

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// request returns the request for a URL, mapped to a file by the first Alias that matches, else
// below the document root.
func (r *requests) request(uri, host string) request {
	one := request{uri: uri, host: host}
	r.m.steps -= len(r.sc.maps)
	for i := range r.sc.maps {
		a := &r.sc.maps[i]
		if a.re != nil {
			if groups := a.re.FindStringSubmatch(uri); groups != nil {
				one.file, one.script, one.aliased = path.Clean(substitute(a.to, groups)), a.script, true
				return one
			}
		} else if below(uri, a.from) {
			one.file, one.script, one.aliased = path.Clean(a.to+"/"+uri[len(a.from):]), a.script, true
			return one
		}
	}
	if r.root != "" {
		one.file = path.Clean(r.root + uri)
	}
	return one
}

// alias is one Alias line.
type alias struct {
	from, to string
	re       *regexp.Regexp // of AliasMatch
	order    int
	script   bool // ScriptAlias: the files are programs
}

// aliasesOf returns the Alias and ScriptAlias lines of a server, in order.
func (m *model) aliasesOf(sc *scope) (all []alias) {
	for _, name := range [...]string{"alias", "scriptalias", "aliasmatch", "scriptaliasmatch"} {
		for _, d := range sc.items.of(name) {
			if len(d.Args) < 2 || m.unknownWord(d.Args) != "" || maybe(d) != "" {
				continue
			}
			a := alias{from: d.Arg(0), to: m.absolute(d.Arg(1)), order: int(d.Order), script: strings.HasPrefix(name, "script")}
			if strings.HasSuffix(name, "match") {
				if a.re = m.compile(a.from, false); a.re == nil {
					continue
				}
			}
			all = append(all, a)
		}
	}
	slices.SortFunc(all, func(a, b alias) int { return a.order - b.order })
	return all
}

// mapping returns the lines for a server: those of a virtual host before those of the main
// server (httpd modules/mappers/mod_alias.c, merge_alias_config), and what UserDir adds.
func (m *model) mapping(sc *scope) []alias {
	users := m.userAliases(sc)
	switch {
	case sc.main == nil:
		return slices.Concat(sc.aliases, users)
	case len(sc.aliases)+len(users) == 0:
		return m.main.aliases
	}
	return slices.Concat(sc.aliases, m.main.aliases, users)
}

// aliased adds the requests that an alias leads to: the files below its target, and those of the
// sections for directories there.
func (r *requests) aliased(a alias) {
	if a.re == nil {
		r.found(a.from, a.to)
		if strings.HasSuffix(a.from, ".php") {
			r.add(a.from, false)
			return
		}
		r.add(path.Join(a.from, "x.php"), false)
	} else {
		// What the expression and the target begin with, up to its first group, is the alias of
		// most requests; at tries each.
		if text := literal(a.from); text != "" {
			r.prefix(text)
			a.from = text
		}
		a.to, _, _ = strings.Cut(a.to, "$")
		if uri := path.Join("/", a.from, "x.php"); a.re.MatchString(uri) {
			r.add(uri, false)
		}
		if a.to = path.Clean(a.to); a.to == "/" {
			return
		}
	}
	for _, one := range r.sc.both {
		r.directories(one, a)
	}
}

// user is a name for those whose directories UserDir leads to where no section names one.
const user = "user"

// userAliases returns what UserDir makes of URLs such as /~user/, as aliases: the directories of
// the users that <Directory> sections name, and of one user for all (httpd
// modules/mappers/mod_userdir.c, translate_userdir; measured on Apache 2.4).
func (m *model) userAliases(sc *scope) (all []alias) {
	dirs, off := m.userDirs(sc)
	if dirs == nil {
		return nil
	}
	add := func(name, dir string) {
		a := alias{from: "/~" + name, to: path.Clean(dir)}
		if len(all) < maxRequests && !off(name) && !slices.ContainsFunc(all, func(b alias) bool { return a.from == b.from }) {
			all = append(all, a)
		}
	}
	for _, dir := range dirs {
		before, after, star := strings.Cut(dir, "*")
		switch {
		case strings.Contains(dir, ":"): // a redirect
		case star && strings.HasPrefix(dir, "/"):
			m.usersOf(sc, before, after, add)
			add(user, before+user+after)
		case strings.HasPrefix(dir, "/"):
			add(user, dir+"/"+user)
		case !star:
			m.usersOf(sc, "", "/"+dir, add)
			add(user, "/home/"+user+"/"+dir)
		}
	}
	return all
}

// usersOf adds the users whose directories <Directory> sections name: those between the two
// texts, of which the first is empty for directories in the homes of users. Of many servers, the
// first virtual host has those of the main server for all.
func (m *model) usersOf(sc *scope, before, after string, add func(name, dir string)) {
	for _, one := range sc.both {
		if one != sc && len(m.scopes) > manyServers && sc.index > 1 {
			continue
		}
		sections := one.paths
		for _, s := range one.patterns {
			sections = append(slices.Clip(sections), s.path)
		}
		m.steps -= len(sections)
		for _, dir := range sections {
			rest, ok := strings.CutPrefix(strings.ReplaceAll(dir, "*", user), before)
			home, _, fits := strings.Cut(rest+"/", after+"/")
			name := home[strings.LastIndexByte(home, '/')+1:]
			if ok && fits && name != "" && (before == "" || name == home) && !apache.Wild(home) {
				add(name, before+home+after)
			}
		}
	}
}

// userDirs returns the directories of the last UserDir line that names some, and a function that
// reports whether others turn them off for a user.
func (m *model) userDirs(sc *scope) (dirs []string, off func(user string) bool) {
	var all []*apache.Directive
	for _, one := range sc.both {
		all = append(all, one.items.of("userdir")...)
	}
	if all == nil {
		return nil, nil
	}
	disabled, named := false, map[string]bool{} // named is whether a line disables the user
	for _, d := range all {
		var words []string
		for _, w := range d.Args {
			words = append(words, w.Text)
		}
		if len(words) == 0 || maybe(d) != "" || m.unknownWord(d.Args) != "" {
			continue
		}
		word := strings.ToLower(words[0])
		is := strings.HasPrefix(word, "disable")
		switch {
		case word != "enable" && word != "enabled" && word != "disable" && word != "disabled":
			dirs = words
		case len(words) == 1:
			disabled = is
		}
		if word == "enable" || word == "enabled" || is {
			for _, name := range words[1:] {
				named[name] = is
			}
		}
	}
	return dirs, func(user string) bool {
		is, said := named[user]
		return is || disabled && !said
	}
}
