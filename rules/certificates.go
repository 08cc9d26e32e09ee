package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/pki"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// tlsFiles judges the files of one place in a configuration.
type tlsFiles struct {
	*lint.Pass
	files *host.Paths
	front *stack.Front
	seen  once[source.Span] // the lines with a fault
	// judged are the lines that were judged, and the pairs of a certificate and a key:
	// many servers share them.
	judged once[[2]source.Span]
}

// siteTLS reports the files of TLS that nginx cannot use in a server (nginx
// ngx_http_ssl_module.c, ngx_http_ssl_merge_srv_conf; measured on nginx 1.22 and 1.31). A
// server without a certificate reads none but that of the passwords, unless it has
// ssl_reject_handshake.
func siteTLS(p *lint.Pass, site *stack.Site, seen once[source.Span], judged once[[2]source.Span]) {
	t := tlsFiles{p, site.Machine.Facts.Files, site.Front, seen, judged}
	t.missing(site.TLSLines("ssl_password_file"), "open() \"%s\" failed (2: No such file or directory)")
	certificates, keys := site.Certificates(), site.Keys()
	if rejects, known := site.RejectHandshake().Known(); len(certificates) == 0 && !(known && rejects) {
		return
	}
	if n := len(certificates); !site.Front.Loose && !site.Front.Rendered && len(keys) < n && seen.first(certificates[n-1].At) {
		line := certificates[n-1]
		t.Report(lint.Finding{
			At:      line.At,
			Message: "this ssl_certificate has no ssl_certificate_key",
			Log:     []string{fmt.Sprintf("[emerg] no \"ssl_certificate_key\" is defined for certificate \"%s\"", line.Path)},
		})
	}
	t.pairs(certificates, keys, len(site.TLSLines("ssl_password_file")) > 0)
	t.missing(site.TLSLines("ssl_session_ticket_key"), "open() \"%s\" failed (2: No such file or directory)")
	t.clients(site)
	t.trusted(site.TLSLines("ssl_trusted_certificate"))
	t.missing(site.TLSLines("ssl_crl"), "X509_LOOKUP_load_file(\"%s\") failed")
	t.content(site.TLSLines("ssl_dhparam"), func(text string) string {
		return pki.Holds(text, "DH parameters", "DH PARAMETERS", "X9.42 DH PARAMETERS")
	}, "PEM_read_bio_DHparams(\"%s\") failed", "BIO_new_file(\"%s\") failed")
	if lines := site.TLSLines("ssl_stapling"); len(lines) > 0 && strings.EqualFold(lines[0].Path, "on") {
		t.missing(site.TLSLines("ssl_stapling_file"), "BIO_new_file(\"%s\") failed")
	}
	t.values(site.TLSLines("ssl_ciphers"), site.TLSLines("ssl_ecdh_curve"))
}

// gatewayTLS reports the files of TLS that nginx cannot use for an origin (nginx
// ngx_http_proxy_module.c, ngx_http_proxy_set_ssl).
func gatewayTLS(p *lint.Pass, g *stack.Gateway, seen once[source.Span], judged once[[2]source.Span]) {
	if g.Protocol != stack.HTTPS || g.Machine == nil {
		return
	}
	t := tlsFiles{p, g.Machine.Facts.Files, g.Front, seen, judged}
	one := func(suffix string) []stack.PathLine {
		if line := g.TLSLine(suffix); !line.At.IsZero() {
			return []stack.PathLine{line}
		}
		return nil
	}
	t.missing(one("ssl_password_file"), "open() \"%s\" failed (2: No such file or directory)")
	certificates, keys := one("ssl_certificate"), one("ssl_certificate_key")
	if !g.Front.Loose && !g.Front.Rendered && len(certificates) > 0 && certificates[0].Path != "" && len(keys) == 0 && seen.first(certificates[0].At) {
		t.Report(lint.Finding{
			At:      certificates[0].At,
			Message: "this proxy_ssl_certificate has no proxy_ssl_certificate_key",
			Log:     []string{fmt.Sprintf("[emerg] no \"proxy_ssl_certificate_key\" is defined for certificate \"%s\"", certificates[0].Path)},
		})
	}
	t.pairs(certificates, keys, len(one("ssl_password_file")) > 0)
	if on, _ := g.SSLVerify().Known(); on {
		t.trusted(one("ssl_trusted_certificate"))
		t.missing(one("ssl_crl"), "X509_LOOKUP_load_file(\"%s\") failed")
	}
	t.values(one("ssl_ciphers"), nil)
}

