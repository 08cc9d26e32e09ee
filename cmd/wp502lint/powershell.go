package main

import "strings"

// powershell writes a script for PowerShell 5.1 and newer.
func (c *completion) powershell() {
	c.line("# wp502lint completes in PowerShell.")
	c.line("Register-ArgumentCompleter -Native -CommandName wp502lint -ScriptBlock {")
	c.line("    param($wordToComplete, $commandAst, $cursorPosition)")
	c.line("    $commands = %s", powershellList(names(c.commands)))
	c.line("    $typed = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { \"$_\" })")
	c.line("    $command = @($typed | Select-Object -Skip 1 | Where-Object { $commands -contains $_ })[0]")
	c.line("    $first = -not $command")
	c.line("    if ($first) { $command = 'check' }")
	c.line("    $values = switch (\"$command $($typed[-1])\") {")
	for _, command := range c.commands {
		for _, flag := range command.Flags {
			if values, _ := c.valuesOf(command.Name, flag.Names()[0]); takesValue(flag) && len(values) > 0 {
				c.line("        '%s --%s' { %s }", command.Name, flag.Names()[0], powershellList(values))
			}
		}
	}
	c.line("        default {")
	c.line("            switch ($command) {")
	for _, command := range c.commands {
		c.line("                '%s' { %s }", command.Name, powershellList(append(flags(command), c.words[command.Name]...)))
	}
	c.line("            }")
	c.line("            if ($first) { $commands }")
	c.line("        }")
	c.line("    }")
	c.line("    $values | Where-Object { $_ -like \"$wordToComplete*\" } | ForEach-Object {")
	c.line("        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)")
	c.line("    }")
	c.line("}")
}

// powershellList returns words as an array.
func powershellList(words []string) string {
	return "@('" + strings.Join(words, "', '") + "')"
}
