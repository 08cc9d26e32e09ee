package apachet

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
)

// parameter is one key=value in word i.
type parameter struct {
	i          int
	key, value string
}

// notParameter returns that word i of d has no = where a parameter is expected.
func notParameter(d *apache.Directive, i int, log string) *Refusal {
	return refuse(d, i, quoted(d.Arg(i))+" in "+spelled(d)+" is not a parameter, such as timeout=30", log)
}

// proxyPass judges ProxyPass and ProxyPassMatch (httpd modules/proxy/mod_proxy.c, add_pass).
func (x *checker) proxyPass(d *apache.Directive, s state) *Refusal {
	if x.unset(d) || s.unsure {
		return nil
	}
	which := prefixes
	if d.Name == "proxypassmatch" {
		which = patterns
	}
	paths, parameters, r := x.passWords(d, s, &which)
	if r != nil {
		return r
	}
	at := paths[len(paths)-1]
	url := d.Arg(at)
	real, ok := withoutSocket(url)
	if !ok {
		return refuse(d, at, quoted(url)+" has no URL after |", "ProxyPass|ProxyPassMatch uses an invalid \"unix:\" URL")
	}
	if len(paths) == 2 && which == patterns {
		if r := x.pattern(d, paths[0], d.Arg(paths[0]), "Regular expression could not be compiled."); r != nil {
			return r
		}
	}
	switch {
	case url == "!":
		return nil
	case isBalancer(url):
		b, why := x.workersOf(d).balancerOf(url, d)
		if b == nil {
			return refuse(d, at, quoted(url)+" is not a valid name of a balancer", "ProxyPass "+why)
		}
		return x.balancerParameters(d, b, parameters, "ProxyPass ", "")
	}
	shared, r := x.worker(d, at, url, real, which, "ProxyPass ")
	if r != nil || shared {
		return r // httpd ignores the parameters of a worker that exists
	}
	return x.workerParameters(d, parameters, "ProxyPass ", "")
}

// passWords reads the words of ProxyPass: the path and the URL, and the parameters, of which
// the last one of a name wins.
func (x *checker) passWords(d *apache.Directive, s state, which *lookup) (paths []int, parameters []parameter, r *Refusal) {
	const bad = "Invalid ProxyPass|ProxyPassMatch parameter. Parameter must be in the form 'key=value'."
	need := 2
	if s.path {
		need = 1
		if section := s.scope; section != nil && (apache.Wild(section.Arg(0)) || section.Arg(0) == "~" && apache.Wild(section.Arg(1))) {
			*which = patterns
		}
	}
	for i, w := range d.Args {
		key, value, assigned := strings.Cut(w.Text, "=")
		switch {
		case len(paths) == 0 && need == 2 && w.Text == "~":
			if d.Name == "proxypassmatch" {
				return nil, nil, refuse(d, i, "ProxyPassMatch takes no ~", "ProxyPassMatch invalid syntax ('~' usage).")
			}
			*which = patterns
		case len(paths) < need:
			paths = append(paths, i)
		case isOneOf(w.Text, []string{"nocanon", "interpolate", "noquery"}):
		case !assigned && need == 1 && strings.HasPrefix(d.Arg(paths[0]), "/"):
			return nil, nil, refuse(d, paths[0], spelled(d)+" takes no path inside <Location>, whose path it has", "ProxyPass|ProxyPassMatch can not have a path when defined in a location.")
		case !assigned:
			return nil, nil, notParameter(d, i, bad)
		case strings.EqualFold(key, "mapping"):
			if !isOneOf(value, []string{"encoded", "servlet"}) {
				return nil, nil, refuse(d, i, "mapping= takes encoded or servlet, not "+quoted(value), "unknown mapping")
			}
		default:
			parameters = set(parameters, parameter{i, key, value})
		}
	}
	if len(paths) < need {
		return nil, nil, refuse(d, -1, spelled(d)+" needs a path and a URL, and "+given(d), "ProxyPass|ProxyPassMatch needs a path when not defined in a location")
	}
	return paths, parameters, nil
}

