package mutate

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// changeFile deletes, renames, copies, empties, truncates or swaps whole files. The
// files that the servers are started with keep their names.
func (d *draft) changeFile() string {
	f := d.file()
	switch kind := d.IntN(8); {
	case kind == 0:
		at := d.IntN(len(f.text) + 1)
		what := f.at(at) + " is the end of the file"
		f.text = f.text[:at]
		return what
	case kind == 1 && !f.main:
		f.text = ""
		return f.name + " is emptied"
	case f.main:
		return ""
	case kind <= 3:
		f.gone = true
		return f.name + " is deleted"
	case kind == 4:
		return d.exchange(f, d.file())
	case kind == 5:
		return d.link(f)
	}
	dir, base := path.Split(f.name)
	name := dir + pick(d, []string{base + ".bak", base + "~", "." + base, "00-" + base, "zz-" + base, strings.ToUpper(base), strings.TrimSuffix(base, ".conf"), base + ".conf", base + ".disabled", "a b.conf", "old/" + base})
	if d.named(name) != nil {
		return ""
	}
	if d.IntN(2) == 0 {
		d.files = append(d.files, &draftFile{name: name, text: f.text, role: f.role})
		return fmt.Sprintf("%s is copied to %s", f.name, name)
	}
	what := fmt.Sprintf("%s is renamed to %s", f.name, name)
	f.name = name
	return what
}

func (d *draft) named(name string) *draftFile {
	for _, f := range d.files {
		if f.name == name && !f.gone {
			return f
		}
	}
	return nil
}

func (d *draft) exchange(f, g *draftFile) string {
	if f == g || f.role != g.role || g.main {
		return ""
	}
	f.text, g.text = g.text, f.text
	return fmt.Sprintf("%s and %s change places", f.name, g.name)
}

// link replaces a file with a link.
func (d *draft) link(f *draftFile) string {
	target := pick(d, []string{"missing", "/etc/nowhere/x", ".", f.name, "../" + path.Base(f.name) + ".real"})
	f.gone = true
	d.links = append(d.links, cases.Link{Name: f.name, Target: target})
	if strings.HasSuffix(target, ".real") {
		real := path.Join(path.Dir(f.name), target)
		d.files = append(d.files, &draftFile{name: real, text: f.text, role: f.role})
	}
	return fmt.Sprintf("%s is a link to %s", f.name, target)
}

// spoilPair changes the certificate or the key of the host.
func (d *draft) spoilPair() string {
	f, other := d.named(Certificate), d.named(Key)
	if f == nil || other == nil {
		return ""
	}
	if d.IntN(2) == 0 {
		f, other = other, f
	}
	switch d.IntN(6) {
	case 0:
		f.text = ""
		return f.name + " is emptied"
	case 1:
		f.text = f.text[:len(f.text)/2]
		return f.name + " loses its second half"
	case 2:
		f.text, other.text = other.text, f.text
		return f.name + " and " + other.name + " change places"
	case 3:
		f.gone = true
		return f.name + " is deleted"
	case 4:
		f.text += other.text
		return f.name + " gets the text of " + other.name + " too"
	default:
		return d.link(f)
	}
}

// changeMode changes the owner and the mode of the directory of a socket, or of
// a directory above a site.
func (d *draft) changeMode() string {
	dir := pick(d, []string{"/run/php", "/run", "/run/php-fpm"})
	if d.named(dir+"/.keep") == nil && dir != "/run" {
		return ""
	}
	mode := cases.Mode{Path: dir, Type: tree.Dir, Bits: fs.FileMode(pick(d, []uint32{0o700, 0o711, 0o750, 0o755, 0o744, 0o770}))}
	mode.GID = pick(d, []uint32{0, 0, 33})
	d.modes = append(d.modes, mode)
	return fmt.Sprintf("%s is of mode %04o and group %d", dir, mode.Bits, mode.GID)
}

// changeBytes changes a few bytes regardless of their meaning.
func (d *draft) changeBytes() string {
	f := d.file()
	if len(f.text) == 0 {
		return ""
	}
	at := d.IntN(len(f.text))
	what := f.at(at)
	switch d.IntN(5) {
	case 0:
		what += fmt.Sprintf(": the byte %q is deleted", f.text[at:at+1])
		f.replace(at, at+1, "")
	case 1:
		new := string([]byte{byte(d.IntN(256))})
		what += fmt.Sprintf(": the byte %q becomes %q", f.text[at:at+1], new)
		f.replace(at, at+1, new)
	case 2:
		new := pick(d, []string{"\x00", "\xff", "\u00a0", "{", "}", ";", "#", `"`, "'", "\\", "$", "\r", "\n", "\t", "=", "[", "]", "`", "(", ")", "*", "\ufeff", "é", "|", "&", "!"})
		what += fmt.Sprintf(": %q is inserted", new)
		f.replace(at, at, new)
	case 3:
		end := min(len(f.text), at+1+d.IntN(12))
		what += fmt.Sprintf(": %q is deleted", f.text[at:end])
		f.replace(at, end, "")
	default:
		line := f.wholeLine(at, "")
		what += fmt.Sprintf(": the line %q is deleted", line.text())
		f.replace(line.from, min(len(f.text), line.to+1), "")
	}
	return what
}

// wholeFile changes all line ends, or the start or the end of a file.
func (d *draft) wholeFile() string {
	f := d.file()
	switch d.IntN(7) {
	case 0:
		f.text = strings.ReplaceAll(f.text, "\n", "\r\n")
		return f.name + " gets CRLF"
	case 1:
		f.text = "\ufeff" + f.text
		return f.name + " gets a byte order mark"
	case 2:
		f.text = strings.TrimRight(f.text, "\n")
		return f.name + " loses the end of its last line"
	case 3:
		f.text = strings.ReplaceAll(f.text, "\n", "\n\n")
		return f.name + " gets empty lines"
	case 4:
		f.text = strings.ReplaceAll(f.text, " ", "\t")
		return f.name + " gets tabs for blanks"
	case 5:
		f.text += "\x1a"
		return f.name + " ends with the end-of-file sign of DOS"
	}
	if f.role == source.RoleNginx {
		return ""
	}
	f.text = strings.ReplaceAll(f.text, "\n", "\r")
	return f.name + " gets CR for line ends"
}
