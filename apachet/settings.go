package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
)

// isStatus reports whether httpd has a text for a status (httpd
// modules/http/http_protocol.c, status_lines).
func isStatus(code int) bool {
	switch {
	case 100 <= code && code <= 102, 200 <= code && code <= 208, code == 226, 300 <= code && code <= 305, code == 307, code == 308,
		400 <= code && code <= 417, 421 <= code && code <= 424, code == 426, code == 428, code == 429, code == 431, code == 451,
		500 <= code && code <= 508, code == 510, code == 511:
		return true
	}
	return false
}

// mayStatus is isStatus, and true for those that other versions of httpd have.
func mayStatus(code int) bool {
	return isStatus(code) || code == 103 || code == 418 || code == 425
}

// errorDocument judges ErrorDocument (httpd server/core.c, set_error_document).
func (x *checker) errorDocument(d *apache.Directive, s state) *Refusal {
	code := d.Arg(0)
	switch {
	case !mayStatus(apache.Int(code)):
		return refuse(d, 0, "ErrorDocument takes the code of a status of HTTP, not "+quoted(code), "Unsupported HTTP response code "+code)
	case strings.EqualFold(d.Arg(1), "default"):
		return nil
	}
	return x.expression(d, 1, d.Arg(1), text, "Cannot parse expression in ErrorDocument: ")
}

// setHandler judges SetHandler (httpd server/core.c, set_sethandler).
func (x *checker) setHandler(d *apache.Directive, s state) *Refusal {
	return x.expression(d, 0, d.Arg(0), text, "Can't parse expression : ")
}

// keepAliveTimeout judges KeepAliveTimeout (httpd modules/http/http_core.c,
// set_keep_alive_timeout).
func (x *checker) keepAliveTimeout(d *apache.Directive, _ state) *Refusal {
	if _, ok := apache.Duration(d.Arg(0), "s"); ok || x.unset(d) {
		return nil
	}
	return refuse(d, 0, expected(d, "a time such as 5 or 500ms", d.Arg(0)), "KeepAliveTimeout has wrong format")
}

// serverName judges ServerName (httpd server/core.c, server_hostname_port).
func (x *checker) serverName(d *apache.Directive, _ state) *Refusal {
	word := d.Arg(0)
	if apache.Wild(word) {
		log := "Invalid ServerName \"" + word + "\" use ServerAlias to set multiple server names."
		return refuse(d, 0, "ServerName takes one name without wildcards, not "+quoted(word)+"; ServerAlias takes them", log)
	}
	name := word
	if _, after, ok := strings.Cut(word, "://"); ok {
		name = after
	}
	_, port, ok := strings.Cut(name, ":")
	if n := apache.Int(port); !ok || 0 < n && n < 65536 {
		return nil
	}
	return refuse(d, 0, "the port "+quoted(port)+" of ServerName is not a number from 1 to 65535",
		"The port number \""+word+"\" is outside the appropriate range (i.e., 1..65535).")
}

// levels are the words of LogLevel (httpd server/log.c, priorities).
var levels = []string{"emerg", "alert", "crit", "error", "warn", "notice", "info", "debug", "trace1", "trace2", "trace3", "trace4", "trace5", "trace6", "trace7", "trace8"}

// logLevel judges a word of LogLevel (httpd server/core.c, set_loglevel).
func (x *checker) logLevel(d *apache.Directive, i int, _ state) *Refusal {
	const keyword = "Log level keyword must be one of emerg/alert/crit/error/warn/notice/info/debug/trace1/.../trace8"
	word := d.Args[i].Text
	colon := strings.LastIndexByte(word, ':')
	level := word[colon+1:]
	switch {
	case isOneOf(level, levels):
		if colon < 0 {
			return nil
		}
		return x.moduleOf(d, i, word[:colon])
	case colon < 0:
		return refuse(d, i, "unknown level "+quoted(level)+" in LogLevel"+typo.DidYouMean(level, levels), keyword)
	case level == "":
		return refuse(d, i, "LogLevel has no level after "+quoted(word), "Module specifier '"+word[:colon]+"' must be followed by a log level keyword")
	}
	return refuse(d, i, "unknown level "+quoted(level)+" in LogLevel"+typo.DidYouMean(level, levels), word+": "+keyword)
}

// moduleOf judges the module of a LogLevel: its name, or that of its source (httpd
// server/core.c, find_module).
func (x *checker) moduleOf(d *apache.Directive, i int, name string) *Refusal {
	if !x.modules.sealed {
		return nil
	}
	for loaded, p := range x.modules.known {
		row := httpd.ModuleNamed(loaded)
		if p != absent && (loaded == name || loaded == name+"_module" || row == nil || row.Source == name) {
			return nil // a module from elsewhere may have any source
		}
	}
	row := httpd.ModuleNamed(name)
	if row == nil {
		row = httpd.ModuleNamed(name + "_module")
	}
	log := "Cannot find module " + name
	if row == nil {
		return refuse(d, i, "LogLevel names the module "+quoted(name)+", which no LoadModule line loads", log)
	}
	r := refusal(Unknown, d, d.Args[i].At, "LogLevel names "+short(row.Name)+", which no LoadModule line loads"+x.enable(row.Name), log)
	r.Module = row.Name
	return r
}

