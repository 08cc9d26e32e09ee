package route

// found is the result of the search for a location.
type found uint8

const (
	declined found = iota // none
	exactly               // = or an expression
	prefix                // a prefix; an expression may still match
	redirect              // the URI lacks the last slash of a location with a *_pass
)

// locate selects the location of the URI, from the server's on (nginx
// ngx_http_core_module.c, ngx_http_core_find_location).
func (w *walk) locate() found {
	here := w.loc
	result, noRegex := w.static(here), false
	if result == prefix {
		noRegex = w.loc.modifier == "^~"
		result = w.locateNested()
	}
	if result == exactly || result == redirect || noRegex {
		return result
	}
	for _, l := range here.regexes {
		if w.match(l.name, l.modifier == "~*", value{text: w.uri}) {
			w.loc = l
			w.locate()
			return exactly
		}
	}
	return result
}

// locateNested searches inside the prefix location that was found. If nothing fits
// inside it, that location remains.
func (w *walk) locateNested() found {
	if result := w.locate(); result == exactly || result == redirect {
		return result
	}
	return prefix
}

// static searches the locations of here that are not expressions (nginx
// ngx_http_core_module.c, ngx_http_core_find_static_location).
func (w *walk) static(here *block) found {
	if l := here.exact[w.uri]; l != nil {
		w.loc = l
		return exactly
	}
	if l := here.prefixes[w.uri]; l != nil {
		w.loc = l
		return prefix
	}
	if here.redirects[w.uri] {
		if w.loc = here.exact[w.uri+"/"]; w.loc == nil {
			w.loc = here.prefixes[w.uri+"/"]
		}
		return redirect
	}
	for end := len(w.uri) - 1; end >= 0 && len(here.prefixes) > 0; end-- {
		if l := here.prefixes[w.uri[:end]]; l != nil {
			w.loc = l
			return prefix
		}
	}
	return declined
}
