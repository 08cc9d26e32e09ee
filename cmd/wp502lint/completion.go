package main

import (
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/report"
)

const completionHelp = `Print a script that completes commands, flags, rules and formats in a shell.

  wp502lint completion bash > /etc/bash_completion.d/wp502lint
  wp502lint completion zsh  > "${fpath[1]}/_wp502lint"
  wp502lint completion fish > ~/.config/fish/completions/wp502lint.fish
  wp502lint completion powershell >> $PROFILE`

func completionCommand(c command) *cli.Command {
	return &cli.Command{
		Name: "completion", Description: completionHelp, Flags: common(),
		Action: func(ctx *cli.Context) error {
			shell, err := verbOf(ctx, verbs["completion"]...)
			if err != nil {
				return err
			}
			if ctx.NArg() > 1 {
				return fmt.Errorf("completion takes one shell, not %q too", ctx.Args().Get(1))
			}
			script := newCompletion(c)
			map[string]func(){"bash": script.bash, "zsh": script.zsh, "fish": script.fish, "powershell": script.powershell}[shell]()
			_, err = io.WriteString(ctx.App.Writer, script.String())
			return err
		},
	}
}

// completion is a script in progress, and what a shell needs to complete a command
// line.
type completion struct {
	strings.Builder
	commands []*cli.Command
	words    map[string][]string // what follows a command
	values   map[string][]string // and a flag; other flags take a file
}

func newCompletion(c command) *completion {
	var rules, pages []string
	for _, r := range c.rules {
		rules = append(rules, r.Name, r.ID)
	}
	for _, r := range c.explained() {
		pages = append(pages, r.Name, r.ID)
	}
	all := commands(c)
	words := map[string][]string{"explain": pages, "rules": pages, "help": names(all)}
	maps.Copy(words, verbs)
	return &completion{
		commands: all, words: words,
		values: map[string][]string{
			"check --format": report.Names(), "--rule": rules, "--disable": rules, "--preset": project.Presets, "--output-format": report.Layouts,
			"--fail-on": {"error", "warning", "note", "never"}, "--color": {"auto", "always", "never"},
			"diagnose --format": {"text", "json", "markdown"}, "machines --format": {"text", "json"}, "rules --format": {"text", "json"},
			"--memory": {}, "--reserve": {}, "--worker-memory": {}, "--since": {}, "--until": {}, "--tz": {}, "--new-from": {}, // no list, and no file
		},
	}
}

// valuesOf returns the values of a flag of a command; ok is false if it takes a file.
func (c *completion) valuesOf(command, flag string) (values []string, ok bool) {
	if values, ok = c.values[command+" --"+flag]; !ok {
		values, ok = c.values["--"+flag]
	}
	return values, ok
}

// line writes a line of the script.
func (c *completion) line(format string, args ...any) { fmt.Fprintf(c, format+"\n", args...) }

// flags returns the flags of a command as they are typed.
func flags(command *cli.Command) (typed []string) {
	for _, flag := range command.Flags {
		typed = append(typed, "--"+flag.Names()[0])
	}
	return typed
}

// names returns the names of commands.
func names(commands []*cli.Command) (names []string) {
	for _, command := range commands {
		names = append(names, command.Name)
	}
	return names
}