// full returns the path of a file as nginx opens it (nginx ngx_file.c, ngx_conf_full_name):
// a relative one starts at the directory of nginx.conf. ok is false if it is not known.
func (t *tlsFiles) full(name string) (string, bool) {
	switch {
	case name == "" || strings.Contains(name, ":"):
		return "", false
	case strings.HasPrefix(name, "/"):
		return name, true
	case t.front.Loose || t.front.At.File.Image != "":
		return "", false
	}
	return path.Join(path.Dir(t.front.At.File.Name), name), true
}

// literal reports whether a text has neither variables nor placeholders.
func literal(text string) bool {
	return !strings.Contains(text, "$") && source.TemplateMark(text) == "" && !source.Stub(text)
}

// gone reports a file that does not exist. A copy of a machine often omits keys, with
// their directory.
func (t *tlsFiles) gone(line stack.PathLine, name, log string) bool {
	if t.files.IsDir(name) {
		t.once(line, fmt.Sprintf("%s is a directory, but %s needs a file", name, directiveOf(line)), fmt.Sprintf(log, name))
		return true
	}
	if !t.files.Missing(name) {
		return false
	}
	if dirOmitted(t.Stack, t.files, name) {
		if t.seen.first(line.At) {
			t.NotChecked(line.At, "whether "+line.Path+" exists: its directory is not among the files")
		}
		return true
	}
	t.once(line, fmt.Sprintf("the %s %s does not exist", whatIs(line), line.Path), fmt.Sprintf(log, name))
	return true
}

// once reports one fault of a line.
func (t *tlsFiles) once(line stack.PathLine, message, log string) {
	if t.seen.first(line.At) {
		t.Report(lint.Finding{At: line.At, Message: message, Log: []string{"[emerg] " + log}})
	}
}

// directiveOf returns the name of the directive of a line.
func directiveOf(line stack.PathLine) string {
	return strings.Fields(line.At.Text() + " ")[0]
}

// whatIs names the file of a line.
func whatIs(line stack.PathLine) string {
	switch name := directiveOf(line); {
	case strings.HasSuffix(name, "ssl_certificate"):
		return "certificate"
	case strings.HasSuffix(name, "ssl_certificate_key"):
		return "certificate key"
	default:
		return "file of " + name
	}
}

// opens returns the path of the file of a line that nginx opens when it starts. It reports a
// variable in the name: nginx takes $host for letters, and no file has them in its name.
func (t *tlsFiles) opens(line stack.PathLine, log string) (name string, ok bool) {
	name, ok = t.full(line.Path)
	if ok && !t.front.Loose && !t.front.Rendered && line.Variable {
		t.once(line, fmt.Sprintf("nginx replaces no variables in %s, and no file is called %s", directiveOf(line), line.Path), fmt.Sprintf(log, name))
	}
	return name, ok && literal(line.Path)
}

// missing reports files that do not exist.
func (t *tlsFiles) missing(lines []stack.PathLine, log string) {
	for _, line := range lines {
		if !t.judged.first([2]source.Span{line.At}) {
			continue
		}
		if name, ok := t.opens(line, log); ok {
			t.gone(line, name, log)
		}
	}
}

// content reports files that do not exist, or whose content nginx refuses.
func (t *tlsFiles) content(lines []stack.PathLine, judge func(text string) (why string), log, gone string) {
	for _, line := range lines {
		if t.judged.first([2]source.Span{line.At}) {
			t.inside(line, judge, log, gone)
		}
	}
}

// inside is content for one line, judged or not.
func (t *tlsFiles) inside(line stack.PathLine, judge func(text string) (why string), log, gone string) {
	name, ok := t.opens(line, gone)
	if !ok || t.gone(line, name, gone) {
		return
	}
	if text, ok := t.text(name); ok {
		if why := judge(text); why != "" {
			t.once(line, fmt.Sprintf("%s %s", line.Path, why), fmt.Sprintf(log, name))
		}
	}
}

// text returns the content of a file, unless a program makes another of it first.
func (t *tlsFiles) text(name string) (string, bool) {
	text, ok := t.files.Text(name)
	if !ok || pki.Sealed(text) || source.TemplateMark(text) != "" {
		return "", false
	}
	return text, true
}

