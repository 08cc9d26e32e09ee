package compose

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// sampleMarks are the words in the names of files that are in a repository to be copied to
// another name, which git ignores.
var sampleMarks = []string{"example", "sample", "dist", "template", "default", "defaults", "tpl"}

// plain returns the name that a sample is copied to: docker-compose.yml for
// docker-compose.yml.example, docker-compose.sample.yml and docker-compose-sample.yml. It is
// name itself for any other file.
func plain(name string) string {
	ext := path.Ext(name)
	if slices.Contains(sampleMarks, strings.ToLower(strings.TrimPrefix(ext, "."))) {
		return strings.TrimSuffix(name, ext)
	}
	stem := strings.TrimSuffix(name, ext)
	for _, mark := range sampleMarks {
		for _, separator := range [...]string{".", "-", "_"} {
			if rest, ok := strings.CutSuffix(stem, separator+mark); ok && rest != "" {
				return rest + ext
			}
		}
	}
	return name
}

// copied returns the file that has each name of a directory: itself, or the only sample of a
// name that is missing.
func copied(names []string) map[string]string {
	of := map[string]string{}
	for _, name := range names {
		if to := plain(name); to == name {
			continue
		} else if _, several := of[to]; several {
			of[to] = ""
		} else {
			of[to] = name
		}
	}
	for name, from := range of {
		if from == "" {
			delete(of, name)
		}
	}
	for _, name := range names {
		of[name] = name
	}
	return of
}

// envSample returns the only sample of an env file that is missing; nil for none or several.
func (r *reader) envSample(name string) (found *source.File) {
	dir, base := path.Split(name)
	for _, sample := range envSamples(base) {
		f, err := r.file(dir + sample)
		if err != nil {
			continue
		}
		if found != nil {
			return nil
		}
		found = f
	}
	return found
}

// envSamples returns the names that the sample of an env file has: .env.example, env.sample
// and example.env for .env.
func envSamples(base string) (all []string) {
	for _, mark := range sampleMarks {
		all = append(all, base+"."+mark, base+"-"+mark, base+"_"+mark)
		if base == ".env" {
			all = append(all, "env."+mark, "env-"+mark, mark+".env", "."+mark+".env")
		}
	}
	return all
}

// open makes the variables without value unknown: a sample leaves them to whoever copies it.
func (v variables) open() {
	for name, value := range v {
		if value.Text == "" {
			value.hole(name, 0)
			v[name] = value
		}
	}
}
