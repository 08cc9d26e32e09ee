package rules

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/stack"
)

// JITEnabled reports a just-in-time compiler that is in effect.
var JITEnabled = &lint.Rule{
	ID:       "WP105",
	Name:     "jit-enabled",
	Cause:    lint.Died,
	Outcomes: lint.Outcomes{lint.None: lint.Always},
	Summary:  "The just-in-time compiler of opcache is on in PHP-FPM.",
	Why: "The compiler writes machine code at run time, and its bugs are crashes: a segmentation fault of the worker is a 502 for its request. WordPress mostly waits for its database and gains little from the compiler. " +
		"It is on when `opcache.jit` is not off and `opcache.jit_buffer_size` is above 0: before PHP 8.4 the size is 0 unless it is set, since 8.4 it is 64M and `opcache.jit` is `disable`. When Xdebug is loaded, PHP turns the compiler off. " +
		"None of the requests that were measured on PHP 8.2 with the compiler crashed, so this is a note.",
	Fixable: true,
	Fix:     "Set `opcache.jit = disable` in an ini file that PHP-FPM reads, and restart it.",
	Verify: []string{
		`php-fpm8.3 -i 2>/dev/null | grep -E '^(JIT|opcache\.jit(_buffer_size)?) '`,
		"journalctl -k --since -1d | grep -E 'segfault|traps:'",
	},
	Sources: []string{
		phpOpcache + "#ini.opcache.jit",
		phpOpcache + "#ini.opcache.jit-buffer-size",
	},
	Bad: `
-- etc/php/8.3/fpm/conf.d/10-opcache.ini --
zend_extension = opcache.so
opcache.jit = tracing
;             ^^^^^^^ WP105 PHP-FPM compiles with opcache.jit = tracing and a buffer of 64 MiB
opcache.jit_buffer_size = 64M
;                         --- WP105 the buffer is set here
`,
	Good: `
-- etc/php/8.3/fpm/conf.d/10-opcache.ini --
zend_extension = opcache.so
opcache.jit = disable
opcache.jit_buffer_size = 64M
`,
	Unproven: "which code the compiler gets wrong depends on the version and the processor; when it is on was measured on PHP 8.2",
	Check: func(p *lint.Pass) {
		for _, m := range p.Stack.Masters {
			checkJIT(p, m)
		}
	},
}

func checkJIT(p *lint.Pass, m *stack.Master) {
	jit, buffer := m.JIT(), m.JITBuffer()
	told := jit.At() != m.At || buffer.At() != m.At
	if !told || !m.HasOpcache() {
		return
	}
	mode, known := jit.Known()
	size, alsoKnown := buffer.Known()
	switch {
	case !known && !(alsoKnown && size == 0):
		p.NotChecked(buffer.At(), "whether the just-in-time compiler is on: "+jit.Why())
		return
	case !known || jitOff(mode):
		return
	case !alsoKnown:
		p.NotChecked(jit.At(), "whether the just-in-time compiler is on: "+buffer.Why())
		return
	case size <= 0:
		return
	}
	f := lint.Finding{At: jit.At(), Message: fmt.Sprintf("PHP-FPM compiles with opcache.jit = %s and a buffer of %s", mode, bytes(size))}
	if jit.Written() {
		f.Fixes = replace(jit.At(), "disable", "turn the compiler off")
		if buffer.Written() {
			f.Notes = []lint.Note{{At: buffer.At(), Message: "the buffer is set here"}}
		}
	} else {
		f.At = buffer.At()
		f.Message = fmt.Sprintf("PHP-FPM compiles with a buffer of %s: opcache.jit is not set, and its default is %s", bytes(size), mode)
		f.Fixes = replace(buffer.At(), "0", "turn the compiler off")
	}
	if m.Xdebug != nil {
		f.Message = "the just-in-time compiler does not work: PHP turns it off because Xdebug is loaded"
		f.Fixes = nil
		f.Notes = append(f.Notes, lint.Note{At: m.Xdebug.At, Message: "Xdebug is loaded here"})
	}
	p.Report(f)
}

// jitOff reports whether a value of opcache.jit turns the compiler off: a word,
// or a number of four digits whose last one, the level, is 0 (php-src
// ext/opcache/jit/zend_jit.c).
func jitOff(mode string) bool {
	switch strings.ToLower(mode) {
	case "", "disable", "off", "no", "false":
		return true
	}
	n, err := strconv.Atoi(mode)
	return err == nil && n%10 == 0
}
