package handler

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

// modulesText loads what most configurations below need.
var modulesText = load("mpm_event", "authz_core", "access_compat", "mime", "alias", "rewrite", "actions", "setenvif", "proxy", "proxy_fcgi", "proxy_http", "proxy_balancer")

func load(names ...string) (text string) {
	for _, name := range names {
		text += "LoadModule " + name + "_module /usr/lib/apache2/modules/mod_" + name + ".so\n"
	}
	return text
}

const serverText = `ServerRoot /etc/apache2
DefaultRuntimeDir /run/apache2
ServerName main.test
Listen 80
DocumentRoot /www
<Directory /www>
	AllowOverride All
	Require all granted
</Directory>
`

// world is the surroundings of a configuration: .php files, and nothing that is included.
type world []string

func (world) Open(string) (*source.File, error)                  { return nil, fs.ErrNotExist }
func (world) Stat(string) apache.Type                            { return apache.Missing }
func (world) List(string) ([]apache.Entry, error)                { return nil, fs.ErrNotExist }
func (world) Environment(string) (value string, set, known bool) { return "", false, false }
func (world) Defined(string) (yes, known bool)                   { return false, true }
func (world) Builtin(module string) bool                         { return module == "core" || module == "http_core.c" }
func (world) Version() string                                    { return "2.4.71" }
func (world) Ahead(string) *apache.Page                          { return nil }
func (world) ServerRoot() string                                 { return "/etc/apache2" }
func (w world) Glob(pattern string) (found []string) {
	for _, name := range w {
		if ok, _ := path.Match(pattern, name); ok {
			found = append(found, name)
		}
	}
	return found
}

// setup is one configuration with its surroundings.
type setup struct {
	name    string
	modules string            // modulesText if empty
	text    string            // after serverText
	bare    bool              // without serverText
	files   []string          // .php files; /www/x.php if nil
	access  map[string]string // .htaccess files by directory
	want    []string
}

// htaccess returns one .htaccess file in /www/app.
func htaccess(text string) map[string]string { return map[string]string{"/www/app": text} }

func (s *setup) config() *Config {
	if s.modules == "" {
		s.modules = modulesText
	}
	text := s.modules + serverText + s.text
	if s.bare {
		text = s.modules + s.text
	}
	w := world(s.files)
	if s.files == nil {
		w = world{"/www/x.php"}
	}
	c := apache.Load(&source.File{Name: "/etc/apache2/apache2.conf", Text: text}, w)
	for dir, text := range s.access {
		apache.LoadAccess(&source.File{Name: dir + "/.htaccess", Text: text}, c, w)
	}
	return New(c, Options{Files: w})
}

// show returns the passes of all servers that requests reach, one a line.
func show(c *Config) (lines []string) {
	for _, s := range c.Servers {
		if len(s.Listens) == 0 {
			continue
		}
		name := "main"
		if !s.Main {
			name = strings.Join(s.Names, "+")
		}
		if s.Hidden {
			name += " hidden"
		}
		for _, p := range s.Passes {
			lines = append(lines, name+" "+p.Request+" "+showPass(p))
		}
	}
	return lines
}

var causeNames = map[Cause]string{NotAProxy: "not a proxy", TypeAlone: "type alone", NoneSet: "none set", ModuleMissing: "module missing", NotRead: "not read",
	Nothing: "nothing", Misread: "misread", PathAfterName: "path after name", NotAllowed: "not allowed", NoMember: "no member", NotProxied: "not proxied"}

func showPass(p *Pass) string {
	way := p.Way.String()
	switch p.End {
	case Unknown:
		if p.Cause != NoCause {
			way += " " + causeNames[p.Cause]
		}
		return way + " unknown: " + p.Why
	case Sent:
		return way + " sent: " + causeNames[p.Cause]
	case InProcess:
		return way + " in process"
	case Answered:
		return strings.TrimSpace(fmt.Sprint(way, " ", p.Status, ": ", causeNames[p.Cause]))
	}
	text := way + " " + showTarget(p.Target)
	for _, m := range p.Members {
		text += " member " + showTarget(m.Target)
		if m.Backup {
			text += " backup"
		}
	}
	if p.Worker != nil {
		text += " worker " + p.Worker.Name
		if p.Worker.Takes {
			text += " takes"
		}
	}
	if p.Lowered {
		text += " lowered"
	}
	return text
}

func showTarget(t Target) string {
	switch {
	case t.Socket != "":
		return t.Scheme + " " + t.Socket
	case t.Port == 0:
		return t.Scheme + " " + t.Host
	}
	return fmt.Sprintf("%s %s:%d", t.Scheme, t.Host, t.Port)
}

// run compares what New says with what a real Apache 2.4 did.
func run(t *testing.T, tests []setup) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := show(test.config()); !slices.Equal(got, test.want) {
				t.Errorf("got\n\t%s\nwant\n\t%s\nfor\n%s", strings.Join(got, "\n\t"), strings.Join(test.want, "\n\t"), test.text)
			}
		})
	}
}

// handled returns a section that gives PHP to a pool.
func handled(pool string) string {
	return "<FilesMatch \"\\.php$\">\n\tSetHandler \"" + to(pool) + "\"\n</FilesMatch>\n"
}

// to returns the handler of a pool.
func to(pool string) string { return "proxy:unix:/run/" + pool + ".sock|fcgi://localhost/" }
