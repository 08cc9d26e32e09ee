package stack

import (
	"io/fs"
	"strings"

	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Text returns the value of a plain entry of [global] that takes effect.
func (m *Master) Text(key servers.FPMKey) source.Setting[string] { return m.global.Text(key) }

// Text returns the value of a plain entry of the pool that takes effect, with $pool expanded.
func (p *Pool) Text(key servers.FPMKey) source.Setting[string] { return p.Section.Text(key) }

// Static reports whether the pool has all its workers from the start: pm is static, in any
// case.
func (p *Pool) Static() bool {
	manager, _ := p.value(servers.KeyPM)
	return strings.EqualFold(manager, "static")
}

// Mode returns the permissions of the socket that PHP-FPM creates for the pool. right
// is false if listen.mode is not an octal number; PHP-FPM then uses the part that it can read.
func (p *Pool) Mode() (mode fs.FileMode, right bool) { return p.mode, !p.misreadMode }

// readMode sets what Mode returns.
func (p *Pool) readMode() {
	p.mode = 0o660
	if text, ok := p.value(servers.KeyListenMode); ok {
		mode, right := fpm.Mode(text)
		p.mode, p.misreadMode = mode, !right
	}
}

// MaxChildren is pm.max_children.
func (p *Pool) MaxChildren() source.Setting[int64] { return p.Section.Int(servers.KeyPMMaxChildren) }

// FileLimit is rlimit_files; 0 for the limit of the system.
func (p *Pool) FileLimit() source.Setting[int64] {
	return p.Section.Int(servers.KeyRlimitFiles).Or(0)
}

// Starts is how many workers a pool starts with (php-src fpm_children.c,
// fpm_conf.c): all for static, none for ondemand, and for dynamic without
// pm.start_servers a number between the two spare limits.
func (p *Pool) Starts() source.Setting[int64] {
	manager := p.Text(servers.KeyPM)
	text, known := manager.Known()
	switch {
	case !known:
		return source.Unknown[int64](manager.At(), "pm is not known")
	case p.Static():
		return p.MaxChildren()
	case strings.EqualFold(text, "ondemand"):
		return source.Default[int64](0, manager.At())
	}
	start := p.Section.Int(servers.KeyPMStartServers).Or(0)
	low, ok := p.Section.Int(servers.KeyPMMinSpareServers).Known()
	high, also := p.Section.Int(servers.KeyPMMaxSpareServers).Known()
	if n, known := start.Known(); !known || n > 0 || !ok || !also {
		return start
	}
	return source.Default(low+(high-low)/2, manager.At())
}

// CatchOutput is catch_workers_output.
func (p *Pool) CatchOutput() source.Setting[bool] {
	const key = servers.KeyCatchWorkersOutput
	if p.Text(key).Absent() && p.Master.Loose {
		return source.Unknown[bool](p.At, "a file that is not here may set it")
	}
	return p.Section.Bool(key)
}

// TerminateTimeout is request_terminate_timeout in seconds; 0 for none.
func (p *Pool) TerminateTimeout() source.Setting[int64] {
	return p.Section.Seconds(servers.KeyRequestTerminateTimeout)
}

// MaxRequests is pm.max_requests, the requests after which a worker ends; 0 for never.
func (p *Pool) MaxRequests() source.Setting[int64] { return p.Section.Int(servers.KeyPMMaxRequests) }

// Backlog is listen.backlog; negative, as by default, for the kernel's
// maximum (measured on PHP-FPM 8.2).
func (p *Pool) Backlog() source.Setting[int64] { return p.Section.Int(servers.KeyListenBacklog) }

// ControlTimeout is process_control_timeout in seconds: how long a reload waits for
// running requests.
func (m *Master) ControlTimeout() source.Setting[int64] {
	return m.global.Seconds(servers.KeyProcessControlTimeout)
}
