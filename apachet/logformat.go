package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// logLetters returns the formats of a log that the loaded modules know (the calls of
// log_pfn_register in httpd's modules).
func (x *checker) logLetters() string {
	letters := "haAlutfbBionLeVvpPHmqXCkrDTUsR"
	if x.modules.of("logio_module") != absent {
		letters += "IOS"
	}
	if x.modules.of("ssl_module") != absent {
		letters += "cx"
	}
	return letters
}

// logFormat judges word i of d, the format of a log (httpd modules/loggers/mod_log_config.c,
// parse_log_item).
func (x *checker) logFormat(d *apache.Directive, i int) *Refusal {
	letters := x.logLetters()
	format := d.Arg(i)
	for {
		_, after, ok := strings.Cut(format, "%")
		if !ok {
			return nil
		}
		format = after
		if strings.HasPrefix(format, "%") {
			format = format[1:]
			continue
		}
		format = afterModifiers(format, "!<>,0123456789")
		switch {
		case format == "":
			return refuse(d, i, "a % in "+quoted(d.Arg(i))+" has no letter; a % is written %%", "Ran off end of LogFormat parsing args to some directive")
		case strings.HasPrefix(format, "^ti"), strings.HasPrefix(format, "^to"), strings.HasPrefix(format, "^FB"):
			format = format[3:]
		case strings.IndexByte(letters, format[0]) < 0:
			return x.noFormat(d, i, format[:1])
		default:
			format = format[1:]
		}
	}
}

// afterModifiers returns a format without what may be between its % and its letter: signs and
// {a name}.
func afterModifiers(format, signs string) string {
	for format != "" {
		switch {
		case strings.IndexByte(signs, format[0]) >= 0:
			format = format[1:]
		case format[0] == '{':
			_, format, _ = strings.Cut(format, "}")
			format = strings.TrimLeft(format, "}")
		default:
			return format
		}
	}
	return ""
}

// noFormat returns that word i of d has a format that no loaded module knows.
func (x *checker) noFormat(d *apache.Directive, i int, letter string) *Refusal {
	if !x.modules.sealed || x.modules.others {
		return nil
	}
	log := "Unrecognized LogFormat directive %" + letter
	module := ""
	switch {
	case strings.Contains("IOS", letter):
		module = "logio_module"
	case strings.Contains("cx", letter):
		module = "ssl_module"
	}
	if module == "" {
		return refuse(d, i, "unknown format %"+letter+" in "+quoted(d.Arg(i))+"; a % is written %%", log)
	}
	r := refusal(Unknown, d, d.Args[i].At, "the format %"+letter+" needs "+short(module)+", which no LoadModule line loads"+x.enable(module), log)
	r.Module = module
	return r
}

// customLog judges CustomLog and GlobalLog (httpd modules/loggers/mod_log_config.c,
// add_custom_log).
func (x *checker) customLog(d *apache.Directive, _ state) *Refusal {
	if x.unset(d) {
		return nil
	}
	if clause := d.Arg(2); len(d.Args) > 2 {
		lower := strings.ToLower(clause)
		switch {
		case lower == "env=", lower == "env=!":
			return refuse(d, 2, quoted(clause)+" has no name of a variable", "missing environment variable name")
		case strings.HasPrefix(lower, "env="):
		case lower == "expr=":
			return refuse(d, 2, "expr= has no expression", "missing condition")
		case strings.HasPrefix(lower, "expr="):
			if r := x.expression(d, 2, clause[len("expr="):], condition, ""); r != nil {
				return r
			}
		default:
			return refuse(d, 2, quoted(clause)+" after the format of "+spelled(d)+" is neither env= nor expr=; a format with blanks needs quotes", "error in condition clause")
		}
	}
	return x.logFormat(d, 1)
}

// logFormatLine judges LogFormat.
func (x *checker) logFormatLine(d *apache.Directive, _ state) *Refusal {
	if x.unset(d) {
		return nil
	}
	return x.logFormat(d, 0)
}

// errorLogFormat judges ErrorLogFormat (httpd server/core.c, set_errorlog_format and
// parse_errorlog_item).
func (x *checker) errorLogFormat(d *apache.Directive, _ state) *Refusal {
	i := len(d.Args) - 1
	switch {
	case x.unset(d):
		return nil
	case i > 0 && !isOneOf(d.Arg(0), []string{"connection", "request"}):
		return refuse(d, 0, expected(d, "connection, request or a format alone", d.Arg(0)), "ErrorLogFormat type must be one of request, connection")
	}
	format, message := d.Arg(i), false
	for {
		_, after, ok := strings.Cut(format, "%")
		if !ok && i == 0 && !message {
			return refuse(d, i, "the format of ErrorLogFormat has no %M, the message", "main ErrorLogFormat must contain message format string '%M'")
		} else if !ok {
			return nil
		}
		format = after
		if strings.HasPrefix(format, "%") {
			format = format[1:]
			continue
		}
		if strings.HasPrefix(format, " ") {
			continue
		}
		format = afterModifiers(format, "+-0123456789")
		switch {
		case format == "":
			return refuse(d, i, "a % in "+quoted(d.Arg(i))+" has no letter", "Ran off end of error log format parsing args to some directive")
		case format[0] == 'M' && i > 0:
			return refuse(d, i, "%M is only for the format of the whole log", "%M cannot be used in once-per-request or once-per-connection formats")
		case strings.IndexByte(errorLetters, format[0]) < 0:
			if x.modules.others || !x.modules.sealed {
				return nil
			}
			return refuse(d, i, "unknown format %"+format[:1]+" in "+quoted(d.Arg(i)), "Unrecognized error log format directive %"+format[:1])
		}
		message = message || format[0] == 'M'
		format = format[1:]
	}
}

// errorLetters are the formats of ErrorLogFormat (httpd server/core.c, core_pre_config).
const errorLetters = "aAeEFiklLmMnPtTvV"
