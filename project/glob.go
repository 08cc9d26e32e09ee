package project

import "github.com/bmatcuk/doublestar/v4"

// glob returns a function that tells whether a path matches pattern: * and ? stop
// at a slash, ** does not, and a folder stands for all that is in it. "" matches
// every path.
func glob(pattern string) func(string) bool {
	if pattern == "" {
		return func(string) bool { return true }
	}
	return func(name string) bool {
		return doublestar.MatchUnvalidated(pattern, name) || doublestar.MatchUnvalidated(pattern+"/**", name)
	}
}

// validGlob reports whether pattern can be read.
func validGlob(pattern string) bool { return doublestar.ValidatePattern(pattern) }
