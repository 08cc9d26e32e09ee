// Package linediff finds the lines of a text that are changed or new compared with an older
// text, in bounded time and memory.
package linediff

import "strings"

// The limits of one comparison. Texts that differ in more lines, or that would take longer,
// are not compared line by line.
const (
	// maxDistance is how many lines are removed or added in all.
	maxDistance = 1000
	// maxWork is how many lines are looked at, some of them again and again.
	maxWork = 1 << 26
)

// Changed returns for each line of text, from the first, whether it is changed or new since
// old. A line ends at a line feed, with or without a CR before it, and at the end of the
// text: git may convert line ends, so that texts that differ in them alone are equal. Beyond
// a limit, all lines between the first and the last
// difference are changed.
func Changed(old, text string) []bool {
	if old == text {
		return make([]bool, strings.Count(text, "\n")+1)
	}
	a, b := numbered(old, text)
	changed := make([]bool, len(b))
	from := 0
	for from < len(a) && from < len(b) && a[from] == b[from] {
		from++
	}
	endA, endB := len(a), len(b)
	for endA > from && endB > from && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
	}
	middle := changed[from:endB]
	for i := range middle {
		middle[i] = true
	}
	if from < endA && from < endB {
		unmark(a[from:endA], b[from:endB], middle)
	}
	return changed
}

// numbered returns the lines of both texts as numbers: equal lines have the same.
func numbered(old, text string) (a, b []int32) {
	numbers := map[string]int32{}
	number := func(text string) []int32 {
		all := make([]int32, 0, strings.Count(text, "\n")+1)
		for line := range strings.SplitSeq(text, "\n") {
			line = strings.TrimSuffix(line, "\r")
			n, met := numbers[line]
			if !met {
				n = int32(len(numbers))
				numbers[line] = n
			}
			all = append(all, n)
		}
		return all
	}
	return number(old), number(text)
}

// unmark clears the marks of the lines of b that a longest common subsequence of a and b
// has; none if that exceeds a limit. It is the greedy algorithm of Myers, "An O(ND)
// Difference Algorithm and Its Variations" (1986): the furthest place that can be reached
// with d removed or added lines, on each diagonal, for d from 0.
func unmark(a, b []int32, marks []bool) {
	limit := min(len(a)+len(b), maxDistance)
	furthest := make([]int32, 2*limit+3) // of a, by diagonal + limit + 1
	var trace [][]int32                  // furthest before each d, from -d to d
	work := 0
	for d := 0; d <= limit; d++ {
		mid := limit + 1
		trace = append(trace, append([]int32(nil), furthest[mid-d-1:mid+d+2]...))
		for k := -d; k <= d; k += 2 {
			x := furthest[mid+k-1] + 1
			if k == -d || k != d && furthest[mid+k-1] < furthest[mid+k+1] {
				x = furthest[mid+k+1]
			}
			start := x
			for y := x - int32(k); int(x) < len(a) && int(y) < len(b) && a[x] == b[y]; y++ {
				x++
			}
			furthest[mid+k] = x
			if int(x) >= len(a) && int(x)-k >= len(b) {
				retrace(trace, a, b, marks)
				return
			}
			if work += 1 + int(x-start); work > maxWork {
				return
			}
		}
	}
}

// retrace clears the marks along the path that trace leads to, from its end.
func retrace(trace [][]int32, a, b []int32, marks []bool) {
	x, y := len(a), len(b)
	for d := len(trace) - 1; d >= 0; d-- {
		before, mid := trace[d], d+1
		k := x - y
		above := k == -d || k != d && before[mid+k-1] < before[mid+k+1]
		from, fromX := k-1, int(before[mid+k-1])
		if above {
			from, fromX = k+1, int(before[mid+k+1])
		}
		fromY := fromX - from
		if d == 0 {
			fromX, fromY = 0, 0
		}
		for x > fromX && y > fromY {
			x, y = x-1, y-1
			marks[y] = false
		}
		x, y = fromX, fromY
	}
}
