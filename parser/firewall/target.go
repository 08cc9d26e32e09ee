package firewall

import "slices"

// transparent are the targets after which the next rule follows.
var transparent = []string{
	"LOG", "NFLOG", "ULOG", "AUDIT", "TRACE", "MARK", "CONNMARK", "SECMARK", "CONNSECMARK", "CLASSIFY",
	"DSCP", "TOS", "TCPMSS", "TEE", "SET", "CHECKSUM", "LED", "RATEEST",
}

// unsettling are the targets that lead a connection elsewhere, or let another program decide.
var unsettling = []string{"DNAT", "REDIRECT", "NETMAP", "TPROXY", "QUEUE", "NFQUEUE", "CT", "NOTRACK", "SYNPROXY", "TARPIT", "CLUSTERIP", "TTL", "HL", "TCPOPTSTRIP"}

func (o *options) toTarget(name string) {
	switch {
	case o.action != pass || o.to != "":
		o.unreadable("the rule has two targets")
	case name == "ACCEPT":
		o.action = accept
	case name == "DROP":
		o.action = drop
	case name == "REJECT":
		o.action = reject
	case name == "RETURN":
		o.action = leave
	case slices.Contains(transparent, name):
	case slices.Contains(unsettling, name):
		o.unreadable("the target " + name + " may change what becomes of the connection")
	default:
		o.action, o.to = jump, name
	}
}

func (o *options) toChain(name string) {
	if o.action != pass {
		o.unreadable("the rule has two targets")
		return
	}
	o.action, o.to = moveTo, name
}
