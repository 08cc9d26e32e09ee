// Package route determines what nginx does with a request: which server and which
// location it selects, which rewrites it runs, and which phase answers. It follows the
// phases of nginx (nginx ngx_http_core_module.c) without doing any IO.
//
// Where the files do not decide, as with a variable of the request or a file that may
// exist, all possibilities are followed.
package route

import (
	"net/netip"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
)

// Request is a request to one nginx.
type Request struct {
	// Endpoint is the address of the listen directive that accepts the connection.
	Endpoint netaddr.Endpoint
	TLS      bool
	// Host is the Host header, with its port if it has one; "" for a request of HTTP/1.0
	// without one.
	Host string
	// Method is the method; "" for GET.
	Method string
	// URI is the path as sent, with its query.
	URI string
	// Client is the address of the client; invalid if unknown.
	Client netip.Addr
	// Bare is set for a request without any other header than Host.
	Bare bool
}

// End is how the processing of a request ends.
type End uint8

// The ends. The zero End is that of an undecided request.
const (
	// Undecided: the files do not determine what happens; Why says why.
	Undecided End = iota
	// Passed: a *_pass hands the request on.
	Passed
	// Responded: nginx answers with Status itself.
	Responded
	// Static: a file answers.
	Static
	// Handled: another content handler, such as empty_gif, answers.
	Handled
	// Closed: nginx closes the connection (return 444).
	Closed
)

// Step is a block in which nginx processed the request, or a directive that changed its
// course.
type Step struct {
	At nginx.Directive
	// URI is the path after the step.
	URI string
}

// Answer is one possible result of a request.
type Answer struct {
	End End
	// Why is the reason why it is undecided, or for a decided one the first condition
	// under which this answer is given; "" for an unconditional one.
	Why string
	// Server is the server block, and Block the block whose configuration is in effect at
	// the end: a location, an if or a limit_except in it, or the server.
	Server, Block nginx.Directive
	// Location is the innermost location; zero for none.
	Location nginx.Directive
	// By is the directive that answers: a *_pass, a return; zero if none does.
	By nginx.Directive
	// Status is the status of the answer; 0 if another server decides. An error_page may
	// replace the status of another server.
	Status int
	// URI and Args are the path and the query at the end, and Method the method.
	URI, Args, Method string
	// File is the path of the file that answers Static.
	File string
	// Sent is what proxy_pass sends as the request URI, and SentHost as Host header. They
	// are "" if unknown.
	Sent, SentHost string
	Steps          []Step
}

// maxAnswers limits how many possibilities of one request are followed.
const maxAnswers = 64

// Route returns every possible answer to a request. If one thing is certain, it returns
// exactly one.
func (c *Config) Route(req Request) (answers []Answer) {
	var bits []bool
	for n := 0; ; n++ {
		w := &walk{c: c, req: req, bits: bits}
		a := w.route()
		if !contains(answers, a) {
			answers = append(answers, a)
		}
		bits = w.bits
		for len(bits) > 0 && bits[len(bits)-1] {
			bits = bits[:len(bits)-1]
		}
		if len(bits) == 0 {
			return answers
		}
		if n == maxAnswers {
			return append(answers, Answer{Server: a.Server, Why: "there are too many possibilities"})
		}
		bits[len(bits)-1] = true
	}
}

// contains reports whether all has an answer with the same end as a.
func contains(all []Answer, a Answer) bool {
	for _, one := range all {
		if one.End == a.End && one.Block == a.Block && one.By == a.By && one.Status == a.Status && one.URI == a.URI &&
			one.Args == a.Args && one.Server == a.Server && one.File == a.File && one.Sent == a.Sent && one.SentHost == a.SentHost {
			return true
		}
	}
	return false
}

// Certain returns the answer to a request if there is only one possible.
func (c *Config) Certain(req Request) (Answer, bool) {
	all := c.Route(req)
	return all[0], len(all) == 1 && all[0].End != Undecided
}
