package rules

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// values judges the ciphers and curves of a place.
func (t *tlsFiles) values(ciphers, curves []stack.PathLine) {
	for _, line := range ciphers {
		if !t.judged.first([2]source.Span{line.At}) || source.TemplateMark(line.Path) != "" {
			continue
		}
		if sign, ok := beginsNoCipher(line.Path); ok {
			t.once(line, fmt.Sprintf("a cipher name cannot start with a %s", nameOf(sign)), fmt.Sprintf("SSL_CTX_set_cipher_list(\"%s\") failed (SSL: error:0A000118:SSL routines::invalid command)", line.Path))
		} else if noCipher(line.Path) && (!source.Stub(line.Path) || strings.HasPrefix(line.Path, "TLS_")) && !strings.Contains(line.Path, "$") {
			t.once(line, fmt.Sprintf("OpenSSL has none of the ciphers in %q for TLSv1.2 and earlier", line.Path), fmt.Sprintf("SSL_CTX_set_cipher_list(\"%s\") failed (SSL: error:0A0000B9:SSL routines::no cipher match)", line.Path))
		}
	}
	for _, line := range curves {
		if !literal(line.Path) {
			continue
		}
		for curve := range strings.SplitSeq(line.Path, ":") {
			if !someCurve.MatchString(curve) {
				t.once(line, fmt.Sprintf("OpenSSL has no curve %q", curve), fmt.Sprintf("SSL_CTX_set1_curves_list(\"%s\") failed", line.Path))
				break
			}
		}
	}
}

// someCurve matches what some version of OpenSSL, BoringSSL or LibreSSL takes for a curve or
// a group, and their signs for lists.
var someCurve = lazyregexp.New(`(?i)^(?:auto|[*?-]?(?:sec[pt]\d+[kr]\d|prime\d+v\d|c2[pto]nb\d+v\d|c2\w+|wap-wsg-\S+|oakley-\S+|[pkb]-\d+|x25519|x448|x25519\S+|brainpool\S+|ffdhe\d+|modp_?\d+|sm2\S*|curvesm2\S*|gc\d\S*|(?:\S*)(?:kyber|mlkem|frodo|bike|hqc|default|ntru)\S*)|.*[/@{$].*)$`)

// separates reports whether a sign is between two elements of a list of ciphers.
func separates(sign rune) bool { return strings.ContainsRune(":,; ", sign) }

// beginsNoCipher returns the first sign at the start of an element that OpenSSL takes
// nowhere in a name. Inside a name that it does not know it skips every sign (OpenSSL
// ssl_ciph.c, ssl_cipher_process_rulestr; measured on OpenSSL 3.0; brackets and bars are
// BoringSSL's, and others may be those of templates).
func beginsNoCipher(list string) (rune, bool) {
	for element := range strings.FieldsFuncSeq(list, separates) {
		if strings.ContainsRune("!-+", rune(element[0])) {
			element = element[1:]
		}
		sign, _ := utf8.DecodeRuneInString(element)
		if sign <= ' ' || strings.ContainsRune("~&*()'\"\\/?^", sign) {
			return sign, true
		}
	}
	return 0, false
}

// nameOf returns a sign as a message has it.
func nameOf(sign rune) string {
	switch sign {
	case '\n', '\r':
		return "line break"
	case '\t':
		return "tab"
	}
	return strconv.QuoteRune(sign)
}

// noCipher reports whether no cipher of TLSv1.2 and earlier can be in a list (OpenSSL
// ssl_ciph.c, ssl_create_cipher_list; measured on OpenSSL 3.0): all its names are unknown,
// or those of TLSv1.3, which ssl_ciphers does not set. The names that a version may have are
// told by their parts.
func noCipher(list string) bool {
	for element := range strings.FieldsFuncSeq(list, separates) {
		switch element[0] {
		case '!', '-', '@':
			continue
		case '+':
			element = element[1:]
		}
		all := true
		for name := range strings.SplitSeq(element, "+") {
			all = all && someCipher(name)
		}
		if all {
			return false
		}
	}
	return true
}

// someCipher reports whether OpenSSL may have a cipher, or a group of ciphers, of that name.
// Names are told apart by case.
func someCipher(name string) bool {
	switch name {
	case "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256":
		return false
	}
	for part := range strings.FieldsFuncSeq(name, func(c rune) bool { return c == '-' || c == '_' || c == '=' || c == '.' }) {
		if strings.Contains(cipherParts, " "+part+" ") {
			return true
		}
	}
	return false
}

// cipherParts are the words in the names of ciphers and of groups of them (openssl-ciphers(1)
// of OpenSSL 1.0.2 to 3.5, BoringSSL, LibreSSL, and PROFILE=SYSTEM of Fedora).
const cipherParts = ` ALL COMPLEMENTOFALL DEFAULT COMPLEMENTOFDEFAULT HIGH MEDIUM LOW EXP EXPORT EXPORT40 EXPORT56 EXP1024 eNULL NULL aNULL aRSA kRSA RSA aDSS DSS aECDSA ECDSA aPSK aGOST aGOST01 aGOST12 kGOST kGOST18 ` +
	`kDH kDHr kDHd kDHE kEDH DH DHE EDH ADH aDH kECDH kECDHE kEECDH ECDH ECDHE EECDH AECDH aECDH kECDHr kECDHe kPSK PSK kRSAPSK kDHEPSK kECDHEPSK kSRP SRP aSRP kKRB5 KRB5 aKRB5 FZA ` +
	`SSLv2 SSLv3 TLSv1 AES AES128 AES256 AESGCM AESCCM AESCCM8 CAMELLIA CAMELLIA128 CAMELLIA256 CHACHA20 ARIA ARIA128 ARIA256 ARIAGCM SEED IDEA RC2 RC4 DES 3DES CBC3 GOST GOST94 GOST89MAC GOST89 GOST2001 GOST12 GOST2012 MAGMA KUZNYECHIK STREEBOG256 ` +
	`MD5 SHA SHA1 SHA256 SHA384 SUITEB128 SUITEB128ONLY SUITEB128C2 SUITEB192 FIPS PROFILE SYSTEM GCM CCM CCM8 POLY1305 TLS SSL WITH CIPHER CBC `
