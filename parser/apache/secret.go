package apache

import (
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/parser/secret"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// secretive says how a directive holds a secret.
type secretive uint8

const (
	names  secretive = 1 + iota // it gives its arguments after the first to the name that is its first
	second                      // likewise, and the name is its second: RequestHeader set NAME VALUE
	tells                       // its arguments are or contain a secret themselves
	embeds                      // its argument is a path, or the address of a key that may have its PIN
)

// secretives are the directives that may hold a secret, in lower case. Values that follow a
// name and "=", and the user information of URLs, are found wherever they are.
var secretives = map[string]secretive{
	"setenv": names, "define": names, "php_value": names, "php_admin_value": names,
	"fcgidinitialenv": names, "defaultinitenv": names, "fcgiddefaultinitenv": names, "perlsetenv": names, "perlsetvar": names,
	"perladdvar":        names,
	"proxyfcgisetenvif": second,
	"requestheader":     second, "header": second,
	"sslpassphrasedialog": tells,
	"sslcertificatefile":  embeds, "sslcertificatekeyfile": embeds,
	"authldapbindpassword": tells, "authbasicfake": tells, "authdigestsecret": tells, "sessioncryptopassphrase": tells,
	"dbdparams": tells, "authmysqlpassword": tells, "authformsitepassphrase": tells, "securedownloadsecret": tells,
	"mdexternalaccountbinding": tells, "oidccryptopassphrase": tells, "oidcclientsecret": tells,
}

// Secrets returns the secrets of the file, also those in comments, in sections that do not
// hold and in a text that Apache refuses.
func (f *file) Secrets() []source.Span {
	m := &marker{Marker: secret.Marker{File: f.src}, text: flat(f.src.Text), arguments: map[string]bool{}, macro: map[string][]string{}}
	m.Variable = m.variable
	m.macros()
	m.Text(0, len(m.text))
	for i := 0; i < len(m.text); {
		end := m.lineEnd(i)
		m.line(i, end)
		i = end + 1
	}
	return m.Spans()
}

// flat returns a text with blanks where a line goes on in the next one.
func flat(text string) string {
	if !strings.Contains(text, "\\\n") && !strings.Contains(text, "\\\r\n") {
		return text
	}
	return strings.NewReplacer("\\\n", "  ", "\\\r\n", "   ").Replace(text)
}

// marker marks the secrets of one file.
type marker struct {
	secret.Marker
	text      string // that of the file, flat
	arguments map[string]bool
	macro     map[string][]string // the arguments of each, by its name in lower case
}

// variable reports whether the word after a dollar sign is a group of an expression or an
// argument of a macro.
func (m *marker) variable(name string) bool {
	return name != "" && '0' <= name[0] && name[0] <= '9' && len(name) == 1 || m.arguments[name]
}

// macros notes the names of arguments.
func (m *marker) macros() {
	for i := 0; ; {
		n := strings.IndexByte(m.text[i:], '<')
		if n < 0 {
			return
		}
		i += n + 1
		if len(m.text) < i+len("Macro ") || !fold(m.text[i:i+len("Macro")], "Macro") {
			continue
		}
		header, _, _ := strings.Cut(m.text[i:min(len(m.text), i+maxHeader)], "\n")
		words := strings.Fields(strings.TrimSuffix(strings.TrimSpace(header), ">"))
		if len(words) > 1 {
			m.macro[strings.ToLower(words[1])] = words[2:]
		}
		for _, word := range words {
			if name, ok := strings.CutPrefix(word, "$"); ok {
				m.arguments[name] = true
			}
		}
	}
}

// lineEnd returns the end of the line at offset i.
func (m *marker) lineEnd(i int) int {
	if n := strings.IndexByte(m.text[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(m.text)
}

// line marks the secrets of the directive that may start at offset i, after blanks and the
// signs of a comment.
func (m *marker) line(i, end int) {
	comment := false
	for i < end && (blank(m.text[i]) || m.text[i] == '#' || m.text[i] == '<') {
		comment = comment || m.text[i] == '#'
		i++
	}
	start, stop, next := word(m.text[:end], i)
	if stop-start > maxKnown {
		return
	}
	name := strings.ToLower(decode(m.text[start:stop]))
	switch kind := secretives[name]; {
	case kind == names:
		m.named(next, end, 0)
	case kind == second:
		m.named(next, end, 1)
	case kind == embeds:
		if strings.Contains(m.text[next:end], "pin-value") { // RFC 7512, 2.4
			m.words(next, end)
		}
	case kind == tells:
		m.words(next, end)
	case name == "use":
		m.use(next, end)
	case kind == 0 && isName(name) && secret.Name(name) && !public()[name]:
		if _, stop, _ := word(m.text[:end], next); !comment || stop == end { // several words are prose
			m.words(next, end)
		}
	case !comment && isName(name) && len(httpd.Directives(name)) == 0:
		m.named(next, end, 0) // a misspelt SetEnv, or one of a module that no table has
	}
}

// use marks the arguments of a macro that may be secrets: those whose name in <Macro> says so
// and, as the macro may be in another file, every one that is not a path, number, address or name
// with dots.
func (m *marker) use(i, end int) {
	start, stop, i := word(m.text[:end], i)
	names := m.macro[strings.ToLower(decode(m.text[start:stop]))]
	for n := 0; i < end; n++ {
		start, stop, next := word(m.text[:end], i)
		if n < len(names) && secret.Name(names[n]) || !unsecret(decode(m.text[start:stop])) {
			m.Mark(start, stop)
		}
		i = next
	}
}

// unsecret reports whether a word is a path, a number, an address or a name with dots in lower
// case.
func unsecret(text string) bool {
	return strings.HasPrefix(text, "/") || strings.HasPrefix(text, "unix:") || strings.HasPrefix(text, "${") ||
		strings.Trim(text, "0123456789.:*[]") == "" ||
		strings.Contains(text, ".") && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789.-:*") == ""
}

// maxHeader limits how much of the line of a macro is looked at.
const maxHeader = 1 << 10

// maxKnown is longer than the name of any directive.
const maxKnown = 64

// public are directives with the name of a secret that have none: of all others with such a
// name the arguments are marked.
var public = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for name := range strings.FieldsSeq(publicNames) {
		all[strings.ToLower(name)] = true
	}
	return all
})

const publicNames = `AuthBasicAuthoritative AuthBasicProvider AuthBasicUseDigestAlgorithm AuthDBDUserPWQuery
		AuthDBDUserRealmQuery AuthDBMGroupFile AuthDBMType AuthDBMUserFile AuthDigestAlgorithm AuthDigestDomain AuthDigestNonceLifetime
		AuthDigestProvider AuthDigestQop AuthDigestShmemSize AuthFormAuthoritative AuthFormBody AuthFormDisableNoStore
		AuthFormFakeBasicAuth AuthFormLocation AuthFormLoginRequiredLocation AuthFormLoginSuccessLocation AuthFormLogoutLocation
		AuthFormMethod AuthFormMimetype AuthFormPassword AuthFormProvider AuthFormSize AuthFormUsername AuthGroupFile
		AuthLDAPAuthorizePrefix AuthLDAPBindAuthoritative AuthLDAPBindDN AuthLDAPCharsetConfig AuthLDAPCompareAsUser
		AuthLDAPCompareDNOnServer AuthLDAPDereferenceAliases AuthLDAPGroupAttribute AuthLDAPGroupAttributeIsDN
		AuthLDAPInitialBindAsUser AuthLDAPInitialBindPattern AuthLDAPMaxSubGroupDepth AuthLDAPRemoteUserAttribute
		AuthLDAPRemoteUserIsDN AuthLDAPSearchAsUser AuthLDAPSubGroupAttribute AuthLDAPSubGroupClass AuthLDAPURL AuthMerging
		AuthName AuthnCacheContext AuthnCacheEnable AuthnCacheProvideFor AuthnCacheSOCache AuthnCacheTimeout AuthnProviderAlias
		AuthnzFcgiCheckAuthnProvider AuthnzFcgiDefineProvider AuthType AuthUserFile AuthzDBDLoginToReferer AuthzDBDQuery
		AuthzDBDRedirectQuery AuthzDBMType AuthzProviderAlias AuthzSendForbiddenOnFailure AuthzGroupFileAuthoritative
		AuthzUserAuthoritative CookieDomain CookieExpires CookieName CookieStyle CookieTracking CookieHTTPOnly CookieSameSite CookieSecure
		KeepAlive KeepAliveTimeout MaxKeepAliveRequests KeptBodySize SSLCertificateKeyFile SSLOpenSSLConfCmd
		SSLSessionTicketKeyFile SSLProxyMachineCertificateFile SessionCookieName SessionCookieName2 SessionCookieRemove
		SessionDBDCookieName SessionDBDCookieName2 SessionDBDCookieRemove ServerTokens ProxyPass ProxyPassMatch ProxyPassReverse
		ProxyPassReverseCookieDomain ProxyPassReverseCookiePath ProxyPassInherit ProxyPassInterpolateEnv PassEnv FcgidPassHeader
		FcgidAuthenticator FcgidAuthenticatorAuthoritative FcgidAuthorizer FcgidAuthorizerAuthoritative FcgidAccessChecker
		CGIPassAuth LuaHookAuthChecker LuaAuthzProvider MDPrivateKeys ProxyHCExpr PerlPassEnv WSGIPassAuthorization
		PassengerAppEnv RewriteCond RewriteRule UnsetEnv SSLStaplingFakeTryLater MDCAChallenges HeartbeatAddress`

func isName(name string) bool {
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return name != ""
}

// named marks the words after a name, if that is the name of a secret. The name is the
// word with the index at.
func (m *marker) named(i, end, at int) {
	for n := 0; i < end; n++ {
		start, stop, next := word(m.text[:end], i)
		if i = next; n < at {
			continue
		}
		if secret.Name(decode(m.text[start:stop])) {
			m.words(i, end)
		}
		return
	}
}

// words marks the words from offset i to end.
func (m *marker) words(i, end int) {
	for i < end {
		start, stop, next := word(m.text[:end], i)
		m.Mark(start, stop)
		i = next
	}
}
