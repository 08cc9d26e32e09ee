package project

import "github.com/bmatcuk/doublestar/v4"

// glob returns a function that reports whether a path matches pattern: * and ? do
// not match a slash, ** does, and a folder matches everything in it. "" matches
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
