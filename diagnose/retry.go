package diagnose

import (
	"hash/maphash"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/logs"
)

// maxTries is how many addresses of one request are told apart.
const maxTries = 100

// retries finds the lines about further addresses of a request. It keeps hashes: the texts of a
// request may be long.
type retries struct {
	seed  maphash.Seed
	tried map[uint64]addresses // by process, connection, client and URI
}

// addresses are the hashes of those that nginx tried for one request.
type addresses struct {
	first uint64
	more  []uint64
}

// isRetry reports whether a line is about the same request as an earlier one: nginx tried another
// address of an upstream. Lines with the same address are about further requests of a client that
// keeps its connection. The order in which files are read does not matter.
func (r *retries) isRetry(e *logs.Event, upstream string) bool {
	if e.Row.Status != 502 {
		return false
	}
	process, connection, ok := connectionOf(e.Text)
	if !ok {
		return false
	}
	if r.tried == nil {
		r.seed, r.tried = maphash.MakeSeed(), map[uint64]addresses{}
	}
	request, address := r.hash(process, connection, e.Request.Client, e.Request.URI), r.hash(upstream)
	before, known := r.tried[request]
	switch {
	case !known || before.first == address || slices.Contains(before.more, address):
		if len(r.tried) > maxMarks {
			clear(r.tried)
		}
		r.tried[request] = addresses{first: address}
		return false
	case len(before.more) < maxTries:
		before.more = append(before.more, address)
		r.tried[request] = before
	}
	return true
}

func (r *retries) hash(texts ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(r.seed)
	for _, text := range texts {
		h.WriteString(text)
		h.WriteByte(0)
	}
	return h.Sum64()
}

// connectionOf finds the process and the connection in [error] 12#12: *34 (nginx ngx_log.c).
func connectionOf(text string) (process, connection string, ok bool) {
	if strings.HasPrefix(text, "[") {
		_, text, _ = strings.Cut(text, "] ")
	}
	process, rest := digits(text)
	rest, hash := strings.CutPrefix(rest, "#")
	_, rest = digits(rest)
	rest, star := strings.CutPrefix(rest, ": *")
	connection, rest = digits(rest)
	return process, connection, process != "" && hash && star && connection != "" && strings.HasPrefix(rest, " ")
}

// digits returns the decimal digits at the start of a text, and what follows them.
func digits(text string) (number, rest string) {
	rest = strings.TrimLeft(text, "0123456789")
	return text[:len(text)-len(rest)], rest
}
