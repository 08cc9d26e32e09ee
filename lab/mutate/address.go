package mutate

import (
	"regexp"
	"strings"
)

var (
	digit     = regexp.MustCompile(`\d\.\d`)
	lastPort4 = regexp.MustCompile(`\d+$`)
)

// addresses returns an address similar to the value: a different spelling, a slightly wrong
// one, or one of another family.
func addresses(d *draft, p place) string {
	old := p.text()
	if strings.Contains(old, "/") && !strings.Contains(old, "://") {
		return unixAddress(d, old)
	}
	if lastPort4.MatchString(old) {
		return tcpAddress(d, old)
	}
	return pick(d, []string{
		"unix:/run/php/php8.3-fpm.sock", "127.0.0.1:9000", "unix:/run/php/php8.2-fpm.sock", "localhost", "php", "http://" + old, old + ":9000", strings.ToUpper(old), "$nosuch", "",
		"https://127.0.0.1", "http://127.0.0.1:8080", "backend.invalid:9000", "unix:" + old,
	})
}

func unixAddress(d *draft, old string) string {
	path := strings.TrimPrefix(old, "unix:")
	prefix := old[:len(old)-len(path)]
	switch d.IntN(4) {
	case 0: // another file
		return prefix + pick(d, []string{
			d.misspell(path), digit.ReplaceAllString(path, "8.1"), digit.ReplaceAllString(path, "8.2"), digit.ReplaceAllString(path, "8.3"), digit.ReplaceAllString(path, "7.4"),
			strings.Replace(path, "/php/", "/php-fpm/", 1), strings.Replace(path, "/run/", "/tmp/", 1), strings.TrimSuffix(path, ".sock") + ".socket", path + ".1",
			strings.Replace(path, "/run/php/", "/run/", 1), strings.ToUpper(path), "/run/php/php-fpm.sock", "/etc/nowhere/php.sock", "/run/php", path + strings.Repeat("x", 100),
		})
	case 1: // the same file in another spelling
		return prefix + pick(d, []string{
			strings.Replace(path, "/run/", "/var/run/", 1), strings.Replace(path, "/", "//", 1), strings.Replace(path, "/run/", "/run/./", 1), strings.Replace(path, "/php/", "/php/../php/", 1),
			`"` + path + `"`, "'" + path + "'", "/" + path,
		})
	case 2: // what the server reads as something else
		return pick(d, []string{
			prefix + path + ":", prefix + strings.TrimPrefix(path, "/"), path, "unix:" + path, "unix:/" + path, "UNIX:" + path, "unix://" + path, "unix: " + path, prefix + path + "/", prefix + path + " ",
			"file:" + path, "http://unix:" + path, prefix + "$pool", prefix + "/run/php/$pool.sock", prefix, "unix", prefix + path + ":/", prefix + path + ":9000",
		})
	default:
		return pick(d, []string{"127.0.0.1:9000", "9000", "[::1]:9000", "localhost:9000", "127.0.0.1:9001", "127.0.0.1", ":9000", "*:9000", "80", "127.0.0.1:80"})
	}
}

func tcpAddress(d *draft, old string) string {
	port := lastPort4.FindString(old)
	host := strings.TrimSuffix(strings.TrimSuffix(old, port), ":")
	switch d.IntN(3) {
	case 0: // another port
		before := strings.TrimSuffix(old, port)
		return before + pick(d, []string{port + "0", "9000", "9001", "9002", "8080", "80", "0", "65536", "99999", "-1", "", port + "x", "0" + port, " " + port, port + ":", "port", port[1:], "9100"})
	case 1: // another host
		return pick(d, []string{
			"127.0.0.1:", "[::1]:", "0.0.0.0:", "[::]:", "*:", "localhost:", "", "127.0.0.2:", ":", "::1:", "10.0.0.1:", "nosuch:", "127.0.0.1.:", "127.1:", "[127.0.0.1]:", "ip6-localhost:", "LOCALHOST:",
			"tcp://127.0.0.1:", "http://127.0.0.1:", "[::ffff:127.0.0.1]:",
		}) + port
	default:
		return pick(d, []string{
			"unix:/run/php/php8.3-fpm.sock", "/run/php/php8.3-fpm.sock", "unix:/run/php/php.sock", "/run/php/php.sock", host, host + ":", `"` + old + `"`, "'" + old + "'", old + ";", old + "/", "$pool", host + " " + port, old + "," + old,
		})
	}
}
