package servers

import "sync"

// FPMScope is where a directive of PHP-FPM is allowed.
type FPMScope uint8

// The sections of PHP-FPM. A directive may be allowed in both.
const (
	FPMGlobal FPMScope = 1 << iota
	FPMPool
)

// FPMKind is how PHP-FPM reads a value.
type FPMKind uint8

// The kinds of values.
const (
	FPMString FPMKind = iota
	FPMInt
	FPMTime
	FPMBool
	FPMManager  // pm
	FPMLevel    // log_level
	FPMFacility // syslog.facility
	FPMCore     // a number or unlimited
	FPMArray    // name[key] = text
	FPMFlags    // name[key] = boolean
	FPMPaths    // name[] = path
)

// FPMBuild is something that PHP must have been built with.
type FPMBuild string

// The build options that decide whether a directive exists.
const (
	BuildACL      FPMBuild = "ACL support"
	BuildSystemd  FPMBuild = "systemd support"
	BuildAppArmor FPMBuild = "AppArmor support"
	BuildFreeBSD  FPMBuild = "FreeBSD's SO_SETFIB"
)

// FPMDirective is one directive of PHP-FPM.
type FPMDirective struct {
	Name    string // as PHP-FPM spells it, without the brackets of an array
	Scope   FPMScope
	Kind    FPMKind
	Default string // as of FPMKey.Default
	// Since is the first PHP version that has it; "" for every version.
	Since string
	// Build is what the PHP must have been built with, "" for nothing.
	Build FPMBuild
}

// Indexed reports whether the directive is written name[key].
func (d *FPMDirective) Indexed() bool { return d.Kind >= FPMArray }

// fpmKeys are the keys by name. No two directives have the same name.
var fpmKeys = sync.OnceValue(func() *index {
	keys := newIndex(len(FPMDirectives))
	for _, d := range FPMDirectives[1:] {
		keys.add(d.Name)
	}
	return &keys
})

// FPMKeyOf returns the key of a name in lower case.
func FPMKeyOf(name string) FPMKey { return FPMKey(*fpmKeys().find(name)) }

// String returns the name of the directive; "" for 0.
func (k FPMKey) String() string { return FPMDirectives[k].Name }

// Default returns the default of a plain directive; "" when it has none or the build
// decides.
func (k FPMKey) Default() string { return FPMDirectives[k].Default }

// Shared reports whether other programs have a key of this name in files of sections and
// keys, so that it does not tell a file of PHP-FPM (the manuals of uWSGI, supervisor,
// CRI-O, Netdata, HAProxy, systemd and others).
func (k FPMKey) Shared() bool {
	switch k {
	case KeyDaemonize, KeyPID, KeyErrorLog, KeyLogLevel, KeyPrefix, KeyUser, KeyGroup, KeyListen, KeyListenBacklog,
		KeyAccessLog, KeySlowlog, KeyChroot, KeyChdir, KeyEnv, KeyRlimitFiles, KeyRlimitCore:
		return true
	}
	return false
}

// The builds of the layouts, as far as their packagers' build options tell: the
// packages of Debian have all three, and the official images none (Dockerfile
// of docker-library/php, debian/rules of Debian's php packages).
var fpmBuilds = map[string]map[FPMBuild]bool{
	"Debian, Ubuntu":      {BuildACL: true, BuildSystemd: true, BuildAppArmor: true, BuildFreeBSD: false},
	"official PHP images": {BuildACL: false, BuildSystemd: false, BuildAppArmor: false, BuildFreeBSD: false},
	"Alpine":              {BuildSystemd: false, BuildFreeBSD: false},
	"RHEL, Rocky, Fedora": {BuildFreeBSD: false},
	"Remi collections":    {BuildFreeBSD: false},
	"Arch":                {BuildFreeBSD: false},
	"SUSE":                {BuildFreeBSD: false},
	"FreeBSD":             {BuildSystemd: false, BuildAppArmor: false, BuildFreeBSD: true},
	"Homebrew":            {BuildACL: false, BuildSystemd: false, BuildAppArmor: false, BuildFreeBSD: false},
}

// FPMBuilt reports whether the PHP of a layout is built with b; known is false
// where that is unknown. The layout may be nil.
func (l *Layout) FPMBuilt(b FPMBuild) (built, known bool) {
	if l == nil {
		return false, false
	}
	built, known = fpmBuilds[l.Name][b]
	return built, known
}
