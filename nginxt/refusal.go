package nginxt

import (
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Fault is why nginx refuses a directive that it could read.
type Fault uint8

// The faults of directives.
const (
	UnknownDirective   Fault = iota + 1 // no module of nginx has the name
	MisplacedDirective                  // the block around may not hold it
	WrongArguments                      // too many or too few
	BodyMissing                         // it needs a body in braces
	BodyNotAllowed                      // it has a body and takes none
	WrongValue                          // the first argument is no flag, size, time or number
	TwiceInBlock                        // a second one in the same block
	PassWithURI                         // a proxy_pass with a URI where the location has no prefix
	BadExpression                       // a regular expression that does not compile
	CapturesMissing                     // fastcgi_split_path_info without two groups
	BadParameter                        // a parameter of an upstream's server
	UndefinedZone                       // a zone of memory that nothing defines
	UndefinedVariable                   // a variable that nothing defines
	RefusedArgument                     // what else nginx does not take: Message and Says tell
	VersionLacks                        // the nginx that will run is too old or too new for the name
)

// Refusal is a directive that nginx refuses, or one that no module of
// nginx has.
type Refusal struct {
	At    source.Span // what is wrong: the name, an argument, or all of it
	Fault Fault
	Name  string
	Text  string      // the argument that is wrong, or what nginx says of it
	First source.Span // the first one, for TwiceInBlock
	// Around is the block for MisplacedDirective, and Where the blocks that may
	// hold it.
	Around servers.NginxContext
	Where  servers.NginxContext
	Want   servers.NginxValue // for WrongValue
	Or     string             // the words that it may be instead, with commas between them
	// Version is that of nginx, for VersionLacks, and Since or Until when the
	// directive came or went; "" for the other one.
	Version, Since, Until string
	// Message is one sentence, lower case, no full stop, and Says what nginx says,
	// for RefusedArgument.
	Message, Says string
	// Near are names that nginx has and that differ in a letter or two; of
	// directives only where no module of others is loaded, so that one of them was
	// meant.
	Near []string
}
