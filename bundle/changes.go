package bundle

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/parser/phpini"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// recent is how long before an incident a change is marked.
const recent = 48 * time.Hour

// change is a part that may have been changed.
type change struct {
	name, version string
	kind          string
	at            string // its path
	when          time.Time
}

// began returns when the first incident began; now if no line tells.
func (b *writer) began() time.Time {
	i := b.first()
	if i == nil || i.First.IsZero() {
		return b.Now
	}
	f := i.First
	return time.Date(f.Year(), f.Month(), f.Day(), f.Hour(), f.Minute(), f.Second(), 0, b.location())
}

// changes answers the ninth point: plugins and extensions with their dates, the newest first.
func (b *writer) changes() {
	began := b.began()
	b.printf("Marked is what changed in the 48 hours before %s, or since then.\n\n", began.Format("2006-01-02 15:04 -07:00"))
	var plugins, extensions []change
	for _, m := range b.machines {
		if m.tree == nil {
			continue
		}
		for _, root := range b.roots(m) {
			plugins = append(plugins, pluginsOf(m.tree, root)...)
		}
		extensions = append(extensions, b.extensions(m)...)
	}
	b.heading(3, "WordPress plugins")
	if len(plugins) > 0 {
		b.changed(plugins, began)
	} else {
		b.instruct("The files that were read contain no plugin.", "ls -lt --time-style=long-iso ROOT/wp-content/plugins ROOT/wp-content/mu-plugins", "wp plugin list --path=ROOT --fields=name,status,version,update")
	}
	b.heading(3, "PHP extensions")
	if len(extensions) > 0 {
		b.changed(extensions, began)
	} else {
		b.instruct("The files that were read contain no extension.", "php-fpm"+b.php()+" -m", "ls -lt --time-style=long-iso $(php"+b.php()+" -r 'echo ini_get(\"extension_dir\");')", "grep -hE ' (install|upgrade) ' /var/log/dpkg.log | tail -n 40")
	}
}

// changed writes what may have changed, the newest first.
func (b *writer) changed(list []change, began time.Time) {
	slices.SortStableFunc(list, func(x, y change) int { return cmp.Or(y.when.Compare(x.when), strings.Compare(x.name, y.name)) })
	var rows [][]string
	for _, c := range list {
		mark := ""
		switch {
		case c.when.IsZero():
		case c.when.After(began):
			mark = "**since then**"
		case began.Sub(c.when) <= recent:
			mark = "**48 h before**"
		}
		at := "not found"
		if c.at != "" {
			at = code(b.m.word(c.at))
		}
		rows = append(rows, []string{day(c.when), code(b.m.word(c.name)), prose(c.version), c.kind, at, mark})
	}
	b.table([]string{"Changed", "Name", "Version", "Kind", "Path", ""}, rows[:min(len(rows), mostRows)])
	b.more(len(rows)-mostRows, "row")
}

// pluginsOf returns the plugins below the root of a site, which is that of WordPress or, with
// Bedrock, has its content in app.
func pluginsOf(t *tree.Tree, root string) (list []change) {
	for _, content := range []string{path.Join(root, "wp-content"), path.Join(root, "app")} {
		for _, dir := range []struct{ name, kind string }{{"plugins", "plugin"}, {"mu-plugins", "must-use plugin"}} {
			entries, err := t.List(path.Join(content, dir.name))
			if err != nil {
				continue
			}
			for _, e := range entries {
				at := path.Join(content, dir.name, e.Name)
				if e.Name == "index.php" || e.Type == tree.File && path.Ext(e.Name) != ".php" || strings.HasPrefix(e.Name, ".") {
					continue
				}
				version, when := pluginAt(t, at)
				list = append(list, change{e.Name, version, dir.kind, at, when})
			}
		}
		for _, name := range []string{"object-cache.php", "advanced-cache.php", "db.php", "sunrise.php"} {
			at := path.Join(content, name)
			if found, _ := t.Exists(at); found {
				version, when := pluginAt(t, at)
				list = append(list, change{name, version, "drop-in", at, when})
			}
		}
	}
	return list
}

// mostFiles is how many files of a plugin are looked at.
const mostFiles = 50

// pluginVersion finds the version in the header of a plugin (WordPress get_file_data).
var pluginVersion = lazyregexp.New(`(?mi)^[ \t/*#@]*Version:[ \t]*([0-9][0-9A-Za-z.+_-]{0,30})`)

// pluginAt returns the version of a plugin, and when it or a file of PHP in it was changed last.
func pluginAt(t *tree.Tree, at string) (version string, when time.Time) {
	when = t.Modified(at)
	files := []string{at}
	if entries, err := t.List(at); err == nil {
		files = nil
		for _, e := range entries {
			if path.Ext(e.Name) == ".php" && len(files) < mostFiles {
				files = append(files, path.Join(at, e.Name))
			}
		}
	}
	main := path.Join(at, path.Base(at)+".php")
	if i := slices.Index(files, main); i > 0 {
		files = slices.Insert(slices.Delete(files, i, i+1), 0, main)
	}
	for _, name := range files {
		if d := t.Modified(name); d.After(when) {
			when = d
		}
		if version != "" {
			continue
		}
		if text, err := t.Open(name); err == nil {
			head := text.Content[:min(len(text.Content), 8<<10)]
			if m := pluginVersion.FindStringSubmatch(head); m != nil && (strings.Contains(head, "Plugin Name:") || len(files) == 1) {
				version = m[1]
			}
		}
	}
	return version, when
}

// extensionDirs are where distributions and images have the modules of PHP.
var extensionDirs = []string{
	"/usr/lib/php/2*/", "/usr/lib64/php/modules/", "/usr/lib64/php*/modules/", "/usr/lib/php*/modules/", "/usr/local/lib/php/extensions/*/", "/opt/remi/php*/root/usr/lib64/php/modules/",
}

// extensions returns the extensions that the php.ini files of a machine load.
func (b *writer) extensions(m machine) (list []change) {
	if m.stack == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, f := range m.stack.Files {
		if f.File == nil || f.Withheld || f.Role != source.RolePHPIni {
			continue
		}
		again := &source.File{Name: f.File.Name, Real: f.File.Real, Text: f.Text}
		for _, e := range phpini.Load([]*source.File{again}).Entries {
			key := strings.ToLower(e.Key())
			if key != "extension" && key != "zend_extension" || e.Host || e.Path {
				continue
			}
			name := e.Value().Text
			c := change{name: strings.TrimSuffix(path.Base(name), ".so"), kind: "loaded by " + code(b.at(e.Value().At)), when: m.tree.Modified(f.File.Real)}
			for _, at := range modules(m.tree, name) {
				if d := m.tree.Modified(at); c.at == "" || d.After(c.when) {
					c.at, c.when = at, later(c.when, d)
				}
			}
			if !seen[c.name] {
				seen[c.name] = true
				list = append(list, c)
			}
		}
	}
	return list
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// modules returns the files that an extension may be.
func modules(t *tree.Tree, name string) (found []string) {
	if path.IsAbs(name) {
		if found, _ := t.Exists(name); found {
			return []string{name}
		}
		return nil
	}
	for _, dir := range extensionDirs {
		names, _ := t.Glob(dir + strings.TrimSuffix(tree.EscapeGlob(name), ".so") + ".so")
		found = append(found, names...)
	}
	return found
}
