package dockerfile

import (
	"strconv"
	"strings"
)

// stage starts a stage.
func (p *reader) stage(from *Instruction) *Stage {
	s := &Stage{From: from}
	if len(from.Words) > 0 {
		s.Base = from.Words[0]
	}
	if f, ok := from.Flag("platform"); ok {
		s.Platform = f.Value
	}
	if len(from.Words) == 3 && strings.EqualFold(from.Words[1].Text, "as") {
		s.Name = strings.ToLower(from.Words[2].Text)
	}
	return s
}

// Stage returns the stage that a target of a build or COPY --from names: by its name,
// upper and lower case being the same, or by its index from 0. "" is the last stage. Of
// two with one name the last is meant. nil: none, so that for COPY it is an image.
func (f *File) Stage(target string) *Stage {
	n := len(f.Stages)
	if target == "" {
		if n == 0 {
			return nil
		}
		return f.Stages[n-1]
	}
	if i, err := strconv.Atoi(target); err == nil {
		if i < 0 || i >= n {
			return nil
		}
		return f.Stages[i]
	}
	return named(f.Stages, strings.ToLower(target))
}

// Parent returns the earlier stage that s starts from, if base, the expanded s.Base, is
// the name of one; nil if it is an image.
func (f *File) Parent(s *Stage, base string) *Stage {
	for i := range f.Stages {
		if f.Stages[i] == s {
			return named(f.Stages[:i], base)
		}
	}
	return nil
}

// named returns the last stage of a name.
func named(stages []*Stage, name string) *Stage {
	for i := len(stages) - 1; i >= 0; i-- {
		if name != "" && stages[i].Name == name {
			return stages[i]
		}
	}
	return nil
}