// bash writes a script that needs only bash itself.
func (c *completion) bash() {
	c.line("# wp502lint completes in bash.")
	c.line("_wp502lint() {")
	c.line("    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=check i")
	c.line("    for ((i = 1; i < COMP_CWORD; i++)); do")
	c.line("        case ${COMP_WORDS[i]} in %s) command=${COMP_WORDS[i]}; break ;; esac", strings.Join(names(c.commands), "|"))
	c.line("    done")
	c.line("    [[ $word == = ]] && word=")
	c.line("    [[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD-2]}")
	c.line("    compopt -o default 2>/dev/null")
	c.line("    case $command:$before in")
	for _, command := range c.commands {
		for _, flag := range command.Flags {
			if !takesValue(flag) {
				continue
			}
			name := flag.Names()[0]
			c.line("    %s:--%s)", command.Name, name)
			if values, _ := c.valuesOf(command.Name, name); len(values) > 0 {
				c.line("        mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$word\"); return ;;", strings.Join(values, " "))
			} else {
				c.line("        COMPREPLY=(); return ;;")
			}
		}
	}
	c.line("    esac")
	c.line("    case $command in")
	for _, command := range c.commands {
		if command.Name == "check" {
			c.line("    check)")
			c.line("        if [[ $COMP_CWORD == 1 || $word == -* ]]; then")
			c.line("            mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$word\")", strings.Join(append(flags(command), names(c.commands)...), " "))
			c.line("        fi ;;")
			continue
		}
		words := append(flags(command), c.words[command.Name]...)
		c.line("    %s) mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$word\") ;;", command.Name, strings.Join(words, " "))
	}
	c.line("    esac")
	c.line("}")
	c.line("complete -F _wp502lint wp502lint")
}

// zsh writes a function for a file called _wp502lint.
func (c *completion) zsh() {
	c.line("#compdef wp502lint")
	c.line("# wp502lint completes in zsh.")
	c.line("_wp502lint() {")
	c.line("    local command=check word")
	c.line("    for word in ${words[2,CURRENT-1]}; do")
	c.line("        case $word in (%s) command=$word; break ;; esac", strings.Join(names(c.commands), "|"))
	c.line("    done")
	c.line("    if (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then")
	c.line("        compadd -- %s", strings.Join(names(c.commands), " "))
	c.line("    fi")
	c.line("    case $command in")
	for _, command := range c.commands {
		c.line("    (%s)", command.Name)
		c.line("        _arguments -S \\")
		for _, flag := range command.Flags {
			c.line("            %s \\", c.zshFlag(command.Name, flag))
		}
		after := "_files"
		if words := c.words[command.Name]; words != nil {
			after = "(" + strings.Join(words, " ") + ")"
		}
		c.line("            '*: :%s' ;;", after)
	}
	c.line("    esac")
	c.line("}")
	c.line("_wp502lint \"$@\"")
}

func (c *completion) zshFlag(command string, flag cli.Flag) string {
	name := flag.Names()[0]
	value, usage := describe(flag)
	usage = strings.NewReplacer("'", "'\\''", "[", `\[`, "]", `\]`, ":", `\:`).Replace(usage)
	if !takesValue(flag) {
		return fmt.Sprintf("'--%s[%s]'", name, usage)
	}
	action := "_files"
	if values, ok := c.valuesOf(command, name); ok {
		action = "(" + strings.Join(values, " ") + ")"
	}
	return fmt.Sprintf("'*--%s=[%s]:%s:%s'", name, usage, strings.NewReplacer(":", " ", "[", "(", "]", ")").Replace(value), action)
}

// fish writes a list of complete commands.
func (c *completion) fish() {
	c.line("# wp502lint completes in fish.")
	c.line("set -l commands %s", strings.Join(names(c.commands), " "))
	for _, command := range c.commands {
		about, _, _ := strings.Cut(command.Description, "\n")
		c.line("complete -c wp502lint -n \"not __fish_seen_subcommand_from $commands\" -a %s -d %s", command.Name, fishQuote(about))
	}
	for _, command := range c.commands {
		when := "__fish_seen_subcommand_from " + command.Name
		if command.Name == "check" {
			when = "not __fish_seen_subcommand_from " + strings.Join(names(c.commands)[1:], " ")
		}
		for _, flag := range command.Flags {
			_, usage := describe(flag)
			line := fmt.Sprintf("complete -c wp502lint -n %s -l %s -d %s", fishQuote(when), flag.Names()[0], fishQuote(usage))
			if takesValue(flag) {
				line += " -r"
				if values, ok := c.valuesOf(command.Name, flag.Names()[0]); ok {
					line += " -f -a " + fishQuote(strings.Join(values, " "))
				}
			}
			c.line("%s", line)
		}
		if words := c.words[command.Name]; words != nil {
			c.line("complete -c wp502lint -n %s -f -a %s", fishQuote(when), fishQuote(strings.Join(words, " ")))
		}
	}
}

func fishQuote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
