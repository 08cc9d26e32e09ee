package apache

import "strings"

// looseModule decides IfModule in files without a main file, where no LoadModule is known.
// One that is about a module which handles PHP otherwise than through PHP-FPM is in doubt,
// with ! or without. Any other is taken for loaded, and proxy_fcgi wins where a file has
// sections for both, such as ISPConfig's.
func (r *reader) looseModule(in *input, name string, not bool) truth {
	if r.modules[name].holds {
		return truth{holds: !not}
	}
	switch {
	case ofPHP(name):
		return truth{true, "the main file is not given, and may load " + name}
	case !not:
		return truth{holds: true}
	case isFCGI(name) && in.hasFCGI():
		return truth{}
	}
	return truth{true, "the main file is not given, and may load " + name}
}

func isFCGI(name string) bool { return name == "mod_proxy_fcgi.c" || name == "proxy_fcgi_module" }

// hasFCGI reports whether the file has a section for proxy_fcgi.
func (f *file) hasFCGI() bool {
	text := f.src.Text
	for {
		n := strings.IndexByte(text, '<')
		if n < 0 {
			return false
		}
		text = text[n+1:]
		start, end, next := word(text[:min(len(text), 64)], 0)
		if fold(text[start:end], "IfModule") {
			start, end, _ = word(text[:min(len(text), 128)], next)
			if isFCGI(strings.TrimRight(decode(text[start:end]), ">")) {
				return true
			}
		}
	}
}

// ofPHP reports whether a module handles PHP without PHP-FPM, or may: those of PHP itself, and
// mod_fastcgi, mod_fcgid, mod_suphp, mod_lsapi, mod_ruid2.
func ofPHP(name string) bool {
	name = strings.TrimPrefix(strings.TrimSuffix(strings.TrimSuffix(name, ".c"), "_module"), "mod_")
	return strings.HasPrefix(name, "php") || name == "fastcgi" || name == "fcgid" || name == "suphp" || name == "lsapi"
}
