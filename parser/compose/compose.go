// Package compose reads Compose projects as Docker Compose does: files merged in
// order, include, extends, profiles and variables, every value with its place
// (Compose Specification; compose-go 2.16).
package compose

import (
	"sync"

	"github.com/wp502lint/wp502lint/source"
)

// Open reads a file of the project by its absolute path inside it, such as
// /docker-compose.yml. An error is a reason without the name; a missing file is
// fs.ErrNotExist.
type Open func(name string) (*source.File, error)

// Project is one deployment: what "docker compose up" starts.
type Project struct {
	// Name is the name of the project; "" if it is that of a directory outside the project.
	Name string
	// Dir is the base directory of relative paths: that of the first file.
	Dir string
	// V1 is set for the form without services:, which only docker-compose 1.x reads. Its
	// services are on the default bridge, without names.
	V1 bool
	// Partial is set if a part of the project could not be read: further services,
	// networks and volumes may exist.
	Partial bool
	// Services are those that start, as they are written; Inactive are those with a profile
	// that is not active.
	Services, Inactive []*Service
	Networks           map[string]*Network
	Volumes            map[string]*Volume
	Configs, Secrets   map[string]*FileObject
	// Merged are the names of the files that are merged, as the options -f of Compose have
	// them.
	Merged []string
	// Sample is the file in place of a missing .env; nil for none.
	Sample *source.File
	// Files are the files that were read: those of Merged, then env files and what they
	// include and extend.
	Files    []*source.File
	Problems []source.Problem

	bases map[base]bool // the services that others extend
	// beside are all projects of the repository by the files that they use; nil for one alone.
	beside map[string][]*Project
	once   sync.Once
	byName map[string]*Service
}

// Service returns a service that starts, nil for none.
func (p *Project) Service(name string) *Service {
	for _, s := range p.Services {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// Service is one service.
type Service struct {
	Name string
	At   source.Span // its key; with extends, that of the service that extends

	Image               Value
	Build               *Build   // nil: not set
	Command, Entrypoint *Command // nil: not set, the image's own applies
	Environment         Environment
	EnvFiles            []EnvFile
	Mounts              []Mount
	Configs, Secrets    []FileMount
	Tmpfs               []Value // PATH or PATH:OPTIONS
	// Networks is nil with NetworkMode, else it has at least "default".
	Networks      []Attachment
	NetworkMode   Value
	Links         []Link
	ExternalLinks []Link
	ContainerName Value
	Hostname      Value
	ExtraHosts    []Host
	Expose        []Value // PORT, FIRST-LAST, PORT/PROTOCOL
	Ports         []Port
	DependsOn     []Dependency
	// HasHealthcheck is set if a healthcheck is set here that is not disabled.
	HasHealthcheck bool
	User           Value
	Groups         []Value // group_add: names or numbers
	WorkingDir     Value
	Memory         int64 // the limit in bytes; 0: none
	MemoryAt       source.Span
	Restart        Value
	Profiles       []Value
	VolumesFrom    []Source
	Sysctls        Environment
	Terminal       bool // tty or stdin_open: a program that reads its standard input waits
	ReadOnly       bool
	Privileged     bool
	// Scale is the number of containers; 1 if it is not set.
	Scale int

	described bool          // has image or build, right or wrong
	declared  []declaration // in the order in which they are merged
}

// Build says how the image of a service is built.
type Build struct {
	At source.Span
	// Context is the directory, an absolute path in the project. With Remote it is the
	// URL of a repository; with Outside it is a path of the machine.
	Context         Value
	Remote, Outside bool
	Dockerfile      Value       // an absolute path in the project; zero with Inline
	Inline          source.Text // dockerfile_inline
	Target          Value
	Args            Environment
	// AdditionalContexts are absolute paths in the project, or as written what has
	// a scheme: docker-image://, service:, https://.
	AdditionalContexts map[string]Value
}

// Command is what replaces the command or the entrypoint of an image.
type Command struct {
	At   source.Span
	Exec []Value // the words; a string is split as a shell does, but no shell runs
	// Reset is set for [] and "", which clear that of the image.
	Reset bool
}

// Environment is a list of variables, each once.
type Environment struct {
	Names  []string // in the order in which they are written
	Values map[string]Value
	// Open is where an env file is named that was not read, as it is often not in a repository,
	// whether or not Compose requires it: further variables may be set, and those of Names have
	// another value. Zero for none.
	Open source.Span
}

// EnvFile is one entry of env_file. Its variables are in Environment.
type EnvFile struct {
	At      source.Span
	Path    Value // an absolute path in the project
	Outside bool
	Format  string // "" or raw
	// File is nil if it was not read, and its sample if it is missing. That is not a problem: what
	// holds passwords is often not in a repository.
	File *source.File

	sample bool
}

// Mount is one entry of volumes.
type Mount struct {
	At     source.Span
	Kind   string // bind, volume, tmpfs, npipe, image, cluster
	Source Value  // bind: an absolute path in the project; volume: its key, "" for an anonymous one
	// Outside is set for a bind mount of a path of the machine: absolute, ~, or above the
	// project. Source is then as it is written.
	Outside  bool
	Target   Value // cleaned
	ReadOnly bool
	Subpath  string // volume.subpath, image.subpath
	NoCopy   bool
}

// FileMount is one entry of configs or secrets of a service.
type FileMount struct {
	At     source.Span
	Source Value // the key of the FileObject
	Target Value // an absolute path in the container
	UID    string
	GID    string
	Mode   string // octal as written; "" for the default
}

// Attachment is one network of a service.
type Attachment struct {
	At      source.Span // zero for the default network that is not written
	Network string      // its key in Networks
	Aliases []Value
	IPv4    Value
	IPv6    Value
}

// Link is one entry of links or external_links.
type Link struct {
	At      source.Span
	Service string
	Alias   string // Service if none is written
}

// Source is one entry of volumes_from.
type Source struct {
	At        source.Span
	Service   string // or the name of a container
	Container bool   // container:NAME
	ReadOnly  bool
}

// Host is one entry of extra_hosts.
type Host struct {
	At      source.Span
	Name    string
	Address Value // an IP address or host-gateway
}

// Port is one entry of ports.
type Port struct {
	At                source.Span
	HostIP            string
	Published, Target Ports // Published is zero if the engine chooses
	Protocol          string
	Unknown           []string // the variables without value that it depends on
}

// Ports is a range of ports; First equals Last for a single one. The zero Ports is none.
type Ports struct{ First, Last int }

// Dependency is one service that another one waits for.
type Dependency struct {
	At      source.Span
	Service string
	// Condition is service_started, service_healthy or service_completed_successfully.
	Condition string
	Required  bool
	// By is the key that makes the dependency: depends_on, links, network_mode or
	// volumes_from.
	By string
}

// Network is one network of the project.
type Network struct {
	At       source.Span // zero for the default network that is not written
	Key      string
	Name     string // PROJECT_KEY unless it is set; "" if the name of the project is unknown
	External bool
	Internal bool
	Driver   string
	Default  bool
}

// Volume is one volume of the project.
type Volume struct {
	At       source.Span
	Name     string
	External bool
	Driver   string
	// Bind is the directory that driver_opts with o: bind mount, an absolute path in the
	// project; with Outside as it is written.
	Bind    Value
	Outside bool
}

// FileObject is one config or secret of the project.
type FileObject struct {
	At          source.Span
	Name        string
	External    bool
	File        Value       // an absolute path in the project
	Outside     bool        // File is a path of the machine
	Content     source.Text // content:, or the value of the variable Environment
	Environment string
	// Unknown are the variables without value that Content depends on.
	Unknown []string
}
