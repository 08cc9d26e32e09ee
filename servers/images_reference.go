package servers

import (
	"slices"
	"strings"
)

// Reference is the name of an image as Dockerfiles and compose files write it.
type Reference struct {
	// Registry is what precedes a familiar Repository: a host, and the path of a mirror on
	// it.
	Registry string
	// Repository is the familiar name of a known family: "php" for
	// public.ecr.aws/docker/library/php. Of an unknown one it is the whole name.
	Repository string
	Tag        string // "" if not written
	Digest     string // such as sha256:…; it decides, whatever Tag says
}

// Hole replaces a part of a reference that is not known (hole.Mark).
const Hole = "\x00"

// String returns the reference as ParseImage reads it.
func (r Reference) String() string {
	s := r.Repository
	if r.Registry != "" {
		s = r.Registry + "/" + s
	}
	if r.Tag != "" {
		s += ":" + r.Tag
	}
	if r.Digest != "" {
		s += "@" + r.Digest
	}
	return s
}

// dockerHub are the hosts of Docker's own registry.
var dockerHub = []string{"docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com"}

// mirrors are ends of paths below which a mirror keeps the repositories of Docker Hub:
// the namespace of its official images, and GitLab's dependency proxy.
var mirrors = []string{"library", "dependency_proxy/containers"}

// ParseImage splits an image reference. It accepts any text, also what Docker refuses.
func ParseImage(ref string) (r Reference) {
	ref, r.Digest, _ = strings.Cut(ref, "@")
	if i := strings.LastIndexByte(ref, ':'); i > strings.LastIndexByte(ref, '/') {
		ref, r.Tag = ref[:i], ref[i+1:]
	}
	// As Docker tells a host from the first part of a path (distribution/reference,
	// normalize.go).
	host, rest, more := strings.Cut(ref, "/")
	if !more || !strings.ContainsAny(host, ".:") && host != "localhost" && host == strings.ToLower(host) {
		host, rest = "", ref
	}
	r.Repository = ref
	if short, known := familiar(host, rest); known {
		r.Registry, r.Repository = strings.TrimSuffix(strings.TrimSuffix(ref, short), "/"), short
	}
	return r
}

// familiar returns the end of a path that names a known family. php, and nginx/nginx, are
// names of third-party images too: a host before them has to be Docker's own or a mirror.
// Other names with a publisher mean that publisher's image, wherever a copy is kept.
func familiar(host, name string) (string, bool) {
	parts := strings.Split(name, "/")
	for i := range parts {
		short, before := strings.Join(parts[i:], "/"), strings.Join(parts[:i], "/")
		if _, known := rows()[short]; !known {
			continue
		}
		publisher, repository, namespaced := strings.Cut(short, "/")
		switch {
		case before == "" && (namespaced || host == "" || slices.Contains(dockerHub, host)),
			namespaced && publisher != repository,
			endsIn(before, mirrors):
			return short, true
		}
	}
	return "", false
}

// endsIn reports whether a path ends in one of several paths.
func endsIn(name string, ends []string) bool {
	for _, end := range ends {
		if name == end || strings.HasSuffix(name, "/"+end) {
			return true
		}
	}
	return false
}

// imageTag is a tag taken apart: 8.3.12-fpm-alpine3.20.
type imageTag struct {
	version string   // 8.3.12; "" if the tag does not start with one
	words   []string // fpm, alpine3.20
	latest  bool     // there is no tag, or it is latest
	digest  bool     // a digest decides
	// unversioned is set if the version is not known, or not all of it, and unworded if further words
	// are not.
	unversioned, unworded bool
}

// open reports whether a part of the tag is not known.
func (t imageTag) open() bool { return t.unversioned || t.unworded }

// parseTag returns the parts of the tag of r.
func parseTag(r Reference) (t imageTag) {
	t.digest = r.Digest != ""
	tag := strings.ToLower(r.Tag)
	if tag == "" || tag == "latest" {
		t.latest = true
		return t
	}
	t.words = strings.FieldsFunc(tag, func(c rune) bool { return c == '-' || c == '_' })
	if len(t.words) > 0 && isVersion(t.words[0]) {
		t.version, t.words = strings.TrimPrefix(t.words[0], "v"), t.words[1:]
	}
	t.holes()
	return t
}

// holes notes which parts of the tag are not known. A hole as the first word is a version, with
// any variant if nothing follows it; any other one may be a variant.
func (t *imageTag) holes() {
	if known, _, ok := strings.Cut(t.version, Hole); ok {
		t.version, t.unversioned, t.unworded = "", true, len(t.words) == 0
		if strings.Count(known, ".") >= 2 {
			t.version = minor(known)
		}
	}
	for i, word := range t.words {
		if !strings.Contains(word, Hole) {
			continue
		}
		first := i == 0 && t.version == "" && !t.unversioned
		t.unversioned = t.unversioned || first
		t.unworded = t.unworded || !first || word != Hole || len(t.words) == 1
	}
}

// isVersion reports whether a word is a number with dots: 8, v8.3, 8.6.0alpha3.
func isVersion(word string) bool {
	word = strings.TrimPrefix(word, "v")
	return word != "" && word[0] >= '0' && word[0] <= '9'
}

// has reports whether a word of the tag is word.
func (t imageTag) has(word string) bool { return slices.Contains(t.words, word) }

// after returns what follows prefix in a word of the tag: 8.3 after php in php8.3-fpm.
func (t imageTag) after(prefix string) string {
	for _, word := range t.words {
		if rest, ok := strings.CutPrefix(word, prefix); ok && isVersion(rest) {
			return rest
		}
	}
	return ""
}

// isPatch reports whether the version names one release: 8.3.12, not 8.3.
func (t imageTag) isPatch() bool { return strings.Count(t.version, ".") >= 2 }

// debianReleases are the releases of Debian, oldest first. Their numbers start with 7.
var debianReleases = []string{"wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky"}

// distribution returns the distribution and release that a tag names; debian and the given
// default if it names none, and nothing of what a hole may name.
func (t imageTag) distribution(release string) (string, string) {
	for _, word := range t.words {
		if rest, ok := strings.CutPrefix(word, "alpine"); ok && (rest == "" || isVersion(rest)) {
			return "alpine", rest
		}
		if slices.Contains(debianReleases, word) {
			return "debian", word
		}
	}
	switch {
	case t.unworded:
		return "", ""
	case t.unversioned:
		return "debian", ""
	}
	return "debian", release
}

// major returns the first number of a version, and minor its first two.
func major(version string) string { first, _, _ := strings.Cut(version, "."); return first }

func minor(version string) string {
	first, rest, more := strings.Cut(version, ".")
	if !more {
		return first
	}
	second, _, _ := strings.Cut(rest, ".")
	return first + "." + second
}
