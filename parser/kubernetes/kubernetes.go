// Package kubernetes reads Kubernetes manifests and Kustomize files, every value with
// its place: what runs in a pod, which files its volumes bring, and which Services lead to it.
package kubernetes

import "github.com/wp502lint/wp502lint/source"

// Value is a text and its place.
type Value struct {
	Text string      // "" if it is not set
	At   source.Span // zero if it is not set
}

// Manifest is the objects of one file in the order in which they are written. Objects of
// other kinds are left out.
type Manifest struct {
	File *source.File
	Objects
	// Kustomization is set for a kustomization file.
	Kustomization *Kustomization
	Problems      []source.Problem
	Partial       bool        // a part of the file could not be read
	operations    []operation // of a JSON patch
}

// Objects are objects by kind.
type Objects struct {
	Pods       []*Pod
	Services   []*Service
	ConfigMaps []*ConfigMap
	Secrets    []*ConfigMap
}

// Pod is a pod, or an object that makes pods from a template: a Deployment, a CronJob.
type Pod struct {
	Kind      string // Pod, Deployment, StatefulSet …
	Name      string // of the object
	Namespace string // "" if it is not set: the one that the manifests are applied to
	At        source.Span
	Labels    map[string]string // of the pod, not of the object that makes it
	// Containers run together; Init run before them, one after the other.
	Containers, Init []*Container
	Volumes          []*Volume
	HostNetwork      bool   // it has the network of its node, where names are other ones
	DNSPolicy        string // "" is ClusterFirst
	Hostname         string
	Subdomain        string
	ServiceName      string // of a StatefulSet: the Service that gives its pods names
	HostAliases      []HostAlias
	// RunAsUser, RunAsGroup and FSGroup are numbers of accounts; nil if they are not set.
	RunAsUser, RunAsGroup, FSGroup *int64
	Groups                         []Value // supplementalGroups
	SharedProcesses                bool    // shareProcessNamespace
	Replicas                       int     // 1 if it is not set; 0: no pod runs
	ReplicasAt                     source.Span
	Restart                        string
	// Patched is the place of a Kustomize patch that changes the object and could not be
	// applied. Zero if there is none.
	Patched source.Span
}

// HostAlias is a line of the /etc/hosts of a pod.
type HostAlias struct {
	IP    string
	Names []Value
}

// Container is one container of a pod.
type Container struct {
	Name  string
	At    source.Span
	Image Value
	// Command is used instead of the image's entrypoint, and drops its command; Args are used
	// instead of the image's command. nil: not set.
	Command, Args []Value
	WorkingDir    Value
	Env           []EnvVar
	EnvFrom       []EnvFrom
	Mounts        []Mount
	Ports         []Port
	// MemoryLimit is in bytes; 0 if there is none.
	MemoryLimit   int64
	MemoryLimitAt source.Span
	// RunAsUser and RunAsGroup are those of the container or of its pod; nil if neither is set.
	RunAsUser, RunAsGroup *int64
	ReadOnlyRoot          bool // readOnlyRootFilesystem
	Readiness, Liveness   bool // whether there is such a probe
	PostStart             []Value
	// Sidecar is set for a container of Pod.Init that keeps running.
	Sidecar bool
}

// EnvVar is one variable of a container.
type EnvVar struct {
	Name  string
	At    source.Span // of the name
	Value Value       // $(NAME) in it is an earlier variable; see Expand
	// From is the key of a ConfigMap or Secret that has the value; nil for none.
	From *KeyRef
	// Field is the field of the pod, such as status.podIP, or the resource that has the value.
	Field string
}

// KeyRef is a reference to one key of a ConfigMap or a Secret, of which one name is set.
type KeyRef struct {
	ConfigMap, Secret string
	Key               string
	Optional          bool
	At                source.Span // of the name
}

// EnvFrom takes each key of a ConfigMap or a Secret as a variable.
type EnvFrom struct {
	Prefix            string // of the variables
	ConfigMap, Secret string // one of them is set
	Optional          bool
	At                source.Span // of the name
}

// Mount is a place in a container's file system where a volume is.
type Mount struct {
	Volume   string
	Path     string // absolute
	SubPath  Value  // of one file or folder of the volume; "" for all of it
	ReadOnly bool
	At       source.Span // of the path
}

// Port is a port that a container says it has. It opens nothing: a name for it is its only effect.
type Port struct {
	Name     string // "" for none
	Number   int
	Protocol string // TCP if it is not set
	At       source.Span
}

// Volume is one volume of a pod.
type Volume struct {
	Name string
	At   source.Span // of the name
	// Sources are what puts files into it: one for a volume of kind configMap or secret, any
	// number for a projected one.
	Sources  []Projection
	EmptyDir bool   // empty when the pod starts, and shared by its containers
	Claim    string // of a PersistentVolumeClaim: what is in it is unknown
	HostPath string // a folder of the node: what is in it is unknown
	Other    bool   // of another kind: what is in it is unknown
	Mode     *int64 // of its files; nil is 0644
}

// Projection is the files that a ConfigMap or a Secret puts into a volume.
type Projection struct {
	ConfigMap, Secret string // one of them is set
	Items             []Item // nil: each key as a file
	Optional          bool   // the pod starts without the object
	At                source.Span
}

// Item is a key that becomes a file.
type Item struct {
	Key, Path string // Path is relative to the volume
	Mode      *int64 // nil: that of the volume
	At        source.Span
}

// Service is a name for pods.
type Service struct {
	Name, Namespace string // Namespace is "" if it is not set
	At              source.Span
	Selector        map[string]string // labels of its pods; empty: somebody else says who answers
	Headless        bool              // its name has the addresses of the pods: their own ports are used
	Type            string            // ClusterIP if it is not set
	ExternalName    string            // a name outside the cluster that it is an alias of
	Ports           []ServicePort
	Patched         source.Span // see Pod.Patched
}

// ServicePort is one port of a Service.
type ServicePort struct {
	Name     string
	Port     int
	Target   Value  // a number, or the name of a port of the pods; "" is the number in Port
	Protocol string // TCP if it is not set
	At       source.Span
}

// ConfigMap is a ConfigMap or a Secret: texts by key.
type ConfigMap struct {
	Name, Namespace string // Namespace is "" if it is not set
	At              source.Span
	// Data are the values. A value as it is written has its place in the manifest line by
	// line; see source.Text.
	Data map[string]source.Text
	// Keys are where the keys are written.
	Keys    map[string]source.Span
	Patched source.Span // see Pod.Patched
}
