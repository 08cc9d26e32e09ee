package servers

import (
	"cmp"
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// Image is what is known about a container image that is not part of the project: its
// files as far as they matter to nginx, Apache and PHP-FPM, its accounts, and what it starts.
type Image struct {
	Ref Reference
	// Family is the repository that the row is about: "php", "nginx", "bitnami/nginx".
	Family string
	// Distribution is the ID of its os-release: debian, ubuntu, alpine, rocky, fedora.
	// "" if unknown.
	Distribution string
	// Release is the name of the release for Debian (bookworm), else its version (22.04,
	// 3.20). "" if unknown.
	Release string
	// PHP and Nginx are versions as far as the tag tells them, such as 8.3 or 1.27.1. ""
	// if unknown, or if the image does not contain the program (see Programs).
	PHP, Nginx string
	// Layout is the layout of PHP-FPM's files in the official images and in those that
	// are built on them.
	Layout PHPLayout

	// Accounts and Groups are those that matter; Files holds them as /etc/passwd and
	// /etc/group too.
	Accounts []Account
	Groups   []Group
	// Files and Links are below names that do not contain a link.
	Files []ImageFile
	Links []ImageLink
	// Complete are directories with all their entries in Files and Links: any other name
	// in them does not exist.
	Complete []string
	// Absent are names that do not exist, and nothing below them does.
	Absent []string
	// Uncertain are files whose text depends on when the image was built, which the
	// reference does not tell. Files has the newest text.
	Uncertain []string
	// Filled are files in which the entrypoint replaces ${NAME} by the environment before
	// the servers start. Env has a value for each.
	Filled []string

	// Entrypoint and Command are the image's own; Entry is what the entrypoint does.
	Entrypoint, Command []string
	Entry               EntryEffect
	// Programs are the nginx, Apache and PHP-FPM that the image contains.
	Programs []Program
	// NginxConf, ApacheConf and FPMConf are the main files of the servers that the default
	// command starts; "" for a server that it does not start.
	NginxConf, ApacheConf, FPMConf string
	// NginxPrefix is the directory that relative names of an nginx that is built from its
	// sources lead from, and NginxUser what its workers run as without a user line. "" for a
	// package.
	NginxPrefix, NginxUser string
	// Other names the program that the default command starts when it is another one, such
	// as "MySQL". "" otherwise, and for the images of distributions, which
	// start a shell.
	Other string

	// User is an account or a number; "" is root.
	User, WorkDir string
	// Volumes are the paths at which each container has an anonymous volume, which holds at
	// first what the image has there.
	Volumes []string
	Env     map[string]string
	// Exposed are TCP ports: where the default command listens.
	Exposed    []int
	StopSignal string // "" is SIGTERM
}

// ImageFile is a file or a directory of an image. Text is written for this table: it has
// the settings of the real file, and those that it comments out, without its prose.
type ImageFile struct {
	Name     string // absolute
	Text     string
	UID, GID uint32
	Mode     fs.FileMode // permission and sticky bits; 0 is 0644 for a file, 0755 for a directory
	Dir      bool
}

// ImageLink is a symbolic link.
type ImageLink struct{ Name, Target string }

// Program is an nginx, an Apache or a PHP-FPM that is installed.
type Program struct {
	Server Server
	Path   string // of the executable, or of a script of the image that starts it
	Conf   string // the main file that it reads without options
}

// EntryEffect is what the entrypoint of an image does before it starts its arguments.
type EntryEffect int

const (
	// EntryUnknown: it may change files and start anything.
	EntryUnknown EntryEffect = iota
	// EntryNone: there is no entrypoint, it only starts its arguments, or Files has a script of
	// what it does.
	EntryNone
	// EntryNginx: if the first argument is nginx or nginx-debug, it runs the scripts of
	// /docker-entrypoint.d by name. The image's own fill *.template files of
	// /etc/nginx/templates with the environment into /etc/nginx/conf.d
	// (NGINX_ENVSUBST_TEMPLATE_DIR, _TEMPLATE_SUFFIX, _OUTPUT_DIR and _FILTER change that),
	// and add listen [::]:80 to conf.d/default.conf if that is the stock file and writable.
	EntryNginx
	// EntryPHP: it puts the first word of Command before arguments that start with "-".
	EntryPHP
	// EntryApp: it prepares what the image is for, such as an application in the working
	// directory, then starts its arguments. It changes no file of nginx, Apache or
	// PHP-FPM, but for those in Filled.
	EntryApp
	// EntryS6: s6-overlay starts the services of the image, so NginxConf, ApacheConf and
	// FPMConf, and those of /etc/services.d and /etc/s6-overlay; arguments run beside them.
	EntryS6
	// EntrySupervisor: the argument supervisord starts NginxConf, ApacheConf and FPMConf;
	// another one runs in place of them.
	EntrySupervisor
)

// family is a row of the table: repositories with the same contents, and what is in the
// image that a reference names.
type family struct {
	names []string
	image func(imageTag) Image
	// variants is set if the tag decides which program the image is, so that a digest
	// alone tells nothing.
	variants bool
	// open is set if much is known of the image whatever its version is.
	open bool
}

// families returns all rows.
func families() []family {
	return slices.Concat(nginxFamilies, openrestyFamilies, apacheFamilies, phpFamilies, appFamilies(), bundleFamilies, builtFamilies, wodbyFamilies, publisherFamilies, baseFamilies, otherFamilies())
}

// rows finds a family by a familiar repository name.
var rows = sync.OnceValue(func() map[string]family {
	m := map[string]family{}
	for _, f := range families() {
		for _, name := range f.names {
			m[name] = f
		}
	}
	return m
})

// ImageOf returns what is known about the image that ref names; false for a repository
// that is not in the table, and for a digest without a tag where that tells too little. A
// Hole in the tag replaces a variable without value.
func ImageOf(ref string) (Image, bool) {
	r := ParseImage(ref)
	row, known := rows()[r.Repository]
	if !known {
		return Image{Ref: r}, false
	}
	t := parseTag(r)
	if row.variants && t.digest && t.latest {
		return Image{Ref: r, Family: row.names[0]}, false
	}
	if t.open() && (!row.open || row.variants && !slices.ContainsFunc(phpVariants, t.has)) {
		return Image{Ref: r, Family: row.names[0]}, false
	}
	m := row.image(t)
	m.Ref, m.Family = r, row.names[0]
	if len(m.Accounts) > 0 {
		m.Files = append(m.Files, accountFiles(m.Accounts, m.Groups)...)
	}
	return m, true
}

//go:embed images
var imageTexts embed.FS

// stock returns a text of the folder images with placeholders such as {user} filled in.
func stock(name string, pairs ...string) string {
	text, err := imageTexts.ReadFile("images/" + name)
	if err != nil {
		panic(err) // a name in this package
	}
	filled := string(text)
	for i := 0; i < len(pairs); i += 2 {
		filled = strings.ReplaceAll(filled, pairs[i], pairs[i+1])
	}
	return filled
}

// stockFiles returns the files in a text of the folder images that has several, below a
// directory. A line -- NAME -- precedes each.
func stockFiles(name, dir string) (files []ImageFile) {
	_, rest, _ := strings.Cut("\n"+stock(name), "\n-- ")
	for rest != "" {
		base, text, _ := strings.Cut(rest, " --\n")
		text, rest, _ = strings.Cut("\n"+text, "\n-- ")
		if text = strings.TrimPrefix(text, "\n"); rest != "" && text != "" {
			text += "\n"
		}
		files = append(files, file(path.Join(dir, base), text))
	}
	return files
}

// part returns the text of one file of those that stockFiles returns.
func part(name, base string) string {
	files := stockFiles(name, "")
	return files[slices.IndexFunc(files, func(f ImageFile) bool { return f.Name == base })].Text
}

// add puts further files into m.
func (m *Image) add(files ...ImageFile) { m.Files = append(m.Files, files...) }

// replace changes the text of a file of m.
func (m *Image) replace(name, text string) {
	i := slices.IndexFunc(m.Files, func(f ImageFile) bool { return f.Name == name })
	m.Files[i].Text = text
}

// remove removes files and directories from m.
func (m *Image) remove(names ...string) {
	m.Files = slices.DeleteFunc(m.Files, func(f ImageFile) bool { return slices.Contains(names, f.Name) })
}

// install adds what a package brings.
func (m *Image) install(p PackageFiles) {
	for _, f := range p.Files {
		if !f.Dir || !slices.ContainsFunc(m.Files, func(old ImageFile) bool { return old.Dir && old.Name == f.Name }) {
			m.add(f)
		}
	}
	m.Links = append(m.Links, p.Links...)
	m.Complete = append(m.Complete, p.Complete...)
	for _, a := range p.Accounts {
		if _, exists := accountOf(*m, a.Name); !exists {
			m.Accounts = append(m.Accounts, a)
		}
	}
	for _, g := range p.Groups {
		m.addGroup(g)
	}
	m.Programs = append(m.Programs, p.Programs...)
	m.PHP, m.Nginx = cmp.Or(p.PHP, m.PHP), cmp.Or(p.Nginx, m.Nginx)
	m.Absent = slices.DeleteFunc(m.Absent, func(name string) bool {
		return slices.ContainsFunc(p.Files, func(f ImageFile) bool { return f.Name == name }) || slices.ContainsFunc(p.Programs, func(q Program) bool { return q.Path == name })
	})
}

// own gives directories of m, and all below them, to an account.
func (m *Image) own(uid, gid uint32, dirs ...string) {
	for i := range m.Files {
		for _, dir := range dirs {
			if f := &m.Files[i]; strings.HasPrefix(f.Name+"/", dir+"/") {
				f.UID, f.GID = uid, gid
			}
		}
	}
}

// addEnv sets variables, given as name and value.
func (m *Image) addEnv(pairs ...string) {
	if m.Env == nil {
		m.Env = map[string]string{}
	}
	for i := 0; i < len(pairs); i += 2 {
		m.Env[pairs[i]] = pairs[i+1]
	}
}

// file returns a file of root that anyone may read.
func file(name, text string) ImageFile { return ImageFile{Name: name, Text: text} }

// dirs returns directories of root.
func dirs(names ...string) (all []ImageFile) {
	for _, name := range names {
		all = append(all, ImageFile{Name: name, Dir: true})
	}
	return all
}
