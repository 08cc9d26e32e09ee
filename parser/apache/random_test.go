package apache

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// made is how many random programs a real Apache reads.
var made = flag.Int("programs", 150, "the number of random programs for a real Apache")

// mixed are the lines of random programs, most of them as people write them.
var mixed = []string{
	"UnsetEnv a", "UnsetEnv a b", "UnsetEnv \"a b\" c", "UnsetEnv ${V} x${W}y", "UnsetEnv \"${V}\"", "UnsetEnv a \\", "UnsetEnv ${KNOWN}",
	"<Directory /x>", "<Directory \"/x y\">", "<VirtualHost *:80>", "<Files a>", "<If \"true\">", "<Location /a> b", "<IfModule mod_env.c>", "<IfModule !mod_env.c>",
	"<IfModule x>", "<IfDefine V>", "<IfDefine !V>", "<IfVersion >= 2.4>", "<IfVersion < 2.4>", "<IfFile a.conf>", "<IfFile /none>", "<IfModule env_module>", "<IfDirective UnsetEnv>", "<IfDirective !Foo>", "<IfSection Directory>", "<IfSection proxy>", "<IfDirective RewriteRule>",
	"</Directory>", "</VirtualHost>", "</Files>", "</If>", "</Location>", "</IfModule>", "</IfModule>", "</ifmodule>", "</IfDefine>", "</IfDefine>", "</IfVersion>", "</IfFile>", "</IfDirective>", "</IfSection>",
	"Define V v", "Define V \"v w\"", "Define W ${V}", "Define V", "UnDefine V", "UnDefine W", "Define X a\\\\b",
	"Include a.conf", "Include b.conf", "Include d", "IncludeOptional none", "Include *.inc", "IncludeOptional d/*/*", "Include [ab].conf",
	"<Macro m>", "<Macro m $a>", "<Macro n $a @b>", "</Macro>", "</Macro>", "Use m", "Use m x", "Use n 1 \"2 3\"", "Use n ${V} $a", "UnsetEnv $a", "UnsetEnv x$a @b", "UndefMacro m",
	"# c", "# c \\", "", "  ", "\tUnsetEnv  z\t", "LoadModule env_module x.so",
}

// pieces of random lines, which are put together at random.
var pieces = []string{
	"UnsetEnv ", "unsetenv\t", "a", "b", " ", " ", " ", "\"", "'", "\\", "\\\\", "\\\"", "\\'", "$", "${", "}", "${V}", "${KNOWN}", "#", "<", ">", "</", "\\\n", "\\\r\n", "\r", "\v", "\f",
	"\n", "\n", "\n", "\nUnsetEnv ", "\nUnsetEnv ", "\nDefine V ", "<If \"true\">\n", "\n</If>\n", "\"c d\"", "'e f'", "\x00", "\xff", "\\ ", "\n<IfModule ", "mod_env.c>", "x>\n", "</IfModule>\n", "</IfModule",
	"\nUse m ", "\n<Macro m $a>\nUnsetEnv $a\n</Macro>\n", "$a", "<Directory /x>\n", "</Directory>\n", "<Directory \"/y\"> ", "\n<IfVersion ", "2.4>\n", "</IfVersion>\n",
}

// program returns a random main file after the frame, and the files that it may include.
func (s server) program(r *rand.Rand) map[string]string {
	files := map[string]string{"a.conf": text(r, 3), "b.conf": text(r, 2), "d/1": text(r, 1), "d/.2": text(r, 1), "d/e/3": text(r, 1)}
	files["main.conf"] = s.frame() + text(r, 2+r.IntN(10))
	return files
}

// text returns a random text of about n lines, most often with sections that close.
func text(r *rand.Rand, n int) string {
	var b strings.Builder
	if r.IntN(3) == 0 {
		for range 4 * n {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		if r.IntN(2) == 0 {
			b.WriteByte('\n')
		}
		return b.String()
	}
	var open []string
	balanced := r.IntN(4) > 0
	for range n {
		line := mixed[r.IntN(len(mixed))]
		if balanced && (strings.HasPrefix(line, "</") || strings.HasSuffix(line, `\`)) {
			continue
		}
		if balanced && strings.HasPrefix(line, "<") {
			name, _, _ := strings.Cut(line[1:], " ")
			open = append(open, "</"+name+">")
		}
		b.WriteString(line + "\n")
		for len(open) > 0 && r.IntN(3) == 0 {
			b.WriteString(open[len(open)-1] + "\n")
			open = open[:len(open)-1]
		}
	}
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteString(open[i] + "\n")
	}
	out := b.String()
	if r.IntN(6) == 0 {
		out = strings.TrimSuffix(out, "\n")
	}
	return out
}

func TestRandomByApache(t *testing.T) {
	s := realServer(t)
	seed := uint64(len(mixed))
	if *made > 150 {
		seed = uint64(os.Getpid())
	}
	r := rand.New(rand.NewPCG(seed, 2))
	accepted, refused, late := 0, 0, 0
	for range *made {
		files := s.program(r)
		want := s.ask(t, files)
		switch {
		case want.late:
			late++
		case want.refusal != "":
			refused++
		default:
			accepted++
		}
		if got, _ := s.ours(files); !s.same(want, got) {
			var b strings.Builder
			for name, text := range files {
				fmt.Fprintf(&b, "%s: %s\n", name, strconv.Quote(strings.TrimPrefix(text, s.frame())))
			}
			t.Errorf("%s\nours:\n%s%s\nApache:\n%s%s", b.String(), got.refusal, got.tree, want.refusal, want.tree)
		}
		for name := range files {
			if err := os.Remove(filepath.Join(s.dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("seed %d: %d accepted, %d refused while reading, %d later", seed, accepted, refused, late)
	if accepted*8 < *made || refused*8 < *made {
		t.Errorf("%d accepted and %d refused of %d programs: too few of a kind", accepted, refused, *made)
	}
}
