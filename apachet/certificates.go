package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/pki"
	"github.com/wp502lint/wp502lint/parser/apache"
)

// certificates judges the certificates and keys of servers with SSLEngine on (httpd
// modules/ssl/ssl_engine_init.c, ssl_init_ConfigureServer).
func (x *checker) certificates(servers []server) *Refusal {
	for i := range servers {
		s := &servers[i]
		engine := s.lastOf("sslengine")
		if engine == nil && s.at != nil {
			engine = servers[0].lastOf("sslengine")
		}
		if engine == nil || x.unset(engine) || !strings.EqualFold(engine.Arg(0), "on") {
			continue
		}
		certificates, known := x.merged("sslcertificatefile", s, &servers[0])
		keys, sure := x.merged("sslcertificatekeyfile", s, &servers[0])
		if !known || !sure {
			continue
		}
		if len(certificates) == 0 {
			if r := x.noCertificate(engine, s); r != nil {
				return r
			}
			continue
		}
		for j, d := range certificates {
			key := d
			if j < len(keys) {
				key = keys[j]
			}
			if r := x.pair(d, key); r != nil {
				return r
			}
		}
	}
	return nil
}

// merged returns the directives of a name of the main server and then of a virtual host, whose
// files add up; known is false if one may not be in effect, or has a variable.
func (x *checker) merged(name string, s, main *server) (all []*apache.Directive, known bool) {
	all, known = main.named(name)
	if s.at != nil {
		own, certain := s.named(name)
		all, known = append(all, own...), known && certain
	}
	for _, d := range all {
		known = known && !x.unset(d) && !strings.HasPrefix(d.Arg(0), "pkcs11:")
	}
	return all, known
}

// noCertificate returns that a server has no certificate. Mod_md may have one for it.
func (x *checker) noCertificate(engine *apache.Directive, s *server) *Refusal {
	if !x.modules.sealed || x.modules.others || x.modules.of("md_module") != absent || mentions(s.directives, "sslopensslconfcmd") {
		return nil
	}
	return lacks(engine, -1, "SSLEngine is on, and no SSLCertificateFile names a certificate",
		"AH02572: Failed to configure at least one certificate and key for")
}

// pair judges a certificate and its key, which may be in one file.
func (x *checker) pair(certificate, key *apache.Directive) *Refusal {
	text, known := x.pem(certificate)
	if !known {
		return nil
	}
	name := x.absolute(certificate.Arg(0))
	chain, why := pki.Chain(text)
	if why != "" {
		return lacks(certificate, 0, "the file "+quoted(certificate.Arg(0))+" "+why, "AH02562: Failed to configure certificate, check "+name)
	}
	text, known = x.pem(key)
	if !known {
		return nil
	}
	public, encrypted, why := pki.Key(text)
	switch {
	case why != "":
		return lacks(key, 0, "the file "+quoted(key.Arg(0))+" "+why, "AH02564: Failed to configure encrypted (?) private key, check "+x.absolute(key.Arg(0)))
	case encrypted, len(chain) == 0, !pki.Apart(chain[0], public):
		return nil
	}
	r := lacks(key, 0, "the key in "+quoted(key.Arg(0))+" is not that of the certificate",
		"AH02565: Certificate and private key from "+name+" and "+x.absolute(key.Arg(0))+" do not match")
	return noted(r, certificate, "the certificate is named here")
}

// pem returns the text of a file if it is certainly the one that Apache reads: those who copy
// the files of a machine leave a word in the place of its keys.
func (x *checker) pem(d *apache.Directive) (text string, known bool) {
	name := x.absolute(d.Arg(0))
	if name == "" || x.facts == nil || x.facts.Files == nil {
		return "", false
	}
	text, known = x.facts.Files.Text(name)
	removed := !x.facts.Files.Live() && (pki.Removed(text) || strings.TrimSpace(text) == "")
	return text, known && !removed && !pki.Sealed(text)
}
