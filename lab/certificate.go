//go:build linux

package lab

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"sync"
	"time"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/parser"
)

// selfSigned creates one certificate for all hosts, and its key, in PEM. selfSignedForTunnels creates another
// one for hosts with a tunnel, whose examples have a certificate for their site.
var (
	selfSigned           = sync.OnceValues(func() ([2][]byte, error) { return sign("localhost") })
	selfSignedForTunnels = sync.OnceValues(func() ([2][]byte, error) { return sign("localhost", "blog.example") })
)

// sign creates a certificate for names, and its key, in PEM.
func sign(names ...string) (pair [2][]byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return pair, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: names,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return pair, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return pair, err
	}
	pair[0] = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	pair[1] = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	return pair, nil
}

// certify adds the certificates and keys that the host lacks.
func (h *Host) certify(n *parser.Nginx) error {
	for _, f := range n.Files {
		for d := range f.All() {
			if d.Name() != "ssl_certificate" {
				continue
			}
			for sibling := range d.Parent().Children() {
				if sibling.Name() != "ssl_certificate_key" {
					continue
				}
				if err := h.addPair(d.Arg(0).String(), sibling.Arg(0).String()); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

func (h *Host) addPair(certificate, key string) error {
	if h.has(certificate) || h.has(key) {
		return nil
	}
	pair, err := selfSigned()
	if h.Tunnel != nil {
		pair, err = selfSignedForTunnels()
	}
	for i, name := range []string{certificate, key} {
		h.Files = append(h.Files, cases.File{Name: name, Text: string(pair[i])})
	}
	return err
}
