package apachet

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
)

// state is where directives are, as httpd knows it while it processes them (httpd
// include/http_config.h, cmd_parms).
type state struct {
	access  *Overrides // of the .htaccess file; nil in a configuration
	virtual bool       // in a <VirtualHost>
	path    bool       // in a section for directories, addresses or files, or a .htaccess file
	allowed httpd.Where
	around  httpd.Place       // the kinds of sections around
	limited uint64            // the methods that the settings are for, one bit each
	scope   *apache.Directive // the section whose settings for directories these are
	// unsure is set if the sections around are unknown: files without a main file.
	unsure bool
}

// allMethods is that no <Limit> is around.
const allMethods = ^uint64(0)

// outside returns the state outside all sections (httpd server/config.c,
// ap_process_config_tree).
func (x *checker) outside() state {
	s := state{allowed: httpd.InServer | httpd.WithOptions | httpd.WithFileInfo | httpd.WithIndexes, limited: allMethods}
	s.unsure = x.c.Main == nil
	return s
}

// in returns the state inside a section for directories, addresses or files.
func (s state) in(d *apache.Directive) state {
	s.path, s.scope = true, d
	s.allowed = httpd.WithAll | httpd.InSection
	s.unsure = false
	return s
}

// allows reports whether a directive is allowed by the section or by AllowOverride (httpd
// server/config.c, invoke_cmd).
func (s state) allows(row *httpd.Directive) bool {
	if s.unsure || s.allowed&row.Where != 0 {
		return true
	}
	return s.access != nil && slices.Contains(s.access.Names, strings.ToLower(row.Name))
}

// places are the kinds of sections that a directive may refuse, in the order in which httpd
// looks for them (httpd server/core.c, ap_check_cmd_context).
var places = [...]httpd.Place{httpd.Directory, httpd.Location, httpd.Files, httpd.Proxy}

// placeOf returns the kind of a section; 0 for one that no directive refuses.
func placeOf(name string) httpd.Place {
	switch name {
	case "directory", "directorymatch":
		return httpd.Directory
	case "location", "locationmatch":
		return httpd.Location
	case "files", "filesmatch", "if", "elseif", "else":
		return httpd.Files
	case "proxy", "proxymatch":
		return httpd.Proxy
	case "mdomainset", "mdomain":
		return httpd.MDomain
	}
	return 0
}

// forbids returns the end of httpd's message if a directive refuses the place where it is
// (httpd server/core.c, ap_check_cmd_context); "" otherwise.
func (s state) forbids(row *httpd.Directive, d *apache.Directive) string {
	not := row.Not
	switch {
	case not&s.around&httpd.MDomain != 0:
		return " is not allowed inside an '<MDomainSet' context"
	case not&httpd.VirtualHost != 0 && s.virtual:
		return " cannot occur within <VirtualHost> section"
	case not&httpd.OfDirectories != 0 && s.limited != allMethods:
		return " cannot occur within <Limit> or <LimitExcept> section"
	case not&httpd.HTAccess != 0 && s.access != nil:
		return " cannot occur within htaccess files"
	case not&httpd.DirectoryLike == httpd.DirectoryLike && s.path:
		return " cannot occur within directory context"
	}
	for _, p := range places {
		if not&s.around&p != 0 {
			return " cannot occur within " + sectionOf(within(d, p)) + " section"
		}
	}
	return ""
}

// within returns the innermost section of a kind around d.
func within(d *apache.Directive, p httpd.Place) *apache.Directive {
	for d = d.Parent; placeOf(d.Name) != p; {
		d = d.Parent
	}
	return d
}

// spelled returns the name of a directive as httpd prints it, with the < of a section: as in
// its table or, for an unknown one, as written.
func spelled(d *apache.Directive) string {
	if rows := httpd.Directives(tableName(d)); len(rows) > 0 {
		return rows[0].Name
	}
	name := d.Name
	if written := strings.Trim(d.NameAt().Text(), "<>"); strings.EqualFold(written, name) {
		name = written
	}
	if d.Section {
		return "<" + name
	}
	return name
}

// tableName returns the name by which the table of directives knows d.
func tableName(d *apache.Directive) string {
	if d.Section {
		return "<" + d.Name
	}
	return d.Name
}
