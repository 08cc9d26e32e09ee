package httpd

import (
	"slices"
	"strings"
	"testing"
)

func TestDirectives(t *testing.T) {
	for name, want := range map[string]Directive{
		"sethandler":   {Name: "SetHandler", Modules: []string{"core_module"}, Args: Take1, Where: WithFileInfo},
		"Listen":       {Name: "Listen", Modules: []string{"mpm_event_module", "mpm_prefork_module", "mpm_worker_module"}, Args: Argv, Where: InServer, Not: VirtualHost | OfDirectories},
		"<VirtualHost": {Name: "<VirtualHost", Modules: []string{"core_module"}, Args: Raw, Where: InServer, Not: VirtualHost | OfDirectories},
		"LOADMODULE":   {Name: "LoadModule", Modules: []string{"so_module"}, Args: Take2, Where: InServer, OnRead: true},
		"php_value":    {Name: "php_value", Modules: []string{"php_module", "php5_module", "php7_module"}, Args: Take2, Where: WithOptions},
		"mdmatchnames": {Name: "MDMatchNames", Modules: []string{"md_module"}, Args: Take1, Where: InServer, Not: Directory | Location | MDomain},
	} {
		got := Directives(name)
		if len(got) != 1 || got[0].Name != want.Name || !slices.Equal(got[0].Modules, want.Modules) || got[0].Args != want.Args ||
			got[0].Where != want.Where || got[0].Not != want.Not || got[0].OnRead != want.OnRead {
			t.Errorf("Directives(%s) = %+v\nwant %+v", name, got, want)
		}
	}
	if got := Directives("FastCgiAuthorizer"); len(got) != 2 {
		t.Errorf("FastCgiAuthorizer is in %d rows; mod_fastcgi and mod_fcgid take it in two ways", len(got))
	}
	for name := range Names() {
		if n := len(Directives(name)); n == 0 || n != len(Directives(strings.ToLower(name))) || n != len(Directives(strings.ToUpper(name))) {
			t.Errorf("Directives(%s) are %d, and others in another case", name, n)
		}
	}
	if got := Directives("SetHandlr"); got != nil {
		t.Errorf("Directives(SetHandlr) = %+v", got)
	}
}

// The rows of a name follow each other, which Directives relies on, and everything in a row
// has a meaning.
func TestTable(t *testing.T) {
	modules := map[string]bool{}
	for m := range Modules() {
		if modules[m.Name] {
			t.Errorf("%s is there twice", m.Name)
		}
		modules[m.Name] = true
	}
	for m := range Modules() {
		for _, need := range m.Needs {
			if !modules[need] {
				t.Errorf("%s needs %s, which is not a module", m.Name, need)
			}
		}
	}
	rows, last := 0, ""
	for line := range strings.Lines(directiveText) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		rows++
		name := strings.ToLower(fields[0])
		if name < last {
			t.Errorf("%s is after %s", fields[0], last)
		}
		last = name
		marks := fields[4:]
		if len(marks) > 0 && strings.HasPrefix(marks[0], "not=") {
			marks = marks[1:]
		}
		if len(marks) > 0 && marks[0] == "read" {
			marks = marks[1:]
		}
		if len(marks) > 0 || !slices.Contains(argsNames[:], fields[2]) || strings.Trim(fields[3], whereLetters) != "" {
			t.Errorf("unreadable: %s", line)
		}
		for short := range strings.SplitSeq(fields[1], ",") {
			if !modules[moduleName(short)] {
				t.Errorf("%s: %s is not a module", fields[0], short)
			}
		}
	}
	const want = 976
	if rows != want || len(slices.Collect(Names())) != want {
		t.Errorf("the table has %d rows, of which %d are read; want %d", rows, len(slices.Collect(Names())), want)
	}
}

func TestBringing(t *testing.T) {
	for directive, want := range map[string]string{
		"SecNewSetting":     "security2_module",
		"ModPagespeedAdded": "pagespeed_module",
		"<Perl":             "perl_module",
		"AssignUserID":      "mpm_itk_module",
		"PassengerRuby":     "passenger_module",
		"DOSCloseSocket":    "evasive20_module",
		"ShibUseHeaders":    "mod_shib",
		"Servername":        "",
	} {
		names := ""
		for _, m := range Bringing(directive) {
			names += m.Name
		}
		if names != want {
			t.Errorf("Bringing(%s) = %q, want %q", directive, names, want)
		}
	}
}

// A pattern of one module that is a directive of another would make both of them its module.
func TestPatternsNameTheirModule(t *testing.T) {
	for name := range Names() {
		for _, m := range Bringing(name) {
			if !slices.ContainsFunc(Directives(name), func(d Directive) bool { return slices.Contains(d.Modules, m.Name) }) && name != "SecureListen" {
				t.Errorf("%s is a directive of %v and a pattern of %s", name, Directives(name)[0].Modules, m.Name)
			}
		}
	}
}

func TestModuleNamed(t *testing.T) {
	for _, name := range []string{"proxy_fcgi_module", "mod_proxy_fcgi.c"} {
		m := ModuleNamed(name)
		if m == nil || m.Object != "mod_proxy_fcgi.so" || !slices.Equal(m.Needs, []string{"proxy_module"}) || m.MPM || !m.Own || Short(m.Name) != "proxy_fcgi" {
			t.Errorf("ModuleNamed(%s) = %+v", name, m)
		}
	}
	for _, name := range []string{"mod_proxy_fcgi", "Proxy_fcgi_module", ""} {
		if m := ModuleNamed(name); m != nil {
			t.Errorf("ModuleNamed(%s) = %+v", name, m)
		}
	}
	if m := ModuleNamed("event.c"); m == nil || m.Name != "mpm_event_module" || !m.MPM {
		t.Errorf("event.c is %+v", m)
	}
}

func BenchmarkDirectives(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for _, name := range [...]string{"DocumentRoot", "<virtualhost", "sethandler"} {
			if len(Directives(name)) != 1 {
				b.Fatal(name)
			}
		}
	}
}
