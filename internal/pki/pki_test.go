package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"
)

// pair is a certificate and its key in PEM.
type pair struct{ certificate, pkcs8, own string }

func newPair(t *testing.T, key crypto.Signer, common string, names ...string) pair {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: common, Organization: []string{"Blog"}}, DNSNames: names,
		NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	shell, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	p := pair{block("CERTIFICATE", der), block("PRIVATE KEY", shell), ""}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		p.own = block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
	case *ecdsa.PrivateKey:
		own, err := x509.MarshalECPrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		p.own = block("EC PRIVATE KEY", own)
	}
	return p
}

func pairs(t *testing.T) map[string][2]pair {
	t.Helper()
	all := map[string][2]pair{}
	for i := range 2 {
		rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		_, edKey, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for kind, key := range map[string]crypto.Signer{"RSA": rsaKey, "EC": ecKey, "Ed25519": edKey} {
			two := all[kind]
			two[i] = newPair(t, key, "blog.example")
			all[kind] = two
		}
	}
	return all
}

func TestApart(t *testing.T) {
	all := pairs(t)
	for kind, two := range all {
		chain, why := Chain(two[0].certificate)
		if why != "" || len(chain) != 1 || chain[0] == nil || chain[0].Key.kind != kind {
			t.Fatalf("%s: %v %q", kind, chain, why)
		}
		for _, text := range []string{two[0].pkcs8, two[0].own, two[0].certificate + two[0].pkcs8} {
			if public, _, why := Key(text); text != "" && (why != "" || public.kind != kind || Apart(chain[0], public)) {
				t.Errorf("%s: its own key is %v, %q", kind, public.kind, why)
			}
		}
		if public, _, _ := Key(two[1].pkcs8); !Apart(chain[0], public) {
			t.Errorf("%s: another key is taken for its own", kind)
		}
		for other := range all {
			if public, _, _ := Key(all[other][1].pkcs8); other != kind && Apart(chain[0], public) {
				t.Errorf("%s: OpenSSL compares no key of kind %s", kind, other)
			}
		}
		if public, _, _ := Key(two[1].pkcs8 + two[0].pkcs8); Apart(chain[0], public) {
			t.Errorf("%s: one of two keys is certain", kind)
		}
	}
}

func TestReasons(t *testing.T) {
	p := pairs(t)["EC"][0]
	lines := strings.SplitAfter(p.certificate, "\n")
	cut := strings.Join(lines[:3], "")
	short := lines[0] + lines[1] + lines[len(lines)-2]
	for _, test := range []struct{ name, text, chain, key, trusted string }{
		{"empty", " \n", Empty, Empty, Empty},
		{"text", "it comes by mail\n", "holds no certificate", "holds no private key", "holds no certificate"},
		{"certificate", p.certificate, "", "holds no private key", ""},
		{"key", p.pkcs8, "holds no certificate", "", "holds no certificate"},
		{"both", "a: b\n" + p.pkcs8 + p.certificate, "", "", ""},
		{"with CR LF", strings.ReplaceAll(p.certificate+p.pkcs8, "\n", "\r\n"), "", "", ""},
		{"cut", cut, Cut, Cut, Cut},
		{"a cut one after a good one", p.certificate + cut, Cut, Cut, ""},
		{"short", short, Cut, "holds no private key", ""},
		{"other blocks", strings.ReplaceAll(p.certificate, "CERTIFICATE", "EC PARAMETERS") + p.certificate, "", "holds no private key", ""},
	} {
		_, chain := Chain(test.text)
		_, _, key := Key(test.text)
		if trusted := Trusted(test.text); chain != test.chain || key != test.key || trusted != test.trusted {
			t.Errorf("%s: %q %q %q", test.name, chain, key, trusted)
		}
	}
	sealed := "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nMIIB\n-----END RSA PRIVATE KEY-----\n"
	if _, encrypted, why := Key(sealed); !encrypted || why != "" {
		t.Errorf("encrypted: %v %q", encrypted, why)
	}
	if !Removed("the key was here\n") || Removed("") || Removed(p.pkcs8) {
		t.Error("keys that were taken out are not told apart")
	}
	if !Sealed("$ANSIBLE_VAULT;1.1;AES256\n66") || Sealed(p.certificate) {
		t.Error("sealed files are not told apart")
	}
	if Holds("-----BEGIN DH PARAMETERS-----\n-----END DH PARAMETERS-----\n", "DH parameters", "DH PARAMETERS") != "" || Holds(p.certificate, "DH parameters", "DH PARAMETERS") == "" {
		t.Error("DH parameters are not told apart")
	}
}

func TestCovers(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parse := func(common string, names ...string) *Certificate {
		chain, why := Chain(newPair(t, key, common, names...).certificate)
		if why != "" {
			t.Fatal(why)
		}
		return chain[0]
	}
	named, common := parse("origin.example", "site.example", "*.site.example"), parse("Origin.example")
	for _, test := range []struct {
		of   *Certificate
		host string
		want bool
	}{
		{named, "site.example", true}, {named, "WWW.Site.example", true}, {named, "a.b.site.example", false}, {named, "origin.example", false},
		{named, ".site.example", false}, {named, "127.0.0.1", false}, {named, "othersite.example", false},
		{common, "origin.example", true}, {common, "www.origin.example", false},
	} {
		if got := Covers(test.of, test.host); got != test.want {
			t.Errorf("%s: %v", test.host, got)
		}
	}
}

func FuzzBlocks(f *testing.F) {
	f.Add("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
	f.Add("-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMAA=\n-----END PRIVATE KEY-----\n")
	f.Fuzz(func(t *testing.T, text string) {
		chain, why := Chain(text)
		if (len(chain) == 0) != (why != "") {
			t.Errorf("%d certificates, %q", len(chain), why)
		}
		for _, one := range chain {
			if one != nil {
				Covers(one, "blog.example")
			}
		}
		Key(text)
		Trusted(text)
	})
}
