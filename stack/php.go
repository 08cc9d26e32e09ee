package stack

import (
	"path"
	"regexp"
	"strings"
)

// notPHP are FastCGI programs that are not PHP, as their sockets are named.
var notPHP = []string{"fcgiwrap", "munin", "spawn-fcgi", "cgit", "gitweb", "mailman", "nagios", "smokeping", "collectd", "mapserv", "awstats"}

// looksLikePHP reports whether the gateway, which stands in s, is known to hand
// on PHP requests: by its location, its parameters or the look of its address.
func (g *Gateway) looksLikePHP(s *scope) bool {
	if g.Protocol != FastCGI {
		return false
	}
	texts := []string{g.At.Text()}
	for _, p := range g.Peers {
		texts = append(texts, p.Text)
	}
	address := strings.ToLower(strings.Join(texts, " "))
	for _, name := range notPHP {
		if strings.Contains(address, name) {
			return false
		}
	}
	if strings.Contains(address, "php") || s.locationOfPHP() {
		return true
	}
	if index, ok := s.inherited(kwFastCGIIndex); ok && strings.HasSuffix(index.Arg(0).String(), ".php") {
		return true
	}
	return s.scriptOfPHP()
}

// locationOfPHP reports whether the innermost location is there for .php files:
// its name ends in .php, or its expression matches them and not other files.
func (s *scope) locationOfPHP() bool {
	for ; s != nil; s = s.parent {
		if s.block.IsZero() || s.block.Name() != "location" {
			continue
		}
		switch modifier := s.block.Arg(0).String(); {
		case s.block.NumArgs() == 1:
			return strings.HasSuffix(modifier, ".php")
		case modifier == "~" || modifier == "~*":
			return expressionOfPHP(s.block.Arg(1).String())
		default:
			return path.Ext(s.block.Arg(1).String()) == ".php"
		}
	}
	return false
}

func expressionOfPHP(expression string) bool {
	re, err := regexp.Compile(expression)
	if err != nil {
		return strings.Contains(expression, `\.php`)
	}
	return (re.MatchString("/index.php") || re.MatchString("/index.php/x")) && !re.MatchString("/index.html") || strings.Contains(expression, `\.php`)
}

// scriptOfPHP reports whether the SCRIPT_FILENAME that counts names a .php file
// or is made from the request's script name.
func (s *scope) scriptOfPHP() bool {
	for ; s != nil; s = s.parent {
		found := false
		for _, it := range s.items {
			if it.keyword != kwFastCGIParam {
				continue
			}
			found = true
			if it.d.Arg(0).String() == "SCRIPT_FILENAME" {
				value := it.d.Arg(1).String()
				return strings.HasSuffix(value, ".php") || strings.Contains(value, "$fastcgi_script_name")
			}
		}
		if found {
			return false // one fastcgi_param hides all of the outer blocks
		}
	}
	return false
}
