package dockerfile

import (
	"path"
	"strings"

	"github.com/moby/patternmatcher"
)

// Ignored is what a .dockerignore leaves out of the build context.
type Ignored struct {
	patterns *patternmatcher.PatternMatcher
}

// Ignore reads a .dockerignore. A line that Docker refuses has no effect.
func Ignore(text string) *Ignored {
	var patterns []string
	for line := range strings.Lines(strings.TrimPrefix(text, "\uFEFF")) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		pattern, except := strings.CutPrefix(strings.TrimSpace(line), "!")
		if pattern = strings.TrimSpace(pattern); pattern == "" {
			continue
		}
		if pattern = path.Clean(pattern); len(pattern) > 1 {
			pattern = strings.TrimPrefix(pattern, "/")
		}
		if !valid(pattern) {
			continue
		}
		if except {
			pattern = "!" + pattern
		}
		patterns = append(patterns, pattern)
	}
	m, err := patternmatcher.New(patterns)
	if err != nil {
		m, _ = patternmatcher.New(nil)
	}
	return &Ignored{m}
}

// valid reports whether a pattern without "!" can be matched.
func valid(pattern string) bool {
	m, err := patternmatcher.New([]string{pattern})
	if err == nil {
		_, err = m.MatchesOrParentMatches("x")
	}
	return err == nil
}

// Match reports whether a file of the context is left out, by a pattern for itself or
// for a directory above it. rel is its path in the context, with slashes. It is not safe
// to call from several goroutines.
func (i *Ignored) Match(rel string) bool {
	rel = path.Clean(rel)
	if rel == "." {
		return false
	}
	out, err := i.patterns.MatchesOrParentMatches(rel)
	return err == nil && out
}
