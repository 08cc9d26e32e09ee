// Package handler determines what Apache httpd does with requests for PHP: which of its
// servers get them, what is done with them there, and with which worker's settings.
//
// It follows Apache's order: translation (RewriteRule with P, ProxyPass), then the handler
// of the merged sections, then the table of workers (httpd server/request.c,
// modules/proxy/mod_proxy.c, modules/proxy/proxy_util.c), without doing any IO.
package handler

import (
	"time"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

// Config is one Apache, as far as requests for PHP are concerned.
type Config struct {
	// Loose is set if there is no main file: what it sets is unknown.
	Loose bool
	At    source.Span // the first byte of the main file
	// User and Group are the account of the workers: the last line wins; absent if there is none,
	// so that they run as root (httpd modules/arch/unix/mod_unixd.c; measured on Apache 2.4).
	User, Group source.Setting[string]
	// Servers are the main server and, after it, the virtual hosts in order.
	Servers []*Server
	Listens []Listen
	// MPM is the module of processes: event, worker or prefork; "" if unknown.
	MPM string
	// Processes and Threads are how many processes there are at most, and threads in each.
	Processes, Threads source.Setting[int64]
	// ErrorLog is that of the main server, absolute if it is a file.
	ErrorLog source.Setting[string]
}

// Listen is one Listen line.
type Listen struct {
	At       source.Span
	Endpoint netaddr.Endpoint // zero if unknown
	SSL      bool
}

// Server is the main server or a virtual host.
type Server struct {
	At   source.Span // the word <VirtualHost; for the main server the first byte of its file
	Main bool
	// Names are ServerName, without scheme and port, and then ServerAlias.
	Names   []string
	NamesAt []source.Span
	// Listens are the addresses at which it gets requests: those of Listen lines that its own
	// address matches, and where such lines may be missing its own. None if nothing leads to it.
	Listens []Listen
	// Unserved are the addresses of a virtual host whose port no Listen line has. None if such lines
	// may be missing.
	Unserved []netaddr.Endpoint
	// Root is the document root.
	Root source.Setting[string]
	// Passes are the ways of requests for PHP there, each once: those for files below Root, and
	// those that sections and lines treat in another way. None if no request gets as far as a
	// handler: all are redirected, or nobody may read the files.
	Passes []*Pass
	// SSL is set by SSLEngine.
	SSL bool
	// Hidden is set if no request reaches the server for its name: an earlier one has it, or no request
	// can name it.
	Hidden bool
}

// End is what becomes of a request for PHP.
type End uint8

// The ends.
const (
	// Unknown: the files do not tell; Why says why.
	Unknown End = iota
	// Proxied: it goes to the Target.
	Proxied
	// Sent: nothing handles the file, and its text is sent with 200.
	Sent
	// InProcess: PHP runs inside Apache, or in a program that Apache starts (mod_php, mod_cgi,
	// mod_fcgid).
	InProcess
	// Answered: Apache answers with Status itself.
	Answered
)

// Way is what leads to a target.
type Way uint8

// The ways.
const (
	SetHandler Way = iota + 1
	AddHandler
	ProxyPass
	ProxyPassMatch
	RewriteRule
	NoHandler // nothing does
)

// Pass is one way of requests for PHP.
type Pass struct {
	End End
	Way Way
	// At is the word that names the target or handler; for NoHandler the server.
	At source.Span
	// Header is the header of the innermost section around it, or the server; for a .htaccess file
	// that is not read the AllowOverride line.
	Header source.Span
	// Text is the handler or the URL as Apache reads it.
	Text string
	// Cause is why the text is sent, or why Apache answers itself.
	Cause  Cause
	Status int // for Answered
	Target Target
	// Worker is the worker that Apache takes; nil for one made for the request.
	Worker *Worker
	// Members are those of a balancer.
	Members []Member
	// Module is the module that is missing for ModuleMissing, such as proxy_fcgi_module.
	Module string
	// Named is the socket that the handler names; Target may have that of the Worker.
	Named string
	// Skipped says which section or file is not read for NotRead, as the beginning of a sentence;
	// At is the word in it that is wrong, Right what it has to be ("" if that is not clear), and
	// Handler is where the handler is.
	Skipped, Right string
	Handler        source.Span
	// Lowered is set if AddHandler made a socket path lower-case that has capitals.
	Lowered bool
	// Timeout is how long Apache waits: that of the worker, else ProxyTimeout, else Timeout.
	Timeout source.Setting[time.Duration]
	// Reuse is set if connections are kept (enablereuse=on), Max how many of a process, and
	// Acquire how long a request waits for one.
	Reuse   source.Setting[bool]
	Max     source.Setting[int64]
	Acquire source.Setting[time.Duration]
	// Why is why the end or the target is unknown, worded to follow "not checked: ".
	Why string
	// Request is the path of the URL of one such request, and Found is set if its file is
	// known to exist.
	Request string
	Found   bool

	worker  *worker
	aliased bool              // an Alias or UserDir maps the URL
	by      *apache.Directive // that names the handler or type, or the section that is not read
}

// Cause is why a request for PHP does not reach PHP.
type Cause uint8

// The causes of Sent and Answered.
const (
	NoCause Cause = iota
	// The handler is not a proxy of FastCGI: its spelling, or another module's.
	NotAProxy
	// AddType alone: nothing handles the type.
	TypeAlone
	// SetHandler None.
	NoneSet
	// No module of the scheme is loaded.
	ModuleMissing
	// The handler is in a section that does not hold, or in a .htaccess file that is not read.
	NotRead
	// No line of the server is about PHP.
	Nothing
	// The address is read otherwise than it looks: unix:// with two slashes, a port out of
	// range, nothing after the bar.
	Misread
	// A path or options after |fcgi://host are part of the path of the script.
	PathAfterName
	// NotProxied: a RewriteRule to the address of a gateway lacks [P], so visitors are redirected to it.
	NotProxied
	// NotAllowed: Apache refuses a line of a .htaccess file, so that every request gets 500.
	NotAllowed
	// NoMember: no such balancer is defined, or it has no member that may be used.
	NoMember
)

// Target is where a request goes.
type Target struct {
	Scheme string // in lower case: fcgi, http, balancer …
	Socket string // the path of a unix socket, absolute and clean; "" for none
	Host   string
	Port   uint16 // the one in use; 0 for a socket
	// PortWritten is set if the port is written: without one it is 8000 for fcgi.
	PortWritten bool
	// Written is Socket as it is written.
	Written string
	// Relative is set if the written path is relative to DefaultRuntimeDir.
	Relative bool
}

// Worker is one worker that <Proxy>, ProxyPass or ProxyPassMatch defines.
type Worker struct {
	Name string // the part after |, such as fcgi://localhost
	At   source.Span
	// Server is the index in Config.Servers of the one that defines it.
	Server int
	// Takes is set if its socket replaces another one that the handler names.
	Takes  bool
	Target Target
}

// Member is one BalancerMember.
type Member struct {
	At     source.Span
	Target Target
	Worker *Worker
	// Backup is set for a hot standby.
	Backup bool
}
