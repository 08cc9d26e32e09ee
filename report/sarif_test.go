package report

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/wp502lint/wp502lint/lint"
)

func TestSARIFSchema(t *testing.T) {
	name, err := filepath.Abs("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	for name, fixture := range fixtures {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(render(t, SARIF, fixture(), options)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %#v", name, err)
		}
	}
}

// log is the part of SARIF that the tests look at.
type log struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				Rules []struct{ ID string }
			}
		}
		ColumnKind string
		Results    []struct {
			RuleID              string
			RuleIndex           int
			Message             struct{ Text string }
			Locations           []sarifPlace
			RelatedLocations    []sarifPlace
			PartialFingerprints map[string]string
		}
		Invocations []struct {
			ToolExecutionNotifications []struct {
				Message   struct{ Text string }
				Locations []sarifPlace
			}
		}
	}
}

type sarifPlace struct {
	ID               int
	PhysicalLocation struct {
		ArtifactLocation struct{ URI string }
		Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
	}
}

func parseSARIF(t *testing.T, r *lint.Report) log {
	t.Helper()
	var l log
	if err := json.Unmarshal([]byte(render(t, SARIF, r, options)), &l); err != nil {
		t.Fatal(err)
	}
	if len(l.Runs) != 1 {
		t.Fatalf("%d runs, want 1", len(l.Runs))
	}
	return l
}

func TestSARIFResult(t *testing.T) {
	run := parseSARIF(t, demo()).Runs[0]
	first := run.Results[0]
	if want := `no pool listens on /run/php/php8.2-fpm.sock; [pool \[www\] listens on /run/php/php8.3-fpm.sock](1); the same holds at 3 places that read this line; ` +
		`nginx will write: connect() to unix:/run/php/php8.2-fpm.sock failed (2: No such file or directory); fix: pass to unix:/run/php/php8.3-fpm.sock.`; first.Message.Text != want {
		t.Errorf("message\ngot  %s\nwant %s", first.Message.Text, want)
	}
	want := sarifPlace{}
	want.PhysicalLocation.ArtifactLocation.URI = "etc/nginx/sites-available/blog.conf"
	want.PhysicalLocation.Region.StartLine, want.PhysicalLocation.Region.StartColumn = 4, 16
	want.PhysicalLocation.Region.EndLine, want.PhysicalLocation.Region.EndColumn = 4, 45
	if first.Locations[0] != want {
		t.Errorf("location\ngot  %+v\nwant %+v", first.Locations[0], want)
	}
	if got := first.RelatedLocations[0].ID; got != 1 {
		t.Errorf("related location has ID %d, want 1", got)
	}
	if got := first.PartialFingerprints[fingerprintKey]; got != "0123456789abcdef" {
		t.Errorf("fingerprint %q", got)
	}
	if run.ColumnKind != "unicodeCodePoints" {
		t.Errorf("columnKind %q", run.ColumnKind)
	}
	for _, result := range run.Results {
		if got := run.Tool.Driver.Rules[result.RuleIndex].ID; got != result.RuleID {
			t.Errorf("the index of %s leads to %s", result.RuleID, got)
		}
	}
	if got := len(run.Invocations[0].ToolExecutionNotifications); got != 4 {
		t.Errorf("%d notifications, want 4: what a rule could not judge is none", got)
	}
}

// A rule that the report does not list is still listed, and a repeated finding
// is printed once.
func TestSARIFUnlisted(t *testing.T) {
	r := awkward()
	run := parseSARIF(t, r).Runs[0]
	if got := len(run.Tool.Driver.Rules); got != 1 {
		t.Errorf("%d rules, want 1", got)
	}
	if got, want := len(run.Results), len(r.Findings)-1; got != want {
		t.Errorf("%d results, want %d", got, want)
	}
	for _, result := range run.Results {
		if result.RuleIndex != 0 {
			t.Errorf("rule index %d, want 0", result.RuleIndex)
		}
	}
}

func TestSARIFEmpty(t *testing.T) {
	if got := render(t, SARIF, &lint.Report{}, Options{}); !strings.Contains(got, `"results": []`) {
		t.Errorf("no empty list of results in\n%s", got)
	}
}

func TestJSONEmpty(t *testing.T) {
	got := render(t, JSON, &lint.Report{}, Options{})
	if strings.Contains(got, "null") || !json.Valid([]byte(got)) {
		t.Errorf("got\n%s", got)
	}
}

