package upgrade

import "strings"

// forms returns a PHP version in the two forms that names have: 8.2 and 82.
func forms(version string) [2]string {
	return [2]string{version, strings.ReplaceAll(version, ".", "")}
}

// renamed returns text with the version from replaced by to wherever it is that of PHP: after
// php or fpm, as in php8.2-fpm, php-fpm82 and /etc/php/8.2/.
func renamed(text, from, to string) string {
	olds, news := forms(from), forms(to)
	var b strings.Builder
	for i := 0; i < len(text); {
		old, by := versionAt(text, i, olds, news)
		if old == "" || !afterPHP(text[:i]) {
			b.WriteByte(text[i])
			i++
			continue
		}
		b.WriteString(by)
		i += len(old)
	}
	return b.String()
}

// renamedBase is renamed for the name of a socket or a file, where a version with a dot
// is enough: shop-8.2.sock.
func renamedBase(text, from, to string) string {
	if other := renamed(text, from, to); other != text {
		return other
	}
	dir, base := text[:strings.LastIndexByte(text, '/')+1], text[strings.LastIndexByte(text, '/')+1:]
	for i := range base {
		if old, by := versionAt(base, i, [2]string{from, from}, [2]string{to, to}); old != "" {
			return dir + base[:i] + by + base[i+len(old):]
		}
	}
	return text
}

// versionAt returns the form of the old version at text[i:], whole, and that of the new one.
func versionAt(text string, i int, olds, news [2]string) (old, by string) {
	if i > 0 && (digit(text[i-1]) || text[i-1] == '.' && i > 1 && digit(text[i-2])) {
		return "", ""
	}
	for n, old := range olds {
		rest, ok := strings.CutPrefix(text[i:], old)
		if !ok || rest != "" && digit(rest[0]) || len(rest) > 1 && rest[0] == '.' && digit(rest[1]) {
			continue
		}
		return old, news[n]
	}
	return "", ""
}

// afterPHP reports whether the name that ends here is of PHP or PHP-FPM.
func afterPHP(before string) bool {
	before = strings.ToLower(before)
	if n := len(before); n > 0 && strings.IndexByte("-_./", before[n-1]) >= 0 {
		before = before[:n-1]
	}
	return strings.HasSuffix(before, "php") || strings.HasSuffix(before, "fpm")
}

func digit(c byte) bool { return '0' <= c && c <= '9' }
