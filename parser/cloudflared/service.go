package cloudflared

import (
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Target is what the service of a rule means.
type Target struct {
	Kind Kind
	// Scheme is that of the address, such as http, in lower case.
	Scheme string
	// Host is the host of the address without brackets, and Port its port: that of the scheme if
	// none is written, 0 if the scheme has none or the text is not a port.
	Host string
	Port uint16
	// Path is that of a unix socket.
	Path string
	// Status is what http_status answers.
	Status int
}

// Kind is what cloudflared does with the requests of a rule.
type Kind uint8

// The kinds. Only HTTP and Socket are origins that answer with HTTP.
const (
	HTTP   Kind = iota + 1 // http, https, ws or wss
	Socket                 // a unix socket: unix, and unix+tls with TLS
	Status                 // cloudflared answers itself
	Hello                  // likewise, with a page
	TCP                    // any other scheme: bytes in a WebSocket
	Proxy                  // bastion, socks-proxy
)

// TLS reports whether cloudflared uses TLS with the service.
func (t Target) TLS() bool { return t.Scheme == "https" || t.Scheme == "wss" }

// checkRules decides what each rule means, and which of them cloudflared refuses, in its order.
func (r *reader) checkRules() {
	c := r.config
	for i, rule := range c.Rules {
		r.checkService(rule)
		r.checkAccess(rule)
		r.checkHost(rule, i == len(c.Rules)-1)
		r.checkPath(rule)
	}
	if len(c.Rules) > 0 && c.URL.At.File != nil && len(c.Refusals) == 0 {
		r.refuse(c.URL.At, URLWithRules, "url may not be set beside ingress rules")
	}
}

// checkService reads the service of a rule.
func (r *reader) checkService(rule *Rule) {
	text := rule.Service.Text
	status, isStatus := strings.CutPrefix(text, "http_status:")
	switch plain, unix := strings.CutPrefix(text, "unix:"); {
	case unix:
		rule.Target = Target{Kind: Socket, Scheme: "http", Path: plain}
	case strings.HasPrefix(text, "unix+tls:"):
		rule.Target = Target{Kind: Socket, Scheme: "https", Path: strings.TrimPrefix(text, "unix+tls:")}
	case isStatus:
		n, err := strconv.Atoi(status)
		if err != nil || n < 100 || n > 999 {
			r.refuse(rule.Service.At, BadService, "http_status takes a number from 100 to 999")
			return
		}
		rule.Target = Target{Kind: Status, Status: n}
	case text == "hello-world", text == "hello_world":
		rule.Target.Kind = Hello
	case text == "socks-proxy":
		rule.Target.Kind = Proxy
		r.checkIPRules(rule)
	case text == "bastion", rule.Origin.On("bastionMode"):
		rule.Target.Kind = Proxy
	default:
		r.checkURL(rule)
	}
}

// checkURL reads a service that is a URL.
func (r *reader) checkURL(rule *Rule) {
	text, at := rule.Service.Text, rule.Service.At
	u, err := url.Parse(text)
	switch {
	case text == "":
		if !rule.Service.At.IsZero() {
			r.refuse(at, BadService, "service is empty")
			return
		}
		r.refuse(rule.At, BadService, "the rule has no service")
	case err != nil:
		r.refuse(at, BadService, "the service is not a URL")
	case u.Scheme == "" || u.Hostname() == "":
		r.refuse(at, BadService, "the service needs a scheme and a host, such as http://localhost:80")
	case u.Path != "":
		r.refuse(at, BadService, "the service has a path, and cloudflared passes on the path of the request")
	default:
		rule.Target = targetOf(u)
	}
}

// targetOf returns what a URL of a service means.
func targetOf(u *url.URL) Target {
	t := Target{Kind: TCP, Scheme: u.Scheme, Host: u.Hostname()}
	port := u.Port()
	switch u.Scheme {
	case "http", "ws":
		t.Kind = HTTP
		t.Port = 80
	case "https", "wss":
		t.Kind = HTTP
		t.Port = 443
	case "ssh":
		t.Port = 22
	case "rdp":
		t.Port = 3389
	case "smb":
		t.Port = 445
	case "tcp":
		t.Port = 7864
	}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if t.Port = uint16(n); err != nil {
			t.Port = 0
		}
	}
	return t
}

// checkIPRules checks the rules of socks-proxy.
func (r *reader) checkIPRules(rule *Rule) {
	e := rule.own.find("ipRules")
	if e == nil {
		return
	}
	rules, _ := e.value.([]Origin)
	for _, one := range rules {
		prefix, _ := one.Text("prefix").Known()
		if _, err := netip.ParsePrefix(prefix); err != nil {
			r.refuse(e.at, BadIPRule, "a rule of ipRules has no prefix such as 10.0.0.0/8")
			return
		}
		if ports := one.find("ports"); ports != nil {
			for _, port := range ports.value.([]int) {
				if port < 1 || port > 65535 {
					r.refuse(ports.at, BadIPRule, "%d is not a port", port)
					return
				}
			}
		}
	}
}

// checkAccess checks that a rule that Access protects has a team.
func (r *reader) checkAccess(rule *Rule) {
	e := rule.own.find("access")
	if e == nil {
		return
	}
	access, _ := e.value.(Origin)
	team, _ := access.Text("teamName").Known()
	if tags := access.find("audTag"); access.On("required") && team == "" && tags != nil && len(tags.value.([]string)) > 0 {
		r.refuse(e.at, BadAccess, "access needs teamName where audTag is set")
	}
}

// checkHost checks the host name of a rule, and whether the right rules match every request.
func (r *reader) checkHost(rule *Rule, last bool) {
	host := rule.Host.Text
	if _, ported := cutPort(host); ported {
		r.refuse(rule.Host.At, BadHost, "hostname has a port")
		return
	}
	if strings.LastIndex(host, "*") > 0 {
		r.refuse(rule.Host.At, BadHost, "hostname may have one *, as its first label: *.example.com")
		return
	}
	switch all := rule.All(); {
	case last && !all:
		r.refuse(rule.At, LastNotAll, "the last ingress rule does not match every request")
	case !last && all:
		r.refuse(rule.At, AllNotLast, "this ingress rule matches every request, and other rules follow it")
	}
}

// checkPath compiles the path of a rule.
func (r *reader) checkPath(rule *Rule) {
	if !rule.Path.Set() {
		return
	}
	re, err := regexp.Compile(rule.Path.Text)
	if err != nil {
		r.refuse(rule.Path.At, BadPath, "path is not a regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return
	}
	rule.matchesPath = re.MatchString
}

// single makes the only rule of a configuration without ingress rules, if something answers.
func (c *Config) single() {
	rule := &Rule{}
	switch {
	case c.Hello.Text == "true":
		rule.Target.Kind = Hello
	case c.URL.Set():
		rule.Service = c.URL
		rule.Target = targetOf(originURL(c.URL.Text))
	case c.Socket.Set():
		rule.Service = c.Socket
		rule.Target = Target{Kind: Socket, Scheme: "http", Path: c.Socket.Text}
	default:
		return
	}
	rule.At = rule.Service.At
	c.Rules = []*Rule{rule}
}

// originURL reads the value of --url, which needs no scheme: http is added (cloudflared
// validation/validation.go, ValidateUrl).
func originURL(text string) *url.URL {
	if u, err := url.Parse(text); err == nil && u.Scheme != "" && u.Host != "" {
		return u
	}
	if u, err := url.Parse("http://" + text); err == nil {
		return u
	}
	return &url.URL{}
}
