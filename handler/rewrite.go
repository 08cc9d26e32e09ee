package handler

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

// ruleFlags are the flags of a RewriteRule that end or redirect a request.
type ruleFlags struct {
	proxy, last, final, passes, ends, caseless, chained bool
	// away is set if visitors are redirected to the address of a gateway: [P] is missing.
	away bool

	skip    int64 // rules after it
	handler string
}

// flags reads the third argument of a RewriteRule (httpd modules/mappers/mod_rewrite.c,
// cmd_rewriterule_setflag).
func flags(d *apache.Directive) (f ruleFlags) {
	text := strings.Trim(d.Arg(2), "[]")
	for flag := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(flag), "=")
		switch strings.ToLower(name) {
		case "p", "proxy":
			f.proxy = true
		case "l", "last":
			f.last = true
		case "end":
			f.last, f.final = true, true
		case "pt", "passthrough":
			f.last, f.passes = true, true
		case "r", "redirect", "f", "forbidden", "g", "gone":
			f.ends = true
		case "nc", "nocase":
			f.caseless = true
		case "h", "handler":
			f.handler = value
		case "c", "chain":
			f.chained = true
		case "s", "skip":
			f.skip = int64(apache.Int(value))
		}
	}
	if scheme := absolute(d.Arg(1)); scheme != "" && !f.proxy && !f.ends {
		f.away = slices.Contains(gatewaySchemes, scheme)
		f.ends = !f.away
	}
	return f
}

// urlSchemes begin a substitution that is a URL and not a path: without [P], visitors are redirected to
// it (httpd modules/mappers/mod_rewrite.c, is_absolute_uri). gatewaySchemes are those of them that
// no visitor can use.
var (
	urlSchemes = append([]string{
		"http://", "https://", "h2://", "h2c://", "ws://", "wss://", "ftp://", "gopher://", "ldap://", "mailto:", "news:", "nntp://",
	}, gatewaySchemes...)
	gatewaySchemes = []string{"fcgi://", "scgi://", "ajp://", "balancer://", "unix:"}
)

// absolute returns with which of them a substitution begins; "" if it is a path.
func absolute(to string) string {
	if len(to) > len("unix:") {
		for _, scheme := range urlSchemes {
			if len(to) >= len(scheme) && strings.EqualFold(to[:len(scheme)], scheme) {
				return scheme
			}
		}
	}
	return ""
}

// outcome is what rewriting makes of a request.
type outcome struct {
	proxied *apache.Directive
	url     string
	ends    bool   // redirected or refused by Apache
	away    bool   // redirected to the address of a gateway, proxied
	local   string // the path that it is rewritten to
	passes  bool   // [PT]: local is the path of a URL, and not of a file
	may     string // why a rule may redirect or refuse the request; "" if none may
	final   bool   // [END]: no rules of directories run
	handler string
	why     string
}

// rewriteServer runs the rules of the server itself. Those of the main server are not inherited
// (measured on Apache 2.4).
func (m *model) rewriteServer(sc *scope, r *request) outcome {
	return m.rewrite(sc.rules, sc.engine, r.uri, r, sc, false)
}

// inherit sets the rules of a virtual host, with those of the main server where RewriteOptions says so
// (httpd modules/mappers/mod_rewrite.c, config_server_merge).
func (sc *scope) inherit() {
	sc.rules, sc.engine = sc.ownRules, engine(sc.items.of("rewriteengine"), sc.main != nil && sc.main.engine)
	if sc.main == nil || len(sc.main.ownRules) == 0 {
		return
	}
	own, main := sc.options(), sc.main.options()
	switch {
	case own["ignoreinherit"]:
	case own["inheritbefore"], main["inheritdownbefore"]:
		sc.rules = slices.Concat(sc.main.ownRules, sc.ownRules)
	case own["inherit"], main["inheritdown"]:
		sc.rules = slices.Concat(sc.ownRules, sc.main.ownRules)
	}
}

// options returns the words of RewriteOptions in lower case.
func (sc *scope) options() map[string]bool {
	set := map[string]bool{}
	for _, d := range sc.items.of("rewriteoptions") {
		for _, w := range d.Args {
			set[strings.ToLower(w.Text)] = true
		}
	}
	return set
}

