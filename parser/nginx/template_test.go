package nginx

import "testing"

const markWords = " breaks the nginx syntax until the template is rendered"

func TestTemplates(t *testing.T) {
	for _, row := range []struct{ name, text, tree, problems string }{
		{"braces in an argument", "server {\n listen {{ port }};\n}",
			``, `2:9 template the template mark "{{"` + markWords},
		{"statement", "http {\n{% if x %}\nserver { listen 80; }\n{% endif %}\n}",
			``, `2:1 template the template mark "{%"` + markWords},
		{"statement first in the file", "{% for a in b %}\nserver { }\n{% endfor %}",
			``, `1:1 template the template mark "{%"` + markWords},
		{"ERB in place of a directive", "server {\n<% x %>\nlocation / { }\n listen 80 }",
			``, `2:1 template the template mark "<%"` + markWords},
		{"placeholder in place of a directive", "server {\nlisten 80;\n__EXTRA__\n}",
			``, `3:1 template the template mark "__EXTRA__"` + markWords},
		{"at signs in place of a directive", "server {\n@@EXTRA@@\n}",
			``, `2:1 template the template mark "@@"` + markWords},
		{"percent signs in place of a directive", "server {\n%EXTRA%\n}",
			``, `2:1 template the template mark "%EXTRA%"` + markWords},
		{"environment in place of a directive", "server {\n${EXTRA}\nlocation / { } }",
			``, `2:1 template the template mark "${EXTRA}"` + markWords},

		{"marks that break nothing", "server { listen %PORT%; root \"{{ x }}\"; return 200 __A__@@${B}; <% x; }",
			`server { listen "%PORT%"; root "{{ x }}"; return 200 "__A__@@${B}"; "<%" x; }`, ``},
		{"mark in quotes, mistake elsewhere", "server {\n root \"{{ x }}\";\n return 200 \"a\"b;\n}",
			`server { root "{{ x }}"; return 200 a; }`, `3:16 unexpected "b"`},
		{"mark in a comment, mistake beside it", "server {\n return 200 \"a\"b; # {{ x }}\n}",
			`server { return 200 a; }`, `2:16 unexpected "b"`},
		{"encoded URL beside a mistake", "server {\n return 200 \"/%E2%82%AC\"b;\n}",
			`server { return 200 "/%E2%82%AC"; }`, `2:25 unexpected "b"`},
		{"variable beside a mistake", "server {\n return 200 \"${HOST}\"b;\n}",
			`server { return 200 "${HOST}"; }`, `2:22 unexpected "b"`},
		{"byte order mark and template", "\ufeffserver {\n listen {{ port }};\n}",
			``, "1:1 bom the file starts with a byte order mark, which nginx takes for a part of the first word\n" +
				`2:9 template the template mark "{{"` + markWords},
	} {
		t.Run(row.name, func(t *testing.T) { check(t, row.text, row.tree, row.problems) })
	}
}
