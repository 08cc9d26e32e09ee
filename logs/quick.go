package logs

import (
	"bytes"
	"cmp"
)

// failing reports whether a line of an access log with the status is an event. Those from 520 on are of
// Cloudflare.
func failing(status int) bool {
	switch status {
	case 499, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530:
		return true
	}
	return false
}

// quickStatus returns the status of a line of an access log in the usual forms; 0 for another line.
func quickStatus(line []byte) int {
	if len(line) > 0 && line[0] == '{' {
		return quickJSON(line)
	}
	if _, _, status := requestAt(line); status > 0 {
		return status
	}
	// Docker Compose and Kubernetes put something before the object.
	if object := bytes.IndexByte(line, '{'); object > 0 && !bytes.Contains(line[:object], httpMark) {
		return quickJSON(line[object:])
	}
	return 0
}

// requestAt returns the places of the quotes around the request in a line of an access log, and the
// status that is next to them, as in the formats of nginx and Apache; status is 0 for another line.
func requestAt(line []byte) (open, end, status int) {
	for {
		i := bytes.IndexByte(line[end:], '"')
		if i < 0 {
			return 0, 0, 0
		}
		open = end + i
		if end = closing(line, open+1); end < 0 {
			return 0, 0, 0
		}
		end++
		if status = statusAt(line[end:]); status > 0 {
			return open, end - 1, cmp.Or(statusBefore(line[:open]), status)
		}
	}
}

// closing returns the place of the next quote that is not escaped; -1 for none.
func closing(line []byte, from int) int {
	for {
		i := bytes.IndexByte(line[from:], '"')
		if i < 0 {
			return -1
		}
		from += i
		if line[from-1] != '\\' {
			return from
		}
		from++
	}
}

// statusAt returns the status that is the first word of text, which begins with a space; 0 for
// another text.
func statusAt(text []byte) int {
	if len(text) < 4 || text[0] != ' ' || len(text) > 4 && text[4] != ' ' && text[4] != '\r' && text[4] != '\n' {
		return 0
	}
	return status3(text[1:])
}

// statusBefore returns the status that is the last word of text, which ends with a space; 0 for
// another text.
func statusBefore(text []byte) int {
	n := len(text)
	if n < 4 || text[n-1] != ' ' || n > 4 && text[n-5] != ' ' {
		return 0
	}
	return status3(text[n-4:])
}

// status3 returns the status that text begins with; 0 for a number that no server sends.
func status3[T string | []byte](text T) int {
	if len(text) < 3 || !digit(text[1]) || !digit(text[2]) {
		return 0
	}
	tens := int(text[1]-'0')*10 + int(text[2]-'0')
	most := -1
	switch text[0] {
	case '1':
		most = 3
	case '2':
		most = 26
	case '3':
		most = 8
	case '4':
		most = 99
	case '5':
		most = 30
	}
	if tens > most {
		return 0
	}
	return int(text[0]-'0')*100 + tens
}

var (
	httpMark         = []byte("HTTP/")
	statusMark       = []byte(`"status":`)
	quotedStatusMark = []byte(`\"status\":`)
	logMark          = []byte(`{"log":"`)
)

// quickJSON returns the status of a line of an access log in JSON, or of a line that Docker put
// into JSON; 0 for another line, and if only the whole object tells.
func quickJSON(line []byte) int {
	if bytes.HasPrefix(line, logMark) {
		if i := bytes.Index(line, httpMark); i >= 0 && len(line) > i+14 {
			rest := line[i+len(httpMark):]
			if end := bytes.IndexByte(rest[:5], '\\'); end > 0 && rest[end+1] == '"' && statusAt(rest[end+2:]) > 0 {
				return statusAt(rest[end+2:])
			}
		}
	}
	mark := statusMark
	if bytes.HasPrefix(line, logMark) {
		mark = quotedStatusMark
	}
	i := bytes.Index(line, mark)
	if i < 0 {
		return 0
	}
	rest := line[i+len(mark):]
	return status3(bytes.TrimLeft(rest[:min(len(rest), 8)], ` \"`))
}

// nginxLevel returns the first letter of the level of a line of nginx with its date; 0 for
// another line.
func nginxLevel(line []byte) byte {
	if len(line) <= 24 || line[4] != '/' || line[7] != '/' || line[10] != ' ' || line[13] != ':' || line[16] != ':' || line[19] != ' ' || line[20] != '[' {
		return 0
	}
	for _, i := range [...]int{0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18} {
		if !digit(line[i]) {
			return 0
		}
	}
	if line[11] > '2' || line[11] == '2' && line[12] > '3' || line[14] > '5' || line[17] > '6' || line[17] == '6' && line[18] > '0' {
		return 0 // as clockTime
	}
	return line[21]
}

// served reports whether the request of a line of an access log is one that PHP answers on most
// sites: its path ends in .php or in a slash, or has no extension.
func served[T string | []byte](request T) bool {
	start := 0
	for start < len(request) && request[start] != ' ' && request[start] != '/' {
		start++
	}
	if start < len(request) && request[start] == ' ' {
		start++
	}
	end, dot := start, -1
scan:
	for end < len(request) {
		switch request[end] {
		case '/':
			dot = -1
		case '.':
			dot = end
		case ' ', '?', '#':
			break scan
		}
		end++
	}
	return end > start && (dot < 0 || string(request[dot:end]) == ".php")
}
