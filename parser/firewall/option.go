package firewall

import (
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// options reads the conditions and the target of one rule (iptables(8), iptables-extensions(8)).
type options struct {
	rule
	family addresses
	early  bool // the kernel does not track the connection yet
	words  []word
	next   int
	not    bool   // ! was before the option
	module string // of the last -m
}

// parseOptions reads a rule after the name of its chain.
func parseOptions(family addresses, early bool, list []word, at source.Span) rule {
	o := options{rule: rule{at: at, from: family}, family: family, early: early, words: list}
	if len(list) > maxConditions {
		o.unreadable("the rule is too long to be read")
	}
	for o.next < len(o.words) && o.action != anything {
		w := o.take()
		if w.text == "!" && !w.quoted {
			o.not = true
			continue
		}
		o.option(w.text)
		o.not = false
	}
	return o.rule
}

// take returns the next word, and one without text at the end.
func (o *options) take() (w word) {
	if o.next < len(o.words) {
		w = o.words[o.next]
		o.next++
	}
	return w
}

// value returns the value of an option. One that is missing leaves the rule unreadable.
func (o *options) value() string {
	if o.next == len(o.words) || !o.words[o.next].quoted && o.words[o.next].text == "!" {
		o.unreadable("the rule ends within an option")
		return ""
	}
	return o.take().text
}

// option reads the option of a name, which may have its value after =.
func (o *options) option(name string) {
	if long, value, ok := strings.Cut(name, "="); ok && strings.HasPrefix(name, "--") {
		o.next--
		o.words = slices.Clone(o.words)
		o.words[o.next] = word{value, true}
		name = long
	}
	read, ok := optionReaders[name]
	switch {
	case ok:
		read(o, o.value())
	case name == "--syn":
		o.flags("FIN,SYN,RST,ACK", "SYN")
	case name == "--tcp-flags":
		o.flags(o.value(), o.value())
	case name == "-f" || name == "--fragment": // never the first packet
		o.never = o.never || !o.not
	default:
		o.unknown(name)
	}
}

// optionReaders have the options with one value.
var optionReaders = map[string]func(o *options, value string){
	"-p": (*options).protocol, "--protocol": (*options).protocol, "--proto": (*options).protocol,
	"-s": (*options).source, "--source": (*options).source, "--src": (*options).source, "--src-range": (*options).source,
	"-d": (*options).destination, "--destination": (*options).destination, "--dst": (*options).destination,
	"-i": (*options).arrival, "--in-interface": (*options).arrival,
	"-j": (*options).toTarget, "--jump": (*options).toTarget,
	"-g": (*options).toChain, "--goto": (*options).toChain,
	"-m": (*options).match, "--match": (*options).match,
	"--dport": (*options).port, "--destination-port": (*options).port, "--dports": (*options).port, "--destination-ports": (*options).port,
	"--sport": (*options).sport, "--source-port": (*options).sport, "--sports": (*options).sport, "--source-ports": (*options).sport,
	"--state": (*options).state, "--ctstate": (*options).state,
	"--src-type": (*options).sourceType, "--dst-type": (*options).destinationType,
	"--match-set": (*options).set,
	"--comment":   (*options).ignore, "--reject-with": (*options).ignore,
	"--log-prefix": (*options).ignore, "--log-level": (*options).ignore,
}

func (o *options) ignore(string) {}

// unknown reads an option that is none of these, with its values. It may be short for one
// of them, or one and its value in a single word, as in -jDROP.
func (o *options) unknown(name string) {
	if !strings.HasPrefix(name, "--") || strings.HasPrefix("--jump", name) || strings.HasPrefix("--goto", name) {
		o.unreadable("the option " + quoted(name) + " is not understood")
		return
	}
	what := name
	if o.module != "" {
		what = "-m " + o.module
	}
	o.dependsOn(quoted(what))
	for o.next < len(o.words) && o.words[o.next].text != "!" && !strings.HasPrefix(o.words[o.next].text, "-") {
		o.next++
	}
}

// harmless are the modules whose options are understood, and which match by themselves.
var harmless = []string{"tcp", "multiport", "state", "conntrack", "comment", "addrtype", "iprange", "set"}

func (o *options) match(module string) {
	o.module = module
	switch {
	case slices.Contains(protocols, module):
		o.never = true
	case !slices.Contains(harmless, module):
		o.dependsOn("-m " + quoted(module))
	}
}

// protocols are modules that match packets of their own protocol only, or those with a
// header of IPv6 that a client of a web server does not send.
var protocols = []string{"udp", "udplite", "icmp", "icmp6", "icmpv6", "sctp", "dccp", "esp", "ah", "rt", "frag", "hbh", "mh"}

// condition adds one that holds or does not, and that ! turns.
func (o *options) condition(holds bool) {
	if holds == o.not {
		o.never = true
	}
}

// protocol takes tcp by its name and number. 0 is any protocol.
func (o *options) protocol(name string) {
	if n, err := strconv.ParseUint(name, 0, 8); err == nil {
		o.condition(n == 0 || n == 6)
		return
	}
	o.condition(strings.EqualFold(name, "tcp") || strings.EqualFold(name, "all"))
}

func (o *options) source(list string) {
	var set []interval
	for text := range strings.SplitSeq(list, ",") {
		if text == "0/0" {
			text = "0.0.0.0/0"
		}
		i, ok := parseInterval(text)
		if !ok || i.first.Is4() != o.family[0].first.Is4() {
			o.dependsOn("the address " + quoted(text))
			return
		}
		set = append(set, i)
	}
	from := union(set)
	if o.not {
		from = o.family.minus(from)
	}
	o.restrict(from)
}

// destination is any address of the host, of which the files do not tell.
func (o *options) destination(list string) {
	if i, ok := parseInterval(list); ok && i == o.family[0] {
		o.condition(true)
		return
	}
	o.dependsOn("the destination address " + quoted(list))
}

func (o *options) arrival(name string) {
	switch {
	case internal(name):
		o.condition(false)
	case name == "+":
		o.condition(true)
	default:
		o.dependsOn("the network interface " + quoted(name))
	}
}

// portList reads ports with ranges such as 80:90.
func portList(list string) (all []ports, ok bool) {
	for text := range strings.SplitSeq(list, ",") {
		p, ok := parsePorts(text, ":")
		if !ok {
			return nil, false
		}
		all = append(all, p)
	}
	return all, true
}

func (o *options) port(list string) {
	all, ok := portList(list)
	if !ok {
		o.dependsOn("the port " + quoted(list))
		return
	}
	o.rule.ports = append(o.rule.ports, portMatch{all, o.not})
}

func (o *options) sport(list string) {
	all, ok := portList(list)
	if !ok {
		o.dependsOn("the port " + quoted(list))
		return
	}
	o.clientPort(portMatch{all, o.not}, "the port of the client")
}

// state holds for NEW, and before the kernel tracks the connection for INVALID. The states
// of NAT are not known.
func (o *options) state(list string) {
	states := strings.Split(strings.ToUpper(list), ",")
	own := "NEW"
	if o.early {
		own = "INVALID"
	}
	if slices.Contains(states, own) {
		o.condition(true)
		return
	}
	for _, s := range states {
		if !slices.Contains([]string{"NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"}, s) {
			o.dependsOn("the state " + quoted(s))
			return
		}
	}
	o.condition(false)
}

// destinationType holds for LOCAL: the connection is to the host.
func (o *options) destinationType(list string) {
	types := strings.Split(strings.ToUpper(list), ",")
	others := []string{"BROADCAST", "MULTICAST", "ANYCAST", "UNICAST", "BLACKHOLE", "UNREACHABLE", "PROHIBIT", "THROW", "NAT", "UNSPEC"}
	local := slices.Contains(types, "LOCAL")
	// For IPv6, a local address is UNICAST as well, and of several types each has to fit.
	strict := !o.family[0].first.Is4() && (len(types) > 1 || types[0] == "UNICAST")
	if strict || !local && slices.ContainsFunc(types, func(t string) bool { return !slices.Contains(others, t) }) {
		o.dependsOn("the type of the destination address")
		return
	}
	o.condition(local)
}

func (o *options) sourceType(string) { o.dependsOn("the type of the source address") }

// set has the name of a set, then which parts of the packet are in it.
func (o *options) set(name string) {
	o.value()
	o.doubtful("the elements of the set " + quoted(name) + " are not in the file")
}

// flags holds for a packet that has only SYN: the first of a connection.
func (o *options) flags(mask, set string) {
	all := strings.ToUpper(mask) == "ALL"
	masked := all || slices.Contains(strings.Split(strings.ToUpper(mask), ","), "SYN")
	want := strings.ToUpper(set)
	o.condition(masked && want == "SYN" || !masked && want == "NONE")
}