// protocolOptions judges HttpProtocolOptions, whose words add up in a server (httpd
// server/core.c, set_http_protocol_options).
func (x *checker) protocolOptions(d *apache.Directive, _ state) *Refusal {
	words := []string{"Allow0.9", "Require1.0", "Strict", "Unsafe", "RegisteredMethods", "LenientMethods"}
	const log = "HttpProtocolOptions accepts 'Unsafe' or 'Strict' (default), 'RegisteredMethods' or 'LenientMethods' (default), and 'Require1.0' or 'Allow0.9' (default)"
	if x.unset(d) {
		return nil
	}
	seen := map[string]bool{}
	for i, w := range d.Args {
		if !isOneOf(w.Text, words) {
			return refuse(d, i, "unknown word "+quoted(w.Text)+" in HttpProtocolOptions"+typo.DidYouMean(w.Text, words), log)
		}
		seen[strings.ToLower(w.Text)] = true
		for j := 0; j < len(words); j += 2 {
			if seen[strings.ToLower(words[j])] && seen[strings.ToLower(words[j+1])] {
				return refuse(d, i, "HttpProtocolOptions has "+words[j]+" and "+words[j+1],
					"HttpProtocolOptions '"+words[j]+"' and '"+words[j+1]+"' are mutually exclusive")
			}
		}
	}
	return nil
}

// maxRanges checks MaxRanges and its kin (httpd server/core.c, set_max_ranges).
func maxRanges(x *checker, d *apache.Directive, _ state) *Refusal {
	word := d.Arg(0)
	if x.unset(d) || isOneOf(word, []string{"none", "default", "unlimited"}) || apache.Int(word) > 0 {
		return nil
	}
	return refuse(d, 0, expected(d, "none, default, unlimited or a number from 1", word),
		spelled(d)+" requires 'none', 'default', 'unlimited' or a positive integer")
}

// recursion judges LimitInternalRecursion (httpd server/core.c, set_recursion_limit).
func recursion(x *checker, d *apache.Directive, _ state) *Refusal {
	if x.unset(d) {
		return nil
	}
	for i, w := range d.Args {
		if apache.Int(w.Text) <= 0 {
			return refuse(d, i, expected(d, "numbers from 1", w.Text), "The recursion limit must be greater than zero.")
		}
	}
	return nil
}

// readTimeout judges a word of RequestReadTimeout (httpd modules/filters/mod_reqtimeout.c).
func readTimeout(_ *checker, d *apache.Directive, i int, _ state) *Refusal {
	word := d.Args[i].Text
	key, value, ok := strings.Cut(word, "=")
	if !ok {
		return refuse(d, i, quoted(word)+" in RequestReadTimeout has no =",
			"Invalid RequestReadTimeout parameter. Parameter must be in the form 'key=value'")
	}
	why := "Unknown RequestReadTimeout parameter"
	if stages := []string{"handshake", "header", "body"}; isOneOf(key, stages) {
		why = timeoutOf(value)
	}
	if why == "" {
		return nil
	}
	return refuse(d, i, "RequestReadTimeout takes header=20-40,MinRate=500, body=20 and the like, not "+quoted(word), "RequestReadTimeout: "+word+": "+why)
}

// timeoutOf says why a value of RequestReadTimeout is refused; "" if it is not.
func timeoutOf(value string) (why string) {
	first, most, rate := value, "", ""
	ranged := false
	const option = ",minrate="
	if comma := strings.Index(strings.ToLower(value), option); comma >= 0 {
		first, rate = value[:comma], value[comma+len(option):]
		if why = natural(rate); why != "" {
			return why
		} else if apache.Int(rate) == 0 {
			return "Minimum data rate must be larger than 0"
		}
		if first, most, ranged = strings.Cut(first, "-"); ranged {
			if why = natural(most); why != "" {
				return why
			}
		}
	} else if strings.Contains(value, "-") {
		return "Must set MinRate option if using timeout range"
	}
	if why = natural(first); why != "" {
		return why
	}
	if apache.Int(most) != 0 && apache.Int(first) >= apache.Int(most) {
		return "Maximum timeout must be larger than initial timeout"
	}
	return ""
}

// natural says why a text is not a number that is not negative; "" if it is.
func natural(text string) (why string) {
	_, rest, digits, _ := apache.Number(text)
	switch {
	case !digits:
		return "Value '" + text + "' not numerical"
	case rest != "":
		return "Cannot parse '" + rest + "'"
	case apache.Int(text) < 0:
		return "Value must be non-negative"
	}
	return ""
}
