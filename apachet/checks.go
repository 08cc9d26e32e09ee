package apachet

import (
	"sync"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// check judges the words of a directive whose place and number of words are right, or the line
// of a section before what is inside.
type check func(x *checker, d *apache.Directive, s state) *Refusal

// known is a check that is nothing but of the words of a directive: it holds where they are known.
func known(c check) check {
	return func(x *checker, d *apache.Directive, s state) *Refusal {
		if r := c(x, d, s); r != nil && !x.unset(d) {
			return r
		}
		return nil
	}
}

// checks are the checks of directives, by the name in lower case, with the < of a section. Each
// follows the function of the directive's row in the command table of its module.
var checks = sync.OnceValue(func() map[string]check {
	return map[string]check{
		"options":           (*checker).options,
		"allowoverride":     (*checker).allowOverride,
		"allowoverridelist": (*checker).allowOverrideList,
		"require":           (*checker).require,
		// httpd server/core.c
		"acceptpathinfo":           oneOf("AcceptPathInfo must be set to on, off or default", "on", "off", "default"),
		"allowencodedslashes":      oneOf("AllowEncodedSlashes must be On, Off, or NoDecode", "on", "off", "nodecode"),
		"documentroot":             (*checker).documentRoot,
		"enablemmap":               oneOf("parameter must be 'on' or 'off'", "on", "off"),
		"enablesendfile":           oneOf("parameter must be 'on' or 'off'", "on", "off"),
		"errordocument":            known((*checker).errorDocument),
		"errorlogformat":           (*checker).errorLogFormat,
		"fileetag":                 optionsOf("Unknown keyword '%' for FileETag directive", true, "None", "All", "Size", "MTime", "LMTime", "LastModified", "INode", "Digest"),
		"hostnamelookups":          oneOf("parameter must be 'on', 'off', or 'double'", "on", "off", "double"),
		"httpprotocoloptions":      (*checker).protocolOptions,
		"limitinternalrecursion":   recursion,
		"limitrequestbody":         whole("LimitRequestBody argument is not parsable.", "LimitRequestBody requires a non-negative integer."),
		"limitrequestfields":       number(0, most, "LimitRequestFields \"%\" must be a non-negative integer (0 = no limit)"),
		"limitrequestfieldsize":    number(0, most, "LimitRequestFieldsize \"%\" must be a non-negative integer"),
		"limitrequestline":         number(0, most, "LimitRequestLine \"%\" must be a non-negative integer"),
		"loglevel":                 each((*checker).logLevel),
		"maxrangeoverlaps":         maxRanges,
		"maxrangereversals":        maxRanges,
		"maxranges":                maxRanges,
		"mutex":                    (*checker).mutex,
		"protocolshonororder":      oneOf("ProtocolsHonorOrder must be 'on' or 'off'", "on", "off"),
		"servername":               known((*checker).serverName),
		"serversignature":          oneOf("ServerSignature: use one of: off | on | email", "on", "off", "email"),
		"servertokens":             oneOf("ServerTokens takes 1 argument: 'Prod(uctOnly)', 'Major', 'Minor', 'Min(imal)', 'OS', or 'Full'", "OS", "Min", "Minimal", "Major", "Minor", "Prod", "ProductOnly", "Full"),
		"sethandler":               (*checker).setHandler,
		"traceenable":              oneOf("TraceEnable must be one of 'on', 'off', or 'extended'", "on", "off", "extended"),
		"usecanonicalname":         oneOf("parameter must be 'on', 'off', or 'dns'", "on", "off", "dns"),
		"usecanonicalphysicalport": oneOf("parameter must be 'on' or 'off'", "on", "off"),
		"<directory":               (*checker).sectionPattern,
		"<directorymatch":          (*checker).sectionPattern,
		"<elseif":                  (*checker).conditionOf,
		"<files":                   (*checker).sectionPattern,
		"<filesmatch":              (*checker).sectionPattern,
		"<if":                      (*checker).conditionOf,
		"<location":                (*checker).sectionPattern,
		"<locationmatch":           (*checker).sectionPattern,
		"<virtualhost":             known((*checker).virtualHost),
		// httpd server/listen.c, server/mpm_common.c, server/mpm/event/event.c
		"coredumpdirectory": fileOf(0, true, "% @ does not exist"),
		"listen":            (*checker).listen,
		"listenbacklog":     number(1, most, "ListenBacklog must be > 0"),
		"maxmemfree":        number(0, most, "Invalid MaxMemFree value: %"),
		"receivebuffersize": size(apache.Int, 512, "ReceiveBufferSize must be >= 512 bytes, or 0 for system default."),
		"sendbuffersize":    size(apache.Int, 512, "SendBufferSize must be >= 512 bytes, or 0 for system default."),
		"threadstacksize":   number(0, most, "Invalid ThreadStackSize value: %"),
		// httpd modules/arch/unix/mod_unixd.c, modules/http/http_core.c
		"chrootdir":        fileOf(0, true, "ChrootDir must be a valid directory"),
		"group":            (*checker).group,
		"keepalivetimeout": (*checker).keepAliveTimeout,
		"user":             (*checker).user,
		"suexecusergroup":  (*checker).suexec,
		// httpd modules/aaa
		"allow":   (*checker).allow,
		"deny":    (*checker).allow,
		"order":   (*checker).order,
		"satisfy": oneOf("Satisfy either 'any' or 'all'.", "any", "all"),
		// httpd modules/mappers
		"alias":             (*checker).alias,
		"aliasmatch":        (*checker).aliasMatch,
		"redirect":          (*checker).redirect,
		"redirectmatch":     (*checker).redirect,
		"redirectpermanent": (*checker).redirect,
		"redirecttemp":      (*checker).redirect,
		"rewritebase":       (*checker).rewriteBase,
		"rewritecond":       known((*checker).rewriteCond),
		"rewritemap":        (*checker).rewriteMap,
		"rewriteoptions":    optionsOf("RewriteOptions: unknown option '%'", false, rewriteOptions...),
		"rewriterule":       known((*checker).rewriteRule),
		"scriptalias":       (*checker).alias,
		"scriptaliasmatch":  (*checker).aliasMatch,
		// httpd modules/metadata
		"browsermatch":       known((*checker).setEnvIf),
		"browsermatchnocase": known((*checker).setEnvIf),
		"expiresbytype":      (*checker).expires,
		"expiresdefault":     (*checker).expires,
		"header":             known((*checker).header),
		"requestheader":      known((*checker).header),
		"setenvif":           known((*checker).setEnvIf),
		"setenvifexpr":       known((*checker).setEnvIfExpr),
		"setenvifnocase":     known((*checker).setEnvIf),
		// httpd modules/filters
		"deflatealteretag":        oneOf("DeflateAlterETAG accepts only 'NoChange', 'AddSuffix', and 'Remove'", "NoChange", "AddSuffix", "Remove"),
		"deflatebuffersize":       number(1, most, "DeflateBufferSize should be positive"),
		"deflatecompressionlevel": number(1, 9, "Compression Level must be between 1 and 9"),
		"deflatememlevel":         number(1, 9, "DeflateMemLevel must be between 1 and 9"),
		"deflatewindowsize":       number(1, 15, "DeflateWindowSize must be between 1 and 15"),
		"requestreadtimeout":      each(readTimeout),
		// httpd modules/loggers
		"customlog": (*checker).customLog,
		"globallog": (*checker).customLog,
		"logformat": (*checker).logFormatLine,
		// httpd modules/proxy
		"<proxymatch":            (*checker).sectionPattern,
		"balancermember":         (*checker).balancerMember,
		"proxybadheader":         oneOf("ProxyBadHeader must be one of: IsError | Ignore | StartBody", "IsError", "Ignore", "StartBody"),
		"proxyerroroverride":     (*checker).errorOverride,
		"proxyfcgibackendtype":   oneOf("ProxyFCGIBackendType requires one of the following arguments: 'GENERIC', 'FPM'", "GENERIC", "FPM"),
		"proxyfcgisetenvif":      (*checker).fcgiSetEnvIf,
		"proxyiobuffersize":      size(apache.Long, 512, "ProxyIOBufferSize must be >= 512 bytes, or 0 for system default."),
		"proxypass":              (*checker).proxyPass,
		"proxypassmatch":         (*checker).proxyPass,
		"proxyreceivebuffersize": size(apache.Int, 512, "ProxyReceiveBufferSize must be >= 512 bytes, or 0 for system default."),
		"proxyremote":            (*checker).proxyRemote,
		"proxyremotematch":       (*checker).proxyRemote,
		"proxyset":               (*checker).proxySet,
		"proxystatus":            oneOf("ProxyStatus must be one of: off | on | full", "on", "off", "full"),
		"proxytimeout":           number(1, most, "Proxy Timeout must be at least 1 second."),
		"proxyvia":               oneOf("ProxyVia must be one of: off | on | full | block", "on", "off", "full", "block"),
		// httpd modules/ssl
		"sslcacertificatefile":    fileOf(0, false, noTLSFile),
		"sslcacertificatepath":    fileOf(0, true, noTLSDir),
		"sslcarevocationcheck":    (*checker).revocation,
		"sslcarevocationfile":     fileOf(0, false, noTLSFile),
		"sslcarevocationpath":     fileOf(0, true, noTLSDir),
		"sslcertificatechainfile": fileOf(0, false, noTLSFile),
		"sslcertificatefile":      fileOf(0, false, noTLSFile),
		"sslcertificatekeyfile":   fileOf(0, false, noTLSFile),
		"sslciphersuite":          (*checker).sslCipherSuite,
		"sslengine":               oneOf("Argument must be On or Off", "on", "off", "optional"),
		"ssloptions":              optionsOf("SSLOptions: Illegal option '%'", true, "StdEnvVars", "ExportCertData", "FakeBasicAuth", "StrictRequire", "OptRenegotiate", "LegacyDNStringFormat", "CompatEnvVars", "ExportBothCertData"),
		"sslprotocol":             each((*checker).sslProtocol),
		"sslproxyciphersuite":     (*checker).sslCipherSuite,
		"sslproxyprotocol":        each((*checker).sslProtocol),
		"sslsessioncache":         (*checker).sslCache,
		"sslsessioncachetimeout":  number(0, most, "SSLSessionCacheTimeout: Invalid argument"),
		"sslstaplingcache":        (*checker).sslCache,
		"sslverifyclient":         oneOf("SSLVerifyClient: Invalid argument", "none", "off", "optional", "require", "on", "optional_no_ca"),
		"sslverifydepth":          number(0, most, "SSLVerifyDepth: Invalid argument '%'"),
		// mod_fcgid
		"fcgidwrapper": (*checker).wrapper,
		"fcgiwrapper":  (*checker).wrapper,
	}
})

// most is the greatest int.
const most = 1<<31 - 1

// rewriteOptions are the words of RewriteOptions (httpd modules/mappers/mod_rewrite.c,
// cmd_rewriteoptions), but MaxRedirects=, which is ignored.
var rewriteOptions = []string{
	"inherit", "inheritbefore", "inheritdown", "inheritdownbefore", "ignoreinherit", "allownoslash", "allowanyuri", "mergebase", "ignorecontextinfo",
	"legacyprefixdocroot", "unsafeprefixstat", "longurloptimization",
}

// record is what directives have defined so far.
type record struct {
	listens []listener
	// servers are the workers of the main server, which is nil, and of virtual hosts.
	servers map[*apache.Directive]*workers
}
