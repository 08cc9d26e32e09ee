package stack

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/parser/phpini"
	"github.com/wp502lint/wp502lint/source"
)

// Site is one server block of nginx.
type Site struct {
	Machine *Machine
	At      source.Span // the word server
	// Names are the arguments of server_name; none is the empty name.
	Names   []string
	NamesAt []source.Span // where each name is written
	Listens []Listen
	// WordPress is set when its files are in the root of the site, or a location
	// or rewrite names one of them.
	WordPress bool
	Main      *NginxMain // nil when no nginx.conf is among the files
	// Effective is what counts in the server block.
	Effective *Effective
	// Whole is the configuration that the site belongs to: sites of two
	// fragments are not known to be loaded together.
	Whole int
}

// Name returns the first server name, and "" for a site without one.
func (s *Site) Name() string {
	if s == nil || len(s.Names) == 0 {
		return ""
	}
	return s.Names[0]
}

// Listen is one listen directive of a site.
type Listen struct {
	At        source.Span      // the whole directive
	Text      string           // the address as written
	Endpoint  netaddr.Endpoint // zero when the address cannot be told
	UDP       bool             // quic
	Default   bool             // default_server
	V6Only    bool             // an IPv6 wildcard without IPv4; the default
	ReusePort bool             // reuseport
	SSL       bool
	// Options is set when a parameter belongs to the socket rather than to the
	// server, so that nginx lets one listen of the address have it.
	Options bool
}

// Protocol is what a gateway speaks.
type Protocol uint8

// The protocols of gateways.
const (
	FastCGI Protocol = iota + 1
	HTTP
	HTTPS
	UWSGI
	SCGI
)

var passNames = [...]string{FastCGI: "fastcgi_pass", HTTP: "proxy_pass", HTTPS: "proxy_pass", UWSGI: "uwsgi_pass", SCGI: "scgi_pass"}

// Pass returns the directive of the protocol, such as fastcgi_pass.
func (p Protocol) Pass() string { return passNames[p] }

// Gateway is one place where nginx hands a request on, with the settings that
// count there. A snippet that several sites include holds one for each of them.
type Gateway struct {
	Machine  *Machine
	Main     *NginxMain // nil when no nginx.conf is among the files
	Site     *Site      // nil in a fragment without a server block
	Protocol Protocol
	At       source.Span // the argument of fastcgi_pass, proxy_pass, …
	// Header is that of the innermost block that the gateway stands in.
	Header source.Span
	// Effective is what counts there besides; its values are asked for by the
	// methods of Gateway.
	Effective *Effective
	// Values are the names in the lines of fastcgi_param PHP_VALUE and
	// PHP_ADMIN_VALUE that count there.
	Values []source.Span
	// PHP is set when the gateway is known to hand on PHP requests.
	PHP      bool
	Upstream *Upstream // nil when the address is written out
	// Variable is set when there is a variable in the address, so that nginx
	// looks at it when a request comes.
	Variable bool
	// Host is the host and port of the URL of a proxy_pass, as written, and URI
	// what stands behind; "" for none.
	Host, URI string
	// Beside is the argument of another *_pass in the same block, which does not
	// count; zero for none.
	Beside source.Span
	// AnyHost is set when the request decides about the host in the address.
	AnyHost bool
	// Undefined is a variable in the address that nothing defines, for which
	// nginx does not start; "" for none.
	Undefined string
	// Peers are the addresses that may be used; none when Why is not "".
	Peers []*Peer
	// Why says why the address cannot be told, ready to stand behind "not
	// checked: "; "" when it can.
	Why string

	location nginx.Directive // the innermost location; zero outside of one
	moved    bool            // a rewrite or an if may change what is asked for
}

