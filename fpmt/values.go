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

// PHP-FPM's messages about a value (php-src fpm_conf.c, fpm_conf_set_*).
const (
	saysInt      = "is not a valid number (greater or equal than zero)"
	saysTime     = "unknown suffix used in time value"
	saysNoTime   = "invalid time value"
	saysBool     = "invalid boolean value"
	saysManager  = "invalid process manager (static, dynamic or ondemand)"
	saysLevel    = "invalid value for 'log_level'"
	saysFacility = "invalid value"
	saysCore     = "must be greater than zero or 'unlimited'"
	saysPool     = "Can't use '$pool' when the pool is not defined"
)

// value judges v, the value of a plain entry, by its type.
func (j *judge) value(e *fpm.Entry, v ini.Value, d *servers.FPMDirective) {
	if v.Why != "" {
		j.untold(InvalidValue, v.At, d.Name+": "+v.Why)
		return
	}
	text := v.Text
	wants, says := "", ""
	switch d.Kind {
	case servers.FPMInt:
		wants, says = wantInt(text)
	case servers.FPMTime:
		wants, says = wantTime(text)
		j.misreadTime(e)
	case servers.FPMBool:
		if _, ok := fpm.Bool(text); !ok {
			wants, says = wantBool(text), saysBool
		}
	case servers.FPMManager:
		wants, says = oneOf(text, servers.FPMManagers, saysManager)
	case servers.FPMLevel:
		wants, says = oneOf(text, servers.FPMLevels, saysLevel)
	case servers.FPMFacility:
		wants, says = oneOf(text, servers.FPMFacilities, saysFacility)
	case servers.FPMCore:
		wants, says = wantCore(text)
	default:
		if j.scope == servers.FPMGlobal && strings.Contains(text, "$pool") {
			j.report(e, Refusal{Fault: InvalidValue, Message: "there is no $pool in [global], and " + d.Name + " has one", Says: line(e, servers.RefuseValue, d.Name, saysPool)})
		}
	}
	if says != "" {
		j.report(e, Refusal{Fault: InvalidValue, Message: refusedValue(d.Name, wants, text), Says: line(e, servers.RefuseValue, d.Name, says)})
	}
}

// refusedValue returns a message with what PHP-FPM accepts and what is written.
func refusedValue(name, wants, text string) string {
	if text == "" {
		return fmt.Sprintf("%s is empty, and PHP-FPM takes only %s", name, wants)
	}
	return fmt.Sprintf("PHP-FPM takes only %s for %s, not %s", wants, name, source.Excerpt(text))
}

func wantInt(text string) (wants, says string) {
	if _, ok := fpm.Int(text); ok {
		return "", ""
	}
	return "digits", saysInt
}

func wantTime(text string) (wants, says string) {
	switch _, ok := fpm.Seconds(text); {
	case ok:
		return "", ""
	case text == "":
		return "a time such as 30s", saysNoTime
	}
	return "a number with s, m, h or d", saysTime
}

// wantBool describes the valid booleans: PHP ignores the case of bare words only.
func wantBool(text string) string {
	switch strings.ToLower(text) {
	case "on", "off", "yes", "no", "true", "false", "none":
		return "lower case in quotes"
	}
	return "yes or no"
}

// wantCore judges rlimit_core (fpm_conf_set_rlimit_core).
func wantCore(text string) (wants, says string) {
	if strings.EqualFold(text, "unlimited") {
		return "", ""
	}
	if _, says = wantInt(text); says != "" {
		return "digits or unlimited", says
	}
	if n, _ := fpm.Int(text); n < 0 {
		return "a number from 0 or unlimited", saysCore
	}
	return "", ""
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
		if _, ok := fpm.Bool(text); ok {
			return
		}
		b.Message = refusedValue(spelled(e), wantBool(text), text)
		b.Says = line(e, servers.RefuseFlag, d.Name, e.Index(), saysBool)
	case d.Kind == servers.FPMPaths && !strings.HasPrefix(text, "/"):
		b.Message = refusedValue(spelled(e), "a path that starts with /", text)
		b.Says = line(e, servers.RefuseSuppress, d.Name)
	case d.Name == "env" && text == "":
		b.Message = fmt.Sprintf("%s is empty, and PHP-FPM refuses an environment variable without a value", spelled(e))
		if v.At.Start < v.At.End {
			b.Message = fmt.Sprintf("%s is empty, since an unquoted %s stands for nothing, and PHP-FPM refuses that", spelled(e), v.At.Text())
		}
		b.Says = line(e, servers.RefuseEmpty)
	default:
		return
	}
	j.report(e, b)
}
