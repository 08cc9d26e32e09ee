// Package pki reads certificates and keys in PEM as OpenSSL does for a server (nginx
// ngx_event_openssl.c; measured on OpenSSL 3.0), and says only what is certain. It keeps
// no text of a file, and no private key.
package pki

import (
	"encoding/base64"
	"strings"
)

// block is one block of PEM.
type block struct {
	kind      string // such as CERTIFICATE
	der       []byte // nil if it cannot be decoded
	ended     bool   // the END line exists
	cut       bool   // the content is shorter than it says
	encrypted bool
}

// blocks returns the blocks of a text. A block without an END line is the last one.
func blocks(text string) (all []block) {
	var body strings.Builder
	var now *block
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		switch kind, begins := marked(line, "-----BEGIN "); {
		case now == nil && begins:
			all = append(all, block{kind: kind})
			now = &all[len(all)-1]
			body.Reset()
		case now == nil:
		case strings.HasPrefix(line, "-----END "):
			now.ended = true
			now.decode(body.String())
			now = nil
		case strings.Contains(line, ":"): // a header
			now.encrypted = now.encrypted || strings.HasPrefix(line, "Proc-Type:") && strings.Contains(line, "ENCRYPTED")
		default:
			body.WriteString(line)
		}
	}
	return all
}

// marked returns what a line names between a mark and five hyphens.
func marked(line, mark string) (kind string, ok bool) {
	rest, begins := strings.CutPrefix(line, mark)
	kind, ends := strings.CutSuffix(rest, "-----")
	return kind, begins && ends
}

func (b *block) decode(body string) {
	b.encrypted = b.encrypted || b.kind == "ENCRYPTED PRIVATE KEY"
	der, err := base64.StdEncoding.DecodeString(body)
	if err != nil || b.encrypted {
		return
	}
	b.der, b.cut = der, shorter(der)
}

// shorter reports whether a sequence in DER is shorter than its own length says.
func shorter(der []byte) bool {
	if len(der) < 2 {
		return true
	}
	if der[0] != 0x30 {
		return false
	}
	size, n := int(der[1]), 2
	if size >= 0x80 {
		if size -= 0x80; size == 0 || size > 3 || len(der) < 2+size {
			return size != 0 && size <= 3
		}
		n += size
		size = 0
		for _, b := range der[2:n] {
			size = size<<8 | int(b)
		}
	}
	return len(der) < n+size
}

// sealed is how a file begins that another program turns into PEM: Ansible Vault, age, PGP,
// Git LFS, git-crypt.
var sealed = [...]string{"$ANSIBLE_VAULT", "age-encryption", "-----BEGIN AGE", "-----BEGIN PGP", "version https://git-lfs", "\x00GITCRYPT"}

// Sealed reports whether a text is not what the server will read.
func Sealed(text string) bool {
	for _, start := range sealed {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	return strings.Contains(text, "ENC[") // SOPS
}

// Removed reports whether a text has no block at all, but something: those who copy the
// files of a machine leave a word in the place of its keys.
func Removed(text string) bool {
	return !strings.Contains(text, "-----BEGIN ") && strings.TrimSpace(text) != ""
}

// The reasons for which OpenSSL refuses a file.
const (
	Empty = "is empty"
	Cut   = "holds a block that is cut off"
)

// isCertificate reports whether OpenSSL takes a block for a certificate.
func (b *block) isCertificate() bool {
	return b.kind == "CERTIFICATE" || b.kind == "X509 CERTIFICATE" || b.kind == "TRUSTED CERTIFICATE"
}

func (b *block) isKey() bool { return strings.HasSuffix(b.kind, "PRIVATE KEY") }

// Chain returns the certificates of a file, the server's own first; nil is one that
// only OpenSSL can read. why completes "the file", and is "" if OpenSSL may take it.
func Chain(text string) (chain []*Certificate, why string) {
	for _, b := range blocks(text) {
		switch {
		case !b.ended, b.isCertificate() && b.cut:
			return nil, Cut
		case b.isCertificate():
			chain = append(chain, parseCertificate(b.der))
		}
	}
	if len(chain) == 0 {
		return nil, lacks(text, "holds no certificate")
	}
	return chain, ""
}

// lacks returns why, or that a text is empty.
func lacks(text, why string) string {
	if strings.TrimSpace(text) == "" {
		return Empty
	}
	return why
}

// Key returns the public half of the private key of a file; zero if only OpenSSL can read
// it, or if the file has several. A key that is encrypted needs a password.
func Key(text string) (public PublicKey, encrypted bool, why string) {
	keys := 0
	for _, b := range blocks(text) {
		switch {
		case !b.ended && (b.isKey() || keys == 0):
			return public, false, Cut
		case !b.isKey():
		case keys == 0 && b.cut && b.der != nil:
			return public, false, Cut
		default:
			if keys++; keys == 1 {
				public, encrypted = publicOf(b.der), b.encrypted
			}
		}
	}
	switch {
	case keys == 0:
		return PublicKey{}, false, lacks(text, "holds no private key")
	case keys > 1:
		public = PublicKey{}
	}
	return public, encrypted, ""
}

// Trusted is why a file cannot tell whom to trust: it holds neither a certificate nor a
// revocation list.
func Trusted(text string) (why string) {
	for _, b := range blocks(text) {
		if !b.ended {
			return Cut
		}
		if b.isCertificate() || b.kind == "X509 CRL" {
			return ""
		}
	}
	return lacks(text, "holds no certificate")
}

// Holds is why a file has no block of one of the kinds.
func Holds(text, what string, kinds ...string) (why string) {
	for _, b := range blocks(text) {
		for _, kind := range kinds {
			if b.kind == kind && b.ended {
				return ""
			}
		}
	}
	return lacks(text, "holds no "+what)
}

// Covers reports whether OpenSSL finds a host name in a certificate (X509_check_host): among
// its alternative names, and only without any of them in its common names. A wildcard is
// the whole first label and matches one.
func Covers(certificate *Certificate, host string) bool {
	names := certificate.DNSNames
	if len(names) == 0 {
		names = certificate.CommonNames
	}
	for _, name := range names {
		if covers(strings.ToLower(name), strings.ToLower(host)) {
			return true
		}
	}
	return false
}

// covers compares two names in lower case. Where OpenSSL takes a part of a label for a
// wildcard, it does too.
func covers(name, host string) bool {
	first, rest, dotted := strings.Cut(name, ".")
	label, domain, _ := strings.Cut(host, ".")
	if !dotted || !strings.Contains(first, "*") {
		return name == host
	}
	prefix, suffix, _ := strings.Cut(first, "*")
	return rest == domain && label != "" && len(label) >= len(prefix)+len(suffix) && strings.HasPrefix(label, prefix) && strings.HasSuffix(label, suffix)
}
