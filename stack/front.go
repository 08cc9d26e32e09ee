package stack

import (
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Front is one web server: the top level of one nginx.conf or of one Apache.
type Front struct {
	Server  servers.Server // servers.Nginx or servers.Apache
	Machine *Machine
	// Loose is set if there is no main file: only files from inside one are known, and what
	// it sets is not.
	Loose bool
	At    source.Span // the first byte of the main file
	// User is the account of the worker processes. It is absent if it is not set: nginx then
	// has the account that it was built with, and the workers of Apache stay root.
	User source.Setting[Account]
	// WorkerProcesses is their number, and the most of Apache (ServerLimit or
	// MaxRequestWorkers); unknown for auto of nginx, which is the number of processors.
	WorkerProcesses source.Setting[int64]
	// Threads is how many requests one process of Apache handles at a time; absent for nginx.
	Threads source.Setting[int64]
	// ErrorLogs are the error_log lines outside every block.
	ErrorLogs []ErrorLog
	// Rendered is set if template marks produce some of the directives of the files.
	Rendered bool
}

// Account is a user and a group by name or number.
type Account struct {
	User  string
	Group string // "" for the primary group of User
}

// NoAccount returns the number that is the User of Apache, if no account has it: the workers stay root then.
// The failed look-up declines to drop the privileges, and Apache goes on (httpd
// modules/arch/unix/mod_unixd.c, set_group_privs; measured on Apache 2.4).
func (m *Front) NoAccount() (uid uint32, none bool) {
	account, _ := m.User.Known()
	uid, numeric := apacheNumber(account.User)
	return uid, m.Server == servers.Apache && numeric && m.Machine.Facts != nil && m.Machine.Facts.Users.NoNumber(uid)
}

// Name is what the server is called in sentences.
func (m *Front) Name() string {
	if m.Server == servers.Apache {
		return "Apache"
	}
	return "nginx"
}

// read reads the top level of a main file of nginx. If there are two user directives, nginx
// refuses the second.
func (m *Front) read(main *nginx.File, top *scope, rendered bool) {
	m.At, m.Rendered = main.Source.Span(0, 0), rendered
	m.User = source.Absent[Account](m.At)
	if rendered {
		m.User = source.Unknown[Account](m.At, renderedWhy)
	}
	for _, it := range top.items {
		if it.keyword == kwUser && it.d.NumArgs() > 0 && !m.User.Written() {
			m.User = source.Written(Account{it.d.Arg(0).String(), it.d.Arg(1).String()}, it.d.Span())
		}
	}
	b := block{Effective: top.effective, at: m.At}
	if master, set := setting(b, kwMasterProcess, flagOf).Known(); set && !master {
		// The only process does not change its account (nginx ngx_process_cycle.c).
		m.User = source.Written(Account{User: "root"}, b.get(kwMasterProcess).Span())
	}
	m.WorkerProcesses = setting(b, kwWorkerProcesses, numberOf).Or(1)
	if d := b.get(kwWorkerProcesses); d.Arg(0).String() == "auto" {
		m.WorkerProcesses = source.Unknown[int64](d.Span(), "the number of processors is unknown")
	}
	m.ErrorLogs = errorLogs(top.effective)
}
