package host

import "strings"

// LeftBehind reports whether dpkg has removed a package and left its configuration: its state
// is config-files (dpkg(1), "Package states").
func (f *Facts) LeftBehind(name string) bool {
	if f == nil || f.Files == nil || f.Files.tree == nil {
		return false
	}
	left := false
	for stanza := range strings.SplitSeq(contentOf(f.Files.tree, "/var/lib/dpkg/status"), "\n\n") {
		fields, ok := strings.CutPrefix(strings.TrimLeft(stanza, "\n"), "Package: "+name+"\n")
		if !ok {
			continue
		}
		for line := range strings.Lines(fields) {
			if state, ok := strings.CutPrefix(line, "Status: "); ok {
				if !strings.HasSuffix(strings.TrimSpace(state), " config-files") {
					return false // of another architecture
				}
				left = true
			}
		}
	}
	return left
}
