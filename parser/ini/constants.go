package ini

import "strings"

// constants are PHP's constants that occur in configuration files and whose values
// do not depend on the build: Zend/zend_errors.h of PHP 8.2 and
// ext/standard/syslog.stub.php on Linux. E_ALL is 30719 since PHP 8.4, which removed
// E_STRICT from it.
var constants = map[string]string{
	"E_ERROR":             "1",
	"E_WARNING":           "2",
	"E_PARSE":             "4",
	"E_NOTICE":            "8",
	"E_CORE_ERROR":        "16",
	"E_CORE_WARNING":      "32",
	"E_COMPILE_ERROR":     "64",
	"E_COMPILE_WARNING":   "128",
	"E_USER_ERROR":        "256",
	"E_USER_WARNING":      "512",
	"E_USER_NOTICE":       "1024",
	"E_STRICT":            "2048",
	"E_RECOVERABLE_ERROR": "4096",
	"E_DEPRECATED":        "8192",
	"E_USER_DEPRECATED":   "16384",
	"E_ALL":               "32767",

	"DIRECTORY_SEPARATOR": "/",
	"PATH_SEPARATOR":      ":",

	"INI_USER":   "1",
	"INI_PERDIR": "2",
	"INI_SYSTEM": "4",
	"INI_ALL":    "7",

	"LOG_EMERG":    "0",
	"LOG_ALERT":    "1",
	"LOG_CRIT":     "2",
	"LOG_ERR":      "3",
	"LOG_WARNING":  "4",
	"LOG_NOTICE":   "5",
	"LOG_INFO":     "6",
	"LOG_DEBUG":    "7",
	"LOG_KERN":     "0",
	"LOG_USER":     "8",
	"LOG_MAIL":     "16",
	"LOG_DAEMON":   "24",
	"LOG_AUTH":     "32",
	"LOG_SYSLOG":   "40",
	"LOG_LPR":      "48",
	"LOG_NEWS":     "56",
	"LOG_UUCP":     "64",
	"LOG_CRON":     "72",
	"LOG_AUTHPRIV": "80",
	"LOG_LOCAL0":   "128",
	"LOG_LOCAL1":   "136",
	"LOG_LOCAL2":   "144",
	"LOG_LOCAL3":   "152",
	"LOG_LOCAL4":   "160",
	"LOG_LOCAL5":   "168",
	"LOG_LOCAL6":   "176",
	"LOG_LOCAL7":   "184",
	"LOG_PID":      "1",
	"LOG_CONS":     "2",
	"LOG_ODELAY":   "4",
	"LOG_NDELAY":   "8",
	"LOG_NOWAIT":   "16",
	"LOG_PERROR":   "32",
}

// families are the prefixes of the other constants that PHP 8.2 and its bundled
// extensions define: their values depend on version, build and extensions.
var families = []string{
	"CREDITS_", "CRYPT_", "DATE_", "DEBUG_", "DNS_", "ENT_", "EXTR_", "FILE_", "FILTER_", "FNM_",
	"GLOB_", "HASH_", "HTML_", "IMAGETYPE_", "INFO_", "INI_", "JSON_", "LC_", "LIBXML_", "LOCK_",
	"M_", "MT_", "OPENSSL_", "PASSWORD_", "PATHINFO_", "PEAR_", "PHP_", "PREG_", "PSFS_", "SEEK_",
	"SODIUM_", "SORT_", "STREAM_", "STR_PAD_", "UPLOAD_ERR_", "ZEND_", "ZLIB_",
}

// constant adds a bare word, which PHP replaces if it is the name of a constant.
// The names are case-sensitive except for true, false and null, which reach this
// function only as an index.
func (p *parser) constant(v *Value, t *text, tok token) {
	name := p.text[tok.from:tok.to]
	switch kind := keyword(name); {
	case kind == tTrue && len(name) == len("true"):
		t.add("1")
		return
	case kind == tNull, kind == tFalse && len(name) == len("false"):
		t.add("")
		return
	}
	if c := name[0]; c < 'C' || c > 'Z' || len(name) < 3 {
		t.raw(tok.from, tok.to)
		return
	}
	if known, ok := constants[name]; ok {
		v.Form |= Constant
		t.add(known)
		return
	}
	t.raw(tok.from, tok.to)
	if inFamily(name) {
		v.Form |= Constant
		v.unknown("the PHP constant " + name)
	}
}

func inFamily(name string) bool {
	if name == "INF" || name == "NAN" || name == "DEFAULT_INCLUDE_PATH" {
		return true
	}
	if strings.IndexByte(name, '_') < 0 || strings.ToUpper(name) != name {
		return false
	}
	for _, prefix := range families {
		if len(name) > len(prefix) && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
