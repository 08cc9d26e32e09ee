package fpm

import "github.com/wp502lint/wp502lint/parser/ini"

// Seconds reads a time as PHP-FPM does.
func Seconds(s string) (int64, bool) { return 0, false }

// Int reads a number as PHP-FPM does.
func Int(s string) (int64, bool) { return 0, false }

// Bool reads a boolean as PHP-FPM does.
func Bool(v ini.Value) (b, ok bool) { return false, false }
