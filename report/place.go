package report

import (
	"fmt"
	"strings"
)

// unreserved are the bytes that need no encoding in the path of a URI, besides
// letters and digits (RFC 3986, 2.3), and the slash.
const unreserved = "-._~/"

// bare returns path without a leading "./", with which code scanning and GitLab
// do not find the file.
func bare(path string) string {
	for strings.HasPrefix(path, "./") {
		path = strings.TrimLeft(path[2:], "/")
	}
	return path
}

// uri returns path as a URI reference: relative without a leading "./" for a
// relative path, with the scheme file for an absolute one. A path may hold any
// bytes.
func uri(path string) string {
	path = bare(path)
	var b strings.Builder
	if strings.HasPrefix(path, "/") {
		b.WriteString("file://")
	}
	for i := range len(path) {
		c := path[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(unreserved, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
