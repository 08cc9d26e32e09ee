package rules

// once is a set of what was met before.
type once[K comparable] map[K]bool

// first reports whether k was not met before, and adds it.
func (o once[K]) first(k K) bool {
	if o[k] {
		return false
	}
	o[k] = true
	return true
}

// grouped returns the members of list with the same key together, in the order
// of the first of each.
func grouped[K comparable, V any](list []V, key func(V) K) (groups [][]V) {
	places := map[K]int{}
	for _, v := range list {
		i, met := places[key(v)]
		if !met {
			i = len(groups)
			places[key(v)], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], v)
	}
	return groups
}
