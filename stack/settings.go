package stack

import (
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// PageSize is the memory page size in bytes from which nginx derives its default
// buffers: that of amd64, and of arm64 in most distributions.
const PageSize = 4096

// Buffers is a number of buffers and the size of each in bytes.
type Buffers struct{ Number, Size int64 }

const noMain = "no nginx.conf given"

// ErrorLog is one error_log directive.
type ErrorLog struct {
	At    source.Span // the whole directive
	Path  string      // stderr, syslog:…, memory:… or a path
	Level string      // as written; error if not set
}

func (g *Gateway) block() block { return block{g.Effective, g.Header, g.Front.open()} }

// settingOf returns a setting with the prefix of the gateway's protocol.
func settingOf[T any](g *Gateway, k keyword, read func(nginx.Directive) (T, bool)) source.Setting[T] {
	return setting(g.block(), g.Protocol.of(k), read)
}

// BufferSize is *_buffer_size in bytes: the buffer for the first part of a response,
// which must hold its header.
func (g *Gateway) BufferSize() source.Setting[int64] {
	return settingOf(g, bufferSize, sizeOf).Or(PageSize)
}

// Buffers is *_buffers.
func (g *Gateway) Buffers() source.Setting[Buffers] {
	return settingOf(g, buffers, buffersOf).Or(Buffers{8, PageSize})
}

func buffersOf(d nginx.Directive) (Buffers, bool) {
	number, ok := nginx.Number(d.Arg(0).String())
	size, good := nginx.Size(d.Arg(1).String())
	return Buffers{number, size}, ok && good && number > 0 && size > 0
}

// BusyBuffersSize is *_busy_buffers_size in bytes; absent if not set, so that nginx
// derives it from the buffers.
func (g *Gateway) BusyBuffersSize() source.Setting[int64] {
	return settingOf(g, busyBuffersSize, sizeOf)
}

// TempFileWriteSize is *_temp_file_write_size in bytes; absent if not set, so that
// nginx derives it from the buffers.
func (g *Gateway) TempFileWriteSize() source.Setting[int64] {
	return settingOf(g, tempFileWriteSize, sizeOf)
}

// MaxTempFileSize is *_max_temp_file_size in bytes; 0 for no temporary files.
func (g *Gateway) MaxTempFileSize() source.Setting[int64] {
	return settingOf(g, maxTempFileSize, sizeOf).Or(1 << 30)
}

// ReadTimeout is how long the web server waits for the next part of a response:
// *_read_timeout of nginx; of Apache the timeout of the worker, else ProxyTimeout, else Timeout.
func (g *Gateway) ReadTimeout() source.Setting[time.Duration] {
	if g.Pass != nil {
		return g.Pass.Timeout
	}
	return settingOf(g, readTimeout, timeOf).Or(60 * time.Second)
}

// KeepConn is fastcgi_keep_conn of nginx and enablereuse of Apache; off for other gateways.
func (g *Gateway) KeepConn() source.Setting[bool] {
	if g.Pass != nil {
		return g.Pass.Reuse
	}
	return settingOf(g, keepConn, flagOf).Or(false)
}

// NextUpstream is the conditions of *_next_upstream.
func (g *Gateway) NextUpstream() source.Setting[[]string] {
	return settingOf(g, nextUpstream, wordsOf).Or([]string{"error", "timeout"})
}

// SSLServerName is *_ssl_server_name: whether the name is sent to the origin.
func (g *Gateway) SSLServerName() source.Setting[bool] {
	return settingOf(g, sslServerName, flagOf).Or(false)
}

// SSLName is *_ssl_name; absent if not set, so that the host of the URL is used.
func (g *Gateway) SSLName() source.Setting[string] { return settingOf(g, sslName, textOf) }

// SSLVerify is *_ssl_verify.
func (g *Gateway) SSLVerify() source.Setting[bool] { return settingOf(g, sslVerify, flagOf).Or(false) }

// SSLTrustedCertificate is the file of *_ssl_trusted_certificate; absent if not set.
func (g *Gateway) SSLTrustedCertificate() source.Setting[string] {
	return settingOf(g, sslTrustedCertificate, textOf)
}

// SSLProtocols is *_ssl_protocols; absent if not set.
func (g *Gateway) SSLProtocols() source.Setting[[]string] { return settingOf(g, sslProtocols, wordsOf) }

// Resolver is the name servers and parameters of the resolver in scope; absent for none.
func (g *Gateway) Resolver() source.Setting[[]string] { return setting(g.block(), kwResolver, wordsOf) }

// ErrorLogs are the error_log lines in effect; none if not set, so that nginx logs
// errors to the file that it was built with.
func (g *Gateway) ErrorLogs() []ErrorLog { return errorLogs(g.Effective) }

// ErrorLogLines identifies the ErrorLogs of a gateway: gateways with the same lines share
// it. It is nil for none.
func (g *Gateway) ErrorLogLines() *Effective { return g.Effective.last(kwErrorLog) }

// ErrorPageLines identifies the error_page lines in effect, as ErrorLogLines does.
func (g *Gateway) ErrorPageLines() *Effective { return g.Effective.last(kwErrorPage) }

func errorLogs(e *Effective) (logs []ErrorLog) {
	for _, d := range e.all(kwErrorLog) {
		log := ErrorLog{d.Span(), d.Arg(0).String(), "error"}
		if d.NumArgs() > 1 {
			log.Level = d.Arg(1).String()
		}
		logs = append(logs, log)
	}
	return logs
}

// ProxyBufferSize is proxy_buffer_size in the block of a gateway. It has no effect on a
// gateway of another kind.
func (g *Gateway) ProxyBufferSize() source.Setting[int64] {
	return setting(g.block(), HTTP.of(bufferSize), sizeOf).Or(PageSize)
}

// Hidden502 returns the error_page that answers a 502 of the gateway with a status below
// 500, and that status; 0 for that of the page. at is zero if there is none.
func (g *Gateway) Hidden502() (at source.Span, status int64) {
	for _, d := range g.Effective.all(kwErrorPage) {
		n := d.NumArgs() - 1 // the page
		if n < 2 {
			continue
		}
		status, ok := strings.CutPrefix(d.Arg(n-1).String(), "=")
		if !ok {
			continue
		}
		code, _ := nginx.Number(status)
		for i := range n - 1 {
			if d.Arg(i).String() == "502" && code < 500 {
				return d.Span(), code
			}
		}
	}
	return source.Span{}, 0
}
