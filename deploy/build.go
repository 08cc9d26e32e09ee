package deploy

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/dockerfile"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// build makes the image of a Dockerfile.
type build struct {
	repo    *repository
	file    *dockerfile.File
	context *context
	// named are further contexts by name.
	named map[string]*context
	// args are the values of ARG that the project gives.
	args map[string]source.Text
	// globals are the values of ARG before the first FROM.
	globals map[string]string
	// done are the stages that were made, and doing those that are being made.
	done  map[*dockerfile.Stage]*image
	doing map[*dockerfile.Stage]bool
}

// image returns the image of the stage target; nil if there is no such stage.
func (b *build) image(target string) *image {
	s := b.file.Stage(target)
	if s == nil {
		return nil
	}
	return b.stage(s)
}

// stage makes one stage.
func (b *build) stage(s *dockerfile.Stage) *image {
	if m := b.done[s]; m != nil {
		return m
	}
	if b.doing[s] {
		return b.repo.published("", s.Base.At) // a cycle, which the builder refuses
	}
	b.doing[s] = true
	m := b.base(s)
	st := &stage{build: b, image: m, args: map[string]source.Text{}, unset: map[string]bool{}}
	triggers := m.onBuild
	m.onBuild = nil
	for _, in := range triggers {
		st.instruction(in)
	}
	for _, in := range s.Instructions {
		st.instruction(in)
	}
	delete(b.doing, s)
	b.done[s] = m
	return m
}

// base returns the image that a stage starts from.
func (b *build) base(s *dockerfile.Stage) *image {
	ref, missing := b.reference(s.Base.Text)
	if len(missing) > 0 {
		return b.repo.partly(ref, s.Base.Text, missing[0], s.Base.At)
	}
	if earlier := b.file.Parent(s, ref); earlier != nil {
		return b.stage(earlier).clone()
	}
	if c := b.named[ref]; c != nil {
		return b.repo.lacking(ref, "the build context "+ref+" is not followed", s.Base.At)
	}
	return b.repo.published(ref, s.Base.At)
}

// stage is a stage that is being made.
type stage struct {
	*build
	*image
	args  map[string]source.Text // of ARG
	unset map[string]bool        // those without a value
}

// lookup returns the value of a variable in an instruction.
func (s *stage) lookup(name string) (string, bool) {
	if v, ok := s.image.env[name]; ok {
		return v.String, !hole.In(v)
	}
	if v, ok := s.args[name]; ok {
		return v.String, !hole.In(v)
	}
	return "", !s.unset[name] && s.unknown == ""
}

// expand returns a word with its variables filled in; ok is false if one has no known
// value.
func (s *stage) expand(w dockerfile.Word) (text source.Text, ok bool) {
	value, missing := dockerfile.Expand(w.Text, s.lookup)
	for _, name := range missing {
		if s.unset[name] || s.unknown != "" {
			return hole.New(w.At), false
		}
	}
	return source.Made(value, w.At), true
}

func (s *stage) instruction(in *dockerfile.Instruction) {
	switch in.Keyword {
	case "ARG":
		for _, p := range in.Pairs {
			s.arg(p)
		}
	case "ENV":
		values := make([]source.Text, len(in.Pairs))
		for i, p := range in.Pairs {
			values[i], _ = s.expand(p.Value)
		}
		for i, p := range in.Pairs {
			s.image.env[p.Name.Text] = values[i]
		}
	case "WORKDIR":
		if dir, ok := s.first(in); ok {
			s.image.dir = s.resolve(dir)
			s.files.Mkdir(s.image.dir, tree.Owner{Mode: 0o755, Known: true})
		}
	case "USER":
		if user, ok := s.first(in); ok {
			s.image.user, s.image.userAt = user, in.Words[0].At
		}
	case "VOLUME":
		s.volume(in)
	case "COPY", "ADD":
		s.copy(in)
	case "RUN":
		s.run(in)
	case "ONBUILD":
		if in.Nested != nil {
			s.onBuild = append(slices.Clip(s.onBuild), in.Nested)
		}
	case "SHELL":
		s.image.shell = wordsOf(in)
	case "CMD":
		s.image.command = s.command(in)
	case "ENTRYPOINT":
		s.image.entrypoint, s.image.command = s.command(in), nil
		s.image.entry = servers.EntryNone
		if base := s.image.base.Entrypoint; len(base) > 0 && len(s.image.entrypoint) > 0 && path.Base(s.image.entrypoint[0].String) == path.Base(base[0]) {
			s.image.entry = s.image.base.Entry
		}
	}
}

