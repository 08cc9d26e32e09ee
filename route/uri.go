package route

import "strings"

// parsePath decodes the path of a request line as nginx does: %-escapes, "." and ".."
// segments, and doubled slashes if merge is set. ok is false if nginx answers 400 (nginx
// ngx_http_parse.c, ngx_http_parse_complex_uri).
func parsePath(raw string, merge bool) (path, args string, escaped, ok bool) {
	raw, _, _ = strings.Cut(raw, "#")
	raw, args, _ = strings.Cut(raw, "?")
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		ch := raw[i]
		i++
		if ch <= 0x20 || ch == 0x7f {
			return "", "", false, false
		}
		if ch == '%' {
			if i+2 > len(raw) {
				return "", "", false, false
			}
			high, low := unhex(raw[i]), unhex(raw[i+1])
			if high < 0 || low < 0 || high == 0 && low == 0 {
				return "", "", false, false
			}
			ch, escaped = byte(high<<4|low), true
			i += 2
		}
		switch {
		case ch == '+':
			escaped = true
		case ch == '/':
			before := len(out)
			if out, ok = closeSegment(out); !ok {
				return "", "", false, false
			}
			if len(out) < before || merge && before > 0 && out[before-1] == '/' {
				continue
			}
		}
		out = append(out, ch)
	}
	out, ok = closeSegment(out)
	return string(out), args, escaped, ok
}

// closeSegment removes a last segment "." or "..", the latter with the segment before it.
func closeSegment(out []byte) ([]byte, bool) {
	text := string(out)
	switch {
	case strings.HasSuffix(text, "/."):
		return out[: len(out)-1 : len(out)-1], true
	case strings.HasSuffix(text, "/.."):
		rest := strings.TrimSuffix(text, "/..")
		if rest == "" {
			return nil, false
		}
		return out[:strings.LastIndexByte(rest, '/')+1], true
	}
	return out, true
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// escape escapes a path, or a part of a query if args is set (nginx ngx_string.c,
// ngx_escape_uri).
func escape(text string, args bool) string {
	const hex = "0123456789ABCDEF"
	bad := " \"#%<>?\\^`{|}"
	if args {
		bad += "&+;"
	}
	var out strings.Builder
	for i := range len(text) {
		if c := text[i]; c <= 0x20 || c >= 0x7f || strings.IndexByte(bad, c) >= 0 {
			out.Write([]byte{'%', hex[c>>4], hex[c&15]})
		} else {
			out.WriteByte(c)
		}
	}
	return out.String()
}
