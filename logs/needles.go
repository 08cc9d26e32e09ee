package logs

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// needles finds which of many literals a text has, in one pass that looks at each fourth group of
// four bytes. Each literal has a window of seven bytes, in which one of these groups begins
// wherever it is.
type needles struct {
	list []needle
	// known are the hashes of the groups of all windows, and slots the groups with a hash, from
	// the place in firsts on; 0: none.
	known  [1 << hashBits / 64]uint64
	firsts []uint16 // 1 << hashBits
	slots  []slot
}

// needle is a literal of a row.
type needle struct {
	text string
	// at and size are the part of text that no way of quoting changes, and window where in text
	// the bytes are that are searched for.
	at, size, window int
	row              int
}

// slot is one group of a window.
type slot struct {
	needle int
	offset int    // of the group in the text of the needle
	next   uint16 // the place of the next slot with the hash; 0: none
}

const (
	hashBits = 16
	// step is the distance of the groups that are looked at, and group how long they are.
	step, group = 4, 4
	// window is how many bytes of a literal are searched for. Shorter ones are not found.
	window = step + group - 1
)

// hash returns the hash of a group (Knuth, The Art of Computer Programming 6.4).
func hash(g uint32) uint32 { return g * 2654435761 >> (32 - hashBits) }

// add adds literals of a row; it reports false, and adds none, if one of them is too short.
func (n *needles) add(literals []string, row int) bool {
	var list []needle
	for _, text := range literals {
		at, size := piece(text)
		if size < window {
			return false
		}
		list = append(list, needle{text, at, size, at, row})
	}
	n.list = append(n.list, list...)
	return len(list) > 0
}

// piece returns the longest part of a literal that stays as it is when a line is quoted in JSON,
// HTML or a string.
func piece(text string) (at, size int) {
	start := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] >= ' ' && text[i] < 0x7f && strings.IndexByte(`"'\/<>&`, text[i]) < 0 {
			continue
		}
		if i-start > size {
			at, size = start, i-start
		}
		start = i + 1
	}
	return at, size
}

// finish makes n ready to scan.
func (n *needles) finish() {
	n.choose()
	n.firsts = make([]uint16, 1<<hashBits)
	n.slots = make([]slot, 1, 1+step*len(n.list))
	for i, one := range n.list {
		for offset := one.window; offset < one.window+step; offset++ {
			h := hash(binary.LittleEndian.Uint32([]byte(one.text[offset : offset+group])))
			n.known[h/64] |= 1 << (h % 64)
			n.slots = append(n.slots, slot{i, offset, n.firsts[h]})
			n.firsts[h] = uint16(len(n.slots) - 1)
		}
	}
}

// frequent is what most lines of logs have. Windows of its groups are looked at in vain.
const frequent = `[error] *1 open() "/var/www/a.png" failed (2: No such file or directory) while reading response header from upstream while connecting to upstream, ` +
	`client: , server: , request: "GET / HTTP/1.1", upstream: "fastcgi://unix:/run/php/", host: "FastCGI sent in stderr: "PHP message: PHP Warning:  PHP Notice:  ` +
	`Undefined variable in /wp-content/plugins/ on line Mozilla/5.0 (compatible; systemd[1]: Started kernel: NOTICE: [pool www] child exited with code after seconds from start`

// choose moves the window of each needle to the bytes that the fewest needles and lines have.
func (n *needles) choose() {
	count := map[string]int{}
	for i := 0; i+group <= len(frequent); i++ {
		count[frequent[i:i+group]] = len(n.list)
	}
	for _, one := range n.list {
		for i := one.at; i+group <= one.at+one.size; i++ {
			count[one.text[i:i+group]]++
		}
	}
	for i := range n.list {
		one := &n.list[i]
		best := -1
		for j := one.at; j+window <= one.at+one.size; j++ {
			sum := 0
			for k := j; k < j+step; k++ {
				sum += count[one.text[k:k+group]]
			}
			if best < 0 || sum < best {
				best, one.window = sum, j
			}
		}
	}
}

// scan adds to set the rows that have a literal in a text, or in what it is a quotation of.
func (n *needles) scan(text []byte, set *rowSet) {
	for i := 0; i+group <= len(text); i += step {
		h := hash(binary.LittleEndian.Uint32(text[i : i+group]))
		if n.known[h/64]&(1<<(h%64)) != 0 {
			n.hit(text, i, h, set)
		}
	}
}

// hit adds the rows that have a group with the hash at a place of a text.
func (n *needles) hit(text []byte, at int, h uint32, set *rowSet) {
	for i := n.firsts[h]; i != 0; i = n.slots[i].next {
		s := &n.slots[i]
		if one := &n.list[s.needle]; !set.has(one.row) && one.is(text, at-s.offset) {
			set.add(one.row)
		}
	}
}

// is reports whether a needle begins at a place of a text, as far as the text is not quoted.
func (one *needle) is(text []byte, start int) bool {
	if start >= 0 && has(text[start:], one.text) {
		return true
	}
	start += one.at
	return start >= 0 && has(text[start:], one.text[one.at:one.at+one.size]) &&
		(bytes.IndexByte(text, '\\') >= 0 || bytes.IndexByte(text, '&') >= 0)
}

// has reports whether a text begins with a prefix.
func has(text []byte, prefix string) bool {
	return len(text) >= len(prefix) && string(text[:len(prefix)]) == prefix
}
