package diagnose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/servers"
)

// Fix returns what to change, in Markdown: the text of the rule, or of the cause; "" for nothing.
func (i *Incident) Fix() string {
	if says := inApache[i.Cause]; says != "" && i.Web == servers.Apache && !i.ofApacheAlone() {
		return i.filled(says)
	}
	if i.Cause.Next != "" && len(i.Findings) == 0 {
		return i.Cause.Next
	}
	if i.Rule != nil && i.Number != 0 {
		return i.filled(i.Rule.Fix)
	}
	return i.Cause.Next
}

// ofApacheAlone reports whether the rule of a finding of check is about Apache alone, so that it says
// what to change there.
func (i *Incident) ofApacheAlone() bool {
	return i.Rule != nil && len(i.Findings) > 0 && slices.Contains(apacheRules, i.Rule.ID)
}

// apacheRules are the rules about the files of Apache alone.
var apacheRules = []string{"WP214", "WP215", "WP216", "WP427", "WP428", "WP801", "WP802", "WP803", "WP804"}

// Verify returns commands that show whether the cause is the one named, and whether it is gone.
// Words in capitals that the incident does not decide are left for the reader to fill in.
func (i *Incident) Verify() (commands []string) {
	rule := i.Rule
	if rule == nil || i.Number == 0 && !i.OfEdge() {
		return nil
	}
	if own := i.Cause.rule(); len(rule.Verify) == 0 && own != nil {
		rule = own
	}
	for _, command := range i.commandsIn(rule.Verify) {
		if command = i.filled(command); !i.misfits(command) {
			commands = append(commands, command)
		}
	}
	return commands
}

// misfits reports whether a command is about a port where the incident is about a socket, or the
// other way round.
func (i *Incident) misfits(command string) bool {
	words := blanks.FindAllString(command, -1)
	if strings.HasPrefix(i.About, "/") {
		return slices.Contains(words, "PORT") || slices.Contains(words, "ADDRESS")
	}
	return strings.Contains(i.About, ":") && slices.Contains(words, "SOCKET")
}

// blanks are the placeholders in the commands of rules.
var blanks = lazyregexp.New(`\b(SOCKET|ADDRESS|PORT|HOST|PATH|POOL|UNIT|FILE)\b`)

// filled returns a text of a rule with the names of the incident in place of the words in
// capitals.
func (i *Incident) filled(text string) string {
	values := map[string]string{"POOL": first(i.Pools), "HOST": first(i.Sites)}
	if strings.HasPrefix(i.About, "/") {
		values["SOCKET"] = i.About
	} else if at := strings.LastIndexByte(i.About, ':'); at > 0 {
		values["ADDRESS"], values["PORT"] = i.About, i.About[at+1:]
	}
	if len(i.URLs) > 0 {
		values["PATH"] = strings.TrimPrefix(i.URLs[0].Path, "/")
		if values["PATH"] == "" {
			text = strings.ReplaceAll(text, "/PATH", "/")
		}
	}
	for _, m := range i.marks {
		if unit := m.Field("unit"); values["UNIT"] == "" && isFPMUnit(unit) {
			values["UNIT"] = unit
		}
	}
	if i.version != "" {
		values["UNIT"] = "php" + i.version + "-fpm"
		text = strings.NewReplacer("php8.3-fpm", "php"+i.version+"-fpm", "php-fpm8.3", "php-fpm"+i.version).Replace(text)
	}
	return blanks.ReplaceAllStringFunc(text, func(word string) string { return cmp.Or(shellSafe(values[word]), word) })
}

// shellSafe returns a name of a log if it can be part of a command; "" otherwise, since somebody
// may copy it.
func shellSafe(name string) string {
	const safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._:-[]%@+,=~"
	if strings.HasPrefix(name, "-") || strings.ContainsFunc(name, func(r rune) bool { return !strings.ContainsRune(safe, r) }) {
		return ""
	}
	return name
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