// set replaces a parameter of the same name, or adds it.
func set(all []parameter, p parameter) []parameter {
	i := slices.IndexFunc(all, func(known parameter) bool { return strings.EqualFold(known.key, p.key) })
	if i < 0 {
		return append(all, p)
	}
	all[i].value, all[i].i = p.value, p.i
	return all
}

// worker defines a worker by the URL in word i, or shares one that exists.
func (x *checker) worker(d *apache.Directive, i int, url, real string, which lookup, prefix string) (shared bool, r *Refusal) {
	return x.workerIn(x.workersOf(d), d, i, url, real, which, prefix)
}

func (x *checker) workerIn(w *workers, d *apache.Directive, i int, url, real string, which lookup, prefix string) (shared bool, r *Refusal) {
	if w.has(real, which) {
		return true, nil
	}
	log, plain, fault := x.define(w, url, which)
	if log == "" {
		return false, nil
	}
	r = refuse(d, i, plain, prefix+log)
	r.Fault = fault
	return false, r
}

// workerParameters judges the parameters of a worker; a suffix is what httpd adds to its log.
func (x *checker) workerParameters(d *apache.Directive, parameters []parameter, prefix, suffix string) *Refusal {
	for _, p := range parameters {
		why := workerParameter(p.key, p.value)
		if why == "" {
			continue
		}
		log := prefix + why
		if suffix != "" {
			log += " " + p.key + "=" + p.value + "; " + suffix
		}
		health := isOneOf(p.key, []string{"hctemplate", "hcmethod", "hcinterval", "hcpasses", "hcfails", "hcuri", "hcexpr"})
		switch {
		case why != unknownParameter:
			return refuse(d, p.i, "the parameter "+quoted(p.key+"="+p.value)+" has an invalid value", log)
		case health && x.modules.of("proxy_hcheck_module") == absent:
			r := refuse(d, p.i, "the parameter "+p.key+"= needs mod_proxy_hcheck, which no LoadModule line loads"+x.enable("proxy_hcheck_module"), log)
			r.Fault, r.Module = Module, "proxy_hcheck_module"
			return r
		case !health:
			return refuse(d, p.i, "unknown parameter "+quoted(p.key)+" of a worker", log)
		}
	}
	return nil
}

// methodModule returns the module of a way to choose a worker; "" for an unknown one.
func methodModule(method string) string {
	switch method {
	case "byrequests", "bytraffic", "bybusyness", "heartbeat":
		return "lbmethod_" + method + "_module"
	}
	return ""
}

// balancerParameters judges the parameters of a balancer.
func (x *checker) balancerParameters(d *apache.Directive, b *balancer, parameters []parameter, prefix, suffix string) *Refusal {
	for _, p := range parameters {
		log := prefix
		end := ""
		if suffix != "" {
			end = " " + p.key + "=" + p.value + "; " + suffix
		}
		if strings.EqualFold(p.key, "lbmethod") {
			b.method = p.value
			if r := x.lbMethod(d, p, log+"unknown lbmethod"+end); r != nil {
				return r
			}
			continue
		}
		switch why := balancerParameter(p.key, p.value); why {
		case "":
		case "unknown Balancer parameter":
			return refuse(d, p.i, "unknown parameter "+quoted(p.key)+" of a balancer", log+why+end)
		default:
			return refuse(d, p.i, "the parameter "+quoted(p.key+"="+p.value)+" has an invalid value", log+why+end)
		}
	}
	return nil
}

// lbMethod judges lbmethod=.
func (x *checker) lbMethod(d *apache.Directive, p parameter, log string) *Refusal {
	module := methodModule(p.value)
	switch {
	case module != "" && x.modules.of(module) == absent:
		r := refuse(d, p.i, "lbmethod="+p.value+" needs "+short(module)+", which no LoadModule line loads"+x.enable(module), log)
		r.Fault, r.Module = Module, module
		return r
	case module == "" && x.modules.sealed && !x.modules.others:
		return refuse(d, p.i, "unknown lbmethod "+quoted(p.value), log)
	}
	return nil
}