func TestURI(t *testing.T) {
	for path, want := range map[string]string{
		"etc/nginx.conf":     "etc/nginx.conf",
		"./etc//a":           "etc//a",
		".//./a":             "a",
		"a b/ü%:?#.conf":     "a%20b/%C3%BC%25%3A%3F%23.conf",
		"\xff\xfe\x00":       "%FF%FE%00",
		"/etc/nginx.conf":    "file:///etc/nginx.conf",
		"http://example.com": "http%3A//example.com",
		"":                   "",
	} {
		if got := uri(path); got != want {
			t.Errorf("uri(%q)\ngot  %s\nwant %s", path, got, want)
		}
	}
}

func TestLineHash(t *testing.T) {
	// Computed with codeql-action's src/fingerprints.ts.
	for text, want := range map[string][]string{
		"":                                  {"c129715d7a2bc9a3:1"},
		"server {\n\tlisten 80;\r\n\r\n}\n": {"4b9609caeb1f8c80:1", "74fa3ee338938248:1", "2aace4c0835fec88:1", "32dce9ccfdbc9d3e:1", "c129715d7a2bc9a3:1"},
		"a\rb\r\n\nc":                       {"4850bf53658d4e53:1", "b0367d257df6d03c:1", "1c206f60a702cfe8:1", "188ff2f224477a1e:1"},
		strings.Repeat("listen 80;\n", 12):  {"aa13d9e71ec2fb00:1", "aa13d9e71ec2fb00:2", "aa13d9e71ec2fb00:3", "20133fda70d12afb:1", "2c74f41039c6cb63:1", "b8f759f48b330a8b:1", "2e3a14d069366273:1", "fedff42601cdfd1b:1", "f6ef352a198a3483:1", "4bb98deb68b112ab:1", "5ed9350fdc6cd193:1", "64ee4ed51aa65b3b:1", "c129715d7a2bc9a3:1"},
		"# größer 😀\nuser www-data;":        {"dd7a3d01ea5f0f88:1", "aeb963ca2caec9:1"},
		"x\r \ny":                           {"ea5c6c22b47aa350:1", "f85c2d2aa834d48e:1", "ed3261245082261c:1"},
	} {
		wanted := map[int]bool{}
		for i := range want {
			wanted[i+1] = true
		}
		got := lineHashes(file("/a", text), wanted)
		for i, hash := range want {
			if got[i+1] != hash {
				t.Errorf("%q line %d: got %s, want %s", text, i+1, got[i+1], hash)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%q: %d lines, want %d", text, len(got), len(want))
		}
	}
}

func BenchmarkFormats(b *testing.B) {
	r := many(10_000)
	for _, name := range Names() {
		b.Run(name, func(b *testing.B) {
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				if err := Formats[name](&out, r, options); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(out.Len()))
		})
	}
}

// many returns a report with n findings, all on one line.
func many(n int) *lint.Report {
	const words = "fastcgi_pass unix:/run/php/php8.2-fpm.sock; "
	f := file("/etc/nginx/nginx.conf", strings.Repeat(words, n))
	r := &lint.Report{Rules: []*lint.Rule{mismatch}, Verdict: lint.BadGateway}
	for i := range n {
		from := i * len(words)
		r.Findings = append(r.Findings, lint.Finding{
			Rule: mismatch, Outcome: lint.BadGateway, At: f.Span(from+13, from+42),
			Message: "no pool listens on /run/php/php8.2-fpm.sock", Fingerprint: "0123456789abcdef",
			Log: []string{"connect() to unix:/run/php/php8.2-fpm.sock failed (2: No such file or directory)"},
		})
	}
	return r
}

// A validator requires a leading number, and Go stamps v0.1.0 and (devel).
func TestSARIFVersion(t *testing.T) {
	for version, want := range map[string]string{"v0.1.0": "0.1.0", "0.1.0": "0.1.0", "(devel)": "0.0.0-devel"} {
		text := render(t, SARIF, &lint.Report{}, Options{Version: version})
		if !strings.Contains(text, `"version": "`+want+`"`) && !strings.Contains(text, `"version":"`+want+`"`) {
			t.Errorf("%s is not written as %s", version, want)
		}
	}
}

// No text of a file becomes a link in a message (SARIF 2.1.0, 3.11.6).
func TestEscaped(t *testing.T) {
	for text, want := range map[string]string{
		"a [b] (c)": `a \[b\] (c)`,
		"[a](b)":    `\[a\](b)`,
		`[a\](b)`:   `\[a\\\](b)`,
	} {
		if got := escaped(text); got != want {
			t.Errorf("escaped(%s) = %s, want %s", text, got, want)
		}
	}
}
