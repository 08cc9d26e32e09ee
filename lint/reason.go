package lint

import (
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// reasons are the words for obstacles, unless they depend on what was read.
var reasons = [...]Reason{
	stack.UpstreamMissing: {Why: "its upstream is in no file given", Next: "add the file that defines it"},
	stack.OtherHost:       {Why: "PHP may be on another machine", Next: "check there that it listens"},
	stack.OtherContainer:  {Why: "PHP may be on another machine of the project", Next: "containers are not read yet"},
	stack.UnknownVariable: {Why: "the address depends on a variable", Next: "send a request to test it"},
	stack.TemplateMark:    {Why: "the address is a template mark", Next: "lint what the template makes, with --overlay"},
	stack.UnknownAddress:  {Why: "the address is incomplete", Next: "write it in full"},
	stack.UnknownPool:     {Why: "the address of a pool is unknown", Next: "set listen to a fixed address"},
	stack.UnknownProgram:  {Why: "not known to be PHP", Next: "check that its program listens"},
	stack.UnknownClient:   {Why: "the address from which nginx connects is unknown", Next: "add it to listen.allowed_clients"},
	stack.UnknownTmp:      {Why: "systemd may hide /tmp", Next: "add the units of both services, or move the socket to /run"},
	stack.NginxAccount:    {Why: "the account of nginx is unknown", Next: "set user in nginx.conf, or nginx-user in .wp502lint.yaml"},
	stack.Accounts:        {Why: "access to the socket is unknown", Next: "add /etc/passwd and /etc/group, or pass --facts"},
	stack.NotLookedAt:     {Why: "not looked at", Next: "--verbose says why"},
}

// reasonOf words an obstacle, with the right next step for what was read. host is the name
// for UnknownHost.
func reasonOf(s *stack.Stack, o stack.Obstacle, host string) Reason {
	switch o {
	case stack.PoolsMissing:
		return poolsMissing(s)
	case stack.UnknownHost:
		r := Reason{Why: fmt.Sprintf("cannot resolve host %q offline", host), Next: "pass --facts of a host whose /etc/hosts has it"}
		if host == "" {
			r.Why = "cannot resolve a host name offline"
		}
		if !s.System && !strings.Contains(host, ".") {
			r.Next = "containers are not read yet"
		}
		return r
	case stack.NginxAccount:
		if len(s.Mains) == 0 {
			return Reason{Why: "no nginx.conf given, so its account is unknown", Next: "add the nginx.conf"}
		}
	}
	return reasons[o]
}

func poolsMissing(s *stack.Stack) Reason {
	switch {
	case s.PoolsUnseen > 0:
		return Reason{Why: "the files of PHP-FPM could not be read", Next: "make them readable"}
	case s.System && s.Searched:
		return Reason{Why: "no pool found", Next: "name the folder of PHP-FPM's configuration"}
	case s.System:
		return Reason{Why: "no pool given", Next: "add " + folder(s, poolFolders, "the folder of its pools")}
	case s.Searched:
		return Reason{Why: "no pool found", Next: "add its file; containers are not read yet"}
	}
	return Reason{Why: "no pool given", Next: "add its file"}
}

// missing returns why gateways may be missing from the model, which has found of them.
func missing(s *stack.Stack, found int) (all []Reason) {
	switch {
	case s.Unseen == 1:
		all = append(all, Reason{Why: "a file was not read in full", Next: "--verbose names it"})
	case s.Unseen > 1:
		all = append(all, Reason{Why: fmt.Sprintf("%d files were not read in full", s.Unseen), Next: "--verbose names them"})
	}
	if s.Apache {
		all = append(all, Reason{Why: "Apache is not read yet", Next: "check by hand what it passes to PHP"})
	}
	switch {
	case all != nil || found > 0 || len(s.Mains) > 0 && s.System: // a machine without PHP
	case len(s.Sites) > 0 || len(s.Mains) > 0:
		all = append(all, Reason{Why: "none is in the files given", Next: "add the file that has one"})
	case s.Searched:
		all = append(all, Reason{Why: "no nginx configuration found", Next: "name its folder"})
	default:
		all = append(all, Reason{Why: "no nginx configuration given", Next: "add " + folder(s, nginxFolders, "the folder of nginx")})
	}
	return all
}

// nginxFolders and poolFolders are the folders of the known layouts, except those with a
// version in their own name.
var nginxFolders, poolFolders = sync.OnceValue(func() (all []string) {
	for _, l := range servers.Layouts {
		if l.NginxConf != "" {
			all = append(all, path.Dir(l.NginxConf))
		}
	}
	return all
}), sync.OnceValue(func() (all []string) {
	for _, l := range servers.Layouts {
		if parent, _, versions := strings.Cut(path.Dir(l.Pools), "/{"); versions || !strings.Contains(parent, "{") && l.Pools != "" {
			all = append(all, parent)
		}
	}
	return all
})

// folder returns the first of folders that the machine has, else the words for it, and how
// to lint the whole machine instead.
func folder(s *stack.Stack, folders func() []string, words string) string {
	for _, name := range folders() {
		if s.Facts == nil {
			break
		}
		if exists, _ := s.Facts.Files.Exists(name); exists {
			words = name
			break
		}
	}
	if s.Live() {
		return words + ", or run wp502lint check /"
	}
	return words + ", or / for the whole machine"
}
