package stack

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/phpini"
	"github.com/wp502lint/wp502lint/servers"
)

// judgeOpcache judges the settings of opcache without which PHP does not start
// (php-src ext/opcache; every one measured on PHP-FPM 8.2).
func (l *linker) judgeOpcache(m *Master, c *phpini.Config) {
	if c == nil || !loadsOpcache(m, c) {
		return
	}
	bad := func(e *phpini.Entry, message, says string) {
		l.addBad(BadEntry{Master: m, Fault: Preload, Key: e.Key(), At: e.Value().At, Message: message, Says: says})
	}
	if e := set(c, "opcache.preload"); e != nil {
		l.judgePreload(m, c, e, bad)
	}
	if e := set(c, "opcache.lockfile_path"); e != nil && l.missingPath(e.Value().Text) {
		bad(e, "there is no directory "+e.Value().Text+" for the lock file of opcache", servers.RefuseLock.Line())
	}
	if e := set(c, "opcache.file_cache_only"); e != nil && e.Value().Text != "0" && set(c, "opcache.file_cache") == nil {
		bad(e, "opcache.file_cache_only is on, and opcache.file_cache is not set", servers.RefuseCacheOnly.Line())
	}
}

// judgePreload judges opcache.preload, whose line is e.
func (l *linker) judgePreload(m *Master, c *phpini.Config, e *phpini.Entry, bad func(e *phpini.Entry, message, says string)) {
	user := set(c, "opcache.preload_user")
	switch {
	case user == nil && !l.configs.Whole:
		l.addBad(BadEntry{Master: m, Fault: Preload, At: e.Value().At, Why: "whether PHP-FPM starts as root, so that opcache.preload needs opcache.preload_user, is not known"})
	case user == nil:
		bad(e, "opcache.preload needs opcache.preload_user when PHP-FPM starts as root", servers.RefusePreloadUser.Line())
	case l.Facts != nil && l.Facts.Users.Absent(user.Value().Text):
		bad(user, "there is no user "+user.Value().Text+", which opcache.preload_user names", servers.RefusePreloadAccount.Line(user.Value().Text))
	case strings.HasPrefix(e.Value().Text, "/") && l.missingPath(e.Value().Text):
		bad(e, "there is no file "+e.Value().Text+" to preload", servers.RefusePreload.Line(e.Value().Text))
	}
}

// loadsOpcache reports whether the PHP of m has opcache and uses it. Since PHP
// 8.5 it is a part of PHP.
func loadsOpcache(m *Master, c *phpini.Config) bool {
	if e, ok := c.Get("opcache.enable"); ok && (e.Value().Text == "" || e.Value().Text == "0") {
		return false
	}
	if m.Version != "" && !servers.Older(m.Version, "8.5") {
		return true
	}
	for e := range c.All("zend_extension") {
		base := strings.ToLower(path.Base(e.Value().Text))
		if !e.Host && !e.Path && (base == "opcache" || base == "opcache.so") {
			return true
		}
	}
	return false
}

// set returns a line with a value that is known, nil when there is none.
func set(c *phpini.Config, key string) *phpini.Entry {
	e, ok := c.Get(key)
	if !ok || e.Value().Text == "" || e.Value().Why != "" {
		return nil
	}
	return &e
}

func (l *linker) missingPath(name string) bool {
	return l.Facts != nil && l.Facts.Files.Missing(name)
}
