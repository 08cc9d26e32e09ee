package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// Suppression reports ignore comments and entries without an effect, a reason
// or an end.
var Suppression = &lint.Rule{
	ID:       "WP004",
	Name:     "suppression",
	Cause:    lint.Input,
	Outcomes: lint.Outcomes{lint.None: lint.Always},
	Summary:  "A comment or an entry that ignores a finding hides nothing, has no reason, or is out of date.",
	Why: "`# wp502lint:ignore WP201 -- reason` hides the findings of a rule on its line, or on the next line when it is alone on its line. `ignore-file` among the first comments of a file hides those of the whole file. " +
		"Later readers need the reason. One that no longer hides anything will hide the next real finding there. An entry of the project file may have a last day, `until:`.",
	Fixable: true,
	Fix:     "Remove the comment, name the right rule, or add `-- ` and the reason.",
	Verify: []string{
		"wp502lint check --no-ignore",
		"wp502lint config verify",
	},
	Bad: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        # wp502lint:ignore WP201 -- the pool starts later
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP004 socket-mismatch finds nothing here, so this hides nothing
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Good: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Judge: func(p *lint.Pass) {
		for _, i := range p.Ignores {
			judgeIgnore(p, i)
		}
	},
}

func judgeIgnore(p *lint.Pass, i *lint.Ignore) {
	report := func(format string, args ...any) {
		p.Report(lint.Finding{At: i.At, Message: fmt.Sprintf(format, args...)})
	}
	switch {
	case i.Garbled:
		report("this is not read: an ignore is wp502lint:ignore RULE -- reason, and ignore-file comes before the first directive")
		return
	case len(i.Rules) == 0 && len(i.Unknown) == 0:
		report("this ignore names no rule")
		return
	case len(i.Unknown) > 0:
		report("unknown rule %s", strings.Join(shownNames(i), ", "))
	}
	names := listOf(i.Rules)
	if i.Over(p.Stack.Facts.Today) {
		report("this ignore of %s ended on %s", names, i.Until.Format(time.DateOnly))
		return
	}
	idle := idleRules(p, i)
	if i.Reason == "" && len(idle) < len(i.Rules) {
		report("this ignore of %s gives no reason", names)
	}
	if len(idle) > 0 {
		f := lint.Finding{At: i.At, Message: fmt.Sprintf("%s finds nothing here, so this hides nothing", listOf(idle))}
		if len(idle) == len(i.Rules) && len(i.Unknown) == 0 && i.Covers == nil {
			f.Fixes = replace(wholeComment(i.At), "", "take the comment out")
		}
		p.Report(f)
	}
}

// idleRules returns the rules of i for which it certainly hides nothing.
func idleRules(p *lint.Pass, i *lint.Ignore) (idle []*lint.Rule) {
	if i.Unsure {
		return nil
	}
	for _, r := range i.Rules {
		if !i.Hides(r) && r.Judge == nil && p.Ran(r) {
			idle = append(idle, r)
		}
	}
	return idle
}

func listOf(rules []*lint.Rule) string {
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = r.Name
	}
	return strings.Join(names, ", ")
}

// wholeComment returns a comment with the blanks before it, or its whole line when
// it is alone on it.
func wholeComment(at source.Span) source.Span {
	line := at.File.Line(at.Begin().Line)
	before := at.File.Text[line.Start:at.Start]
	if strings.TrimSpace(before) == "" {
		return wholeLine(at)
	}
	at.Start -= int32(len(before) - len(strings.TrimRight(before, " \t")))
	return at
}

// shownNames returns the names without a rule, without the secrets among them: a report
// looks for those of a file in what is not a comment.
func shownNames(i *lint.Ignore) []string {
	text := i.At.Masked()
	names := slices.Clone(i.Unknown)
	for n, name := range names {
		if !strings.Contains(text, name) {
			names[n] = source.Mask
		}
	}
	return names
}
