package upgrade

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// description is a Dockerfile or a Compose file whose version changes.
type description struct {
	*planner
	source.Input
	stages   []string // of a Dockerfile, by name
	packages []string // the names that change and have no folder
	first    source.Span
}

// moveDescription changes the version in a Dockerfile or a Compose file: of images, packages,
// programs and paths of PHP. Names that the project gives stay: of services, stages, variables
// and files.
func (p *planner) moveDescription(in source.Input) {
	d := &description{planner: p, Input: in}
	for _, m := range stage.FindAllStringSubmatch(in.File.Text, -1) {
		d.stages = append(d.stages, m[1])
	}
	for n := 1; n <= in.File.Lines(); n++ {
		line := in.File.Line(n)
		text := strings.TrimSuffix(line.Text(), "\r")
		if strings.HasPrefix(strings.TrimSpace(text), "#") {
			continue
		}
		packages := len(d.packages)
		now := d.moved(text)
		if now == text {
			continue
		}
		p.edit(line.Sub(0, len(text)), now)
		if len(d.packages) > packages {
			if d.first.IsZero() {
				d.first = line
			}
			continue
		}
		p.do(Step{Kind: Images, At: line, Text: fmt.Sprintf("%s becomes %s", command(text), command(now))})
		d.checkSuite(line, text, now)
	}
	if d.packages != nil {
		p.do(Step{Kind: Images, At: d.first, Text: d.renames()})
		p.tell(Step{Path: in.File.Name, Text: fmt.Sprintf("the distribution of the image has to have these packages of PHP %s", p.To)})
	}
}

// renames says which packages and programs get the new version.
func (d *description) renames() string {
	const most = 3
	names := slices.Compact(d.packages)
	text := fmt.Sprintf("%s becomes %s", names[0], renamed(names[0], d.From, d.To))
	switch more := len(names) - 1; {
	case more > most:
		text += fmt.Sprintf(", and so do %s and %d more", strings.Join(names[1:most], ", "), len(names)-most)
	case more > 0:
		text += ", and so do " + strings.Join(names[1:], ", ")
	}
	return text
}

// command is a line of a Dockerfile without what joins it to the next.
func command(line string) string {
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), "\\")), "&&"))
}

var (
	// image is the reference of an image of PHP: its name, and its tag up to the end of the version.
	image = lazyregexp.New(`((?:[\w.-]+/)*[\w.-]*php[\w.-]*:v?)(\d+\.\d+)(\.\d+)?`)
	// suite is a reference of an official image up to the release of its distribution.
	suite = lazyregexp.New(`((?:^|[\s"'=])(?:docker\.io/)?(?:library/)?php:\d+\.\d+(?:-[a-z]+)*-)(alpine\d+\.\d+|[a-z]+)\b`)
	// variable is a variable with the version of PHP, in every language that sets one.
	variable = lazyregexp.New(`((?i)\b[a-z_]*php[a-z_]*\s*[:=]\s*(?:\$\{[A-Z_]+:-)?["']?)(\d+\.\d+|\d\d)(\.\d+)?\b`)
	// word is what a line is made of.
	word = lazyregexp.New(`[^\s"'=,;()\[\]{}:|&<>]+`)
	// stage is the name of a stage of a Dockerfile.
	stage = lazyregexp.New(`(?mi)^\s*FROM\s.*\sAS\s+(\S+)`)
	// program is a line of a Compose file that says what a service is or starts.
	program = lazyregexp.New(`^\s*(?:image|command|entrypoint)\s*:`)
)

// moved returns one line with the new version.
func (d *description) moved(text string) string {
	now := d.movedVersion(image, text)
	if now != text {
		now = suite.ReplaceAllStringFunc(now, func(found string) string {
			m := suite.FindStringSubmatch(found)
			return m[1] + servers.PHPSuite(d.To, m[2])
		})
	}
	now = d.movedVersion(variable, now)
	d.installs = d.installs || now != text
	paths := d.Role == source.RoleCompose && !program.MatchString(text)
	return word.ReplaceAllStringFunc(now, func(w string) string {
		becomes := renamed(w, d.From, d.To)
		switch isPath := strings.Contains(w, "/"); {
		case becomes == w, d.given(w), paths && !isPath:
			return w
		case d.inProject(d.File, w) && !d.inProject(d.File, becomes):
			return w // the name of a file of the project, which keeps it
		case !isPath:
			d.installs = true
			if d.Role == source.RoleDockerfile {
				d.packages = append(d.packages, w)
			}
		}
		return becomes
	})
}

// given reports whether a word is the name of a variable or of a stage, or a digest.
func (d *description) given(w string) bool {
	name := strings.TrimPrefix(w, "$")
	return name != w || strings.ToUpper(name) == name || slices.Contains(d.stages, w) || strings.HasPrefix(w, "sha256")
}

// checkSuite says that the release of a distribution has changed too.
func (d *description) checkSuite(line source.Span, text, now string) {
	old, by := suite.FindStringSubmatch(text), suite.FindStringSubmatch(now)
	if old != nil && by != nil && old[2] != by[2] {
		d.tell(Step{At: line, Text: fmt.Sprintf("PHP %s has no image for %s; the packages that are installed may have other names in %s", d.To, old[2], by[2])})
	}
}

// moveStarts changes the commands of a project that would start the old PHP-FPM where the plan
// lets a container have the new one: in files of supervisors, and in scripts. It reports whether
// it changes one.
func (p *planner) moveStarts(after *engine.Result) (moves bool) {
	for _, s := range after.Stacks {
		if !lacks(s) {
			continue
		}
		if at, ok := editable(s.Container.NotInstalled); ok && p.drafts[at.File.Real] == nil {
			names := slices.DeleteFunc(word.FindAllString(at.Text(), -1), func(w string) bool { return renamed(w, p.From, p.To) == w })
			moves = p.moveNames(at.File, names) || moves
		}
	}
	return moves
}

// moveNames gives programs the new version wherever a file names them, and reports whether it does.
func (p *planner) moveNames(f *source.File, names []string) (moves bool) {
	for n := 1; n <= f.Lines(); n++ {
		line := f.Line(n)
		if comment(line.Text()) {
			continue
		}
		for _, i := range word.FindAllStringIndex(line.Text(), -1) {
			at := line.Sub(i[0], i[1])
			if old := at.Text(); slices.Contains(names, old) {
				now := renamed(old, p.From, p.To)
				p.edit(at, now)
				p.do(Step{Kind: Images, At: line, Text: fmt.Sprintf("%s becomes %s", path.Base(old), path.Base(now)), Why: "it starts PHP-FPM"})
				moves = true
			}
		}
	}
	return moves
}