// assignments reads the words of d from i on as parameters.
func assignments(d *apache.Directive, i int, log string) (parameters []parameter, r *Refusal) {
	for ; i < len(d.Args); i++ {
		key, value, ok := strings.Cut(d.Arg(i), "=")
		if !ok {
			return parameters, notParameter(d, i, log)
		}
		parameters = append(parameters, parameter{i, key, value})
	}
	return parameters, nil
}

// proxySet judges ProxySet (httpd modules/proxy/mod_proxy.c, set_proxy_param).
func (x *checker) proxySet(d *apache.Directive, s state) *Refusal {
	if x.unset(d) || s.unsure {
		return nil
	}
	name, first, which := d.Arg(0), 1, prefixes|patterns
	section := d.Parent
	if section != nil && kindOf(section.Name) == ofProxy {
		if x.unset(section) {
			return nil
		}
		name, first, which = section.Arg(0), 0, prefixes
		if section.Name == "proxymatch" {
			which = patterns
		}
	} else {
		section = nil
	}
	parameters, bad := assignments(d, first, "Invalid ProxySet parameter. Parameter must be in the form 'key=value'")
	r := x.setOf(d, section, name, which, parameters)
	if r == nil {
		return bad
	}
	return r
}

// setOf judges what a ProxySet sets of the worker or balancer with a name.
func (x *checker) setOf(d, section *apache.Directive, name string, which lookup, parameters []parameter) *Refusal {
	w, i := x.workersOf(d), 0
	if section != nil {
		i = -1
	}
	if isBalancer(name) {
		if section == nil && w.balancers[balancerName(name)] == nil {
			return refuse(d, i, "no balancer "+quoted(name)+" is defined above", "ProxySet can not find '"+name+"' Balancer.")
		}
		b, why := w.balancerOf(name, d)
		if b == nil {
			return inSection(d, section, quoted(name)+" is not a valid name of a balancer", "ProxySet "+why, Directive)
		}
		return x.balancerParameters(d, b, parameters, "ProxySet: ", name)
	}
	real, ok := withoutSocket(name)
	switch {
	case !ok:
		return inSection(d, section, quoted(name)+" has no URL after |", "ProxySet uses an invalid \"unix:\" URL", Directive)
	case w.has(real, which):
	case section == nil:
		return refuse(d, i, "no worker "+quoted(name)+" is defined above", "ProxySet can not find '"+name+"' Worker.")
	default:
		if log, plain, fault := x.define(w, name, which); log != "" {
			return inSection(d, section, plain+", which ProxySet needs", "ProxySet "+log, fault)
		}
	}
	return x.workerParameters(d, parameters, "ProxySet: ", name)
}

// withoutProxy returns the name of a <Proxy> without the proxy: before it.
func withoutProxy(name string) string {
	if len(name) >= 6 && strings.EqualFold(name[:6], "proxy:") {
		return name[6:]
	}
	return name
}

// proxySection judges the parameters in the line of <Proxy>, once what is inside was read
// (httpd modules/proxy/mod_proxy.c, proxysection).
func (x *checker) proxySection(d *apache.Directive) *Refusal {
	if len(d.Args) < 2 || x.unset(d) {
		return nil
	}
	name := withoutProxy(d.Arg(0))
	why := ""
	switch {
	case d.Name == "proxymatch":
		return refuse(d, 1, "<ProxyMatch> takes one argument, and "+given(d), "Multiple <ProxyMatch> arguments not (yet) supported.")
	case apache.Wild(name):
		why = "wildchar url."
	case !strings.Contains(name, ":"):
		why = "non url."
	}
	if why != "" {
		return refuse(d, 1, "<Proxy "+name+"> takes no parameters, since "+quoted(name)+" is not a URL", "<Proxy> arguments are not supported for "+why)
	}
	parameters, bad := assignments(d, 1, "Invalid Proxy parameter. Parameter must be in the form 'key=value'")
	if r := x.sectionParameters(d, name, parameters); r != nil {
		return r
	}
	return bad
}

