package stack

import (
	"io/fs"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/handler"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/parser/phpini"
	"github.com/wp502lint/wp502lint/route"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/source"
)

// Site is one server block of nginx, or one virtual host of Apache or its main server.
type Site struct {
	Machine *Machine
	At      source.Span // the word server
	// Names are the arguments of server_name; without one, the empty name.
	Names   []string
	NamesAt []source.Span // where each name is written
	Listens []Listen
	// WordPress is set if its files are in the root of the site, or a location or
	// rewrite names one of them.
	WordPress bool
	// Returns is set if the server block itself has a return.
	Returns bool
	Front   *Front
	// Effective are the directives that take effect in the server block.
	Effective *Effective
	// Tunnels are the ingress rules of cloudflared that lead to the site.
	Tunnels []*Origin
	// Lengths are the lines of add_header that set Content-Length anywhere in the site.
	Lengths []source.Span

	edge      *edgeLines // nil for Apache, and without any of these lines
	routes    func() *route.Config
	documents string // the document root of an Apache, "" if it is not known
	// Whole is the number of the configuration that the site belongs to. Sites of two
	// fragments may not be loaded together.
	Whole int
}

// Name returns the first server name, "" for a site without one.
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
	Endpoint  netaddr.Endpoint // zero if the address cannot be determined
	UDP       bool             // quic
	Default   bool             // default_server
	V6Only    bool             // an IPv6 wildcard without IPv4; the default
	ReusePort bool             // reuseport
	SSL       bool
	HTTP2     bool // http2, which nginx from 1.25.1 has as a directive
	// ProxyProtocol is set if each connection begins with the PROXY protocol.
	ProxyProtocol bool
	// Options is set if a parameter belongs to the socket and not to the server;
	// nginx allows such parameters in one listen directive per address.
	Options bool
}

// Protocol is the protocol of a gateway.
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

// Gateway is one place where nginx or Apache passes a request on, with the settings that take
// effect there. A snippet that several sites include has one gateway for each site.
type Gateway struct {
	Machine  *Machine
	Front    *Front
	Site     *Site     // nil in a fragment without a server block
	Upstream *Upstream // nil for a literal address
	Protocol Protocol
	// PHP is set if the gateway is known to pass PHP requests on.
	PHP bool
	// Variable is set if the address has a variable, so that nginx evaluates it when
	// a request arrives.
	Variable bool
	// AnyHost is set if the request determines the host in the address.
	AnyHost bool
	// Chosen is the variable whose value, of a map, geo or split_clients, chooses one of the
	// Peers for a request; "" if there is none.
	Chosen string
	// returned is set if a return answers before the request is passed on, and notPHP
	// if the address names another program.
	returned, notPHP bool
	At               source.Span // the argument of fastcgi_pass, proxy_pass, …
	// Header is the header of the innermost enclosing block.
	Header source.Span
	// Effective are the other directives that take effect there; the methods of
	// Gateway return their values.
	Effective *Effective
	// Pass is what Apache does with the requests; nil for nginx. Its End may be another one
	// than handler.Proxied: there are no Peers then.
	Pass *handler.Pass
	// Values are the names in the lines of fastcgi_param PHP_VALUE and
	// PHP_ADMIN_VALUE that take effect there.
	Values []source.Span
	// Host is the host and port of the URL of a proxy_pass, as written; "" for none.
	Host string
	// Beside is the argument of another *_pass in the same block, which has no
	// effect; zero for none.
	Beside source.Span
	// Undefined is an undefined variable in the address, for which nginx does not
	// start; "" for none.
	Undefined string
	// Peers are the addresses that may be used; none if Why is not "".
	Peers []*Peer
	// Why is why the address cannot be determined, worded to follow "not checked: ";
	// "" if it can.
	Why      string
	obstacle Obstacle // the kind of Why

	blocks []nginx.Directive // the innermost block and those around it, up to the server
	// diverted is set if a deny or a rewrite may keep requests away.
	diverted bool
}

