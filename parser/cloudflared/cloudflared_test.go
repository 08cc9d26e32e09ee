package cloudflared

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/source"
)

func parse(text string) *Config { return Parse(&source.File{Name: "/config.yml", Text: text}) }

// Each service is read as cloudflared connects to it.
func TestTarget(t *testing.T) {
	for service, want := range map[string]Target{
		"http://localhost":         {Kind: HTTP, Scheme: "http", Host: "localhost", Port: 80},
		"http://localhost:8080":    {Kind: HTTP, Scheme: "http", Host: "localhost", Port: 8080},
		"https://[::1]":            {Kind: HTTP, Scheme: "https", Host: "::1", Port: 443},
		"wss://web:8443":           {Kind: HTTP, Scheme: "wss", Host: "web", Port: 8443},
		"unix:/run/blog.sock":      {Kind: Socket, Scheme: "http", Path: "/run/blog.sock"},
		"unix+tls:/run/blog.sock":  {Kind: Socket, Scheme: "https", Path: "/run/blog.sock"},
		"http_status:404":          {Kind: Status, Status: 404},
		"hello_world":              {Kind: Hello},
		"ssh://localhost":          {Kind: TCP, Scheme: "ssh", Host: "localhost", Port: 22},
		"fastcgi://127.0.0.1:9000": {Kind: TCP, Scheme: "fastcgi", Host: "127.0.0.1", Port: 9000},
		"http://localhost:http":    {},
	} {
		c := parse("ingress:\n  - service: " + service + "\n")
		if got := c.Rules[0].Target; got != want {
			t.Errorf("%s: got %+v, want %+v", service, got, want)
		}
	}
}

// Settings of a rule replace those of the file, and aliases and merge keys are followed.
func TestOrigin(t *testing.T) {
	c := parse(`
originRequest: &all
  connectTimeout: 5s
  noTLSVerify: true
ingress:
  - service: https://a
    originRequest:
      <<: *all
      noTLSVerify: false
  - service: https://b
`)
	for i, want := range []bool{false, true} {
		o := c.Rules[i].Origin
		if wait, _ := o.Duration("connectTimeout").Known(); wait != 5*time.Second || o.On("noTLSVerify") != want {
			t.Errorf("rule %d: got %v and %t, want 5s and %t", i, wait, o.On("noTLSVerify"), want)
		}
	}
	if at := c.Rules[0].Origin.Flag("noTLSVerify").At(); at.Begin().Line != 9 || at.Text() != "false" {
		t.Errorf("got %q on line %d, want false on line 9", at.Text(), at.Begin().Line)
	}
}

