package stack

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
)

// notPHP are FastCGI programs other than PHP, by the names of their sockets.
var notPHP = []string{"fcgiwrap", "munin", "spawn-fcgi", "cgit", "gitweb", "mailman", "nagios", "smokeping", "collectd", "mapserv", "awstats"}

// looks is what an address resembles.
type looks struct{ php, notPHP bool }

func looksOf(text string) (l looks) {
	text = strings.ToLower(text)
	for _, name := range notPHP {
		l.notPHP = l.notPHP || strings.Contains(text, name)
	}
	l.php = strings.Contains(text, "php")
	return l
}

// looksOfPeers returns what the addresses of a gateway together resemble.
func (l *linker) looksOfPeers(g *Gateway) looks {
	if u := g.Upstream; u != nil && u.looks != nil {
		return *u.looks
	}
	var all looks
	for _, p := range g.Peers {
		one := looksOf(p.Text)
		all = looks{all.php || one.php, all.notPHP || one.notPHP}
	}
	if g.Upstream != nil {
		g.Upstream.looks = &all
	}
	return all
}

// looksLikePHP reports whether the gateway in s is known to pass PHP requests on: by
// its location, its parameters or the form of its address.
func (l *linker) looksLikePHP(g *Gateway, s *scope) bool {
	if g.Protocol != FastCGI {
		return false
	}
	written, peers := looksOf(g.At.Text()), looks{}
	if g.Upstream != nil || g.Variable {
		peers = l.looksOfPeers(g) // a literal address is the text itself
	}
	switch g.notPHP = written.notPHP || peers.notPHP; {
	case g.notPHP:
		return false
	case written.php || peers.php, l.locationOfPHP(s.location):
		return true
	}
	return strings.HasSuffix(s.index.Arg(0).String(), ".php") || scriptOfPHP(s.script)
}

// locationOfPHP reports whether a location is for .php files: its name ends in .php, or
// its regular expression matches them and not other files.
func (l *linker) locationOfPHP(location nginx.Directive) bool {
	if location.NumArgs() == 1 {
		return strings.HasSuffix(location.Arg(0).String(), ".php")
	}
	name := location.Arg(1).String()
	if modifier := location.Arg(0).String(); modifier != "~" && modifier != "~*" {
		return path.Ext(name) == ".php"
	}
	of, ok := l.ofPHP[name]
	if !ok {
		of = expressionOfPHP(name)
		l.ofPHP[name] = of
	}
	return of
}

func expressionOfPHP(expression string) bool {
	if strings.Contains(expression, `\.php`) {
		return true
	}
	re, err := regexp.Compile(expression)
	return err == nil && (re.MatchString("/index.php") || re.MatchString("/index.php/x")) && !re.MatchString("/index.html")
}

// scriptOfPHP reports whether a SCRIPT_FILENAME names a .php file or contains the
// request's script name.
func scriptOfPHP(param nginx.Directive) bool {
	value := param.Arg(1).String()
	return strings.HasSuffix(value, ".php") || strings.Contains(value, "$fastcgi_script_name")
}

// wordpress decides whether a site is WordPress: its files exist, or a location or
// rewrite names one of them.
func (r *reader) wordpress(site *Site, blocks []*scope) {
	root := nginx.Directive{}
	for outer := blocks[0]; outer != nil && root.IsZero(); outer = outer.parent {
		root = outer.root
	}
	if r.linker.hasWordPress(root) {
		site.WordPress = true
		return
	}
	for _, s := range blocks {
		if s.root != root && r.linker.hasWordPress(s.root) || slices.ContainsFunc(s.items, func(it item) bool {
			return it.keyword == kwWordPress || it.keyword == kwRewrite && namesWordPress(it.d)
		}) {
			site.WordPress = true
			return
		}
	}
}

// hasWordPress reports whether the directory of a root directive is known to contain
// the files of WordPress.
func (l *linker) hasWordPress(root nginx.Directive) bool {
	name := root.Arg(0).String()
	return !root.IsZero() && !nginx.HasVariable(name) && l.inRoot(name)
}

// inRoot reports whether a directory is known to contain the files of WordPress.
func (l *linker) inRoot(name string) bool {
	if l.Facts == nil || !strings.HasPrefix(name, "/") {
		return false
	}
	if exists, _ := l.Facts.Files.Exists(name); !exists {
		return false
	}
	for _, file := range []string{"wp-config.php", "wp-includes"} {
		if exists, known := l.Facts.Files.Exists(path.Join(name, file)); exists && known {
			return true
		}
	}
	return false
}
