package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/report"
)

const completionHelp = `Print a script that completes commands, flags, rules and formats in a shell.

  wp502lint completion bash > /etc/bash_completion.d/wp502lint
  wp502lint completion zsh  > "${fpath[1]}/_wp502lint"
  wp502lint completion fish > ~/.config/fish/completions/wp502lint.fish`

func completionCommand(c command) *cli.Command {
	return &cli.Command{
		Name: "completion", Description: completionHelp, Flags: common(),
		Action: func(ctx *cli.Context) error {
			shell, err := verbOf(ctx, "bash", "zsh", "fish")
			if err != nil {
				return err
			}
			if ctx.NArg() > 1 {
				return fmt.Errorf("completion takes one shell, not %q too", ctx.Args().Get(1))
			}
			scripts := map[string]func(*completion) string{"bash": (*completion).bash, "zsh": (*completion).zsh, "fish": (*completion).fish}
			_, err = io.WriteString(ctx.App.Writer, scripts[shell](newCompletion(c)))
			return err
		},
	}
}

// completion is what a shell needs to complete a command line.
type completion struct {
	commands []*cli.Command
	words    map[string][]string // what follows a command
	values   map[string][]string // and a flag; other flags take a file
}

func newCompletion(c command) *completion {
	var rules []string
	for _, r := range c.rules {
		rules = append(rules, r.Name, r.ID)
	}
	formats := report.Names()
	return &completion{
		commands: commands(c),
		words: map[string][]string{
			"explain": rules, "baseline": {"write", "check"}, "config": {"verify", "schema"}, "completion": {"bash", "zsh", "fish"},
		},
		values: map[string][]string{
			"format": formats, "rule": rules, "disable": rules,
			"fail-on": {"error", "warning", "note", "never"}, "color": {"auto", "always", "never"},
			"memory": nil, "reserve": nil, "worker-memory": nil, // a size
		},
	}
}

// flags returns the flags of a command as they are typed.
func flags(command *cli.Command) (typed []string) {
	for _, flag := range command.Flags {
		typed = append(typed, "--"+flag.Names()[0])
	}
	return typed
}

func (c *completion) names() (names []string) {
	for _, command := range c.commands {
		names = append(names, command.Name)
	}
	return names
}

// bash returns a script that needs only bash itself.
func (c *completion) bash() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# wp502lint completes in bash.")
	p("_wp502lint() {")
	p("    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=check i")
	p("    for ((i = 1; i < COMP_CWORD; i++)); do")
	p("        case ${COMP_WORDS[i]} in %s) command=${COMP_WORDS[i]}; break ;; esac", strings.Join(c.names(), "|"))
	p("    done")
	p("    [[ $word == = ]] && word=")
	p("    [[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD-2]}")
	p("    compopt -o default 2>/dev/null")
	p("    case $before in")
	for _, flag := range c.valued() {
		if values := c.values[flag]; values != nil {
			p("    --%s) mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$word\"); return ;;", flag, strings.Join(values, " "))
		} else {
			p("    --%s) COMPREPLY=(); return ;;", flag)
		}
	}
	p("    esac")
	p("    case $command in")
	for _, command := range c.commands {
		words := strings.Join(append(flags(command), c.words[command.Name]...), " ")
		if command.Name == "check" {
			p("    check)")
			p("        if [[ $COMP_CWORD == 1 || $word == -* ]]; then")
			p("            mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$word\")", strings.Join(append(flags(command), c.names()...), " "))
			p("        fi ;;")
			continue
		}
		p("    %s) mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$word\") ;;", command.Name, words)
	}
	p("    esac")
	p("}")
	p("complete -F _wp502lint wp502lint")
	return b.String()
}

// valued returns the flags that take a value, each once.
func (c *completion) valued() (names []string) {
	seen := map[string]bool{}
	for _, command := range c.commands {
		for _, flag := range command.Flags {
			if name := flag.Names()[0]; takesValue(flag) && !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// zsh returns a function for a file called _wp502lint.
func (c *completion) zsh() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("#compdef wp502lint")
	p("# wp502lint completes in zsh.")
	p("_wp502lint() {")
	p("    local command=check word")
	p("    for word in ${words[2,CURRENT-1]}; do")
	p("        case $word in (%s) command=$word; break ;; esac", strings.Join(c.names(), "|"))
	p("    done")
	p("    if (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then")
	p("        compadd -- %s", strings.Join(c.names(), " "))
	p("    fi")
	p("    case $command in")
	for _, command := range c.commands {
		p("    (%s)", command.Name)
		p("        _arguments -S \\")
		for _, flag := range command.Flags {
			p("            %s \\", c.zshFlag(flag))
		}
		behind := "_files"
		if words := c.words[command.Name]; words != nil {
			behind = "(" + strings.Join(words, " ") + ")"
		}
		p("            '*: :%s' ;;", behind)
	}
	p("    esac")
	p("}")
	p("_wp502lint \"$@\"")
	return b.String()
}

func (c *completion) zshFlag(flag cli.Flag) string {
	name := flag.Names()[0]
	value, usage := describe(flag)
	usage = strings.NewReplacer("'", "", "[", "(", "]", ")", ":", " ").Replace(usage)
	if !takesValue(flag) {
		return fmt.Sprintf("'--%s[%s]'", name, usage)
	}
	action := "_files"
	if values, ok := c.values[name]; ok {
		action = "(" + strings.Join(values, " ") + ")"
	}
	return fmt.Sprintf("'*--%s[%s]:%s:%s'", name, usage, strings.NewReplacer(":", " ", "[", "(", "]", ")").Replace(value), action)
}

// fish returns a list of complete commands.
func (c *completion) fish() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# wp502lint completes in fish.")
	p("set -l commands %s", strings.Join(c.names(), " "))
	for _, command := range c.commands {
		about, _, _ := strings.Cut(command.Description, "\n")
		p("complete -c wp502lint -n \"not __fish_seen_subcommand_from $commands\" -a %s -d %s", command.Name, fishQuote(about))
	}
	for _, command := range c.commands {
		when := "__fish_seen_subcommand_from " + command.Name
		if command.Name == "check" {
			others := strings.Join(c.names()[1:], " ")
			when = "not __fish_seen_subcommand_from " + others
		}
		for _, flag := range command.Flags {
			_, usage := describe(flag)
			line := fmt.Sprintf("complete -c wp502lint -n %s -l %s -d %s", fishQuote(when), flag.Names()[0], fishQuote(usage))
			if takesValue(flag) {
				line += " -r"
				if values, ok := c.values[flag.Names()[0]]; ok {
					line += " -f -a " + fishQuote(strings.Join(values, " "))
				}
			}
			p("%s", line)
		}
		if words := c.words[command.Name]; words != nil {
			p("complete -c wp502lint -n %s -f -a %s", fishQuote(when), fishQuote(strings.Join(words, " ")))
		}
	}
	return b.String()
}

func fishQuote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
