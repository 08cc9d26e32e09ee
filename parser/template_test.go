package parser

import "testing"

func TestTemplatesOfNginx(t *testing.T) {
	const two = "{% if a %}\nhttp {\n{% else %}\nhttp {\nserver { listen 80; }\n{% endif %}\n}\n"
	const why = `the template mark "{% if a %}" breaks the nginx syntax until the template is rendered` + "\n"
	testReadings(t, []reading{
		{"a main file", map[string]string{"/web/nginx.conf": two}, nil, "nginx /web/nginx.conf\nproblem at /web/nginx.conf:1 " + why},
		{"a fragment", map[string]string{"/web/site.conf": two}, nil, "fragment /web/site.conf\nproblem at /web/site.conf:1 " + why},
		{"another language", map[string]string{"/web/x.conf": "{% if a %}\nhello world {\nfoo bar;\n{% endif %}\n"}, nil, ""},
		{"marks that decide about no block", map[string]string{"/web/site.conf": "{% if a %}\nserver { listen {{ b }}; }\n{% endif %}\n"}, nil,
			"fragment /web/site.conf\nproblem at /web/site.conf:1 a template mark produces directives that are not known\n"},
	})
}