func (s *stage) arg(p dockerfile.Pair) {
	name := p.Name.Text
	if given, ok := s.build.args[name]; ok {
		s.args[name] = given
		return
	}
	if p.HasValue {
		s.args[name], _ = s.expand(p.Value)
		return
	}
	if value, ok := s.global(name); ok {
		s.args[name] = source.Made(value, p.Name.At)
		return
	}
	s.unset[name] = true
}

// first returns the one argument of an instruction.
func (s *stage) first(in *dockerfile.Instruction) (string, bool) {
	if len(in.Words) == 0 {
		return "", false
	}
	text, ok := s.expand(in.Words[0])
	return text.String, ok
}

// wordsOf returns the strings of the exec form.
func wordsOf(in *dockerfile.Instruction) (all []source.Text) {
	for _, w := range in.Words {
		all = append(all, source.Made(w.Text, w.At))
	}
	return all
}

// command returns what CMD or ENTRYPOINT start.
func (s *stage) command(in *dockerfile.Instruction) []source.Text {
	if in.Exec {
		return wordsOf(in)
	}
	shellWords := s.image.shell
	if shellWords == nil {
		shellWords = words([]string{"/bin/sh", "-c"})
	}
	return append(slices.Clip(shellWords), in.Command())
}

// run follows a RUN instruction.
func (s *stage) run(in *dockerfile.Instruction) {
	whole := in.Script()
	script := shell.Script{Text: whole.Text, At: whole.At}
	env := s.shellEnv()
	env.Budget, env.Works = s.repo.budget, true
	for name, value := range s.args {
		if _, set := env.Vars[name]; !set {
			env.Vars[name] = value
		}
	}
	for name := range s.unset {
		env.Vars[name] = hole.New(in.At)
	}
	switch {
	case in.Exec && len(in.Words) == 3 && in.Words[1].Text == "-c":
		script = shell.Script{Text: in.Words[2].Text, At: in.Words[2].At}
	case in.Exec:
		return
	}
	result := shell.Run(script, env, &world{image: s.image})
	s.repo.out.problems(result.Problems)
	if result.Failed && result.Refused && s.fails.IsZero() {
		s.fails = result.FailedAt
	}
	for _, lost := range result.Lost {
		if s.fails.IsZero() && ofServer(lost.Name) {
			s.fails = lost.At
		}
	}
}

// ofServer reports whether a file configures nginx or PHP-FPM, by its name.
func ofServer(name string) bool {
	return strings.HasPrefix(name, "/etc/nginx/") || strings.HasPrefix(name, "/etc/php") && strings.Contains(name, "fpm") || strings.HasPrefix(name, "/usr/local/etc/php-fpm")
}