// Upstream is one upstream block.
type Upstream struct {
	Name  string
	At    source.Span // the name
	Peers []*Peer     // as FastCGI reaches them
	// Servers are its server lines, whether or not they can be read.
	Servers []UpstreamServer
	// Keepalive is how many idle connections each worker keeps; absent when
	// nobody wrote it.
	Keepalive source.Setting[int64]
	Zone      source.Setting[string] // the name of its shared memory; absent for none
	// Resolver is the resolver that counts for its servers; absent for none.
	Resolver source.Setting[[]string]
	// Twin is the upstream of the same name that comes before it, for which
	// nginx refuses this one; nil for none.
	Twin *Upstream
}

// UpstreamServer is one server line of an upstream.
type UpstreamServer struct {
	At     source.Span // the address
	Text   string      // the address as written
	Params []string    // what follows it
	Backup bool
	Down   bool
}

// Peer is one address that a gateway may use, and who answers there.
type Peer struct {
	netaddr.Address                  // as written, without parameters; Port is the one that is used
	At              source.Span      // where the address is written
	Endpoint        netaddr.Endpoint // zero when Fault is about the address itself, or nothing is known
	// Name is the host name in the address, when no address of that name is known
	// or nginx looks it up when a request comes.
	Name   string
	Backup bool
	Down   bool
	Pool   *Pool // who answers, or would if Fault did not stand in the way
	Site   *Site
	Fault  Fault
	// Unit is the one with a /tmp of its own, for OwnTmp.
	Unit *Unit
	// Denial is set where nginx may not, or perhaps may not, enter a socket.
	Denial *Denial
	// Why is the reason behind Elsewhere and Untold, ready to stand behind
	// "not checked: ".
	Why string
}

// Master is one php-fpm.conf with all it includes.
type Master struct {
	Machine *Machine
	At      source.Span // [global], or the first byte of its main file
	Version string      // the PHP version, such as 8.3; "" when unknown
	// Complete is set when the file and all it includes were read to the end.
	Complete bool
	// Refuses is set when something in its files keeps PHP-FPM from starting, or may do
	// so since it could not be read.
	Refuses bool
	// Loose is set when only pool files are known, and nothing of [global].
	Loose bool
	// Together is set unless the pools are those of loose files that may be
	// alternatives to each other.
	Together bool
	Pools    []*Pool

	RestartThreshold source.Setting[int64] // emergency_restart_threshold: crashes
	RestartInterval  source.Setting[int64] // emergency_restart_interval: seconds
	ProcessMax       source.Setting[int64] // process.max; 0 for no limit
	FileLimit        source.Setting[int64] // rlimit_files; 0 for the system's
	Opcache          source.Setting[int64] // bytes that all workers share
	Xdebug           *Xdebug               // nil when no php.ini that was found loads it

	fpmt.Result // what PHP-FPM refuses of it

	debian bool
	global *fpm.Section
	ini    *phpini.Config // nil when none was found
}

// PoolOf returns the pool of a section; nil for [global].
func (m *Master) PoolOf(section *fpm.Section) *Pool {
	for _, p := range m.Pools {
		if p.Section == section {
			return p
		}
	}
	return nil
}

// Pool is one PHP-FPM pool after merging.
type Pool struct {
	Master  *Master
	Name    string
	At      source.Span // the name in its first header
	Section *fpm.Section
	// Listen is the address that counts.
	Listen fpmt.Listen
	// StatusListen is pm.status_listen; its Text is "" when there is none.
	StatusListen fpmt.Listen
	MaxChildren  source.Setting[int64] // pm.max_children
	MemoryLimit  source.Setting[int64] // memory_limit in bytes; below zero for none
	// Lost are listen lines that a later one replaces.
	Lost []fpmt.Listen
	// Starts is how many workers the pool has from the start.
	Starts    source.Setting[int64]
	FileLimit source.Setting[int64] // rlimit_files; 0 for the system's
	// CatchOutput is catch_workers_output.
	CatchOutput source.Setting[bool]
	// Clients is listen.allowed_clients; nil when everybody may connect.
	Clients *Clients
}
