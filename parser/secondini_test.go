package parser_test

import (
	"fmt"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/source"
	inifile "gopkg.in/ini.v1"
)

// options are the options with which ini.v1 is closest to PHP.
var options = inifile.LoadOptions{
	KeyValueDelimiters: "=", IgnoreContinuation: true, SpaceBeforeInlineComment: true, UnescapeValueDoubleQuotes: true,
	AllowBooleanKeys: true, AllowShadows: true, AllowDuplicateShadowValues: true, ChildSectionDelimiter: "\x00",
}

// iniDifference is a reason why ini.v1 reads a setting differently.
type iniDifference struct {
	file string         // in testdata/ini, which shows it
	text *regexp.Regexp // matches the line with the reason
	why  string
}

var iniDifferences = []iniDifference{
	{"word.conf", regexp.MustCompile(`(?i)=\s*(on|yes|true|off|no|none|false|null)\s*(;|$)`), "PHP replaces these words by 1 and nothing"},
	{"constant.conf", regexp.MustCompile(`=.*\b[A-Z]+_[A-Z]+\b`), "PHP replaces its constants by their values"},
	{"operator.conf", regexp.MustCompile(`=[^"']*[|&^~!]`), "PHP calculates"},
	{"equals-sign.conf", regexp.MustCompile(`=[^"']*=`), "PHP refuses a second equals sign without quotes"},
	{"parenthesis.conf", regexp.MustCompile(`=[^"']*[()]`), "PHP refuses a parenthesis without quotes"},
	{"two-words.conf", regexp.MustCompile(`(?i)=\s*(on|yes|true|off|no|none|false|null)\s+\w`), "PHP refuses more words behind one that it replaces"},
	{"semicolon.conf", regexp.MustCompile(`\S;`), "ini.v1 wants a blank in front of a comment"},
	{"hash-behind-value.conf", regexp.MustCompile(`=.*#`), "PHP knows no comment that starts with a hash"},
	{"hash-before-name.conf", regexp.MustCompile(`^\s*#`), "PHP knows no comment that starts with a hash"},
	{"quote-and-comment.conf", regexp.MustCompile(`".*".*;.*"`), "ini.v1 takes the last quote of the line"},
	{"quoted-and-more.conf", regexp.MustCompile(`"[^"]*"[^;\s]`), "PHP puts quoted and plain text together"},
	{"escape.conf", regexp.MustCompile(`"[^"]*\\`), "ini.v1 leaves a doubled backslash"},
	{"apostrophe.conf", regexp.MustCompile(`=[^"']*\w'`), "PHP ends an unquoted value at an apostrophe"},
	{"quotes-over-lines.ini", regexp.MustCompile(`'`), "php.ini has quotes over several lines"},
	{"quote-never-closed.conf", regexp.MustCompile(`=\s*"[^"]*$`), "PHP-FPM reads line by line, ini.v1 refuses the file"},
	{"backticks.conf", regexp.MustCompile("`"), "ini.v1 takes backticks for quotes"},
	{"bare-name.conf", regexp.MustCompile(`^[^=\[]+$`), "PHP gives a name alone no value"},
	{"quoted-index.conf", regexp.MustCompile(`^\w+\[["']`), "PHP takes the quotes from an index"},
	{"blanks-around-index.conf", regexp.MustCompile(`^\w+\s+\[|^\w+\[\s`), "PHP takes blanks from around an index"},
	{"bracket-in-section.conf", regexp.MustCompile(`^\[[^\]]*\][^\]]*\]`), "PHP ends a section at the first bracket"},
	{"quoted-section.conf", regexp.MustCompile(`^\["`), "PHP takes the quotes from a section"},
	{"indented-section.conf", regexp.MustCompile(`^\s+\[`), "PHP refuses blanks in front of a section"},
	{"section-and-key.conf", regexp.MustCompile(`^\[[^\]]*\]\s*[^;\s]`), "PHP reads a setting after its section"},
	{"section-never-closed.conf", regexp.MustCompile(`^\[[^\]]*$`), "PHP-FPM reads line by line, ini.v1 refuses the file"},
	{"dash.conf", regexp.MustCompile(`^-\s*=`), "ini.v1 gives a dash a number"},
	{"quoted-name.conf", regexp.MustCompile(`^\s*"`), "PHP refuses a name in quotes"},
	{"word-as-name.conf", regexp.MustCompile(`(?i)^\s*(on|yes|true|off|no|none|false|null)\s*=`), "PHP refuses these words as names"},
	{"carriage-return.conf", regexp.MustCompile(`\r.`), "PHP ends a line at a carriage return"},
	{"nul.conf", regexp.MustCompile(`\x00`), "PHP-FPM ends a line at a NUL"},
	{"no-break-space.conf", regexp.MustCompile("\u00a0"), "ini.v1 takes a no-break space for a blank"},
	{"empty-value.conf", regexp.MustCompile(`=\s*("")?\s*(;|$)`), "ini.v1 leaves empty values out of its lists"},
}

