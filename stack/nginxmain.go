package stack

import (
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// NginxMain is the top level of one nginx.conf.
type NginxMain struct {
	Machine *Machine
	At      source.Span // the first byte of the main file
	// User is the account of the worker processes; absent if user is not set, so
	// that it is the account that nginx was built with.
	User source.Setting[Account]
	// WorkerProcesses is their number; unknown for auto, which is the number of
	// processors.
	WorkerProcesses source.Setting[int64]
	// ErrorLogs are the error_log lines outside every block.
	ErrorLogs []ErrorLog
}

// Account is a user and a group by name or number.
type Account struct {
	User  string
	Group string // "" for the primary group of User
}

// readMain reads the top level of a main file. If there are two user directives, nginx
// refuses the second.
func readMain(on *Machine, main *nginx.File, top *scope) *NginxMain {
	m := &NginxMain{Machine: on, At: main.Source.Span(0, 0)}
	m.User = source.Absent[Account](m.At)
	for _, it := range top.items {
		if it.keyword == kwUser && it.d.NumArgs() > 0 && !m.User.Written() {
			m.User = source.Written(Account{it.d.Arg(0).String(), it.d.Arg(1).String()}, it.d.Span())
		}
	}
	b := block{Effective: top.effective, at: m.At}
	m.WorkerProcesses = setting(b, kwWorkerProcesses, numberOf).Or(1)
	if d := b.get(kwWorkerProcesses); d.Arg(0).String() == "auto" {
		m.WorkerProcesses = source.Unknown[int64](d.Span(), "how many processors there are is not known")
	}
	m.ErrorLogs = errorLogs(top.effective)
	return m
}
