package shell

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/source"
)

// managers are the package managers, and the tools that switch parts of servers on.
func managers(name string) command {
	switch name {
	case "apt", "apt-get", "aptitude":
		return func(c *call) status { return c.packages("apt", "toc", "target-release", "option", "config-file") }
	case "apk":
		return func(c *call) status {
			return c.packages("apk", "tXp", "virtual", "repository", "root", "arch", "keys-dir", "repositories-file", "wait", "cache-dir")
		}
	case "dnf", "yum", "microdnf", "tdnf":
		return func(c *call) status {
			return c.packages("dnf", "cxde", "config", "exclude", "enablerepo", "disablerepo", "releasever", "setopt", "installroot")
		}
	case "zypper", "pacman":
		return func(c *call) status { return c.packages(name, "") }
	case "pecl":
		return func(c *call) status { return c.packages("pecl", "") }
	case "install_packages": // of minideb
		return func(c *call) status {
			c.w.Install(Packages{Manager: "apt", Names: packageNames(c.args), At: c.span})
			return assumed
		}
	case "docker-php-ext-install", "install-php-extensions":
		return (*call).extensions
	case "docker-php-ext-enable", "phpenmod", "phpdismod", "a2enmod", "a2dismod", "a2ensite", "a2dissite", "a2enconf", "a2disconf", "nginx_ensite", "nginx_dissite":
		return (*call).enable
	}
	return nil
}

// packages is a package manager: it installs or removes.
func (c *call) packages(manager, valued string, long ...string) status {
	opts, words := options(c.args, valued, long...)
	if len(words) == 0 {
		return assumed
	}
	verb, rest := words[0].String, words[1:]
	if verb == "module" {
		if len(rest) > 0 && rest[0].String == "install" {
			c.w.Install(Packages{Manager: manager, Names: packageNames(rest[1:]), At: c.span})
		}
		return assumed
	}
	p := Packages{Manager: manager, Names: packageNames(rest), At: c.span}
	if virtual, given := valueOf(opts, "-t", "--virtual"); given && manager == "apk" {
		p.Virtual = virtual.String
	}
	switch verb {
	case "install", "add", "reinstall", "localinstall", "-S", "in":
		if has(opts, "--download-only", "-d") && manager == "apt" {
			return assumed
		}
		c.w.Install(p)
	case "remove", "purge", "del", "erase", "autoremove":
		if len(p.Names) > 0 {
			c.w.Uninstall(p)
		}
	}
	c.printUnknown()
	return assumed
}

var version = lazyregexp.New(`[=<>~@/].*$`)

// packageNames returns the names of packages without versions and releases. A file is a package by its
// name.
func packageNames(words []source.Text) (names []string) {
	for _, word := range words {
		name := word.String
		if strings.HasPrefix(name, "/") || strings.HasPrefix(name, ".") || strings.Contains(name, "://") {
			name = path.Base(name)
		}
		if at := version.FindStringIndex(name); at != nil {
			name = name[:at[0]]
		}
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// extensions is docker-php-ext-install and install-php-extensions.
func (c *call) extensions() status {
	_, words := options(c.args, "j")
	c.w.Install(Packages{Manager: c.name, Names: textsOf(words), At: c.span})
	return assumed
}

func textsOf(words []source.Text) (names []string) {
	for _, word := range words {
		names = append(names, word.String)
	}
	return names
}

func (c *call) enable() status {
	valued := "vsm"
	if strings.HasPrefix(c.name, "a2") {
		valued = ""
	}
	opts, words := options(c.args, valued, "ini-name")
	c.w.Enable(Enabled{Tool: c.name, Names: textsOf(words), Force: has(opts, "-f", "--force"), At: c.span})
	return assumed
}