func (t *tlsFiles) trusted(lines []stack.PathLine) {
	t.content(lines, pki.Trusted, "SSL_CTX_load_verify_locations(\"%s\") failed", "SSL_CTX_load_verify_locations(\"%s\") failed")
}

// pairs judges certificates and their keys. With a variable in one of them, nginx opens all
// of them only when a client comes.
func (t *tlsFiles) pairs(certificates, keys []stack.PathLine, passwords bool) {
	for _, line := range append(certificates[:len(certificates):len(certificates)], keys...) {
		if strings.Contains(line.Path, "$") {
			return
		}
	}
	for i, line := range certificates {
		pair := [2]source.Span{line.At, line.At}
		if i < len(keys) {
			pair[1] = keys[i].At
		}
		if !t.judged.first(pair) {
			continue
		}
		if leaf := t.certificate(line); i < len(keys) {
			t.key(keys[i], line, leaf, passwords)
		}
	}
}

// certificate judges a certificate, and returns the server's own if it can be read.
func (t *tlsFiles) certificate(line stack.PathLine) *pki.Certificate {
	var leaf *pki.Certificate
	t.inside(line, func(text string) string {
		chain, why := pki.Chain(text)
		if why == "" {
			leaf = chain[0]
		}
		return why
	}, "cannot load certificate \"%s\"", "cannot load certificate \"%s\"")
	return leaf
}

// key judges the key of a certificate.
func (t *tlsFiles) key(line, certificate stack.PathLine, leaf *pki.Certificate, passwords bool) {
	apart := false
	t.inside(line, func(text string) string {
		if !t.Stack.Live() && pki.Removed(text) {
			if t.seen.first(line.At) {
				t.NotChecked(line.At, "whether "+line.Path+" is the key of "+certificate.Path+": what the copy has in its place is not a key")
			}
			return ""
		}
		public, encrypted, why := pki.Key(text)
		apart = pki.Apart(leaf, public)
		if encrypted && !passwords {
			return "is encrypted, and no ssl_password_file is set"
		}
		return why
	}, "cannot load certificate key \"%s\"", "cannot load certificate key \"%s\"")
	if apart && t.seen.first(line.At) {
		t.Report(lint.Finding{
			At:      line.At,
			Message: fmt.Sprintf("the key %s belongs to another certificate than %s", line.Path, certificate.Path),
			Notes:   []lint.Note{{At: certificate.At, Message: "the certificate is set here"}},
			Log:     []string{fmt.Sprintf("[emerg] SSL_CTX_use_PrivateKey(\"%s\") failed (SSL: error:05800074:x509 certificate routines::key values mismatch)", line.Path)},
		})
	}
}

// clients judges ssl_verify_client, for which nginx reads the authorities of clients.
func (t *tlsFiles) clients(site *stack.Site) {
	verify := site.TLSLines("ssl_verify_client")
	if len(verify) == 0 {
		return
	}
	line := verify[0]
	authorities := site.TLSLines("ssl_client_certificate")
	switch strings.ToLower(line.Path) {
	case "on", "optional":
		// Since nginx 1.27.5 ssl_trusted_certificate will do.
		if len(authorities)+len(site.TLSLines("ssl_trusted_certificate")) == 0 && !t.front.Loose && !t.front.Rendered {
			t.once(line, "ssl_verify_client has no ssl_client_certificate to verify clients with", "no ssl_client_certificate for ssl_verify_client")
		}
	case "optional_no_ca":
	default:
		return
	}
	t.trusted(authorities)
}

// quicWithout reports the servers of an address with QUIC that have no certificate: nginx
// 1.25 and later refuse them, and earlier versions the parameter.
func quicWithout(p *lint.Pass) {
	type key struct {
		whole    int
		endpoint string
	}
	groups := map[key]*stack.Listener{}
	var order []*stack.Listener
	for site := range nginxSites(p.Stack) {
		for _, listen := range site.Listens {
			if !listen.UDP || listen.Endpoint.IsZero() || site.Front.Loose {
				continue
			}
			k := key{site.Whole, listen.Endpoint.String()}
			l := groups[k]
			if l == nil {
				l = &stack.Listener{Endpoint: listen.Endpoint, Default: site, SSL: true}
				groups[k], order = l, append(order, l)
			}
			if l.Sites = append(l.Sites, site); listen.Default {
				l.Default = site
			}
		}
	}
	for _, l := range order {
		certificateless(p, l, "quic")
	}
}
