package fpm

import "github.com/wp502lint/wp502lint/source"

// Load reads main and what it includes.
func Load(main *source.File, include Includer) *Config {
	return &Config{Main: main, Files: []*source.File{main}, Global: &Section{Name: "global", file: main}}
}

// Get returns the plain line of key that counts. key is in lower case.
func (s *Section) Get(key string) (Entry, bool) { return Entry{}, false }

// GetIndexed returns the line of key[index] that counts.
func (s *Section) GetIndexed(key, index string) (Entry, bool) { return Entry{}, false }

// At returns the first header, or the first byte of the main file for a
// [global] that nobody wrote.
func (s *Section) At() source.Span { return s.file.Span(0, 0) }

// Pool expands $pool in text, a value of s.
func (s *Section) Pool(text string) string { return text }
