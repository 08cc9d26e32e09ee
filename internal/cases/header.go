package cases

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/tree"
)

// orders say how the bytes of a file differ from its text in the archive.
type orders struct {
	line       int
	file, kind string
}

// modeLine is a mode whose names are not looked up yet.
type modeLine struct {
	line                     int
	bits, owner, group, path string
}

// clause is one kind of header line. Its pattern distinguishes it from prose.
type clause struct {
	pattern *regexp.Regexp
	read    func(h *Header, args []string) error
}

var clauses = []clause{
	{regexp.MustCompile(`^nginx refuses$`), func(h *Header, _ []string) error {
		h.NginxRefuses = true
		return nil
	}},
	{regexp.MustCompile(`^apache refuses$`), func(h *Header, _ []string) error {
		h.ApacheRefuses = true
		return nil
	}},
	{regexp.MustCompile(`^fpm refuses$`), func(h *Header, _ []string) error {
		h.FPMRefuses = true
		return nil
	}},
	{regexp.MustCompile(`^frame: (none|apache)$`), func(h *Header, args []string) error {
		h.NoFrame, h.ApacheFrame = args[0] == "none", args[0] == "apache"
		return nil
	}},
	{regexp.MustCompile(`^(?:(tunnel|edge) )?GET ([a-z][a-z0-9.-]*)?(/\S*) -> (\d{3}|source)(?: x(\d+))?$`), readRequest},
	{regexp.MustCompile(`^memory (\d\S*)$`), readMemory},
	{regexp.MustCompile(`^today (\d\S*)$`), readToday},
	{regexp.MustCompile(`^nginx-version (\d\S*)$`), func(h *Header, args []string) error {
		h.NginxVersion = args[0]
		return nil
	}},
	{regexp.MustCompile(`^cloudflare$`), func(h *Header, _ []string) error {
		h.Cloudflare = true
		return nil
	}},
	{regexp.MustCompile(`^link (\S+) -> (\S+)$`), func(h *Header, args []string) error {
		h.Links = append(h.Links, Link{path.Clean("/" + args[0]), args[1]})
		return nil
	}},
	{regexp.MustCompile(`^mode ([0-7]{3,4}) ([^\s:]+):([^\s:]+) (\S+)$`), readMode},
	{regexp.MustCompile(`^bytes (\S+) (crlf|bom|no-final-newline)$`), func(h *Header, args []string) error {
		h.bytes = append(h.bytes, orders{h.line, path.Clean("/" + args[0]), args[1]})
		return nil
	}},
}

func readRequest(h *Header, args []string) error {
	r := Request{By: args[0], Host: args[1], Path: args[2], Times: 1, Status: 200, Source: args[3] == "source"}
	if !r.Source {
		r.Status, _ = strconv.Atoi(args[3]) // three digits
	}
	if args[4] != "" {
		var err error
		if r.Times, err = strconv.Atoi(args[4]); err != nil || r.Times < 1 {
			return fmt.Errorf("%q is not a number of requests", args[4])
		}
	}
	h.Requests = append(h.Requests, r)
	return nil
}

func readMemory(h *Header, args []string) (err error) {
	h.Memory, err = host.ParseSize(args[0])
	return err
}

func readToday(h *Header, args []string) (err error) {
	h.Today, err = time.Parse(time.DateOnly, args[0])
	return err
}

func readMode(h *Header, args []string) error {
	h.modes = append(h.modes, modeLine{h.line, args[0], args[1], args[2], args[3]})
	return nil
}

// parseHeader reads the text above the first file: prose, then clauses. Only
// clauses, marks and empty lines may follow the first clause.
func (c *Case) parseHeader(comment []byte) error {
	prose := true
	for line := range strings.Lines(string(comment)) {
		c.line++
		trimmed := strings.TrimSpace(line)
		if m := placed.FindStringSubmatch(trimmed); m != nil {
			c.Marks = append(c.Marks, Mark{Line: c.line, Note: m[1] == "-", Rule: m[3], Text: m[4]})
			continue
		}
		c.comment = append(c.comment, line...)
		known, err := c.readClause(trimmed)
		if err != nil {
			return fmt.Errorf("line %d: %s: %w", c.line, trimmed, err)
		}
		if known {
			prose = false
		} else if !prose && trimmed != "" {
			return fmt.Errorf("line %d: %q is not a header line, and prose is above the header", c.line, trimmed)
		}
	}
	return nil
}

func (c *Case) readClause(line string) (known bool, err error) {
	for _, k := range clauses {
		if m := k.pattern.FindStringSubmatch(line); m != nil {
			return true, k.read(&c.Header, m[1:])
		}
	}
	return false, nil
}

// setBytes gives files the bytes that a text archive cannot hold.
func (c *Case) setBytes() error {
	for _, o := range c.bytes {
		f := c.file(o.file)
		if f == nil {
			return fmt.Errorf("line %d: the archive has no %s", o.line, o.file)
		}
		switch o.kind {
		case "crlf":
			f.Text = strings.ReplaceAll(f.Text, "\n", "\r\n")
		case "bom":
			f.Text, f.bom = "\ufeff"+f.Text, true
		case "no-final-newline":
			f.Text = strings.TrimSuffix(strings.TrimSuffix(f.Text, "\n"), "\r")
		}
	}
	return nil
}

// setModes looks up the accounts of the mode lines.
func (c *Case) setModes() error {
	texts := c.Texts()
	users, groups := host.ParseUsers(texts["/etc/passwd"]), host.ParseGroups(texts["/etc/group"])
	for _, l := range c.modes {
		bits, err := strconv.ParseUint(l.bits, 8, 32)
		if err != nil {
			return fmt.Errorf("line %d: %w", l.line, err)
		}
		m := Mode{Path: path.Clean("/" + l.path), Bits: fs.FileMode(bits), Type: tree.Socket}
		if _, ok := texts[m.Path]; ok {
			m.Type = tree.File
		} else if strings.HasSuffix(l.path, "/") || holds(texts, m.Path) {
			m.Type = tree.Dir
		}
		user, known := users.Lookup(l.owner)
		if m.UID, err = account(l.owner, user.UID, known); err != nil {
			return fmt.Errorf("line %d: /etc/passwd %w", l.line, err)
		}
		group, known := groups.Lookup(l.group)
		if m.GID, err = account(l.group, group.GID, known); err != nil {
			return fmt.Errorf("line %d: /etc/group %w", l.line, err)
		}
		c.Modes = append(c.Modes, m)
	}
	return nil
}

// holds reports whether dir is the directory of a file.
func holds(texts map[string]string, dir string) bool {
	for name := range texts {
		if strings.HasPrefix(name, dir+"/") {
			return true
		}
	}
	return false
}

// account returns the number of a name, if it is known, or a number in a mode line.
func account(name string, number uint32, known bool) (uint32, error) {
	if n, err := strconv.ParseUint(name, 10, 32); err == nil {
		return uint32(n), nil
	}
	if !known {
		return 0, fmt.Errorf("has no %s", name)
	}
	return number, nil
}