// rewriteDirectory runs the rules of the innermost section or .htaccess file that has some, which
// see the path below its directory.
func (m *model) rewriteDirectory(sc *scope, s *state, r *request) outcome {
	if s.rewrite == nil {
		return outcome{}
	}
	subject := r.uri
	if r.file != "" {
		dir := ""
		for _, d := range s.rewrite.rewrite {
			if d.Parent != nil && d.Parent.Name == "directory" {
				dir = path.Clean(d.Parent.Arg(0))
			} else if d.Parent == nil {
				dir = m.accessOf(r, d)
			}
		}
		if dir != "" {
			subject = strings.TrimPrefix(strings.TrimPrefix(r.file, dir), "/")
		}
	}
	return m.rewrite(s.rewrite.rewrite, s.engine, subject, r, sc, true)
}

// accessOf returns the directory of the .htaccess file that has a directive.
func (m *model) accessOf(r *request, d *apache.Directive) string {
	for dir := path.Dir(r.file); ; dir = path.Dir(dir) {
		if a := m.c.Access[dir]; a != nil && a.File == d.At.File {
			return dir
		}
		if dir == "/" || dir == "." {
			return ""
		}
	}
}

// engine returns what the last RewriteEngine says.
func engine(lines []*apache.Directive, on bool) bool {
	for _, d := range lines {
		if d.Name == "rewriteengine" {
			on = strings.EqualFold(d.Arg(0), "on")
		}
	}
	return on
}

// rewrite runs rules on a path. With a server they run before the URL is mapped to a file.
func (m *model) rewrite(rules []*apache.Directive, on bool, subject string, r *request, sc *scope, inside bool) (result outcome) {
	if !on {
		return outcome{}
	}
	m.steps -= len(rules)
	var conditions []*apache.Directive
	skip, chain := int64(0), false // chain: the rules of a chain are passed over
	for _, d := range rules {
		if d.Name == "rewritecond" {
			conditions = append(conditions, d)
		}
		if d.Name != "rewriterule" {
			continue
		}
		f := flags(d)
		if chain || skip > 0 {
			conditions, chain, skip = nil, chain && f.chained, skip-1
			continue
		}
		o, hit, done := m.rule(d, f, m.conditions(conditions, r, sc, inside), subject)
		conditions = nil
		o.may = first(result.may, o.may)
		if o.proxied != nil || o.ends || o.local != "" {
			result = o
		}
		result.may = o.may
		if done {
			result.final = f.final
			return result
		}
		if o.local != "" {
			subject = o.local
		}
		if chain = f.chained && !hit; hit {
			skip = f.skip
		}
	}
	return result
}

// rule runs one RewriteRule; done is set if the rules after it are not reached.
func (m *model) rule(d *apache.Directive, f ruleFlags, c verdict, subject string) (o outcome, hit, done bool) {
	hit, groups, why := m.search(d.Arg(0), f.caseless, subject)
	if why == "" && !hit {
		return o, false, false
	}
	why = first(why, first(c.unsure, first(maybe(d), m.unknownWord(d.Args))))
	switch {
	case !c.holds:
		return o, false, false
	case f.proxy && why != "":
		return outcome{proxied: d, why: why}, true, true
	case f.proxy:
		url, why := rewriteTo(d.Arg(1), groups)
		return outcome{proxied: d, url: url, why: why}, true, true
	case why != "":
		if f.ends || f.away {
			o.may = "a RewriteRule may answer first"
		}
		return o, false, false // some requests get past it
	case f.ends:
		return outcome{ends: true}, true, true
	case f.away:
		return outcome{proxied: d, away: true}, true, true
	case f.handler != "":
		return outcome{proxied: d, handler: f.handler}, true, f.last
	case d.Arg(1) == "-":
		return o, true, f.last
	}
	to, why := rewriteTo(d.Arg(1), groups)
	if to, _, _ = strings.Cut(to, "?"); why != "" {
		to = ""
	}
	return outcome{local: to, passes: f.passes}, true, f.last
}

// search runs the pattern of a rule or condition; why is why it is not decided.
func (m *model) search(pattern string, caseless bool, subject string) (hit bool, groups []string, why string) {
	pattern, negated := strings.CutPrefix(pattern, "!")
	re := m.compile(pattern, caseless)
	if re == nil {
		return true, nil, "the regular expression " + pattern + " cannot be decided here"
	}
	groups = re.FindStringSubmatch(subject)
	return (groups != nil) != negated, groups, ""
}

// group is $1 in a substitution, and reference %1, %{NAME} or ${MAP:KEY}, which RewriteRule
// knows besides.
var (
	group     = regexp.MustCompile(`\$\d`)
	reference = regexp.MustCompile(`%\d|[$%]\{[^}]*\}`)
)

