package nginxt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// hash is what a configuration says of one of nginx's hash tables, such as map_hash.
type hash struct {
	bucket  int64 // bytes, the largest that is written; 0 for the default
	unknown bool  // a size is written that cannot be read
	written int   // how many sizes are written
	zero    nginx.Directive
	max     bool // zero is the greatest number of buckets, not their size
}

// hashKey is a text that nginx keeps in a hash table and that may be too long for it.
type hashKey struct {
	hash, text string
	name       string // of the directive
	at         source.Span
	sharing    bool // only if several servers have one address
}

// cacheLine is the alignment of a bucket in bytes: the cache line of amd64 and arm64
// (nginx ngx_cpuinfo.c; auto/os/linux).
const cacheLine = 64

// plainKey is the length of the longest text that every hash table holds.
const plainKey = 46

// holds reports whether a bucket of nginx's hash tables has room for a text of n bytes
// (nginx ngx_hash.c, NGX_HASH_ELT_SIZE and ngx_hash_init). How many texts there are does
// not matter: nginx only warns of a table that is not optimal.
func holds(bucket int64, n int) bool { return bucket >= int64(2*8+align(n+2, 8)) }

func align(n, to int) int { return (n + to - 1) / to * to }

// hashNamed returns the state of a hash table.
func (x *inspector) hashNamed(name string) *hash {
	if x.hashes == nil {
		x.hashes = map[string]*hash{}
	}
	h := x.hashes[name]
	if h == nil {
		h = &hash{}
		x.hashes[name] = h
	}
	return h
}

// hashSize reads a *_hash_max_size or *_hash_bucket_size.
func (x *inspector) hashSize(d nginx.Directive, _ *servers.NginxDirective, v visit) {
	name, most := strings.CutSuffix(d.Name(), "_max_size")
	if !most {
		name = strings.TrimSuffix(d.Name(), "_bucket_size")
	}
	if most && name == "types_hash" && v.context&servers.NginxHTTP == 0 && !typesIn(v) {
		return // the table of the block around takes effect
	}
	h := x.hashNamed(name)
	n, ok := nginx.Number(d.Arg(0).String())
	h.written++
	switch {
	case !ok || !x.stays(d.Arg(0).String()) || n > 1<<30:
		h.unknown = true
	case n == 0:
		h.zero, h.max = d, most
	case !most:
		h.bucket = max(h.bucket, int64(align(int(n), cacheLine)))
	}
}

// typesIn reports whether a block has types of its own.
func typesIn(v visit) bool {
	for d := range v.block.Children() {
		if d.Name() == "types" {
			return true
		}
	}
	return false
}

// keeps records a text for a hash table if it is too long for the default size.
func (x *inspector) keeps(hash string, d nginx.Directive, at source.Span, text string) {
	if len(text) > plainKey && x.main && !x.quiet(d.File()) && x.stays(text) {
		x.hashed = append(x.hashed, hashKey{hash: hash, text: text, name: d.Name(), at: at})
	}
}

// keepsName records a name of servers, whose labels nginx keeps one by one if it has a star.
func (x *inspector) keepsName(hash string, d nginx.Directive, w nginx.Word, name string) {
	if len(name) <= plainKey || strings.HasPrefix(name, "~") || nginx.HasVariable(name) {
		return
	}
	longest := name
	if name[0] == '.' || name[0] == '*' || name[len(name)-1] == '*' {
		longest = ""
		for label := range strings.SplitSeq(name, ".") {
			if len(label) > len(longest) {
				longest = label
			}
		}
	}
	before := len(x.hashed)
	x.keeps(hash, d, w.Span(), longest)
	for i := range x.hashed[before:] {
		x.hashed[before+i].sharing = hash == "server_names_hash"
	}
}

// headerName records a header of proxy_set_header or proxy_hide_header.
func (x *inspector) headerName(d nginx.Directive) {
	x.keeps("proxy_headers_hash", d, d.Arg(0).Span(), d.Arg(0).String())
}

// judgeHashes finds the hash tables that nginx cannot build.
func (x *inspector) judgeHashes() {
	if !x.main || x.broken {
		return
	}
	for name, h := range x.hashes {
		if h.zero.IsZero() || h.written > 1 || !x.serves || !alwaysBuilt(name) {
			continue
		}
		x.refuse(h.zero, h.zero.Span(), fmt.Sprintf("nginx cannot build the %s with %s 0", name, h.zero.Name()),
			fmt.Sprintf("could not build %s, you should increase %s: 0", name, h.zero.Name()))
	}
	for _, key := range x.hashed {
		bucket := int64(cacheLine)
		if h := x.hashes[key.hash]; h != nil {
			if h.unknown || !h.zero.IsZero() {
				continue
			}
			bucket = max(bucket, h.bucket)
		}
		if !holds(bucket, len(key.text)) {
			x.tooLong(key, bucket)
		}
	}
}

// alwaysBuilt reports whether nginx builds a hash table for every configuration with a
// server in http.
func alwaysBuilt(name string) bool {
	return name == "variables_hash" || name == "types_hash" || name == "proxy_headers_hash"
}

func (x *inspector) tooLong(key hashKey, bucket int64) {
	enough := 2 * bucket
	for !holds(enough, len(key.text)) {
		enough *= 2
	}
	bad := Refusal{At: key.at, Fault: RefusedArgument, Name: key.name,
		Message: fmt.Sprintf("%s has %d bytes, too many for a bucket of %d bytes in the %s: %s_bucket_size %d is needed", source.Excerpt(key.text), len(key.text), bucket, key.hash, key.hash, enough),
		Says:    fmt.Sprintf("could not build %s, you should increase %s_bucket_size: %d", key.hash, key.hash, bucket)}
	if key.sharing {
		if x.LongNames == nil {
			x.LongNames = map[source.Span]Refusal{}
		}
		x.LongNames[key.at] = bad
		return
	}
	x.add(bad)
}
