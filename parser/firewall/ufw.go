package firewall

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// UFW is the files of ufw(8). One that is nil leaves unknown what it could decide.
type UFW struct {
	Conf     *source.File // /etc/ufw/ufw.conf: ENABLED
	Defaults *source.File // /etc/default/ufw: DEFAULT_INPUT_POLICY, IPV6
	IPv4     UFWRules
	IPv6     UFWRules
}

// UFWRules is the rules of ufw for one family, which it loads in this order.
type UFWRules struct {
	Before *source.File // /etc/ufw/before.rules, before6.rules
	After  *source.File // /etc/ufw/after.rules, after6.rules
	User   *source.File // /etc/ufw/user.rules, user6.rules: what the command ufw writes
}

// setting is a variable of a file that a shell reads.
type setting struct {
	value string
	at    source.Span
}

// yes reports whether ufw-init takes the value as one: it knows two spellings.
func (s setting) yes() bool { return s.value == "yes" || s.value == "YES" }

// ParseUFW reads the files of ufw, and returns what /lib/ufw/ufw-init makes of them. It
// sets the Comments of those with rules.
func ParseUFW(files UFW) *Rules {
	enabled := lookUp(files.Conf, "ENABLED")
	switch {
	case files.Conf == nil:
		return unread(everyAddress, doubt{why: "the file ufw.conf is missing"})
	case !enabled.yes():
		return constant(everyAddress, rule{at: enabled.at, action: accept})
	case files.Defaults == nil:
		return unread(everyAddress, doubt{"the file /etc/default/ufw is missing", enabled.at})
	}
	policy := lookUp(files.Defaults, "DEFAULT_INPUT_POLICY")
	rules := []*Rules{loadUFW("ufw", everyIPv4, files.IPv4, policy)}
	if v6 := lookUp(files.Defaults, "IPV6"); v6.yes() {
		rules = append(rules, loadUFW("ufw6", everyIPv6, files.IPv6, policy))
	} else {
		rules = append(rules, constant(everyIPv6, rule{at: v6.at, action: drop}))
	}
	return Join(rules...)
}

// constant are rules of which one decides about all connections.
func constant(covers addresses, r rule) *Rules {
	r.from = everyAddress
	return &Rules{covers, []*base{{covers, chain{rules: []rule{r}}}}}
}

// lookUp returns the last value of a variable, and the zero setting if f is nil or has none.
func lookUp(f *source.File, name string) (s setting) {
	if f == nil {
		return s
	}
	offset := 0
	for line := range strings.Lines(f.Text) {
		text := strings.TrimRight(line, " \t\r\n")
		if value, ok := strings.CutPrefix(strings.TrimLeft(text, " \t"), name+"="); ok {
			value, _, _ = strings.Cut(value, " ")
			s = setting{strings.Trim(value, `"'`), f.Span(offset, offset+len(text))}
		}
		offset += len(line)
	}
	return s
}

// inputChains are the chains of ufw that INPUT jumps to, in order, after the name of their
// family (ufw-init-functions, ufw_start).
var inputChains = []string{"-before-logging-input", "-before-input", "-after-input", "-after-logging-input", "-reject-input", "-track-input"}

// otherChains are those that the rules in its files may jump to or add to.
var otherChains = []string{
	"-logging-deny", "-logging-allow", "-skip-to-policy-input", "-skip-to-policy-output", "-skip-to-policy-forward",
	"-before-output", "-before-forward", "-before-logging-output", "-before-logging-forward",
	"-after-output", "-after-forward", "-after-logging-output", "-after-logging-forward",
	"-reject-output", "-reject-forward", "-track-output", "-track-forward",
	"-user-input", "-user-output", "-user-forward", "-user-logging-input", "-user-logging-output", "-user-logging-forward",
	"-user-limit", "-user-limit-accept",
}

// loadUFW makes the chains of one family as ufw-init does: its own, those of the files,
// and the jump to the rules of the user after those before them.
func loadUFW(prefix string, family addresses, files UFWRules, policy setting) *Rules {
	r := newRestorer(family)
	r.keep = true
	filter := newTable()
	r.tables["filter"] = filter
	for _, name := range append(otherChains[:len(otherChains):len(otherChains)], inputChains...) {
		filter.chains[prefix+name] = &chain{name: prefix + name}
	}
	for _, name := range inputChains {
		filter.put("INPUT", rule{action: jump, to: prefix + name})
	}
	r.loadOr(files.Before, prefix+"-before-input")
	r.loadOr(files.After, prefix+"-after-input")
	r.loadOr(files.User, prefix+"-user-input")
	filter.put(prefix+"-before-input", rule{action: jump, to: prefix + "-user-input"})
	filter.decide(prefix, policy)
	return r.rules()
}

// put adds a rule of ufw itself to a chain.
func (t *table) put(name string, r rule) {
	r.from = everyAddress
	t.chains[name].rules = append(t.chains[name].rules, r)
}

// decide sets what the policy does. One to reject is a rule, since no chain has it as
// its policy.
func (t *table) decide(prefix string, policy setting) {
	last := rule{at: policy.at, from: everyAddress}
	switch policy.value {
	case "ACCEPT":
		last.action = accept
	case "DROP":
		last.action = drop
	case "REJECT":
		last.action = reject
	default:
		last.unreadable("DEFAULT_INPUT_POLICY is not set to a policy")
	}
	t.policies["INPUT"] = last
	t.put(prefix+"-skip-to-policy-input", last)
}

// loadOr reads a file. Without it, what it would add to a chain is not known.
func (r *restorer) loadOr(f *source.File, name string) {
	switch {
	case f == nil:
		missing := rule{}
		missing.unreadable("a file with the rules of the chain " + name + " is missing")
		r.tables["filter"].put(name, missing)
	case len(f.Text) > maxText:
		r.fail("the file is larger than 1 MiB", f.Span(0, 0))
	default:
		r.load(f)
	}
}
