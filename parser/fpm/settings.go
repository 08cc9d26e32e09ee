package fpm

import (
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Text returns the value that PHP-FPM works with for a plain key, with $pool
// expanded; absent when no line sets it. key is in lower case.
func (s *Section) Text(key string) source.Setting[string] { return s.setting(key, s.Last(key)) }

// Indexed is Text for key[index].
func (s *Section) Indexed(key, index string) source.Setting[string] {
	e, ok := s.GetIndexed(key, index)
	if !ok {
		return source.Absent[string](s.At())
	}
	return s.setting(index, &e)
}

func (s *Section) setting(name string, e *Entry) source.Setting[string] {
	if e == nil {
		return source.Absent[string](s.At())
	}
	text, why := s.Value(e)
	if why != "" {
		return source.Unknown[string](e.Value().At, name+": "+why)
	}
	return source.Written(text, e.Value().At)
}

// Value returns the value of e, a line of s, with $pool expanded. why is not "" when
// the files alone do not tell it.
func (s *Section) Value(e *Entry) (text, why string) {
	v := e.Value()
	text = s.Pool(v.Text)
	if v.Why == "" && s.Why != "" && text != v.Text {
		return text, s.Why
	}
	return text, v.Why
}

// Unknown returns why the files alone do not tell the value of e, a line of s; ""
// when they do.
func (s *Section) Unknown(e *Entry) string {
	_, why := s.Value(e)
	return why
}

// orDefault is Text with the default of PHP-FPM.
func (s *Section) orDefault(key string) source.Setting[string] {
	text := s.Text(key)
	if otherwise := servers.FPMDefault(key); otherwise != "" {
		return text.Or(otherwise)
	}
	return text
}

// Int is Text for a number, with the default of PHP-FPM.
func (s *Section) Int(key string) source.Setting[int64] {
	return source.Read(s.orDefault(key), Int, key, "a number that PHP-FPM takes")
}

// Seconds is Int for a time in seconds. An empty one, which PHP-FPM refuses, is 0.
func (s *Section) Seconds(key string) source.Setting[int64] {
	seconds := func(text string) (int64, bool) {
		if text == "" {
			return 0, true
		}
		return Seconds(text)
	}
	return source.Read(s.orDefault(key), seconds, key, "a number that PHP-FPM takes")
}

// Bool is Int for a boolean.
func (s *Section) Bool(key string) source.Setting[bool] {
	return source.Read(s.orDefault(key), Bool, key, "a boolean that PHP-FPM takes")
}