// setting is one name in one section.
type setting struct{ section, name string }

// settings is the result of reading a text: its values, set in order.
type settings map[setting]string

// oursINI returns the settings of text.
func oursINI(text string, mode ini.Mode) settings {
	all, values, section := settings{}, map[setting][]string{}, "DEFAULT"
	for line := range ini.Parse(&source.File{Name: "x", Text: text}, mode).Lines() {
		if line.Kind() == ini.Section {
			section = line.Key()
			continue
		}
		s := setting{section, line.Key()}
		if line.Indexed() {
			s.name += "[" + line.Index() + "]"
		}
		values[s] = append(values[s], line.Value().Text)
		all[s] = fmt.Sprintf("%q", values[s])
	}
	return all
}

func iniSettings(text string) (settings, error) {
	f, err := inifile.LoadSources(options, []byte(text))
	if err != nil {
		return nil, err
	}
	all := settings{}
	for _, s := range f.Sections() {
		for _, k := range s.Keys() {
			all[setting{s.Name(), k.Name()}] = fmt.Sprintf("%q", k.ValueWithShadows())
		}
	}
	return all, nil
}

// modeOf returns the mode in which PHP reads a file of this name.
func modeOf(name string) ini.Mode {
	if path.Ext(name) == ".ini" {
		return ini.FileMode
	}
	return ini.LineMode
}

// unexplained returns the settings of text that ini.v1 reads differently without a
// reason in known.
func unexplained(text string, mode ini.Mode, known []iniDifference) (out []string) {
	ours := oursINI(text, mode)
	theirs, err := iniSettings(text)
	if err != nil && len(ours) == 0 {
		return nil
	}
	names := slices.SortedFunc(maps.Keys(ours), func(a, b setting) int { return strings.Compare(a.name, b.name) })
	for s := range theirs {
		if _, ok := ours[s]; !ok {
			names = append(names, s)
		}
	}
	for _, s := range names {
		if ours[s] != theirs[s] && !explained(text, s.name, err, known) {
			out = append(out, fmt.Sprintf("[%s] %s: ours %s, ini.v1 %s (%v)", s.section, s.name, ours[s], theirs[s], err))
		}
	}
	return out
}

// explained reports whether a line with the setting, a section header, or any line if
// ini.v1 refused the text, matches a known reason.
func explained(text, name string, refused error, known []iniDifference) bool {
	plain, _, _ := strings.Cut(name, "[")
	for _, line := range strings.Split(text, "\n") {
		start := strings.TrimLeft(line, " \t\"")
		about := strings.HasPrefix(start, plain) || strings.HasPrefix(start, "[") || strings.Contains(line, "\r")
		if !about && refused == nil && !strings.HasPrefix(name, "#") {
			continue
		}
		if slices.ContainsFunc(known, func(d iniDifference) bool { return d.text.MatchString(line) }) {
			return true
		}
	}
	return false
}

func TestINI(t *testing.T) {
	texts := configs(t, source.RolePool, source.RoleFPM, source.RolePHPIni)
	if len(texts) < 50 {
		t.Errorf("only %d texts were compared", len(texts))
	}
	for name, text := range texts {
		for _, why := range unexplained(text, modeOf(name), iniDifferences) {
			t.Errorf("%s: %s", name, why)
		}
	}
}

// Every known difference still exists, and the reason that the table gives is one of its own.
func TestINIDifferences(t *testing.T) {
	shown := map[string]bool{}
	for _, d := range iniDifferences {
		text, err := os.ReadFile("testdata/ini/" + d.file)
		if err != nil {
			t.Fatal(err)
		}
		shown[d.file] = true
		if len(unexplained(string(text), modeOf(d.file), nil)) == 0 {
			t.Errorf("%s: ini.v1 reads it as we do: no longer true that %s", d.file, d.why)
		}
		for _, why := range unexplained(string(text), modeOf(d.file), []iniDifference{d}) {
			t.Errorf("%s: %s does not explain %s", d.file, d.why, why)
		}
	}
	files, err := os.ReadDir("testdata/ini")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !shown[f.Name()] {
			t.Errorf("testdata/ini/%s shows no known difference", f.Name())
		}
	}
}
