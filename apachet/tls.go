package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/parser/apache"
)

// tlsProtocols are the words of SSLProtocol (httpd modules/ssl/ssl_engine_config.c,
// ssl_cmd_protocol_parse).
var tlsProtocols = []string{"SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "all"}

// sslProtocol judges a word of SSLProtocol.
func (x *checker) sslProtocol(d *apache.Directive, i int, _ state) *Refusal {
	word := d.Args[i].Text
	sign := byte(0)
	if word != "" && (word[0] == '+' || word[0] == '-') {
		sign, word = word[0], word[1:]
	}
	switch lower := strings.ToLower(word); {
	case !isOneOf(word, tlsProtocols):
		return refuse(d, i, "unknown protocol "+quoted(word)+" in "+spelled(d)+typo.DidYouMean(word, tlsProtocols), spelled(d)+": Illegal protocol '"+word+"'")
	case sign == '-':
	case lower == "sslv2":
		return refuse(d, i, "SSLv2 is no longer supported", "SSLProtocol: SSLv2 is no longer supported")
	case lower == "sslv3" && x.modules.built == debian:
		return refuse(d, i, "the OpenSSL of this Apache does not support SSLv3", "SSLv3 not supported by this version of OpenSSL")
	}
	return nil
}

// sslCipherSuite judges SSLCipherSuite with a protocol before the ciphers (httpd
// modules/ssl/ssl_engine_config.c, ssl_cmd_SSLCipherSuite).
func (x *checker) sslCipherSuite(d *apache.Directive, s state) *Refusal {
	switch protocol := d.Arg(0); {
	case x.unset(d), len(d.Args) < 2, protocol == "SSL":
		return nil
	case protocol != "TLSv1.3":
		return refuse(d, 0, spelled(d)+" takes SSL or TLSv1.3 before the ciphers, not "+quoted(protocol), "protocol '"+protocol+"' not supported")
	case s.path && d.Name == "sslciphersuite":
		return refuse(d, 0, "SSLCipherSuite TLSv1.3 is not possible inside "+sectionOf(d.Parent), "TLSv1.3 ciphers cannot be set inside a directory context")
	}
	return nil
}

// cacheModule returns the module of httpd that has a kind of cache; "" for none.
func cacheModule(name string) string {
	switch name {
	case "shmcb", "dbm", "memcache", "dc", "redis":
		return "socache_" + name + "_module"
	}
	return ""
}

// sslCache judges SSLSessionCache and SSLStaplingCache (httpd
// modules/ssl/ssl_engine_config.c, ssl_cmd_SSLSessionCache; modules/cache/mod_socache_shmcb.c,
// socache_shmcb_create).
func (x *checker) sslCache(d *apache.Directive, _ state) *Refusal {
	kind, argument, given := strings.Cut(d.Arg(0), ":")
	stapling := d.Name == "sslstaplingcache"
	lower := strings.ToLower(kind)
	if x.unset(d) || !stapling && !given && (lower == "none" || lower == "nonenotnull") {
		return nil
	}
	module := cacheModule(kind)
	name := spelled(d)
	log := name + ": '" + kind + "' session cache not supported"
	if stapling {
		log = name + ": '" + kind + "' stapling cache not supported"
	}
	switch {
	case module != "" && x.modules.of(module) == absent:
		r := refusal(Unknown, d, d.Args[0].At, name+" "+kind+" needs "+short(module)+", which no LoadModule line loads"+x.enable(module), log)
		r.Module = module
		return r
	case module == "" && kind != "default" && x.modules.sealed && !x.modules.others:
		return refuse(d, 0, "unknown kind of cache "+quoted(kind)+" in "+name, log)
	case kind == "shmcb" && x.modules.of(module) == present:
		if why := shmcb(argument); why != "" {
			return refuse(d, 0, expected(d, "a path and a size such as shmcb:/run/ssl_scache(512000)", d.Arg(0)), name+": "+why)
		}
	}
	return nil
}

// shmcb says why the path and the size of a shared cache are refused; "" if they are not.
func shmcb(argument string) string {
	open := strings.LastIndexByte(argument, '(')
	size, closed := strings.CutSuffix(argument[open+1:], ")")
	if open < 0 {
		if closed {
			return "Invalid argument: no opening parenthesis"
		}
		return ""
	}
	n, rest, _, _ := apache.Number(size)
	switch {
	case !closed:
		return "Invalid argument: no closing parenthesis or cache size missing after pathname with parenthesis"
	case rest != "":
		return "Invalid argument: cache size not numerical"
	case n < 8192:
		return "Invalid argument: size has to be >= 8192 bytes"
	}
	return ""
}

// revocation judges SSLCARevocationCheck (httpd modules/ssl/ssl_engine_config.c,
// ssl_cmd_crlcheck_parse).
func (x *checker) revocation(d *apache.Directive, _ state) *Refusal {
	if x.unset(d) {
		return nil
	}
	for i, w := range d.Args {
		words := []string{"none", "leaf", "chain"}
		if i > 0 {
			words = []string{"no_crl_for_cert_ok"}
		}
		if !isOneOf(w.Text, words) {
			return refuse(d, i, expected(d, typo.Either(words), w.Text), spelled(d)+": Invalid argument '"+w.Text+"'")
		}
	}
	return nil
}