// copy follows COPY and ADD.
func (s *stage) copy(in *dockerfile.Instruction) {
	if len(in.Words) == 0 {
		return
	}
	last, known := s.expand(in.Words[len(in.Words)-1])
	if !known {
		s.files.Doubt("/", in.At, in.Keyword)
		return
	}
	to := s.resolve(last.String)
	into := strings.HasSuffix(last.String, "/") || last.String == "." || len(in.Words) > 2
	opts := s.options(in)
	for _, h := range in.Heredocs {
		name := to
		if into {
			name = path.Join(to, h.Name)
		}
		own := tree.Owner{Mode: 0o644, Known: true}
		if opts.Owner != nil {
			own.UID, own.GID, own.Known = opts.Owner.UID, opts.Owner.GID, opts.Owner.Known
		}
		body := h.Body
		if h.Expand {
			body, _ = dockerfile.ExpandBody(body, s.lookup)
		}
		s.files.Put(name, body, "", own)
	}
	from, ok := s.from(in)
	if !ok {
		s.files.Doubt(to, in.At, in.Keyword)
		return
	}
	for _, w := range in.Words[:len(in.Words)-1] {
		if in.Heredoc(w) != nil {
			continue
		}
		text, known := s.expand(w)
		switch {
		case !known:
			s.files.Doubt(to, in.At, in.Keyword)
		case in.Keyword == "ADD" && remote(text.String):
			s.files.Doubt(downloaded(text.String, to, into), in.At, in.Keyword)
		default:
			s.copyOne(in, from, text.String, to, into, opts)
		}
	}
}

func (s *stage) copyOne(in *dockerfile.Instruction, from *context, name, to string, into bool, opts tree.CopyOptions) {
	found := from.find(name)
	if len(found) == 0 && from.project {
		// What a checkout lacks is often made before the build.
		target := to
		if base := path.Base(path.Join("/", name)); base != "/" && (into || s.isDir(to)) && strings.Contains(base, ".") {
			target = path.Join(to, base)
		}
		s.files.Doubt(target, in.At, in.Keyword+" of what is not in the project")
	}
	for _, f := range found {
		if in.Keyword == "ADD" && archive(f) {
			s.files.Doubt(to, in.At, "ADD of an archive")
			continue
		}
		o := opts
		o.Skip, o.Into = from.skip(f), into
		info, err := from.tree.Stat(f)
		if err != nil {
			continue
		}
		target := to
		if info.Type != tree.Dir && (into || s.isDir(to)) {
			target = path.Join(to, path.Base(f))
			o.Into = false
		}
		s.files.Copy(target, from.tree, f, o)
		if from.project {
			s.repo.hold(f)
		}
		if from.image != nil {
			s.adopt(from.image, f, target)
		}
	}
}

func (s *stage) isDir(name string) bool {
	info, err := s.files.Now().Stat(name)
	return err == nil && info.Type == tree.Dir
}

// archive reports whether ADD unpacks a file (docs.docker.com/reference/dockerfile, ADD).
func archive(name string) bool {
	for _, end := range []string{".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// from returns what COPY copies from; ok is false if its files are not known.
func (s *stage) from(in *dockerfile.Instruction) (c *context, ok bool) {
	flag, set := in.Flag("from")
	if !set {
		return s.context, s.context != nil
	}
	name, missing := dockerfile.Expand(flag.Value.Text, s.lookup)
	if len(missing) > 0 {
		return nil, false
	}
	if c := s.named[name]; c != nil {
		return c, true
	}
	other := s.file.Stage(name)
	if other == nil || name == "" {
		m := s.repo.published(name, flag.Value.At)
		return &context{tree: m.files.Tree(), dir: "/", image: m}, m.unknown == ""
	}
	m := s.stage(other)
	return &context{tree: m.files.Tree(), dir: "/", image: m}, true
}

// options are the owner and the mode that COPY gives.
func (s *stage) options(in *dockerfile.Instruction) (o tree.CopyOptions) {
	own := tree.Owner{Known: true}
	if flag, ok := in.Flag("chown"); ok {
		if text, known := s.expand(flag.Value); known {
			own.UID, own.GID, own.Known = s.account(text.String)
		} else {
			own.Known = false
		}
	}
	o.Owner = &own
	if flag, ok := in.Flag("chmod"); ok {
		if n, err := strconv.ParseUint(flag.Value.Text, 8, 12); err == nil {
			mode := treeMode(n)
			o.Mode = &mode
		}
	}
	return o
}