// substitute puts the groups of an expression into a text (httpd server/util.c, ap_pregsub).
func substitute(text string, groups []string) string {
	return group.ReplaceAllStringFunc(text, func(ref string) string {
		if n := int(ref[1] - '0'); n < len(groups) {
			return groups[n]
		}
		return ""
	})
}

// rewriteTo is what a RewriteRule makes of a path; why is why it is unknown where it leads.
func rewriteTo(text string, groups []string) (to, why string) {
	at := reference.FindStringIndex(text)
	if at == nil {
		return substitute(text, groups), ""
	}
	_, after, ok := strings.Cut(text[:at[0]], "://")
	if !ok || !strings.Contains(after, "/") {
		return "", "the value of " + text[at[0]:at[1]] + " in " + source.Excerpt(text) + " is known only at a request"
	}
	return substitute(text[:at[0]], groups), "" // the path does not matter
}

// verdict is what the conditions of a rule say: holds is false if one is certainly false, and
// unsure is why one is not decided.
type verdict struct {
	holds  bool
	unsure string
}

// conditions runs RewriteCond lines.
func (m *model) conditions(all []*apache.Directive, r *request, sc *scope, inside bool) (v verdict) {
	group, sure, unsure := false, false, "" // whether one of an [OR] chain holds, and for certain
	for i, d := range all {
		or := strings.Contains(strings.ToUpper(d.Arg(2)), "OR")
		ok, known := m.condition(d, r, sc, inside)
		if !known {
			unsure = "the condition " + source.Excerpt(d.Arg(0)+" "+d.Arg(1)) + " is decided only at a request"
			ok = true
		} else {
			sure = sure || ok
		}
		group = group || ok
		if or && i+1 < len(all) {
			continue
		}
		if !group {
			return verdict{}
		}
		if !sure {
			v.unsure = first(v.unsure, unsure)
		}
		group, sure, unsure = false, false, ""
	}
	v.holds = true
	return v
}

// condition decides one RewriteCond, for a request of a file that exists.
func (m *model) condition(d *apache.Directive, r *request, sc *scope, inside bool) (ok, known bool) {
	subject, pattern := d.Arg(0), d.Arg(1)
	file := strings.Contains(subject, "REQUEST_FILENAME") || strings.Contains(subject, "SCRIPT_FILENAME")
	exists := inside || strings.HasPrefix(subject, "%{DOCUMENT_ROOT}") // else it is the path of the URL
	switch strings.TrimPrefix(pattern, "!") {
	case "-f", "-s", "-F", "-U":
		return exists != strings.HasPrefix(pattern, "!"), file
	case "-d", "-l", "-h", "-L":
		return strings.HasPrefix(pattern, "!"), file
	}
	text := ""
	switch strings.ToUpper(subject) {
	case "%{REQUEST_URI}":
		text = r.uri
	case "%{REQUEST_METHOD}":
		text = "GET"
	case "%{HTTPS}":
		text = "off"
		if sc.server.SSL {
			text = "on"
		}
	case "%{REQUEST_SCHEME}":
		text = "http"
		if sc.server.SSL {
			text = "https"
		}
	case "%{SERVER_NAME}", "%{HTTP_HOST}":
		m.asked = true
		if r.host == "" {
			return true, false
		}
		text = r.host
	case "%{SERVER_PORT}":
		if len(sc.server.Listens) == 0 || sc.server.Listens[0].Endpoint.Port == 0 {
			return true, false
		}
		text = strconv.Itoa(int(sc.server.Listens[0].Endpoint.Port))
	case "%{HTTP:UPGRADE}", "%{HTTP:CONNECTION}":
		return strings.HasPrefix(pattern, "!"), strings.Contains(strings.ToLower(pattern), "websocket") || strings.Contains(strings.ToLower(pattern), "upgrade")
	default:
		return true, false
	}
	caseless := strings.Contains(strings.ToUpper(d.Arg(2)), "NC")
	if word, equal := strings.CutPrefix(strings.TrimPrefix(pattern, "!"), "="); equal {
		same := text == strings.Trim(word, `"`) || caseless && strings.EqualFold(text, strings.Trim(word, `"`))
		return same != strings.HasPrefix(pattern, "!"), true
	}
	hit, _, why := m.search(pattern, caseless, text)
	return hit, why == ""
}
