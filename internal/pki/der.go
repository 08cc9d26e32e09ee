package pki

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Package crypto/x509 would bring package net into the program, which has no code that
// opens a connection. What is needed of a certificate is little.

// Certificate is what is needed of one.
type Certificate struct {
	Key PublicKey
	// DNSNames are its alternative names, and CommonNames those of its subject.
	DNSNames, CommonNames []string
	// Addresses are those among its alternative names.
	Addresses []netip.Addr
	// NotAfter is when it expires.
	NotAfter time.Time

	subject, issuer string // with what OpenSSL does not compare taken out
	sum             [sha256.Size]byte
}

// PublicKey is a public key, or nothing that is known. Two of the same key are equal.
type PublicKey struct {
	kind  string // RSA, EC or Ed25519; "" for what is not known
	value string
}

// Apart reports whether a certificate certainly belongs to another key of the same kind.
// OpenSSL keeps a key of another kind beside the certificate, and compares nothing.
func Apart(certificate *Certificate, key PublicKey) bool {
	return certificate != nil && key.kind != "" && key.kind == certificate.Key.kind && key != certificate.Key
}

// The identifiers of algorithms and parts (RFC 3279, 5480, 8410, 5280).
var (
	oidRSA     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidEC      = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidEd25519 = asn1.ObjectIdentifier{1, 3, 101, 112}
	oidName    = asn1.ObjectIdentifier{2, 5, 4, 3}
	oidNames   = asn1.ObjectIdentifier{2, 5, 29, 17}
)

type certificate struct {
	TBS       tbs
	Algorithm asn1.RawValue
	Signature asn1.RawValue
}

type tbs struct {
	Version    int `asn1:"optional,explicit,default:0,tag:0"`
	Serial     asn1.RawValue
	Algorithm  asn1.RawValue
	Issuer     pkix.RDNSequence
	Validity   validity
	Subject    pkix.RDNSequence
	Key        publicKeyInfo
	IssuerID   asn1.BitString   `asn1:"optional,tag:1"`
	SubjectID  asn1.BitString   `asn1:"optional,tag:2"`
	Extensions []pkix.Extension `asn1:"optional,explicit,tag:3"`
}

type validity struct{ NotBefore, NotAfter time.Time }

type publicKeyInfo struct {
	Algorithm pkix.AlgorithmIdentifier
	Bits      asn1.BitString
}

// parseCertificate returns a certificate in DER; nil if it is not understood.
func parseCertificate(der []byte) *Certificate {
	var c certificate
	if _, err := asn1.Unmarshal(der, &c); err != nil {
		return nil
	}
	parsed := &Certificate{Key: c.TBS.Key.key(), subject: canonical(c.TBS.Subject), issuer: canonical(c.TBS.Issuer), sum: sha256.Sum256(der), NotAfter: c.TBS.Validity.NotAfter}
	for _, set := range c.TBS.Subject {
		for _, attribute := range set {
			if text, ok := attribute.Value.(string); ok && attribute.Type.Equal(oidName) {
				parsed.CommonNames = append(parsed.CommonNames, text)
			}
		}
	}
	for _, extension := range c.TBS.Extensions {
		if !extension.Id.Equal(oidNames) {
			continue
		}
		var names []asn1.RawValue
		if _, err := asn1.Unmarshal(extension.Value, &names); err != nil {
			return nil
		}
		for _, name := range names {
			if name.Class == asn1.ClassContextSpecific && name.Tag == 2 {
				parsed.DNSNames = append(parsed.DNSNames, string(name.Bytes))
			} else if addr, ok := netip.AddrFromSlice(name.Bytes); ok && name.Class == asn1.ClassContextSpecific && name.Tag == 7 {
				parsed.Addresses = append(parsed.Addresses, addr)
			}
		}
	}
	return parsed
}

// canonical spells a name so that names that OpenSSL takes for one are equal (OpenSSL
// x_name.c, x509_name_canon).
func canonical(name pkix.RDNSequence) string {
	return strings.Join(strings.Fields(strings.ToLower(fmt.Sprint(name))), " ")
}

// Untrusted reports whether a chain certainly leads to none of the authorities: the issuer
// of its last certificate is not among them, and OpenSSL looks nowhere else. A certificate
// that is not understood is nil and may be anything.
func Untrusted(chain, authorities []*Certificate) bool {
	if len(chain) == 0 || len(authorities) == 0 || slices.Contains(chain, nil) || slices.Contains(authorities, nil) {
		return false
	}
	current := chain[0]
	for range chain {
		for _, a := range authorities {
			if a.sum == current.sum || a.subject == current.issuer {
				return false
			}
		}
		next := slices.IndexFunc(chain, func(c *Certificate) bool { return c.subject == current.issuer })
		if next < 0 || current.subject == current.issuer {
			return true
		}
		current = chain[next]
	}
	return false
}

type rsaPublic struct {
	N *big.Int
	E int
}

func (info *publicKeyInfo) key() PublicKey {
	bits := info.Bits.RightAlign()
	switch id := info.Algorithm.Algorithm; {
	case id.Equal(oidRSA):
		var public rsaPublic
		if _, err := asn1.Unmarshal(bits, &public); err == nil {
			return PublicKey{"RSA", public.N.String()}
		}
	case id.Equal(oidEC) && len(bits) > 0 && bits[0] == 4: // not compressed
		return PublicKey{"EC", string(bits)}
	case id.Equal(oidEd25519):
		return PublicKey{"Ed25519", string(bits)}
	}
	return PublicKey{}
}

// pkcs8 is a private key of any kind (RFC 5208).
type pkcs8 struct {
	Version   int
	Algorithm pkix.AlgorithmIdentifier
	Key       []byte
}

// pkcs1 is the start of an RSA key (RFC 8017).
type pkcs1 struct {
	Version int
	N       *big.Int
	E       int
	D       *big.Int
	P       *big.Int
	Q       *big.Int
}

// sec1 is a key of an elliptic curve (RFC 5915).
type sec1 struct {
	Version int
	Key     []byte
	Curve   asn1.RawValue  `asn1:"optional,explicit,tag:0"`
	Public  asn1.BitString `asn1:"optional,explicit,tag:1"`
}

// publicOf returns the public half of a private key in DER; zero if it is not understood.
func publicOf(der []byte) PublicKey {
	var any8 pkcs8
	if _, err := asn1.Unmarshal(der, &any8); err != nil {
		return publicInside(der)
	}
	if !any8.Algorithm.Algorithm.Equal(oidEd25519) {
		return publicInside(any8.Key)
	}
	var seed []byte
	if _, err := asn1.Unmarshal(any8.Key, &seed); err != nil || len(seed) != ed25519.SeedSize {
		return PublicKey{}
	}
	private := ed25519.NewKeyFromSeed(seed)
	return PublicKey{"Ed25519", string(bytes.Clone(private[ed25519.SeedSize:]))}
}

// publicInside returns the public half of a key of one kind, without its PKCS #8 shell.
func publicInside(der []byte) PublicKey {
	var rsaKey pkcs1
	if _, err := asn1.Unmarshal(der, &rsaKey); err == nil {
		return PublicKey{"RSA", rsaKey.N.String()}
	}
	var ecKey sec1
	if _, err := asn1.Unmarshal(der, &ecKey); err == nil {
		if bits := ecKey.Public.RightAlign(); len(bits) > 0 && bits[0] == 4 {
			return PublicKey{"EC", string(bits)}
		}
	}
	return PublicKey{}
}
