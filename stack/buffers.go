package stack

import (
	"math"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// BufferFault is why nginx refuses the buffers of one kind of gateway at one level.
// nginx checks in this order (nginx ngx_http_fastcgi_module.c,
// ngx_http_fastcgi_merge_loc_conf; the other modules do the same).
type BufferFault uint8

// The faults of buffers.
const (
	BuffersFit      BufferFault = iota
	TooFewBuffers               // *_buffers has one buffer; two are needed
	BusyTooSmall                // *_busy_buffers_size is below the largest buffer
	BusyTooLarge                // *_busy_buffers_size is above all buffers but one
	TempTooSmall                // *_temp_file_write_size is below the largest buffer
	MaxTempTooSmall             // *_max_temp_file_size is neither 0 nor at least the largest buffer
	BuffersUnknown              // an outer block that was not given decides
)

// BufferSet is a set of buffers of one kind of gateway that nginx refuses. nginx checks
// them for every server and location, even if no request is passed on there.
type BufferSet struct {
	Protocol Protocol
	Header   source.Span // of the first block in which they take effect
	Fault    BufferFault
	// At is the innermost line of the set that takes part in the fault.
	At source.Span

	Size    source.Setting[int64] // *_buffer_size
	Buffers source.Setting[Buffers]
	// Busy, TempWrite and MaxTemp are absent if not set; the defaults are twice
	// Largest for Busy and TempWrite, and 1 GiB for MaxTemp.
	Busy, TempWrite, MaxTemp source.Setting[int64]
}

// Largest is the size of the largest buffer in bytes: the first or one of the others.
func (s *BufferSet) Largest() int64 {
	size, _ := s.Size.Known()
	buffers, _ := s.Buffers.Known()
	return max(size, buffers.Size)
}

// BusySize is the effective size of the busy buffers in bytes.
func (s *BufferSet) BusySize() int64 {
	if busy, ok := s.Busy.Known(); ok {
		return busy
	}
	return double(s.Largest())
}

// Room is the total size in bytes of all buffers but one.
func (s *BufferSet) Room() int64 {
	b, _ := s.Buffers.Known()
	if b.Number > 1 && b.Size > math.MaxInt64/(b.Number-1) {
		return math.MaxInt64
	}
	return max(0, b.Number-1) * b.Size
}

// MaxTempSize is the maximum size of a temporary file in bytes: 1 GiB if not set.
// known is false if the files do not determine it.
func (s *BufferSet) MaxTempSize() (bytes int64, known bool) {
	if !s.MaxTemp.Written() && s.MaxTemp.Why() == "" {
		return 1 << 30, true
	}
	return s.MaxTemp.Known()
}

func double(n int64) int64 {
	if n > math.MaxInt64/2 {
		return math.MaxInt64
	}
	return 2 * n
}

// bufferKey identifies a set by its lines: sets of the same lines are the same set.
type bufferKey struct {
	protocol Protocol
	lines    [bufferSettings]nginx.Directive
}

const bufferSettings = maxTempFileSize + 1

// judgeBuffers keeps the buffer sets of a level that nginx refuses.
func (r *reader) judgeBuffers(s *scope) {
	sizes := s.effective.sizes()
	if sizes == nil || sizes.judged || s.block.IsZero() || s.block.Name() == "if" {
		return
	}
	sizes.judged = true
	var lines [len(groups)][bufferSettings]nginx.Directive
	var depths [len(groups)][bufferSettings]uint16
	for e := sizes; e != nil; e = e.outer.sizes() {
		group, setting := (e.keyword-firstOfGateways)/settingsOfGateway, (e.keyword-firstOfGateways)%settingsOfGateway
		if lines[group][setting].IsZero() {
			lines[group][setting], depths[group][setting] = e.d, e.depth
		}
	}
	for i, protocol := range groups {
		key := bufferKey{protocol, lines[i]}
		if key.lines == ([bufferSettings]nginx.Directive{}) {
			continue
		}
		set := r.bufferSet(s, protocol)
		if set.judge(); set.Fault != BuffersFit && !r.refused[key] {
			r.refused[key] = true
			refused := set // the set itself stays on the stack
			refused.At = set.innermost(lines[i], depths[i])
			r.linker.Buffers = append(r.linker.Buffers, &refused)
		}
	}
}

func (r *reader) bufferSet(s *scope, protocol Protocol) BufferSet {
	g := &Gateway{Front: r.front, Protocol: protocol, Header: s.block.Span(), Effective: s.effective}
	return BufferSet{
		Protocol: protocol, Header: g.Header,
		Size: g.BufferSize(), Buffers: g.Buffers(), Busy: g.BusyBuffersSize(),
		TempWrite: g.TempFileWriteSize(), MaxTemp: maxTemp(g),
	}
}

func maxTemp(g *Gateway) source.Setting[int64] {
	if s := g.MaxTempFileSize(); s.Written() || s.Why() != "" {
		return s
	}
	return source.Absent[int64](g.Header)
}

// judge finds the fault. An unknown value causes one only if every possible value
// does: a set that an outer block may complete is refused only if nothing could complete it.
func (s *BufferSet) judge() {
	buffers, known := s.Buffers.Known()
	_, sized := s.Size.Known()
	busy, busyKnown := s.Busy.Known()
	temp, tempKnown := s.TempWrite.Known()
	limit, limited := s.MaxTempSize()
	switch {
	case known && buffers.Number < 2:
		s.Fault = TooFewBuffers
	case busyKnown && busy < s.Largest():
		s.Fault = BusyTooSmall
	case known && busyKnown && busy > s.Room():
		s.Fault = BusyTooLarge
	case known && s.Largest() > s.Room():
		s.Fault = BusyTooLarge
	case known && sized && s.Busy.Why() == "" && s.BusySize() > s.Room():
		s.Fault = BusyTooLarge
	case tempKnown && temp < s.Largest():
		s.Fault = TempTooSmall
	case limited && limit != 0 && limit < s.Largest():
		s.Fault = MaxTempTooSmall
	case s.undecided():
		s.Fault = BuffersUnknown
	}
}

// undecided reports whether nginx would refuse the set if the outer blocks that were
// not given set nothing.
func (s *BufferSet) undecided() bool {
	if size, ok := s.Size.Known(); !ok || s.Buffers.Why() != noMain && s.Busy.Why() != noMain {
		return false
	} else if b, ok := s.Buffers.Known(); ok {
		return double(max(size, b.Size)) > s.Room()
	} else {
		return double(size) > 7*PageSize
	}
}

// innermost returns the innermost line that takes part in the fault; of two in one
// block, the more likely mistake.
func (s *BufferSet) innermost(lines [bufferSettings]nginx.Directive, depths [bufferSettings]uint16) source.Span {
	var parts []keyword
	switch s.Fault {
	case TooFewBuffers:
		parts = []keyword{buffers}
	case BusyTooSmall, BusyTooLarge:
		parts = []keyword{busyBuffersSize, bufferSize, buffers}
	case TempTooSmall:
		parts = []keyword{tempFileWriteSize, bufferSize, buffers}
	case MaxTempTooSmall:
		parts = []keyword{maxTempFileSize, bufferSize, buffers}
	default:
		parts = []keyword{bufferSize, buffers, busyBuffersSize}
	}
	var at nginx.Directive
	depth := uint16(0)
	for _, k := range parts {
		if d := lines[k]; !d.IsZero() && (at.IsZero() || depths[k] > depth) {
			at, depth = d, depths[k]
		}
	}
	return at.Span()
}