// Upstream is one upstream block.
type Upstream struct {
	Name  string
	At    source.Span // the name
	Peers []*Peer     // as used by FastCGI
	// Servers are its server lines, including those that cannot be read.
	Servers []UpstreamServer
	// Keepalive is how many idle connections each worker keeps; absent if not set.
	Keepalive source.Setting[int64]
	Zone      source.Setting[string] // the name of its shared memory zone; absent if not set
	// Resolver is the resolver in effect for its servers; absent for none.
	Resolver source.Setting[[]string]
	// Hash is set if ip_hash or hash chooses the server of a client.
	Hash bool
	// Twin is an earlier upstream with the same name, for which nginx refuses this
	// one; nil for none.
	Twin *Upstream

	looks                   *looks // of its addresses; nil if not needed
	part                    int    // see judgePeers
	overFastCGI, overOthers answered
	entered                 bool // see enter
	large                   bool // it was not looked at: see maxPeers
}

// UpstreamServer is one server line of an upstream.
type UpstreamServer struct {
	At     source.Span // the address
	Text   string      // the address as written
	Params []string    // the parameters after the address
	Backup bool
	Down   bool
}

// Peer is one address that a gateway may use, and what answers there.
type Peer struct {
	netaddr.Address                  // as written, without parameters; Port is the one in use
	At              source.Span      // where the address is written
	Endpoint        netaddr.Endpoint // zero if Fault concerns the address itself, or if it is unknown
	// Name is the host name in the address, if it has no known address or nginx
	// looks it up when a request arrives.
	Name string
	// Key is the key of the value in the block of Gateway.Chosen; "" if there is none.
	Key    string
	Backup bool
	Down   bool
	// Target is where a connection arrives in another container; its Machine is nil for
	// an address that the project does not resolve.
	Target deploy.Target
	Fault  Fault
	Pool   *Pool // what answers, or would without the Fault
	Site   *Site
	// Unit is the unit that does not see the socket, and Hidden its setting, for OwnTmp; nil
	// otherwise.
	Unit   *service.Unit
	Hidden *service.Setting
	// Stopped is a pool of a master that never runs, at an address with the fault Nobody; nil
	// for none.
	Stopped *Pool
	// Denial is set if the web server may not, or perhaps may not, connect to a socket.
	Denial *Denial
	// Why is the reason for Elsewhere and Untold, worded to follow "not checked: ".
	Why      string
	obstacle Obstacle // the kind of Why, or what is unknown about a peer that answers
}

// Master is one php-fpm.conf with everything it includes.
type Master struct {
	Machine *Machine
	At      source.Span // [global], or the first byte of its main file
	Version string      // the PHP version, such as 8.3; "" if unknown
	// Complete is set if the file and everything it includes were read completely.
	Complete bool
	// Refuses is set if something in its files prevents PHP-FPM from starting, or may do
	// so because it could not be read.
	Refuses bool
	// Loose is set if only pool files are known, and [global] is not.
	Loose bool
	// Together is set unless the pools are in loose files that may be alternatives
	// to each other.
	Together bool
	Pools    []*Pool

	RestartThreshold source.Setting[int64] // emergency_restart_threshold: crashes
	RestartInterval  source.Setting[int64] // emergency_restart_interval: seconds
	ProcessMax       source.Setting[int64] // process.max; 0 for no limit
	FileLimit        source.Setting[int64] // rlimit_files; 0 for the system's limit
	Opcache          source.Setting[int64] // bytes that all workers share
	Xdebug           *Xdebug               // nil if no php.ini that was found loads it

	fpmt.Result // what PHP-FPM refuses

	start  service.Start
	as     *host.Process // what it starts as; nil for root, and if that is not known
	debian bool
	global *fpm.Section
	ini    *phpini.Config // nil if none was found
}

// Start returns how the machine starts the master, as far as the files tell.
func (m *Master) Start() service.Start { return m.start }

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
	// Listen is the address that takes effect.
	Listen fpmt.Listen
	// StatusListen is pm.status_listen; nil if not set.
	StatusListen *fpmt.Listen
	// Lost are listen lines that a later one replaces.
	Lost []fpmt.Listen
	// Clients is listen.allowed_clients; nil if every client may connect.
	Clients *fpmt.Clients

	mode        fs.FileMode // see Mode
	misreadMode bool        // listen.mode is not an octal number

	socket *socket // see madeSocket
	// homeSocket is the one that the account makes in whose home the configuration is, and
	// which may start PHP-FPM; nil for none.
	homeSocket *socket
	noSocket   string // why the socket is not known
}
