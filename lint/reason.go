package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/stack"
)

// reasons are the words for obstacles, unless they depend on what was read.
var reasons = [...]Reason{
	stack.UpstreamMissing: {Why: "its upstream is in no file given", Next: "add the file that defines it"},
	stack.OtherHost:       {Why: "PHP may be on another machine", Next: "check there that it listens"},
	stack.OtherContainer:  {Why: "PHP may be on another machine of the project", Next: "add the compose file that runs both"},
	stack.Doubted:         {Why: "a command that is not understood may change a file", Next: "--verbose names it"},
	stack.UnknownPrograms: {Why: "what runs in a container is unknown", Next: "wp502lint machines shows what is known"},
	stack.UnknownVariable: {Why: "the address depends on a variable", Next: "send a request to test it"},
	stack.TemplateMark:    {Why: "the address is a template mark", Next: "lint what the template makes, with --overlay"},
	stack.UnknownHandler:  {Why: "what Apache does with PHP is unknown", Next: "--verbose says why"},
	stack.UnknownAddress:  {Why: "the address is incomplete", Next: "write it in full"},
	stack.UnknownPool:     {Why: "the address of a pool is unknown", Next: "set listen to a fixed address"},
	stack.UnknownProgram:  {Why: "not known to be PHP", Next: "check that its program listens"},
	stack.UnknownClient:   {Why: "the address from which the web server connects is unknown", Next: "add it to listen.allowed_clients"},
	stack.UnknownTmp:      {Why: "systemd may hide /tmp", Next: "add the units of both services, or move the socket to /run"},
	stack.NginxAccount:    {Why: "the account of the web server is unknown", Next: "set it in the main file of nginx or Apache"},
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
		switch {
		case host != "" && s.LacksContainer(host):
			return Reason{Why: "no container of the project is called " + host, Next: "wp502lint machines shows what they are called"}
		case s.Container != nil:
			r.Next = "wp502lint machines shows why"
		case !s.System && !strings.Contains(host, "."):
			r.Next = "add the compose file that defines it"
		}
		return r
	case stack.NginxAccount:
		switch nginx, apache := webServers(s); {
		case nginx && !apache && len(s.Fronts) == 0:
			return Reason{Why: "no nginx.conf given, so its account is unknown", Next: "add the nginx.conf"}
		case nginx && !apache:
			return Reason{Why: "the account of nginx is unknown", Next: "set user in nginx.conf, or nginx-user in .wp502lint.yaml"}
		case apache && !nginx:
			return Reason{Why: "the account of Apache is unknown", Next: "set User and Group in its main file"}
		}
	case stack.UnknownHandler:
		if !slices.ContainsFunc(s.Fronts, func(f *stack.Front) bool { return f.Server == servers.Apache }) {
			return Reason{Why: "no apache2.conf or httpd.conf given, so its handlers are unknown", Next: "add the one that includes the site"}
		}
	}
	return reasons[o]
}

// webServers reports which web servers the files of a machine are of.
func webServers(s *stack.Stack) (nginx, apache bool) {
	fronts := slices.Clone(s.Fronts)
	for _, site := range s.Sites {
		fronts = append(fronts, site.Front)
	}
	for _, front := range fronts {
		nginx, apache = nginx || front.Server == servers.Nginx, apache || front.Server == servers.Apache
	}
	return nginx, apache
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
		return Reason{Why: "no pool found", Next: "add its file, or the compose file that runs it"}
	}
	return Reason{Why: "no pool given", Next: "add its file"}
}

// missing returns why gateways may be missing from the models, which have found of them.
func missing(stacks []*stack.Stack, found int) (all []Reason) {
	unseen, sites, quiet, searched, refused := 0, false, false, false, false
	for _, s := range stacks {
		unseen += s.Unseen
		sites = sites || len(s.Sites) > 0 || len(s.Fronts) > 0
		quiet = quiet || len(s.Fronts) > 0 && s.System && s.Container == nil
		searched = searched || s.Searched
		refused = refused || slices.ContainsFunc(s.Problems, func(p stack.Problem) bool { return p.By == servers.Engine })
	}
	switch {
	case unseen == 1:
		all = append(all, Reason{Why: "a file was not read in full", Next: "--verbose names it"})
	case unseen > 1:
		all = append(all, Reason{Why: fmt.Sprintf("%d files were not read in full", unseen), Next: "--verbose names them"})
	}
	if refused {
		all = append(all, Reason{Why: "a file that describes containers is refused", Next: "correct what WP001 and WP002 report"})
	}
	switch {
	case all != nil || found > 0 || quiet: // a machine without PHP
	case sites:
		all = append(all, Reason{Why: "none is in the files given", Next: "add the file that has one"})
	case searched:
		all = append(all, Reason{Why: "no configuration of nginx or Apache found", Next: "name its folder"})
	default:
		all = append(all, Reason{Why: "no configuration of nginx or Apache given", Next: "add " + folder(stacks[0], webFolders, "the folder of nginx or Apache")})
	}
	return all
}

// webFolders and poolFolders are the folders of the known layouts, except those with a
// version in their own name.
var webFolders, poolFolders = sync.OnceValue(func() (all []string) {
	for _, l := range servers.Layouts {
		if l.NginxConf != "" {
			all = append(all, path.Dir(l.NginxConf))
		}
	}
	for _, l := range httpd.Layouts {
		all = append(all, path.Dir(l.Main))
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
