// Package parser reads the configuration of a machine: the main files of nginx
// and PHP-FPM, everything they include, and the php.ini of each PHP-FPM. It
// decides what a file is, follows includes as the servers do, and reads every
// file once however often it is included.
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
	Masters []*Master
	Files   []source.Input      // every file that was read or seen, in order of the paths
	Failed  []Failure           // paths given by name that could not be read
	Unread  []source.NotChecked // what a walk or an include led to and could not be read
	// Named is set when every pool file was given by name, so that their list
	// is as complete as the user wants it to be.
	Named bool
	// Whole is set when the tree is the root file system of one machine, not a
	// repository with files for several.
	Whole bool
	// Units are the systemd units of nginx and PHP-FPM.
	Units []*systemd.Unit
	// BootDirs are the directories that tmpfiles.d files make.
	BootDirs []systemd.Directory
	// Packaged is set when the units or tmpfiles.d files that packages install
	// are among the files, so that what is not there is not on the machine.
	Packaged bool
	// Versions are the PHP versions of which the tree shows a PHP-FPM
	// directory, such as 8.3, and of which no main file was read.
	Versions []string
}

// Nginx is one configuration of nginx: a main file with all it includes, or
// the fragments of a tree that has no main file.
type Nginx struct {
	Main      *nginx.File   // nil when there are only fragments
	Fragments []*nginx.File // files that stand inside http {} of a file not here
	Files     []*nginx.File // each file once, in the order in which it was met
	Problems  []source.Problem

	includes map[string][]*nginx.File // by key
	names    int                      // that include directives gave
}

// Include returns the files that an include directive stands for, in order.
func (n *Nginx) Include(d nginx.Directive) []*nginx.File { return n.includes[n.key(d)] }

// key is what decides which files an include directive stands for: its
// argument, and for fragments the directory of its file.
func (n *Nginx) key(d nginx.Directive) string {
	if n.Main != nil {
		return d.Arg(0).String()
	}
	return path.Dir(d.File().Source.Name) + "\x00" + d.Arg(0).String()
}

// Master is one php-fpm.conf with all it includes, and the php.ini files that
// its PHP reads.
type Master struct {
	*fpm.Config
	PHPIni *phpini.Config  // nil when none was found
	Layout *servers.Layout // nil when the path fits no known layout
	// Version is the PHP version, such as 8.3; "" when nothing tells it.
	Version string
	// Root is the directory that is "/" of the layout; "" for the root of the tree
	// and without a layout.
	Root string
	// Prefix is what relative paths are relative to.
	Prefix string
	// State is what a relative error_log and pid of [global] are relative to; ""
	// where that is not known.
	State string
	// Loose is set when there is no php-fpm.conf: only pool files were given
	// or found, and what [global] says is not known.
	Loose bool
	// Together is set for loose pool files of one folder that a php-fpm.conf
	// usually includes whole, such as pool.d.
	Together bool
}

// The roles of files.
const (
	RoleNginx     = "nginx"
	RoleFragment  = "nginx fragment"
	RoleFPM       = "php-fpm"
	RolePool      = "pool"
	RolePHPIni    = "php.ini"
	RoleUnit      = "systemd unit"
	RoleNotLoaded = "not loaded"
)

// Failure is a path given by name that could not be read.
type Failure struct{ Path, Why string }
