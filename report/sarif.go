package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// sarifSchema is where OASIS publishes the schema of SARIF 2.1.0, errata 01.
const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// fingerprintKey is the name of the project's own fingerprint in SARIF.
const fingerprintKey = "wp502lint/v1"

// SARIF writes r as SARIF 2.1.0, for code scanning: one run, all rules, no two
// equal results, and no more than it takes: the most severe. Columns count code points.
//
// go-sarif writes null for some empty fields, which the schema refuses, and -1
// for the index of an unknown rule: so every rule has all its texts, and is
// added before the first result.
func SARIF(w io.Writer, r *lint.Report, o Options) error {
	s := newSarif(r, o)
	findings := distinct(r.Findings)
	for _, i := range s.fitting(findings) {
		s.run.Results = append(s.run.Results, s.result(findings[i]))
	}
	s.notifications(r)
	return WriteJSON(w, &sarif.Report{Version: string(sarif.Version210), Schema: sarifSchema, Runs: []*sarif.Run{s.run}})
}

type sarifWriter struct {
	o       Options
	run     *sarif.Run
	rules   map[string]int // ID to index
	all     []*lint.Rule   // that a page may refer to
	secrets secrets
	hashes  map[*source.File]map[int]string
	left    int          // how many findings do not fit
	bare    bool         // results have no log lines and no fixes
	latest  *source.File // whose path was counted; see texts
	// anchor is the place of a result without one, because code scanning
	// requires a place: the start of the first file.
	anchor source.Span
}

func newSarif(r *lint.Report, o Options) *sarifWriter {
	driver := sarif.NewDriver("wp502lint").WithInformationURI(docs.Home())
	if o.Version != "" {
		driver.WithVersion(numeric(o.Version))
	}
	s := &sarifWriter{
		o: o, run: sarif.NewRun(*sarif.NewTool(driver)), rules: map[string]int{},
		secrets: secrets{}, all: r.Rules,
	}
	s.run.WithColumnKind("unicodeCodePoints")
	for _, rule := range r.Rules {
		s.register(rule)
	}
	for i := range r.Findings {
		s.register(r.Findings[i].Rule)
	}
	driver.AddNotification(notCheckedDescriptor())
	s.anchor = anchor(r)
	s.hashes = hashes(r.Findings)
	return s
}

// numeric returns a version as SARIF validators require it: starting with a number.
func numeric(version string) string {
	version = strings.TrimPrefix(version, "v")
	if version == "(devel)" {
		return "0.0.0-devel"
	}
	return version
}

func (s *sarifWriter) register(r *lint.Rule) {
	if _, ok := s.rules[r.ID]; ok {
		return
	}
	driver := s.run.Tool.Driver
	s.rules[r.ID] = len(driver.Rules)
	driver.Rules = append(driver.Rules, descriptor(r, s.all))
}

// hashes returns the hash of every line on which a finding starts.
func hashes(findings []lint.Finding) map[*source.File]map[int]string {
	wanted := map[*source.File]map[int]bool{}
	for _, f := range findings {
		if f.At.IsZero() {
			continue
		}
		if wanted[f.At.File] == nil {
			wanted[f.At.File] = map[int]bool{}
		}
		wanted[f.At.File][f.At.Begin().Line] = true
	}
	out := make(map[*source.File]map[int]string, len(wanted))
	for file, lines := range wanted {
		out[file] = lineHashes(file, lines)
	}
	return out
}

func (s *sarifWriter) result(f *lint.Finding) *sarif.Result {
	mask := s.secrets.of(f)
	say := func(text string) string { return Visible(mask(text)) }
	result := sarif.NewRuleResult(f.Rule.ID).
		WithRuleIndex(s.rules[f.Rule.ID]).
		WithLevel(f.Severity().String())
	message := []string{escaped(say(f.Message))}
	for _, n := range f.Notes {
		if n.At.IsZero() {
			message = append(message, escaped(say(n.Message)))
			continue
		}
		id := len(result.RelatedLocations) + 1
		message = append(message, fmt.Sprintf("[%s](%d)", escaped(say(n.Message)), id))
		result.RelatedLocations = append(result.RelatedLocations,
			s.location(n.At).WithId(id).WithMessage(sarif.NewTextMessage(escaped(say(n.Message)))))
	}
	if !s.bare {
		message = append(message, s.advice(f, say)...)
		result.Fixes = s.fixes(f, say)
	}
	result.WithMessage(sarif.NewTextMessage(strings.Join(message, "; ") + "."))
	result.PartialFingerprints = map[string]any{}
	if f.Fingerprint != "" {
		result.PartialFingerprints[fingerprintKey] = f.Fingerprint
	}
	if at := cmp.Or(f.At, s.anchor); !at.IsZero() {
		location := s.location(at)
		result.Locations = []*sarif.Location{location}
		if hash, ok := s.hashes[at.File][*location.PhysicalLocation.Region.StartLine]; ok {
			result.PartialFingerprints["primaryLocationLineHash"] = hash
		}
	}
	return result
}

func (s *sarifWriter) location(at source.Span) *sarif.Location {
	return sarif.NewLocationWithPhysicalLocation(sarif.NewPhysicalLocation().
		WithArtifactLocation(sarif.NewSimpleArtifactLocation(uri(s.o.uri(at.File)))).
		WithRegion(region(at)))
}

// notifications says how many PHP locations were not judged, and lists every file,
// and every place in one, that could not be read. What a single rule could not judge
// is not a fault of the run.
func (s *sarifWriter) notifications(r *lint.Report) {
	invocation := sarif.NewInvocation().WithExecutionSuccess(true)
	if unjudged := Unjudged(&r.Gateways); unjudged != "" {
		invocation.AddTToolExecutionNotification(notification(unjudged))
	}
	for _, n := range r.NotChecked {
		if n.Rule != nil {
			continue
		}
		note := notification("not checked: " + Visible(s.secrets.mask(n.Why, n.At.File)))
		switch {
		case !n.At.IsZero():
			note.AddLocation(s.location(n.At))
		case n.Path != "":
			note.AddLocation(sarif.NewLocationWithPhysicalLocation(sarif.NewPhysicalLocation().
				WithArtifactLocation(sarif.NewSimpleArtifactLocation(uri(s.o.uri(unloaded(n.Path)))))))
		}
		invocation.AddTToolExecutionNotification(note)
	}
	if s.left > 0 {
		why := Count(s.left, "finding") + " of the least severity left out of this SARIF report: code scanning takes no more; other formats have all"
		invocation.AddTToolExecutionNotification(notification(why))
		if s.o.Notice != nil {
			s.o.Notice(why)
		}
	}
	s.run.AddInvocations(invocation)
}

// notification returns a warning about the run.
func notification(text string) *sarif.Notification {
	return sarif.NewNotification().
		WithLevel("warning").
		WithDescriptor(sarif.NewReportingDescriptorReference().WithId(notCheckedID).WithIndex(0)).
		WithTextMessage(escaped(text) + ".")
}

// escaped returns text for a message, in which brackets are links: no part of it is one
// (SARIF 2.1.0, 3.11.6).
func escaped(text string) string { return brackets.Replace(text) }

var brackets = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`)