// A reason has the place of the line to change.
func TestRefusals(t *testing.T) {
	c := parse(`tunnel: blog
ingress:
  - hostname: blog.example:443
    service: localhost:80
  - hostname: shop.example
    servce: http://localhost:80
    path: /a(
originRequest:
  connectTimeout: 30
`)
	var got []string
	for _, r := range c.Refusals {
		got = append(got, fmt.Sprintf("%d %s: %s", r.At.Begin().Line, r.At.Text(), r.Message))
	}
	want := []string{
		"9 30: connectTimeout is not a time with a unit, such as 30s",
		"4 localhost:80: the service needs a scheme and a host, such as http://localhost:80",
		"3 blog.example:443: hostname has a port",
		"5 hostname: the rule has no service",
		"5 hostname: the last ingress rule does not match every request",
		"7 /a(: path is not a regular expression: missing closing ): `/a(`",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(c.Unused) != 1 || c.Unused[0].Name != "servce" || c.Unused[0].At.Begin().Line != 6 {
		t.Errorf("got %+v, want servce on line 6", c.Unused)
	}
}

// Without rules, the address of the command line answers everything; it needs no scheme.
func TestSingle(t *testing.T) {
	for url, want := range map[string]Target{
		"localhost:8080":  {Kind: HTTP, Scheme: "http", Host: "localhost", Port: 8080},
		"127.0.0.1:80":    {Kind: HTTP, Scheme: "http", Host: "127.0.0.1", Port: 80},
		"https://web:443": {Kind: HTTP, Scheme: "https", Host: "web", Port: 443},
		"web":             {Kind: HTTP, Scheme: "http", Host: "web", Port: 80},
	} {
		var none *Config
		if got := none.With(Options{URL: Value{Text: url}}).Rules[0].Target; got != want {
			t.Errorf("%s: got %+v, want %+v", url, got, want)
		}
	}
	if c := parse("url: http://localhost:8080\n"); len(c.Rules) != 1 || c.Rules[0].Target.Port != 8080 {
		t.Errorf("url of a file: got %+v", c.Rules)
	}
}

// A text that is not YAML is one problem at its line, a template another one, and both are kept
// out of the reasons of cloudflared.
func TestProblems(t *testing.T) {
	for text, want := range map[string]string{
		"ingress:\n  - service: x\n bad\n": "3 0 invalid YAML: did not find expected key",
		"# {{ a }}\nx: &x [*x]\n":          "1 0 an alias is inside its own anchor",
		"ingress: {{ .Values.rules }}\n":   "1 4 a template of YAML cannot be read before it is rendered",
		strings.Repeat("#", maxText+1):     "1 3 a configuration of cloudflared of more than 1 MiB is not read",
	} {
		c := parse(text)
		if len(c.Problems) != 1 || len(c.Refusals) > 0 {
			t.Errorf("%.40q: got %+v, %+v", text, c.Problems, c.Refusals)
			continue
		}
		p := c.Problems[0]
		if got := fmt.Sprintf("%d %d %s", p.At.Begin().Line, p.Kind, p.Message); got != want {
			t.Errorf("%.40q: got %q, want %q", text, got, want)
		}
	}
}

// A file is told by its content, not by its name alone.
func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		"tunnel: x\ncredentials-file: /x.json\n":                     true,
		"ingress:\n  - hostname: a.example\n    service: http://x\n": true,
		"ingress:\n- service: http_status:404\n":                     true,
		"ingress:\n  enabled: true\n":                                false,
		"services:\n  x:\n    image: nginx\n":                        false,
		"apiVersion: v1\nkind: Ingress\nspec: {}\n":                  false,
		"tunnel: x\n": false,
		"ingress:\n  - name: components\n    service: x\n":                  false,
		"# none\n\"tunnel\": x\n\"ingress\": [{\"service\": \"http://x\"}]": true,
	} {
		if got := Is(&source.File{Name: "/config.yml", Text: text}); got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
}

// Options are read wherever they are on the command line, and from the environment.
func TestOptions(t *testing.T) {
	env := map[string]string{"TUNNEL_URL": "http://web:80", "NO_TLS_VERIFY": "true"}
	for line, want := range map[string]Options{
		"tunnel run": {Runs: true},
		"--no-autoupdate tunnel --config /c.yml run blog": {Runs: true, Config: Value{Text: "/c.yml"}},
		"--config=/c.yml tunnel run --token x":            {Runs: true, Config: Value{Text: "/c.yml"}, Remote: true},
		"tunnel -url http://a:1":                          {Runs: true, URL: Value{Text: "http://a:1"}},
		"tunnel run --token":                              {Runs: true, Remote: true},
		"tunnel login":                                    {},
		"version":                                         {},
	} {
		var args []Value
		for word := range strings.FieldsSeq(line) {
			args = append(args, Value{Text: word})
		}
		got := ParseOptions(args, func(name string) (Value, bool) {
			text, set := env[name]
			return Value{Text: text}, set
		})
		if !got.Origin.On("noTLSVerify") {
			t.Errorf("%s: noTLSVerify is not set", line)
		}
		if want.Origin = got.Origin; !want.URL.Set() {
			want.URL.Text = "http://web:80"
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: got %+v, want %+v", line, got, want)
		}
	}
}
