package deploy

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/dockerfile"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// maxArgument limits the bytes of the value of an ARG before the first FROM.
const maxArgument = 4096

// globals returns the values of the ARGs before the first FROM, with a hole for what is not known
// of one. The last of a name takes effect, and its default sees those before it (moby/buildkit,
// frontend/dockerfile/dockerfile2llb).
func globals(f *dockerfile.File, given map[string]source.Text) map[string]string {
	values := map[string]string{}
	lookup := func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
	for _, in := range f.Args {
		for _, p := range in.Pairs {
			text, ok := given[p.Name.Text]
			value := text.String
			if !ok && p.HasValue {
				var missing []string
				if value, missing = dockerfile.Expand(p.Value.Text, lookup); len(missing) > 0 || len(value) > maxArgument {
					value = hole.Mark
				}
			}
			if delete(values, p.Name.Text); ok || p.HasValue {
				values[p.Name.Text] = value
			}
		}
	}
	return values
}

// global returns the value of an ARG before the first FROM.
func (b *build) global(name string) (string, bool) {
	value, ok := b.globals[name]
	return value, ok
}

// reference returns the word after FROM with its variables filled in. Those in missing have no
// known value, and are holes in it.
func (b *build) reference(word string) (ref string, missing []string) {
	ref, unset := dockerfile.Expand(word, b.global)
	if b.leftOut(unset) && wellFormed(ref) && !strings.Contains(ref, hole.Mark) {
		return ref, nil
	}
	ref, _ = dockerfile.Expand(word, func(name string) (string, bool) {
		value, ok := b.global(name)
		if slices.Contains(unset, name) {
			value, ok = hole.Mark, true
		}
		if strings.Contains(value, hole.Mark) {
			missing = append(missing, name)
		}
		return value, ok
	})
	return ref, missing
}

// platformArgs are the variables of a build that no ARG has to declare
// (docs.docker.com/reference/dockerfile, Automatic platform ARGs in the global scope).
var platformArgs = []string{"TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT", "BUILDPLATFORM", "BUILDOS", "BUILDARCH", "BUILDVARIANT"}

// leftOut reports whether a build takes names as empty: those of ARGs before the first FROM that
// have no value and get none (docs.docker.com/reference/build-checks, InvalidDefaultArgInFrom),
// and those that no ARG there declares, whatever the build is given (UndefinedArgInFrom).
func (b *build) leftOut(names []string) bool {
	for _, name := range names {
		declared := slices.ContainsFunc(b.file.Args, func(in *dockerfile.Instruction) bool {
			return slices.ContainsFunc(in.Pairs, func(p dockerfile.Pair) bool { return p.Name.Text == name })
		})
		if _, given := b.args[name]; declared && given || slices.Contains(platformArgs, name) {
			return false
		}
	}
	return true
}

// wellFormed reports whether a reference with parts that are empty can still be meant: a tag
// such as -fpm or 8.- lacks what only a build with arguments gives.
func wellFormed(ref string) bool {
	if strings.ContainsAny(ref[:min(1, len(ref))]+ref[max(len(ref)-1, 0):], "/:-._@") {
		return false
	}
	for _, gap := range []string{"//", "::", ":-", ":.", ":_", "--", "-.", ".-", "..", "/:", "/-"} {
		if strings.Contains(ref, gap) {
			return false
		}
	}
	return ref != ""
}
