package fpm

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Text returns the effective value of a plain key in PHP-FPM, with $pool expanded;
// absent if no line sets it.
func (s *Section) Text(key servers.FPMKey) source.Setting[string] {
	return s.setting(key.String(), s.Last(key))
}

// Indexed is Text for key[index].
func (s *Section) Indexed(key servers.FPMKey, index string) source.Setting[string] {
	return s.setting(index, s.First(key, index))
}

func (s *Section) setting(name string, e *Entry) source.Setting[string] {
	if e == nil {
		return source.Absent[string](s.At())
	}
	at := e.Value().At
	text, known := s.Known(e)
	if !known {
		return source.Unknown[string](at, name+": "+s.Unknown(e))
	}
	return source.Written(text, at)
}

// read returns a value of s with $pool expanded, or why the files alone do not determine it.
func (s *Section) read(v ini.Value) (text, why string) {
	if text = s.Pool(v.Text); v.Why == "" && s.Why != "" && text != v.Text {
		return "", s.Why
	}
	return text, v.Why
}

// Unknown returns why the files alone do not determine the value of e, a line of s; "" if they do.
func (s *Section) Unknown(e *Entry) string {
	_, why := s.read(e.Value())
	return why
}

// Known returns the value of e, a line of s, with $pool expanded; ok is false if the
// files alone do not determine it.
func (s *Section) Known(e *Entry) (text string, ok bool) {
	switch text, ok = e.Line.Text(); {
	case !ok:
		return "", false
	case strings.IndexByte(text, '$') < 0:
		return text, true
	}
	text, why := s.read(e.Value())
	if why != "" {
		return "", false
	}
	return text, true
}

// orDefault is Text with PHP-FPM's default.
func (s *Section) orDefault(key servers.FPMKey) source.Setting[string] {
	e, otherwise := s.Last(key), key.Default()
	if e == nil && otherwise != "" {
		return source.Default(otherwise, s.At())
	}
	return s.setting(key.String(), e)
}

// Int is Text for a number, with PHP-FPM's default.
func (s *Section) Int(key servers.FPMKey) source.Setting[int64] {
	return source.Read(s.orDefault(key), Int, key.String(), "a number that PHP-FPM takes")
}

// Seconds is Int for a time in seconds. An empty value, which PHP-FPM refuses, is 0.
func (s *Section) Seconds(key servers.FPMKey) source.Setting[int64] {
	seconds := func(text string) (int64, bool) {
		if text == "" {
			return 0, true
		}
		return Seconds(text)
	}
	return source.Read(s.orDefault(key), seconds, key.String(), "a number that PHP-FPM takes")
}

// Bool is Int for a boolean.
func (s *Section) Bool(key servers.FPMKey) source.Setting[bool] {
	return source.Read(s.orDefault(key), Bool, key.String(), "a boolean that PHP-FPM takes")
}
