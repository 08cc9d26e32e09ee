package shell

import (
	"io/fs"

	"github.com/wp502lint/wp502lint/source"
)

// Kind is what exists under a name.
type Kind uint8

// The kinds of files.
const (
	Missing Kind = iota
	File
	Dir
	Link
	Unknown // it may exist or not
)

// World is the machine that a script acts on. All names are absolute and clean.
type World interface {
	// Stat returns what name leads to, and never Link. Lstat does not follow a link that
	// name itself is. Missing is for what certainly does not exist: a command that needs it
	// fails, and what depends on that does not run. It is Unknown what an image has besides
	// the files that are known.
	Stat(name string) Kind
	Lstat(name string) Kind
	// Read returns the text of the file that name leads to, and false if it is not known.
	// /etc/passwd and /etc/group are files too: they decide whether an account exists.
	Read(name string) (text source.Text, known bool)
	// List returns the names in a directory, and false if there may be more.
	List(dir string) (names []string, complete bool)

	// Write makes name a file, or replaces what the file that it leads to holds. Parts of
	// text that are not known are Holes; see Settle. WriteUnknown does so with a text that
	// is not known at all.
	Write(name string, text source.Text, at source.Span)
	WriteUnknown(name string, at source.Span)
	// Edit is Write for a text that was made from that of the file: it settles no doubt.
	Edit(name string, text source.Text, at source.Span)
	// Mkdir makes a directory, and those above it that do not exist.
	Mkdir(name string, at source.Span)
	// Remove removes name, and everything below it; a link itself, not what it leads to.
	Remove(name string, at source.Span)
	Link(name, target string, at source.Span)
	// Move renames from, so that it is to afterwards, and replaces to.
	Move(from, to string, at source.Span)
	Copy(c Copied)
	Chmod(name string, mode Mode, at source.Span)
	Chown(name string, o Owner, at source.Span)

	AddUser(u User)
	AddGroup(g Group)
	AddMember(user, group string, at source.Span)
	// ChangeUser and ChangeGroup set what is given of an account that exists.
	ChangeUser(u User)
	ChangeGroup(g Group)
	RemoveUser(name string, at source.Span)
	RemoveGroup(name string, at source.Span)

	Install(p Packages)
	Uninstall(p Packages)
	Enable(e Enabled)
	Configure(s Sources)
	MakeInstall(s Sources)

	// MayMake says that a command that is not understood may have made any files below dir.
	MayMake(dir string)

	// Start starts a program. stays is set if a script waits until it ends, which it does
	// not do by itself: a server in the foreground.
	Start(p Program) (stays bool)

	// Doubt says that something that is not understood may have changed the file of that
	// name, or those below it. A * in it matches any bytes, slashes too; "" is any file.
	// words is the command: "awk", or "rm, under a condition". A later Write settles the
	// doubts about a file.
	Doubt(name string, at source.Span, words string)
}

// Copied is a copy of a file or a directory.
type Copied struct {
	From, To string // To is the copy itself; a directory that exists is added to
	// Tree is set if From may be a directory; links are copied as links then.
	Tree bool
	// Keep is set if owners and modes are copied too.
	Keep bool
	At   source.Span
}

// Mode is a change of the permissions of a file.
type Mode struct {
	Bits     fs.FileMode // if Symbolic is ""
	Symbolic string      // "u+x,go-w"
	Tree     bool        // and of everything below it
	Unknown  bool        // what they are then is not known
}

// Owner is a change of the owner of a file.
type Owner struct {
	User, Group string // names or numbers; "" is left as it is
	Tree        bool   // and of everything below it
	Unknown     bool   // who it is then is not known
}

// AnyID is the number of an account of which none is given.
const AnyID = -1

// User is an account that a command makes or changes.
type User struct {
	Name    string
	NewName string // of a change; "" if it keeps its name
	UID     int    // AnyID: the next one that is free, for a change the one that it has
	// Group is the primary group, a name or a number. "" is a group of the user's name,
	// for a change the one that it has.
	Group  string
	Groups []string // supplementary
	Home   string   // "" is not given
	System bool
	At     source.Span
}

// Group is a group that a command makes or changes.
type Group struct {
	Name    string
	NewName string // of a change; "" if it keeps its name
	GID     int    // as UID of User
	System  bool
	At      source.Span
}

// Packages are packages that a command installs or removes.
type Packages struct {
	Manager string   // apt, apk, dnf, pecl, docker-php-ext-install …
	Names   []string // without versions; a name may have a Hole
	// Virtual is the name under which apk installs them, to remove them by: .build-deps.
	Virtual string
	At      source.Span
	Maybe   bool // under a condition that cannot be decided
}

// Enabled are parts of a server that a command switches on or off.
type Enabled struct {
	Tool  string // docker-php-ext-enable, phpenmod, a2dismod …
	Names []string
	// Force is set with -f of a2enmod and its kin.
	Force bool
	At    source.Span
	Maybe bool
}

// Program is a program that a script starts.
type Program struct {
	// Args are its name and arguments, without wrappers such as gosu; none if a wrapper takes the
	// place of the script and has nothing to run.
	Args []source.Text
	// User is the account that a wrapper gives it, which a colon and a group may follow; "" for
	// that of the script.
	User string
	// Service is set for one that a service manager starts by its name: php8.2-fpm.
	Service    string
	Background bool
	Exec       bool // it takes the place of the script
	Dir        string
	Vars       map[string]source.Text // its environment
	At         source.Span
	Maybe      bool
}
