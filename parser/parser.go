// Package parser reads the configuration of a machine: the main files of nginx, Apache and
// PHP-FPM, everything they include, the php.ini of each PHP-FPM, and the tunnels of cloudflared. It detects the
// role of a file, follows includes as the servers do, and reads every file once
// even if it is included several times.
package parser

import (
	"path"

	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/parser/phpini"
	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Configs is everything that was read.
type Configs struct {
	Nginx   []*Nginx
	Apaches []*Apache
	Masters []*Master
	Tunnels []*Tunnel
	// Firewall is the packet filter of the machine; nil if none of the files sets one up.
	Firewall *Firewall
	Files    []source.Input      // every file that was read or listed, sorted by path
	Failed   []Failure           // paths given by name that could not be read
	Unread   []source.NotChecked // files that a walk or an include led to and that could not be read
	// NginxUnread, ApacheUnread and FPMUnread count those of Unread that may hold sites, or pools.
	NginxUnread, ApacheUnread, FPMUnread int
	// System is set if the tree is laid out like the root of a machine, and All if
	// everything in it was searched, not only paths that the user named.
	System, All bool
	// Named is set if the user named every pool file, so that the list is as
	// complete as the user wants it.
	Named bool
	// Machine is set if the tree is the root file system of one machine, or a part
	// of it, not a repository with files for several.
	Machine bool
	// Units are the systemd units of nginx, Apache and PHP-FPM.
	Units []*systemd.Unit
	// Masked are the names of units that cannot be started, and Wanted the names of those that
	// another unit starts: at boot, as a rule.
	Masked, Wanted []string
	// WantsKnown is set if the links that enable units are among the files, so that a
	// unit without one is not started at boot.
	WantsKnown bool
	// BootDirs are the directories that tmpfiles.d files create.
	BootDirs []systemd.Directory
	// Packaged is set if the units or tmpfiles.d files that packages install are
	// among the files, so that a missing one does not exist on the machine.
	Packaged bool
	// Versions are the PHP versions, such as 8.3, that have a PHP-FPM directory in
	// the tree but whose main file was not read.
	Versions []string
}

// Nginx is one configuration of nginx: a main file with everything it includes, or
// the fragments of a tree that has no main file.
type Nginx struct {
	Main      *nginx.File   // nil if there are only fragments
	Fragments []*nginx.File // files from inside the http {} of a file that was not given
	Files     []*nginx.File // each file once, in the order of reading
	Problems  []source.Problem
	// Open is set if includes lead to files that are not among Files: what these
	// define, a variable, an upstream, a zone, is unknown.
	Open bool
	// Literal is set if nginx reads the files as they are: no program replaces variables in
	// them before.
	Literal bool

	// Lists are the lists of files that includes match, as indices in Files, in order.
	// Includes with the same argument share one. The first is empty.
	Lists [][]int32
	// Includes are for each of Files the indices in Lists of its includes, in text order.
	Includes [][]int32

	wild   []bool // by list, whether the argument has wildcards
	table  []bool // by list, whether it is included into a table
	secret []bool // by list, whether that is a table of secrets
	index  map[*nginx.File]int32
	names  int // the number of names from include directives
}

// Index returns the index of f in Files.
func (n *Nginx) Index(f *nginx.File) int32 { return n.index[f] }

// key identifies the files that an include directive matches: its argument, and for
// fragments also the directory of its file.
func (n *Nginx) key(d nginx.Directive) string {
	if n.Main != nil {
		return d.Arg(0).String()
	}
	return path.Dir(d.File().Source.Name) + "\x00" + d.Arg(0).String()
}

// Master is one php-fpm.conf with everything it includes, and the php.ini files that
// its PHP reads.
type Master struct {
	*fpm.Config
	PHPIni *phpini.Config  // nil if none was found
	Layout *servers.Layout // nil if the path fits no known layout
	// Version is the PHP version, such as 8.3; "" if unknown.
	Version string
	// Number is the form of the version in the paths of Layout, such as 8.3, 83 or
	// 7; "" if nothing does.
	Number string
	// Root is the directory that serves as "/" of the layout; "" for the root of
	// the tree, and without a layout.
	Root string
	// Prefix is the directory that relative paths are resolved from.
	Prefix string
	// State is the directory from which a relative error_log and pid of [global]
	// are resolved; "" if unknown.
	State   string
	iniFile string   // the php.ini that a unit names; "" for that of the layout
	defined []string // the settings of PHP that the command line of a unit sets
	noIni   bool     // the command line of a unit keeps PHP from reading a php.ini
	// Loose is set if there is no php-fpm.conf: only pool files were given or
	// found, and [global] is unknown.
	Loose bool
	// Together is set for loose pool files of one folder that a php-fpm.conf
	// usually includes completely, such as pool.d.
	Together bool
}

// Failure is a path given by name that could not be read, or is not a configuration.
type Failure struct {
	Path, Why string
	// Read is set if the path was read. Why is then what it is.
	Read bool
}

// Message returns the failure in a sentence. shown is the path as the user knows it.
func (f Failure) Message(shown string) string {
	if f.Read {
		return shown + ": " + f.Why
	}
	return "cannot read " + shown + ": " + f.Why
}
