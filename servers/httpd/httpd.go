// Package httpd holds the tables of what Apache httpd accepts: its directives with the
// module that brings each, and its modules.
package httpd

// Directive is one row of the table of directives: an entry of a module's command table
// (httpd include/http_config.h).
type Directive struct {
	Name string // as httpd spells it; that of a section begins with <
	// Modules are those that bring it, such as proxy_module; usually one.
	Modules []string
	Args    Args
	Where   Where
	// Not are the places that its own function refuses although Where allows them.
	Not Place
	// OnRead is set if it acts while the file is read, such as Define.
	OnRead bool
}

// Args is how httpd passes the words of a directive on (httpd include/http_config.h,
// cmd_how; server/config.c, invoke_cmd).
type Args uint8

// The ways, named as httpd names them.
const (
	Raw      Args = iota // the directive reads the rest of the line itself
	Take1                // exactly one word
	Take2                // exactly two
	Iterate              // one or more, each for itself
	Iterate2             // one, and one or more that it applies to
	Flag                 // on or off
	None                 // no word
	Take12               // one or two
	Take3                // exactly three
	Take23               // two or three
	Take123              // one to three
	Take13               // one or three
	Argv                 // any number, which the directive judges itself
)

// MaxWords is the most words of a directive that takes any number.
const MaxWords = 1 << 30

// Words returns the fewest and the most words that a directive takes; false if httpd does not count
// them (httpd server/config.c, invoke_cmd).
func (a Args) Words() (least, most int, counted bool) {
	switch a {
	case None:
		return 0, 0, true
	case Take1, Flag:
		return 1, 1, true
	case Take2:
		return 2, 2, true
	case Take3:
		return 3, 3, true
	case Take12:
		return 1, 2, true
	case Take23:
		return 2, 3, true
	case Take123, Take13:
		return 1, 3, true
	case Iterate:
		return 1, MaxWords, true
	case Iterate2:
		return 2, MaxWords, true
	}
	return 0, 0, false
}

// argsNames are the words of the table for the ways, in their order.
var argsNames = [...]string{"raw", "take1", "take2", "iterate", "iterate2", "flag", "none", "take12", "take3", "take23", "take123", "take13", "argv"}

// Where is where a directive is allowed, one bit each (httpd include/http_config.h,
// RSRC_CONF and others).
type Where uint16

// The bits.
const (
	InServer       Where = 1 << iota // outside of sections for directories, and in <VirtualHost>
	InSection                        // inside of <Directory>, <Location>, <Files> and <If>
	WithLimit                        // in .htaccess by AllowOverride Limit
	WithOptions                      // by AllowOverride Options
	WithFileInfo                     // by AllowOverride FileInfo
	WithAuthConfig                   // by AllowOverride AuthConfig
	WithIndexes                      // by AllowOverride Indexes
	InProxy                          // inside of <Proxy>
	// WithAll is AllowOverride All.
	WithAll = WithLimit | WithOptions | WithFileInfo | WithAuthConfig | WithIndexes
)

// whereLetters are the letters of the table for the bits, in their order.
const whereLetters = "RALOFCIP"

// Place is a kind of section that a directive refuses, one bit each (httpd
// include/http_config.h, NOT_IN_VIRTUALHOST and others; modules/md/mod_md_config.c,
// md_conf_check_location, for the last).
type Place uint8

// The places.
const (
	VirtualHost Place = 1 << iota
	Limit
	Directory
	Location
	Files // and <If>
	HTAccess
	Proxy
	MDomain
	// DirectoryLike are those of directories, addresses and files (NOT_IN_DIR_LOC_FILE), and
	// OfDirectories all that have settings for directories (NOT_IN_DIR_CONTEXT).
	DirectoryLike = Directory | Location | Files
	OfDirectories = DirectoryLike | Limit | Proxy
)

// placeLetters are the letters of the table for the places, in their order.
const placeLetters = "VLDOFHPM"

// Module is one module of httpd.
type Module struct {
	Name   string // proxy_fcgi_module
	Source string // mod_proxy_fcgi.c, the other name that IfModule takes
	Object string // mod_proxy_fcgi.so
	// Needs are the modules that have to be loaded before.
	Needs []string
	// MPM is set for one of which exactly one is loaded.
	MPM bool
	// Built is set if Debian's httpd has it compiled in, and Always if every httpd has.
	Built, Always bool
	// Own is set for the modules of httpd's source, all of whose directives are in the table.
	Own bool
	// Whole is set for others all of whose directives are in the table.
	Whole bool
	// brings are patterns of directives besides those in the table, in lower case.
	brings []string
}
