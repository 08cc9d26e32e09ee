package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// alias judges Alias and ScriptAlias (httpd modules/mappers/mod_alias.c, add_alias).
func (x *checker) alias(d *apache.Directive, s state) *Refusal {
	switch {
	case x.unset(d), s.unsure, len(d.Args) > 1:
		return nil
	case !s.path:
		return refuse(d, -1, spelled(d)+" needs two words outside of <Location>", "Alias must have two arguments when used globally")
	}
	return x.expression(d, 0, d.Arg(0), text, "Cannot parse alias expression '"+d.Arg(0)+"': ")
}

// aliasMatch judges AliasMatch and ScriptAliasMatch.
func (x *checker) aliasMatch(d *apache.Directive, _ state) *Refusal {
	return x.pattern(d, 0, d.Arg(0), "Regular expression could not be compiled.")
}

// redirection is one Redirect line.
type redirection struct {
	status int
	url    int // the word with the URL; -1 for none
	path   int // the word with the path
	known  int // 1 if the first word is a status of a redirection, -1 for another one
}

// redirectionOf reads a Redirect (httpd modules/mappers/mod_alias.c, add_redirect_internal).
func redirectionOf(d *apache.Directive) redirection {
	r := redirection{status: 302, url: 2, path: 1, known: 1}
	if d.Name == "redirectpermanent" {
		r.status = 301
	}
	switch first := strings.ToLower(d.Arg(0)); {
	case first == "permanent":
		r.status = 301
	case first == "temp":
		r.status = 302
	case first == "seeother":
		r.status = 303
	case first == "gone":
		r.status, r.known = 410, -1
	case first != "" && isDigit(first[0]):
		r.status = apache.Int(first)
		if !r.redirects() {
			r.known = -1
		}
	default:
		r.known = 0
	}
	return r
}

func (r redirection) redirects() bool { return 300 <= r.status && r.status < 400 }

// redirect judges Redirect and its kin (httpd modules/mappers/mod_alias.c,
// add_redirect_internal).
func (x *checker) redirect(d *apache.Directive, s state) *Refusal {
	if x.unset(d) {
		return nil
	}
	r, n := redirectionOf(d), len(d.Args)
	name := spelled(d)
	switch {
	case n > 2 && r.known == 0:
		return refuse(d, 0, quoted(d.Arg(0))+" is not a status of "+name, "Redirect: invalid first argument (of three)")
	case s.path && (r.known > 0 && n == 2 || r.known == 0 && n == 1):
		return x.expression(d, n-1, d.Arg(n-1), text, "Cannot parse redirect expression '"+d.Arg(n-1)+"': ")
	case s.path && r.known < 0 && n == 1, s.unsure:
		return nil
	}
	if n < 3 && r.known == 0 {
		r.path, r.url = 0, 1
	}
	if d.Name == "redirectmatch" {
		if refused := x.pattern(d, r.path, d.Arg(r.path), "Regular expression could not be compiled."); refused != nil {
			return refused
		}
	}
	url := d.Arg(r.url)
	switch {
	case !r.redirects() && n > r.url:
		return refuse(d, r.url, name+" "+d.Arg(0)+" takes no URL", "Redirect URL not valid for this status")
	case !r.redirects(), d.Name == "redirectmatch" && n > r.url:
		return nil
	case n <= r.url:
		return refuse(d, -1, name+" has no URL", "URL to redirect to is missing")
	case !isURL(url) && !strings.HasPrefix(url, "/"):
		return refuse(d, r.url, quoted(url)+" in "+name+" is neither a URL nor a path that begins with /", "Redirect to non-URL")
	}
	return nil
}

// isURL reports whether httpd takes a text for a URL (httpd server/util.c, ap_is_url).
func isURL(text string) bool {
	scheme, _, ok := strings.Cut(text, ":")
	return ok && scheme != "" && strings.IndexFunc(scheme, func(c rune) bool {
		return c > 127 || !isLetter(byte(c)) && !isDigit(byte(c)) && !strings.ContainsRune("+-.", c)
	}) < 0
}

// expires judges ExpiresByType and ExpiresDefault (httpd modules/metadata/mod_expires.c,
// set_expiresbytype).
func (x *checker) expires(d *apache.Directive, _ state) *Refusal {
	if x.unset(d) {
		return nil
	}
	i := 0
	if d.Name == "expiresbytype" {
		if !strings.Contains(d.Arg(0), "/") {
			return refuse(d, 0, expected(d, "a type such as text/html", d.Arg(0)), "Invalid mimetype: should contain a slash")
		}
		i = 1
	}
	why := expiry(d.Arg(i))
	if why == "" {
		return nil
	}
	said := spelled(d)
	for _, w := range d.Args {
		said += " " + w.Text
	}
	return refuse(d, i, expected(d, "a time such as \"access plus 1 month\"", d.Arg(i)), "'"+said+"': "+why)
}

// expiry says why a time of mod_expires is refused; "" if it is not (httpd
// modules/metadata/mod_expires.c, check_code).
func expiry(code string) string {
	if strings.HasPrefix(code, "A") || strings.HasPrefix(code, "M") {
		return ""
	}
	words := append(strings.Fields(code), "")
	if base := words[0]; base == "" || !strings.ContainsAny(base[:1], "nNaAmM") {
		return "bad expires code, unrecognised <base> '" + base + "'"
	}
	words = words[1:]
	if len(words) > 1 && strings.ContainsAny(words[0][:1], "pP") {
		words = words[1:]
	}
	for ; words[0] != ""; words = words[2:] {
		if !isDigit(words[0][0]) {
			return "bad expires code, numeric value expected <num> '" + words[0] + "'"
		}
		switch unit := strings.ToLower(words[1]); {
		case unit == "":
			return "bad expires code, missing <type>"
		case strings.ContainsAny(unit[:1], "ywdhs"), strings.HasPrefix(unit, "mo"), strings.HasPrefix(unit, "mi"):
		default:
			return "bad expires code, unrecognised <type>'" + words[1] + "'"
		}
		if len(words) < 3 {
			return ""
		}
	}
	return ""
}
