package main

import (
	"slices"
	"strings"
	"testing"
)

// Debian has no package of PowerShell, so its script is read here as well: every text and block
// ends, and each command, flag and value is in it.
func TestPowerShellScript(t *testing.T) {
	c := newCompletion(command{rules: wordRules})
	c.powershell()
	words, open := powershellTokens(c.String())
	if open != "" {
		t.Fatalf("not closed: %s", open)
	}
	want := names(c.commands)
	for _, command := range c.commands {
		want = append(want, flags(command)...)
		want = append(want, c.words[command.Name]...)
		for _, flag := range command.Flags {
			if values, _ := c.valuesOf(command.Name, flag.Names()[0]); takesValue(flag) && len(values) > 0 {
				want = append(want, append(values, command.Name+" --"+flag.Names()[0])...)
			}
		}
	}
	for _, word := range want {
		if !slices.Contains(words, word) {
			t.Errorf("the script lacks %q", word)
		}
	}
	for _, broken := range []string{"{ @('a') ", "@('a", `"a`, "(]", "}"} {
		if _, open := powershellTokens(broken); open == "" {
			t.Errorf("%s is closed", broken)
		}
	}
}

// powershellTokens returns the texts in single quotes of a script without comments at the end of
// lines, and what is not closed or closes nothing.
func powershellTokens(script string) (words []string, open string) {
	for i := 0; i < len(script); i++ {
		switch c := script[i]; c {
		case '#':
			i += strings.IndexByte(script[i:]+"\n", '\n')
		case '\'', '"':
			end := strings.IndexByte(script[i+1:], c)
			if end < 0 {
				return words, open + string(c)
			}
			if c == '\'' {
				words = append(words, script[i+1:i+1+end])
			}
			i += end + 1
		case '(', '[', '{':
			open += string(c)
		case ')', ']', '}':
			if !strings.HasSuffix(open, map[byte]string{')': "(", ']': "[", '}': "{"}[c]) {
				return words, open + string(c)
			}
			open = open[:len(open)-1]
		}
	}
	return words, open
}
