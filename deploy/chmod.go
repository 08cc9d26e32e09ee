package deploy

import (
	"io/fs"
	"strings"
)

// modeSets are the letters of a symbolic mode that say whose permissions it changes.
var modeSets = map[rune]fs.FileMode{'u': 0o700, 'g': 0o070, 'o': 0o007, 'a': 0o777}

// symbolic applies a mode such as u+x,go-w or g=u to the permissions of a file. Where it
// names nobody, what the umask of a build (0022) masks stays as it is.
// Source: chmod(1), and POSIX, chmod, which coreutils and BusyBox follow.
func symbolic(mode fs.FileMode, text string, dir bool) (fs.FileMode, bool) {
	for clause := range strings.SplitSeq(text, ",") {
		i := strings.IndexAny(clause, "+-=")
		if i < 0 {
			return 0, false
		}
		var who, umask fs.FileMode
		for _, c := range clause[:i] {
			who |= modeSets[c]
		}
		if who == 0 {
			who, umask = 0o777, 0o022
		}
		for rest := clause[i:]; rest != ""; {
			op := rest[0]
			letters := rest[1:]
			if end := strings.IndexAny(letters, "+-="); end >= 0 {
				letters = letters[:end]
			}
			rest = rest[1+len(letters):]
			mode = change(mode, op, who, umask, letters, dir)
		}
	}
	return mode, true
}

// change applies one operator of a symbolic mode, with the letters after it.
func change(mode fs.FileMode, op byte, who, umask fs.FileMode, letters string, dir bool) fs.FileMode {
	var what fs.FileMode
	for _, c := range letters {
		switch {
		case c == 's' && who&0o070 != 0:
			who, what = who|fs.ModeSetgid, what|fs.ModeSetgid
		case c == 'X' && (dir || mode&0o111 != 0):
			what |= 0o111
		case c == 'u' || c == 'g' || c == 'o':
			bits := mode & modeSets[c] >> map[rune]uint{'u': 6, 'g': 3, 'o': 0}[c] // one of the three sets, copied to all of them
			what |= bits | bits<<3 | bits<<6
		default:
			what |= map[rune]fs.FileMode{'r': 0o444, 'w': 0o222, 'x': 0o111}[c]
		}
	}
	switch op {
	case '+':
		return mode | who&^umask&what
	case '-':
		return mode &^ (who &^ umask & what)
	}
	return mode&^who | who&^umask&what
}
