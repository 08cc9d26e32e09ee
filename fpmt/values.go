package fpmt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// value judges v, the value of a plain entry, by its type.
func (j *judge) value(e *fpm.Entry, v ini.Value, d *servers.FPMDirective) {
	switch {
	case v.Why == "":
	case j.noDefault(e):
		v.Text, v.Why = "", ""
	default:
		j.untold(InvalidValue, v.At, d.Name+": "+v.Why)
		return
	}
	if d.Kind == servers.FPMTime {
		j.misreadTime(e, v)
	}
	if d.Kind == servers.FPMString && j.scope == servers.FPMGlobal && strings.Contains(v.Text, "$pool") {
		j.report(e, Refusal{Fault: InvalidValue, Message: d.Name + " uses $pool, which has no value in [global]",
			Says: line(e, servers.RefuseValue, d.Name, "Can't use '$pool' when the pool is not defined")})
	}
	if wants, says := wanted(d.Kind, v.Text); says != "" {
		j.invalid(e, wants, line(e, servers.RefuseValue, d.Name, says))
	}
}

// invalid reports the value of e. PHP-FPM takes only what wants says.
func (j *judge) invalid(e *fpm.Entry, wants, says string) {
	message := refusedValue(e.Directive.String(), wants, e.Value().Text)
	if j.noDefault(e) {
		message = fmt.Sprintf("%s is empty: defaults in ${} came with PHP %s, and this is PHP %s", e.Directive, servers.EnvDefaultSince, j.Version)
	}
	j.report(e, Refusal{Fault: InvalidValue, Message: message, Says: says})
}

// refusedValue returns a message with what PHP-FPM accepts and what is written.
func refusedValue(name, wants, text string) string {
	if text == "" {
		return fmt.Sprintf("%s is empty, and PHP-FPM takes only %s", name, wants)
	}
	return fmt.Sprintf("PHP-FPM takes only %s for %s, not %s", wants, name, source.Excerpt(text))
}

// wanted returns what PHP-FPM takes for a value of a kind, and how it refuses text
// (php-src fpm_conf.c, fpm_conf_set_*); "" for a text that it takes.
func wanted(kind servers.FPMKind, text string) (wants, says string) {
	const notNumber = "is not a valid number (greater or equal than zero)"
	var ok bool
	switch kind {
	case servers.FPMInt:
		_, ok = fpm.Int(text)
		wants, says = "digits", notNumber
	case servers.FPMTime:
		_, ok = fpm.Seconds(text)
		wants, says = "a number with s, m, h or d", "unknown suffix used in time value"
		if text == "" {
			wants, says = "a time such as 30s", "invalid time value"
		}
	case servers.FPMBool, servers.FPMFlags:
		_, ok = fpm.Bool(text)
		wants, says = "yes or no", "invalid boolean value"
		switch strings.ToLower(text) {
		case "on", "off", "yes", "no", "true", "false", "none":
			wants = "lower case in quotes" // PHP ignores the case of bare words only
		}
	case servers.FPMManager:
		return oneOf(text, servers.FPMManagers, "invalid process manager (static, dynamic or ondemand)")
	case servers.FPMLevel:
		return oneOf(text, servers.FPMLevels, "invalid value for 'log_level'")
	case servers.FPMFacility:
		return oneOf(text, servers.FPMFacilities, "invalid value")
	case servers.FPMCore: // fpm_conf_set_rlimit_core
		n, number := fpm.Int(text)
		ok = strings.EqualFold(text, "unlimited") || number && n >= 0
		wants, says = "digits or unlimited", notNumber
		if number {
			wants, says = "a number from 0 or unlimited", "must be greater than zero or 'unlimited'"
		}
	}
	if ok {
		return "", ""
	}
	return wants, says
}

// oneOf judges a value that is one of a few words.
func oneOf(text string, words []string, refusal string) (wants, says string) {
	if slices.Contains(words, strings.ToLower(text)) {
		return "", ""
	}
	if len(words) > 6 {
		return "the name of a facility such as daemon", refusal
	}
	return typo.Either(words), refusal
}

// arrayValue judges v, the value of name[index]. The value is left out of the message:
// env and php_value hold passwords.
func (j *judge) arrayValue(e *fpm.Entry, v ini.Value, d *servers.FPMDirective) {
	if v.Why != "" {
		return
	}
	b := Refusal{Fault: InvalidValue}
	switch text := v.Text; {
	case d.Kind == servers.FPMFlags:
		wants, says := wanted(d.Kind, text)
		if says == "" {
			return
		}
		b.Message = refusedValue(spelled(e), wants, text)
		b.Says = line(e, servers.RefuseFlag, d.Name, e.Index(), says)
	case d.Kind == servers.FPMPaths && !strings.HasPrefix(text, "/"):
		b.Message = refusedValue(spelled(e), "a path that starts with /", text)
		b.Says = line(e, servers.RefuseSuppress, d.Name)
	case d.Name == "env" && text == "":
		b.Message = fmt.Sprintf("%s is empty, and PHP-FPM refuses an environment variable without a value", spelled(e))
		if v.At.Start < v.At.End {
			b.Message = fmt.Sprintf("%s is empty: PHP-FPM reads an unquoted %s as no value, and refuses that", spelled(e), v.At.Text())
		}
		b.Says = line(e, servers.RefuseEmpty)
	default:
		return
	}
	j.report(e, b)
}
