package project

import (
	"github.com/wp502lint/wp502lint/lint"
	"go.yaml.in/yaml/v3"
)

// key is one key of a mapping: the shape of its value, and where to store it.
type key struct {
	name, about string
	shape       shape
	read        func(*reader, *yaml.Node)
	required    bool
}

// keys returns the keys of a project file, in the order of the documentation.
func keys(c *Config) []key {
	return []key{
		{name: "nginx", about: "the main files of nginx, relative to this file or absolute inside the root; by default those that are found", shape: paths, read: func(r *reader, n *yaml.Node) { c.Nginx = r.texts(n) }},
		{name: "apache", about: "the main files of Apache, as for nginx; when one of nginx and apache is set, the other server is not searched for", shape: paths, read: func(r *reader, n *yaml.Node) { c.Apache = r.texts(n) }},
		{name: "fpm", about: "the main files of PHP-FPM, as for nginx", shape: paths, read: func(r *reader, n *yaml.Node) { c.FPM = r.texts(n) }},
		{name: "root", about: "the folder that / means in the configurations, relative to this file", shape: text, read: func(r *reader, n *yaml.Node) { c.Root = r.text(n) }},
		{name: "environment", about: "development turns off the rules that only matter in production", shape: oneOf("production", "development").or("production"), read: func(r *reader, n *yaml.Node) {
			c.Development = r.oneOf(n, "production", "development") == "development"
		}},
		{name: "php", about: "the version of PHP where no path tells it, such as \"8.3\"", shape: version, read: func(r *reader, n *yaml.Node) { c.PHP = r.version(n) }},
		{name: "nginx-version", about: "the version of nginx, such as \"1.26\" or \"1.26.3\"", shape: version, read: func(r *reader, n *yaml.Node) { c.NginxVersion = r.version(n) }},
		{name: "cloudflare", about: "the sites use Cloudflare: its limits are checked, and diagnose --bundle says how to go around it", shape: boolean, read: func(r *reader, n *yaml.Node) { c.Cloudflare = r.boolean(n) }},
		{name: "fail-on", about: "the severity from which the exit status is 1; --fail-on wins over it", shape: oneOf(failWords...).or("error"), read: func(r *reader, n *yaml.Node) { c.FailOn = r.failOn(n) }},
		{name: "strict", about: "the exit status is 1 if something was not checked; --strict=false wins over it", shape: shape(boolean).or(false), read: func(r *reader, n *yaml.Node) { c.Strict = r.boolean(n) }},
		{name: "baseline", about: "the file of accepted findings, relative to this file and inside the repository; --baseline wins over it", shape: text, read: func(r *reader, n *yaml.Node) { c.Baseline = r.text(n) }},
		{name: "format", about: "the format of the report on standard output; --format wins over it", shape: oneOf(Formats...).or("text"), read: func(r *reader, n *yaml.Node) { c.Format = r.oneOf(n, Formats...) }},
		{name: "preset", about: "gate reports errors only, audit also what ignores, off and the baseline hide, and every gap; --preset wins over it", shape: oneOf(Presets...).or(Recommended), read: func(r *reader, n *yaml.Node) { c.Preset = r.oneOf(n, Presets...) }},
		{name: "host", about: "what files cannot tell about the machine", shape: mapping(hostKeys(&Host{})), read: func(r *reader, n *yaml.Node) { r.mapping(n, "host", hostKeys(&c.Host)) }},
		{name: "rules", about: "rules by ID or name, each off or with a severity of its own, which changes the exit status and never the outcome", shape: ruleTable, read: func(r *reader, n *yaml.Node) { r.rules(n, c) }},
		{name: "ignore", about: "findings that are not to be reported", shape: listOf(mapping(entryKeys(&entry{}))), read: func(r *reader, n *yaml.Node) { r.ignores(n, c) }},
	}
}

func hostKeys(h *Host) []key {
	return []key{
		{name: "memory", about: "its memory, such as 4GiB; K, M, G and T are powers of 1024, and kB, MB, GB and TB of 1000", shape: size, read: func(r *reader, n *yaml.Node) { h.Memory = r.size(n) }},
		{name: "reserve", about: "the part of it that PHP-FPM may not have", shape: size, read: func(r *reader, n *yaml.Node) { h.Reserve = r.size(n) }},
		{name: "worker-memory", about: "what one PHP-FPM worker takes, as measured", shape: size, read: func(r *reader, n *yaml.Node) { h.Worker = r.size(n) }},
		{name: "nginx-user", about: "the account that nginx was built to run as, which applies without a user line", shape: text, read: func(r *reader, n *yaml.Node) { h.NginxUser = r.text(n) }},
	}
}

// entry is one entry of ignore:.
type entry struct {
	rules  []*yaml.Node
	path   string
	reason string
	until  *yaml.Node
	// nowhere is set for a path that cannot be read: the entry applies to no file.
	nowhere bool
}

func (e *entry) readPath(r *reader, n *yaml.Node) {
	pattern, ok := r.pattern(n)
	e.path, e.nowhere = pattern, !ok
}

func entryKeys(e *entry) []key {
	return []key{
		{name: "rule", about: "the rule by ID or name, or a list of them", shape: oneOrMany(ruleName), required: true, read: func(r *reader, n *yaml.Node) { e.rules = r.nodes(n) }},
		{name: "path", about: "the files, such as \"legacy/**\", relative to this file or absolute inside the root; by default all", shape: text, read: e.readPath},
		{name: "reason", about: "say why this is ignored", shape: text, required: true, read: func(r *reader, n *yaml.Node) { e.reason = r.text(n) }},
		{name: "until", about: "the last day on which it applies, such as 2027-03-01", shape: date, read: func(r *reader, n *yaml.Node) { e.until = n }},
	}
}

// severities are the values of a rule.
var severities = map[string]lint.Severity{"error": lint.Error, "warning": lint.Warning, "note": lint.Info}

var failWords = []string{"error", "warning", "note", "never"}

// failOn returns a severity, 0 for never.
func (r *reader) failOn(n *yaml.Node) *lint.Severity {
	word := r.oneOf(n, failWords...)
	if word == "" {
		return nil
	}
	severity := severities[word]
	return &severity
}

const off = "off"

var severityWords = []string{off, "note", "warning", "error"}
