package nginx

import "testing"

const markWords = " breaks the nginx syntax until the template is rendered"

const hiddenWords = "a template mark produces directives that are not known"

func TestTemplates(t *testing.T) {
	for _, row := range []struct{ name, text, tree, problems string }{
		{"braces in an argument", "server {\n listen {{ port }};\n root a{b}c;\n}",
			`server { listen "{{ port }}"; root "a{b}c"; }`, ``},
		{"several words", "server {\n root <%= a %>/b;\n index [% i %] <?php echo $i; ?>;\n}",
			`server { root "<%= a %>/b"; index "[% i %]" "<?php echo $i; ?>"; }`, ``},
		{"signs of a comment", "upstream u {\n server ##HOST##:80; # not ##THIS##\n server #{h};\n##HERE##\n}",
			`upstream u { server "##HOST##:80"; server "#{h}"; }`, `4:1 template ` + hiddenWords},
		{"statement", "http {\n{% if x %}\nserver { listen 80; }\n{% endif %}\n}",
			`http { server { listen 80; } }`, `2:1 template ` + hiddenWords},
		{"statement first in the file", "{% for a in b %}\nserver { }\n{% endfor %}",
			`server { }`, `1:1 template ` + hiddenWords},
		{"one of two blocks", "{% if a %}\nserver {\n{% else %}\nserver {\nlisten 1;\n{% endif %}\n}",
			``, `1:1 template the template mark "{% if a %}"` + markWords},
		{"statement over two lines", "{% if a\n and b %}\nserver { }\n",
			``, `1:1 template the template mark "{%"` + markWords},
		{"ERB in place of a directive, and a mistake", "server {\n<% x %>\nlocation / { }\n listen 80 }",
			``, `2:1 template the template mark "<% x %>"` + markWords},
		{"mistake beside a mark", "server {\n listen 80\n root {{ x }};\n} }",
			`server { listen 80 root "{{ x }}"; }`, `4:3 unexpected "}"`},
		{"mistake on the line of a mark", "server {\n root {{ x }} }\n",
			``, `2:7 template the template mark "{{ x }}"` + markWords},
		{"placeholder in place of a directive", "server {\nlisten 80;\n__EXTRA__\n}",
			`server { listen 80; }`, `3:1 template ` + hiddenWords},
		{"at signs in place of a directive", "server {\n@@EXTRA@@;\n}",
			`server { }`, `2:1 template ` + hiddenWords},
		{"percent signs in place of a directive", "server {\n%EXTRA%\n}",
			`server { }`, `2:1 template ` + hiddenWords},
		{"environment in place of a directive", "server {\n${EXTRA}\nlocation / { } }",
			`server { location / { } }`, `2:1 template ` + hiddenWords},

		{"marks that break nothing", "server { listen %PORT%; root \"{{ x }}\"; return 200 __A__@@${B}; <%= x %>; }",
			`server { listen "%PORT%"; root "{{ x }}"; return 200 "__A__@@${B}"; }`, "1:65 template " + hiddenWords},
		{"mark in quotes, mistake elsewhere", "server {\n root \"{{ x }}\";\n return 200 \"a\"b;\n}",
			`server { root "{{ x }}"; return 200 a; }`, `3:16 unexpected "b"`},
		{"mark in a comment, mistake beside it", "server {\n return 200 \"a\"b; # {{ x }}\n}",
			`server { return 200 a; }`, `2:16 unexpected "b"`},
		{"encoded URL beside a mistake", "server {\n return 200 \"/%E2%82%AC\"b;\n}",
			`server { return 200 "/%E2%82%AC"; }`, `2:25 unexpected "b"`},
		{"variable beside a mistake", "server {\n return 200 \"${HOST}\"b;\n}",
			`server { return 200 "${HOST}"; }`, `2:22 unexpected "b"`},
		{"byte order mark and template", "\ufeffserver {\n listen {{ port }};\n}",
			`server { listen "{{ port }}"; }`, "1:1 bom the file starts with a byte order mark, which nginx takes for a part of the first word"},
	} {
		t.Run(row.name, func(t *testing.T) { check(t, row.text, row.tree, row.problems) })
	}
}
