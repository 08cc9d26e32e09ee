package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/lint"
)

const helpHelp = `Print the help, or that of a command.

  wp502lint help
  wp502lint help COMMAND`

// verbs are the first arguments of the commands that take one of a few words.
var verbs = map[string][]string{
	"baseline": {"write", "check"}, "config": {"init", "verify", "schema"}, "completion": {"bash", "zsh", "fish", "powershell"},
}

func helpCommand(c command) *cli.Command {
	return &cli.Command{
		Name: "help", Description: helpHelp, Flags: common(),
		Action: func(ctx *cli.Context) error {
			text, err := c.helpOn(ctx.Args().Slice())
			if err == nil {
				_, err = io.WriteString(ctx.App.Writer, text)
			}
			return err
		},
	}
}

// helpOn returns the help of a command, which a word of its own may follow; without a
// command that of the program.
func (c command) helpOn(words []string) (string, error) {
	if len(words) == 0 {
		return topHelp, nil
	}
	all, word := commands(c), words[0]
	command := named(word, all)
	switch {
	case command == nil && lint.Named(c.explained(), word) != nil:
		return "", fmt.Errorf("%s is a rule; \"wp502lint explain %s\" shows it", word, word)
	case command == nil:
		if near := typo.Nearest(word, names(all)); near != "" {
			return "", fmt.Errorf("unknown command %s; did you mean %s?", word, near)
		}
		return "", fmt.Errorf("unknown command %s; \"wp502lint help\" lists all commands", word)
	case len(words) == 2 && verbs[word] != nil && !slices.Contains(verbs[word], words[1]):
		return "", among(word, words[1], verbs[word])
	case len(words) > 2 || len(words) == 2 && verbs[word] == nil:
		return "", fmt.Errorf("help takes one command, not %q too", words[len(words)-1])
	}
	return help(command), nil
}

// help returns the help of a command: its description, then its flags unless
// the description lists them.
func help(command *cli.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", strings.TrimSpace(command.Description))
	if strings.Contains(command.Description, "\nFlags") {
		return b.String()
	}
	b.WriteString("\nFlags:\n")
	for _, flag := range command.Flags {
		value, usage := describe(flag)
		fmt.Fprintf(&b, "  %-22s %s\n", strings.TrimSpace("--"+flag.Names()[0]+" "+value), usage)
	}
	return b.String()
}

// describe returns the name of a flag's value in the help, "" for a flag
// without one, and the text about the flag.
func describe(flag cli.Flag) (value, usage string) {
	doc, ok := flag.(cli.DocGenerationFlag)
	if !ok {
		return "", ""
	}
	if parts := strings.SplitN(doc.GetUsage(), "`", 3); len(parts) == 3 {
		return parts[1], strings.TrimSpace(parts[2])
	}
	return "", doc.GetUsage()
}
