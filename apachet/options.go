package apachet

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/parser/apache"
)

// optionWords are the words of Options, in httpd's spelling.
var optionWords = []string{
	"Indexes", "Includes", "IncludesNOEXEC", "FollowSymLinks", "SymLinksIfOwnerMatch", "ExecCGI", "MultiViews", "RunScripts", "None", "All",
}

// options judges Options (httpd server/core.c, set_options).
func (x *checker) options(d *apache.Directive, s state) *Refusal {
	const mixed = "Either all Options must start with + or -, or no Option may."
	signed, whole := false, false
	for i, w := range d.Args {
		word, sign := strings.CutPrefix(w.Text, "+")
		if !sign {
			word, sign = strings.CutPrefix(w.Text, "-")
		}
		switch {
		case w.Varies():
			return nil
		case sign && !signed && i > 0 && !whole, !sign && i > 0 && signed:
			return refusal(Directive, d, w.At, "Options has words with + or - and words without", mixed)
		}
		signed = signed || sign
		if r := option(d, i, word, signed); r != nil {
			return r
		}
		whole = whole || strings.EqualFold(word, "none") || strings.EqualFold(word, "all")
		if s.access != nil && !s.access.option(strings.ToLower(word)) {
			return refusal(Directive, d, w.At, "AllowOverride does not allow the option "+word+" in this .htaccess file", "Option "+word+" not allowed here")
		}
	}
	return nil
}

// option reports whether AllowOverride leaves an option to a .htaccess file (httpd
// server/core.c, set_allow_opts).
func (o *Overrides) option(word string) bool {
	return o.Options == nil || word == "none" || slices.Contains(o.Options, word) ||
		word == "includesnoexec" && slices.Contains(o.Options, "includes") || slices.Contains(o.Options, "all") && word != "multiviews"
}

// option judges word i of Options, without its sign.
func option(d *apache.Directive, i int, word string, signed bool) *Refusal {
	at := d.Args[i].At
	if !slices.ContainsFunc(optionWords, func(known string) bool { return strings.EqualFold(word, known) }) {
		return refusal(Directive, d, at, "unknown option "+quoted(word)+typo.DidYouMean(word, optionWords), "Illegal option "+word)
	}
	none, all := strings.EqualFold(word, "none"), strings.EqualFold(word, "all")
	name, other := "None", "Option"
	if all {
		name, other = "All", "option"
	}
	switch {
	case !none && !all:
		return nil
	case i > 0:
		return refusal(Directive, d, at, "Options "+name+" is not the first word", "'Options "+name+"' must be the first "+other+" given.")
	case signed:
		log := "You may not use 'Options +" + name + "' or 'Options -" + name + "'."
		return refusal(Directive, d, at, "Options "+name+" takes no + or -", log)
	}
	return nil
}

// overrideWords are the words of AllowOverride.
var overrideWords = []string{"Limit", "Options", "FileInfo", "AuthConfig", "Indexes", "None", "All"}

// allowOverride judges AllowOverride (httpd server/core.c, set_override). An unknown word after
// Options= or Nonfatal= is ignored.
func (x *checker) allowOverride(d *apache.Directive, _ state) *Refusal {
	for _, w := range d.Args {
		word, _, value := strings.Cut(w.Text, "=")
		switch {
		case w.Varies():
			return nil
		case strings.EqualFold(word, "nonfatal") && !value:
			return refusal(Directive, d, w.At, "Nonfatal needs =Override, =Unknown or =All", "=Override, =Unknown or =All expected after "+w.Text)
		case strings.EqualFold(word, "nonfatal"):
		case !slices.ContainsFunc(overrideWords, func(known string) bool { return strings.EqualFold(word, known) }):
			return refusal(Directive, d, w.At, "unknown word "+quoted(word)+" in AllowOverride"+typo.DidYouMean(word, overrideWords), "Illegal override option "+word)
		}
	}
	return nil
}

// allowOverrideList judges AllowOverrideList (httpd server/core.c, set_override_list). Httpd
// reads it up to None.
func (x *checker) allowOverrideList(d *apache.Directive, _ state) *Refusal {
	for _, w := range d.Args {
		if strings.EqualFold(w.Text, "none") && len(d.Args) > 1 && !x.unset(d) {
			return refusal(Directive, d, w.At, "AllowOverrideList has None and other words", "'None' not allowed with other directives in AllowOverrideList")
		}
	}
	return nil
}