// sectionParameters judges the worker or balancer of a <Proxy> and its parameters.
func (x *checker) sectionParameters(d *apache.Directive, name string, parameters []parameter) *Refusal {
	if isBalancer(name) {
		b, why := x.workersOf(d).balancerOf(name, d)
		if b == nil {
			return refuse(d, 0, quoted(name)+" is not a valid name of a balancer", "<Proxy "+why)
		}
		return x.balancerParameters(d, b, parameters, "<Proxy ", name)
	}
	real, ok := withoutSocket(name)
	if !ok {
		return refuse(d, 0, quoted(name)+" has no URL after |", "<Proxy/ProxyMatch > uses an invalid \"unix:\" URL")
	}
	if _, r := x.worker(d, 0, name, real, prefixes, "<Proxy "); r != nil {
		return r
	}
	return x.workerParameters(d, parameters, "<Proxy ", name)
}

// inSection returns that the name of a section cannot be that of a worker, which d makes it:
// a text that is too long is in its line, and a pattern such as * has no worker. Apache reports the
// line of d.
func inSection(d, section *apache.Directive, message, log string, fault Fault) *Refusal {
	tooLong := strings.HasSuffix(log, "too long")
	at := d.At
	if len(d.Args) > 0 {
		at = d.Args[0].At
	}
	if section != nil && len(section.Args) > 0 && tooLong {
		at = section.Args[0].At
	}
	return refusal(fault, d, at, message, log)
}

// balancerMember judges BalancerMember (httpd modules/proxy/mod_proxy.c, add_member).
func (x *checker) balancerMember(d *apache.Directive, s state) *Refusal {
	if x.unset(d) || s.unsure || s.scope != nil && (x.unset(s.scope) || s.path && placeOf(s.scope.Name)&(httpd.Proxy|httpd.Location) == 0) {
		return nil
	}
	name, url := "", -1
	var parameters []parameter
	if s.path && s.scope != nil {
		name = withoutProxy(s.scope.Arg(0))
	}
	for i, w := range d.Args {
		key, value, assigned := strings.Cut(w.Text, "=")
		switch {
		case assigned:
			parameters = set(parameters, parameter{i, key, value})
		case name == "" && !s.path:
			name = w.Text
		case url < 0:
			url = i
		case s.path:
			return notParameter(d, i, "BalancerMember can not have a balancer name when defined in a location")
		default:
			return notParameter(d, i, "Invalid BalancerMember parameter. Parameter must be in the form 'key=value'")
		}
	}
	switch {
	case name == "":
		return refuse(d, -1, "BalancerMember names no balancer", "BalancerMember must define balancer name when outside <Proxy > section")
	case url < 0:
		return refuse(d, -1, "BalancerMember has no URL", "BalancerMember must define remote proxy server")
	}
	return x.member(d, name, url, parameters)
}

// member judges a member of the balancer with a name, whose URL is word i.
func (x *checker) member(d *apache.Directive, name string, i int, parameters []parameter) *Refusal {
	url := d.Arg(i)
	real, ok := withoutSocket(url)
	if !ok {
		return refuse(d, i, quoted(url)+" has no URL after |", "BalancerMember uses an invalid \"unix:\" URL")
	}
	b, why := x.workersOf(d).balancerOf(name, d)
	if b == nil {
		return refuse(d, -1, quoted(name)+" is not a valid name of a balancer", "BalancerMember "+why)
	}
	shared, r := x.workerIn(&b.members, d, i, url, real, prefixes, "BalancerMember ")
	if r != nil || shared {
		return r
	}
	return x.workerParameters(d, parameters, "BalancerMember ", "")
}
